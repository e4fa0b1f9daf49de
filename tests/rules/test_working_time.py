"""A desk's hours, with weekends, public holidays and changes of the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import working_time
from rules.desks import MONDAY_TO_FRIDAY, Weekday
from rules.local_time import instant
from rules.working_time import Hours

PARIS = Hours("Europe/Paris", MONDAY_TO_FRIDAY, time(9), time(18), country="FR")
MUNICH = replace(PARIS, zone="Europe/Berlin", country="DE", region="BY")
NEVER = replace(PARIS, days=())
HOUR = timedelta(hours=1)


def paris(text: str) -> datetime:
    """A moment by the clocks of Paris: "fri 7 aug 2026" is "2026-08-07 16:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 7, 14), "National Day"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 8, 5), None),
    ],
)
def test_the_holidays_of_a_country(day: date, name: str | None) -> None:
    assert working_time.holiday(PARIS, day) == name
    assert working_time.is_working_day(PARIS, day) == (name is None)


def test_the_holidays_of_a_region() -> None:
    epiphany = date(2026, 1, 6)
    assert working_time.holiday(MUNICH, epiphany) == "Epiphany"
    assert working_time.holiday(replace(MUNICH, region=None), epiphany) is None


@pytest.mark.parametrize(("country", "region"), [(None, None), ("ZZ", None), ("FR", "Atlantis")])
def test_a_place_without_known_holidays_has_none(country: str | None, region: str | None) -> None:
    hours = replace(PARIS, country=country, region=region)
    assert working_time.holiday(hours, date(2026, 12, 25)) is None


@pytest.mark.parametrize(
    ("after", "day"),
    [
        (date(2026, 8, 5), date(2026, 8, 6)),
        (date(2026, 8, 7), date(2026, 8, 10)),
        (date(2026, 12, 24), date(2026, 12, 28)),  # Christmas, then a weekend
    ],
)
def test_the_next_working_day(after: date, day: date) -> None:
    assert working_time.next_working_day(PARIS, after) == day


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-08-05 09:00", "2026-08-05 09:00"),
        ("2026-08-05 17:59", "2026-08-05 17:59"),
        ("2026-08-05 08:59", "2026-08-05 09:00"),
        ("2026-08-05 18:00", "2026-08-06 09:00"),
        ("2026-08-07 18:00", "2026-08-10 09:00"),
        ("2026-07-14 12:00", "2026-07-15 09:00"),
    ],
)
def test_when_it_is_open(now: str, opens: str) -> None:
    assert working_time.next_open(PARIS, paris(now)) == paris(opens)
    assert working_time.is_open(PARIS, paris(now)) == (now == opens)


@pytest.mark.parametrize(
    ("moment", "worked", "before"),
    [
        ("2026-08-05 15:00", 2 * HOUR, "2026-08-05 13:00"),
        ("2026-08-05 10:00", 2 * HOUR, "2026-08-04 17:00"),
        ("2026-08-10 10:00", 2 * HOUR, "2026-08-07 17:00"),  # over a weekend
        ("2026-07-15 09:30", HOUR, "2026-07-13 17:30"),  # over the 14th of July
        ("2026-08-08 12:00", HOUR, "2026-08-07 17:00"),  # a deadline on a Saturday
        ("2026-08-05 22:00", HOUR, "2026-08-05 17:00"),  # a deadline in the evening
        ("2026-08-10 11:00", 2 * HOUR, "2026-08-10 09:00"),  # not Friday 18:00: the latest
        ("2026-08-05 22:00", timedelta(), "2026-08-05 22:00"),
        ("2026-08-17 09:00", 90 * HOUR, "2026-08-03 09:00"),  # two weeks
    ],
)
def test_some_hours_before(moment: str, worked: timedelta, before: str) -> None:
    assert working_time.hours_before(PARIS, paris(moment), worked) == paris(before)


@pytest.mark.parametrize(
    ("moment", "worked", "after"),
    [
        ("2026-08-05 15:00", 2 * HOUR, "2026-08-05 17:00"),
        ("2026-08-05 17:00", 2 * HOUR, "2026-08-06 10:00"),
        ("2026-08-07 17:00", 2 * HOUR, "2026-08-10 10:00"),
        ("2026-08-08 12:00", HOUR, "2026-08-10 10:00"),
        ("2026-08-07 16:00", 2 * HOUR, "2026-08-07 18:00"),  # not Monday 9:00: the earliest
        ("2026-08-08 12:00", timedelta(), "2026-08-08 12:00"),
    ],
)
def test_some_hours_later(moment: str, worked: timedelta, after: str) -> None:
    assert working_time.add(PARIS, paris(moment), worked) == paris(after)


@pytest.mark.parametrize(
    ("a", "b", "worked"),
    [
        ("2026-08-05 15:00", "2026-08-05 16:30", 1.5 * HOUR),
        ("2026-08-07 17:00", "2026-08-10 10:00", 2 * HOUR),
        ("2026-08-08 12:00", "2026-08-09 12:00", timedelta()),
        ("2026-08-05 16:00", "2026-08-05 15:00", timedelta()),
        ("2026-08-03 00:00", "2026-08-10 00:00", 45 * HOUR),
    ],
)
def test_the_working_time_in_between(a: str, b: str, worked: timedelta) -> None:
    assert working_time.worked_between(PARIS, paris(a), paris(b)) == worked


@pytest.mark.parametrize(
    ("moment", "n", "before", "after"),
    [
        ("2026-08-05 15:00", 1, "2026-08-04 15:00", "2026-08-06 15:00"),
        ("2026-08-10 15:00", 1, "2026-08-07 15:00", "2026-08-11 15:00"),
        ("2026-08-10 15:00", 3, "2026-08-05 15:00", "2026-08-13 15:00"),
        ("2026-07-15 15:00", 1, "2026-07-13 15:00", "2026-07-16 15:00"),
        ("2026-08-08 12:00", 1, "2026-08-07 12:00", "2026-08-10 12:00"),
        ("2026-08-05 21:00", 1, "2026-08-04 18:00", "2026-08-06 18:00"),
        ("2026-08-05 06:00", 1, "2026-08-04 09:00", "2026-08-06 09:00"),
        # The same time by the clocks, which change in between.
        ("2026-03-30 15:00", 1, "2026-03-27 15:00", "2026-03-31 15:00"),
    ],
)
def test_working_days_before_and_after(moment: str, n: int, before: str, after: str) -> None:
    assert working_time.working_days_before(PARIS, paris(moment), n) == paris(before)
    assert working_time.working_days_after(PARIS, paris(moment), n) == paris(after)


def test_hours_that_clocks_skip_are_no_working_time() -> None:
    """From 1:00 to 4:00 is two hours in the night in which the clocks go forward."""
    night = replace(PARIS, days=tuple(Weekday), start=time(1), end=time(4), country=None)
    a, b = paris("2026-03-29 00:00"), paris("2026-03-30 00:00")
    assert working_time.worked_between(night, a, b) == 2 * HOUR
    skipped = replace(night, start=time(2), end=time(3))
    assert working_time.next_open(skipped, a) == paris("2026-03-30 02:00")


def test_a_desk_that_never_works_is_open_at_all_times() -> None:
    """Nothing that waits for its hours may wait for ever."""
    now = paris("2026-08-08 22:00")
    assert working_time.is_open(NEVER, now)
    assert working_time.hours_before(NEVER, now, 5 * HOUR) == now - 5 * HOUR
    assert working_time.add(NEVER, now, 5 * HOUR) == now + 5 * HOUR
    assert working_time.worked_between(NEVER, now, now + 5 * HOUR) == 5 * HOUR
    assert working_time.next_working_day(NEVER, date(2026, 8, 8)) == date(2026, 8, 9)
    assert working_time.working_days_before(NEVER, now, 2) == paris("2026-08-06 18:00")


def test_hours_that_end_before_they_start() -> None:
    with pytest.raises(ValueError, match="from 18:00"):
        replace(PARIS, start=time(18), end=time(9))


@st.composite
def some_hours(draw: st.DrawFn) -> Hours:
    start = draw(st.integers(0, 22 * 4))
    end = draw(st.integers(start + 1, 23 * 4))
    return Hours(
        zone=draw(st.sampled_from(sorted(available_timezones()))),
        days=tuple(draw(st.sets(st.sampled_from(Weekday), min_size=1))),
        start=time(start // 4, start % 4 * 15),
        end=time(end // 4, end % 4 * 15),
        country=draw(st.sampled_from([None, "FR", "US", "JP", "SE"])),
    )


FIRST = datetime(2024, 1, 1, tzinfo=UTC)
moments = st.integers(0, 7 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
amounts = st.integers(1, 60 * 50).map(lambda minutes: timedelta(minutes=minutes))


@given(some_hours(), moments, amounts)
def test_before_and_after_are_as_far_as_was_asked(
    hours: Hours, moment: datetime, worked: timedelta
) -> None:
    before = working_time.hours_before(hours, moment, worked)
    after = working_time.add(hours, moment, worked)
    assert working_time.worked_between(hours, before, moment) == worked
    assert working_time.worked_between(hours, moment, after) == worked
    # The nearest that are: a moment nearer, and it would be less.
    near = timedelta(microseconds=1)
    assert working_time.worked_between(hours, before + near, moment) < worked
    assert working_time.worked_between(hours, moment, after - near) < worked


@given(some_hours(), moments)
def test_the_next_opening_is_open_and_nothing_before_it(hours: Hours, now: datetime) -> None:
    opens = working_time.next_open(hours, now)
    assert working_time.is_open(hours, opens)
    assert working_time.worked_between(hours, now, opens) == timedelta()


@given(some_hours(), moments, st.integers(1, 5))
def test_a_working_day_away_is_a_working_day(hours: Hours, moment: datetime, n: int) -> None:
    for away in (
        working_time.working_days_before(hours, moment, n),
        working_time.working_days_after(hours, moment, n),
    ):
        day = away.astimezone(ZoneInfo(hours.zone)).date()
        assert working_time.is_working_day(hours, day)
        opens = instant(day, hours.start, hours.zone)
        assert opens <= away <= instant(day, hours.end, hours.zone)
