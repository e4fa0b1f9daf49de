"""When a standup is held, whom it asks, who is on duty, and what its settings must be."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.absences import Absence
from rules.people import Person
from rules.refused import Refused
from rules.standups import (
    LONGEST_QUESTION,
    MOST_MEMBERS,
    MOST_QUESTIONS,
    QuestionKind,
    Standup,
    Weekly,
    check,
    duty_from,
    kind_of,
    mornings,
    on_duty,
    takes_place,
    tidy,
)
from rules.working_time import Hours, Weekday

MONDAY = date(2030, 3, 4)
WORKDAYS = tuple(Weekday)[:5]
HOURS = Hours("Europe/Paris", WORKDAYS, time(9), time(18))
IN_FRANCE = replace(HOURS, country="FR")
STANDUP = Standup(1, is_on=True, members=(1, 2, 3))
ON_DUTY = replace(STANDUP, duty=(1, 2, 3), duty_from=MONDAY)

ANN, BEN, CAT, DAN = 1, 2, 3, 4


def person(number: int, **more: Any) -> Person:
    at = datetime(2030, 3, 4, tzinfo=UTC)
    nobody = (False,) * 5
    known = Person(number, "T1", f"U{number}", f"P{number}", "UTC", "en", *nobody, at)
    return replace(known, **more)


def away(who: int, first: int = 0, last: int | None = 100, cover: int | None = None) -> Absence:
    """Days are counted from MONDAY."""
    until = None if last is None else MONDAY + timedelta(last)
    return Absence(who, MONDAY + timedelta(first), until, cover)


# Who is on duty.


@pytest.mark.parametrize(
    ("days", "who"), [(0, ANN), (6, ANN), (7, BEN), (14, CAT), (20, CAT), (21, ANN), (-1, CAT)]
)
def test_the_duty_passes_on_each_monday(days: int, who: int) -> None:
    assert on_duty(ON_DUTY, MONDAY + timedelta(days), ()) == who


@pytest.mark.parametrize(
    ("absences", "who"),
    [
        ([away(ANN, cover=CAT)], CAT),
        ([away(ANN, first=1)], ANN),
        ([away(ANN)], BEN),
        ([away(ANN, cover=DAN)], BEN),  # who isn't a member is asked nothing
        ([away(ANN, cover=CAT), away(CAT, cover=ANN)], BEN),
        ([away(ANN, cover=CAT), away(CAT, cover=BEN)], BEN),
        ([away(ANN), away(BEN), away(CAT)], None),
    ],
)
def test_somebody_stands_in_for_who_is_away(absences: list[Absence], who: int | None) -> None:
    assert on_duty(ON_DUTY, MONDAY, absences) == who


@pytest.mark.parametrize(
    ("gone", "absences", "who"),
    [
        pytest.param((ANN,), (), BEN, id="the next in turn"),
        pytest.param((ANN, BEN), (), CAT, id="whoever is left"),
        pytest.param((ANN, BEN, CAT), (), None, id="nobody is left"),
        pytest.param((BEN,), (away(ANN, cover=BEN),), CAT, id="a cover who has left"),
    ],
)
def test_who_has_left_is_not_on_duty(
    gone: tuple[int, ...], absences: tuple[Absence, ...], who: int | None
) -> None:
    assert on_duty(ON_DUTY, MONDAY, absences, gone) == who


def test_where_nobody_takes_turns_nobody_is_on_duty() -> None:
    assert on_duty(STANDUP, MONDAY, ()) is None


@pytest.mark.parametrize(
    ("duty", "who"), [((CAT, BEN, ANN), BEN), ((BEN,), BEN), ((CAT, ANN), CAT), ((DAN, BEN), BEN)]
)
def test_a_new_list_leaves_the_duty_with_who_has_it(duty: tuple[int, ...], who: int) -> None:
    today = MONDAY + timedelta(9)
    assert on_duty(ON_DUTY, today, ()) == BEN
    after = replace(ON_DUTY, duty=duty, duty_from=duty_from(ON_DUTY, duty, today))
    assert on_duty(after, today, ()) == who
    assert on_duty(after, today + timedelta(7), ()) == duty[(duty.index(who) + 1) % len(duty)]


def test_a_first_list_begins_with_its_first() -> None:
    begun = replace(STANDUP, duty=(CAT, ANN), duty_from=duty_from(None, (CAT, ANN), MONDAY))
    assert on_duty(begun, MONDAY, ()) == CAT
    assert duty_from(ON_DUTY, (), MONDAY) is None


# When it is held.


@pytest.mark.parametrize(
    ("standup", "hours", "day", "held"),
    [
        (STANDUP, HOURS, MONDAY, True),
        (replace(STANDUP, is_on=False), HOURS, MONDAY, False),
        (STANDUP, HOURS, MONDAY + timedelta(5), False),
        (replace(STANDUP, days=(Weekday.TUESDAY,)), HOURS, MONDAY, False),
        (STANDUP, replace(HOURS, days=(Weekday.TUESDAY,)), MONDAY, False),
        (STANDUP, IN_FRANCE, date(2030, 5, 1), False),
        (STANDUP, HOURS, date(2030, 5, 1), True),
    ],
)
def test_it_is_held_on_its_days_when_the_desk_works(
    standup: Standup, hours: Hours, day: date, held: bool
) -> None:
    assert takes_place(standup, hours, day) is held


def asked(
    *own: tuple[Standup, Hours], zone: str = "Europe/Paris", first: date = MONDAY
) -> list[tuple[date, datetime]]:
    return list(islice(mornings(own, ANN, zone, (), first), 5))


def test_somebody_is_asked_in_the_morning_of_their_own_zone() -> None:
    for zone in ("Europe/Paris", "America/New_York", "Asia/Tokyo", "Pacific/Auckland"):
        for day, at in asked((STANDUP, HOURS), zone=zone):
            shown = at.astimezone(ZoneInfo(zone))
            assert (shown.date(), shown.time()) == (day, time(9))


def test_several_desks_ask_once_at_the_earliest_of_that_day() -> None:
    early = replace(STANDUP, desk_id=2, prompt_at=time(8), days=(Weekday.TUESDAY,))
    found = [at.hour for _, at in asked((STANDUP, HOURS), (early, HOURS), zone="UTC")]
    assert found == [9, 8, 9, 9, 9]


def test_weekends_holidays_and_days_off_are_skipped() -> None:
    off = [away(ANN, 1, 2), away(BEN)]
    first = date(2030, 4, 18)  # the Thursday before Easter, whose Monday is a holiday in France
    found = [day.day for day, _ in asked((STANDUP, IN_FRANCE), first=first)]
    assert found == [18, 19, 23, 24, 25]
    days = [day for day, _ in islice(mornings([(STANDUP, HOURS)], ANN, "UTC", off, MONDAY), 2)]
    assert days == [MONDAY, MONDAY + timedelta(3)]


def test_nobody_is_asked_while_away_or_without_a_standup() -> None:
    assert list(mornings([], ANN, "UTC", (), MONDAY)) == []
    assert list(mornings([(STANDUP, HOURS)], ANN, "UTC", [away(ANN, last=None)], MONDAY)) == []


@given(
    st.sampled_from(["Europe/Paris", "America/New_York", "Pacific/Apia", "America/St_Johns"]),
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_a_morning_is_never_before_its_time_and_each_later(
    zone: str, first: date, at: time
) -> None:
    found = list(islice(mornings([(replace(STANDUP, prompt_at=at), HOURS)], 1, zone, (), first), 9))
    for day, moment in found:
        shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert shown >= datetime.combine(day, at)
        assert shown - datetime.combine(day, at) <= timedelta(hours=1)
    assert [moment for _, moment in found] == sorted({moment for _, moment in found})


# Its settings.


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What should the team know?", QuestionKind.ANY),
        ("What blocks you?", QuestionKind.BLOCKER),
        ("BLOCKERS", QuestionKind.BLOCKER),
        ("Are you stuck?", QuestionKind.BLOCKER),
        ("Qu’est-ce qui te bloque ?", QuestionKind.BLOCKER),
        ("Cosa ti blocca?", QuestionKind.BLOCKER),
        ("Any ostacoli?", QuestionKind.BLOCKER),
        ("", QuestionKind.ANY),
    ],
)
def test_what_asks_for_blockers_is_told_by_its_words(question: str, kind: QuestionKind) -> None:
    assert kind_of(question) is kind


PEOPLE = [person(ANN), person(BEN), person(CAT), person(DAN, is_guest=True)]
MANY = tuple(f"Question {n}?" for n in range(25))


@pytest.mark.parametrize(
    ("wrong", "reason", "field"),
    [
        (replace(STANDUP, days=()), "no_days", "days"),
        (replace(STANDUP, digest_at=time(8)), "digest_before_prompt", "digest_at"),
        (replace(STANDUP, digest_at=time(9)), "digest_before_prompt", "digest_at"),
        (replace(STANDUP, questions=()), "no_questions", "questions"),
        (replace(STANDUP, questions=MANY), "too_many_questions", "questions"),
        (replace(STANDUP, duty_questions=MANY), "too_many_questions", "duty_questions"),
        (replace(STANDUP, questions=("x" * 151,)), "question_too_long", "questions"),
        (replace(STANDUP, members=()), "no_members", "members"),
        (replace(STANDUP, members=(ANN, DAN)), "member_cannot", "members"),
        (replace(STANDUP, members=(ANN, 5)), "member_cannot", "members"),
        (replace(STANDUP, is_on=False, members=(DAN,)), "member_cannot", "members"),
        (replace(STANDUP, members=(ANN,), duty=(BEN,)), "duty_not_member", "duty"),
        (
            replace(STANDUP, weekly=Weekly(Weekday.FRIDAY, time(16), DAN)),
            "reader_cannot",
            "weekly_reader",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(wrong: Standup, reason: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check(wrong, [*PEOPLE, person(5, is_bot=True)])
    assert (refused.value.reason.value, refused.value.field) == (reason, field)


@pytest.mark.parametrize(
    "right",
    [
        STANDUP,
        ON_DUTY,
        replace(STANDUP, is_on=False, members=()),
        replace(STANDUP, duty_questions=()),
        replace(STANDUP, questions=("x" * LONGEST_QUESTION,) * MOST_QUESTIONS),
        replace(STANDUP, weekly=Weekly(Weekday.FRIDAY, time(16), ANN)),
    ],
)
def test_what_can_be_is_not_refused(right: Standup) -> None:
    check(right, PEOPLE)


def test_a_crowd_is_too_many() -> None:
    crowd = [person(n) for n in range(1, MOST_MEMBERS + 2)]
    members = tuple(each.id for each in crowd)
    check(replace(STANDUP, members=members[1:]), crowd)
    with pytest.raises(Refused):
        check(replace(STANDUP, members=members), crowd)


def test_nothing_is_kept_twice() -> None:
    typed = (" What  blocks\tyou? ", "", "What blocks you?", "   ")
    kept = tidy(replace(STANDUP, questions=typed, members=(2, 1, 2), duty=(2, 1, 2)))
    assert kept.questions == ("What blocks you?",)
    assert (kept.members, kept.duty) == ((1, 2), (2, 1))
