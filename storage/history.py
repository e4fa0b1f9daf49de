"""The append-only record of what happened, and the events that Slack sent twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from rules.people import Actor, ActorKind
from storage.inserts import insert, insert_or_ignore
from storage.tables import history, seen_events

# Slack was seen to repeat an event for minutes; a day is what the rules of the house ask for.
REMEMBER_EVENTS = timedelta(hours=48)


class Event(StrEnum):
    """What a history row tells."""

    DESK_SET_UP = "desk_set_up"
    DESK_CHANGED = "desk_changed"
    DESK_ASLEEP = "desk_asleep"
    DESK_AWAKE = "desk_awake"
    DESK_STANDUP = "desk_standup"
    DRAFTED = "drafted"
    EDITED = "edited"
    DETAILS_CHANGED = "details_changed"
    SENT = "sent"
    PASSED = "passed"
    DECIDED = "decided"
    UNDONE = "undone"
    REVIEW_ENDED = "review_ended"
    PUBLISHED = "published"
    HELD = "held"
    TAKEN_OFF_HOLD = "taken_off_hold"
    BACK_TO_DRAFT = "back_to_draft"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    HANDED_OVER = "handed_over"
    CAMPAIGN_SET = "campaign_set"
    MADE_URGENT = "made_urgent"
    NOT_URGENT = "not_urgent"
    COMMENTED = "commented"
    MISSED = "missed"
    REASSIGNED = "reassigned"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the record; `at` is UTC."""

    id: int
    desk_id: int
    post_id: int | None
    actor: Actor
    event: Event
    data: dict[str, Any]
    at: datetime


def add(
    tx: sa.Connection,
    team_id: str,
    desk_id: int,
    post_id: int | None,
    actor: Actor,
    event: Event,
    now: datetime,
    **data: Any,
) -> int:
    """Adds to the record; returns the row's id. `data` is JSON."""
    row = {
        "team_id": team_id,
        "desk_id": desk_id,
        "post_id": post_id,
        "actor_kind": actor.kind,
        "actor_id": actor.person_id,
        "event": event,
        "data": data,
        "at": now,
    }
    return insert(tx, history, row)


def page(
    tx: sa.Connection, post_id: int, hidden: Collection[int], offset: int, limit: int
) -> list[Entry]:
    """What happened to a post, newest first, without these comments."""
    query = sa.select(history).filter_by(post_id=post_id)
    if hidden:
        comment_id = history.c.data["comment_id"].as_integer()
        no_comment = history.c.event != Event.COMMENTED
        query = query.where(sa.or_(no_comment, comment_id.not_in(hidden)))
    newest = query.order_by(history.c.id.desc()).offset(offset).limit(limit)
    return [_entry(row) for row in tx.execute(newest)]


def by_id(tx: sa.Connection, entry_id: int) -> Entry:
    """One entry."""
    return _entry(tx.execute(sa.select(history).filter_by(id=entry_id)).one())


def of_posts(tx: sa.Connection, post_ids: Collection[int]) -> list[Entry]:
    """All that happened to these posts, oldest first."""
    query = sa.select(history).where(history.c.post_id.in_(post_ids)).order_by(history.c.id)
    return [_entry(row) for row in tx.execute(query)]


def of_desk(
    tx: sa.Connection, desk_id: int, since: datetime, until: datetime, events: Iterable[Event]
) -> list[Entry]:
    """What of these kinds happened at a desk from `since` until before `until`, oldest first."""
    query = sa.select(history).filter_by(desk_id=desk_id)
    query = query.where(history.c.at >= since, history.c.at < until)
    chosen = query.where(history.c.event.in_(tuple(events))).order_by(history.c.id)
    return [_entry(row) for row in tx.execute(chosen)]


def first_sight(tx: sa.Connection, team_id: str, event_id: str, now: datetime) -> bool:
    """Whether this event of Slack's is new; it is remembered from now on."""
    tx.execute(seen_events.delete().where(seen_events.c.seen_at < now - REMEMBER_EVENTS))
    row = {"team_id": team_id, "event_id": event_id, "seen_at": now}
    return insert_or_ignore(tx, seen_events, row, "team_id", "event_id")


def was_seen(tx: sa.Connection, team_id: str, event_id: str) -> bool:
    """Whether this event of Slack's is remembered."""
    query = sa.select(seen_events.c.event_id).filter_by(team_id=team_id, event_id=event_id)
    return tx.execute(query).first() is not None


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        desk_id=row.desk_id,
        post_id=row.post_id,
        actor=Actor(ActorKind(row.actor_kind), row.actor_id),
        event=Event(row.event),
        data=row.data,
        at=row.at,
    )
