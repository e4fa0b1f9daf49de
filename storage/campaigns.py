"""A desk's campaigns, and how far they got."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from rules.posts import Campaign, Status
from storage.inserts import insert_or_ignore
from storage.tables import campaigns, posts, targets


def ensure(tx: sa.Connection, desk_id: int, name: str, now: datetime) -> int:
    """The campaign of this name at a desk, made when there is none; returns its id."""
    key = name.casefold()
    row = {"desk_id": desk_id, "name": name, "name_key": key, "created_at": now}
    insert_or_ignore(tx, campaigns, row, "desk_id", "name_key")
    found = sa.select(campaigns.c.id).filter_by(desk_id=desk_id, name_key=key)
    return int(tx.execute(found).scalar_one())


def by_id(tx: sa.Connection, campaign_id: int) -> Campaign:
    """A campaign with its progress: cancelled and rejected posts don't count."""
    row = tx.execute(sa.select(campaigns).filter_by(id=campaign_id)).one()
    of_it = sa.select(posts.c.id).where(posts.c.campaign_id == campaign_id)
    every = of_it.where(_has_target(targets.c.status.not_in([Status.CANCELLED, Status.REJECTED])))
    unpublished = _has_target(targets.c.status != Status.PUBLISHED)
    published = of_it.where(~unpublished)
    return Campaign(row.id, row.name, _count(tx, published), _count(tx, every))


def _has_target(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(targets.c.post_id == posts.c.id, condition)


def _count(tx: sa.Connection, query: sa.Select[tuple[int]]) -> int:
    return int(tx.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one())
