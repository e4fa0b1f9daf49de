"""What managers are told when something could not be delivered."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.models.blocks import Block

from handlers import draw
from handlers.answers import Drawn
from handlers.ids import Action
from rules.posts import Post

_REASONS: Mapping[str, str] = {
    "is_archived": "the channel is archived. Unarchive it, or set the desk up in another one",
    "not_in_channel": "I am not in that channel. Type /invite @Copydesk there",
    "channel_not_found": "I can't see that channel. Type /invite @Copydesk there",
    "user_disabled": "that account is deactivated. Choose somebody else in /desk setup",
    "user_not_found": "that person isn't in this workspace any more. Choose somebody else",
    "missing_scope": "the app lacks a permission. Install it again from its manifest",
}


def failed(about: str, where: str, error: str, post: Post | None) -> Drawn:
    """A message that Slack will never take."""
    reason = _REASONS.get(error, f"Slack refused it ({error})")
    said = f"A message about *{about}* could not be delivered to {where}: {reason}."
    return Drawn(said, _with_open(said, post))


def unknown(about: str, where: str, post: Post | None) -> Drawn:
    """A message of which nobody can say whether it arrived."""
    said = (
        f"A message about *{about}* may not have reached {where}: Slack's answer was lost, and I"
        " may not read there to look. I won't send it twice. Please check, and tell them yourself"
        " if it isn't there."
    )
    return Drawn(said, _with_open(said, post))


def _with_open(said: str, post: Post | None) -> list[Block]:
    beside = draw.button(Action.OPEN, "Open", post.id, says=f"Open {post.code}") if post else None
    return [draw.line(said, beside)]
