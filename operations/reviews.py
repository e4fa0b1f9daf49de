"""Sending a version for approval, and every decision on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from operations import nudges
from operations.covers import ask, cards
from operations.posts import (
    Shown,
    desk_of,
    note,
    of_reviews,
    post_by_id,
    post_to_change,
    record,
    redraw,
    shown,
)
from operations.tries import decided, guard
from rules import access, drafting, life
from rules import reviews as rules
from rules.contents import Content
from rules.desks import Desk, DeskRefusal
from rules.life import Event
from rules.people import Actor, Person
from rules.posts import Post, PostRefusal, Status
from rules.refused import Refused
from rules.reviews import Change, Decision, Review, ReviewRefusal, ReviewState, Step, Verdict
from storage import Store, history, messages, posts, reviews

# Slack takes 100 blocks in a view; a post that waits has up to eleven.
QUEUE_LENGTH = 9

_ENDS = {
    ReviewState.APPROVED: Event.APPROVE,
    ReviewState.CHANGES_REQUESTED: Event.REQUEST_CHANGES,
    ReviewState.REJECTED: Event.REJECT,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A post that was sent; `review` is None where nobody has to approve."""

    post: Post
    desk: Desk
    review: Review | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A post and its review as they are after a decision."""

    post: Post
    desk: Desk
    review: Review


def send(store: Store, who: Person, post_id: int, seen: int, now: datetime) -> Sent:
    """Sends the version `seen` for approval.

    Raises Refused: UNKNOWN, NOT_YOURS, WRONG_STATUS, ON_HOLD, OLDER_VERSION, TOO_LONG_FOR,
    TIME_PASSED, ASLEEP, NOBODY_MAY_APPROVE.
    """

    def work(tx: sa.Connection) -> Sent:
        post, desk = post_to_change(tx, who, post_id)
        if post.version != seen:
            raise Refused(PostRefusal.OLDER_VERSION, version=seen, current=post.version)
        content = posts.version(tx, post.id, post.version).content
        review = send_now(tx, who, post, desk, content, now)
        sent = post_by_id(tx, who.team_id, post_id)
        nudges.plan_for(tx, sent, desk, review or reviews.latest(tx, post_id), now)
        return Sent(sent, desk, review)

    return decided(store, work)


def send_now(
    tx: sa.Connection, who: Person, post: Post, desk: Desk, content: Content, now: datetime
) -> Review | None:
    """As `send`, within a transaction, for a post that was just read in it, and its `content`."""
    if desk.asleep:
        raise Refused(DeskRefusal.ASLEEP, field="text", channel_id=desk.channel_id)
    life.advance(post.status, Event.SEND)
    drafting.check_not_on_hold(post)
    drafting.check_sendable(content, post.publish_at, now)
    steps = rules.steps_of(desk.policy.steps, post.owner_id, desk.policy.own_posts)
    guard(posts.touch(tx, post))
    if not steps:
        _advance(tx, post, Event.PASS, now)
        note(tx, post, who, history.Event.PASSED, now, version=post.version)
        messages.refresh(tx, post.id)
        return None
    return start(tx, who, post, desk, steps, desk.policy.id, now)


def start(
    tx: sa.Connection,
    who: Person,
    post: Post,
    desk: Desk,
    steps: tuple[Step, ...],
    policy_id: int,
    now: datetime,
) -> Review:
    """Starts a review of the present version, with its cards."""
    _advance(tx, post, Event.SEND, now)
    review = reviews.add(tx, post.id, post.version, policy_id, post.owner_id, steps, who.id, now)
    messages.refresh(tx, post.id)
    messages.add(
        tx,
        post.team_id,
        f"review:{review.id}:channel",
        messages.Kind.CHANNEL_CARD,
        now,
        desk_id=desk.id,
        channel_id=desk.channel_id,
        post_id=post.id,
        review_id=review.id,
    )
    review = cards(tx, post, review, now)
    record(tx, post, Actor.person(who.id), history.Event.SENT, now, version=post.version)
    concerned = {who.id, *review.current.approvers, *messages.readers(tx, post.id)}
    redraw(tx, post, concerned, now, for_digest=True)
    return review


def decide(
    store: Store, who: Person, review_id: int, verdict: Verdict, comment: str, now: datetime
) -> Decided:
    """One person's word on one version, if they may give it at this moment.

    Raises Refused: see rules.reviews.check_may_decide and check_comment.
    """

    def work(tx: sa.Connection) -> Decided:
        post, review = review_to_decide(tx, who, review_id)
        after = rules.decide(review, who.id, verdict, post.version)
        rules.check_comment(verdict, comment)
        guard(posts.touch(tx, post))
        post = replace(post, revision=post.revision + 1)
        word = Word(verdict, comment.strip(), review.step, review.places_of(who.id))
        post, review = record_decision(tx, who, post, review, word, after, now)
        desk = desk_of(tx, post)
        # A review that takes a decision is the newest of its post.
        nudges.plan_for(tx, post, desk, review, now)
        return Decided(post, desk, review)

    return decided(store, work)


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says of a version at a step of its review, in their own place and as a cover
    (`places`, by the approvers' ids); `edited`: of one that they have just written themselves."""

    verdict: Verdict
    comment: str
    step: int
    places: tuple[int, ...]
    edited: bool = False

    def in_place_of(self, person_id: int) -> tuple[int, ...]:
        """Whom this person stands in for with it."""
        return tuple(sorted(place for place in self.places if place != person_id))


def record_decision(
    tx: sa.Connection,
    who: Person,
    post: Post,
    review: Review,
    word: Word,
    after: Change,
    now: datetime,
) -> tuple[Post, Review]:
    """Writes a decision that the rules allow, and tells whom it concerns; returns the post and its
    review as they are then."""
    ends = after.state in _ENDS
    guard(reviews.change(tx, review, after, now if ends else None))
    actor = Actor.person(who.id)
    networks = [target.network for target in post.targets]
    others = word.in_place_of(who.id)
    decision_id = reviews.add_decision(
        tx, review, word.step, actor, word.verdict, word.comment, networks, others, now
    )
    said = {"verdict": word.verdict, "comment": word.comment, "version": review.version}
    said |= {"for": list(others)} if others else {}
    note(tx, post, who, history.Event.DECIDED, now, **said)
    messages.refresh(tx, post.id)
    decision = Decision(
        decision_id, review.id, word.step, who.id, word.verdict, word.comment, now, None, others
    )
    changed = rules.with_decision(review, decision, after)
    if ends:
        post = _advance(tx, post, _ENDS[after.state], now)
    elif after.step != review.step:
        changed = ask(tx, post, changed, now)
    # A plain yes of many is in the cards; what is to be read is worth a message.
    if ends or word.comment or word.edited:
        _tell_owner(tx, post, review, decision_id, who, messages.Kind.OUTCOME, now)
    return post, changed


def undo(store: Store, who: Person, review_id: int, now: datetime) -> Shown:
    """Takes back what this person decided last in a review.

    Raises Refused: SENT_AGAIN, and as rules.access.check_may_undo.
    """

    def work(tx: sa.Connection) -> Shown:
        post, review = review_to_decide(tx, who, review_id)
        newest = reviews.latest(tx, post.id)
        if newest is not None and newest.id != review.id:
            raise Refused(ReviewRefusal.SENT_AGAIN)
        mine = access.check_may_undo(post, review, who)
        guard(reviews.undo_decision(tx, mine.id, now))
        guard(reviews.change(tx, review, rules.undone(review, mine), None))
        guard(posts.touch(tx, post))
        said = {"verdict": mine.verdict, "version": review.version}
        note(tx, post, who, history.Event.UNDONE, now, **said)
        messages.refresh(tx, post.id)
        if review.state is not ReviewState.OPEN:
            _advance(tx, post, Event.UNDO, now)
            _tell_owner(tx, post, review, mine.id, who, messages.Kind.TAKEN_BACK, now)
        # Others may be away by now than when this step was asked.
        again = reviews.by_id(tx, post.team_id, review.id)
        assert again is not None
        ask(tx, post, again, now)
        nudges.plan(tx, who.team_id, post.id, now)
        return shown(tx, post.team_id, post.id, review.id)

    return decided(store, work)


def end_review(tx: sa.Connection, who: Person, post: Post, now: datetime) -> Review | None:
    """Ends what is under way, or was approved, for a post that goes another way; returns it."""
    review = reviews.latest(tx, post.id)
    if review is None or review.state not in (ReviewState.OPEN, ReviewState.APPROVED):
        return None
    guard(reviews.change(tx, review, Change(ReviewState.ENDED, review.step), now))
    ended = {"version": review.version, "approved_by": list(review.approved_by)}
    note(tx, post, who, history.Event.REVIEW_ENDED, now, **ended)
    return review


def check_may_decide(store: Store, who: Person, review_id: int) -> Shown:
    """The post of a review that this person may decide on now; for opening a form.

    Raises Refused as `decide` does.
    """
    with store.read() as tx:
        review = reviews.by_id(tx, who.team_id, review_id)
        if review is None:
            raise Refused(ReviewRefusal.UNKNOWN)
        found = shown(tx, who.team_id, review.post_id, review_id)
        rules.check_may_decide(review, who.id, found.post.version)
        return found


def queue(store: Store, who: Person) -> list[Shown]:
    """What waits for this person, oldest first; one more than QUEUE_LENGTH where there is more."""
    with store.read() as tx:
        return waiting(tx, who, QUEUE_LENGTH + 1)


def waiting(tx: sa.Connection, who: Person, limit: int) -> list[Shown]:
    """As `queue`, within a transaction, `limit` at the most."""
    found = reviews.waiting_for(tx, who.team_id, who.id, limit)
    return of_reviews(tx, who.team_id, found)


def review_to_decide(tx: sa.Connection, who: Person, review_id: int) -> tuple[Post, Review]:
    """The review with its post locked: two people deciding at once take turns."""
    post = posts.of_review(tx, who.team_id, review_id)
    review = reviews.by_id(tx, who.team_id, review_id)
    if post is None or review is None:
        raise Refused(ReviewRefusal.UNKNOWN)
    return post, review


def _advance(tx: sa.Connection, post: Post, event: Event, now: datetime) -> Post:
    def after(status: Status) -> Status:
        if event in (Event.APPROVE, Event.PASS):
            return life.approved(status, event, post.publish_at, now)
        return life.advance(status, event)

    moved = tuple(replace(target, status=after(target.status)) for target in post.targets)
    posts.set_statuses(tx, post.id, {target.network: target.status for target in moved})
    return replace(post, targets=moved)


def _tell_owner(
    tx: sa.Connection,
    post: Post,
    review: Review,
    decision_id: int,
    who: Person,
    kind: messages.Kind,
    now: datetime,
) -> None:
    if post.owner_id == who.id:
        return
    messages.add(
        tx,
        post.team_id,
        f"{kind}:{decision_id}:{post.owner_id}",
        kind,
        now,
        desk_id=post.desk_id,
        person_id=post.owner_id,
        post_id=post.id,
        review_id=review.id,
        decision_id=decision_id,
    )
