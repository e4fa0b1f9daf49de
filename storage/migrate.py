"""Brings a database to the present tables, with Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.engine import in_sentences, make_engine, parse_url
from storage.troubles import StorageError

SCRIPTS = Path(__file__).parent / "migrations"


def config(connection: sa.Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file; `connection` is where the scripts run."""
    settings = Config()
    settings.set_main_option("script_location", str(SCRIPTS))
    settings.attributes["connection"] = connection
    return settings


def revisions() -> set[str]:
    """The revisions that this version knows."""
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def migrate(url: str, revision: str = "head") -> None:
    """Runs the migrations up to `revision`, in one transaction.

    Raises StorageError when the database can't be used, was made by a newer version, or a foreign
    key would be left pointing nowhere; nothing is changed then.
    """
    engine = make_engine(parse_url(url), foreign_keys=False, patient=True)
    try:
        with (
            in_sentences(engine.url),
            engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            upgrade(connection, revision)
    finally:
        engine.dispose()


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """As `migrate`, in the transaction of a connection, whose foreign keys are off on SQLite."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in revisions():
        raise StorageError(
            "The database was made by a newer Copydesk than this one. Update Copydesk,"
            " or point DATABASE_URL to another database."
        )
    command.upgrade(config(connection), revision)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise StorageError(f"The migration would leave rows without parents: {broken[:3]}")


def is_current(url: str) -> bool:
    """Whether the database at `url` has the present tables.

    Raises StorageError when it can't be used.
    """
    engine = make_engine(parse_url(url))
    try:
        with in_sentences(engine.url), engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
        return revision == ScriptDirectory.from_config(config()).get_current_head()
    finally:
        engine.dispose()
