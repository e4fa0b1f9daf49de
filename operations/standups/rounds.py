"""A desk's round of today, as its managers see it: who has answered, and asking the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from operations.standups import planning
from operations.tries import decided
from rules import standups as rules
from rules.absences import is_away
from rules.desks import Desk, check_may_change
from rules.local_time import instant, local, today
from rules.occurrences import OccurrenceKind
from rules.people import Person
from rules.refused import Refused
from rules.standups import AnswerState, Standup, StandupRefusal
from storage import Store, messages, occurrences, people, standups


@dataclass(frozen=True, slots=True)
class Attendance:
    """Where the members of a standup stand on a day, by their ids. `later`: their morning is yet
    to come. `silent`: they were asked."""

    day: date
    answered: tuple[int, ...]
    skipped: tuple[int, ...]
    away: tuple[int, ...]
    later: tuple[int, ...]
    silent: tuple[int, ...]


def who_answered(store: Store, who: Person, desk: Desk, now: datetime) -> Attendance:
    """Who has answered today. Raises Refused: NOT_MANAGER, NOT_ON, NOT_TODAY."""
    with store.read() as tx:
        day = today(now, desk.time_zone)
        return attendance(tx, desk, _held(tx, who, desk, day), day, now)


def ask_everybody(
    store: Store, who: Person, desk: Desk, now: datetime
) -> tuple[tuple[int, ...], Attendance]:
    """Asks everybody who hasn't answered today, once a day; outside of their working hours they
    are asked at their own time. Returns whom it asked, and how it stood before.

    Raises Refused: NOT_MANAGER, NOT_ON, NOT_TODAY, ASKED_ALREADY.
    """

    def work(tx: sa.Connection) -> tuple[tuple[int, ...], Attendance]:
        day = today(now, desk.time_zone)
        stands = attendance(tx, desk, _held(tx, who, desk, day), day, now)
        known = people.by_ids(tx, (*stands.silent, *stands.later))
        asked = tuple(i for i, one in known.items() if _works(desk, one, day, now))
        once = f"prompt:now:{desk.id}:{day.isoformat()}"
        kind = OccurrenceKind.PROMPT
        if not asked:
            return (), stands
        if not occurrences.add(tx, desk.team_id, once, kind, now, now, desk_id=desk.id):
            raise Refused(StandupRefusal.ASKED_ALREADY)
        noted = occurrences.by_key(tx, desk.team_id, once)
        assert noted is not None
        occurrences.done(tx, [noted.id], now)
        for person_id in asked:
            _ask(tx, known[person_id], day, now)
        return asked, stands

    return decided(store, work)


def attendance(
    tx: sa.Connection, desk: Desk, standup: Standup, day: date, now: datetime
) -> Attendance:
    """Where a standup's members stand on a day of theirs."""
    held = standups.find_round(tx, desk.id, day)
    said = {a.person_id: a.state for a in standups.answers_of(tx, held.id)} if held else {}
    off = planning.away(tx, desk.team_id, day)
    members = people.by_ids(tx, standup.members)

    def state(one: Person) -> str:
        if one.id in said:
            return "answered" if said[one.id] is AnswerState.ANSWERED else "skipped"
        if is_away(off, one.id, day):
            return "away"
        was_asked = messages.by_key(tx, one.team_id, planning.key_of(one, day))
        is_time = instant(day, standup.prompt_at, one.time_zone) <= now
        return "silent" if was_asked or is_time else "later"

    found: dict[str, list[int]] = {}
    there = [one for one in members.values() if not one.is_gone]
    for one in sorted(there, key=lambda one: one.name.casefold()):
        found.setdefault(state(one), []).append(one.id)
    states = ("answered", "skipped", "away", "later", "silent")
    return Attendance(day, *(tuple(found.get(name, ())) for name in states))


def _held(tx: sa.Connection, who: Person, desk: Desk, day: date) -> Standup:
    check_may_change(desk, who)
    standup = standups.by_desk(tx, desk.id)
    if standup is None or not standup.is_on:
        raise Refused(StandupRefusal.NOT_ON)
    if not rules.takes_place(standup, desk.hours, day):
        raise Refused(StandupRefusal.NOT_TODAY, next=None)
    return standup


def _works(desk: Desk, one: Person, day: date, now: datetime) -> bool:
    here = local(now, one.time_zone)
    return here.date() == day and desk.work_from <= here.time() < desk.work_to


def _ask(tx: sa.Connection, one: Person, day: date, now: datetime) -> None:
    """Their morning comes early, or, where it was there already, once more."""
    key = planning.key_of(one, day)
    kind = OccurrenceKind.PROMPT
    whose = {"person_id": one.id, "local_date": day}
    if messages.by_key(tx, one.team_id, key) is not None:
        planning.note_prompt(tx, one, planning.key_once_more(one, day), day, now)
    elif occurrences.plan(tx, one.team_id, key, kind, now, now, **whose):
        planned = occurrences.by_key(tx, one.team_id, key)
        assert planned is not None
        planning.ask_now(tx, one, planned, now)
        planning.plan(tx, one.team_id, one.id, now)
    else:
        planning.note_prompt(tx, one, planning.key_once_more(one, day), day, now)
