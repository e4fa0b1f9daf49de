"""What tests of reminders do and see: the calendar at work, and what somebody was told by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa

from operations import drafts, reminders, timetable
from operations.reminders import Reminder, Reminders
from rules.desks import Desk
from rules.occurrences import OccurrenceKind
from rules.people import Person
from rules.posts import Post
from rules.reviews import Review
from storage import messages, occurrences
from storage.messages import Kind, Message
from storage.tables import messages as messages_table
from storage.tables import occurrences as occurrences_table
from tests.newsroom import Newsroom


def at(text: str) -> datetime:
    """A moment in March 2026 by the clocks of Rome, an hour ahead of UTC; the 2nd is a Monday, and
    `NOW` of the newsroom is "02 10:00"."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime(2026, 3, int(day), int(hour) - 1, int(minute), tzinfo=UTC)


def tick(team: Newsroom, now: datetime) -> None:
    """The clock shows `now`, and all that is due is done."""
    while timetable.run_due(team.store, now):
        pass


def due(team: Newsroom, kind: OccurrenceKind, who: Person | None = None) -> list[datetime]:
    """When things of this kind wait to fall due."""
    with team.store.write() as tx:
        waiting = occurrences.waiting(tx, [kind], person_id=who.id if who else None)
    return [each.due_at for each in waiting]


def ended(team: Newsroom, kind: OccurrenceKind) -> list[str]:
    """What became of those that don't wait any more: "done", or why not."""
    query = sa.select(occurrences_table).filter_by(kind=kind).order_by("ended_at", "id")
    with team.store.read() as tx:
        rows = [row for row in tx.execute(query) if row.state != "waiting"]
    return [row.reason or row.state for row in rows]


def told(team: Newsroom, who: Person, kind: Kind = Kind.REMINDERS) -> list[Message]:
    """The messages of a kind that were noted for somebody, in order."""
    query = sa.select(messages_table.c.id).filter_by(person_id=who.id, kind=kind)
    with team.store.read() as tx:
        ids = tx.execute(query.order_by("id")).scalars().all()
        return [messages.by_id(tx, message_id) for message_id in ids]


def said(team: Newsroom, message: Message) -> Reminders:
    """What a message of reminders says now."""
    return reminders.of_message(team.store, message)


def lines(team: Newsroom, message: Message) -> list[tuple[OccurrenceKind, str, bool]]:
    """As `said`, in short: of what kind, of which post, and whether it is still open."""
    return [
        (each.kind, each.shown.post.code, each.is_open) for each in said(team, message).reminders
    ]


def one(team: Newsroom, who: Person) -> Reminder:
    """The only thing that somebody was told in their only message."""
    (message,) = told(team, who)
    (found,) = said(team, message).reminders
    return found


def deliver(team: Newsroom, message: Message, now: datetime) -> None:
    """Slack has it."""
    with team.store.write() as tx:
        tx.execute(
            messages_table.update()
            .filter_by(id=message.id)
            .values(state="sent", pending=False, shown=message.wanted, posted_ts="1", sent_at=now)
        )


def written(
    team: Newsroom,
    owner: Person,
    desk: Desk,
    now: datetime,
    *,
    publish_at: datetime | None = None,
    needed_by: datetime | None = None,
    send: bool = True,
) -> tuple[Post, Review | None]:
    """A new post, sent for approval unless said otherwise."""
    form = replace(team.form(publish_at=publish_at, send=send), needed_by=needed_by)
    saved = drafts.create(team.store, owner, desk.id, form, now)
    return saved.post, saved.review
