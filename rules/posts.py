"""Posts: what they and their targets are, the statuses they show, and why something is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.contents import Content
from rules.networks import Network


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


_CODE = re.compile("p?-?([0-9]{1,9})", re.IGNORECASE)


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
