"""What a week comes to."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from rules import weekly as rules
from rules.posts import Status
from rules.refused import Refused
from rules.reviews import Decision, Review, ReviewState, Verdict
from rules.standups import Answer, AnswerState, QuestionKind, Round, Said, Weekly
from rules.weekly import Carried, Timed, approvals, carried, findings, slipped
from rules.working_time import Hours, Weekday
from tests.rules.desk_at_work import ANA, BEN, CLEO, all_of, any_of, review
from tests.rules.test_digests import desk

UNTIL = datetime(2026, 3, 6, 15, tzinfo=UTC)  # a Friday, 16:00 in Rome
HOURS = Hours("Europe/Rome", tuple(Weekday)[:5], time(9), time(18))
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def timed(
    number: int, before: timedelta, late: timedelta | None, status: Status = Status.PUBLISHED
) -> Timed:
    at = UNTIL - before
    return Timed(number, f"P-{number}", at, None if late is None else at + late, status)


def test_what_slipped_did_not_go_out_or_over_an_hour_late() -> None:
    posts = [
        timed(1, HOUR, HOUR),
        timed(2, 2 * DAY, HOUR + timedelta(seconds=1)),
        timed(3, 3 * DAY, None, Status.MISSED),
        timed(4, DAY, None, Status.APPROVED),
        timed(5, DAY, None, Status.CANCELLED),
        timed(6, DAY, None, Status.REJECTED),
        timed(7, timedelta(minutes=30), None, Status.SCHEDULED),
        timed(8, DAY, -HOUR),
    ]
    assert [post.post_id for post in slipped(posts, UNTIL)] == [3, 2, 4]


@pytest.mark.parametrize(
    ("ends", "since"),
    [
        ([], UNTIL - rules.WEEK),
        ([UNTIL - 6 * DAY], UNTIL - 6 * DAY),
        ([UNTIL - 8 * DAY, UNTIL - 15 * DAY], UNTIL - 8 * DAY),
        ([UNTIL + DAY, UNTIL - 2 * DAY], UNTIL - 2 * DAY),
        ([UNTIL - 28 * DAY], UNTIL - 28 * DAY),
        ([UNTIL - 28 * DAY - HOUR], UNTIL - rules.WEEK),
    ],
)
def test_it_begins_where_the_last_one_ended(ends: list[datetime], since: datetime) -> None:
    assert rules.begins(ends, UNTIL) == since


def ended(number: int, took: timedelta, *, state: ReviewState = ReviewState.APPROVED) -> Review:
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    found = review(any_of(ANA))
    return replace(
        found, id=number, post_id=number, state=state, sent_at=start, ended_at=start + took
    )


def test_how_long_approval_took_counts_working_time() -> None:
    found = approvals([ended(1, HOUR), ended(2, 3 * HOUR), ended(3, DAY + HOUR)], HOURS)
    assert found is not None
    assert (found.number, found.median) == (3, 3 * HOUR)
    assert (found.longest, found.longest_post, found.step) == (10 * HOUR, 3, None)
    two = approvals([ended(1, HOUR), ended(2, 4 * HOUR)], HOURS)
    assert two is not None
    assert two.median == timedelta(hours=2, minutes=30)


def test_what_was_not_approved_has_no_duration() -> None:
    others = [ended(n, HOUR, state=state) for n, state in enumerate(ReviewState) if n != 1]
    assert (
        approvals([one for one in others if one.state is not ReviewState.APPROVED], HOURS) is None
    )


def test_the_slowest_step_lasts_from_the_one_before_to_its_last_yes() -> None:
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def yes(number: int, step: int, who: int, after: timedelta) -> Decision:
        at = start + after
        return Decision(number, 1, step, who, Verdict.APPROVE, "", at)

    given = (yes(1, 0, ANA, HOUR), yes(2, 1, BEN, 2 * HOUR), yes(3, 1, CLEO, 6 * HOUR))
    steps = (any_of(ANA), all_of(BEN, CLEO))
    found = approvals([replace(ended(1, 6 * HOUR), steps=steps, step=1, decisions=given)], HOURS)
    assert found is not None
    assert found.step == (2, 5 * HOUR)


def test_who_carried_what_is_counted_by_person_in_no_order_of_merit() -> None:
    assert carried([BEN, ANA, BEN], [CLEO], [ANA, ANA]) == [
        Carried(ANA, 1, 0, 2),
        Carried(BEN, 2, 0, 0),
        Carried(CLEO, 0, 1, 0),
    ]


def test_findings_are_what_who_was_on_duty_answered_newest_first_and_once() -> None:
    monday = date(2026, 3, 2)
    rounds = [Round(n, 1, monday + n * DAY, "", None, None) for n in range(3)]

    def said(
        number: int, round_id: int, text: str, kind: QuestionKind, state: str = "answered"
    ) -> Answer:
        words = (Said("Trending?", text, kind),)
        return Answer(number, round_id, number, AnswerState(state), True, words, 1, UNTIL, None)

    duty = QuestionKind.DUTY
    answers = [
        said(1, 2, "Cold brew", duty),
        said(2, 0, "Rain all week", duty),
        said(3, 1, "rain  ALL week", duty),
        said(4, 1, "nothing", duty),
        said(5, 1, "Not on duty", QuestionKind.ANY),
        said(6, 1, "Skipped", duty, "skipped"),
    ]
    assert [(f.person_id, f.day, f.text) for f in findings(rounds, answers)] == [
        (1, monday + 2 * DAY, "Cold brew"),
        (2, monday, "Rain all week"),
    ]


def test_it_is_due_on_the_chosen_day_or_the_next_working_day() -> None:
    friday = Weekly(Weekday.FRIDAY, time(16), ANA)
    days = rules.days_after(desk(country="IT"), friday, date(2026, 4, 26))
    labour_day, next_one = next(days), next(days)
    assert labour_day == (date(2026, 5, 1), datetime(2026, 5, 4, 14, tzinfo=UTC))
    assert next_one == (date(2026, 5, 8), datetime(2026, 5, 8, 14, tzinfo=UTC))


def test_a_week_off_is_told_by_the_next_one() -> None:
    """Not by two at one hour: this desk works on Mondays alone, and 6 April is Easter Monday."""
    monday = Weekly(Weekday.MONDAY, time(9), ANA)
    days = rules.days_after(
        replace(desk(country="IT"), working_days=(Weekday.MONDAY,)), monday, date(2026, 3, 29)
    )
    assert [next(days)[0] for _ in range(2)] == [date(2026, 3, 30), date(2026, 4, 13)]


def test_people_from_outside_do_not_read_who_carried_what() -> None:
    week = rules.Week(
        UNTIL - rules.WEEK,
        UNTIL,
        1,
        {},
        (),
        None,
        (Carried(ANA, 1, 0, 0),),
        (rules.Finding(1, UNTIL.date(), "x"),),
    )
    seen = week.for_outsiders()
    assert (seen.published, seen.carried, seen.findings) == (1, (), ())
    assert not week.is_quiet


@pytest.mark.parametrize(
    ("note", "findings", "field"), [("x" * 1501, "", "note"), ("", "x" * 3001, "findings")]
)
def test_words_have_an_end(note: str, findings: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_words(note, findings)
    assert refused.value.field == field
