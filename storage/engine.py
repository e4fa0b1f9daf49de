"""Two doors to the database: `read()` and `write()`, each one transaction."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, ExceptionContext, make_url

from storage.troubles import (
    StorageError,
    Trouble,
    Unavailable,
    first_line,
    in_trouble,
    is_silent,
    passing,
)

POOL_SIZE = 32

# Slack wants its answer within 3 s, so whoever waits for the database in a click must give up
# before that, and say so. On SQLite that is for the others of this process and for other programs
# together: who had to wait for the one has a quarter of it left for the other.
_CLICK_SECONDS = 2.0
_LEFT_AFTER_TURN = 0.25
_POOL_SECONDS = 0.9
_LOCK_SECONDS = 2
_PATIENT_SECONDS = 10
_CONNECT_SECONDS = 2
# A process that stands still, or whose machine is gone, must not hold the others up with what it
# has locked. Ours does nothing else inside a transaction that could take a second.
_IDLE_SECONDS = 10
_AGAIN_SECONDS = (0.1, 0.2, 0.4, 0.8)


class Store:
    """An open database. Safe to share between threads; made by `open_store`. On SQLite a writer
    waits for all others together for `seconds`, by default as long as a click can."""

    def __init__(self, engine: sa.Engine, seconds: float | None = None) -> None:
        self.engine = engine
        self._seconds = _CLICK_SECONDS if seconds is None else seconds
        on_sqlite = engine.dialect.name == "sqlite"
        # SQLite's every transaction does; PostgreSQL's sees what others commit meanwhile.
        self._reading: dict[str, Any] = (
            {} if on_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        # SQLite lets one writer in at a time; waiting on a lock of ours is orderly,
        # waiting on its own is a lottery (p99 38 ms against 482 ms with 32 writers).
        self._one_writer = threading.Lock() if on_sqlite else None

    @property
    def writes_one_by_one(self) -> bool:
        """Whether nobody writes while somebody else does."""
        return self._one_writer is not None

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that changes nothing, and sees one moment from beginning to end.

        Raises Unavailable where the database can't be used just now.
        """
        with in_trouble(), self._connected() as connection:
            reader = connection.execution_options(**self._reading)
            with reader.begin():
                yield reader

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that is committed at the end of the block, rolled back if it raises.

        Never call Slack inside: on SQLite everybody else waits.

        Raises Unavailable where the database can't be used just now.
        """
        with in_trouble(), self._turn() as seconds_left, self._connected() as connection:
            writer = connection.execution_options(writes=True, seconds=seconds_left)
            with writer.begin():
                yield writer

    def _connected(self) -> sa.Connection:
        """A connection; asked for again where the server sends us away, as it does while it is
        started anew. Nothing was done yet, so nothing can be done twice."""
        for seconds in _AGAIN_SECONDS:
            try:
                return self.engine.connect()
            except sa.exc.DBAPIError as error:
                if is_silent(error):
                    raise  # that took its time already
            time.sleep(seconds)
        return self.engine.connect()

    @contextmanager
    def _turn(self) -> Iterator[float]:
        """Waits until no other of this process writes; for how long it may wait on for others."""
        if self._one_writer is None:
            yield self._seconds
            return
        seconds_left = self._seconds
        if not self._one_writer.acquire(blocking=False):
            seconds_left *= _LEFT_AFTER_TURN
            if not self._one_writer.acquire(timeout=self._seconds - seconds_left):
                raise Unavailable(Trouble.LOCKED, "others of this process are writing")
        try:
            yield seconds_left
        finally:
            self._one_writer.release()

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()


def parse_url(text: str, setting: str = "DATABASE_URL") -> URL:
    """A SQLAlchemy URL from a `setting`, with the driver that this project uses.

    Raises StorageError for anything but SQLite and PostgreSQL.
    """
    try:
        url = make_url(text)
        # A password with an @ ends at it for SQLAlchemy: what is left of it would be asked for as a
        # host, and shown; with a colon, too, it would be a port that is no number (ValueError).
        usable = "@" not in (url.host or "")
    except (sa.exc.ArgumentError, ValueError):
        usable = False
    if not usable:
        raise StorageError(
            f"{setting} is not a database address. Use sqlite:///data/copydesk.db"
            " or postgresql://user:password@host/name; in a password, write @ as %40, : as %3A and"
            " / as %2F."
        )
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite":
        return url.set(drivername="sqlite+pysqlite")
    raise StorageError(f"{setting} names {kind}; Copydesk runs on SQLite and PostgreSQL.")


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database, by its one true name; None for PostgreSQL, and in memory."""
    in_memory = url.database in {None, "", ":memory:"} or url.query.get("mode") == "memory"
    if url.get_backend_name() != "sqlite" or in_memory:
        return None
    return Path(url.database or "").resolve()


def is_there(url: str) -> bool:
    """Whether the file of an SQLite database is there; of PostgreSQL, only using it can tell.

    Raises StorageError where it may not be seen.
    """
    parsed = parse_url(url)
    file = sqlite_file(parsed)
    with in_sentences(parsed):
        return file is None or file.is_file()


def make_engine(url: URL, *, foreign_keys: bool = True, patient: bool = False) -> sa.Engine:
    """The engine for a URL of `parse_url`. Migrations run with `foreign_keys` off, and, as all that
    no click waits for, `patient` with whoever else has the database.

    Of its connections the one used last is used next: it has the pages and statements at hand, and
    the others need not.
    """
    if url.get_backend_name() == "postgresql":
        return _postgresql(url, patient)
    if url.database:
        with in_sentences(url):
            file = Path(url.database)
            file.parent.mkdir(parents=True, exist_ok=True)
            if not url.query and not file.exists() and url.database != ":memory:":
                # Drafts and tokens are nobody else's; SQLite's files beside it follow its mode.
                file.touch(mode=0o600)
    seconds = _PATIENT_SECONDS if patient else _CLICK_SECONDS
    engine = sa.create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        poolclass=sa.QueuePool,
        pool_timeout=_POOL_SECONDS,
        pool_use_lifo=True,
        hide_parameters=True,  # an error in the log must not quote anybody's draft
        connect_args={"timeout": seconds},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver's own implicit BEGIN would come too late and too weak; see on_begin.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        left = options.get("seconds", seconds)
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={left * 1000:.0f}")
        cursor.close()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

    return engine


def _postgresql(url: URL, patient: bool) -> sa.Engine:
    engine = sa.create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=_POOL_SECONDS,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            # A server that vanished without a word is noticed after about ten seconds, not hours.
            "tcp_user_timeout": 5000,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
        },
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # Not by the connection's options, which poolers such as PgBouncer refuse.
        locked, idle = (_PATIENT_SECONDS, 0) if patient else (_LOCK_SECONDS, _IDLE_SECONDS)
        connection.execute(f"SET lock_timeout = '{locked}s'")
        connection.execute(f"SET idle_in_transaction_session_timeout = '{idle}s'")
        connection.commit()

    @event.listens_for(engine, "handle_error")
    def on_error(context: ExceptionContext) -> None:
        # Below its first line the server quotes the row or the key, which may be anybody's draft.
        error, wrapped = context.original_exception, context.sqlalchemy_exception
        if getattr(error, "sqlstate", None) is not None:
            whole, short = str(error), first_line(error)
            error.args = (short,)
            if wrapped is not None:
                wrapped.args = (str(wrapped.args[0]).replace(whole, short),)

    return engine


def open_store(url: str, *, patient: bool = False) -> Store:
    """Opens the database at `url`, and tries it; `patient` as `make_engine`.

    Raises StorageError with a sentence when it can't be reached or used; Unavailable, where that
    may pass by itself.
    """
    engine = make_engine(parse_url(url), patient=patient)
    try:
        with in_sentences(engine.url), engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except StorageError:
        engine.dispose()
        raise
    return Store(engine)


@contextmanager
def in_sentences(url: URL) -> Iterator[None]:
    """Turns what the database says into a StorageError, for whoever is at the terminal; into
    Unavailable, where that may pass by itself."""
    try:
        yield
    except (sa.exc.DBAPIError, OSError) as error:
        shown = url.render_as_string(hide_password=True)
        what = f"The database at {shown.replace('+psycopg', '').replace('+pysqlite', '')}"
        said = first_line(getattr(error, "orig", None) or error)
        trouble = passing(error) if isinstance(error, sa.exc.DBAPIError) else None
        if trouble is not None:
            raise Unavailable(trouble, said, what) from error
        raise StorageError(f"{what} can't be used: {said}") from error
