"""The sentences of posts, and how a post's state is said."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.words import Sentence
from rules.networks import Network
from rules.posts import Event, PostRefusal, Status

STATUSES: Mapping[Status, str] = {
    Status.DRAFT: "Draft",
    Status.IN_REVIEW: "In review",
    Status.CHANGES_REQUESTED: "Changes requested",
    Status.APPROVED: "Approved",
    Status.SCHEDULED: "Approved",
    Status.PUBLISHED: "Published",
    Status.REJECTED: "Rejected",
    Status.CANCELLED: "Cancelled",
    Status.MISSED: "Missed",
    Status.FAILED: "Failed",
}

_CANNOT: Mapping[Event, str] = {
    Event.SEND: "it can't be sent for approval",
    Event.EDIT: "it can't be edited",
    Event.PUBLISH: "it can't be marked as published",
}

_NEXT: Mapping[Status, str] = {
    Status.DRAFT: "Send it for approval first.",
    Status.IN_REVIEW: "It waits for its approvers.",
    Status.CHANGES_REQUESTED: "Edit it and send it again.",
    Status.REJECTED: "A rejection is final; write a new post with /draft.",
}


def _wrong_status(status: Status, event: Event) -> str:
    state = STATUSES[status].lower()
    next_step = _NEXT.get(status, "Open shows what can be done with it now.")
    return f"This post is {state}, so {_CANNOT.get(event, 'that is not possible')}. {next_step}"


def over_limit(over: Mapping[Network, int]) -> str:
    """Which network would refuse a text, and by how much it is too long."""
    parts = [f"{by:,} over the limit of {network.label}" for network, by in over.items()]
    return "The text is " + " and ".join(parts) + "."


def published(code: str) -> str:
    """After a post was marked as published."""
    return f"{code} is marked as published."


SENTENCES: Mapping[PostRefusal, Sentence] = {
    PostRefusal.UNKNOWN: lambda v, r: (
        f"There is no {v.get('code', 'such post')} that you can see here. Drafts are seen by"
        " their owner; the rest in the channel of their desk."
    ),
    PostRefusal.NO_CODE: lambda v, r: (
        "Say which post, by the code on its card: /desk history P-12."
    ),
    PostRefusal.NOT_YOURS: lambda v, r: (
        f"Only {r.name(v['owner'])}, who owns {v['code']}, and the desk's managers can do this."
        " Tell them in the thread what you would change."
    ),
    PostRefusal.WRONG_STATUS: lambda v, r: _wrong_status(v["status"], v["event"]),
    PostRefusal.OLDER_VERSION: lambda v, r: (
        f"This is version {v['version']}, and there is a version {v['current']} by now."
        " Open the post again to work on that one; copy what you typed here first."
    ),
    PostRefusal.NO_TEXT: lambda v, r: "A post needs a text.",
    PostRefusal.TEXT_TOO_LONG: lambda v, r: (
        f"The text is {v['over']:,} longer than the {v['limit']:,} characters that fit here."
    ),
    PostRefusal.NO_NETWORKS: lambda v, r: "Choose at least one network.",
    PostRefusal.NETWORK_NOT_OF_DESK: lambda v, r: (
        f"This desk doesn't publish on {v['network'].label}. Choose from its networks, or have a"
        " manager add it with /desk setup."
    ),
    PostRefusal.TOO_LONG_FOR: lambda v, r: (
        f"{over_limit(v['over'])} Shorten it to send it, or keep it as your draft."
    ),
    PostRefusal.TIME_PASSED: lambda v, r: (
        f"{r.when(v['publish_at'])} has passed. Choose a publish time that lies ahead, or none."
    ),
    PostRefusal.NOT_A_LINK: lambda v, r: (
        "This isn't a web address. Paste the post's link, such as https://example.com/post/1."
    ),
    PostRefusal.NOTES_TOO_LONG: lambda v, r: f"Notes can be {v['limit']:,} characters long.",
}
