"""`python -m bot backup`, `restore`, `export` and `copy-to`: what keeps the record safe."""

from pathlib import Path

import click

import storage
from bot.clock import utc_now
from bot.settings import Settings, prepare_folders
from bot.terminal import do

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
