"""Whose post it is."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from operations import publish_times
from operations.covers import ask
from operations.posts import note, post_by_id, post_to_change, tell
from operations.tries import decided, guard
from rules import access, drafting
from rules.people import Person
from rules.posts import Post
from rules.reviews import ReviewState
from storage import Store, history, messages, posts, reviews


def hand_over(
    store: Store, who: Person, post_id: int, owner: Person, in_channel: bool, now: datetime
) -> Post:
    """Gives a post to somebody else, whose card of it comes into their direct messages.

    `in_channel`: whether `owner` is in the desk's channel. Raises Refused: UNKNOWN, NOT_YOURS,
    IS_OVER, and at `owner` as rules.access.check_may_own.
    """

    def work(tx: sa.Connection) -> Post:
        post, desk = post_to_change(tx, who, post_id)
        drafting.check_not_over(post)
        if post.owner_id == owner.id:
            return post
        access.check_may_own(desk, reviews.latest(tx, post.id), owner, in_channel)
        guard(posts.set_owner(tx, post, owner.id))
        _ask_anew(tx, post, now)
        entry_id = note(tx, post, who, history.Event.HANDED_OVER, now, owner=owner.id)
        tell(tx, post, post.owner_id, who, entry_id, now)
        messages.refresh(tx, post.id, since=1)  # whose it is stands on each
        if not _card(tx, post, owner, who, now):
            # The card from when it was theirs before is far up by now.
            tell(tx, post, owner.id, who, entry_id, now)
        handed = post_by_id(tx, who.team_id, post_id)
        publish_times.is_anothers(tx, handed, now)
        return handed

    return decided(store, work)


def _ask_anew(tx: sa.Connection, post: Post, now: datetime) -> None:
    """Who owned it before may stand in for an approver now."""
    review = reviews.latest(tx, post.id)
    if review is not None and review.state is ReviewState.OPEN:
        ask(tx, post_by_id(tx, post.team_id, post.id), review, now)


def _card(tx: sa.Connection, post: Post, owner: Person, who: Person, now: datetime) -> bool:
    return messages.add(
        tx,
        post.team_id,
        f"draft:{post.id}:{owner.id}",
        messages.Kind.DRAFT_CARD,
        now,
        desk_id=post.desk_id,
        person_id=owner.id,
        post_id=post.id,
        data={"from": who.id},
    )
