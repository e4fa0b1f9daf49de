"""Days, midnights and what is due, for tests of absences."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from operations import absences, reviews, timetable
from operations.absences import DaysOff
from rules.occurrences import Occurrence, OccurrenceKind
from rules.people import Person
from rules.refused import Refused
from storage import occurrences
from tests.newsroom import TEAM, Newsroom

TODAY = date(2026, 3, 2)  # a Monday, in Rome an hour ahead of UTC
FRIDAY = date(2026, 3, 6)
WEDNESDAY = date(2026, 3, 4)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


def midnight(day: date, hours_ahead: int = 1) -> datetime:
    """When a day begins in Rome in winter, or that many hours ahead of UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=hours_ahead)


def refusal(call: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value


def tick(team: Newsroom, now: datetime) -> None:
    """The clock shows `now`, and all that is due is done."""
    while timetable.run_due(team.store, now):
        pass


def due(team: Newsroom, who: Person) -> list[tuple[OccurrenceKind, datetime]]:
    with team.store.write() as tx:
        kinds = (OccurrenceKind.AWAY, OccurrenceKind.BACK)
        found = occurrences.waiting(tx, kinds, person_id=who.id)
    return [(each.kind, each.due_at) for each in found if "again" not in each.data]


def occurrence(team: Newsroom, key: str) -> Occurrence:
    with team.store.read() as tx:
        found = occurrences.by_key(tx, TEAM, key)
    assert found is not None
    return found


def queue(team: Newsroom, who: Person) -> list[int]:
    return [shown.post.id for shown in reviews.queue(team.store, who)]


def days_off(team: Newsroom, who: Person) -> DaysOff:
    return absences.days_off(team.store, who)
