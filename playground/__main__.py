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
from playground.people import PeopleError
from playground.saving import StateError
from playground.server import listen, serve

NOT_STARTED = 2


@click.command()
@click.option("--manifest", type=click.Path(path_type=Path), required=True, help="The app.")
@click.option("--port", default=3080, show_default=True, help="0 takes any free one.")
@click.option("--people", "people_file", type=click.Path(path_type=Path), default=people.DEFAULT)
@click.option("--state", type=click.Path(path_type=Path), help="Keeps the workspace in this file.")
def main(manifest: Path, port: int, people_file: Path, state: Path | None) -> None:
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
    )
    server.run(sockets=[listening])


def _give_up(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main()
