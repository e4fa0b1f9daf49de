"""What condition the record is in: its tables, and how much of it waits to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from rules.occurrences import OccurrenceState
from storage import revisions
from storage.engine import Store
from storage.messages import Kind, State
from storage.tables import messages, occurrences, people

_UNSENT = (State.WAITING, State.SENDING)
_ENDED = (State.FAILED, State.UNKNOWN)


def is_ready(store: Store) -> bool:
    """Whether the database answers, and has the tables of this version."""
    with store.read() as tx:
        return revisions.current(tx) == revisions.NEWEST


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, and since when (UTC, calendar time). `pending` counts what Slack is still to be
    told, cards to be drawn anew as well; `unsent_since` is of what it has not been told at all."""

    pending: int
    unsent_since: datetime | None
    due: int
    due_since: datetime | None


def backlog(tx: sa.Connection, now: datetime) -> Backlog:
    """As it is at `now`."""
    pending = sa.select(sa.func.count()).select_from(messages).filter_by(pending=True)
    waits = sa.and_(occurrences.c.state == OccurrenceState.WAITING, occurrences.c.due_at <= now)
    due = sa.select(sa.func.count(), sa.func.min(occurrences.c.due_at)).where(waits)
    due_count, due_since = tx.execute(due).one()
    first = next(iter(unsent(tx, 1)), None)
    return Backlog(
        pending=int(tx.execute(pending).scalar_one()),
        unsent_since=first.since if first else None,
        due=int(due_count),
        due_since=due_since,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A message that isn't where it should be. `to` is a channel's id or a person's name."""

    id: int
    kind: str
    to: str
    state: State
    since: datetime
    error: str
    retry_at: datetime | None


def unsent(tx: sa.Connection, limit: int) -> list[Told]:
    """What Slack has not been told yet, oldest first. Homes are drawn when somebody looks."""
    waits = sa.and_(
        messages.c.pending.is_(True),
        messages.c.state.in_(_UNSENT),
        messages.c.kind != Kind.HOME,
    )
    return _told(tx, waits, messages.c.created_at, messages.c.id, limit=limit)


def undelivered(tx: sa.Connection, since: datetime, limit: int) -> list[Told]:
    """What could not be delivered, or may not have arrived, newest first."""
    ended = sa.and_(messages.c.state.in_(_ENDED), messages.c.created_at >= since)
    return _told(tx, ended, messages.c.id.desc(), limit=limit)


def _told(tx: sa.Connection, which: sa.ColumnElement[bool], *order: Any, limit: int) -> list[Told]:
    query = (
        sa.select(
            messages.c.id,
            messages.c.kind,
            sa.func.coalesce(messages.c.channel_id, people.c.name, "?").label("to"),
            messages.c.state,
            messages.c.created_at.label("since"),
            sa.func.coalesce(messages.c.error, "").label("error"),
            messages.c.retry_at,
        )
        .join_from(messages, people, messages.c.person_id == people.c.id, isouter=True)
        .where(which)
        .order_by(*order)
        .limit(limit)
    )
    return [Told(**{**row._mapping, "state": State(row.state)}) for row in tx.execute(query)]


def count_undelivered(tx: sa.Connection, since: datetime) -> dict[State, int]:
    """How many messages could not be delivered, and of how many nobody knows."""
    query = (
        sa.select(messages.c.state, sa.func.count())
        .where(messages.c.state.in_(_ENDED), messages.c.created_at >= since)
        .group_by(messages.c.state)
    )
    return {State(state): int(count) for state, count in tx.execute(query)}
