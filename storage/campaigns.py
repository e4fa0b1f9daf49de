"""A desk's campaigns, and how far they got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from rules.posts import Campaign, Status
from storage.inserts import insert_or_ignore
from storage.tables import campaigns, posts


def ensure(tx: sa.Connection, desk_id: int, name: str, now: datetime) -> int:
    """The campaign of this name at a desk, made when there is none; returns its id."""
    key = name.casefold()
    row = {"desk_id": desk_id, "name": name, "name_key": key, "created_at": now}
    insert_or_ignore(tx, campaigns, row, "desk_id", "name_key")
    found = sa.select(campaigns.c.id).filter_by(desk_id=desk_id, name_key=key)
    return int(tx.execute(found).scalar_one())


def by_id(tx: sa.Connection, campaign_id: int) -> Campaign:
    """A campaign with its progress: cancelled and rejected posts don't count."""
    return by_ids(tx, [campaign_id])[campaign_id]


def names(tx: sa.Connection, desk_id: int) -> dict[int, str]:
    """The names of a desk's campaigns, by id."""
    query = sa.select(campaigns.c.id, campaigns.c.name).filter_by(desk_id=desk_id)
    return {row.id: row.name for row in tx.execute(query)}


def by_ids(tx: sa.Connection, ids: Iterable[int]) -> dict[int, Campaign]:
    """As `by_id`, for several at once."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    number = sa.func.count(posts.c.id)
    query = (
        sa.select(campaigns.c.id, campaigns.c.name, posts.c.status, number.label("number"))
        .outerjoin(posts, posts.c.campaign_id == campaigns.c.id)
        .where(campaigns.c.id.in_(wanted))
        .group_by(campaigns.c.id, campaigns.c.name, posts.c.status)
    )
    found: dict[int, Campaign] = {}
    for row in tx.execute(query):
        so_far = found.setdefault(row.id, Campaign(row.id, row.name, 0, 0))
        if row.status in (Status.CANCELLED, Status.REJECTED):
            continue
        out = row.number if row.status == Status.PUBLISHED else 0
        found[row.id] = replace(
            so_far, published=so_far.published + out, posts=so_far.posts + row.number
        )
    return found
