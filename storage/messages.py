"""What Slack is to show: noted here, delivered by way of storage.outbox."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from storage.inserts import insert_or_ignore
from storage.statements import rows
from storage.tables import messages, occurrences, people, posts, reviews


class Kind(StrEnum):
    """What a message shows. Those in CARDS are kept up to date, the others are sent once. EARLIER
    is one of a post's that stands in Slack as it was when it could not be changed any more, and was
    posted anew: what people answer to it is about that post, too."""

    DRAFT_CARD = "draft_card"
    CHANNEL_CARD = "channel_card"
    APPROVER_CARD = "approver_card"
    OUTCOME = "outcome"
    COMMENT = "comment"
    COMMENTED = "commented"
    COMMENT_KEPT = "comment_kept"
    QUESTION = "question"
    TAKEN_BACK = "taken_back"
    ASKED_FOR = "asked_for"
    DONE = "done"
    NO_COVER = "no_cover"
    COVERING = "covering"
    MARKED_AWAY = "marked_away"
    WELCOME = "welcome"
    HELP = "help"
    DESK_ASLEEP = "desk_asleep"
    TROUBLE = "trouble"
    REMINDERS = "reminders"
    HAND_OFF = "hand_off"
    HAND_OFF_TEXT = "hand_off_text"
    UNREACHABLE = "unreachable"
    HOME = "home"
    DIGEST = "digest"
    DIGEST_DETAIL = "digest_detail"
    INTRODUCTION = "introduction"
    SILENT = "silent"
    WEEKLY_DRAFT = "weekly_draft"
    WEEKLY = "weekly"
    PROMPT = "prompt"
    TOO_MUCH = "too_much"
    EARLIER = "earlier"


# An outcome is a notice, yet drawn anew when it is taken back: it must not go on telling a lie.
# Nor must a question or a reminder go on asking what has been answered, a draft be offered that is
# written, or anybody be said to stand in for somebody who is back.
LIVE = frozenset(
    {
        Kind.DRAFT_CARD,
        Kind.CHANNEL_CARD,
        Kind.APPROVER_CARD,
        Kind.OUTCOME,
        Kind.QUESTION,
        Kind.DIGEST,
        Kind.DIGEST_DETAIL,
        Kind.SILENT,
        Kind.WEEKLY_DRAFT,
        Kind.REMINDERS,
        Kind.HAND_OFF,
        Kind.HAND_OFF_TEXT,
        Kind.UNREACHABLE,
        Kind.NO_COVER,
        Kind.COVERING,
        Kind.PROMPT,
        Kind.ASKED_FOR,
    }
)


_WORKED_WITH = (Kind.DRAFT_CARD, Kind.CHANNEL_CARD, Kind.APPROVER_CARD)


_DELIVERIES = uuid.UUID("5f0c1d6e-6b8a-4f5e-9a57-3f2d3a1c7b10")


class State(StrEnum):
    """How far the first posting got. UNKNOWN: it may be in Slack, and there is no telling."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Message:
    """One row: a notice or a card, to a person's direct messages or to a channel; in the thread of
    the message `thread_of`, where that is set, or of somebody's, whose ts is in `data`.

    `sending_since` is real time, not the calendar's: when the first try to post it began.
    """

    id: int
    team_id: str
    key: str
    kind: Kind
    live: bool
    desk_id: int | None
    person_id: int | None
    channel_id: str | None
    post_id: int | None
    review_id: int | None
    decision_id: int | None
    comment_id: int | None
    thread_of: int | None
    data: dict[str, Any]
    state: State
    wanted: int
    shown: int
    delivery_id: str
    posted_channel: str | None
    posted_ts: str | None
    holder: str | None
    attempts: int
    sending_since: datetime | None

    @property
    def may_have_thread(self) -> bool:
        """Whether something can be posted in its thread, now or once it is posted itself."""
        taken_away = self.kind in LIVE and not self.live
        return not taken_away and self.state in (State.WAITING, State.SENDING, State.SENT)


def _anew(chosen: sa.Update) -> sa.Update:
    return chosen.where(
        messages.c.state.in_([State.WAITING, State.SENDING, State.SENT, State.DROPPED])
    ).values(
        wanted=messages.c.wanted + 1,
        pending=True,
        # There was nothing to say with it; a change may bring the reason back.
        state=sa.case((messages.c.state == State.DROPPED, State.WAITING), else_=messages.c.state),
    )


_POST, _SINCE = (
    sa.bindparam("of_post", type_=sa.BigInteger),
    sa.bindparam("since", type_=sa.Integer),
)
_current = sa.select(posts.c.version).where(posts.c.id == _POST).scalar_subquery()
_over = sa.select(reviews.c.id).where(
    reviews.c.post_id == _POST, reviews.c.version < sa.func.coalesce(_SINCE, _current)
)
_CARDS_ANEW = _anew(
    messages.update().where(
        messages.c.post_id == _POST,
        messages.c.live,
        sa.or_(
            messages.c.review_id.is_(None),
            messages.c.review_id.not_in(_over),
            sa.and_(messages.c.state == State.SENT, messages.c.error.is_not(None)),
        ),
    )
)
_NAMING = (
    sa.select(occurrences.c.message_id)
    .where(occurrences.c.post_id == sa.bindparam("post_id"), occurrences.c.message_id.is_not(None))
    .distinct()
)
_PROMPTS = (
    sa.select(messages.c.id)
    .where(messages.c.person_id.in_(sa.bindparam("people", expanding=True)))
    .where(messages.c.kind == Kind.PROMPT, messages.c.created_at > sa.bindparam("since"))
    .order_by(messages.c.id)  # in one order, so that two who do this don't wait for each other
    .with_for_update()
)
_READERS = sa.select(messages.c.person_id).where(
    messages.c.post_id == sa.bindparam("post_id"), messages.c.person_id.is_not(None)
)


def add(
    tx: sa.Connection,
    team_id: str,
    key: str,
    kind: Kind,
    now: datetime,
    *,
    desk_id: int | None = None,
    person_id: int | None = None,
    channel_id: str | None = None,
    post_id: int | None = None,
    review_id: int | None = None,
    decision_id: int | None = None,
    comment_id: int | None = None,
    thread_of: int | None = None,
    data: dict[str, Any] | None = None,
) -> bool:
    """Notes a message to send to a person or a channel; False where `key` was used before."""
    row = {
        "team_id": team_id,
        "key": key,
        "kind": kind,
        "live": kind in LIVE,
        "desk_id": desk_id,
        "person_id": person_id,
        "channel_id": channel_id,
        "post_id": post_id,
        "review_id": review_id,
        "decision_id": decision_id,
        "comment_id": comment_id,
        "thread_of": thread_of,
        "data": data or {},
        "state": State.WAITING,
        "pending": True,
        "delivery_id": _delivery_id(team_id, key),
        "created_at": now,
    }
    return insert_or_ignore(tx, messages, row, "team_id", "key")


def _delivery_id(team_id: str, key: str) -> str:
    """The same for the same message, so that one which was sent after a backup was made is found in
    Slack once that is restored."""
    return uuid.uuid5(_DELIVERIES, f"{team_id} {key}").hex


def refresh(tx: sa.Connection, post_id: int, since: int | None = None) -> None:
    """Has the cards of a post drawn anew, and what names it among others; ten calls before the
    courier comes are one drawing.

    Cards of reviews of older versions say for good what became of those; they are left as they are
    down to the version `since`, unless Slack wouldn't take their last state.
    """
    tx.execute(_CARDS_ANEW, {"of_post": post_id, "since": since})
    redraw(tx, list(tx.execute(_NAMING, {"post_id": post_id}).scalars()))


def redraw(tx: sa.Connection, ids: Collection[int]) -> None:
    """As `refresh`, for these messages."""
    if ids:
        # In one order, so that two who do this don't wait for each other.
        these = messages.c.id.in_(tuple(ids))
        tx.execute(sa.select(messages.c.id).where(these).order_by("id").with_for_update())
        tx.execute(_anew(messages.update().filter_by(live=True).where(these)))


def redraw_prompts(tx: sa.Connection, people: Collection[int], since: datetime) -> None:
    """As `refresh`, for the mornings of these people that were noted since then."""
    found = list(tx.execute(_PROMPTS, {"people": tuple(people), "since": since}).scalars())
    if found:
        redraw(tx, found)


def revive(tx: sa.Connection, team_id: str, channel_id: str) -> None:
    """Has a channel's cards that Slack would not take there posted or drawn after all."""
    query = (
        messages.update()
        .filter_by(team_id=team_id, channel_id=channel_id, live=True)
        .where(messages.c.state.in_([State.FAILED, State.SENT]), messages.c.error.is_not(None))
    )
    tx.execute(_revived(query))


def _revived(chosen: sa.Update) -> sa.Update:
    state = sa.case((messages.c.state == State.FAILED, State.WAITING), else_=messages.c.state)
    return chosen.values(
        wanted=messages.c.wanted + 1, pending=True, error=None, attempts=0, state=state
    )


def take_up(tx: sa.Connection, team_id: str) -> None:
    """Has a workspace's cards drawn that Slack would not take. A notice that failed is old news;
    a card that was never shown is what somebody works with, so it is posted."""
    unshown = sa.and_(messages.c.state == State.FAILED, messages.c.kind.in_(_WORKED_WITH))
    query = messages.update().filter_by(team_id=team_id, live=True)
    query = query.where(messages.c.error.is_not(None))
    tx.execute(_revived(query.where(sa.or_(messages.c.state == State.SENT, unshown))))


def by_key(tx: sa.Connection, team_id: str, key: str, *, lock: bool = False) -> Message | None:
    """The message that was noted under this key; with `lock`, whoever else changes it waits for
    this transaction (PostgreSQL)."""
    query = rows(messages, "team_id", "key", lock=lock)
    row = tx.execute(query, {"team_id": team_id, "key": key}).first()
    return as_message(row, row.holder) if row else None


def by_keys(tx: sa.Connection, team_id: str, keys: Collection[str]) -> list[Message]:
    """The messages that were noted under these keys, in the order in which they were."""
    query = sa.select(messages).filter_by(team_id=team_id).where(messages.c.key.in_(tuple(keys)))
    return [as_message(row, row.holder) for row in tx.execute(query.order_by(messages.c.id))]


def latest(tx: sa.Connection, kind: Kind, person_id: int) -> Message | None:
    """The newest message of a kind that somebody got, or is to get."""
    query = sa.select(messages).filter_by(person_id=person_id, kind=kind)
    row = tx.execute(query.order_by(messages.c.id.desc()).limit(1)).first()
    return as_message(row, row.holder) if row else None


def last_shown(tx: sa.Connection, post_id: int, person_id: int, before: int) -> int | None:
    """The version that an approver was shown on their last card before the review `before`."""
    query = (
        sa.select(reviews.c.version)
        .join(messages, messages.c.review_id == reviews.c.id)
        .where(
            messages.c.post_id == post_id,
            messages.c.kind == Kind.APPROVER_CARD,
            messages.c.person_id == person_id,
            messages.c.posted_ts.is_not(None),
            reviews.c.id < before,
        )
        .order_by(reviews.c.id.desc())
        .limit(1)
    )
    return tx.execute(query).scalar()


def by_id(tx: sa.Connection, message_id: int) -> Message:
    """One message."""
    row = tx.execute(rows(messages, "id"), {"id": message_id}).one()
    return as_message(row, row.holder)


def to_person(tx: sa.Connection, person_id: int, message_id: int) -> Message | None:
    """A message to this person."""
    row = tx.execute(sa.select(messages).filter_by(id=message_id, person_id=person_id)).first()
    return as_message(row, row.holder) if row else None


def of_kind(
    tx: sa.Connection, team_id: str, message_id: int, kind: Kind, *, lock: bool = False
) -> Message | None:
    """A message of this workspace, if it is of this kind; with `lock` as `by_key`."""
    query = rows(messages, "team_id", "id", "kind", lock=lock)
    row = tx.execute(query, {"team_id": team_id, "id": message_id, "kind": kind}).first()
    return as_message(row, row.holder) if row else None


def at(tx: sa.Connection, team_id: str, channel: str, ts: str) -> Message | None:
    """The message of ours that stands at this address in Slack."""
    address = {"posted_channel": channel, "posted_ts": ts}
    row = tx.execute(sa.select(messages).filter_by(**address, team_id=team_id)).first()
    return as_message(row, row.holder) if row else None


def is_on_its_way(tx: sa.Connection, team_id: str, channel: str, slack_id: str) -> bool:
    """Whether Slack may have a message to this channel, or to this person, without our knowing its
    address yet."""
    query = (
        sa.select(messages.c.id)
        .outerjoin(people, people.c.id == messages.c.person_id)
        .where(messages.c.pending, messages.c.team_id == team_id, messages.c.state == State.SENDING)
        .where(sa.or_(messages.c.channel_id == channel, people.c.slack_id == slack_id))
    )
    return tx.execute(query.limit(1)).first() is not None


def answer(tx: sa.Connection, message: Message, data: dict[str, Any]) -> None:
    """Keeps what a person answered to a message, and has it drawn anew."""
    chosen = messages.update().filter_by(id=message.id)
    tx.execute(chosen.values(data={**message.data, **data}))
    redraw(tx, [message.id])


def readers(tx: sa.Connection, post_id: int) -> set[int]:
    """Who has, or gets, a message about a post in their own messages."""
    return set(tx.execute(_READERS, {"post_id": post_id}).scalars())


def thread(tx: sa.Connection, message_id: int) -> list[Message]:
    """What stands, or is to stand, in a message's thread, in the order in which it was noted."""
    query = sa.select(messages).filter_by(thread_of=message_id).order_by(messages.c.id)
    return [as_message(row, row.holder) for row in tx.execute(query)]


def told_since(tx: sa.Connection, person_id: int, since: datetime) -> int:
    """How many direct messages somebody got since a moment of the calendar, or is about to get."""
    query = sa.select(sa.func.count()).select_from(messages).filter_by(person_id=person_id)
    unsaid = (State.DROPPED, State.FAILED)
    found = query.where(messages.c.created_at >= since, messages.c.state.not_in(unsaid))
    return tx.execute(found.where(messages.c.kind != Kind.HOME)).scalar_one()


def about(
    tx: sa.Connection,
    kind: Kind,
    *,
    post_ids: Collection[int] | None = None,
    person_ids: Collection[int] | None = None,
    desk_id: int | None = None,
) -> list[Message]:
    """The messages of a kind about some posts, or to some people about a desk."""
    query = sa.select(messages).filter_by(kind=kind).order_by(messages.c.id)
    if post_ids is not None:
        query = query.where(messages.c.post_id.in_(tuple(post_ids)))
    if person_ids is not None:
        query = query.where(messages.c.person_id.in_(tuple(person_ids)))
    if desk_id is not None:
        query = query.filter_by(desk_id=desk_id)
    return [as_message(row, row.holder) for row in tx.execute(query)]


def last_delivered(
    tx: sa.Connection, team_id: str, person_id: int | None, channel_id: str | None
) -> int:
    """The id of the newest message that reached a person or a channel, 0 where none did."""
    query = (
        sa.select(sa.func.max(messages.c.id))
        .filter_by(
            team_id=team_id,
            person_id=person_id,
            channel_id=channel_id,
            state=State.SENT,
        )
        .where(messages.c.kind != Kind.HOME)
    )
    return tx.execute(query).scalar() or 0


def direct_channel(tx: sa.Connection, person_id: int) -> str | None:
    """The channel of a person's direct messages, where one of ours has been posted before."""
    query = (
        sa.select(messages.c.posted_channel)
        .filter_by(person_id=person_id)
        .where(messages.c.posted_channel.is_not(None))
        .limit(1)
    )
    return tx.execute(query).scalar()


def as_message(row: sa.Row[Any], holder: str | None) -> Message:
    """A row of the table, as whoever holds its claim sees it."""
    return Message(
        id=row.id,
        team_id=row.team_id,
        key=row.key,
        kind=Kind(row.kind),
        live=row.live,
        desk_id=row.desk_id,
        person_id=row.person_id,
        channel_id=row.channel_id,
        post_id=row.post_id,
        review_id=row.review_id,
        decision_id=row.decision_id,
        comment_id=row.comment_id,
        thread_of=row.thread_of,
        data=row.data,
        state=State(row.state),
        wanted=row.wanted,
        shown=row.shown,
        delivery_id=row.delivery_id,
        posted_channel=row.posted_channel,
        posted_ts=row.posted_ts,
        holder=holder,
        attempts=row.attempts,
        sending_since=row.sending_since,
    )
