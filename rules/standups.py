"""A desk's standup: whom it asks what and when, and what they answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from rules.absences import Absence, cover_for, is_away
from rules.desks import MONDAY_TO_FRIDAY
from rules.local_time import instant
from rules.people import Person
from rules.refused import Refused
from rules.slack_text import unescape
from rules.working_time import Hours, Weekday, is_working_day, weekday

# What is answered in under a minute.
MOST_QUESTIONS = 6
LONGEST_QUESTION = 150
# A picker of people has no sensible end of its own.
MOST_MEMBERS = 100
LONGEST_ANSWER = 1000
# After that it isn't morning any more.
PROMPT_MAY_BE_LATE = timedelta(hours=2)

_WEEK = timedelta(weeks=1)
# How far ahead a day is looked for; whoever is away for longer is prompted again when back.
_DAYS_AHEAD = 400

# Stems, in the languages that Copydesk speaks: block(ing), stuck; bloqué, coincé; bloccato,
# ostacolo.
_BLOCKING = ("block", "stuck", "bloqu", "coinc", "blocc", "ostacol")


class QuestionKind(StrEnum):
    """What a question is about: DUTY ones are only for who is on duty."""

    ANY = "any"
    BLOCKER = "blocker"
    DUTY = "duty"


class AnswerState(StrEnum):
    """What came of a prompt, for a member who did something about it."""

    ANSWERED = "answered"
    SKIPPED = "skipped"


class StandupRefusal(StrEnum):
    """Why a standup can't be set like that, or can't be answered."""

    NO_DAYS = "no_days"
    NO_QUESTIONS = "no_questions"
    TOO_MANY_QUESTIONS = "too_many_questions"
    QUESTION_TOO_LONG = "question_too_long"
    DIGEST_BEFORE_PROMPT = "digest_before_prompt"
    NO_MEMBERS = "no_members"
    TOO_MANY_MEMBERS = "too_many_members"
    MEMBER_CANNOT = "member_cannot"
    DUTY_NOT_MEMBER = "duty_not_member"
    WEEKLY_IN_PART = "weekly_in_part"
    READER_CANNOT = "reader_cannot"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOT_ON = "not_on"
    NOT_A_MEMBER = "not_a_member"
    NOT_TODAY = "not_today"
    OVER = "over"
    NOTHING_SAID = "nothing_said"
    ANSWER_TOO_LONG = "answer_too_long"
    ANSWERED_ALREADY = "answered_already"
    ASKED_ALREADY = "asked_already"
    NOBODY_TO_TELL = "nobody_to_tell"
    TOLD_ALREADY = "told_already"


@dataclass(frozen=True, slots=True)
class Weekly:
    """The weekly digest: on `day` at `at` of the desk's time, seen by `reader_id` before."""

    day: Weekday
    at: time
    reader_id: int


@dataclass(frozen=True, slots=True)
class Standup:
    """A desk's settings for its standup. `prompt_at` is each member's local time, `digest_at` the
    desk's. The duty passes on each week through `duty`, which the first has had since the Monday
    `duty_from`. `revision` is 0 for one that was never saved.
    """

    desk_id: int
    is_on: bool = False
    days: tuple[Weekday, ...] = MONDAY_TO_FRIDAY
    prompt_at: time = time(9)
    digest_at: time = time(10, 30)
    questions: tuple[str, ...] = ("What should the team know?", "What blocks you?")
    duty_questions: tuple[str, ...] = (
        "What happened overnight?",
        "What is trending with our audience?",
        "Any risk or opportunity?",
    )
    duty: tuple[int, ...] = ()
    duty_from: date | None = None
    members: tuple[int, ...] = ()
    weekly: Weekly | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """One day of a desk's standup. `message_id` is its digest, once there is one."""

    id: int
    desk_id: int
    local_date: date
    recap: str
    recap_by: int | None
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """One question as it was asked, and what a member answered, as typed; never empty."""

    question: str
    answer: str
    kind: QuestionKind


@dataclass(frozen=True, slots=True)
class Answer:
    """What one member said in a round. `on_duty`: they were asked the questions for that too."""

    id: int
    round_id: int
    person_id: int
    state: AnswerState
    on_duty: bool
    said: tuple[Said, ...]
    revision: int
    answered_at: datetime
    changed_at: datetime | None


def kind_of(question: str) -> QuestionKind:
    """Whether a question for everybody asks for what blocks them: their answers come first."""
    asked = question.lower()
    return QuestionKind.BLOCKER if any(b in asked for b in _BLOCKING) else QuestionKind.ANY


def takes_place(standup: Standup, hours: Hours, day: date) -> bool:
    """Whether it is held on a day: one of its own, on which its desk works."""
    return standup.is_on and weekday(day) in standup.days and is_working_day(hours, day)


def on_duty(
    standup: Standup, day: date, absences: Sequence[Absence], gone: Collection[int] = ()
) -> int | None:
    """Who is on duty on a day. For somebody who is away it is their cover; where that one isn't a
    member, the next in turn who is there. None where nobody is. `gone` are members who have left.
    """
    if not standup.duty or standup.duty_from is None:
        return None
    weeks = (_monday(day) - standup.duty_from) // _WEEK
    turn = weeks % len(standup.duty)
    first, *others = standup.duty[turn:] + standup.duty[:turn]
    cover = cover_for(absences, first, day)
    there = [first, *([cover] if cover in standup.members else []), *others]
    there = [who for who in there if who and who not in gone]
    return next((who for who in there if not is_away(absences, who, day)), None)


def duty_from(before: Standup | None, duty: tuple[int, ...], today: date) -> date | None:
    """The Monday from which a list of people takes turns, so that whoever has the duty this week
    keeps it where they are still on the list; else the first on it has it."""
    if not duty:
        return None
    current = on_duty(before, today, ()) if before else None
    turn = duty.index(current) if current in duty else 0
    return _monday(today) - turn * _WEEK


def mornings(
    own: Sequence[tuple[Standup, Hours]],
    person_id: int,
    zone: str,
    absences: Sequence[Absence],
    first: date,
) -> Iterator[tuple[date, datetime]]:
    """The days from `first` on that somebody is asked on, in their own zone, each with the moment
    (UTC): the earliest of that day's standups. `own` are those they are a member of."""
    for ahead in range(_DAYS_AHEAD):
        day = first + timedelta(ahead)
        held = [standup.prompt_at for standup, hours in own if takes_place(standup, hours, day)]
        if held and not is_away(absences, person_id, day):
            yield day, instant(day, min(held), zone)


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def as_asked(standup: Standup, before: Sequence[Said], said: Sequence[Said]) -> tuple[Said, ...]:
    """What somebody said, with each question as it is written: Slack hands the label of a field
    back with its three entities in it, or not. What was left empty is left out."""
    asked = (*standup.questions, *standup.duty_questions, *(each.question for each in before))
    written = {unescape(question): question for question in asked}
    return tuple(
        replace(each, question=written.get(unescape(each.question), each.question))
        for each in said
        if each.answer
    )


def tidy(standup: Standup) -> Standup:
    """The same settings in the one way they are kept: nobody and nothing twice."""
    return replace(
        standup,
        questions=_once(standup.questions),
        duty_questions=_once(standup.duty_questions),
        members=tuple(sorted(set(standup.members))),
        duty=tuple(dict.fromkeys(standup.duty)),
    )


def check(standup: Standup, people: Iterable[Person]) -> None:
    """What a standup must have to work; `people` are those it names.

    Raises Refused with the field it belongs to.
    """
    by_id = {person.id: person for person in people}
    if not standup.days:
        raise Refused(StandupRefusal.NO_DAYS, field="days")
    if standup.digest_at <= standup.prompt_at:
        raise Refused(StandupRefusal.DIGEST_BEFORE_PROMPT, field="digest_at")
    if not standup.questions:
        raise Refused(StandupRefusal.NO_QUESTIONS, field="questions")
    _check_questions(standup.questions, "questions")
    _check_questions(standup.duty_questions, "duty_questions")
    if standup.is_on and not standup.members:
        raise Refused(StandupRefusal.NO_MEMBERS, field="members")
    if len(standup.members) > MOST_MEMBERS:
        raise Refused(StandupRefusal.TOO_MANY_MEMBERS, field="members", most=MOST_MEMBERS)
    for person_id in standup.members:
        if not by_id[person_id].is_full_member:
            raise Refused(StandupRefusal.MEMBER_CANNOT, field="members", who=person_id)
    for person_id in standup.duty:
        if person_id not in standup.members:
            raise Refused(StandupRefusal.DUTY_NOT_MEMBER, field="duty", who=person_id)
    weekly = standup.weekly
    if weekly is not None and not by_id[weekly.reader_id].is_full_member:
        raise Refused(StandupRefusal.READER_CANNOT, field="weekly_reader", who=weekly.reader_id)


def _check_questions(questions: tuple[str, ...], field: str) -> None:
    if len(questions) > MOST_QUESTIONS:
        number = len(questions)
        reason = StandupRefusal.TOO_MANY_QUESTIONS
        raise Refused(reason, field=field, number=number, most=MOST_QUESTIONS)
    for question in questions:
        if len(question) > LONGEST_QUESTION:
            reason = StandupRefusal.QUESTION_TOO_LONG
            raise Refused(reason, field=field, question=question, most=LONGEST_QUESTION)


def _once(questions: tuple[str, ...]) -> tuple[str, ...]:
    told = (" ".join(question.split()) for question in questions)
    return tuple(dict.fromkeys(question for question in told if question))
