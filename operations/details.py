"""What belongs to a post and to no version: when it goes out, when it is needed, notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from operations import nudges
from operations.posts import note, post_by_id, post_to_change
from operations.tries import decided, guard
from rules import drafting, life
from rules.people import Person
from rules.posts import Details, Post, PostRefusal, Status
from rules.refused import Refused
from storage import Store, history, messages, posts, reviews


def change(tx: sa.Connection, who: Person, post: Post, details: Details, now: datetime) -> None:
    """Writes details that the rules allow; an approval stays what it was."""
    if details == post.details:
        return
    guard(posts.change(tx, post, post.version, details))
    if details.publish_at != post.publish_at:
        # One that stays may have passed before the approval came: that is not scheduled.
        goes_on = life.going_on(reviews.latest(tx, post.id), post.version)
        at = details.publish_at
        statuses = {t.network: life.retimed(t.status, at, goes_on) for t in post.targets}
        posts.set_statuses(tx, post.id, statuses)
    note(tx, post, who, history.Event.DETAILS_CHANGED, now, **as_data(details))
    messages.refresh(tx, post.id)


def new_time(store: Store, who: Person, post_id: int, at: datetime | None, now: datetime) -> Post:
    """Gives a missed post another publish time, and puts it back to where it was. When it was
    needed by goes with the time that was missed, where that has passed too: its approvers are to be
    reminded of the new one.

    Raises Refused: UNKNOWN, NOT_YOURS, WRONG_STATUS, and at `publish_at` NO_TIME, TIME_PASSED.
    """

    def work(tx: sa.Connection) -> Post:
        post, _ = post_to_change(tx, who, post_id)
        if post.status is not Status.MISSED:
            raise Refused(PostRefusal.WRONG_STATUS, status=post.status, event=life.Event.SET_TIME)
        if at is None:
            raise Refused(PostRefusal.NO_TIME, field="publish_at")
        drafting.check_publish_time(at, now)
        by = post.needed_by if post.needed_by is not None and post.needed_by > now else None
        details = replace(post.details, publish_at=at, needed_by=by)
        change(tx, who, post, details, now)
        nudges.plan(tx, who.team_id, post_id, now)
        return post_by_id(tx, who.team_id, post_id)

    return decided(store, work)


def as_data(details: Details) -> dict[str, str | None]:
    """Details as they are kept in the record of a post."""
    at, by = details.publish_at, details.needed_by
    return {
        "publish_at": at.isoformat() if at else None,
        "needed_by": by.isoformat() if by else None,
        "notes": details.notes,
    }
