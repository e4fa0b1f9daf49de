"""The sentences of comments."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.words import Reader, Sentence
from operations.comments import Kept
from rules.comments import CommentRefusal
from rules.posts import Status

TITLE = "Comment"
LABEL = "Comment"
TELL = "Tell these people"
TELL_HINT = "They get a message from Copydesk. Others find the comment with the post."

APPROVE = "Approve"
ONLY_COMMENT = "It was only a comment"
NOT_RECORDED = "No approval is recorded. When you do approve, use Approve on the card."
MOVED_ON = "This review has moved on, so there is no approval to record any more."

SENTENCES: Mapping[CommentRefusal, Sentence] = {
    CommentRefusal.NOTHING_SAID: lambda v, r: "Write what you want to say about the post.",
    CommentRefusal.SAID_TOO_MUCH: lambda v, r: (
        f"A comment can be {v['limit']:,} characters long. Shorten it, or send it in two."
    ),
}


def kept(kept: Kept, reader: Reader) -> str:
    """After a comment was written in Open: where it is, and who is told."""
    code = kept.post.code
    if kept.copied:
        said = f"Your comment on {code} is in the thread of its card in #{kept.desk.name}."
    else:
        said = f"Your comment is kept with {code}."
    if kept.told:
        said += f" I tell {reader.names(kept.told)}."
    if kept.untold:
        said += f" {reader.names(kept.untold)} can't see this post, so I don't tell them."
    if kept.post.status is Status.CANCELLED:
        said += f" {cancelled(kept.post.code)}"
    return said


def cancelled(code: str) -> str:
    """After a comment on a post that was cancelled."""
    return f"{code} is cancelled: nothing happens with it until somebody restores it, in Open."


def question(code: str, version: int) -> str:
    """After what may have been a yes."""
    return f"That sounds like a yes to {code}, version {version}. Record this as your approval?"


def recorded(code: str, version: int) -> str:
    """After that question was answered with yes."""
    return f"Your approval of {code}, version {version}, is recorded."


def from_here(code: str, channel: str, copied: bool) -> str:
    """Under a direct card, in mrkdwn: what becomes of replies there."""
    if copied:
        return (
            f"I keep what you write here as comments on {code}, and copy them to the thread of its"
            f" card in {channel}."
        )
    return f"I keep what you write here as comments on {code}, and tell whom they concern."


def not_kept(code: str) -> str:
    """Under a direct card whose reader doesn't see the post any more."""
    return (
        f"You can't see {code} any more, so what you write here reaches nobody. Write to its owner"
        " instead."
    )
