"""Handing a post to whoever publishes it, and their word that it is out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from operations.covers import away_now
from operations.duty import on_duty
from operations.nudges import plan, stamp
from operations.posts import desk_of, note, post_by_id
from operations.tries import decided, guard
from rules import access, drafting, life
from rules.absences import standing_in
from rules.contents import Content, published_text
from rules.desks import Desk
from rules.life import Event
from rules.networks import Network
from rules.occurrences import OccurrenceKind, Skipped
from rules.people import Person
from rules.posts import Post, PostRefusal
from rules.refused import Refused
from storage import Store, history, messages, occurrences, people, posts
from storage.messages import Kind


def mark_published(store: Store, who: Person, post_id: int, link: str, now: datetime) -> Post:
    """Ends a post's life.

    Raises Refused: UNKNOWN, NOT_YOURS, WRONG_STATUS (also when it is out already), ON_HOLD,
    NOT_A_LINK at `link`.
    """

    def work(tx: sa.Connection) -> Post:
        post = _post_to_publish(tx, who, post_id)
        if link:
            drafting.check_link(link)
        guard(posts.touch(tx, post))
        posts.set_published(tx, post.id, now, link or None)
        note(tx, post, who, history.Event.PUBLISHED, now, link=link, version=post.version)
        messages.refresh(tx, post.id)
        plan(tx, who.team_id, post_id, now)
        return post_by_id(tx, who.team_id, post_id)

    return decided(store, work)


def to_publish(store: Store, who: Person, post_id: int) -> Post:
    """A post that this person may say is out, or not yet; for opening a form.

    Raises Refused: UNKNOWN, NOT_YOURS, WRONG_STATUS, ON_HOLD.
    """
    with store.read() as tx:
        return _post_to_publish(tx, who, post_id, lock=False)


def _post_to_publish(tx: sa.Connection, who: Person, post_id: int, *, lock: bool = True) -> Post:
    post = post_by_id(tx, who.team_id, post_id, lock=lock)
    handed = messages.about(tx, Kind.HAND_OFF, post_ids=[post_id])
    was_handed = any(message.person_id == who.id for message in handed)
    access.check_may_publish(post, desk_of(tx, post), who, was_handed)
    for target in post.targets:
        life.advance(target.status, Event.PUBLISH)
    drafting.check_not_on_hold(post)
    return post


def hand_off(tx: sa.Connection, post: Post, when: str, now: datetime) -> None:
    """Gives a post to whoever publishes it: what to do in one message, and below it each text in
    one of its own, which can be copied whole. `when` tells one time from the next."""
    assert post.publish_at is not None
    what = {"version": post.version, "planned": stamp(post.publish_at)}
    content = posts.version(tx, post.id, post.version).content
    for person_id in _publishers(tx, post, desk_of(tx, post), now):
        key = f"hand_off:{post.id}:{when}:{person_id}"
        said: list[tuple[str, Kind, dict[str, Network]]] = [(key, Kind.HAND_OFF, {})]
        said += [
            (f"{key}:{number}", Kind.HAND_OFF_TEXT, {"network": networks[0]})
            for number, networks in enumerate(alike(content))
        ]
        for its_key, kind, data in said:
            messages.add(
                tx,
                post.team_id,
                its_key,
                kind,
                now,
                desk_id=post.desk_id,
                person_id=person_id,
                post_id=post.id,
                data={**data, **what},
            )


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
        post = _post_to_publish(tx, who, post_id)
        if at is None:
            raise Refused(PostRefusal.NO_TIME, field="publish_at")
        drafting.check_publish_time(at, now)
        guard(posts.touch(tx, post))
        waiting = occurrences.waiting(tx, [OccurrenceKind.HAND_OFF], post_id=post_id)
        occurrences.skip(tx, [each.id for each in waiting], Skipped.REPLACED, now)
        # Said twice in a second, it is the same once more.
        key = f"hand_off:{post_id}:{stamp(now)}:{stamp(at)}"
        occurrences.plan(
            tx,
            post.team_id,
            key,
            OccurrenceKind.HAND_OFF,
            at,
            now,
            desk_id=post.desk_id,
            person_id=who.id,
            post_id=post_id,
            data={"planned": stamp(post.publish_at) if post.publish_at else None},
        )
        for message in messages.about(tx, Kind.HAND_OFF, post_ids=[post_id]):
            messages.answer(tx, message, {"again_at": at.isoformat()})
        return at

    return decided(store, work)


def _publishers(tx: sa.Connection, post: Post, desk: Desk, now: datetime) -> tuple[int, ...]:
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
