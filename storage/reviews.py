"""Reviews with the steps they started with, and the decisions taken in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from rules.networks import Network
from rules.people import Actor
from rules.posts import Status
from rules.reviews import (
    Away,
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
from storage.statements import change as changed
from storage.statements import insertion, rows, rows_among
from storage.tables import (
    absences,
    decided_for,
    decisions,
    posts,
    review_approvers,
    review_steps,
    reviews,
)

_AMONG: sa.BindParameter[Any] = sa.bindparam("among", expanding=True)
_BY_ID = (
    rows(reviews, "id")
    .join(posts, posts.c.id == reviews.c.post_id)
    .where(posts.c.team_id == sa.bindparam("team_id"))
)
_LATEST = rows(reviews, "post_id").order_by(reviews.c.id.desc()).limit(1)
_STEPS = (
    sa.select(
        review_steps,
        review_approvers.c.id.label("approver"),
        review_approvers.c.reference,
        review_approvers.c.absence_id,
        review_approvers.c.cover_id,
        absences.c.last_day,
    )
    .outerjoin(
        review_approvers,
        sa.and_(
            review_approvers.c.review_id == review_steps.c.review_id,
            review_approvers.c.position == review_steps.c.position,
        ),
    )
    .outerjoin(absences, absences.c.id == review_approvers.c.absence_id)
    .where(review_steps.c.review_id.in_(_AMONG))
    .order_by(review_steps.c.review_id, review_steps.c.position, review_approvers.c.id)
)
_DECISIONS = (
    sa.select(decisions, decided_for.c.approver_id)
    .outerjoin(decided_for, decided_for.c.decision_id == decisions.c.id)
    .where(decisions.c.review_id.in_(_AMONG))
    .order_by(decisions.c.id, decided_for.c.approver_id)
)


def add(
    tx: sa.Connection,
    post_id: int,
    version: int,
    policy_id: int,
    owner_id: int,
    steps: tuple[Step, ...],
    sent_by: int,
    now: datetime,
) -> Review:
    """Starts a review with a snapshot of its steps, in which nobody is noted as away yet."""
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
        at = {"review_id": review_id, "position": position}
        quorum = {"quorum": step.quorum.kind, "quorum_count": step.quorum.count}
        tx.execute(insertion(review_steps), {**at, **quorum})
        asked = [{**at, "kind": "person", "reference": who} for who in step.approvers]
        tx.execute(insertion(review_approvers), asked)
    return Review(
        id=review_id,
        post_id=post_id,
        version=version,
        owner_id=owner_id,
        steps=tuple(replace(step, away={}) for step in steps),
        step=0,
        state=ReviewState.OPEN,
        decisions=(),
        sent_by=sent_by,
        sent_at=now,
        ended_at=None,
        revision=1,
    )


def by_id(tx: sa.Connection, team_id: str, review_id: int) -> Review | None:
    """A review of this workspace."""
    return next(iter(_reviews(tx, _BY_ID, {"team_id": team_id, "id": review_id})), None)


def by_ids(tx: sa.Connection, ids: Collection[int]) -> dict[int, Review]:
    """These reviews."""
    found = _reviews(tx, rows_among(reviews, "id"), {"among": tuple(ids)})
    return {review.id: review for review in found}


def latest(tx: sa.Connection, post_id: int) -> Review | None:
    """The newest review of a post, open or over."""
    return next(iter(_reviews(tx, _LATEST, {"post_id": post_id})), None)


def policy_id_of(tx: sa.Connection, review_id: int) -> int:
    """The id of the rules, as the desk had them, that a review came from."""
    return int(tx.execute(sa.select(reviews.c.policy_id).filter_by(id=review_id)).scalar_one())


def waiting_for(tx: sa.Connection, team_id: str, person_id: int, limit: int) -> list[Review]:
    """The open reviews whose current step this person can still decide, for themselves or as a
    cover, oldest first."""
    place = review_approvers.c.reference
    stands_in = sa.and_(review_approvers.c.cover_id == person_id, reviews.c.owner_id != person_id)
    # Named, because left to itself SQLAlchemy looks one query up only, not two.
    outer = (reviews, review_approvers)
    for_them = (
        sa.exists()
        .where(decided_for.c.decision_id == decisions.c.id, decided_for.c.approver_id == place)
        .correlate(decisions, *outer)
    )
    filled = (
        sa.exists()
        .where(
            decisions.c.review_id == reviews.c.id,
            decisions.c.step == reviews.c.step,
            decisions.c.undone_at.is_(None),
            sa.or_(decisions.c.person_id == place, for_them),
        )
        .correlate(*outer)
    )
    waits = _asks(sa.or_(place == person_id, stands_in), ~filled)
    query = (
        sa.select(reviews)
        .join(posts, posts.c.id == reviews.c.post_id)
        .where(posts.c.team_id == team_id, reviews.c.state == ReviewState.OPEN, waits)
        .order_by(reviews.c.id)
        .limit(limit)
    )
    return _reviews(tx, query)


def asking(tx: sa.Connection, team_id: str, people: Collection[int]) -> list[tuple[int, int]]:
    """The open reviews whose current step has any of these people as an approver, with the post
    of each before it, by the post."""
    query = (
        sa.select(reviews.c.post_id, reviews.c.id)
        .join(posts, posts.c.id == reviews.c.post_id)
        .where(posts.c.team_id == team_id, reviews.c.state == ReviewState.OPEN)
        .where(_asks(review_approvers.c.reference.in_(tuple(people))))
        .order_by(reviews.c.post_id)
    )
    return [(row.post_id, row.id) for row in tx.execute(query)]


def _asks(*whom: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether the current step has an approver like this."""
    return sa.exists().where(
        review_approvers.c.review_id == reviews.c.id,
        review_approvers.c.position == reviews.c.step,
        review_approvers.c.kind == "person",
        *whom,
    )


def set_away(tx: sa.Connection, review: Review, away: Mapping[int, Away]) -> None:
    """Notes who of the current step's approvers is away, and who stands in for them."""
    for approver in review.current.approvers:
        found = away.get(approver)
        place = review_approvers.update().filter_by(
            review_id=review.id, position=review.step, kind="person", reference=approver
        )
        tx.execute(
            place.values(
                absence_id=found.absence_id if found else None,
                cover_id=found.cover_id if found else None,
            )
        )


def open_posts(tx: sa.Connection, desk_id: int) -> list[int]:
    """The ids of a desk's posts that are in review."""
    query = sa.select(reviews.c.post_id).join(posts, posts.c.id == reviews.c.post_id)
    found = query.where(posts.c.desk_id == desk_id, reviews.c.state == ReviewState.OPEN)
    return list(tx.execute(found).scalars())


def open_at(tx: sa.Connection, desk_id: int, limit: int) -> tuple[list[Review], int]:
    """A desk's open reviews, the oldest `limit` of them first, and how many there are in all."""
    waits = sa.and_(
        posts.c.desk_id == desk_id,
        posts.c.status == Status.IN_REVIEW,
        reviews.c.state == ReviewState.OPEN,
    )
    together = reviews.join(posts, posts.c.id == reviews.c.post_id)
    count = sa.select(sa.func.count()).select_from(together).where(waits)
    query = sa.select(reviews).select_from(together).where(waits).order_by(reviews.c.id)
    return _reviews(tx, query.limit(limit)), tx.execute(count).scalar_one()


def of_posts(tx: sa.Connection, post_ids: Iterable[int]) -> list[Review]:
    """Every review of these posts, oldest first."""
    query = sa.select(reviews).where(reviews.c.post_id.in_(tuple(post_ids)))
    return _reviews(tx, query.order_by(reviews.c.id))


def change(tx: sa.Connection, review: Review, after: Change, ended_at: datetime | None) -> bool:
    """Moves the review on, unless somebody else did since it was read."""
    seen = {"of_id": review.id, "of_revision": review.revision}
    values = {"state": after.state, "step": after.step, "ended_at": ended_at}
    values |= {"revision": review.revision + 1}
    return tx.execute(changed(reviews, "id", "revision"), {**seen, **values}).rowcount == 1


def reassign(tx: sa.Connection, review: Review, place: int, instead: int) -> None:
    """Gives an approver's place to somebody else, at the current step and those after it at which
    that one isn't asked anyway."""
    for position, step in enumerate(review.steps):
        if position >= review.step and place in step.approvers and instead not in step.approvers:
            where = {"review_id": review.id, "position": position, "reference": place}
            query = review_approvers.update().filter_by(**where)
            tx.execute(query.values(reference=instead, absence_id=None, cover_id=None))


def add_decision(
    tx: sa.Connection,
    review: Review,
    step: int,
    actor: Actor,
    verdict: Verdict,
    comment: str,
    networks: Iterable[Network],
    in_place_of: Iterable[int],
    now: datetime,
) -> int:
    """Records one person's word at a step of the review, for themselves or as a cover `in_place_of`
    others; returns its id."""
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
    decision_id = insert(tx, decisions, row)
    for approver in in_place_of:
        others = {"decision_id": decision_id, "approver_id": approver}
        tx.execute(decided_for.insert().values(**others))
    return decision_id


def undo_decision(tx: sa.Connection, decision_id: int, now: datetime) -> bool:
    """Takes a decision back; False where it already was."""
    query = decisions.update().filter_by(id=decision_id, undone_at=None).values(undone_at=now)
    return tx.execute(query).rowcount == 1


def _reviews(
    tx: sa.Connection, query: sa.Select[Any], values: Mapping[str, Any] | None = None
) -> list[Review]:
    found = tx.execute(query, values).all()
    if not found:
        return []
    ids = [row.id for row in found]
    steps = _steps(tx, ids)
    taken = _decisions(tx, ids)
    return [
        Review(
            id=row.id,
            post_id=row.post_id,
            version=row.version,
            owner_id=row.owner_id,
            steps=tuple(steps.get(row.id, ())),
            step=row.step,
            state=ReviewState(row.state),
            decisions=tuple(taken.get(row.id, ())),
            sent_by=row.sent_by,
            sent_at=row.sent_at,
            ended_at=row.ended_at,
            revision=row.revision,
        )
        for row in found
    ]


def _steps(tx: sa.Connection, ids: list[int]) -> dict[int, list[Step]]:
    """In their order, by the review; of each, who was asked."""
    found: dict[int, list[Step]] = {}
    its_rows = tx.execute(_STEPS, {"among": ids})
    for (review_id, _), rows_of_step in groupby(its_rows, lambda r: (r.review_id, r.position)):
        asked = list(rows_of_step)
        found.setdefault(review_id, []).append(_step(asked[0], [r for r in asked if r.approver]))
    return found


def _step(row: sa.Row[Any], approvers: list[sa.Row[Any]]) -> Step:
    return Step(
        approvers=tuple(a.reference for a in approvers),
        quorum=Quorum(QuorumKind(row.quorum), row.quorum_count),
        away={
            a.reference: Away(a.absence_id, a.last_day, a.cover_id)
            for a in approvers
            if a.absence_id is not None
        },
    )


def _decisions(tx: sa.Connection, ids: list[int]) -> dict[int, list[Decision]]:
    """In the order in which they were taken, by the review."""
    found: dict[int, list[Decision]] = {}
    for _, its_rows in groupby(tx.execute(_DECISIONS, {"among": ids}), lambda r: r.id):
        places = list(its_rows)
        row = places[0]
        decision = Decision(
            id=row.id,
            review_id=row.review_id,
            step=row.step,
            person_id=row.person_id,
            verdict=Verdict(row.verdict),
            comment=row.comment,
            decided_at=row.decided_at,
            undone_at=row.undone_at,
            in_place_of=tuple(r.approver_id for r in places if r.approver_id is not None),
        )
        found.setdefault(row.review_id, []).append(decision)
    return found
