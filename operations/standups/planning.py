"""When somebody is asked, and asking them: once on each of their mornings, for all their desks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from operations.duty import who_left
from rules import standups as rules
from rules.absences import Absence, is_away
from rules.desks import Desk
from rules.local_time import today
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.people import Person
from rules.standups import PROMPT_MAY_BE_LATE, Answer, Standup
from rules.working_time import Hours
from storage import absences, desks, messages, occurrences, people, standups
from storage.messages import Kind, Message

_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One of somebody's standups on a day. `answer` is what they said so far."""

    desk: Desk
    standup: Standup
    on_duty: bool
    answer: Answer | None


def plan(tx: sa.Connection, team_id: str, person_id: int, now: datetime) -> None:
    """Has somebody's next morning message fall due as things stand now: for whoever changes their
    standups, their zone or their absences, or a desk's working days."""
    who = people.by_ids(tx, [person_id])[person_id]
    _plan(tx, who, now, today(now, who.time_zone), now)


def plan_members(tx: sa.Connection, team_id: str, desk_id: int, now: datetime) -> None:
    """As `plan`, for everybody in a desk's standup."""
    standup = standups.by_desk(tx, desk_id)
    for person_id in standup.members if standup else ():
        plan(tx, team_id, person_id, now)


def ask(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """Does what has fallen due for one person: asks them, or notes why not; then plans the next
    day, however late it is: a bot that was down accounts for each."""
    for occurrence in due:
        assert occurrence.person_id is not None
        assert occurrence.local_date is not None
        who = people.by_ids(tx, [occurrence.person_id])[occurrence.person_id]
        reason = _why_not(tx, who, occurrence, occurrence.local_date, now)
        if reason is None:
            ask_now(tx, who, occurrence, now)
        else:
            occurrences.skip(tx, [occurrence.id], reason, now)
        _plan(tx, who, now, occurrence.local_date + _DAY, None)


def plan_next(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """Plans the mornings after these, of one person, which are over."""
    for occurrence in due:
        assert occurrence.person_id is not None
        assert occurrence.local_date is not None
        who = people.by_ids(tx, [occurrence.person_id])[occurrence.person_id]
        _plan(tx, who, now, occurrence.local_date + _DAY, None)


def ask_now(tx: sa.Connection, who: Person, occurrence: Occurrence, now: datetime) -> None:
    """Sends somebody their morning, in the place of the one before."""
    day = occurrence.local_date
    assert day is not None
    note_prompt(tx, who, occurrence.key, day, now)
    noted = messages.by_key(tx, who.team_id, occurrence.key)
    assert noted is not None
    occurrences.done(tx, [occurrence.id], now, noted.id)


def note_prompt(tx: sa.Connection, who: Person, key: str, day: date, now: datetime) -> bool:
    """Notes the message that asks somebody, and has the one before drawn as over; False where it
    was noted before."""
    before = messages.latest(tx, Kind.PROMPT, who.id)
    data = {"day": day.isoformat(), "at": now.isoformat()}
    is_new = messages.add(tx, who.team_id, key, Kind.PROMPT, now, person_id=who.id, data=data)
    if is_new and before is not None:
        messages.redraw(tx, [before.id])
    return is_new


def key_of(who: Person, day: date) -> str:
    """The key of somebody's morning: there is one on each of their days, whatever their zone."""
    return f"prompt:{who.id}:{day.isoformat()}"


def key_once_more(who: Person, day: date) -> str:
    """The key of what asks somebody who was asked on that day already."""
    return f"{key_of(who, day)}:now"


def prompts_of(tx: sa.Connection, who: Person, day: date) -> list[Message]:
    """What asked somebody on a day."""
    return messages.by_keys(tx, who.team_id, [key_of(who, day), key_once_more(who, day)])


def asked_on(tx: sa.Connection, who: Person, day: date) -> list[Asked]:
    """Somebody's standups that are held on a day, by the desk's name."""
    own = _own(tx, who)
    off = away(tx, who.team_id, day)
    return [
        _asked(tx, who, desk, standup, day, off)
        for desk, standup in own
        if rules.takes_place(standup, desk.hours, day)
    ]


def away(tx: sa.Connection, team_id: str, day: date) -> list[Absence]:
    """Who of a workspace is away on that day or later."""
    return absences.of_team(tx, team_id, day)


def next_day(tx: sa.Connection, who: Person, after: date) -> date | None:
    """The next day on which somebody is asked, None where there is none."""
    own, off = _with_hours(tx, who), away(tx, who.team_id, after)
    days = rules.mornings(own, who.id, who.time_zone, off, after + _DAY)
    return next((day for day, _ in days), None)


def _own(tx: sa.Connection, who: Person) -> list[tuple[Desk, Standup]]:
    found = {standup.desk_id: standup for standup in standups.of_person(tx, who.id)}
    return [(desk, found[desk.id]) for desk in desks.by_ids(tx, who.team_id, found)]


def _with_hours(tx: sa.Connection, who: Person) -> list[tuple[Standup, Hours]]:
    return [(standup, desk.hours) for desk, standup in _own(tx, who)]


def _asked(
    tx: sa.Connection, who: Person, desk: Desk, standup: Standup, day: date, off: list[Absence]
) -> Asked:
    held = standups.find_round(tx, desk.id, day)
    answer = standups.answer_of(tx, held.id, who.id) if held else None
    gone = who_left(tx, standup) if standup.duty else ()
    return Asked(desk, standup, rules.on_duty(standup, day, off, gone) == who.id, answer)


def _plan(
    tx: sa.Connection, who: Person, now: datetime, first: date, after: datetime | None
) -> None:
    """The first morning from the day `first` on, and later than the moment `after`. Somebody who
    flew west across midnight has had a day already that is only to come there."""
    last = occurrences.last_day(tx, OccurrenceKind.PROMPT, who.id)
    first = max(first, last + _DAY) if last else first
    own = [] if who.is_gone else _with_hours(tx, who)
    planned = None
    for day, due_at in rules.mornings(
        own, who.id, who.time_zone, away(tx, who.team_id, first), first
    ):
        key, kind = key_of(who, day), OccurrenceKind.PROMPT
        whose = {"person_id": who.id, "local_date": day}
        is_ahead = after is None or due_at > after
        if is_ahead and occurrences.plan(tx, who.team_id, key, kind, due_at, now, **whose):
            planned = key
            break
    others = [
        occurrence.id
        for occurrence in occurrences.waiting(tx, [OccurrenceKind.PROMPT], person_id=who.id)
        if occurrence.key != planned and occurrence.due_at > now
    ]
    occurrences.skip(tx, others, Skipped.REPLACED, now)


def _why_not(
    tx: sa.Connection, who: Person, occurrence: Occurrence, day: date, now: datetime
) -> Skipped | None:
    if who.is_gone:
        return Skipped.GONE
    if not _own(tx, who):
        return Skipped.SWITCHED_OFF
    held = asked_on(tx, who, day)
    if not held:
        return Skipped.HOLIDAY
    if is_away(away(tx, who.team_id, day), who.id, day):
        return Skipped.AWAY
    if occurrence.is_late(now, PROMPT_MAY_BE_LATE):
        return Skipped.TOO_LATE
    if all(asked.answer for asked in held):
        return Skipped.ANSWERED
    return None
