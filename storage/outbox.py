"""How far the courier got with each message: claimed for a while, then settled."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage.messages import Kind, Message, State, as_message
from storage.statements import change, rows
from storage.tables import messages

_NOW: sa.BindParameter[Any] = sa.bindparam("now")
_BUSY: sa.BindParameter[Any] = sa.bindparam("busy", expanding=True)
_FULL: sa.BindParameter[Any] = sa.bindparam("full", expanding=True)
_TO = messages.c.team_id + ":"
_CLAIMABLE = (
    sa.select(messages)
    .where(
        messages.c.pending.is_(True),
        messages.c.team_id.not_in(_FULL),
        sa.or_(messages.c.lease_until.is_(None), messages.c.lease_until < _NOW),
        sa.or_(messages.c.retry_at.is_(None), messages.c.retry_at <= _NOW),
    )
    .order_by(messages.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_TO_POST = _CLAIMABLE.where(
    messages.c.kind != Kind.HOME,
    (_TO + sa.func.coalesce(messages.c.channel_id, "")).not_in(_BUSY),
    (_TO + sa.cast(sa.func.coalesce(messages.c.person_id, 0), sa.Text)).not_in(_BUSY),
)
_HOME = _CLAIMABLE.where(messages.c.kind == Kind.HOME, (_TO + messages.c.key).not_in(_BUSY))


def claim(
    tx: sa.Connection,
    holder: str,
    now: datetime,
    lease: timedelta,
    busy: frozenset[str],
    full: frozenset[str] = frozenset(),
) -> Message | None:
    """Takes the oldest message with something to do, for `lease` of real time.

    `holder` is told apart from itself: whoever is late with one claim can't settle the next.
    A first posting is marked SENDING by this, before anybody calls Slack; one that was so
    already comes back as it is, for a look into the channel. `busy` are lanes to leave alone
    for now, each after its workspace ("T1:C1"): the ids of channels and people, and the keys of
    Homes; `full` are whole workspaces.
    """
    row = _oldest(tx, now, busy, full)
    if row is None:
        return None
    mark = f"{holder} {uuid.uuid4().hex}"
    values: dict[str, Any] = {"holder": mark, "lease_until": now + lease}
    if row.state == State.WAITING:
        values |= {"state": State.SENDING, "sending_since": now}
    tx.execute(change(messages, "id"), {"of_id": row.id, **values})
    return as_message(row, mark)


def has_claimable(
    tx: sa.Connection, now: datetime, busy: frozenset[str], full: frozenset[str]
) -> bool:
    """Whether `claim` would find anything."""
    return _oldest(tx, now, busy, full) is not None


def _oldest(
    tx: sa.Connection, now: datetime, busy: frozenset[str], full: frozenset[str]
) -> sa.Row[Any] | None:
    wanted = {"now": now, "busy": tuple(busy), "full": tuple(full)}
    # A Home can wait: it is old, drawn often, and would always come first. But it doesn't wait for
    # the messages to its reader, of which Slack takes one a second.
    return tx.execute(_TO_POST, wanted).first() or tx.execute(_HOME, wanted).first()


def posted(
    tx: sa.Connection, message: Message, drawn: int, channel: str, ts: str, now: datetime
) -> None:
    """It is in Slack, at this address, as of the change number `drawn`."""
    _settle(
        tx,
        message,
        state=State.SENT,
        posted_channel=channel,
        posted_ts=ts,
        shown=drawn,
        sent_at=now,
        attempts=0,
        error=None,
        pending=sa.and_(messages.c.live, messages.c.wanted > drawn),
    )


def drawn(tx: sa.Connection, message: Message, wanted: int) -> None:
    """The card in Slack now shows the change number `wanted`."""
    pending = messages.c.wanted > wanted
    _settle(tx, message, shown=wanted, attempts=0, error=None, pending=pending)


def retry(tx: sa.Connection, message: Message, at: datetime, error: str) -> None:
    """It certainly did not happen: again at `at`, in real time."""
    state = State.WAITING if message.state in (State.WAITING, State.SENDING) else message.state
    _settle(tx, message, state=state, retry_at=at, error=error, attempts=message.attempts + 1)


def doubt(tx: sa.Connection, message: Message, until: datetime, error: str) -> None:
    """It may have happened: stays SENDING, to be looked up at `until`, in real time."""
    _settle(
        tx,
        message,
        state=State.SENDING,
        lease_until=until,
        error=error,
        attempts=message.attempts + 1,
    )


def anew(tx: sa.Connection, message: Message) -> None:
    """The card in Slack can't be changed any more: it is posted once more, as a new message. Where
    it stood stays known."""
    row = tx.execute(rows(messages, "id"), {"id": message.id}).one()
    is_ours = _settle(
        tx,
        message,
        state=State.WAITING,
        posted_channel=None,
        posted_ts=None,
        delivery_id=uuid.uuid4().hex,
        shown=max(message.shown, 1),  # it was shown before: not to be dropped as no longer news
    )
    if is_ours and message.post_id is not None:
        tx.execute(messages.insert().values(_earlier(row)))


def _earlier(row: sa.Row[Any]) -> dict[str, Any]:
    """Where it stood, as a message of its own, about which nothing is left to do."""
    same = {name: value for name, value in row._asdict().items() if name != "id"}
    own = {"key": f"earlier:{row.delivery_id}", "kind": Kind.EARLIER, "live": False}
    return {**same, **own, "pending": False, "holder": None, "lease_until": None, "retry_at": None}


def taken_away(tx: sa.Connection, message: Message) -> None:
    """Somebody deleted it in Slack: that is respected, and it is not drawn any more."""
    _settle(tx, message, live=False, pending=False, error="deleted in Slack")


def drop(tx: sa.Connection, message: Message, reason: str) -> None:
    """There was no reason to post it any more when it was drawn; what changed since then may have
    brought the reason back, so that it is drawn once more.
    """
    changed = messages.c.wanted > message.wanted
    state = sa.case((changed, State.WAITING), else_=sa.literal(State.DROPPED, sa.Text))
    _settle(tx, message, state=state, pending=changed, error=reason)


def end(tx: sa.Connection, message: Message, state: State, error: str) -> None:
    """Nothing more will be done with it: FAILED or UNKNOWN; a card that stays SENT waits for the
    next change.
    """
    _settle(tx, message, state=state, error=error, pending=False)


def set_aside(tx: sa.Connection, team_id: str, error: str) -> None:
    """Ends what a workspace was to be told: its notices have failed, its cards stay as they are
    shown. What is on its way ends by itself."""
    free = messages.update().filter_by(team_id=team_id, pending=True, holder=None)
    waiting = messages.c.state == State.WAITING
    state = sa.case((waiting, State.FAILED), else_=messages.c.state)
    held = messages.c.state.in_([State.WAITING, State.SENT])
    tx.execute(free.where(held).values(state=state, pending=False, error=error, retry_at=None))


def _settle(tx: sa.Connection, message: Message, **values: Any) -> bool:
    """Ends a claim; nothing is written, and False, when the lease has gone to somebody else
    meanwhile."""
    values = {"holder": None, "lease_until": None, "retry_at": None, **values}
    chosen = messages.update().filter_by(id=message.id, holder=message.holder)
    return tx.execute(chosen.values(**values)).rowcount == 1
