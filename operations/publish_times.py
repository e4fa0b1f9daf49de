"""A post's time has come: it is handed to whoever publishes it, or it was missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from operations.nudges import awaits_its_time, plan, stamp
from operations.posts import desk_of, note, post_by_id
from operations.publishing import hand_off
from operations.tries import guard
from rules import life
from rules.life import Event
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.people import CLOCK
from rules.posts import Post, Status
from rules.reviews import Change, Review, ReviewState
from storage import history, messages, occurrences, posts, reviews


def come(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """The publish times of a desk's posts, when they fall due."""
    for occurrence in due:
        assert occurrence.post_id is not None
        post = post_by_id(tx, occurrence.team_id, occurrence.post_id, lock=True)
        if post.publish_at is None or stamp(post.publish_at) != occurrence.data["planned"]:
            occurrences.skip(tx, [occurrence.id], Skipped.REPLACED, now)
        elif post.hold_reason is not None:
            occurrences.skip(tx, [occurrence.id], Skipped.ON_HOLD, now)
        else:
            occurrences.done(tx, [occurrence.id], now)
            _has_come(tx, post, now)


def is_off_hold(tx: sa.Connection, post: Post, now: datetime) -> None:
    """What didn't come because a post was on hold, which was just read: its publish time, or the
    hour that it was put off to."""
    occurrences.put_back(tx, [OccurrenceKind.HAND_OFF], Skipped.ON_HOLD, post_id=post.id)
    _has_come(tx, post, now)


def is_anothers(tx: sa.Connection, post: Post, now: datetime) -> None:
    """Whoever owns it from now on is to publish it, where its time has come already."""
    if post.status is Status.SCHEDULED:
        _has_come(tx, post, now)


def _has_come(tx: sa.Connection, post: Post, now: datetime) -> None:
    if not awaits_its_time(post) or post.publish_at is None or post.publish_at > now:
        return
    if post.status is Status.SCHEDULED:
        hand_off(tx, post, stamp(post.publish_at), now)
    else:
        _miss(tx, post, now)


def come_again(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """What somebody didn't want to publish at its time is handed to them once more."""
    for occurrence in due:
        assert occurrence.post_id is not None
        # Whoever takes it off hold right now puts back what was skipped before.
        post = post_by_id(tx, occurrence.team_id, occurrence.post_id, lock=True)
        reason = _why_not_again(post, occurrence, now)
        if reason is None:
            occurrences.done(tx, [occurrence.id], now)
            hand_off(tx, post, f"again-{occurrence.id}", now)
        else:
            occurrences.skip(tx, [occurrence.id], reason, now)


def _why_not_again(post: Post, occurrence: Occurrence, now: datetime) -> Skipped | None:
    """Another publish time comes by itself: who said Not now meant the one that had come."""
    if post.status is not Status.SCHEDULED:
        return Skipped.REASON_GONE
    at = post.publish_at
    # Older ones don't say which time they were put off from.
    if at is None or at > now or occurrence.data.get("planned", stamp(at)) != stamp(at):
        return Skipped.REPLACED
    return Skipped.ON_HOLD if post.hold_reason is not None else None


def _miss(tx: sa.Connection, post: Post, now: datetime) -> None:
    assert post.publish_at is not None
    guard(posts.touch(tx, post))
    statuses = {t.network: life.advance(t.status, Event.MISS) for t in post.targets}
    posts.set_statuses(tx, post.id, statuses)
    note(tx, post, CLOCK, history.Event.MISSED, now, version=post.version)
    review = reviews.latest(tx, post.id)
    if review is not None:
        _end_what_was_taken_back(tx, post, review)
    messages.refresh(tx, post.id)
    # A draft that was never sent is its owner's business alone.
    desk = desk_of(tx, post)
    managers = desk.managers if review is not None else ()
    for person_id in dict.fromkeys((post.owner_id, *managers)):
        occurrences.add(
            tx,
            post.team_id,
            f"missed:{post.id}:{stamp(post.publish_at)}:{person_id}",
            OccurrenceKind.MISSED,
            now,
            now,
            desk_id=post.desk_id,
            person_id=person_id,
            post_id=post.id,
            data={"publish_at": stamp(post.publish_at)},
        )
    plan(tx, post.team_id, post.id, now)


def _end_what_was_taken_back(tx: sa.Connection, post: Post, review: Review) -> None:
    """Of a draft that was taken back after changes were requested in it, that no stood until now.
    Nothing else tells what was missed apart from what waits for those changes, in which the no can
    still be taken back, and a yes be given."""
    asked = review.state is ReviewState.CHANGES_REQUESTED and review.version == post.version
    if asked and post.status is Status.DRAFT:
        guard(reviews.change(tx, review, Change(ReviewState.ENDED, review.step), review.ended_at))
