"""What falls due, in rows that stay."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from rules.occurrences import Occurrence, OccurrenceKind, OccurrenceState, Skipped
from storage.inserts import insert_or_ignore
from storage.tables import occurrences

_COLUMNS = [occurrences.c[field.name] for field in fields(Occurrence)]
_WAITING = occurrences.c.state == OccurrenceState.WAITING
_OF_POST = (
    sa.select(*_COLUMNS)
    .where(occurrences.c.post_id == sa.bindparam("post_id"))
    .where(occurrences.c.kind.in_(sa.bindparam("kinds", expanding=True)))
    .order_by(occurrences.c.id)
)
_ENDING = (
    occurrences.update()
    .where(_WAITING, occurrences.c.id.in_(sa.bindparam("among", expanding=True)))
    .values({c: sa.bindparam(c) for c in ("ended_at", "reason", "message_id")})
    .values(state=sa.bindparam("state_then"))
)
_PUT_ASIDE = sa.and_(
    occurrences.c.state == OccurrenceState.SKIPPED,
    sa.func.coalesce(occurrences.c.reason, "").in_((Skipped.REPLACED, Skipped.SWITCHED_OFF)),
)


def add(
    tx: sa.Connection,
    team_id: str,
    key: str,
    kind: OccurrenceKind,
    due_at: datetime,
    now: datetime,
    *,
    desk_id: int | None = None,
    person_id: int | None = None,
    post_id: int | None = None,
    review_id: int | None = None,
    local_date: date | None = None,
    data: dict[str, Any] | None = None,
) -> bool:
    """Notes that something falls due; False where `key` was used before, whatever came of it."""
    row = {
        "team_id": team_id,
        "key": key,
        "kind": kind,
        "due_at": due_at,
        "desk_id": desk_id,
        "person_id": person_id,
        "post_id": post_id,
        "review_id": review_id,
        "local_date": local_date,
        "data": data or {},
        "state": OccurrenceState.WAITING,
        "created_at": now,
    }
    return insert_or_ignore(tx, occurrences, row, "team_id", "key")


def plan(
    tx: sa.Connection,
    team_id: str,
    key: str,
    kind: OccurrenceKind,
    due_at: datetime,
    now: datetime,
    **whose: Any,
) -> bool:
    """As `add`; where it is noted already and hasn't come to pass, it falls due at this time
    instead. False where it has."""
    if add(tx, team_id, key, kind, due_at, now, **whose):
        return True
    query = (
        occurrences.update()
        .filter_by(team_id=team_id, key=key)
        .where(sa.or_(_WAITING, _PUT_ASIDE))
        .values(due_at=due_at, state=OccurrenceState.WAITING, reason=None, ended_at=None)
    )
    return tx.execute(query).rowcount == 1


def is_over(tx: sa.Connection, team_id: str, key: str) -> bool:
    """Whether what was noted under this key is done, or not to be done for good."""
    query = sa.select(occurrences.c.id).filter_by(team_id=team_id, key=key)
    return tx.execute(query.where(~_WAITING, ~_PUT_ASIDE)).first() is not None


def earliest(tx: sa.Connection) -> datetime | None:
    """When the next thing falls due, None where nothing waits."""
    query = sa.select(occurrences.c.due_at).where(_WAITING).order_by(occurrences.c.due_at).limit(1)
    return tx.execute(query).scalar()


def overdue(tx: sa.Connection, now: datetime) -> Occurrence | None:
    """What has been due for the longest, to be looked at only."""
    query = (
        sa.select(*_COLUMNS)
        .where(_WAITING, occurrences.c.due_at <= now)
        .order_by(occurrences.c.due_at, occurrences.c.id)
        .limit(1)
    )
    row = tx.execute(query).first()
    return _occurrence(row) if row else None


def wait_briefly(tx: sa.Connection) -> None:
    """In this transaction nothing that others have locked is waited for, but for a moment: shorter
    than PostgreSQL takes to look for circles, so that none comes about."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")


def due(tx: sa.Connection, now: datetime, limit: int) -> list[Occurrence]:
    """What is due, oldest first, at most `limit`; locked until the transaction ends, and without
    what another process is at."""
    query = (
        sa.select(*_COLUMNS)
        .where(_WAITING, occurrences.c.due_at <= now)
        .order_by(occurrences.c.due_at, occurrences.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_occurrence(row) for row in tx.execute(query)]


def waiting(
    tx: sa.Connection,
    kinds: Collection[OccurrenceKind],
    *,
    person_id: int | None = None,
    desk_id: int | None = None,
    post_id: int | None = None,
    review_id: int | None = None,
    before: datetime | None = None,
) -> list[Occurrence]:
    """What of these kinds waits for its time, for a person, a desk, a post or a review."""
    of = {"person_id": person_id, "desk_id": desk_id, "post_id": post_id, "review_id": review_id}
    query = (
        sa.select(*_COLUMNS)
        .where(_WAITING, occurrences.c.kind.in_(tuple(kinds)))
        .filter_by(**{name: value for name, value in of.items() if value is not None})
        .order_by(occurrences.c.due_at, occurrences.c.id)
        .with_for_update(skip_locked=True)
    )
    if before is not None:
        query = query.where(occurrences.c.due_at <= before)
    return [_occurrence(row) for row in tx.execute(query)]


def of_post(tx: sa.Connection, post_id: int, kinds: Collection[OccurrenceKind]) -> list[Occurrence]:
    """All of these kinds that a post ever had, whatever came of them."""
    wanted = {"post_id": post_id, "kinds": tuple(kinds)}
    return [_occurrence(row) for row in tx.execute(_OF_POST, wanted)]


def by_key(tx: sa.Connection, team_id: str, key: str) -> Occurrence | None:
    """The occurrence that was noted under this key."""
    row = tx.execute(sa.select(*_COLUMNS).filter_by(team_id=team_id, key=key)).first()
    return _occurrence(row) if row else None


def last_day(tx: sa.Connection, kind: OccurrenceKind, person_id: int) -> date | None:
    """The last of somebody's days on which one of this kind was done."""
    query = sa.select(sa.func.max(occurrences.c.local_date))
    done = query.filter_by(person_id=person_id, state=OccurrenceState.DONE, kind=kind)
    return tx.execute(done).scalar()


def of_message(tx: sa.Connection, message_id: int) -> list[Occurrence]:
    """What a message says."""
    query = sa.select(*_COLUMNS).filter_by(message_id=message_id)
    return [_occurrence(r) for r in tx.execute(query.order_by(occurrences.c.due_at, "id"))]


def done(
    tx: sa.Connection, ids: Collection[int], now: datetime, message_id: int | None = None
) -> None:
    """It is done, by the message `message_id` where it became one."""
    _end(tx, ids, OccurrenceState.DONE, now, message_id=message_id)


def skip(tx: sa.Connection, ids: Collection[int], reason: Skipped, now: datetime) -> None:
    """It is not done, and this is why."""
    _end(tx, ids, OccurrenceState.SKIPPED, now, reason=reason)


def fail(tx: sa.Connection, ids: Collection[int], reason: str, now: datetime) -> None:
    """It could not be worked out."""
    _end(tx, ids, OccurrenceState.FAILED, now, reason=reason)


def postpone(tx: sa.Connection, ids: Collection[int], until: datetime) -> None:
    """It falls due at another time instead."""
    chosen = occurrences.update().where(_WAITING, occurrences.c.id.in_(tuple(ids)))
    tx.execute(chosen.values(due_at=until))


def plan_anew(
    tx: sa.Connection,
    occurrence: Occurrence,
    due_at: datetime,
    person_id: int | None,
    data: dict[str, Any],
) -> None:
    """It falls due after all, or at another time: what waits, or was not done."""
    undone = (OccurrenceState.WAITING, OccurrenceState.SKIPPED)
    chosen = occurrences.update().where(
        occurrences.c.id == occurrence.id, occurrences.c.state.in_(undone)
    )
    waits = {"state": OccurrenceState.WAITING, "reason": None, "ended_at": None}
    tx.execute(chosen.values(due_at=due_at, person_id=person_id, data=data, **waits))


def put_back(
    tx: sa.Connection,
    kinds: Collection[OccurrenceKind],
    reason: Skipped,
    *,
    person_id: int | None = None,
    desk_id: int | None = None,
    post_id: int | None = None,
) -> None:
    """What of these kinds was skipped for this reason, which is gone, waits again: for the time it
    was to fall due."""
    of = {"person_id": person_id, "desk_id": desk_id, "post_id": post_id}
    query = (
        occurrences.update()
        .where(occurrences.c.kind.in_(tuple(kinds)))
        .filter_by(state=OccurrenceState.SKIPPED, reason=reason)
        .filter_by(**{name: value for name, value in of.items() if value is not None})
        .values(state=OccurrenceState.WAITING, reason=None, ended_at=None)
    )
    tx.execute(query)


def pass_to(tx: sa.Connection, ids: Collection[int], person_id: int) -> None:
    """It is somebody else's now."""
    chosen = occurrences.update().where(_WAITING, occurrences.c.id.in_(tuple(ids)))
    tx.execute(chosen.values(person_id=person_id))


def told(tx: sa.Connection, review_id: int, kind: OccurrenceKind) -> list[tuple[int, datetime]]:
    """Who was told something about a review, and when (UTC), the latest for each."""
    columns = occurrences.c.person_id, sa.func.max(occurrences.c.ended_at).label("at")
    query = (
        sa.select(*columns)
        .filter_by(review_id=review_id, kind=kind, state=OccurrenceState.DONE)
        .where(occurrences.c.person_id.is_not(None))
        .group_by(occurrences.c.person_id)
        .order_by("at")
    )
    return [(row.person_id, row.at) for row in tx.execute(query)]


def _end(
    tx: sa.Connection, ids: Collection[int], state: OccurrenceState, now: datetime, **values: Any
) -> None:
    if ids:
        among = {"among": tuple(ids), "state_then": state, "ended_at": now}
        tx.execute(_ENDING, {**among, "reason": None, "message_id": None, **values})


def _occurrence(row: sa.Row[Any]) -> Occurrence:
    values = dict(row._mapping)
    return Occurrence(
        **values | {"kind": OccurrenceKind(row.kind), "state": OccurrenceState(row.state)}
    )
