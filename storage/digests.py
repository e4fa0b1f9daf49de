"""What a digest tells of besides the answers: the posts of its days, and who offered to help."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime

import sqlalchemy as sa

from rules.posts import UNSENT, Status
from rules.standups import Round
from storage.inserts import insert_or_ignore
from storage.tables import help_offers, posts, reviews, rounds

_ROUND = [rounds.c[field.name] for field in fields(Round)]
_LATEST_ROUND = (
    sa.select(*_ROUND)
    .where(rounds.c.desk_id == sa.bindparam("desk_id"), rounds.c.message_id.is_not(None))
    .order_by(rounds.c.local_date.desc())
    .limit(1)
)
_NOT_TOLD = (Status.CANCELLED, Status.REJECTED)


def due_posts(
    tx: sa.Connection, desk_id: int, start: datetime, end: datetime
) -> list[tuple[int, datetime]]:
    """The ids and publish times of what the channel may know of a desk's posts from `start` until
    before `end`, in that order: a draft that was never sent is its owner's business."""
    # As an EXISTS, PostgreSQL would read all reviews there are, to have them at hand.
    a_review = sa.select(reviews.c.id).where(reviews.c.post_id == posts.c.id).limit(1)
    was_sent = sa.or_(posts.c.status.not_in(UNSENT), a_review.scalar_subquery().is_not(None))
    query = (
        sa.select(posts.c.id, posts.c.publish_at)
        .where(posts.c.desk_id == desk_id)
        .where(posts.c.publish_at >= start, posts.c.publish_at < end)
        .where(posts.c.status.not_in(_NOT_TOLD), was_sent)
        .order_by(posts.c.publish_at, posts.c.id)
    )
    return [(row.id, row.publish_at) for row in tx.execute(query)]


def latest_round(tx: sa.Connection, desk_id: int) -> Round | None:
    """The desk's newest round that has a digest."""
    row = tx.execute(_LATEST_ROUND, {"desk_id": desk_id}).first()
    return Round(**row._mapping) if row else None


def lock_round(tx: sa.Connection, round_id: int) -> Round:
    """One round; whoever else asks for it here waits for this transaction (PostgreSQL)."""
    query = sa.select(*_ROUND).filter_by(id=round_id)
    # Not FOR UPDATE: who has just added an answer holds the round's key, and two of them would
    # wait for each other.
    locked = query.with_for_update(key_share=True)
    return Round(**tx.execute(locked).one()._mapping)


def rounds_between(tx: sa.Connection, desk_id: int, first: date, last: date) -> list[Round]:
    """The desk's rounds from one day to another, both included."""
    query = sa.select(*_ROUND).filter_by(desk_id=desk_id)
    query = query.where(rounds.c.local_date >= first, rounds.c.local_date <= last)
    return [Round(**row._mapping) for row in tx.execute(query.order_by(rounds.c.local_date))]


def offer(tx: sa.Connection, answer_id: int, helper_id: int, now: datetime) -> bool:
    """Notes that somebody offers to help; False where they did before."""
    row = {"answer_id": answer_id, "helper_id": helper_id, "offered_at": now}
    return insert_or_ignore(tx, help_offers, row, "answer_id", "helper_id")


def offers(tx: sa.Connection, answer_ids: Collection[int]) -> dict[int, list[int]]:
    """Who offered to help, by answer, in that order."""
    query = sa.select(help_offers).where(help_offers.c.answer_id.in_(tuple(answer_ids)))
    found: dict[int, list[int]] = {}
    for row in tx.execute(query.order_by(help_offers.c.id)):
        found.setdefault(row.answer_id, []).append(row.helper_id)
    return found
