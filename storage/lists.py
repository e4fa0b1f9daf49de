"""Posts in lists: few queries for a page, and few rows read, however many posts there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from rules.networks import Network
from rules.posts import UNDER_WAY, UNSENT, Status, search_key
from storage.tables import campaigns, people, posts, reviews, targets, versions


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list; `text` is the current version's."""

    post_id: int
    number: int
    desk_id: int
    owner_id: int
    owner: str
    publish_at: datetime | None
    text: str
    on_hold: bool
    urgent: bool
    networks: tuple[Network, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is about; apart from the desks, what is None or empty doesn't matter."""

    desks: tuple[int, ...]
    statuses: tuple[Status, ...] = ()
    network: Network | None = None
    campaign_id: int | None = None
    owner_id: int | None = None
    number: int | None = None
    words: tuple[str, ...] = ()


def page(
    tx: sa.Connection,
    reader_id: int,
    managed: Collection[int],
    wanted: Filter,
    offset: int,
    limit: int,
) -> list[Listed]:
    """The newest posts first. A draft is listed for its owner and in the desks they manage."""
    parts = list(_parts(reader_id, managed, wanted, offset + limit))
    if not parts:
        return []
    every = sa.union_all(*parts).subquery()
    newest = sa.select(every.c.id).order_by(every.c.number.desc()).offset(offset).limit(limit)
    return by_ids(tx, list(tx.execute(newest).scalars()))


def _parts(
    reader_id: int, managed: Collection[int], wanted: Filter, limit: int
) -> Iterator[sa.Select[Any]]:
    """The newest of a campaign, of an owner, or of each desk; of each status, where it matters:
    what one index has in order, so that hardly more than a page of each is read. One query over
    several desks would sort all of their posts."""
    conditions = [_visible(reader_id, managed), *_conditions(wanted)]
    places: list[sa.ColumnElement[bool]] = [posts.c.desk_id == i for i in wanted.desks]
    if places and (wanted.campaign_id, wanted.owner_id) != (None, None):
        places = [posts.c.desk_id.in_(wanted.desks)]
    for place in places:
        for status in wanted.statuses or (None,):
            query = sa.select(posts.c.id, posts.c.number).where(place, *conditions)
            if status is not None:
                query = query.where(posts.c.status == status)
            newest = query.order_by(posts.c.number.desc()).limit(limit)
            yield sa.select(newest.subquery())  # SQLite sorts no part of a union by itself


def at_hand(tx: sa.Connection, owner_id: int, before: datetime, limit: int) -> list[Listed]:
    """What somebody has to do with their own posts: those that go out before that moment, the
    first ones first, then those that were sent back to them."""
    goes_out = sa.and_(posts.c.status.in_(UNDER_WAY), posts.c.publish_at < before)
    query = (
        sa.select(posts.c.id)
        .where(posts.c.owner_id == owner_id, posts.c.status.in_(UNDER_WAY))
        .where(sa.or_(goes_out, posts.c.status == Status.CHANGES_REQUESTED))
        .order_by(sa.case((goes_out, 0), else_=1), posts.c.publish_at, posts.c.number)
        .limit(limit)
    )
    ids = list(tx.execute(query).scalars())
    return sorted(by_ids(tx, ids), key=lambda post: ids.index(post.post_id))


def counts(
    tx: sa.Connection,
    reader_id: int,
    managed: Collection[int],
    desk_ids: Collection[int],
    statuses: Collection[Status],
) -> dict[int, dict[Status, int]]:
    """How many posts each desk has in each of these statuses."""
    query = (
        sa.select(posts.c.desk_id, posts.c.status, sa.func.count().label("number"))
        .where(posts.c.desk_id.in_(desk_ids), posts.c.status.in_(statuses))
        .where(_visible(reader_id, managed))
        .group_by(posts.c.desk_id, posts.c.status)
    )
    found: dict[int, dict[Status, int]] = {desk_id: {} for desk_id in desk_ids}
    for row in tx.execute(query):
        found[row.desk_id][Status(row.status)] = row.number
    return found


def campaigns_of(tx: sa.Connection, desk_ids: Collection[int], limit: int) -> dict[int, str]:
    """The newest campaigns of these desks, by id."""
    query = (
        sa.select(campaigns.c.id, campaigns.c.name)
        .where(campaigns.c.desk_id.in_(desk_ids))
        .order_by(campaigns.c.id.desc())
        .limit(limit)
    )
    return {row.id: row.name for row in tx.execute(query)}


def last_desk_id(tx: sa.Connection, team_id: str, owner_id: int) -> int | None:
    """The desk of this person's newest post."""
    query = (
        sa.select(posts.c.desk_id)
        .filter_by(team_id=team_id, owner_id=owner_id)
        .order_by(posts.c.number.desc())
        .limit(1)
    )
    return tx.execute(query).scalar()


def _visible(reader_id: int, managed: Collection[int]) -> sa.ColumnElement[bool]:
    """As rules.access.check_may_see, for somebody who is in the desks' channels."""
    # As an EXISTS, PostgreSQL would read all reviews there are, to have them at hand.
    a_review = sa.select(reviews.c.id).where(reviews.c.post_id == posts.c.id).limit(1)
    return sa.or_(
        posts.c.status.not_in(UNSENT),
        posts.c.owner_id == reader_id,
        posts.c.desk_id.in_(managed),
        a_review.scalar_subquery().is_not(None),
    )


def _conditions(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.network is not None:
        conditions.append(
            sa.exists().where(targets.c.post_id == posts.c.id, targets.c.network == wanted.network)
        )
    if wanted.campaign_id is not None:
        conditions.append(posts.c.campaign_id == wanted.campaign_id)
    if wanted.owner_id is not None:
        conditions.append(posts.c.owner_id == wanted.owner_id)
    if wanted.number is not None:
        conditions.append(posts.c.number == wanted.number)
    if wanted.words:
        keys = [search_key(word) for word in wanted.words]
        has_words = [versions.c.text_key.contains(key, autoescape=True) for key in keys]
        # As an EXISTS, PostgreSQL would read all texts there are, once for each desk.
        found = sa.select(versions.c.id).where(_is_current(), *has_words).limit(1)
        conditions.append(found.scalar_subquery().is_not(None))
    return conditions


def _is_current() -> sa.ColumnElement[bool]:
    return sa.and_(versions.c.post_id == posts.c.id, versions.c.number == posts.c.version)


def by_ids(tx: sa.Connection, ids: Collection[int]) -> list[Listed]:
    """The posts with these ids, the newest first."""
    query = (
        sa.select(posts, people.c.name.label("owner"), versions.c.text)
        .join(versions, _is_current())
        .join(people, people.c.id == posts.c.owner_id)
        .where(posts.c.id.in_(ids))
        .order_by(posts.c.number.desc())
    )
    networks: dict[int, tuple[Network, ...]] = dict.fromkeys(ids, ())
    its_targets = sa.select(targets).where(targets.c.post_id.in_(ids)).order_by(targets.c.id)
    for target in tx.execute(its_targets):
        networks[target.post_id] += (Network(target.network),)
    return [
        Listed(
            post_id=row.id,
            number=row.number,
            desk_id=row.desk_id,
            owner_id=row.owner_id,
            owner=row.owner,
            publish_at=row.publish_at,
            text=row.text,
            on_hold=row.hold_reason is not None,
            urgent=row.urgent_reason is not None,
            networks=networks[row.id],
            status=Status(row.status),
        )
        for row in tx.execute(query)
    ]
