"""What keeps the database from being used for a while, told apart from a wrong query."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

import sqlalchemy as sa


class StorageError(Exception):
    """The database can't be used; the text is a sentence for the person who runs the bot."""


class Trouble(StrEnum):
    """LOCKED: somebody else has it, for longer than we wait. AWAY: its server doesn't answer, or
    sends us away. DISK: it can't be written to; it may be full."""

    LOCKED = "locked"
    AWAY = "away"
    DISK = "disk"


class Unavailable(StorageError):
    """The database can't be used just now. What was to be written isn't there, unless the answer to
    a commit was lost; it may be tried again."""

    def __init__(self, trouble: Trouble, said: object, what: str = "The database") -> None:
        super().__init__(f"{what} can't be used just now ({trouble}): {said}")
        self.trouble = trouble


@contextmanager
def in_trouble() -> Iterator[None]:
    """Raises Unavailable in place of the driver's errors that are none of the query's fault."""
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise Unavailable(Trouble.LOCKED, "all connections are in use") from error
    except sa.exc.DBAPIError as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        raise Unavailable(trouble, first_line(error.orig)) from error


def is_deadlock(error: sa.exc.DBAPIError) -> bool:
    """Whether PostgreSQL ended a transaction because others and it waited for each other: tried
    again, it goes through. https://www.postgresql.org/docs/current/explicit-locking.html
    """
    return getattr(error.orig, "sqlstate", None) == "40P01"


def is_held(error: sa.exc.DBAPIError) -> bool:
    """Whether somebody else has locked what was asked for, for longer than we wait (PostgreSQL)."""
    return getattr(error.orig, "sqlstate", None) == "55P03"


def is_silent(error: sa.exc.DBAPIError) -> bool:
    """Whether the server didn't answer at all within the time that connecting may take."""
    return type(error.orig).__name__ == "ConnectionTimeout"


# https://sqlite.org/rescode.html; the lowest byte is the kind, the others say more.
_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_FULL: Trouble.DISK,
    sqlite3.SQLITE_IOERR: Trouble.DISK,
    sqlite3.SQLITE_READONLY: Trouble.DISK,
    sqlite3.SQLITE_CANTOPEN: Trouble.DISK,
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html, by how a code begins: connections,
# shutting down or starting up, no resources, a server that only follows another one.
_POSTGRESQL = {
    "55P03": Trouble.LOCKED,
    "53100": Trouble.DISK,
    "58": Trouble.DISK,
    "53": Trouble.AWAY,
    "57P": Trouble.AWAY,
    "08": Trouble.AWAY,
    "25006": Trouble.AWAY,
    "25P03": Trouble.AWAY,  # for having stood still in the middle
}


def _trouble(error: sa.exc.DBAPIError) -> Trouble | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # it never came from the server: the connection failed or was cut
        broken = isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError)
        return Trouble.AWAY if broken or error.connection_invalidated else None
    return next((t for begins, t in _POSTGRESQL.items() if state.startswith(begins)), None)


# A connection that was not made has no code, only words: psycopg's; libpq's, which asks this of
# whatever did not let it in; and those of a server that speaks English, for its 57P03 and 53300.
_NOT_MADE = (
    "timeout expired",
    "failed to resolve host",
    "Is the server running",
    "server closed the connection",
    "Connection reset by peer",
    "the database system is",
    "too many ",
    "connection slots are reserved",
)


def passing(error: sa.exc.DBAPIError) -> Trouble | None:
    """What keeps a database from being opened and may pass by itself; None for what somebody has to
    put right: a password, a name, a file, a full disk."""
    trouble = _trouble(error)
    if trouble is Trouble.AWAY and not error.connection_invalidated:
        has_code = getattr(error.orig, "sqlstate", None) is not None
        is_known = has_code or any(words in str(error.orig) for words in _NOT_MADE)
        return trouble if is_known else None
    return None if trouble is Trouble.DISK else trouble


def first_line(error: BaseException | None) -> str:
    """What it says, without the hints below."""
    said = str(error).strip().splitlines()
    return said[0] if said else type(error).__name__
