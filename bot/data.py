"""`python -m bot backup`, `restore`, `export` and `copy-to`: what keeps the record safe."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import click

import storage
from bot.clock import utc_now
from bot.errors import CannotStart
from bot.settings import Settings, prepare_folders
from bot.terminal import do
from handlers.exports import files
from operations import exports
from rules.desks import Desk

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Copies the SQLite database to FILE, also while Copydesk runs.

    FILE must not be there yet. For PostgreSQL, use pg_dump.
    """

    def work(settings: Settings) -> None:
        counts = storage.back_up(settings.database_url.reveal(), file)
        click.echo(f"The backup {file} is made, and checked: {_said(counts)}.")

    do(work)


@click.command()
@click.argument("file", type=_FILE)
def restore(file: Path) -> None:
    """Puts the backup FILE in the place of the SQLite database.

    Copydesk must be stopped. What was there before is kept beside it, under another name.
    """

    def work(settings: Settings) -> None:
        prepare_folders(settings)
        url = settings.database_url.reveal()
        with storage.alone(url, "python -m bot restore"):
            restored = storage.restore(url, file, utc_now())
        click.echo(f"{file} is restored: {_said(restored.counts)}.")
        if restored.aside is not None:
            click.echo(f"What was there before is kept as {restored.aside}.")

    do(work)


@click.command()
@click.argument("channel_id")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
@click.option("--to", type=_FILE, help="A new file to write to; without it, it is printed.")
@click.option("--team", help="Whose desk, where several workspaces share the channel: T...")
def export(channel_id: str, form: str, to: Path | None, team: str | None) -> None:
    """Writes all posts of the desk in a channel, with their versions, decisions and history.

    CHANNEL_ID is the C... of the channel: in Slack, open its details; it is at the bottom. Also
    while Copydesk runs.
    """

    def work(settings: Settings) -> None:
        store = _opened(settings)
        try:
            desk = _desk(store, channel_id, team)
            with _new_file(to) as out:
                if form == "json":
                    files.write_json(out, desk, exports.posts_of(store, desk), utc_now())
                else:
                    files.write_csv(out, desk, exports.posts_of(store, desk))
        finally:
            store.close()

    do(work)


def _opened(settings: Settings) -> storage.Store:
    """The database that Copydesk works with, which is there, and has the present tables."""
    url = settings.database_url.reveal()
    if not storage.is_there(url):
        raise CannotStart(
            "There is no database yet: start Copydesk once, or set DATABASE_URL to that which it"
            " works with."
        )
    if not storage.is_current(url):
        raise CannotStart(
            "The database's tables are not those of this version of Copydesk: start it once, or run"
            " `python -m bot migrate`."
        )
    # Whoever reads what is printed, in a pager for one, may do so slowly.
    return storage.open_store(url, patient=True)


def _desk(store: storage.Store, channel_id: str, team: str | None) -> Desk:
    found = exports.desks_of(store, channel_id)
    chosen = [desk for desk in found if team in (None, desk.team_id)]
    if not chosen:
        raise CannotStart(
            f"No desk was set up in a channel {channel_id}: give the id of its channel, which"
            " begins with C."
        )
    if len(chosen) > 1:
        teams = ", ".join(desk.team_id for desk in chosen)
        raise CannotStart(f"Several workspaces share {channel_id}: add --team, one of {teams}.")
    return chosen[0]


@contextmanager
def _new_file(path: Path | None) -> Iterator[TextIO]:
    """A file for its owner's eyes alone, which is there when it is whole; or what is printed."""
    if path is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        try:
            yield sys.stdout
            sys.stdout.flush()
        except BrokenPipeError:
            raise  # whoever reads it has seen enough
        except OSError as error:
            raise CannotStart(f"What is printed can't be written: {error.strerror}.") from error
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.exists():
            raise CannotStart(
                f"{path} is there already, and isn't overwritten: choose another name."
            )
        opened = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with open(opened, "w", encoding="utf-8", newline="") as out:
            yield out
        os.rename(unfinished, path)
    except OSError as error:
        raise CannotStart(f"{path} can't be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


@click.command("copy-to")
@click.argument("url")
def copy_to(url: str) -> None:
    """Copies the SQLite database to an empty PostgreSQL, postgresql://user:password@host/database.

    Copydesk must be stopped. What arrived is compared with what was sent, table by table; the
    SQLite database stays as it is.
    """

    def work(settings: Settings) -> None:
        source = settings.database_url.reveal()
        with storage.alone(source, "python -m bot copy-to"):
            counts = storage.copy(source, url)
        for table, number in counts.items():
            click.echo(f"{table}: {number}")
        click.echo(
            "All of it is there, and is the same. Set DATABASE_URL to that address, and start"
            " Copydesk; the SQLite database stays where it is, and isn't used any more."
        )

    do(work)


def _said(counts: storage.Counts) -> str:
    rows = sum(counts.values())
    return f"{counts['desks']} desks, {counts['posts']} posts, {rows} rows in all"
