"""What falls due for a post: the reminders of its review, and its publish time.

It is planned anew whenever something that it depends on has changed: each thing has a key, so that
whatever was told stays told, and what is wanted no longer ends with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from operations.posts import desk_of, post_by_id
from rules import nudges as rules
from rules.desks import Desk
from rules.life import TABLE, Event
from rules.occurrences import Occurrence, OccurrenceKind, OccurrenceState, Skipped
from rules.people import Person
from rules.posts import Post, Status
from rules.reviews import Review, ReviewState
from rules.working_time import Hours, next_open
from storage import occurrences, people, reviews

_PLANNED = (OccurrenceKind.REMINDER, OccurrenceKind.ESCALATION, OccurrenceKind.PUBLISH_TIME)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One thing that is to fall due at `at`; where that has passed, at `late` or not at all."""

    kind: OccurrenceKind
    at: datetime
    person_id: int | None = None
    review_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)
    late: datetime | None = None

    @property
    def noted(self) -> dict[str, Any]:
        """What is kept with it."""
        return {**self.data, "planned": stamp(self.at)}

    def falls_due(self, now: datetime) -> datetime | None:
        """When it does, None where it is too late for it."""
        return self.at if self.at > now else self.late


def plan(tx: sa.Connection, team_id: str, post_id: int, now: datetime) -> None:
    """Notes what falls due for a post as it is now, and ends what doesn't any more."""
    post = post_by_id(tx, team_id, post_id)
    plan_for(tx, post, desk_of(tx, post), reviews.latest(tx, post_id), now)


def plan_for(
    tx: sa.Connection, post: Post, desk: Desk, review: Review | None, now: datetime
) -> None:
    """As `plan`, for a post that was read in this transaction since it was last changed; `review`
    is its newest."""
    wanted = dict(_publishing(post))
    if review is not None and is_asked_for(post, review):
        wanted |= dict(_asking(tx, post, desk, review, now))
    _settle(tx, post, wanted, now)


def plan_desk(tx: sa.Connection, desk: Desk, now: datetime) -> None:
    """As `plan`, for all of a desk's posts that are in review: its settings have changed."""
    for post_id in reviews.open_posts(tx, desk.id):
        plan(tx, desk.team_id, post_id, now)


def is_asked_for(post: Post, review: Review) -> bool:
    """Whether anybody may be reminded of a review."""
    waits = review.state is ReviewState.OPEN and review.version == post.version
    return waits and post.status is Status.IN_REVIEW and post.hold_reason is None


def deadline(desk: Desk, post: Post, review: Review) -> datetime:
    """When the decision on the current step of a review is due."""
    return rules.deadline(desk.hours, rules.asked_at(review), post.needed_by, post.publish_at)


def hours_of(desk: Desk, person: Person) -> Hours:
    """When somebody may be reminded of what a desk wants: on its days, at its hours, where they
    are."""
    return replace(desk.hours, zone=person.time_zone)


def awaits_its_time(post: Post) -> bool:
    """Whether something happens to it when its publish time comes."""
    awaited = post.status is Status.SCHEDULED or (post.status, Event.MISS) in TABLE
    return awaited and post.hold_reason is None


def _publishing(post: Post) -> Iterator[tuple[str, _Wanted]]:
    at = post.publish_at
    if at is not None and awaits_its_time(post):
        yield f"publish_time:{post.id}:{stamp(at)}", _Wanted(OccurrenceKind.PUBLISH_TIME, at)


def _asking(
    tx: sa.Connection, post: Post, desk: Desk, review: Review, now: datetime
) -> Iterator[tuple[str, _Wanted]]:
    """Reminders for each approver in whose place nobody has decided, then once for the managers.
    Who stands in for somebody is found when it falls due."""
    asked, due = rules.asked_at(review), deadline(desk, post, review)
    known = people.by_ids(tx, (*review.open_places, *desk.managers))
    about = f"{review.id}:{review.step}"
    for place in review.open_places:
        hours = hours_of(desk, known[place])
        for offset, at in rules.reminders(hours, due, desk.reminders).items():
            key = f"reminder:{about}:{place}:{offset}:{stamp(due)}"
            data = {"place": place, "step": review.step}
            yield key, _Wanted(OccurrenceKind.REMINDER, at, place, review.id, data)
    for manager in desk.managers:
        hours = hours_of(desk, known[manager])
        at = rules.escalation(hours, asked, due, post.publish_at)
        data = {"manager": manager, "step": review.step}
        late = next_open(hours, now + _HOUR)
        wanted = _Wanted(OccurrenceKind.ESCALATION, at, manager, review.id, data, late)
        yield f"escalation:{about}:{manager}", wanted


def _settle(tx: sa.Connection, post: Post, wanted: dict[str, _Wanted], now: datetime) -> None:
    gone = []
    for noted in occurrences.of_post(tx, post.id, _PLANNED):
        one = wanted.pop(noted.key, None)
        if one is not None:
            _move(tx, noted, one, now)
        elif noted.state is OccurrenceState.WAITING and "planned" in noted.data:
            gone.append(noted.id)
    occurrences.skip(tx, gone, Skipped.REASON_GONE, now)
    for key, one in wanted.items():
        due_at = one.falls_due(now)
        if due_at is not None:
            occurrences.add(
                tx,
                post.team_id,
                key,
                one.kind,
                due_at,
                now,
                desk_id=post.desk_id,
                person_id=one.person_id,
                post_id=post.id,
                review_id=one.review_id,
                data=one.noted,
            )


def _move(tx: sa.Connection, noted: Occurrence, one: _Wanted, now: datetime) -> None:
    """What waits stays as it is, also where it was put off, unless its own time has changed; what
    was not done is wanted again while it lies ahead."""
    waits = noted.state is OccurrenceState.WAITING
    if waits and noted.data.get("planned") == stamp(one.at):
        return
    due_at = one.falls_due(now)
    if due_at is not None and (waits or noted.state is OccurrenceState.SKIPPED):
        occurrences.plan_anew(tx, noted, due_at, one.person_id, one.noted)


def stamp(at: datetime) -> str:
    """A moment, for a key or to be compared."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%S")
