"""The sentences of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.posts.words import STATUSES
from rules.posts import UNDER_WAY, Status

NO_POSTS = "There are no posts here yet. Write the first one with */draft*."
NOTHING = "No post matches. Choose something else above, or clear the filters."
NOT_HERE = (
    "This desk's posts are seen in its channel, and you aren't in it, or the desk sleeps because"
    " Copydesk was removed from there."
)
FOUND_NOTHING = "No post that you can see has all of these words. Try fewer, or another spelling."
NO_DESKS = "None of your channels has a desk yet. Type */desk setup* in your team's channel."
NOTHING_WAITS = "Nothing waits for you."
NOTHING_OF_YOURS = "Nothing of yours is under way."
WHAT_WORDS = "Say which words to look for, such as /desk find spring sale."
NONE_UNDER_WAY = "Nothing under way"
YOURS = ", yours"
TOO_MUCH = "I have too much"
TOO_MUCH_ASKS = "Your desks' managers are told in private, with what is on your plate."

# What the choice above a list says, with the statuses behind it.
ALL = "all"
SETS: Mapping[str, tuple[str, tuple[Status, ...]]] = {
    ALL: ("All posts", ()),
    "under_way": ("Under way", UNDER_WAY),
    "draft": (STATUSES[Status.DRAFT], (Status.DRAFT,)),
    "in_review": (STATUSES[Status.IN_REVIEW], (Status.IN_REVIEW,)),
    "changes_requested": (STATUSES[Status.CHANGES_REQUESTED], (Status.CHANGES_REQUESTED,)),
    "approved": (STATUSES[Status.APPROVED], (Status.APPROVED, Status.SCHEDULED)),
    "missed": (STATUSES[Status.MISSED], (Status.MISSED,)),
    "published": (STATUSES[Status.PUBLISHED], (Status.PUBLISHED,)),
    "over": ("Rejected or cancelled", (Status.REJECTED, Status.CANCELLED)),
}


def under_way(counts: Sequence[tuple[Status, int]]) -> str:
    """How many posts of a desk have each status; those with the same word are one number."""
    numbers: dict[str, int] = {}
    for status, number in counts:
        said = STATUSES[status].lower()
        numbers[said] = numbers.get(said, 0) + number
    return ", ".join(f"{number:,} {said}" for said, number in numbers.items()) or NONE_UNDER_WAY


def more_desks(number: int) -> str:
    """Below the desks that fit."""
    return f"And {number} more. Type */desk posts* in their channels."
