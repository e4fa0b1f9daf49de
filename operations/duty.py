"""Who is on duty, and whom nothing is kept from."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from operations.covers import away_now
from rules import standups as rules
from rules.desks import Desk
from rules.local_time import today
from rules.posts import UNSENT, Post
from rules.standups import Standup
from storage import people, reviews, standups


def on_duty(tx: sa.Connection, desk: Desk, now: datetime) -> int | None:
    """Who is on duty at a desk today, None where nobody is, or it has no standup."""
    standup = standups.by_desk(tx, desk.id)
    if standup is None or not standup.is_on:
        return None
    away = tuple(away_now(tx, desk.team_id, now).values())
    return rules.on_duty(standup, today(now, desk.time_zone), away, who_left(tx, standup))


def who_left(tx: sa.Connection, standup: Standup) -> frozenset[int]:
    """The members of a standup who have left."""
    members = people.by_ids(tx, standup.members)
    return frozenset(who for who, person in members.items() if person.is_gone)


def alarmed(tx: sa.Connection, post: Post, desk: Desk, now: datetime) -> tuple[int, ...]:
    """Who hears of it at any hour when a post is urgent or held: its owner, and who is on duty,
    unless it was never sent."""
    unsent = post.status in UNSENT and reviews.latest(tx, post.id) is None
    duty = None if unsent else on_duty(tx, desk, now)
    return (post.owner_id,) if duty in (None, post.owner_id) else (post.owner_id, duty)
