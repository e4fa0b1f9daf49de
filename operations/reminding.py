"""Telling somebody what has fallen due for them: merged, within the day's budget, in their hours.

Each tick does what is due; one person's reminders become one message, by one process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from operations.covers import away_now
from operations.duty import alarmed
from operations.escalations import tell_unreachable
from operations.nudges import hours_of, is_asked_for, stamp
from operations.tries import Overtaken
from rules import nudges as rules
from rules.desks import Desk
from rules.nudges import QUARTER, Room
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.people import Person
from rules.posts import Post, Status
from rules.reviews import Review
from storage import desks, messages, occurrences, people, posts, reviews
from storage.messages import Kind

KINDS = (OccurrenceKind.REMINDER, OccurrenceKind.ESCALATION, OccurrenceKind.MISSED)

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Found:
    """Reminders, with what they are about as it stands now."""

    occurrences: Sequence[Occurrence]
    posts: dict[int, Post]
    reviews: dict[int, Review]
    desks: dict[int, Desk]

    def is_open(self, noted: Occurrence) -> bool:
        """Whether the reason to tell somebody is still there."""
        assert noted.post_id is not None
        post = self.posts[noted.post_id]
        if noted.kind is OccurrenceKind.MISSED:
            at = post.publish_at if post.status is Status.MISSED else None
            return at is not None and stamp(at) == noted.data["publish_at"]
        assert noted.review_id is not None
        review = self.reviews[noted.review_id]
        if not is_asked_for(post, review) or review.step != noted.data["step"]:
            return False
        if noted.kind is OccurrenceKind.ESCALATION:
            return noted.data["manager"] in self.desks[post.desk_id].managers
        return noted.data["place"] in review.open_places

    def recipient(self, noted: Occurrence) -> int | None:
        """Who is to be reminded: of an approver who is away, their cover."""
        if noted.kind is OccurrenceKind.REMINDER:
            assert noted.review_id is not None
            return rules.goes_to(self.reviews[noted.review_id], noted.data["place"])
        return noted.person_id


def look_up(tx: sa.Connection, team_id: str, noted: Sequence[Occurrence]) -> Found:
    """These reminders with their posts, reviews and desks; as many queries for many as for one."""
    its_posts = posts.by_ids(tx, team_id, {each.post_id for each in noted if each.post_id})
    its_reviews = reviews.by_ids(tx, {each.review_id for each in noted if each.review_id})
    own = desks.by_ids(tx, team_id, {post.desk_id for post in its_posts.values()})
    return Found(noted, its_posts, its_reviews, {desk.id: desk for desk in own})


def remind(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """One person's reminders that have fallen due: told together, put off, or ended because their
    reason is gone."""
    person_id, team_id = due[0].person_id, due[0].team_id
    assert person_id is not None
    if not people.lock(tx, person_id):
        raise Overtaken
    person = people.by_ids(tx, [person_id])[person_id]
    # There may be more than a tick takes at once.
    found = look_up(tx, team_id, occurrences.waiting(tx, KINDS, person_id=person_id, before=now))
    left = _still_theirs(tx, person, found, now)
    at_once, in_turn = list[Occurrence](), list[Occurrence]()
    for noted in left:
        post = found.posts[noted.post_id or 0]
        urgent = post.urgent_reason is not None
        alarms = urgent and person_id in alarmed(tx, post, found.desks[post.desk_id], now)
        (at_once if alarms else in_turn).append(noted)
    if at_once:
        _tell(tx, person, f"at-once-{at_once[0].id}", at_once, now)
    ready = _in_hours(tx, person, found, in_turn, now)
    if ready:
        _in_budget(tx, person, found, ready, now)


def held_for(tx: sa.Connection, person_id: int, now: datetime) -> list[Occurrence]:
    """What waits to be told to somebody, for the morning's message to carry: whoever sends that
    marks them as done by it (storage.occurrences.done)."""
    person = people.by_ids(tx, [person_id])[person_id]
    waiting = occurrences.waiting(tx, KINDS, person_id=person_id, before=now + QUARTER)
    return _still_theirs(tx, person, look_up(tx, person.team_id, waiting), now)


def _still_theirs(
    tx: sa.Connection, person: Person, found: Found, now: datetime
) -> list[Occurrence]:
    """What there still is to say to this person; the rest is ended, or passed on."""
    ended = defaultdict[Skipped, list[int]](list)
    passed = defaultdict[int, list[int]](list)
    away = away_now(tx, person.team_id, now)
    left = []
    for noted in found.occurrences:
        post = found.posts[noted.post_id or 0]
        recipient = found.recipient(noted)
        if not found.is_open(noted):
            ended[Skipped.REASON_GONE].append(noted.id)
        elif found.desks[post.desk_id].asleep:
            ended[Skipped.ASLEEP].append(noted.id)
        elif recipient is None or (recipient == person.id and person.id in away):
            ended[Skipped.AWAY].append(noted.id)
        elif recipient != person.id:
            passed[recipient].append(noted.id)
        elif person.is_gone:
            ended[Skipped.GONE].append(noted.id)
            tell_unreachable(tx, found.desks[post.desk_id], person.id, "user_disabled", now)
        else:
            left.append(noted)
    for reason, ids in ended.items():
        occurrences.skip(tx, ids, reason, now)
    for recipient, ids in passed.items():
        occurrences.pass_to(tx, ids, recipient)
    return left


def _in_hours(
    tx: sa.Connection, person: Person, found: Found, left: Iterable[Occurrence], now: datetime
) -> list[Occurrence]:
    """What may be told now; the rest waits for its desk's hours, or for the end of the quiet."""
    ready, later = [], defaultdict[datetime, list[int]](list)
    for noted in left:
        desk = found.desks[found.posts[noted.post_id or 0].desk_id]
        at = rules.comes_at(hours_of(desk, person), person.quiet_until, now)
        if at > now:
            later[at].append(noted.id)
        else:
            ready.append(noted)
    for at, ids in later.items():
        occurrences.postpone(tx, ids, at)
    return ready


def _in_budget(
    tx: sa.Connection, person: Person, found: Found, ready: list[Occurrence], now: datetime
) -> None:
    ids = [noted.id for noted in ready]
    prompt = _prompt(tx, person, now + QUARTER)
    if prompt is not None:
        occurrences.postpone(tx, ids, prompt.due_at + QUARTER)  # it carries them
        return
    quarter = rules.quarter_of(now)
    ready = _with_the_morning(tx, person, ready, quarter, now)
    ids = [noted.id for noted in ready]
    if not ready:
        return
    told = messages.by_key(tx, person.team_id, _key(person, stamp(quarter)))
    if told is not None:
        # What was due when that message was made belongs into it: another process held these.
        made = datetime.fromisoformat(told.data["at"])
        late = [noted for noted in ready if noted.due_at <= made]
        were_told(tx, late, now, told.id)
        messages.redraw(tx, [told.id] if late else [])
        left = [noted.id for noted in ready if noted not in late]
        occurrences.postpone(tx, left, quarter + QUARTER)
        return
    began, ends = rules.day_of(now, person.time_zone)
    room = rules.room(messages.told_since(tx, person.id, began))
    if room is Room.FULL:
        desk = found.desks[found.posts[ready[0].post_id or 0].desk_id]
        opens = rules.tomorrow(hours_of(desk, person), now)
        prompt = _prompt(tx, person, opens + (ends - began))
        carried = prompt is not None and prompt.due_at + QUARTER > opens
        at = prompt.due_at + QUARTER if prompt is not None and carried else opens
        occurrences.postpone(tx, ids, at)
        return
    if room is Room.LAST:
        rest = occurrences.waiting(tx, KINDS, person_id=person.id, before=ends - _INSTANT)
        others = [noted for noted in rest if noted.id not in ids]
        more = look_up(tx, person.team_id, others)
        ready = [*ready, *_still_theirs(tx, person, more, now)]
    _tell(tx, person, stamp(quarter), ready, now, is_last=room is Room.LAST)


def _with_the_morning(
    tx: sa.Connection, person: Person, ready: list[Occurrence], quarter: datetime, now: datetime
) -> list[Occurrence]:
    """Adds what was due when the morning's message was made, a moment ago, to that: it was
    somebody else's until then, whom this person covers. Returns what is left to tell."""
    prompt = messages.latest(tx, Kind.PROMPT, person.id)
    if prompt is None or "at" not in prompt.data:
        return ready
    made = datetime.fromisoformat(prompt.data["at"])
    carried = [noted for noted in ready if quarter <= made and noted.due_at <= made]
    were_told(tx, carried, now, prompt.id)
    messages.redraw(tx, [prompt.id] if carried else [])
    return [noted for noted in ready if noted not in carried]


def _prompt(tx: sa.Connection, person: Person, before: datetime) -> Occurrence | None:
    """The morning's message, where it comes by then."""
    waiting = occurrences.waiting(tx, [OccurrenceKind.PROMPT], person_id=person.id, before=before)
    return waiting[0] if waiting else None


def _tell(
    tx: sa.Connection,
    person: Person,
    when: str,
    said: Sequence[Occurrence],
    now: datetime,
    *,
    is_last: bool = False,
) -> None:
    key = _key(person, when)
    data = {"at": now.isoformat(), "is_last": is_last}
    messages.add(tx, person.team_id, key, Kind.REMINDERS, now, person_id=person.id, data=data)
    message = messages.by_key(tx, person.team_id, key)
    assert message is not None
    were_told(tx, said, now, message.id)


def were_told(
    tx: sa.Connection, said: Iterable[Occurrence], now: datetime, message_id: int
) -> None:
    """Marks reminders as told by a message. The owners' cards say who was reminded, and are drawn
    anew."""
    said = tuple(said)
    occurrences.done(tx, [noted.id for noted in said], now, message_id)
    asked = {n.post_id for n in said if n.kind is OccurrenceKind.REMINDER and n.post_id}
    cards = messages.about(tx, Kind.DRAFT_CARD, post_ids=asked) if asked else []
    messages.redraw(tx, [card.id for card in cards])


def _key(person: Person, when: str) -> str:
    return f"reminders:{person.id}:{when}"
