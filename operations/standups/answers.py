"""Answering a standup, and skipping it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from operations import digests
from operations.standups import planning
from operations.standups.mornings import check_open
from operations.standups.planning import Asked
from operations.standups.plates import tell_managers
from operations.tries import decided, guard
from rules.desks import Desk
from rules.local_time import today
from rules.people import Person
from rules.refused import Refused
from rules.standups import LONGEST_ANSWER, AnswerState, Said, StandupRefusal, as_asked
from storage import Store, messages, standups
from storage.messages import Kind


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer: the desks it is for, whether something was said there before, and
    who was told, in private, that it is too much."""

    desks: tuple[Desk, ...]
    again: bool
    told: tuple[int, ...]


def answer(
    store: Store,
    who: Person,
    day: date,
    said: Mapping[int, tuple[Said, ...]],
    too_much: bool,
    now: datetime,
) -> Answered:
    """Keeps what somebody says on a day, by desk, in the place of what they said before.

    Raises Refused: as mornings.to_answer and plates.tell; NOTHING_SAID, ANSWER_TOO_LONG.
    """
    if any(len(each.answer) > LONGEST_ANSWER for part in said.values() for each in part):
        raise Refused(StandupRefusal.ANSWER_TOO_LONG, field="said", most=LONGEST_ANSWER)

    def work(tx: sa.Connection) -> Answered:
        asked = [each for each in check_open(tx, who, day, now) if each.desk.id in said]
        if not asked:
            raise Refused(StandupRefusal.NOT_A_MEMBER)
        if not too_much and not any(each.answer for part in said.values() for each in part):
            raise Refused(StandupRefusal.NOTHING_SAID)
        for each in asked:
            before = each.answer.said if each.answer else ()
            words = as_asked(each.standup, before, said[each.desk.id])
            _keep(tx, who, day, each, AnswerState.ANSWERED, words, now)
        desk_ids = [each.desk.id for each in asked]
        told = tell_managers(tx, who, desk_ids, now) if too_much else ()
        _redraw_prompts(tx, who, day)
        return Answered(
            desks=tuple(each.desk for each in asked),
            again=any(_has_answered(each) for each in asked),
            told=told,
        )

    return decided(store, work)


def skip(store: Store, who: Person, day: date | None, now: datetime) -> date:
    """Notes that somebody won't answer on a day, today where none is said; returns it.

    Raises Refused as mornings.to_answer, and ANSWERED_ALREADY.
    """

    def work(tx: sa.Connection) -> date:
        chosen = day or today(now, who.time_zone)
        asked = check_open(tx, who, chosen, now)
        if all(_has_answered(each) for each in asked):
            raise Refused(StandupRefusal.ANSWERED_ALREADY)
        for each in asked:
            if each.answer is None:
                _keep(tx, who, chosen, each, AnswerState.SKIPPED, (), now)
        _redraw_prompts(tx, who, chosen)
        return chosen

    return decided(store, work)


def _keep(
    tx: sa.Connection,
    who: Person,
    day: date,
    asked: Asked,
    state: AnswerState,
    said: tuple[Said, ...],
    now: datetime,
) -> None:
    before = asked.answer
    if before is not None and (before.state, before.said) == (state, said):
        return
    held = standups.round_of(tx, asked.desk.id, day, now)
    guard(standups.keep_answer(tx, held.id, who.id, state, asked.on_duty, said, before, now))
    digests.answered(tx, asked.desk, held.id)


def _redraw_prompts(tx: sa.Connection, who: Person, day: date) -> None:
    """The newest, and, where somebody was asked twice on that day, both."""
    newest = messages.latest(tx, Kind.PROMPT, who.id)
    of_that_day = {prompt.id for prompt in planning.prompts_of(tx, who, day)}
    messages.redraw(tx, sorted(of_that_day | ({newest.id} if newest else set())))


def _has_answered(asked: Asked) -> bool:
    return asked.answer is not None and asked.answer.state is AnswerState.ANSWERED
