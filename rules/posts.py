"""The life of a post: its statuses, and the table of what leads from one to the next."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.attachments import Attachment, check_attachable, check_images, design_link
from rules.contents import Content, rooms
from rules.networks import Network
from rules.refused import Refused
from rules.reviews import Review, ReviewState


class Status(StrEnum):
    """Where a target stands; a post shows the combination of its targets."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    MISSED = "missed"
    FAILED = "failed"


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


# The whole life of a post; the README's diagram is drawn from this table.
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

# Where nothing about a post is changed any more; a cancelled one can be restored first.
OVER = frozenset({Status.PUBLISHED, Status.REJECTED, Status.CANCELLED})

# What may never have been sent, and then is its owner's business.
UNSENT = frozenset({Status.DRAFT, Status.MISSED, Status.CANCELLED})

# What still moves, in the order of its life; the rest is history.
UNDER_WAY = (
    Status.DRAFT,
    Status.IN_REVIEW,
    Status.CHANGES_REQUESTED,
    Status.APPROVED,
    Status.SCHEDULED,
    Status.MISSED,
)

# From the least to the most advanced: a post is as far as its least advanced target,
# except that trouble on any of them shows first.
_ORDER = (
    Status.FAILED,
    Status.MISSED,
    Status.REJECTED,
    Status.CHANGES_REQUESTED,
    Status.DRAFT,
    Status.IN_REVIEW,
    Status.APPROVED,
    Status.SCHEDULED,
    Status.PUBLISHED,
    Status.CANCELLED,
)


class PostRefusal(StrEnum):
    """Why something may not happen to a post."""

    UNKNOWN = "unknown"
    NO_CODE = "no_code"
    NOT_YOURS = "not_yours"
    WRONG_STATUS = "wrong_status"
    OLDER_VERSION = "older_version"
    NO_TEXT = "no_text"
    TEXT_TOO_LONG = "text_too_long"
    NO_NETWORKS = "no_networks"
    NETWORK_NOT_OF_DESK = "network_not_of_desk"
    TOO_LONG_FOR = "too_long_for"
    TIME_PASSED = "time_passed"
    NEEDED_PASSED = "needed_passed"
    NEEDED_TOO_LATE = "needed_too_late"
    NO_TIME = "no_time"
    NOT_A_LINK = "not_a_link"
    ONE_LINK = "one_link"
    NOTES_TOO_LONG = "notes_too_long"
    ON_HOLD = "on_hold"
    IS_OVER = "is_over"
    NO_REASON = "no_reason"
    REASON_TOO_LONG = "reason_too_long"
    ELSEWHERE = "elsewhere"
    OWNER_CANNOT = "owner_cannot"
    OWNER_ELSEWHERE = "owner_elsewhere"
    OWNER_APPROVES = "owner_approves"
    CAMPAIGN_TOO_LONG = "campaign_too_long"


TEXT_LIMIT = 3000
_CODE = re.compile("p?-?([0-9]{1,9})", re.IGNORECASE)
NOTES_LIMIT = 3000
REASON_LIMIT = 300
CAMPAIGN_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Version:
    """An immutable snapshot of a post's content; `number` counts from 1 within the post."""

    id: int
    post_id: int
    number: int
    content: Content
    author_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Target:
    """One network of a post, with the state of its own."""

    network: Network
    status: Status
    published_at: datetime | None = None
    published_link: str | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """Posts of a desk that belong together, with how many of them are out."""

    id: int
    name: str
    published: int
    posts: int


@dataclass(frozen=True, slots=True)
class Details:
    """What belongs to a post and to no version: changing it voids nothing. Times are UTC."""

    publish_at: datetime | None
    needed_by: datetime | None
    notes: str


@dataclass(frozen=True, slots=True)
class Post:
    """What will be published, without its content. `publish_at` is UTC, as is `needed_by`, when its
    owner wants it decided.

    It is on hold, or urgent, while there is a reason for that.

    `number` counts per workspace; `revision` guards writes; `version` is the current one's number.
    """

    id: int
    team_id: str
    desk_id: int
    number: int
    owner_id: int
    version: int
    publish_at: datetime | None
    needed_by: datetime | None
    notes: str
    source_link: str | None
    hold_reason: str | None
    urgent_reason: str | None
    campaign_id: int | None
    revision: int
    created_at: datetime
    targets: tuple[Target, ...]

    @property
    def code(self) -> str:
        """How people name it: P-12."""
        return f"P-{self.number}"

    @property
    def details(self) -> Details:
        """What changes without a new version."""
        return Details(self.publish_at, self.needed_by, self.notes)

    @property
    def status(self) -> Status:
        """The combination of its targets' statuses."""
        return combined(target.status for target in self.targets)


def combined(statuses: Iterable[Status]) -> Status:
    """The status a post shows for those of its targets (a post has at least one)."""
    return min(statuses, key=_ORDER.index)


def number_of(code: str) -> int | None:
    """The number in a post's code, typed with or without its P-; None where it isn't one."""
    match = _CODE.fullmatch(code)
    return int(match[1]) if match else None


def search_key(text: str) -> str:
    """A text without regard to case, and to how its letters are put together."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


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


def check_content(content: Content, allowed: Iterable[Network]) -> None:
    """What a draft must have to be saved; being over a network's limit is not among it.
    `allowed` are the networks of the desk, and those that the post had before.

    Raises Refused with the field it belongs to: `text`, `networks`, `link`, `files`, or
    `text:x` for X's own.
    """
    if not content.text.strip():
        raise Refused(PostRefusal.NO_TEXT, field="text")
    if len(content.text) > TEXT_LIMIT:
        over = len(content.text) - TEXT_LIMIT
        raise Refused(PostRefusal.TEXT_TOO_LONG, field="text", over=over, limit=TEXT_LIMIT)
    if not content.networks:
        raise Refused(PostRefusal.NO_NETWORKS, field="networks")
    for network in content.networks:
        if network not in allowed:
            raise Refused(PostRefusal.NETWORK_NOT_OF_DESK, field="networks", network=network)
    for network, text in content.texts.items():
        if len(text) > TEXT_LIMIT:
            raise Refused(
                PostRefusal.TEXT_TOO_LONG,
                field=f"text:{network}",
                over=len(text) - TEXT_LIMIT,
                limit=TEXT_LIMIT,
            )
    if content.link is not None:
        check_link(content.link)
    check_attachable(content.attachments)


def check_sendable(content: Content, publish_at: datetime | None, now: datetime) -> None:
    """What a post must have before somebody is asked to approve it.

    Raises Refused as check_fits does, or at `publish_at`.
    """
    check_fits(content)
    check_publish_time(publish_at, now)


def check_fits(content: Content) -> None:
    """No text may be longer, and no image other, than its network takes.

    Raises Refused(TOO_LONG_FOR) at `text` (`text:x` for X's own), or IMAGES_UNFIT at `files`.
    """
    over = {n: found.over for n, found in rooms(content).items() if found.over and found.verified}
    if over:
        own = next((n for n in over if n in content.texts), None)
        common = any(n not in content.texts for n in over)
        field = "text" if common or own is None else f"text:{own}"
        raise Refused(PostRefusal.TOO_LONG_FOR, field=field, over=over, own=field != "text")
    check_images(content.attachments, content.networks)


def check_details(details: Details, before: Details | None, now: datetime) -> None:
    """A publish time lies ahead, and a decision is needed no later than that; what stays as it was
    `before` is not judged again.

    Raises Refused at `publish_at`, `needed_by` or `notes`.
    """
    if before is None or details.publish_at != before.publish_at:
        check_publish_time(details.publish_at, now)
    if before is None or details.needed_by != before.needed_by:
        _check_needed_by(details.needed_by, details.publish_at, now)
    if len(details.notes) > NOTES_LIMIT:
        raise Refused(PostRefusal.NOTES_TOO_LONG, field="notes", limit=NOTES_LIMIT)


def _check_needed_by(
    needed_by: datetime | None, publish_at: datetime | None, now: datetime
) -> None:
    if needed_by is not None and needed_by <= now:
        raise Refused(PostRefusal.NEEDED_PASSED, field="needed_by", needed_by=needed_by)
    if needed_by is not None and publish_at is not None and needed_by > publish_at:
        raise Refused(PostRefusal.NEEDED_TOO_LATE, field="needed_by", publish_at=publish_at)


def check_not_over(post: Post) -> None:
    """Raises Refused(IS_OVER) for what is out, rejected or cancelled."""
    if post.status in OVER:
        raise Refused(PostRefusal.IS_OVER, code=post.code, status=post.status)


def check_not_on_hold(post: Post) -> None:
    """What is held isn't sent, and doesn't go out. Raises Refused(ON_HOLD) with the reason, at
    `when_saved`."""
    if post.hold_reason is not None:
        why = post.hold_reason
        raise Refused(PostRefusal.ON_HOLD, field="when_saved", code=post.code, why=why)


def check_reason(reason: str) -> str:
    """A reason in a few words, trimmed. Raises Refused at `reason`."""
    if not reason.strip():
        raise Refused(PostRefusal.NO_REASON, field="reason")
    if len(reason) > REASON_LIMIT:
        raise Refused(PostRefusal.REASON_TOO_LONG, field="reason", limit=REASON_LIMIT)
    return reason.strip()


def check_campaign(name: str) -> str:
    """A campaign's name on one line; empty takes a post out of its campaign.

    Raises Refused(CAMPAIGN_TOO_LONG) at `campaign`.
    """
    tidied = " ".join(name.split())
    if len(tidied) > CAMPAIGN_LIMIT:
        raise Refused(PostRefusal.CAMPAIGN_TOO_LONG, field="campaign", limit=CAMPAIGN_LIMIT)
    return tidied


def check_publish_time(publish_at: datetime | None, now: datetime) -> None:
    """A publish time must lie ahead. Raises Refused(TIME_PASSED) at `publish_at`."""
    if publish_at is not None and publish_at <= now:
        raise Refused(PostRefusal.TIME_PASSED, field="publish_at", publish_at=publish_at)


def read_links(typed: str) -> tuple[str | None, tuple[Attachment, ...]]:
    """The addresses in a field, in any order: the post's link, and those that are attachments.

    Raises Refused(NOT_A_LINK, ONE_LINK) at `link`.
    """
    link, attached = None, dict[str, Attachment]()
    for address in typed.split():
        check_link(address)
        found = design_link(address)
        if found is not None:
            attached[address] = found
        elif link not in (None, address):
            raise Refused(PostRefusal.ONE_LINK, field="link")
        else:
            link = address
    return link, tuple(attached.values())


def check_link(link: str) -> None:
    """A web address, as short a check as will do. Raises Refused(NOT_A_LINK) at `link`."""
    ok = link.startswith(("https://", "http://")) and len(link) <= 3000
    ok = ok and not any(char.isspace() for char in link)
    if not ok or "." not in link.split("//", 1)[1]:
        raise Refused(PostRefusal.NOT_A_LINK, field="link")
