"""Who may have an SQLite database to itself: one process at a time, for as long as it lives."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.engine import parse_url, sqlite_file
from storage.troubles import StorageError

_SUFFIX = ".lock"


class Taken(StorageError):
    """Another process has the database."""


@contextmanager
def alone(url: str, what: str) -> Iterator[None]:
    """Keeps every other process that asks for it away from the SQLite database at `url`; `what` is
    what is done meanwhile, for the sentence that the other one gets. PostgreSQL is for several.

    The lock is the operating system's, on a file beside the database: it is gone with the process,
    however that ended, and the file that stays behind means nothing. Readers such as a backup
    don't ask for it. (flock, because fcntl's own locks go with the first file that is closed.)

    Raises:
        Taken: another process has it.
        StorageError: the file can't be made there.
    """
    file = sqlite_file(parse_url(url))
    if file is None:
        yield
        return
    path = Path(f"{file}{_SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise StorageError(
            f"The file {path}, which keeps a second Copydesk away, can't be used: {error.strerror}"
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Taken(_sentence(file, os.pread(descriptor, 1000, 0))) from None
        with suppress(OSError):  # of a full disk; who has the lock doesn't depend on it
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {what}".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _sentence(file: Path, written: bytes) -> str:
    pid, _, what = written.decode("utf-8", "replace").partition(" ")
    who = f"{what} (process {pid})" if what else "another process"
    return (
        f"{who} is using the database {file} already, and SQLite is for one process: stop that one"
        " first, set DATABASE_URL to another file, or use PostgreSQL for several processes."
    )
