"""What a database that was put back doesn't remember: what Slack was told after it was copied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from rules.posts import UNDER_WAY
from storage.inserts import insert
from storage.messages import Message, State
from storage.tables import messages, posts, restores

_BEFORE_SLACK = datetime(2013, 1, 1, tzinfo=UTC)
_MATTERS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Restore:
    """A backup took the database's place at `restored_at`. Since `told_since` Slack may have been
    told things that nobody here remembers; messages up to `last_message_id` are of the time before.
    Both moments are real time."""

    restored_at: datetime
    told_since: datetime
    last_message_id: int

    def is_before(self, message: Message) -> bool:
        """Whether a message was noted after it."""
        return message.id > self.last_message_id

    def matters(self, now: datetime) -> bool:
        """Whether something may still be sent that Slack has: what fell due before that can fall
        due again for a while, until the next working day, say."""
        return now < self.restored_at + _MATTERS


def note(tx: sa.Connection, now: datetime) -> None:
    """Notes that this database was put back at `now`, and has its cards drawn as things stand here,
    whatever they showed by then."""
    last = tx.execute(sa.select(sa.func.max(messages.c.id))).scalar() or 0
    since = tx.execute(sa.select(sa.func.max(messages.c.sending_since))).scalar() or _BEFORE_SLACK
    insert(tx, restores, {"restored_at": now, "told_since": since, "last_message_id": last})
    alive = sa.select(posts.c.id).where(posts.c.status.in_(UNDER_WAY))
    cards = messages.update().filter_by(live=True, state=State.SENT)
    shown = cards.where(messages.c.post_id.in_(alive))
    tx.execute(shown.values(wanted=messages.c.wanted + 1, pending=True))


def latest(tx: sa.Connection) -> Restore | None:
    """When that happened last, None where it never did."""
    columns = restores.c.restored_at, restores.c.told_since, restores.c.last_message_id
    row = tx.execute(sa.select(*columns).order_by(restores.c.id.desc()).limit(1)).first()
    return Restore(**row._mapping) if row else None
