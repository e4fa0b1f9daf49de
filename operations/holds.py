"""What is held, and what is urgent: flags on a post, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from operations import nudges, publish_times
from operations.duty import alarmed
from operations.posts import note, post_by_id, post_to_change, tell
from operations.tries import decided, guard
from rules import drafting
from rules.people import Person
from rules.posts import Post
from storage import Store, messages, posts
from storage.history import Event


@dataclass(frozen=True, slots=True)
class _Flag:
    reason: Callable[[Post], str | None]
    write: Callable[[sa.Connection, Post, str | None], bool]
    raised: Event
    lowered: Event


_HOLD = _Flag(lambda post: post.hold_reason, posts.set_on_hold, Event.HELD, Event.TAKEN_OFF_HOLD)
_URGENT = _Flag(
    lambda post: post.urgent_reason, posts.set_urgent, Event.MADE_URGENT, Event.NOT_URGENT
)


def hold(store: Store, who: Person, post_id: int, reason: str, now: datetime) -> Post:
    """Holds a post: it isn't sent and doesn't go out until it is taken off hold.

    Raises Refused: UNKNOWN, NOT_YOURS, IS_OVER, and at `reason` NO_REASON, REASON_TOO_LONG.
    """
    return _set(store, who, post_id, _HOLD, drafting.check_reason(reason), now)


def take_off_hold(store: Store, who: Person, post_id: int, now: datetime) -> Post:
    """Lets a post go on. Raises Refused: UNKNOWN, NOT_YOURS, IS_OVER."""
    return _set(store, who, post_id, _HOLD, None, now)


def make_urgent(store: Store, who: Person, post_id: int, reason: str, now: datetime) -> Post:
    """Marks a post as urgent; its cards say so and why.

    Raises Refused: UNKNOWN, NOT_YOURS, IS_OVER, and at `reason` NO_REASON, REASON_TOO_LONG.
    """
    return _set(store, who, post_id, _URGENT, drafting.check_reason(reason), now)


def make_not_urgent(store: Store, who: Person, post_id: int, now: datetime) -> Post:
    """Takes the mark away. Raises Refused: UNKNOWN, NOT_YOURS, IS_OVER."""
    return _set(store, who, post_id, _URGENT, None, now)


def _set(
    store: Store, who: Person, post_id: int, flag: _Flag, reason: str | None, now: datetime
) -> Post:
    def work(tx: sa.Connection) -> Post:
        post, desk = post_to_change(tx, who, post_id)
        drafting.check_not_over(post)
        if flag.reason(post) == reason:
            return post
        guard(flag.write(tx, post, reason))
        event = flag.lowered if reason is None else flag.raised
        entry_id = note(tx, post, who, event, now, reason=reason)
        # Neither hours nor a budget keep this from whom it concerns.
        for person_id in alarmed(tx, post, desk, now):
            tell(tx, post, person_id, who, entry_id, now)
        messages.refresh(tx, post.id)
        nudges.plan(tx, who.team_id, post_id, now)
        if flag is _HOLD and reason is None:
            # Its time may have come meanwhile.
            publish_times.is_off_hold(tx, post_by_id(tx, who.team_id, post_id), now)
        return post_by_id(tx, who.team_id, post_id)

    return decided(store, work)
