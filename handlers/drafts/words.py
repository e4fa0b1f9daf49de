"""The sentences of drafts."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import draw, times
from handlers.absences.words import who_is_away
from handlers.posts.words import ended_approval, over_limit
from handlers.words import Reader
from operations.drafts import Saved
from operations.posts import Shown
from operations.reminders import Reminded
from rules.desks import Need
from rules.networks import Network
from rules.posts import Post, Status
from rules.reviews import Review, ReviewState

ASKED_FOR = "Ready to write, with the words above to start from."
CUT = "The text was longer than the 3,000 characters that fit here; its end was cut."
TITLE = "New draft"
EDIT_TITLE = "Edit"
KEEP = "Keep as my draft"
KEEP_EDIT = "Save without sending"
SEND = "Send for approval now"
NEEDED_BY_HINT = (
    "When you want it decided; its approvers are reminded in time. Empty: a working day before."
)
SEND_AGAIN = "Send again"
PASS = "Mark as approved (this desk checks its own)"
EDIT_AND_APPROVE = "Edit and approve"


def send_label(need: Need, again: bool) -> str:
    """The choice that sends what the form saves."""
    if need is Need.NOBODY:
        return PASS
    return SEND_AGAIN if again else SEND


def ends(code: str, version: int, approved_by: str) -> str:
    """Before an edit: whose approval it would end."""
    whose = f"the approval of {approved_by}" if approved_by else "its review"
    return f"{code} is under way. A change of its content ends {whose} of version {version}."


def ends_of(shown: Shown, reader: Reader) -> list[str]:
    """Before an edit: what it would end; nothing where nothing is under way."""
    review = shown.review
    if review is None or review.state not in (ReviewState.OPEN, ReviewState.APPROVED):
        return []
    return [ends(shown.post.code, review.version, reader.names(review.approved_by))]


def your_yes(owner: str, version: int, approved_by: str) -> str:
    """Above the form Edit and approve; `owner` is empty for their own post."""
    said = "Your approval is for the post as you save it here."
    if owner:
        said += f" {owner} sees what you changed."
    if approved_by:
        said += f" A change ends the approval of {approved_by} of version {version}; they are asked"
        said += " again."
    return said


def overtaken(who: str, version: int) -> str:
    """Above a form that somebody was faster than."""
    return (
        f"{who} saved version {version} while you were writing. What you typed is still here;"
        " saving it now replaces theirs."
    )


def edited_and_approved(post: Post) -> str:
    """After Edit and approve, also where nothing was edited."""
    said = f"You approved version {post.version} of {post.code}."
    return f"{said} It waits for others now." if post.status is Status.IN_REVIEW else said


def saved(saved: Saved, reader: Reader, over: dict[Network, int], *, is_new: bool) -> str:
    """After the form was saved."""
    post = saved.post
    if saved.review is not None:
        sentence = " ".join([sent(post, saved.review), *away(saved.review, reader)])
    elif post.status in (Status.APPROVED, Status.SCHEDULED):
        sentence = f"{post.code} is saved and approved."
    else:
        sentence = f"{post.code} is saved."
        if is_new:
            sentence += " Its card is in your messages with Copydesk."
        if over:
            sentence += f" {over_limit(over)}"
    return f"{sentence} {ended_approval(reader, saved.ended)}".strip()


def sent(post: Post, review: Review) -> str:
    """After a post was sent for approval."""
    count = len(review.current.approvers)
    who = "its approver" if count == 1 else f"its {count} approvers"
    return f"{post.code} is sent for approval to {who}."


def away(review: Review | None, reader: Reader) -> list[str]:
    """After a post was sent: who is away of those who are asked, and who stands in."""
    return [f"{line}." for line in who_is_away(review, reader.name)]


def belongs(code: str, owner: str) -> str:
    """On the card of who owned a post before, in mrkdwn."""
    return f"*{code}* belongs to {owner} now"


def handed_over_by(who: str) -> str:
    """On the card of who got a post, in mrkdwn."""
    return f"Handed over by {who}"


_REMINDED_SHOWN = 5


def reminded(told: Sequence[Reminded]) -> str:
    """On the owner's card, in mrkdwn: who was reminded to decide, and when last."""
    latest = list(told)[-_REMINDED_SHOWN:]
    said = [f"{draw.name(each.name)} {times.in_readers_zone(each.at)}" for each in latest]
    return f"Reminded: {', '.join(said)}"


def became(code: str) -> str:
    """In the thread where a draft was asked for, in mrkdwn: no more than what all may know."""
    return f"Became *{code}*"


def became_before(code: str) -> str:
    """After a click on a button that was still on a screen."""
    return f"This became {code} already. A new one starts with /draft, in your team's channel."


def copies(code: str) -> str:
    """Above the form that starts from another post."""
    return f"A new post that starts as a copy of {code}; choose other networks if you like."
