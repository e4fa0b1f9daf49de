"""A post's time has come: it is handed to whoever publishes it, or it was missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from operations.covers import away_now
from operations.duty import on_duty
from operations.nudges import awaits_its_time, plan, stamp
from operations.posts import desk_of, post_by_id, shown
from operations.tries import decided, guard
from rules import access
from rules import posts as rules
from rules.absences import standing_in
from rules.contents import Content, published_text
from rules.desks import Desk
from rules.networks import Network
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.people import CLOCK, Person
from rules.posts import Event, Post, PostRefusal, Status
from rules.refused import Refused
from storage import Store, history, homes, messages, occurrences, people, posts, reviews
from storage.messages import Kind


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
            has_come(tx, post, now)


def has_come(tx: sa.Connection, post: Post, now: datetime) -> None:
    """What a publish time means to a post that was just read, and whose time is now or was while it
    was on hold."""
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
        post = post_by_id(tx, occurrence.team_id, occurrence.post_id)
        if post.status is Status.SCHEDULED and post.hold_reason is None:
            occurrences.done(tx, [occurrence.id], now)
            hand_off(tx, post, f"again-{occurrence.id}", now)
        else:
            occurrences.skip(tx, [occurrence.id], Skipped.REASON_GONE, now)


def hand_off(tx: sa.Connection, post: Post, when: str, now: datetime) -> None:
    """Gives a post to whoever publishes it: what to do in one message, and below it each text in
    one of its own, which can be copied whole. `when` tells one time from the next."""
    content = posts.version(tx, post.id, post.version).content
    for person_id in _publishers(tx, post, desk_of(tx, post), now):
        key = f"hand_off:{post.id}:{when}:{person_id}"
        about = {"desk_id": post.desk_id, "person_id": person_id, "post_id": post.id}
        data = {"version": post.version}
        messages.add(tx, post.team_id, key, Kind.HAND_OFF, now, **about, data=data)
        for number, networks in enumerate(alike(content)):
            text = {"version": post.version, "network": networks[0]}
            its_key = f"{key}:{number}"
            messages.add(tx, post.team_id, its_key, Kind.HAND_OFF_TEXT, now, **about, data=text)


def alike(content: Content) -> list[tuple[Network, ...]]:
    """The networks of a post, together where the same text goes to them."""
    found: dict[str, tuple[Network, ...]] = {}
    for network in content.networks:
        text = published_text(content, network)
        found[text] = (*found.get(text, ()), network)
    return list(found.values())


def not_now(
    store: Store, who: Person, post_id: int, at: datetime | None, now: datetime
) -> datetime:
    """Hands a post over once more at another time; returns that.

    Raises Refused: UNKNOWN, NOT_YOURS, WRONG_STATUS, ON_HOLD, and at `publish_at` NO_TIME,
    TIME_PASSED.
    """

    def work(tx: sa.Connection) -> datetime:
        post = _handed_to(tx, who, post_id)
        if at is None:
            raise Refused(PostRefusal.NO_TIME, field="publish_at")
        rules.check_publish_time(at, now)
        guard(posts.touch(tx, post))
        waiting = occurrences.waiting(tx, [OccurrenceKind.HAND_OFF], post_id=post_id)
        occurrences.skip(tx, [each.id for each in waiting], Skipped.REPLACED, now)
        key = f"hand_off:{post_id}:{stamp(now)}:{stamp(at)}"
        about = {"desk_id": post.desk_id, "person_id": who.id, "post_id": post_id}
        occurrences.add(tx, post.team_id, key, OccurrenceKind.HAND_OFF, at, now, **about)
        for message in messages.of_kind(tx, Kind.HAND_OFF, post_ids=[post_id]):
            messages.answer(tx, message, {"again_at": at.isoformat()})
        return at

    return decided(store, work)


def _handed_to(tx: sa.Connection, who: Person, post_id: int) -> Post:
    """A post whose time has come, for somebody who may say what becomes of it."""
    post = post_by_id(tx, who.team_id, post_id, lock=True)
    access.check_may_publish(post, desk_of(tx, post), who, was_handed(tx, post_id, who.id))
    rules.advance(post.status, Event.PUBLISH)
    rules.check_not_on_hold(post)
    return post


def was_handed(tx: sa.Connection, post_id: int, person_id: int) -> bool:
    """Whether a post was given to somebody to publish."""
    handed = messages.of_kind(tx, Kind.HAND_OFF, post_ids=[post_id])
    return any(message.person_id == person_id for message in handed)


def _publishers(
    tx: sa.Connection, post: Post, desk: Desk, now: datetime
) -> tuple[int, ...]:
    """The owner; where they are away or have left, their cover, else who is on duty, else the
    managers."""
    away = away_now(tx, post.team_id, now)
    if post.owner_id not in away and not _have_left(tx, [post.owner_id]):
        return (post.owner_id,)
    cover = standing_in(away, post.owner_id, lambda each: desk.id in each.cover_desks)
    for instead in (cover, on_duty(tx, desk, now)):
        if instead is not None and not _have_left(tx, [instead]):
            return (instead,)
    return tuple(who for who in desk.managers if who not in away) or desk.managers


def _have_left(tx: sa.Connection, ids: Iterable[int]) -> bool:
    return any(person.is_gone for person in people.by_ids(tx, ids).values())


def _miss(tx: sa.Connection, post: Post, now: datetime) -> None:
    assert post.publish_at is not None
    guard(posts.touch(tx, post))
    statuses = {t.network: rules.advance(t.status, Event.MISS) for t in post.targets}
    posts.set_targets(tx, post.id, statuses)
    about = (tx, post.team_id, post.desk_id, post.id, CLOCK, history.Event.MISSED, now)
    history.add(*about, version=post.version)
    concerned = messages.readers(tx, post.id)
    homes.refresh(tx, post.team_id, post.desk_id, concerned, now)
    messages.refresh(tx, post.id)
    # A draft that was never sent is its owner's business alone.
    desk = desk_of(tx, post)
    managers = desk.managers if reviews.latest(tx, post.id) is not None else ()
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
