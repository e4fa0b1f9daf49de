"""A post with all that is needed to show it, and what ends its life."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from operations import digest_news
from rules import access
from rules.access import May
from rules.comments import Comment
from rules.contents import Content
from rules.desks import Desk
from rules.people import Actor, Person
from rules.posts import Campaign, Post, PostRefusal, Version
from rules.refused import Refused
from rules.reviews import Review
from storage import (
    Store,
    campaigns,
    comments,
    desks,
    history,
    homes,
    messages,
    people,
    posts,
    reviews,
)

COMMENTS_SHOWN = 5
# How long what waits, as a morning's message shows it, is kept up to date.
MORNINGS_STAY_TRUE = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as a card or a view shows it: `version` with the review that is, or was, about it."""

    post: Post
    desk: Desk
    version: Version
    review: Review | None
    people: dict[int, Person]
    campaign: Campaign | None = None
    comments: tuple[Comment, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether this is the version that counts."""
        return self.version.number == self.post.version

    def for_outsiders(self) -> Shown:
        """The same without what the team says among itself: notes, reasons, what a no was for."""
        post, review = self.post, self.review
        post = replace(
            post,
            notes="",
            hold_reason=None if post.hold_reason is None else "",
            urgent_reason=None if post.urgent_reason is None else "",
        )
        if review is not None:
            unsaid = tuple(replace(decision, comment="") for decision in review.decisions)
            review = replace(review, decisions=unsaid)
        return replace(self, post=post, review=review)


def show(store: Store, team_id: str, post_id: int, review_id: int | None = None) -> Shown:
    """A post as it stands, or as it was sent for the review `review_id`.

    Raises Refused(UNKNOWN).
    """
    with store.read() as tx:
        return shown(tx, team_id, post_id, review_id)


def shown(tx: sa.Connection, team_id: str, post_id: int, review_id: int | None = None) -> Shown:
    """As `show`, within a transaction."""
    post = post_by_id(tx, team_id, post_id)
    if review_id is not None:
        review = reviews.by_id(tx, team_id, review_id)
    else:
        review = reviews.latest(tx, post.id)
        if review is not None and review.version != post.version:
            review = None
    return together(tx, post, review)


def together(tx: sa.Connection, post: Post, review: Review | None) -> Shown:
    """As `shown`, for a post and a review that are known to the transaction as they are now."""
    return _together(tx, post.team_id, [(post, review)])[0]


def of_reviews(tx: sa.Connection, team_id: str, found: Sequence[Review]) -> list[Shown]:
    """The posts as they were sent for these reviews; as many queries for ten as for one."""
    its = posts.by_ids(tx, team_id, [review.post_id for review in found])
    return _together(tx, team_id, [(its[review.post_id], review) for review in found])


def _together(
    tx: sa.Connection, team_id: str, found: Sequence[tuple[Post, Review | None]]
) -> list[Shown]:
    numbers = {post.id: review.version if review else post.version for post, review in found}
    versions = posts.versions_of(tx, numbers)
    at = {desk.id: desk for desk in desks.by_ids(tx, team_id, {p.desk_id for p, _ in found})}
    groups = campaigns.by_ids(tx, {p.campaign_id for p, _ in found if p.campaign_id})
    named = {who for desk in at.values() for who in desk.managers}
    for post, review in found:
        named |= {post.owner_id, versions[post.id].author_id, *_named(review)}
    everybody = people.by_ids(tx, named)
    return [
        Shown(
            post=post,
            desk=at[post.desk_id],
            version=versions[post.id],
            review=review,
            people=everybody,
            campaign=groups[post.campaign_id] if post.campaign_id else None,
        )
        for post, review in found
    ]


def last_seen(store: Store, found: Shown, person_id: int) -> Version | None:
    """The version that an approver knows: what their last card before this one showed, or what
    they wrote themselves since. None where this is their first, or the same again."""
    assert found.review is not None
    with store.read() as tx:
        shown_before = messages.last_shown(tx, found.post.id, person_id, found.review.id)
        written = posts.last_written(tx, found.post.id, person_id)
        newest = max(shown_before or 0, written or 0)
        if not 0 < newest < found.version.number:
            return None
        return posts.version(tx, found.post.id, newest)


def version_before(store: Store, found: Shown) -> Version | None:
    """The version that this one replaced."""
    return version(store, found, found.version.number - 1) if found.version.number > 1 else None


def version(store: Store, found: Shown, number: int) -> Version:
    """One version of a post; where it never had this one, the present."""
    with store.read() as tx:
        return next(iter(posts.versions_in(tx, found.post.id, [number])), found.version)


def content(store: Store, team_id: str, post_id: int, number: int) -> Content:
    """What one version of a post said. Raises Refused(UNKNOWN)."""
    with store.read() as tx:
        post = post_by_id(tx, team_id, post_id)
        found = posts.versions_in(tx, post.id, [number])
    if not found:
        raise Refused(PostRefusal.UNKNOWN, code=post.code)
    return found[0].content


def code_to_id(store: Store, team_id: str, number: int) -> int:
    """The id of P-`number`. Raises Refused(UNKNOWN)."""
    with store.read() as tx:
        post = posts.by_number(tx, team_id, number)
    if post is None:
        raise Refused(PostRefusal.UNKNOWN, code=f"P-{number}")
    return post.id


def open_for(
    store: Store, who: Person, post_id: int, in_channel: bool
) -> tuple[Shown, frozenset[May]]:
    """A post as this reader may see it, with its latest comments, and all that they may do with
    it. Raises Refused(UNKNOWN)."""
    with store.read() as tx:
        found = shown(tx, who.team_id, post_id)
        latest = reviews.latest(tx, post_id)
        access.check_may_see(found.post, found.desk, latest, who, in_channel)
        said = [
            comment
            for comment in comments.latest(tx, post_id, COMMENTS_SHOWN)
            if access.may_read_comment(found.post, comment, who)
        ]
        authors = people.by_ids(tx, [comment.author_id for comment in said])
    found = replace(found, comments=tuple(said), people={**found.people, **authors})
    may = access.may(found.post, found.desk, found.review, who, in_channel)
    return found if access.may_read_notes(found.post, latest, who) else found.for_outsiders(), may


def post_by_id(tx: sa.Connection, team_id: str, post_id: int, *, lock: bool = False) -> Post:
    """A post of this workspace; with `lock`, other writers of it wait for this transaction.

    Raises Refused(UNKNOWN).
    """
    post = posts.by_id(tx, team_id, post_id, lock=lock)
    if post is None:
        raise Refused(PostRefusal.UNKNOWN)
    return post


def post_to_change(tx: sa.Connection, who: Person, post_id: int) -> tuple[Post, Desk]:
    """A post that this person may change, and its desk; other writers of the post wait for this
    transaction.

    Raises Refused: UNKNOWN, NOT_YOURS.
    """
    post = post_by_id(tx, who.team_id, post_id, lock=True)
    desk = desk_of(tx, post)
    access.check_may_change(post, desk, who)
    return post, desk


def channel_of(store: Store, team_id: str, post_id: int) -> str:
    """The channel of a post's desk. Raises Refused(UNKNOWN)."""
    with store.read() as tx:
        channel_id = desks.channel_of_post(tx, team_id, post_id)
    if channel_id is None:
        raise Refused(PostRefusal.UNKNOWN)
    return channel_id


def desk_of(tx: sa.Connection, post: Post) -> Desk:
    """The desk that a post belongs to."""
    desk = desks.by_id(tx, post.team_id, post.desk_id)
    assert desk is not None
    return desk


def note(
    tx: sa.Connection,
    post: Post,
    who: Person | Actor,
    event: history.Event,
    now: datetime,
    **data: object,
) -> int:
    """Adds to the record of a post what somebody, or the clock, did, and has what tells of the
    desk's posts drawn anew; returns the entry's id."""
    actor = Actor.person(who.id) if isinstance(who, Person) else who
    entry_id = record(tx, post, actor, event, now, **data)
    concerned = messages.readers(tx, post.id)
    if actor.person_id is not None:
        concerned.add(actor.person_id)
    redraw(tx, post, concerned, now, for_digest=event is not history.Event.COMMENTED)
    return entry_id


def record(
    tx: sa.Connection,
    post: Post,
    actor: Actor,
    event: history.Event,
    now: datetime,
    **data: object,
) -> int:
    """As `note`, where what tells of it is drawn anew by something else that is noted with it."""
    return history.add(tx, post.team_id, post.desk_id, post.id, actor, event, now, **data)


def redraw(
    tx: sa.Connection,
    post: Post,
    people: Collection[int],
    now: datetime,
    *,
    for_digest: bool = False,
) -> None:
    """Has what tells these people of a post drawn anew: their mornings, the open Homes, and the
    day's digest where it is news for that."""
    if for_digest:
        digest_news.refresh(tx, post.team_id, post.desk_id, now)
    homes.refresh(tx, post.team_id, post.desk_id, people, now)
    messages.redraw_prompts(tx, people, now - MORNINGS_STAY_TRUE)


def tell(
    tx: sa.Connection, post: Post, person_id: int, who: Person, entry_id: int, now: datetime
) -> None:
    """Notes a notice of what `who` did with a post, for somebody else whose post it is, or was."""
    if person_id != who.id:
        messages.add(
            tx,
            post.team_id,
            f"done:{entry_id}:{person_id}",
            messages.Kind.DONE,
            now,
            desk_id=post.desk_id,
            person_id=person_id,
            post_id=post.id,
            data={"entry": entry_id},
        )


def _named(review: Review | None) -> set[int]:
    if review is None:
        return set()
    asked = {who for step in review.steps for who in (*step.approvers, *step.covers)}
    return asked | {d.person_id for d in review.decisions} | {review.sent_by}
