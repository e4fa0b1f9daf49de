"""Deadlines, and when somebody hears of them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.nudges import (
    MOST_A_DAY,
    QUARTER,
    Offset,
    Room,
    asked_at,
    comes_at,
    day_of,
    deadline,
    escalation,
    quarter_of,
    quiet_until,
    reminders,
    room,
    tomorrow,
)
from rules.refused import Refused
from rules.reviews import Decision, Verdict
from rules.working_time import Hours, Weekday, is_open, worked_between
from tests.rules.desk_at_work import ANA, APPROVE, BEN, NOW, UNDO, all_of, any_of, played, review

WEEK = tuple(Weekday)[:5]
PARIS = Hours("Europe/Paris", WEEK, time(9), time(18))
NEW_YORK = replace(PARIS, zone="America/New_York")
TOKYO = replace(PARIS, zone="Asia/Tokyo")


def paris(text: str) -> datetime:
    """A moment of the week of Monday the 4th of March 2030, when Paris is at UTC+1."""
    return (datetime.fromisoformat(f"2030-03-{text}") - timedelta(hours=1)).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "needed_by", "publish_at", "due"),
    [
        pytest.param("04 10:00", None, None, "05 10:00", id="a working day after it was asked"),
        pytest.param("08 10:00", None, None, "11 10:00", id="over a weekend"),
        pytest.param("09 12:00", None, None, "11 12:00", id="asked on a Saturday"),
        pytest.param("04 10:00", None, "07 16:00", "06 16:00", id="a working day before it is out"),
        pytest.param("04 10:00", None, "11 08:00", "08 09:00", id="out before work begins"),
        pytest.param("04 10:00", "05 15:00", "07 16:00", "05 15:00", id="when it is needed"),
        pytest.param("04 10:00", "04 14:00", None, "04 14:00", id="just enough time"),
        pytest.param("04 10:00", "04 13:00", None, "04 11:30", id="half of what is left"),
        pytest.param("04 10:00", None, "04 16:00", "04 13:00", id="out on the same day"),
        pytest.param("04 17:00", None, "05 11:00", "05 09:30", id="half of the work that is left"),
        pytest.param("04 19:00", None, "04 21:00", "04 20:00", id="no work is left"),
        pytest.param("04 10:00", "07 15:00", "05 16:00", "04 16:00", id="needed after it is out"),
        pytest.param("05 10:00", "04 15:00", "04 16:00", "06 10:00", id="both have passed"),
    ],
)
def test_a_deadline(asked: str, needed_by: str | None, publish_at: str | None, due: str) -> None:
    found = deadline(
        PARIS,
        paris(asked),
        paris(needed_by) if needed_by else None,
        paris(publish_at) if publish_at else None,
    )
    assert found == paris(due)


def test_reminders_come_in_the_readers_hours() -> None:
    due = paris("06 16:00")
    offsets = (Offset.ONE_DAY, Offset.TWO_HOURS, Offset.AT_DEADLINE)
    assert reminders(PARIS, due, offsets) == {
        Offset.ONE_DAY: paris("05 16:00"),
        Offset.TWO_HOURS: paris("06 14:00"),
        Offset.AT_DEADLINE: due,
    }
    # At 16:00 in Paris it is 10:00 in New York, and midnight in Tokyo.
    assert reminders(NEW_YORK, due, offsets) == {
        Offset.ONE_DAY: paris("05 16:00"),
        Offset.TWO_HOURS: paris("05 23:00"),
        Offset.AT_DEADLINE: due,
    }
    assert reminders(TOKYO, due, offsets) == {
        Offset.ONE_DAY: paris("06 01:00"),
        Offset.TWO_HOURS: paris("06 08:00"),
        Offset.AT_DEADLINE: paris("07 01:00"),
    }


def test_reminders_meet_at_the_quarter_of_an_hour() -> None:
    found = reminders(PARIS, paris("06 16:07"), (Offset.TWO_HOURS, Offset.AT_DEADLINE))
    assert set(found.values()) == {paris("06 14:00"), paris("06 16:00")}
    early = replace(PARIS, start=time(9, 10))
    assert reminders(early, paris("06 09:12"), (Offset.AT_DEADLINE,)) == {
        Offset.AT_DEADLINE: paris("06 09:12")
    }


def test_a_reminder_for_the_end_of_the_day_comes_before_it() -> None:
    found = reminders(PARIS, paris("06 19:00"), (Offset.ONE_DAY,))
    assert found == {Offset.ONE_DAY: paris("05 17:45")}


@pytest.mark.parametrize(
    ("asked", "due", "publish_at", "told"),
    [
        pytest.param("04 10:00", "05 10:00", None, "05 11:00", id="an hour after the deadline"),
        pytest.param("07 10:00", "08 17:30", None, "11 09:30", id="an hour of work"),
        pytest.param("04 10:00", "04 11:00", "04 12:00", "04 11:30", id="before it is out"),
        pytest.param("04 10:00", "04 10:20", None, "04 11:30", id="on a quarter of an hour"),
        pytest.param("04 10:00", "04 10:20", "04 10:40", "04 11:00", id="not in the first hour"),
    ],
)
def test_the_managers_hear_of_it(asked: str, due: str, publish_at: str | None, told: str) -> None:
    out = paris(publish_at) if publish_at else None
    assert escalation(PARIS, paris(asked), paris(due), out) == paris(told)


def test_a_step_is_asked_when_the_one_before_it_is_done() -> None:
    def said(number: int, step: int, who: int, hours: int, undone: int | None = None) -> Decision:
        at, back = NOW + timedelta(hours=hours), undone and NOW + timedelta(hours=undone)
        return Decision(number, 1, step, who, Verdict.APPROVE, "", at, back or None)

    sent = review(any_of(ANA), all_of(ANA, BEN))
    assert asked_at(sent) == NOW
    second = replace(sent, step=1, decisions=(said(1, 0, ANA, 2), said(2, 1, BEN, 3)))
    assert asked_at(second) == NOW + timedelta(hours=2)
    taken_back = replace(second, decisions=(said(1, 0, ANA, 2), said(2, 1, BEN, 3, undone=5)))
    assert asked_at(taken_back) == NOW + timedelta(hours=5)
    assert asked_at(played(sent, (ANA, APPROVE), (ANA, UNDO))) == NOW


def test_the_budget_of_a_day() -> None:
    assert [room(told) for told in range(MOST_A_DAY + 2)] == [Room.FREE] * (MOST_A_DAY - 1) + [
        Room.LAST,
        Room.FULL,
        Room.FULL,
    ]
    began, ends = day_of(paris("04 10:00"), "Asia/Tokyo")
    assert (began, ends) == (paris("03 16:00"), paris("04 16:00"))


def test_who_snoozes_until_tomorrow_hears_of_it_when_work_begins() -> None:
    assert tomorrow(PARIS, paris("04 10:00")) == paris("05 09:00")
    assert tomorrow(PARIS, paris("08 10:00")) == paris("11 09:00")


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("until 15:00", "04 15:00"),
        ("15h30", "04 15:30"),
        ("until 9:00", "05 09:00"),
        ("until tomorrow", "05 00:00"),
        ("until friday", "08 00:00"),
    ],
)
def test_quiet(text: str, until: str) -> None:
    assert quiet_until(text, paris("04 10:00"), "Europe/Paris") == paris(until)


@pytest.mark.parametrize("text", ["", "until 25:00", "until whenever", "until yesterday", "today"])
def test_no_quiet_without_a_clear_end(text: str) -> None:
    with pytest.raises(Refused):
        quiet_until(text, paris("04 10:00"), "Europe/Paris")


zones = st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Tokyo", "Pacific/Apia", "UTC"])
days = st.lists(st.sampled_from(Weekday), min_size=1, unique=True).map(tuple)
clocks = st.integers(0, 23 * 4 + 3).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
spans = st.tuples(clocks, clocks).filter(lambda span: span[0] < span[1])
desk_hours = st.builds(
    lambda zone, days, span: Hours(zone, days, span[0], span[1], "FR"), zones, days, spans
)
minutes = st.integers(0, 60 * 24 * 60).map(lambda n: paris("01 00:00") + timedelta(minutes=n))
spells = st.none() | st.integers(1, 60 * 24 * 14).map(lambda n: timedelta(minutes=n))


@given(desk_hours, minutes, spells, spells)
def test_a_deadline_lies_ahead_and_before_what_it_is_for(
    hours: Hours, asked: datetime, needs: timedelta | None, out: timedelta | None
) -> None:
    needed_by = asked + needs if needs else None
    publish_at = asked + out if out else None
    due = deadline(hours, asked, needed_by, publish_at)
    assert asked < due
    assert due <= min([at for at in (needed_by, publish_at) if at], default=due)


@given(desk_hours, minutes, st.sets(st.sampled_from(Offset)))
def test_no_reminder_outside_of_working_hours(
    hours: Hours, due: datetime, offsets: set[Offset]
) -> None:
    for offset, at in reminders(hours, due, offsets).items():
        assert is_open(hours, at)
        assert at < due or offset is Offset.AT_DEADLINE


@given(desk_hours, minutes, minutes, spells)
def test_the_managers_hear_nothing_too_early(
    hours: Hours, asked: datetime, due: datetime, out: timedelta | None
) -> None:
    at = escalation(hours, asked, due, due + out if out else None)
    assert at >= asked + timedelta(hours=1)
    assert at >= due
    assert is_open(hours, at)


@given(desk_hours, minutes, st.none() | minutes)
def test_nothing_comes_while_somebody_wants_quiet(
    hours: Hours, now: datetime, quiet: datetime | None
) -> None:
    at = comes_at(hours, quiet, now)
    assert at >= max(now, quiet or now)
    assert is_open(hours, at)
    assert worked_between(hours, max(now, quiet or now), at) == timedelta()


@given(minutes)
def test_a_quarter_of_an_hour(at: datetime) -> None:
    assert at - QUARTER < quarter_of(at) <= at
    assert quarter_of(at).minute % 15 == 0
