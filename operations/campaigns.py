"""Which campaign a post belongs to."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from operations.posts import note, post_by_id, post_to_change
from operations.tries import decided, guard
from rules import drafting
from rules.people import Person
from rules.posts import Post
from storage import Store, campaigns, history, messages, posts


def set_campaign(store: Store, who: Person, post_id: int, name: str, now: datetime) -> Post:
    """Puts a post into its desk's campaign of this name, made when there is none; no name takes
    it out.

    Raises Refused: UNKNOWN, NOT_YOURS, IS_OVER, CAMPAIGN_TOO_LONG at `campaign`.
    """
    tidied = drafting.check_campaign(name)

    def work(tx: sa.Connection) -> Post:
        post, desk = post_to_change(tx, who, post_id)
        drafting.check_not_over(post)
        campaign_id = campaigns.ensure(tx, desk.id, tidied, now) if tidied else None
        if campaign_id == post.campaign_id:
            return post
        guard(posts.set_campaign(tx, post, campaign_id))
        note(tx, post, who, history.Event.CAMPAIGN_SET, now, campaign=tidied)
        messages.refresh(tx, post.id)
        return post_by_id(tx, who.team_id, post_id)

    return decided(store, work)
