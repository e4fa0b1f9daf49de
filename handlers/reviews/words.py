"""The sentences of reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from handlers.absences.words import FEW, until
from handlers.words import Reader, Sentence, in_a_row
from rules.people import Person
from rules.posts import Post, Status
from rules.reviews import Decision, ReviewRefusal, ReviewState, Verdict

DID: Mapping[Verdict, str] = {
    Verdict.APPROVE: "approved",
    Verdict.REQUEST_CHANGES: "asked for changes to",
    Verdict.REJECT: "rejected",
}

OUTCOMES: Mapping[ReviewState, str] = {
    ReviewState.APPROVED: "Approved",
    ReviewState.CHANGES_REQUESTED: "Changes requested",
    ReviewState.REJECTED: "Rejected",
    ReviewState.ENDED: "No longer in review",
}

# The title and the label of the form that asks what to say besides.
COMMENT_FORMS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.APPROVE: ("Approve with a note", "Note to the owner"),
    Verdict.REQUEST_CHANGES: ("Request changes", "What should change?"),
    Verdict.REJECT: ("Reject", "Reason"),
}

# What the owner does next, after a yes and after a no.
WHAT_THEN: Mapping[Status, str] = {
    Status.APPROVED: "When it is out, say so with *Mark as published* in Open.",
    Status.SCHEDULED: "You get its text at that time, to publish it.",
}
FINAL = "A rejection is final. To start anew, use *Duplicate* in Open."

QUEUE = "Waits for you"
NOTHING_WAITS = "Nothing waits for you. Enjoy the quiet."

# On the card of who can't decide just now, and of whom somebody else was asked to decide for.
NOT_YOUR_TURN = "It is not your turn now"
ASKED_NO_MORE = "Somebody else is asked instead of you"


def stands_in(away: Sequence[tuple[str, date | None]], also: bool) -> str:
    """On a card of somebody who covers: for whom, with the last day of each where it is known."""
    if not away:
        return ""
    first = "Also for" if also else "For"
    if len(away) == 1:
        return f"{first} {away[0][0]}, who is away{until(away[0][1])}"
    names = in_a_row([f"{name} (away{until(last)})" for name, last in away])
    return f"{first} {names if len(away) <= FEW else f'{len(away)} approvers who are away'}"


def covers_for_you(who: str) -> str:
    """Beside a post that somebody who is away could decide on themselves, in mrkdwn."""
    return f"{who} covers for you"


def waits(count: int, more: bool) -> str:
    """Above the queue."""
    if count == 1:
        return "One post waits for you."
    return f"{'More than ' if more else ''}{count} posts wait for you, oldest first."


def decided(verdict: Verdict, post: Post, who: Person, reader: Reader) -> str:
    """After a comment was sent: the card may be far from where it was said."""
    said = f"You {DID[verdict]} {post.code}"
    if post.owner_id == who.id:
        return f"{said}."
    hears = "gets your note" if verdict is Verdict.APPROVE else "is told why"
    return f"{said}, and {reader.name(post.owner_id)} {hears}."


def _over(values: Mapping[str, Any], reader: Reader) -> str:
    last: Decision | None = values["last"]
    mine: Decision | None = values["mine"]
    ended = values["state"] is ReviewState.ENDED
    if mine is not None and not ended:
        return _already(mine, reader)
    if last is None or ended:
        return (
            "The post was edited, cancelled or taken back since, so there is nothing to decide on"
            " this any more. Open shows where it stands."
        )
    who, when = reader.name(last.person_id), reader.when(last.decided_at)
    return (
        f"{who} {DID[last.verdict]} this on {when}, so there is nothing left to decide."
        " You can add a comment in the thread."
    )


def _already(mine: Decision, reader: Reader) -> str:
    return (
        f"You {DID[mine.verdict]} this on {reader.when(mine.decided_at)}. To take that back, use"
        " Undo in Open."
    )


def _filled(values: Mapping[str, Any], reader: Reader) -> str:
    other: Decision = values["other"]
    who, when = reader.name(other.person_id), reader.when(other.decided_at)
    if other.person_id == values["place"]:
        said = f"{who} {DID[other.verdict]} this on {when}"
        return f"{said}, so there is nothing left to decide in their place."
    whose = "you" if values["own"] else reader.name(values["place"])
    return (
        f"{who} {DID[other.verdict]} this for {whose} on {when}, so there is nothing left to decide"
        " in that place. You can add a comment in the thread."
    )


SENTENCES: Mapping[ReviewRefusal, Sentence] = {
    ReviewRefusal.UNKNOWN: lambda v, r: (
        "This review isn't known here. Type /desk queue to see what waits for you."
    ),
    ReviewRefusal.OVER: _over,
    ReviewRefusal.OLDER_VERSION: lambda v, r: (
        f"This is version {v['version']}, and there is a version {v['current']} by now. Open the"
        " post to see it; a decision is for one version alone."
    ),
    ReviewRefusal.NOT_APPROVER: lambda v, r: (
        f"Only the approvers of step {v['step'] + 1} can do this. You can leave a comment in the"
        " thread."
    ),
    ReviewRefusal.PLACE_FILLED: _filled,
    ReviewRefusal.OWN_POST: lambda v, r: (
        "This is your own post, and somebody else has to decide on it. To change it, use Edit in"
        " Open."
    ),
    ReviewRefusal.ALREADY_DECIDED: lambda v, r: _already(v["mine"], r),
    ReviewRefusal.NO_COMMENT: lambda v, r: (
        "Say in a few words why: it is what the owner works with."
    ),
    ReviewRefusal.COMMENT_TOO_LONG: lambda v, r: (
        f"A comment can be {v['limit']:,} characters long."
    ),
    ReviewRefusal.NOBODY_MAY_APPROVE: lambda v, r: (
        "The only approver is the owner of this post, and nobody approves their own here. Add"
        " another approver in /desk setup, or allow it under Own posts in /desk settings."
    ),
    ReviewRefusal.NOTHING_TO_UNDO: lambda v, r: (
        "You have decided nothing on this version that could be taken back."
    ),
    ReviewRefusal.DECIDED_AFTER: lambda v, r: (
        f"{r.name(v['last'].person_id)} decided after you, so yours can't be taken back any more."
        " Talk to them, or edit the post: a new version is asked anew."
    ),
    ReviewRefusal.OUT_ALREADY: lambda v, r: (
        "The post is published, so the approval can't be taken back any more."
    ),
    ReviewRefusal.EDITED_SINCE: lambda v, r: (
        "The post was edited, cancelled or taken back since, so your decision no longer counts"
        " anyway."
    ),
    ReviewRefusal.TAKEN_OVER: lambda v, r: (
        f"{r.name(v['owner'])}, who was asked to approve this post, owns it by now, so it can't"
        " wait for approval as it did. Back to draft, in Open, lets it be sent to the others."
    ),
    ReviewRefusal.SENT_AGAIN: lambda v, r: (
        "The post was sent again since; decide on it as it is now, with the newer card."
    ),
}
