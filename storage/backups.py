"""Copies an SQLite database whole, also while it is written to, and puts such a copy in its place.

PostgreSQL has tools of its own for both, pg_dump and pg_restore.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL

from storage import restores, revisions
from storage.engine import make_engine, parse_url, sqlite_file
from storage.migrate import migrate
from storage.troubles import StorageError

Counts = Mapping[str, int]
"""How many rows each table has."""

# Ids that were given after the copy was made stand in buttons and keys all over Slack. None of
# them may come to mean another row, so new ones are given from well above what can have been.
_IDS_AHEAD = 1_000_000
_NUMBERS_AHEAD = 100
_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place; `aside` is where the database that was there is kept."""

    counts: Counts
    aside: Path | None


def back_up(url: str, target: Path) -> Counts:
    """Copies the database at `url`, as it is at one moment, to the new file `target`. Whoever
    writes to it meanwhile doesn't wait.

    The copy is checked before it gets its name: its pages, its references, and the number of rows.

    Raises StorageError: `target` is there already, or can't be written; the database isn't SQLite,
    isn't there, or is broken.
    """
    file = sqlite_file(parse_url(url))
    if file is None:
        raise StorageError(
            "This is how SQLite is backed up; for PostgreSQL there is pg_dump, which copies it"
            " while Copydesk runs as well"
        )
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    with _in_sentences(f"{file} can't be backed up to {target}"), _removed_in_the_end(unfinished):
        _check_is_new(target)
        if not file.is_file():
            raise StorageError(f"There is no database at {file} to back up")
        counts = _copy(file, unfinished)
        _check_is_new(target)
        os.rename(unfinished, target)
        _sync(target.parent)
    return counts


def restore(url: str, source: Path, now: datetime) -> Restored:
    """Puts a copy of the database `source` in the place of the one at `url`, which nobody may be
    using, and brings it to the present tables. `source` stays as it is, and what was there before
    stays beside it, under a name with the time `now`.

    Raises StorageError, with nothing changed: `source` isn't there, isn't a database of Copydesk's,
    is one of a newer version or is broken; the database at `url` isn't SQLite.
    """
    file = sqlite_file(parse_url(url))
    if file is None:
        raise StorageError("This is how SQLite is restored; for PostgreSQL there is pg_restore")
    coming = file.with_name(f"{file.name}.restoring")
    with _in_sentences(f"{source} can't be restored"), _removed_in_the_end(coming):
        if not source.is_file():
            raise StorageError(f"There is no file {source} to restore")
        if source.resolve() == file:
            raise StorageError(f"{source} is the database itself; name the backup to restore")
        _copy(source, coming)
        _check_is_ours(coming, source)
        migrate(_url(coming))
        _note_restore(coming, now)
        counts = _go_on(coming, _numbers(file))
        if file.exists():
            shutil.copymode(file, coming)
            _give_to_owner_of(file, coming)
        _sync(coming)
        aside = _put_aside(file, now)
        os.replace(coming, file)
        _sync(file.parent)
    return Restored(counts, aside)


def _copy(source: Path, target: Path) -> Counts:
    """Makes `target`, one file with nothing beside it, for its owner's eyes alone."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(_open(source)) as original, closing(_open(target)) as copy:
        original.execute("BEGIN")  # the count and the copy are of the same moment
        counts = _counts(original)
        original.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        _check(copy, source)
        if _counts(copy) != counts:
            raise StorageError(f"The copy of {source} has other rows than it")
    _sync(target)
    return counts


def _open(file: Path) -> sqlite3.Connection:
    """Opens a database that is there. What is closed well, as a backup is, is only read, and
    nothing is made beside it."""
    is_open = any(Path(f"{file}{beside}").exists() for beside in _BESIDE)
    is_new = file.stat().st_size == 0
    how = "mode=rw" if is_open or is_new else "mode=ro&immutable=1"
    return sqlite3.connect(f"{file.resolve().as_uri()}?{how}", uri=True, isolation_level=None)


def _counts(database: sqlite3.Connection) -> Counts:
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    names = [name for (name,) in database.execute(query)]
    return {n: database.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in names}


def _check(database: sqlite3.Connection, file: Path) -> None:
    found = [said for (said,) in database.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise StorageError(f"{file} is broken: {'; '.join(found)}")
    if database.execute("PRAGMA foreign_key_check").fetchall():
        raise StorageError(f"{file} is broken: it has rows that belong to none")


def _check_is_new(target: Path) -> None:
    if target.exists():
        raise StorageError(f"{target} is there already, and isn't overwritten: choose another name")


def _check_is_ours(file: Path, source: Path) -> None:
    with closing(_open(file)) as database:
        tables = _counts(database)
        if not {"alembic_version", "workspaces", "posts"} <= tables.keys():
            raise StorageError(f"{source} is not a database of Copydesk's")
        made_by = {revision for (revision,) in database.execute("SELECT * FROM alembic_version")}
    if not made_by <= set(revisions.KNOWN):
        raise StorageError(f"{source} was made by a newer Copydesk than this one: update it first")


def _numbers(file: Path) -> dict[str, int]:
    """The last post number of each workspace in the database that is replaced, if it can be
    read."""
    if not file.exists():
        return {}
    try:
        with closing(_open(file)) as database:
            query = "SELECT team_id, last_post_number FROM workspaces"
            return dict(database.execute(query).fetchall())
    except sqlite3.Error:
        return {}


def _note_restore(file: Path, now: datetime) -> None:
    engine = make_engine(parse_url(_url(file)))
    try:
        with engine.connect().execution_options(writes=True) as tx, tx.begin():
            restores.note(tx, now)
    finally:
        engine.dispose()


def _go_on(file: Path, used: Mapping[str, int]) -> Counts:
    """Prepares the copy for going on where others went on from it already: no id and no post
    number is given twice. (`storage.inserts` looks at user_version.)"""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        counts = _counts(database)
        ids = [
            database.execute(f'SELECT coalesce(max(id), 0) FROM "{name}"').fetchone()[0]
            for name in counts
            if "id" in {column[1] for column in database.execute(f'PRAGMA table_info("{name}")')}
        ]
        (given,) = database.execute("PRAGMA user_version").fetchone()
        database.execute(f"PRAGMA user_version = {max(given, *ids) + _IDS_AHEAD}")
        numbers = database.execute("SELECT team_id, last_post_number FROM workspaces").fetchall()
        for team_id, last in numbers:
            goes_on = max(last, used[team_id]) if team_id in used else last + _NUMBERS_AHEAD
            change = "UPDATE workspaces SET last_post_number = ? WHERE team_id = ?"
            database.execute(change, (goes_on, team_id))
    return counts


def _put_aside(file: Path, now: datetime) -> Path | None:
    """Copies the database, with what isn't written into its file yet, to another name; then
    nothing stands beside the file that would be taken for a part of the next one."""
    if not file.exists():
        return None
    aside = file.with_name(f"{file.stem}-before-restore-{now:%Y%m%dT%H%M%S%fZ}{file.suffix}")
    try:
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        pass  # it is broken, which may be why it is replaced; it is kept as it is
    for beside in ("", *_BESIDE):
        part = Path(f"{file}{beside}")
        if part.exists():
            shutil.copy2(part, f"{aside}{beside}")
            _give_to_owner_of(file, Path(f"{aside}{beside}"))
            _sync(Path(f"{aside}{beside}"))
    for beside in _BESIDE:
        Path(f"{file}{beside}").unlink(missing_ok=True)
    return aside


def _give_to_owner_of(file: Path, copy: Path) -> None:
    """What root restores is still its owner's, who else couldn't open it any more."""
    if os.geteuid() == 0:
        os.chown(copy, file.stat().st_uid, file.stat().st_gid)


def _url(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)


def _sync(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _removed_in_the_end(file: Path) -> Iterator[None]:
    for part in ("", *_BESIDE):
        Path(f"{file}{part}").unlink(missing_ok=True)  # of one that was killed
    try:
        yield
    finally:
        for part in ("", *_BESIDE):
            Path(f"{file}{part}").unlink(missing_ok=True)


@contextmanager
def _in_sentences(failed: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        said = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise StorageError(f"{failed}: {said}") from error
