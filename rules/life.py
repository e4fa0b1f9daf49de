"""The life of a post: the table of what leads from one status to the next."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import Review, ReviewState


class Event(StrEnum):
    """What can happen to a target."""

    SEND = "send"
    PASS = "pass"
    APPROVE = "approve"
    REQUEST_CHANGES = "request changes"
    REJECT = "reject"
    UNDO = "undo"
    EDIT = "edit"
    SET_TIME = "set a publish time"
    CLEAR_TIME = "take the publish time away"
    PUBLISH = "mark as published"
    BACK_TO_DRAFT = "back to draft"
    CANCEL = "cancel"
    RESTORE = "restore"
    MISS = "its time comes"
    GO_ON_DRAFTING = "new time for a draft"
    GO_ON_REVIEWING = "new time in review"
    GO_ON_CHANGING = "new time, changes requested"


# The whole life of a post; the diagram in docs/using.md is drawn from this table.
# PASS is sending where nobody has to approve. What was missed may still be decided on; to GO_ON is
# to be where it was, with a publish time that lies ahead.
TABLE: dict[tuple[Status, Event], Status] = {
    (Status.DRAFT, Event.EDIT): Status.DRAFT,
    (Status.DRAFT, Event.SEND): Status.IN_REVIEW,
    (Status.DRAFT, Event.PASS): Status.APPROVED,
    (Status.CHANGES_REQUESTED, Event.SEND): Status.IN_REVIEW,
    (Status.CHANGES_REQUESTED, Event.PASS): Status.APPROVED,
    (Status.IN_REVIEW, Event.APPROVE): Status.APPROVED,
    (Status.IN_REVIEW, Event.REQUEST_CHANGES): Status.CHANGES_REQUESTED,
    (Status.IN_REVIEW, Event.REJECT): Status.REJECTED,
    (Status.IN_REVIEW, Event.EDIT): Status.DRAFT,
    (Status.CHANGES_REQUESTED, Event.EDIT): Status.DRAFT,
    (Status.CHANGES_REQUESTED, Event.UNDO): Status.IN_REVIEW,
    (Status.REJECTED, Event.UNDO): Status.IN_REVIEW,
    (Status.APPROVED, Event.UNDO): Status.IN_REVIEW,
    (Status.APPROVED, Event.EDIT): Status.DRAFT,
    (Status.APPROVED, Event.SET_TIME): Status.SCHEDULED,
    (Status.APPROVED, Event.PUBLISH): Status.PUBLISHED,
    (Status.SCHEDULED, Event.UNDO): Status.IN_REVIEW,
    (Status.SCHEDULED, Event.EDIT): Status.DRAFT,
    (Status.SCHEDULED, Event.CLEAR_TIME): Status.APPROVED,
    (Status.SCHEDULED, Event.PUBLISH): Status.PUBLISHED,
    (Status.IN_REVIEW, Event.BACK_TO_DRAFT): Status.DRAFT,
    (Status.CHANGES_REQUESTED, Event.BACK_TO_DRAFT): Status.DRAFT,
    (Status.APPROVED, Event.BACK_TO_DRAFT): Status.DRAFT,
    (Status.SCHEDULED, Event.BACK_TO_DRAFT): Status.DRAFT,
    (Status.DRAFT, Event.CANCEL): Status.CANCELLED,
    (Status.IN_REVIEW, Event.CANCEL): Status.CANCELLED,
    (Status.CHANGES_REQUESTED, Event.CANCEL): Status.CANCELLED,
    (Status.APPROVED, Event.CANCEL): Status.CANCELLED,
    (Status.SCHEDULED, Event.CANCEL): Status.CANCELLED,
    (Status.CANCELLED, Event.RESTORE): Status.DRAFT,
    (Status.DRAFT, Event.MISS): Status.MISSED,
    (Status.IN_REVIEW, Event.MISS): Status.MISSED,
    (Status.CHANGES_REQUESTED, Event.MISS): Status.MISSED,
    (Status.MISSED, Event.GO_ON_DRAFTING): Status.DRAFT,
    (Status.MISSED, Event.GO_ON_REVIEWING): Status.IN_REVIEW,
    (Status.MISSED, Event.GO_ON_CHANGING): Status.CHANGES_REQUESTED,
    (Status.MISSED, Event.EDIT): Status.DRAFT,
    (Status.MISSED, Event.BACK_TO_DRAFT): Status.DRAFT,
    (Status.MISSED, Event.APPROVE): Status.APPROVED,
    (Status.MISSED, Event.REQUEST_CHANGES): Status.CHANGES_REQUESTED,
    (Status.MISSED, Event.REJECT): Status.REJECTED,
    (Status.MISSED, Event.UNDO): Status.MISSED,
    (Status.MISSED, Event.CANCEL): Status.CANCELLED,
}


def advance(status: Status, event: Event) -> Status:
    """The status after `event`.

    Raises Refused(WRONG_STATUS) where the table has no such way.
    """
    try:
        return TABLE[status, event]
    except KeyError:
        raise Refused(PostRefusal.WRONG_STATUS, status=status, event=event) from None


def approved(status: Status, event: Event, publish_at: datetime | None, now: datetime) -> Status:
    """The status after the last approval: `scheduled` where a publish time lies ahead."""
    after = advance(status, event)
    ahead = publish_at is not None and publish_at > now
    return advance(after, Event.SET_TIME) if ahead else after


def retimed(status: Status, publish_at: datetime | None, goes_on: Event) -> Status:
    """The status after a change of the publish time, which voids no approval; `goes_on` is how a
    missed post does."""
    if status is Status.MISSED:
        return advance(status, goes_on)
    if status is Status.APPROVED and publish_at is not None:
        return advance(status, Event.SET_TIME)
    if status is Status.SCHEDULED and publish_at is None:
        return advance(status, Event.CLEAR_TIME)
    return status


def going_on(review: Review | None, version: int) -> Event:
    """How a missed post is where it was, at its `version`; `review` is the latest."""
    if review is None or review.version != version:
        return Event.GO_ON_DRAFTING
    if review.state is ReviewState.OPEN:
        return Event.GO_ON_REVIEWING
    asked = review.state is ReviewState.CHANGES_REQUESTED
    return Event.GO_ON_CHANGING if asked else Event.GO_ON_DRAFTING
