"""Local wall time over every zone there is and every change of its clocks from 2024 to 2030."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest
from apscheduler.triggers.cron import CronTrigger

from rules.local_time import instant, known_zone, local, today

A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """The clocks of a place jump at a moment (UTC), by the difference of these offsets."""

    at: datetime
    before: timedelta
    after: timedelta


@cache
def changes() -> dict[str, tuple[Change, ...]]:
    """Every change in these years, by zone. No zone has two on one day."""
    return {zone: tuple(_changes(zone)) for zone in sorted(available_timezones())}


def _changes(zone: str) -> Iterator[Change]:
    place, day = ZoneInfo(zone), FIRST
    before = offset(day, place)
    while day < LAST:
        day += A_DAY
        after = offset(day, place)
        if after != before:
            yield Change(_moment(day, place, after), before, after)
            before = after


def _moment(day: datetime, place: ZoneInfo, after: timedelta) -> datetime:
    """The first second within the last 24 hours at which the new offset holds."""
    low, high = 0, 86_400
    while high - low > 1:
        middle = (low + high) // 2
        if offset(day - timedelta(seconds=middle), place) == after:
            low = middle
        else:
            high = middle
    return day - timedelta(seconds=low)


def offset(moment: datetime, place: ZoneInfo) -> timedelta:
    found = moment.astimezone(place).utcoffset()
    assert found is not None
    return found


def quarters_of_an_hour() -> list[time]:
    return [time(n // 4, n % 4 * 15) for n in range(96)]


def shown(moment: datetime, zone: str) -> datetime:
    """What the clocks on the wall show."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("Europe/Paris", date(2026, 8, 5), time(9), "2026-08-05 07:00"),
        ("Asia/Tokyo", date(2026, 8, 5), time(9), "2026-08-05 00:00"),
        ("UTC", date(2026, 8, 5), time(9), "2026-08-05 09:00"),
        # 2:00 to 3:00 is skipped on 29 March 2026: it becomes 3:00.
        ("Europe/Paris", date(2026, 3, 29), time(1, 59), "2026-03-29 00:59"),
        ("Europe/Paris", date(2026, 3, 29), time(2), "2026-03-29 01:00"),
        ("Europe/Paris", date(2026, 3, 29), time(2, 30), "2026-03-29 01:00"),
        ("Europe/Paris", date(2026, 3, 29), time(3), "2026-03-29 01:00"),
        # 2:00 to 3:00 comes twice on 25 October 2026: the first counts.
        ("Europe/Paris", date(2026, 10, 25), time(2, 30), "2026-10-25 00:30"),
        ("Europe/Paris", date(2026, 10, 25), time(3), "2026-10-25 02:00"),
        # Half an hour, on Lord Howe; a skipped midnight, in Beirut; a skipped day, in Samoa.
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-03 15:30"),
        ("Asia/Beirut", date(2026, 3, 29), time(0), "2026-03-28 22:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(9), "2011-12-30 10:00"),
    ],
)
def test_local_time_in_utc(zone: str, day: date, at: time, utc: str) -> None:
    assert f"{instant(day, at, zone):%Y-%m-%d %H:%M}" == utc


def test_what_a_moment_is_there() -> None:
    moment = datetime(2026, 8, 5, 22, 30, tzinfo=UTC)
    assert today(moment, "Europe/Paris") == date(2026, 8, 6)
    assert today(moment, "America/New_York") == date(2026, 8, 5)
    assert local(moment, "Asia/Tokyo").time() == time(7, 30)


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "Europe", "", "../UTC", None])
def test_a_zone_that_only_slack_knows_counts_as_utc(zone: str | None) -> None:
    assert known_zone(zone) == "UTC"
    assert known_zone("Europe/Paris") == "Europe/Paris"


def test_a_zone_that_is_not_known() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        instant(date(2026, 8, 5), time(9), "Europe/Nowhere")


def test_all_changes_are_looked_at() -> None:
    """A mistake in the search would make the tests below pass over nothing."""
    assert sum(map(len, changes().values())) > 2_000
    assert (
        Change(datetime(2026, 3, 29, 1, tzinfo=UTC), timedelta(hours=1), timedelta(hours=2))
        in (changes()["Europe/Paris"])
    )


def test_each_occurrence_comes_once_and_never_before_its_time() -> None:
    """On the day before each change, on the day itself and on the day after."""
    for zone, all_changes in changes().items():
        for change in all_changes:
            middle = (change.at + change.before).date()
            days = [middle - A_DAY, middle, middle + A_DAY]
            for at in quarters_of_an_hour():
                moments = [instant(day, at, zone) for day in days]
                for day, moment in zip(days, moments, strict=True):
                    check(zone, change, datetime.combine(day, at), moment)
                # Once a day: one for each of the three days, in their order.
                assert moments == sorted(set(moments)), (zone, days, at)


def check(zone: str, change: Change, wanted: datetime, moment: datetime) -> None:
    seen = shown(moment, zone)
    if seen != wanted:  # only where the clocks skip it, and then it is the moment of the change
        assert moment == change.at, (zone, wanted)
        assert seen - (change.after - change.before) <= wanted < seen, (zone, wanted)
    # Never before its time, and as soon as its time has come: nothing earlier shows as much.
    assert wanted <= seen, (zone, wanted)
    earlier = moment.astimezone(UTC) - abs(change.after - change.before)
    assert shown(earlier, zone) < wanted, (zone, wanted)


def test_compared_with_apscheduler() -> None:
    """Its CronTrigger gives the same moments, but for four things, all where clocks change:

    - A skipped time: it reads it by the offset before the change, so a job for 2:30 runs at 3:30.
      Ours runs at 3:00, the first moment that is there.
    - A skipped time where clocks jump at midnight: its job doesn't run on that day. Ours does.
    - A repeated time: its job runs twice. Ours runs once, the first time.
    - On the day after clocks went forward, its job for 0:30 doesn't run: on its way to midnight
      it adds in UTC what the clocks show as difference, and so comes to 1:00. Ours runs.

    (One zone of each kind of change is enough: the trigger knows nothing but the offsets.)
    """
    seen = set[str]()
    for zone, change in {c: (z, c) for z, all_of in changes().items() for c in all_of}.values():
        place = ZoneInfo(zone)
        day = (change.at + change.before).date()
        days = [day + n * A_DAY for n in range(-1, 3)]
        for hour in range(24):
            for minute in (0, 30):
                at = time(hour, minute)
                ours = {instant(each, at, zone) for each in days}
                theirs = set(runs(CronTrigger(hour=hour, minute=minute, timezone=place), days))
                for moment in ours ^ theirs:
                    seen.add(explained(change, day, at, moment, ours, theirs))
    assert seen == {
        "skipped time, too late",
        "skipped time, not at all",
        "repeated time, twice",
        "first hour of the day after, not at all",
    }


def runs(trigger: CronTrigger, days: list[date]) -> Iterator[datetime]:
    """When it fires on these days."""
    now = datetime.combine(days[0], time(), tzinfo=trigger.timezone)
    end = datetime.combine(days[-1], time(23, 59, 59), tzinfo=trigger.timezone)
    before = None
    while (now := trigger.get_next_fire_time(before, now)) and now <= end:
        before = now
        yield now.astimezone(UTC)


def explained(
    change: Change,
    day: date,
    at: time,
    moment: datetime,
    ours: set[datetime],
    theirs: set[datetime],
) -> str:
    """The name of the difference; fails where there is none for it."""
    jump = change.after - change.before
    read_by_the_old_offset = datetime.combine(day, at, tzinfo=UTC) - change.before
    if jump > timedelta() and moment in {change.at, read_by_the_old_offset}:
        at_midnight = (change.at + change.before).time() == time()
        assert at_midnight != (read_by_the_old_offset in theirs) or moment == change.at
        return "skipped time, not at all" if at_midnight else "skipped time, too late"
    if jump < timedelta() and moment in theirs:
        assert moment + jump in ours & theirs
        return "repeated time, twice"
    assert jump > timedelta(), (change, at, moment)
    assert moment in ours, (change, at, moment)
    next_midnight = datetime.combine(day + A_DAY, time(), tzinfo=UTC) - change.after
    assert next_midnight <= moment < next_midnight + jump, (change, at, moment)
    return "first hour of the day after, not at all"
