"""The weekly digest: shown to one person an hour before, then posted for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from operations import plans
from operations.plans import Planned
from operations.tries import decided
from rules import weekly as rules
from rules.desks import Desk
from rules.digest_days import too_late
from rules.local_time import instant, today
from rules.networks import Network
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.people import Person
from rules.posts import Post
from rules.refused import Refused
from rules.standups import Standup
from rules.weekly import Timed, Week, WeeklyRefusal
from storage import (
    Store,
    desks,
    digests,
    history,
    messages,
    occurrences,
    people,
    posts,
    reviews,
    standups,
)
from storage.history import Event
from storage.messages import Kind, Message, State

_KINDS = (OccurrenceKind.WEEKLY_DRAFT, OccurrenceKind.WEEKLY)
_DAY = timedelta(days=1)
# The days, counted from its own, of weekly digests that may have ended before it and not too long
# ago: each is posted less than a week after its day.
_AROUND = range(-(rules.LONGEST + rules.WEEK).days, rules.WEEK.days)
_UNSAID = (State.FAILED, State.DROPPED)


@dataclass(frozen=True, slots=True)
class Shown:
    """A weekly digest with all that is needed to show it. `note` and `findings` are what the named
    person wrote; `findings` is None where they left them as they came. `is_posted`: it is in the
    channel, or on its way there."""

    desk: Desk
    week: Week
    note: str
    findings: str | None
    codes: dict[int, str]
    people: dict[int, Person]
    is_posted: bool


def plan(tx: sa.Connection, desk: Desk, standup: Standup, now: datetime) -> None:
    """Notes when the next weekly digest falls due, and its draft before it."""
    # Last week's may be still to come, where its day was a holiday.
    _plan(tx, desk, standup, today(now, desk.time_zone) - rules.WEEK, now)


def _plan(tx: sa.Connection, desk: Desk, standup: Standup, after: date, now: datetime) -> None:
    if not standup.is_on or standup.weekly is None:
        plans.keep(tx, desk, _KINDS, [], now, Skipped.SWITCHED_OFF)
        return
    days = rules.days_after(desk, standup.weekly, after)
    found = plans.next_ones(tx, desk, OccurrenceKind.WEEKLY, days, lambda _, due: due > now)
    wanted = []
    for day, due in found:
        wanted.append(Planned(OccurrenceKind.WEEKLY_DRAFT, day, due - rules.READ_BEFORE))
        wanted.append(Planned(OccurrenceKind.WEEKLY, day, due))
    plans.keep(tx, desk, _KINDS, wanted, now)


def draft(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """Shows the named person what is going to be posted."""
    desk, standup = plans.of(tx, due[0])
    for occurrence in due:
        day = plans.day_of(occurrence)
        reason = _why_not(desk, standup)
        if reason is not None or standup.weekly is None:
            occurrences.skip(tx, [occurrence.id], reason or Skipped.SWITCHED_OFF, now)
            continue
        at = instant(rules.posting_day(desk, day), standup.weekly.at, desk.time_zone)
        if at <= now:
            occurrences.skip(tx, [occurrence.id], Skipped.TOO_LATE, now)
            continue
        message_id = _note(
            tx,
            desk,
            occurrence.key,
            Kind.WEEKLY_DRAFT,
            now,
            person_id=standup.weekly.reader_id,
            data={"until": at.isoformat(), "day": day.isoformat()},
        )
        occurrences.done(tx, [occurrence.id], now, message_id)


def post(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """Posts what was not posted before its hour by the named person, and notes the next one."""
    desk, standup = plans.of(tx, due[0])
    for occurrence in due:
        day = plans.day_of(occurrence)
        reason = _why_not(desk, standup)
        posted_on = rules.posting_day(desk, day)
        if reason is None and too_late(desk, posted_on, occurrence.due_at) <= now:
            reason = Skipped.TOO_LATE
        if reason is not None:
            occurrences.skip(tx, [occurrence.id], reason, now)
        else:
            message_id = _post(tx, desk, day, occurrence.due_at, now)
            occurrences.done(tx, [occurrence.id], now, message_id)
    _plan(tx, desk, standup, plans.day_of(due[-1]), now)


def _why_not(desk: Desk, standup: Standup) -> Skipped | None:
    if not standup.is_on or standup.weekly is None:
        return Skipped.SWITCHED_OFF
    return Skipped.ASLEEP if desk.asleep else None


def _post(tx: sa.Connection, desk: Desk, day: date, until: datetime, now: datetime) -> int:
    """Notes the message in the channel, with what the named person wrote and happened until
    `until`."""
    its_draft = plans.key(OccurrenceKind.WEEKLY_DRAFT, desk.id, day)
    drafted = messages.by_key(tx, desk.team_id, its_draft, lock=True)
    written = drafted.data if drafted else {}
    data = {**written, "until": until.isoformat(), "day": day.isoformat()}
    key = plans.key(OccurrenceKind.WEEKLY, desk.id, day)
    message_id = _note(tx, desk, key, Kind.WEEKLY, now, channel_id=desk.channel_id, data=data)
    if drafted is not None:
        messages.redraw(tx, [drafted.id])
    return message_id


def _note(tx: sa.Connection, desk: Desk, key: str, kind: Kind, now: datetime, **more: Any) -> int:
    messages.add(tx, desk.team_id, key, kind, now, desk_id=desk.id, **more)
    message = messages.by_key(tx, desk.team_id, key)
    assert message is not None
    return message.id


def post_now(store: Store, who: Person, draft_id: int, now: datetime) -> Desk:
    """The named person has it posted before its hour; what happens from then on is the next one's.

    Raises Refused: NOT_READER, POSTED_ALREADY.
    """

    def work(tx: sa.Connection) -> Desk:
        drafted, desk = _draft_of(tx, who, draft_id, lock=True)
        day = date.fromisoformat(drafted.data["day"])
        until = min(now, _until(drafted))
        message_id = _post(tx, desk, day, until, now)
        planned = occurrences.waiting(tx, [OccurrenceKind.WEEKLY], desk_id=desk.id)
        key = plans.key(OccurrenceKind.WEEKLY, desk.id, day)
        mine = [each.id for each in planned if each.key == key]
        occurrences.done(tx, mine, now, message_id)
        return desk

    return decided(store, work)


def edit(store: Store, who: Person, draft_id: int, note: str, findings: str) -> None:
    """The named person's own words, and the findings as they would have them.

    Raises Refused: NOT_READER, POSTED_ALREADY; NOTE_TOO_LONG at `note`, FINDINGS_TOO_LONG at
    `findings`.
    """
    rules.check_words(note, findings)

    def work(tx: sa.Connection) -> None:
        drafted, _ = _draft_of(tx, who, draft_id, lock=True)
        words = {"note": note.strip(), "findings": findings.strip()}
        messages.answer(tx, drafted, words)

    decided(store, work)


def to_edit(store: Store, who: Person, draft_id: int) -> Shown:
    """The draft, for its form. Raises Refused: NOT_READER, POSTED_ALREADY."""
    with store.read() as tx:
        drafted, _ = _draft_of(tx, who, draft_id)
        return _shown(tx, drafted)


def show(store: Store, message: Message) -> Shown:
    """A draft, or what is posted of it, as it stands."""
    with store.read() as tx:
        found = _shown(tx, message)
    channel = message.kind is Kind.WEEKLY
    if channel and found.desk.outsiders:
        return replace(found, week=found.week.for_outsiders(), findings=None)
    return found


def _draft_of(
    tx: sa.Connection, who: Person, draft_id: int, *, lock: bool = False
) -> tuple[Message, Desk]:
    """Whoever changes or posts it locks it before this asks whether it is posted: what is
    acknowledged must be what is posted."""
    drafted = messages.of_kind(tx, who.team_id, draft_id, Kind.WEEKLY_DRAFT, lock=lock)
    if drafted is None or drafted.person_id != who.id:
        raise Refused(WeeklyRefusal.NOT_READER)
    desk = _desk(tx, drafted)
    if _posted(tx, drafted, desk):
        raise Refused(WeeklyRefusal.POSTED_ALREADY)
    return drafted, desk


def _desk(tx: sa.Connection, message: Message) -> Desk:
    assert message.desk_id is not None
    desk = desks.by_id(tx, message.team_id, message.desk_id)
    assert desk is not None
    return desk


def _posted(tx: sa.Connection, message: Message, desk: Desk) -> bool:
    key = plans.key(OccurrenceKind.WEEKLY, desk.id, date.fromisoformat(message.data["day"]))
    return messages.by_key(tx, desk.team_id, key) is not None


def _shown(tx: sa.Connection, message: Message) -> Shown:
    desk, data = _desk(tx, message), message.data
    week, codes = _week(tx, desk, _since(tx, desk, message), _until(message))
    named = {each.person_id for each in week.carried}
    named |= {finding.person_id for finding in week.findings}
    return Shown(
        desk=desk,
        week=week,
        note=data.get("note", ""),
        findings=data.get("findings"),
        codes=codes,
        people=people.by_ids(tx, named),
        is_posted=_posted(tx, message, desk),
    )


def _until(message: Message) -> datetime:
    return datetime.fromisoformat(message.data["until"])


def _since(tx: sa.Connection, desk: Desk, message: Message) -> datetime:
    """Where the desk's weekly digest before this one ended."""
    day = date.fromisoformat(message.data["day"])
    others = [day + number * _DAY for number in _AROUND if number]
    keys = [plans.key(OccurrenceKind.WEEKLY, desk.id, each) for each in others]
    found = messages.by_keys(tx, desk.team_id, keys)
    ends = [_until(each) for each in found if each.state not in _UNSAID]
    return rules.begins(ends, _until(message))


def _week(
    tx: sa.Connection, desk: Desk, since: datetime, until: datetime
) -> tuple[Week, dict[int, str]]:
    """What there is to tell of the week, and what the posts that it names are called."""
    events = (Event.DRAFTED, Event.DECIDED, Event.PUBLISHED)
    happened = history.of_desk(tx, desk.id, since, until, events)
    by_event: dict[Event, list[history.Entry]] = {event: [] for event in events}
    for entry in happened:
        by_event[entry.event].append(entry)
    out = {entry.post_id for entry in by_event[Event.PUBLISHED] if entry.post_id}
    decided_on = {entry.post_id for entry in by_event[Event.DECIDED] if entry.post_id}
    # What may still come out in time when this ends is the next one's to tell.
    times = since - rules.GRACE, until - rules.GRACE
    due = [post_id for post_id, _ in digests.due_posts(tx, desk.id, *times)]
    found = posts.by_ids(tx, desk.team_id, {*out, *due, *decided_on})
    its_reviews = reviews.of_posts(tx, decided_on)
    networks: dict[Network, int] = {}
    for post_id in out:
        for target in found[post_id].targets:
            networks[target.network] = networks.get(target.network, 0) + 1
    standing = [d for review in its_reviews for d in review.standing]
    carried = rules.carried(
        _authors(by_event[Event.DRAFTED]),
        [d.person_id for d in standing if since <= d.decided_at < until],
        _authors(by_event[Event.PUBLISHED]),
    )
    ended = [r for r in its_reviews if r.ended_at is not None and since <= r.ended_at < until]
    week = Week(
        since=since,
        until=until,
        published=len(out),
        networks=networks,
        slipped=tuple(rules.slipped([_timed(found[post_id]) for post_id in due], until)),
        approvals=rules.approvals(ended, desk.hours),
        carried=tuple(carried),
        findings=tuple(_findings(tx, desk, since, until)),
    )
    return week, {post.id: post.code for post in found.values()}


def _findings(
    tx: sa.Connection, desk: Desk, since: datetime, until: datetime
) -> list[rules.Finding]:
    # Somebody's day may be tomorrow's here, and their last morning long ago.
    first = today(since - rules.LONGEST, desk.time_zone)
    last = today(until + _DAY, desk.time_zone)
    rounds = digests.rounds_between(tx, desk.id, first, last)
    answers = standups.answers_in(tx, [each.id for each in rounds])
    return rules.findings(rounds, [each for each in answers if since <= each.answered_at < until])


def _authors(entries: Sequence[history.Entry]) -> list[int]:
    return [entry.actor.person_id for entry in entries if entry.actor.person_id]


def _timed(post: Post) -> Timed:
    assert post.publish_at is not None
    out = [target.published_at for target in post.targets if target.published_at]
    return Timed(post.id, post.code, post.publish_at, max(out, default=None), post.status)
