"""What a message of reminders says, as it stands now; and what its reader does about all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from operations import nudges
from operations.posts import Shown, shown
from operations.reminding import KINDS, Found, look_up
from rules import access
from rules import nudges as rules
from rules.occurrences import Occurrence, OccurrenceKind
from rules.people import Person
from rules.refused import Refused
from rules.reviews import ReviewRefusal
from storage import Store, messages, occurrences, people
from storage.messages import Kind, Message, State

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing that somebody is reminded of. `due` is the deadline of a decision, which had
    passed when they were told where it `was_due`."""

    kind: OccurrenceKind
    shown: Shown
    is_open: bool
    due: datetime | None
    was_due: bool
    may_approve_instead: bool


@dataclass(frozen=True, slots=True)
class Reminders:
    """All that one message says, SHOWN of it in full. `is_last`: of that day."""

    message_id: int
    person_id: int
    reminders: tuple[Reminder, ...]
    more: int
    is_last: bool
    snoozed_until: datetime | None
    was_sent: bool


@dataclass(frozen=True, slots=True)
class Reminded:
    """Who was reminded of a review, and when (UTC), the latest."""

    name: str
    at: datetime


def of_message(store: Store, message: Message) -> Reminders:
    """What a message of reminders says."""
    with store.read() as tx:
        listed, more = _listed(tx, message)
    until = message.data.get("snoozed_until")
    assert message.person_id is not None
    return Reminders(
        message_id=message.id,
        person_id=message.person_id,
        reminders=listed,
        more=more,
        is_last=bool(message.data.get("is_last")),
        snoozed_until=datetime.fromisoformat(until) if until else None,
        was_sent=message.state is State.SENT or message.shown > 0,
    )


def carried_by(store: Store, message: Message) -> tuple[Reminder, ...]:
    """The reminders that a message of another kind carries, SHOWN at the most."""
    with store.read() as tx:
        return _listed(tx, message)[0]


def snooze(
    store: Store, who: Person, message_id: int, in_an_hour: bool, now: datetime
) -> datetime | None:
    """Brings what is open of somebody's reminders up again, in an hour or when their next working
    day begins; returns when (UTC), None where nothing is open any more.

    Raises Refused(UNKNOWN) for a message that isn't theirs.
    """
    with store.write() as tx:
        message = messages.to_person(tx, who.id, message_id)
        if message is None or message.kind is not Kind.REMINDERS:
            raise Refused(ReviewRefusal.UNKNOWN)
        found = _said(tx, message)
        left = [noted for noted in found.occurrences if found.is_open(noted)]
        if not left:
            return None
        until = _until(found, left, who, in_an_hour, now)
        for noted in left:
            _again(tx, noted, until, now)
        messages.answer(tx, message, {"snoozed_until": until.isoformat()})
        return until


def be_quiet(store: Store, who: Person, text: str, now: datetime) -> datetime:
    """Keeps reminders from somebody until the moment that they typed; returns it (UTC).

    Raises Refused: see rules.nudges.quiet_until.
    """
    language = who.locale.partition("-")[0]
    until = rules.quiet_until(text, now, who.time_zone, language)
    with store.write() as tx:
        people.set_quiet(tx, who.id, until)
    return until


def be_loud(store: Store, who: Person) -> None:
    """Lets reminders through again."""
    with store.write() as tx:
        people.set_quiet(tx, who.id, None)


def reminded(store: Store, review_id: int) -> tuple[Reminded, ...]:
    """Who was reminded of a review, for its owner."""
    with store.read() as tx:
        told = occurrences.told(tx, review_id, OccurrenceKind.REMINDER)
        known = people.by_ids(tx, [person_id for person_id, _ in told])
        return tuple(Reminded(known[person_id].name, at) for person_id, at in told)


def _listed(tx: sa.Connection, message: Message) -> tuple[tuple[Reminder, ...], int]:
    """The most urgent first, of each post once, open ones before others."""
    found = _said(tx, message)
    chosen: dict[int, Occurrence] = {}
    for noted in found.occurrences:
        assert noted.post_id is not None
        before = chosen.get(noted.post_id)
        if before is None or _weight(found, noted) > _weight(found, before):
            chosen[noted.post_id] = noted
    ranked = sorted(chosen.values(), key=lambda noted: _rank(found, noted))
    listed = tuple(_reminder(tx, message, found, noted) for noted in ranked[:SHOWN])
    return listed, sum(found.is_open(noted) for noted in ranked[SHOWN:])


def _said(tx: sa.Connection, message: Message) -> Found:
    """The reminders in a message; a morning's is an occurrence of its own besides."""
    linked = occurrences.of_message(tx, message.id)
    return look_up(tx, message.team_id, [noted for noted in linked if noted.kind in KINDS])


def _weight(found: Found, noted: Occurrence) -> tuple[bool, bool]:
    return found.is_open(noted), noted.kind is not OccurrenceKind.REMINDER


def _rank(found: Found, noted: Occurrence) -> tuple[bool, bool, datetime, int]:
    post = found.posts[noted.post_id or 0]
    return not found.is_open(noted), post.urgent_reason is None, noted.due_at, noted.id


def _reminder(tx: sa.Connection, message: Message, found: Found, noted: Occurrence) -> Reminder:
    assert noted.post_id is not None
    about = shown(tx, message.team_id, noted.post_id, noted.review_id)
    due, review = None, about.review
    if noted.kind is not OccurrenceKind.MISSED and review is not None:
        due = nudges.deadline(about.desk, about.post, review)
    told = datetime.fromisoformat(message.data["at"]) if "at" in message.data else noted.due_at
    assert message.person_id is not None
    person = people.by_ids(tx, [message.person_id])[message.person_id]
    return Reminder(
        kind=noted.kind,
        shown=about,
        is_open=found.is_open(noted),
        due=due,
        was_due=due is not None and due <= told,
        may_approve_instead=review is not None
        and access.may_approve_instead(about.post, about.desk, review, person),
    )


def _until(
    found: Found, left: list[Occurrence], who: Person, in_an_hour: bool, now: datetime
) -> datetime:
    if in_an_hour:
        return now + timedelta(hours=1)
    own = [found.desks[found.posts[noted.post_id or 0].desk_id] for noted in left]
    return min(rules.tomorrow(nudges.hours_of(desk, who), now) for desk in own)


def _again(tx: sa.Connection, noted: Occurrence, until: datetime, now: datetime) -> None:
    key = f"snoozed:{noted.id}"
    before = occurrences.by_key(tx, noted.team_id, key)
    if before is not None:
        occurrences.postpone(tx, [before.id], until)
        return
    occurrences.add(
        tx,
        noted.team_id,
        key,
        noted.kind,
        until,
        now,
        desk_id=noted.desk_id,
        person_id=noted.person_id,
        post_id=noted.post_id,
        review_id=noted.review_id,
        data={name: value for name, value in noted.data.items() if name != "planned"},
    )
