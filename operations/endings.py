"""Ways out of a post's life, and back: to a draft, cancelled, restored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from operations import nudges
from operations.posts import note, post_by_id, post_to_change, tell
from operations.reviews import end_review
from operations.tries import decided, guard
from rules import life
from rules.life import Event
from rules.people import Person
from rules.posts import Post
from rules.reviews import Review
from storage import Store, history, messages, posts

_NOTES = {
    Event.BACK_TO_DRAFT: history.Event.BACK_TO_DRAFT,
    Event.CANCEL: history.Event.CANCELLED,
    Event.RESTORE: history.Event.RESTORED,
}


@dataclass(frozen=True, slots=True)
class Ended:
    """A post that went another way, and the review that this ended, if one was under way."""

    post: Post
    review: Review | None


def back_to_draft(store: Store, who: Person, post_id: int, now: datetime) -> Ended:
    """Takes a post back from its approvers. Raises Refused: UNKNOWN, NOT_YOURS, WRONG_STATUS."""
    return _go(store, who, post_id, Event.BACK_TO_DRAFT, now)


def cancel(store: Store, who: Person, post_id: int, now: datetime) -> Ended:
    """Cancels a post; it can be restored. Raises Refused: UNKNOWN, NOT_YOURS, WRONG_STATUS."""
    return _go(store, who, post_id, Event.CANCEL, now)


def restore(store: Store, who: Person, post_id: int, now: datetime) -> Ended:
    """Makes a cancelled post a draft again. Raises Refused: UNKNOWN, NOT_YOURS, WRONG_STATUS."""
    return _go(store, who, post_id, Event.RESTORE, now)


def _go(store: Store, who: Person, post_id: int, event: Event, now: datetime) -> Ended:
    def work(tx: sa.Connection) -> Ended:
        post, _ = post_to_change(tx, who, post_id)
        statuses = {t.network: life.advance(t.status, event) for t in post.targets}
        guard(posts.touch(tx, post))
        posts.set_statuses(tx, post.id, statuses)
        entry_id = note(tx, post, who, _NOTES[event], now, version=post.version)
        tell(tx, post, post.owner_id, who, entry_id, now)
        ended = end_review(tx, who, post, now)
        messages.refresh(tx, post.id)
        nudges.plan(tx, who.team_id, post_id, now)
        return Ended(post_by_id(tx, who.team_id, post_id), ended)

    return decided(store, work)
