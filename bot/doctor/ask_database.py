"""Looks at the database for the doctor. Nothing is changed in it."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import storage
from bot.doctor.facts import DatabaseFacts, Tables, WorkFacts
from storage import Store, condition, occurrences, reading, revisions
from storage.engine import is_there, parse_url, sqlite_file

_CHECK_SECONDS = 10
_LATELY = timedelta(days=7)
_LAST = 100


def open_it(url: str) -> tuple[Store | None, str]:
    """The record, to be read; or why not."""
    try:
        return (reading.open_to_read(url), "") if is_there(url) else (None, "")
    except storage.StorageError as error:
        return None, str(error)


def look(url: str, store: Store | None, trouble: str) -> DatabaseFacts:
    """What there is to say of the database at `url`."""
    parsed = parse_url(url)
    file = sqlite_file(parsed)
    name = str(file) if file else "PostgreSQL"
    if store is None:
        facts = DatabaseFacts(file is not None, name, exists=bool(trouble), trouble=trouble)
        return facts if file is None or not trouble else replace(facts, **_room(file))
    check_until = time.monotonic() + _CHECK_SECONDS
    try:
        with store.read() as tx:
            tables = _tables(revisions.current(tx))
        if file is not None:
            return DatabaseFacts(
                True,
                name,
                tables=tables,
                damage=reading.damage(store, lambda: time.monotonic() > check_until),
                **_room(file),
            )
        version, its_now = reading.server(store)
        ahead = (datetime.now(UTC) - its_now).total_seconds()
        return DatabaseFacts(False, f"PostgreSQL {version}", tables=tables, clock_ahead=ahead)
    except (storage.StorageError, sa.exc.DBAPIError, OSError) as error:
        said = f"The database can't be read: {_first_line(error)}"
        return DatabaseFacts(file is not None, name, trouble=said)


def _room(file: Path) -> dict[str, Any]:
    """What the database takes of its disk, and what is left there, as far as it may be seen."""
    try:
        return {"size": file.stat().st_size, "free": shutil.disk_usage(file.parent).free}
    except OSError:
        return {}


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]


def _tables(found: str | None) -> Tables:
    if found == revisions.NEWEST:
        return Tables.CURRENT
    if found is None:
        return Tables.NONE
    return Tables.OLDER if found in revisions.KNOWN else Tables.NEWER


def work(store: Store, now: datetime) -> WorkFacts:
    """What waits at `now`, the calendar's time, and what went wrong in the week before it."""
    with store.read() as tx:
        return WorkFacts(
            now=now,
            real_now=datetime.now(UTC),
            overdue=occurrences.overdue(tx, now),
            unsent=next(iter(condition.unsent(tx, 1)), None),
            ended=condition.count_undelivered(tx, now - _LATELY),
            last=condition.undelivered(tx, now - _LATELY, _LAST),
        )
