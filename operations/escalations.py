"""When nobody decides: reminding once more, asking somebody else, approving in their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from operations import nudges
from operations.covers import ask
from operations.posts import Shown, desk_of, note, shown, tell
from operations.reviews import Word, record_decision, review_to_decide
from operations.tries import decided, guard
from rules import access
from rules import nudges as rules
from rules import reviews as review_rules
from rules.desks import Desk
from rules.occurrences import OccurrenceKind
from rules.people import Person
from rules.posts import Post
from rules.refused import Refused
from rules.reviews import Change, Review, ReviewRefusal, ReviewState, Verdict
from storage import Store, desks, history, messages, occurrences, people, posts, reviews
from storage.messages import Kind

WAITING_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody whom no message reaches, with what waits for them at a desk."""

    person: Person
    desk: Desk
    error: str
    waiting: tuple[Shown, ...]


def remind_again(
    store: Store, who: Person, review_id: int, now: datetime
) -> dict[Person, datetime]:
    """Has everybody reminded who still has to decide; by whom, when they hear of it (UTC) at the
    earliest. Clicked twice in a quarter of an hour, they are reminded once.

    Raises Refused: UNKNOWN, NOT_MANAGER, OVER, ON_HOLD, WRONG_STATUS.
    """

    def work(tx: sa.Connection) -> dict[Person, datetime]:
        post, review = review_to_decide(tx, who, review_id)
        desk = desk_of(tx, post)
        access.check_may_remind(post, desk, review, who)
        told: dict[Person, datetime] = {}
        for place in review.open_places:
            person_id = rules.goes_to(review, place)
            if person_id is None:
                continue
            when = nudges.stamp(rules.quarter_of(now))
            occurrences.add(
                tx,
                post.team_id,
                f"again:{review.id}:{review.step}:{place}:{when}",
                OccurrenceKind.REMINDER,
                now,
                now,
                desk_id=desk.id,
                person_id=person_id,
                post_id=post.id,
                review_id=review.id,
                data={"place": place, "step": review.step},
            )
            person = people.by_ids(tx, [person_id])[person_id]
            hours = nudges.hours_of(desk, person)
            told[person] = rules.comes_at(hours, person.quiet_until, now)
        return told

    return decided(store, work)


def reassign(
    store: Store, who: Person, review_id: int, place: int, instead: Person, now: datetime
) -> Shown:
    """Asks `instead` in the place of an approver who hasn't decided; both hear of it.

    Raises Refused: UNKNOWN, NOT_MANAGER, OVER, at `place` NOT_WAITING, and at `approver`
    CANNOT_APPROVE, OWNS_IT, ASKED_ALREADY.
    """

    def work(tx: sa.Connection) -> Shown:
        post, review = review_to_decide(tx, who, review_id)
        desk = desk_of(tx, post)
        access.check_may_reassign(post, desk, review, who, place, instead)
        entry_id = _swap(tx, who, post, desk, review, place, instead.id, now)
        again = _reread(tx, post, review)
        had_a_card = messages.by_key(tx, post.team_id, f"review:{review.id}:approver:{instead.id}")
        ask(tx, post, again, now)
        if had_a_card is not None:
            tell(tx, post, instead.id, who, entry_id, now)
        nudges.plan(tx, post.team_id, post.id, now)
        return shown(tx, post.team_id, post.id, review.id)

    return decided(store, work)


def approve_instead(store: Store, who: Person, review_id: int, place: int, now: datetime) -> Shown:
    """A manager's approval, in the place of an approver who hasn't decided.

    Raises Refused: as `reassign`, with the manager as who is asked instead.
    """

    def work(tx: sa.Connection) -> Shown:
        post, review = review_to_decide(tx, who, review_id)
        desk = desk_of(tx, post)
        access.check_may_reassign(post, desk, review, who, place, who)
        _swap(tx, who, post, desk, review, place, who.id, now)
        again = _reread(tx, post, review)
        after = review_rules.decide(again, who.id, Verdict.APPROVE, post.version)
        word = Word(Verdict.APPROVE, "", again.step, again.places_of(who.id))
        record_decision(tx, who, post, again, word, after, now)
        nudges.plan(tx, post.team_id, post.id, now)
        return shown(tx, post.team_id, post.id, review.id)

    return decided(store, work)


def to_reassign(store: Store, who: Person, review_id: int) -> Shown:
    """A post under review that this manager may ask somebody else about; for opening a form.

    Raises Refused: UNKNOWN, NOT_MANAGER, OVER.
    """
    with store.read() as tx:
        review = reviews.by_id(tx, who.team_id, review_id)
        if review is None:
            raise Refused(ReviewRefusal.UNKNOWN)
        found = shown(tx, who.team_id, review.post_id, review_id)
        access.check_may_escalate(found.post, found.desk, review, who)
        return found


def tell_unreachable(
    tx: sa.Connection, desk: Desk, person_id: int, error: str, now: datetime
) -> None:
    """Tells a desk's managers that no message reaches an approver; once, and again when one did
    meanwhile."""
    since = messages.last_delivered(tx, desk.team_id, person_id, None)
    for manager in desk.managers:
        if manager != person_id:
            messages.add(
                tx,
                desk.team_id,
                f"unreachable:{desk.id}:{person_id}:{since}:{manager}",
                Kind.UNREACHABLE,
                now,
                desk_id=desk.id,
                person_id=manager,
                data={"person": person_id, "error": error},
            )


def unreachable(
    store: Store, team_id: str, desk_id: int, person_id: int, error: str
) -> Unreachable:
    """Who can't be reached, with what waits for them there now."""
    with store.read() as tx:
        desk = desks.by_id(tx, team_id, desk_id)
        assert desk is not None
        person = people.by_ids(tx, [person_id])[person_id]
        waiting = [
            shown(tx, team_id, review.post_id, review.id)
            for review in waiting_at(tx, desk, person_id)[:WAITING_SHOWN]
        ]
        return Unreachable(person, desk, error, tuple(waiting))


def waiting_at(tx: sa.Connection, desk: Desk, person_id: int) -> list[Review]:
    """The open reviews at a desk that wait for this approver."""
    found = reviews.waiting_for(tx, desk.team_id, person_id, limit=100)
    own = posts.by_ids(tx, desk.team_id, [review.post_id for review in found])
    return [
        review
        for review in found
        if own[review.post_id].desk_id == desk.id and person_id in review.open_places
    ]


def _swap(
    tx: sa.Connection,
    who: Person,
    post: Post,
    desk: Desk,
    review: Review,
    place: int,
    instead: int,
    now: datetime,
) -> int:
    guard(posts.touch(tx, post))
    guard(reviews.change(tx, review, Change(ReviewState.OPEN, review.step), None))
    reviews.reassign(tx, review, place, instead)
    about = {"version": review.version, "before": place, "approver": instead}
    entry_id = note(tx, post, who, history.Event.REASSIGNED, now, **about)
    messages.refresh(tx, post.id)
    tell(tx, post, place, who, entry_id, now)
    if post.owner_id != place:
        tell(tx, post, post.owner_id, who, entry_id, now)
    redraw_unreachable(tx, desk, [place])
    return entry_id


def redraw_unreachable(tx: sa.Connection, desk: Desk, places: Iterable[int]) -> None:
    """Has those notices to a desk's managers drawn anew that name what waited for these people."""
    told = messages.about(tx, Kind.UNREACHABLE, person_ids=desk.managers, desk_id=desk.id)
    messages.redraw(tx, [each.id for each in told if each.data["person"] in places])


def _reread(tx: sa.Connection, post: Post, review: Review) -> Review:
    again = reviews.by_id(tx, post.team_id, review.id)
    assert again is not None
    return again
