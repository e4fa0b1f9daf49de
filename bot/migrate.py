"""`python -m bot migrate`."""

import click

import storage
from bot.settings import Settings, prepare_folders
from bot.terminal import do


@click.command()
def migrate() -> None:
    """Brings the database's tables to those of this version.

    On SQLite it happens at each start; PostgreSQL, which several processes may share, waits for
    this command.
    """
    do(_migrate)


def _migrate(settings: Settings) -> None:
    prepare_folders(settings)
    url = settings.database_url.reveal()
    with storage.alone(url, "python -m bot migrate"):
        storage.migrate(url)
    click.echo("The database is ready.")
