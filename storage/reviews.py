"""Reviews with the steps they started with, and the decisions taken in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from rules.networks import Network
from rules.people import Actor
from rules.reviews import (
    Change,
    Decision,
    Quorum,
    QuorumKind,
    Review,
    ReviewState,
    Step,
    Verdict,
)
from storage.inserts import insert
from storage.tables import decisions, posts, review_approvers, review_steps, reviews


def add(
    tx: sa.Connection,
    post_id: int,
    version: int,
    policy_id: int,
    owner_id: int,
    steps: tuple[Step, ...],
    sent_by: int,
    now: datetime,
) -> int:
    """Starts a review with a snapshot of its steps; returns its id."""
    row = {
        "post_id": post_id,
        "version": version,
        "policy_id": policy_id,
        "owner_id": owner_id,
        "state": ReviewState.OPEN,
        "sent_by": sent_by,
        "sent_at": now,
    }
    review_id = insert(tx, reviews, row)
    for position, step in enumerate(steps):
        quorum = {"quorum": step.quorum.kind, "quorum_count": step.quorum.count}
        tx.execute(review_steps.insert().values(review_id=review_id, position=position, **quorum))
        for who in step.approvers:
            approver = {"kind": "person", "reference": who}
            tx.execute(
                review_approvers.insert().values(review_id=review_id, position=position, **approver)
            )
    return review_id


def by_id(tx: sa.Connection, team_id: str, review_id: int) -> Review | None:
    """A review of this workspace."""
    query = sa.select(reviews).join(posts, posts.c.id == reviews.c.post_id)
    found = query.where(reviews.c.id == review_id, posts.c.team_id == team_id)
    return next(iter(_reviews(tx, found)), None)


def by_ids(tx: sa.Connection, ids: Collection[int]) -> dict[int, Review]:
    """These reviews."""
    query = sa.select(reviews).where(reviews.c.id.in_(tuple(ids)))
    return {review.id: review for review in _reviews(tx, query)}


def latest(tx: sa.Connection, post_id: int) -> Review | None:
    """The newest review of a post, open or over."""
    query = sa.select(reviews).filter_by(post_id=post_id).order_by(reviews.c.id.desc()).limit(1)
    return next(iter(_reviews(tx, query)), None)


def of_post(tx: sa.Connection, post_id: int) -> list[Review]:
    """Every review of a post, oldest first."""
    query = sa.select(reviews).filter_by(post_id=post_id).order_by(reviews.c.id)
    return _reviews(tx, query)


def policy_id_of(tx: sa.Connection, review_id: int) -> int:
    """The id of the rules, as the desk had them, that a review came from."""
    return int(tx.execute(sa.select(reviews.c.policy_id).filter_by(id=review_id)).scalar_one())


def waiting_for(tx: sa.Connection, team_id: str, person_id: int, limit: int) -> list[Review]:
    """The open reviews whose current step this person can still decide, oldest first."""
    asked = sa.exists().where(
        review_approvers.c.review_id == reviews.c.id,
        review_approvers.c.position == reviews.c.step,
        review_approvers.c.kind == "person",
        review_approvers.c.reference == person_id,
    )
    decided = sa.exists().where(
        decisions.c.review_id == reviews.c.id,
        decisions.c.step == reviews.c.step,
        decisions.c.person_id == person_id,
        decisions.c.undone_at.is_(None),
    )
    query = (
        sa.select(reviews)
        .join(posts, posts.c.id == reviews.c.post_id)
        .where(posts.c.team_id == team_id, reviews.c.state == ReviewState.OPEN, asked, ~decided)
        .order_by(reviews.c.id)
        .limit(limit)
    )
    return _reviews(tx, query)


def open_posts(tx: sa.Connection, desk_id: int) -> list[int]:
    """The ids of a desk's posts that are in review."""
    query = sa.select(reviews.c.post_id).join(posts, posts.c.id == reviews.c.post_id)
    found = query.where(posts.c.desk_id == desk_id, reviews.c.state == ReviewState.OPEN)
    return list(tx.execute(found).scalars())


def change(tx: sa.Connection, review: Review, after: Change, ended_at: datetime | None) -> bool:
    """Moves the review on, unless somebody else did since it was read."""
    query = (
        reviews.update()
        .filter_by(id=review.id, revision=review.revision)
        .values(
            state=after.state,
            step=after.step,
            ended_at=ended_at,
            revision=review.revision + 1,
        )
    )
    return tx.execute(query).rowcount == 1


def reassign(tx: sa.Connection, review: Review, place: int, instead: int) -> None:
    """Gives an approver's place to somebody else, at the current step and those after it at which
    that one isn't asked anyway."""
    for position, step in enumerate(review.steps):
        if position >= review.step and place in step.approvers and instead not in step.approvers:
            where = {"review_id": review.id, "position": position, "reference": place}
            query = review_approvers.update().filter_by(**where)
            tx.execute(query.values(reference=instead))


def add_decision(
    tx: sa.Connection,
    review: Review,
    step: int,
    actor: Actor,
    verdict: Verdict,
    comment: str,
    networks: Iterable[Network],
    now: datetime,
) -> int:
    """Records one person's word at a step of the review; returns its id."""
    row = {
        "review_id": review.id,
        "step": step,
        "actor_kind": actor.kind,
        "person_id": actor.person_id,
        "verdict": verdict,
        "comment": comment,
        "networks": list(networks),
        "decided_at": now,
    }
    return insert(tx, decisions, row)


def undo_decision(tx: sa.Connection, decision_id: int, now: datetime) -> bool:
    """Takes a decision back; False where it already was."""
    query = decisions.update().filter_by(id=decision_id, undone_at=None).values(undone_at=now)
    return tx.execute(query).rowcount == 1


def _reviews(tx: sa.Connection, query: sa.Select[Any]) -> list[Review]:
    rows = tx.execute(query).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    approvers = _by_review(tx, review_approvers, ids, review_approvers.c.id)
    steps = _by_review(tx, review_steps, ids, review_steps.c.position)
    taken = _by_review(tx, decisions, ids, decisions.c.id)
    return [
        Review(
            id=row.id,
            post_id=row.post_id,
            version=row.version,
            owner_id=row.owner_id,
            steps=tuple(_step(step, approvers[row.id]) for step in steps[row.id]),
            step=row.step,
            state=ReviewState(row.state),
            decisions=tuple(_decision(decision) for decision in taken[row.id]),
            sent_by=row.sent_by,
            sent_at=row.sent_at,
            ended_at=row.ended_at,
            revision=row.revision,
        )
        for row in rows
    ]


def _by_review(
    tx: sa.Connection, table: sa.Table, ids: list[int], order: sa.Column[Any]
) -> dict[int, list[sa.Row[Any]]]:
    found: dict[int, list[sa.Row[Any]]] = {review_id: [] for review_id in ids}
    for row in tx.execute(sa.select(table).where(table.c.review_id.in_(ids)).order_by(order)):
        found[row.review_id].append(row)
    return found


def _step(row: sa.Row[Any], approvers: list[sa.Row[Any]]) -> Step:
    return Step(
        approvers=tuple(a.reference for a in approvers if a.position == row.position),
        quorum=Quorum(QuorumKind(row.quorum), row.quorum_count),
    )


def _decision(row: sa.Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        review_id=row.review_id,
        step=row.step,
        person_id=row.person_id,
        verdict=Verdict(row.verdict),
        comment=row.comment,
        decided_at=row.decided_at,
        undone_at=row.undone_at,
    )
