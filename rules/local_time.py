"""Local wall time: when "9:00 in Paris" is, on the days when clocks change too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


def instant(day: date, at: time, zone: str) -> datetime:
    """The moment, in UTC, at which the clocks of an IANA zone show `at` on that day.

    Where they skip it (a change to summer time), the first moment that is there. Where they show
    it twice, the first of the two.

    Raises ZoneInfoNotFoundError for a zone that isn't known.
    """
    place = ZoneInfo(zone)
    wanted = datetime.combine(day, at)
    moment = wanted.replace(tzinfo=place).astimezone(UTC)
    if _shown(moment, place) == wanted:
        return moment
    # Reading a skipped time by the offset before the change lands behind it, by the one after it
    # in front of it.
    before = wanted.replace(tzinfo=place, fold=1).astimezone(UTC)
    return _first_not_before(wanted, place, before, moment)


def local(now: datetime, zone: str) -> datetime:
    """A moment as the clocks of an IANA zone show it."""
    return now.astimezone(ZoneInfo(zone))


def today(now: datetime, zone: str) -> date:
    """Which day a moment belongs to in an IANA zone."""
    return local(now, zone).date()


def known_zone(zone: str | None) -> str:
    """The zone, where it is known here; else UTC. Slack may know newer ones."""
    return zone if zone and zone in _zones() else "UTC"


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _shown(moment: datetime, place: ZoneInfo) -> datetime:
    return moment.astimezone(place).replace(tzinfo=None)


def _first_not_before(
    wanted: datetime, place: ZoneInfo, before: datetime, after: datetime
) -> datetime:
    """The first second in (before, after] at which the clocks show `wanted` or more."""
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _shown(before + timedelta(seconds=middle), place) < wanted:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)
