"""Somebody's morning: what waits for them, what is theirs, and what they are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from operations.posts import Shown
from operations.reminders import Reminder, carried_by
from operations.reminding import held_for, were_told
from operations.reviews import waiting
from operations.standups import planning
from operations.standups.planning import Asked, asked_on, next_day
from rules.local_time import instant, today
from rules.occurrences import Occurrence, OccurrenceKind
from rules.people import Person
from rules.refused import Refused
from rules.standups import StandupRefusal
from storage import Store, lists, messages, people, standups
from storage.lists import Listed
from storage.messages import Kind, Message

# A message has 50 blocks, and a post that waits takes up to eleven of them.
WAITING = 3
AT_HAND = 3
REMINDED = 2


@dataclass(frozen=True, slots=True)
class Morning:
    """What somebody sees on a day, which is their own. There is more of something where it is
    longer than its limit above. `reminded` is what they manage and nobody has done. `is_over`: a
    later one has come since."""

    person: Person
    day: date
    asked: tuple[Asked, ...]
    waiting: tuple[Shown, ...]
    at_hand: tuple[Listed, ...]
    reminded: tuple[Reminder, ...] = ()
    is_over: bool = False


def ask(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """As planning.ask: somebody's morning, which carries the reminders that were held back, and
    those that fall due in these minutes."""
    planning.ask(tx, due, now)
    for occurrence in due:
        message = messages.by_key(tx, occurrence.team_id, occurrence.key)
        if message is not None and message.person_id is not None:
            were_told(tx, held_for(tx, message.person_id, now), now, message.id)


def show(store: Store, message: Message) -> Morning:
    """The morning that a message is about, as things stand."""
    assert message.person_id is not None
    day = date.fromisoformat(message.data["day"])
    with store.read() as tx:
        who = people.by_ids(tx, [message.person_id])[message.person_id]
        newest = messages.latest(tx, Kind.PROMPT, who.id)
        is_over = newest is not None and newest.id > message.id
        morning = _morning(tx, who, day, asked_on(tx, who, day), is_over=is_over)
    carried = carried_by(store, message)
    return replace(morning, reminded=tuple(r for r in carried if _is_a_managers(r, who)))


def _is_a_managers(reminder: Reminder, who: Person) -> bool:
    """Whether a reminder is about what the rest of the morning doesn't show: that has what they
    are to decide, and their own posts."""
    mine = reminder.shown.post.owner_id == who.id
    return reminder.is_open and reminder.kind is not OccurrenceKind.REMINDER and not mine


def to_answer(store: Store, who: Person, day: date | None, now: datetime) -> Morning:
    """What somebody is asked on a day, today where none is said: early, in time, late or again.

    Raises Refused: NOT_A_MEMBER, NOT_TODAY, OVER for a day that is.
    """
    with store.read() as tx:
        day = day or today(now, who.time_zone)
        return _morning(tx, who, day, check_open(tx, who, day, now))


def check_open(tx: sa.Connection, who: Person, day: date, now: datetime) -> list[Asked]:
    """The standups that somebody can answer for a day: today's, or those they were asked last.

    Raises Refused as `to_answer`.
    """
    here = today(now, who.time_zone)
    if day != here and day != _newest(tx, who):
        raise Refused(StandupRefusal.OVER, day=day)
    asked = asked_on(tx, who, day)
    if not asked and not standups.of_person(tx, who.id):
        raise Refused(StandupRefusal.NOT_A_MEMBER)
    if not asked:
        raise Refused(StandupRefusal.NOT_TODAY, next=next_day(tx, who, here))
    return asked


def _newest(tx: sa.Connection, who: Person) -> date | None:
    newest = messages.latest(tx, Kind.PROMPT, who.id)
    return date.fromisoformat(newest.data["day"]) if newest else None


def _morning(
    tx: sa.Connection,
    who: Person,
    day: date,
    asked: Sequence[Asked],
    *,
    is_over: bool = False,
) -> Morning:
    ends = instant(day + timedelta(2), time(0), who.time_zone)
    return Morning(
        person=who,
        day=day,
        asked=tuple(asked),
        waiting=tuple(waiting(tx, who, WAITING + 1)),
        at_hand=tuple(lists.at_hand(tx, who.id, ends, AT_HAND + 1)),
        is_over=is_over,
    )
