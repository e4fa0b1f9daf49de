"""The sentences of posts, and how a post's state is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.words import Reader, Sentence, in_a_row
from rules.access import May
from rules.life import Event
from rules.networks import Network
from rules.posts import Campaign, PostRefusal, Status
from rules.reviews import Review

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
    Event.BACK_TO_DRAFT: "it can't go back to draft",
    Event.CANCEL: "it can't be cancelled",
    Event.RESTORE: "there is nothing to restore",
    Event.SET_TIME: "there is no new time to choose",
    Event.UNDO: "the decision can't be taken back any more",
}

_NEXT: Mapping[Status, str] = {
    Status.DRAFT: "Send it for approval first.",
    Status.IN_REVIEW: "It waits for its approvers.",
    Status.CHANGES_REQUESTED: "Edit it and send it again.",
    Status.MISSED: "Choose a new time for it first, with New time in Open.",
    Status.PUBLISHED: "Duplicate in Open starts a new post from it.",
    Status.REJECTED: "A rejection is final; Duplicate in Open starts a new post from it.",
    Status.CANCELLED: "Restore in Open makes it a draft again.",
}


def _wrong_status(status: Status, event: Event) -> str:
    state = STATUSES[status].lower()
    next_step = _NEXT.get(status, "Open shows what can be done with it now.")
    return f"This post is {state}, so {_CANNOT.get(event, 'that is not possible')}. {next_step}"


def over_limit(over: Mapping[Network, int]) -> str:
    """Which network would refuse a text, and by how much it is too long."""
    parts = [f"{by:,} over the limit of {network.label}" for network, by in over.items()]
    return "The text is " + " and ".join(parts) + "."


def _too_long(over: Mapping[Network, int], own: bool) -> str:
    if own:
        return f"{over_limit(over)} Shorten it to send it, or keep it as your draft."
    names = in_a_row([network.label for network in over])
    return (
        f"{over_limit(over)} Shorten it, or write one for {names} alone: Edit has a field for that."
    )


def published(code: str) -> str:
    """After a post was marked as published."""
    return f"{code} is marked as published."


SENTENCES: Mapping[PostRefusal, Sentence] = {
    PostRefusal.UNKNOWN: lambda v, r: (
        f"There is no {v.get('code', 'such post')} that you can see here. Drafts are seen by"
        " their owner and the desk's managers; the rest in the channel of their desk."
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
    PostRefusal.TOO_LONG_FOR: lambda v, r: _too_long(v["over"], v["own"]),
    PostRefusal.TIME_PASSED: lambda v, r: (
        f"{r.when(v['publish_at'])} has passed. Choose a publish time that lies ahead, or none."
    ),
    PostRefusal.NEEDED_PASSED: lambda v, r: (
        f"{r.when(v['needed_by'])} has passed. Choose a time that lies ahead, or none."
    ),
    PostRefusal.NEEDED_TOO_LATE: lambda v, r: (
        f"The post goes out {r.when(v['publish_at'])}; a decision is needed before that."
    ),
    PostRefusal.NO_TIME: lambda v, r: "Choose a time that lies ahead.",
    PostRefusal.NOT_A_LINK: lambda v, r: (
        "This isn't a web address. Paste it whole, such as https://example.com/post/1."
    ),
    PostRefusal.ONE_LINK: lambda v, r: (
        "A post has one link, besides those to Drive and Canva. Put the others into the text."
    ),
    PostRefusal.NOTES_TOO_LONG: lambda v, r: f"Notes can be {v['limit']:,} characters long.",
    PostRefusal.ON_HOLD: lambda v, r: (
        f"{v['code']} is on hold: “{v['why']}”. Take it off hold first, in Open."
    ),
    PostRefusal.IS_OVER: lambda v, r: (
        f"{v['code']} is {STATUSES[v['status']].lower()}, so nothing about it changes any more."
        f" {_NEXT[v['status']]}"
    ),
    PostRefusal.NO_REASON: lambda v, r: "Say in a few words why, for those who will wonder.",
    PostRefusal.REASON_TOO_LONG: lambda v, r: f"A reason can be {v['limit']} characters long.",
    PostRefusal.ELSEWHERE: lambda v, r: (
        f"Only people who are in #{v['desk']} write its posts. Ask one of them to do it."
    ),
    PostRefusal.OWNER_ELSEWHERE: lambda v, r: (
        f"{r.name(v['who'])} isn't in #{v['desk']}. Invite them there first, or choose somebody"
        " who is."
    ),
    PostRefusal.OWNER_CANNOT: lambda v, r: (
        f"{r.name(v['who'])} can't take it over: apps, people who left and people of other"
        " workspaces can't. Choose a colleague."
    ),
    PostRefusal.OWNER_APPROVES: lambda v, r: (
        f"{r.name(v['who'])} is asked to approve this post, and nobody approves their own. Choose"
        " somebody else, or take the post back to draft first."
    ),
    PostRefusal.CAMPAIGN_TOO_LONG: lambda v, r: (
        f"A campaign's name can be {v['limit']} characters long."
    ),
}

# The menu of what is rarer.
MORE: Mapping[May, str] = {
    May.HOLD: "Hold",
    May.URGENT: "Mark as urgent",
    May.NOT_URGENT: "Not urgent any more",
    May.CAMPAIGN: "Campaign",
    May.HAND_OVER: "Hand over",
}

# The title, the label and the hint of the forms that ask for a reason.
REASON_FORMS: Mapping[May, tuple[str, str, str]] = {
    May.HOLD: (
        "Hold",
        "Why is it held?",
        "It isn't sent and doesn't go out until it is taken off hold.",
    ),
    May.URGENT: ("Mark as urgent", "Why is it urgent?", "Its cards will say so."),
}

# After such a form was saved.
FLAGGED: Mapping[May, Callable[[str], str]] = {
    May.HOLD: lambda code: f"{code} is on hold.",
    May.URGENT: lambda code: f"{code} is marked as urgent.",
}

CAMPAIGN_HINT = (
    "Posts with the same campaign are counted together. Leave it empty to take this one out."
)


def progress(campaign: Campaign) -> str:
    """How far a campaign got; nothing where none of its posts counts."""
    if not campaign.posts:
        return ""
    return f"{campaign.published} of {campaign.posts} in this campaign published"


def in_campaign(code: str, campaign: Campaign | None) -> str:
    """After the form Campaign was saved."""
    if campaign is None:
        return f"{code} is in no campaign now."
    return f"{code} is in the campaign {campaign.name} now: {progress(campaign)}."


def ends_approval(names: str, version: int) -> str:
    """Before a way out: whose approval it would end."""
    return f"This ends the approval of {names} of version {version}."


def ended_approval(reader: Reader, review: Review | None) -> str:
    """After a way out: whose approval it ended; empty when it ended nothing."""
    if review is None:
        return ""
    if review.approved_by:
        whose = reader.names(review.approved_by)
        return f"This ended {whose}'s approval of version {review.version}."
    return f"This ended the review of version {review.version}."


def handed_over(code: str, owner: str) -> str:
    """After a post was given away."""
    return f"{code} belongs to {owner} now; its card is in their messages with Copydesk."
