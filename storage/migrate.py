"""Brings a database to the present tables, with Alembic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import revisions
from storage.engine import in_sentences, make_engine, parse_url
from storage.troubles import StorageError

if TYPE_CHECKING:
    from alembic.config import Config


def config(connection: sa.Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file; `connection` is where the scripts run."""
    from alembic.config import Config  # see storage.revisions

    settings = Config()
    settings.set_main_option("script_location", str(revisions.SCRIPTS))
    settings.attributes["connection"] = connection
    return settings


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
    current = revisions.current(connection)
    if current is not None and current not in revisions.KNOWN:
        raise StorageError(
            "The database was made by a newer Copydesk than this one. Update Copydesk,"
            " or point DATABASE_URL to another database."
        )
    if current != revisions.NEWEST:
        from alembic import command  # see storage.revisions

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
            return revisions.current(connection) == revisions.NEWEST
    finally:
        engine.dispose()
