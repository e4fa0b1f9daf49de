"""`python -m playground`: a local Slack workspace with the app of a manifest in it."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from playground import people, saving
from playground.core import (
    DEFAULT_APP_TOKEN,
    DEFAULT_BOT_TOKEN,
    DEFAULT_SIGNING_SECRET,
    Playground,
)
from playground.manifest import load
from playground.manifest_group import ManifestError
from playground.office import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Office, numbered
from playground.people import PeopleError
from playground.saving import StateError
from playground.server import listen, serve

NOT_STARTED = 2


@click.command()
@click.option("--manifest", type=click.Path(path_type=Path), required=True, help="The app.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=3080,
    show_default=True,
    help="0 takes any free one.",
)
@click.option("--people", "people_file", type=click.Path(path_type=Path), default=people.DEFAULT)
@click.option("--state", type=click.Path(path_type=Path), help="Keeps the workspace in this file.")
@click.option(
    "--workspaces",
    type=click.IntRange(1),
    default=1,
    help="With more than one, they install the app by OAuth.",
)
def main(manifest: Path, port: int, people_file: Path, state: Path | None, workspaces: int) -> None:
    """A local Slack workspace: people are played on its page, an app joins it as it joins Slack."""
    try:
        app = load(manifest)
        pg = Playground(
            app,
            people.load(people_file, app.bot_display_name or app.name),
            os.environ.get("PLAYGROUND_BOT_TOKEN") or DEFAULT_BOT_TOKEN,
            os.environ.get("PLAYGROUND_APP_TOKEN") or DEFAULT_APP_TOKEN,
            os.environ.get("PLAYGROUND_SIGNING_SECRET") or DEFAULT_SIGNING_SECRET,
        )
        if state and state.exists():
            saving.restore(pg, state)
        if state:
            saving.save(pg, state)
        office = _office(pg, people_file, workspaces) if workspaces > 1 else None
        listening = listen(port)
    except (ManifestError, PeopleError, StateError) as error:
        _give_up(str(error))
    except OSError as error:
        _give_up(f"Port {port} cannot be used: {error.strerror}. Choose another with --port.")
    server = serve(
        pg,
        listening,
        state,
        ready=lambda: print(f"Playground ready: {pg.base_url}", flush=True),
        office=office,
    )
    server.run(sockets=[listening])


def _office(first: Playground, people_file: Path, workspaces: int) -> Office:
    """Several workspaces with the same people, by the same ids; the app is in none of them yet."""
    client_id = os.environ.get("PLAYGROUND_CLIENT_ID") or DEFAULT_CLIENT_ID
    client_secret = os.environ.get("PLAYGROUND_CLIENT_SECRET") or DEFAULT_CLIENT_SECRET
    office = Office(first.app, client_id, client_secret)
    office.add(first)
    for number in range(2, workspaces + 1):
        app = first.app
        workspace = people.load(people_file, app.bot_display_name or app.name)
        secret = os.environ.get("PLAYGROUND_SIGNING_SECRET") or DEFAULT_SIGNING_SECRET
        office.add(Playground(app, numbered(workspace, number), signing_secret=secret))
    return office


def _give_up(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main()
