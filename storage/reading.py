"""Opens a database to look at it only, also while somebody else works with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

import sqlalchemy as sa

from storage.engine import Store, in_sentences, open_store, parse_url, sqlite_file

# How many of SQLite's own instructions pass before its check asks whether it takes too long.
_INSTRUCTIONS = 100_000


def open_to_read(url: str) -> Store:
    """As `open_store`; nothing of an SQLite database can be changed by way of it, not even its
    settings, and none is made.

    Raises StorageError with a sentence when it can't be reached or used.
    """
    file = sqlite_file(parse_url(url))
    if file is None:
        return open_store(url)

    def connect() -> sqlite3.Connection:
        address = f"file:{quote(str(file))}?mode=ro"
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    engine = sa.create_engine(
        "sqlite+pysqlite://", creator=connect, poolclass=sa.NullPool, hide_parameters=True
    )
    with in_sentences(parse_url(url)), engine.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    return Store(engine)


def damage(store: Store, takes_too_long: Callable[[], bool]) -> list[str] | None:
    """What SQLite's own check finds wrong in the file: nothing, where all is well; None where that
    took too long."""
    with store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_progress_handler(takes_too_long, _INSTRUCTIONS)
        try:
            found = list(connection.exec_driver_sql("PRAGMA quick_check(20)").scalars())
        except sa.exc.OperationalError as error:
            if "interrupted" in str(error.orig):
                return None
            return [str(error.orig)]
        except sa.exc.DatabaseError as error:
            return [str(error.orig)]
    return [] if found == ["ok"] else [str(line) for line in found]


def server(store: Store) -> tuple[str, datetime]:
    """PostgreSQL's version, and what time it is there."""
    with store.read() as tx:
        version = tx.exec_driver_sql("SHOW server_version").scalar_one()
        now: datetime = tx.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return str(version), now
