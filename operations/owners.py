"""Whose post it is."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from operations.posts import note, post_by_id, post_to_change
from operations.tries import decided, guard
from rules import posts as rules
from rules.people import Person
from rules.posts import Post
from storage import Store, history, messages, posts, reviews


def hand_over(store: Store, who: Person, post_id: int, owner: Person, now: datetime) -> Post:
    """Gives a post to somebody else, whose card of it comes into their direct messages.

    Raises Refused: UNKNOWN, NOT_YOURS, IS_OVER, and at `owner` OWNER_CANNOT, OWNER_APPROVES.
    """

    def work(tx: sa.Connection) -> Post:
        post, _ = post_to_change(tx, who, post_id)
        if post.owner_id == owner.id:
            return post
        rules.check_not_over(post)
        review = reviews.latest(tx, post.id)
        steps = review.steps if review else ()
        rules.check_new_owner(post, owner, [who for step in steps for who in step.approvers])
        guard(posts.set_owner(tx, post, owner.id))
        note(tx, post, who, history.Event.HANDED_OVER, now, owner=owner.id)
        messages.refresh(tx, post.id)
        messages.add(
            tx,
            who.team_id,
            f"draft:{post_id}:{owner.id}",
            messages.Kind.DRAFT_CARD,
            now,
            desk_id=post.desk_id,
            person_id=owner.id,
            post_id=post_id,
        )
        return post_by_id(tx, who.team_id, post_id)

    return decided(store, work)
