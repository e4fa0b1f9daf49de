"""On which days a desk has a digest, when, and which posts it tells of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from rules.desks import Desk
from rules.local_time import instant
from rules.standups import Standup, takes_place
from rules.working_time import next_working_day

_DAY = timedelta(days=1)
_A_YEAR = 366
_LATE_AT_LEAST = timedelta(hours=2)


def days_after(desk: Desk, standup: Standup, after: date) -> Iterator[tuple[date, datetime]]:
    """The days later than `after` that have a digest, for a year, and when it is due (UTC)."""
    for days in range(1, _A_YEAR + 1):
        day = after + days * _DAY
        if takes_place(standup, desk.hours, day):
            yield day, instant(day, standup.digest_at, desk.time_zone)


def too_late(desk: Desk, day: date, due: datetime) -> datetime:
    """From when on (UTC) what was due on a day is not posted any more: the end of the working day;
    where that ends sooner, two hours after its time."""
    return max(instant(day, desk.work_to, desk.time_zone), due + _LATE_AT_LEAST)


def span(desk: Desk, day: date) -> tuple[datetime, datetime, datetime, date]:
    """When a day begins and ends (UTC), when the next working day ends, and which day that is:
    on a Friday the posts of the weekend and of Monday are coming."""
    until = next_working_day(desk.hours, day)
    days = (day, day + _DAY, until + _DAY)
    start, end, coming_end = (instant(each, time(), desk.time_zone) for each in days)
    return start, end, coming_end, until
