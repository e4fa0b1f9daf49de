"""The timer's tick: with little and with much that waits for its time, and after a long stop.

The drain is measured beside APScheduler's own job store in the same run: each of the ten thousand
things that fell due leaves one message in the database.
"""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import sqlalchemy as sa
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

import storage
from bench.report import Report
from operations import timetable
from rules.occurrences import Occurrence, OccurrenceKind, OccurrenceState
from storage import Store, messages, occurrences
from storage.messages import Kind
from storage.tables import messages as messages_table
from storage.tables import occurrences as table
from tests.newsroom import NOW, TEAM, Newsroom

WAITING = (1_000, 1_000_000)
DUE = 10_000
TICKS = 50
_ROWS_AT_ONCE = 10_000
# A thousand times more rows are two levels more of an index.
GROWS_AT_MOST = 5.0


def test_an_idle_tick_costs_as_much_with_many_rows_as_with_few(
    database_url: str, report: Report
) -> None:
    store = _opened(database_url)
    Newsroom(store).person("ann")
    times, first = [], 0
    for count in WAITING:
        _fill(store, first, count, NOW + timedelta(days=30))
        first = count
        times.append(median(_timed(store) for _ in range(TICKS)))
    few, many = times
    what = f"{store.engine.dialect.name}, {WAITING[1]:,} rows beside {WAITING[0]:,}: idle tick, ms"
    report.add(what, f"{many:.2f}", f"{few:.2f}", many / few, f"< {GROWS_AT_MOST:.0f}")
    store.close()
    assert many < GROWS_AT_MOST * max(few, 0.5)


def test_draining_beside_the_job_store(tmp_path: Path, report: Report) -> None:
    ours = _opened(f"sqlite:///{tmp_path / 'ours.db'}")
    Newsroom(ours).person("ann")
    _fill(ours, 0, DUE, NOW - timedelta(hours=3))
    begun = perf_counter()
    while timetable.run_due(ours, NOW, dict.fromkeys(OccurrenceKind, _tell)):
        pass
    mine = perf_counter() - begun
    assert _told(ours) == DUE
    theirs = _with_job_store(tmp_path)
    what = f"{DUE:,} due rows beside APScheduler's job store: s"
    report.add(what, f"{mine:.1f}", f"{theirs:.1f}", mine / theirs, "< 1")
    ours.close()
    assert mine < theirs


def _with_job_store(tmp_path: Path) -> float:
    """The seconds that the job store takes for the same."""
    store = _opened(f"sqlite:///{tmp_path / 'theirs.db'}")
    Newsroom(store).person("ann")
    _OPEN["theirs"] = store
    _LEFT.update(count=DUE)
    url = f"sqlite:///{tmp_path / 'jobs.db'}"
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url)},
        job_defaults={"misfire_grace_time": None},  # by default it drops what is a second late
    )
    scheduler.start(paused=True)
    for number in range(DUE):
        scheduler.add_job(_tell_one, "date", run_date=NOW, args=[number])
    begun = perf_counter()
    scheduler.resume()
    assert _DONE.wait(600)
    seconds = perf_counter() - begun
    scheduler.shutdown()
    store.close()
    return seconds


_OPEN: dict[str, Store] = {}
_LEFT: dict[str, int] = {}
_DONE = threading.Event()
_COUNTING = threading.Lock()


def _tell_one(number: int) -> None:
    """A job: it is stored by name, so that it finds its database here."""
    with _OPEN["theirs"].write() as tx:
        messages.add(tx, TEAM, f"due:{number}", Kind.HELP, NOW, person_id=1)
    with _COUNTING:
        _LEFT["count"] -= 1
        if not _LEFT["count"]:
            _DONE.set()


def _tell(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    for occurrence in due:
        messages.add(tx, TEAM, occurrence.key, Kind.HELP, now, person_id=occurrence.person_id)
    occurrences.done(tx, [occurrence.id for occurrence in due], now)


def _opened(url: str) -> Store:
    storage.migrate(url)
    return storage.open_store(url)


def _fill(store: Store, first: int, last: int, due_at: datetime) -> None:
    for start in range(first, last, _ROWS_AT_ONCE):
        rows = [
            {
                "team_id": TEAM,
                "key": f"due:{number}",
                "kind": OccurrenceKind.REMINDER,
                "person_id": 1,
                "due_at": due_at + timedelta(seconds=number % 3600),
                "state": OccurrenceState.WAITING,
                "data": {},
                "created_at": NOW,
            }
            for number in range(start, min(start + _ROWS_AT_ONCE, last))
        ]
        with store.write() as tx:
            tx.execute(table.insert(), rows)


def _timed(store: Store) -> float:
    begun = perf_counter()
    assert not timetable.run_due(store, NOW)
    return (perf_counter() - begun) * 1000


def _told(store: Store) -> int:
    with store.read() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(messages_table)).scalar_one()
