"""Two doors to the database: `read()` and `write()`, each one transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url

POOL_SIZE = 32
_CONNECT_SECONDS = 10


class StorageError(Exception):
    """The database can't be used; the text is a sentence for the person who runs the bot."""


def is_deadlock(error: sa.exc.DBAPIError) -> bool:
    """Whether PostgreSQL ended a transaction because others and it waited for each other: tried
    again, it goes through. https://www.postgresql.org/docs/current/explicit-locking.html
    """
    return getattr(error.orig, "sqlstate", None) == "40P01"


class Store:
    """An open database. Safe to share between threads; made by `open_store`."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        on_sqlite = engine.dialect.name == "sqlite"
        # SQLite's every transaction does; PostgreSQL's sees what others commit meanwhile.
        self._reading: dict[str, Any] = (
            {} if on_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        # SQLite lets one writer in at a time; waiting on a lock of ours is orderly,
        # waiting on its own is a lottery (p99 38 ms against 482 ms with 32 writers).
        self._one_writer = threading.Lock() if on_sqlite else nullcontext()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that changes nothing, and sees one moment from beginning to end."""
        with self.engine.connect() as connection:
            reader = connection.execution_options(**self._reading)
            with reader.begin():
                yield reader

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that is committed at the end of the block, rolled back if it raises.

        Never call Slack inside: on SQLite everybody else waits.
        """
        with self._one_writer, self.engine.connect() as connection:
            writer = connection.execution_options(writes=True)
            with writer.begin():
                yield writer

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()


def parse_url(text: str) -> URL:
    """A SQLAlchemy URL from `DATABASE_URL`, with the driver that this project uses.

    Raises StorageError for anything but SQLite and PostgreSQL.
    """
    try:
        url = make_url(text)
    except sa.exc.ArgumentError:
        raise StorageError(
            "DATABASE_URL is not a database address. Use sqlite:///data/copydesk.db"
            " or postgresql://user:password@host/name."
        ) from None
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite":
        return url.set(drivername="sqlite+pysqlite")
    raise StorageError(f"DATABASE_URL names {kind}; Copydesk runs on SQLite and PostgreSQL.")


def make_engine(url: URL, *, foreign_keys: bool = True) -> sa.Engine:
    """The engine for a URL of `parse_url`. Migrations run with `foreign_keys` off."""
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(
            url,
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_pre_ping=True,
            pool_timeout=10,
            hide_parameters=True,  # an error in the log must not quote anybody's draft
            connect_args={"connect_timeout": _CONNECT_SECONDS},
        )
    if url.database:
        with in_sentences(url):
            file = Path(url.database)
            file.parent.mkdir(parents=True, exist_ok=True)
            if not url.query and not file.exists() and url.database != ":memory:":
                # Drafts and tokens are nobody else's; SQLite's files beside it follow its mode.
                file.touch(mode=0o600)
    engine = sa.create_engine(
        url, pool_size=POOL_SIZE, max_overflow=0, poolclass=sa.QueuePool, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver's own implicit BEGIN would come too late and too weak; see on_begin.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA busy_timeout=5000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def open_store(url: str) -> Store:
    """Opens the database at `url`, and tries it.

    Raises StorageError with a sentence when it can't be reached or used.
    """
    engine = make_engine(parse_url(url))
    try:
        with in_sentences(engine.url), engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except StorageError:
        engine.dispose()
        raise
    return Store(engine)


@contextmanager
def in_sentences(url: URL) -> Iterator[None]:
    """Turns what the database says into a StorageError, for whoever is at the terminal."""
    try:
        yield
    except (sa.exc.DBAPIError, OSError) as error:
        raise StorageError(_sentence(url, error)) from error


def _sentence(url: URL, error: Exception) -> str:
    shown = (
        url.render_as_string(hide_password=True).replace("+psycopg", "").replace("+pysqlite", "")
    )
    cause = str(getattr(error, "orig", error)).strip().splitlines()
    return f"The database at {shown} can't be used: {cause[0] if cause else type(error).__name__}"
