"""The forms of a post: the link when it is out, a reason, a new owner, a campaign."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import PlainTextInputElement, UserSelectElement
from slack_sdk.models.views import View

from handlers import draw
from handlers.ids import Field, Form
from handlers.posts import words
from operations.posts import Shown
from rules.access import May
from rules.drafting import CAMPAIGN_LIMIT, REASON_LIMIT
from rules.posts import Post


def publish(post: Post, memory: dict[str, Any]) -> View:
    """Asks for the link, which may stay empty."""
    return draw.form(
        Form.PUBLISH,
        f"Publish {post.code}",
        "Save",
        memory,
        [
            draw.line(f"This says that *{post.code}* is out, and ends its life here."),
            draw.field(
                Field.LINK,
                "Link to the post",
                PlainTextInputElement(
                    action_id=Field.LINK, placeholder="https://", max_length=3000
                ),
                optional=True,
            ),
        ],
    )


def reason(shown: Shown, choice: May, memory: dict[str, Any]) -> View:
    """Asks why a post is held, or urgent."""
    title, label, hint = words.REASON_FORMS[choice]
    element = PlainTextInputElement(action_id=Field.REASON, max_length=REASON_LIMIT)
    blocks = [_about(shown), draw.field(Field.REASON, label, element, hint=hint)]
    return draw.form(Form.REASON, title, "Save", memory, blocks)


def owner(shown: Shown, memory: dict[str, Any]) -> View:
    """Asks whom a post is handed over to."""
    element = UserSelectElement(action_id=Field.OWNER, placeholder="A colleague")
    blocks = [_about(shown), draw.field(Field.OWNER, "New owner", element)]
    return draw.form(Form.OWNER, "Hand over", "Hand over", memory, blocks)


def campaign(shown: Shown, memory: dict[str, Any]) -> View:
    """Asks which campaign a post belongs to."""
    element = PlainTextInputElement(
        action_id=Field.CAMPAIGN,
        max_length=CAMPAIGN_LIMIT,
        initial_value=shown.campaign.name if shown.campaign else None,
        placeholder="Such as Spring sale",
    )
    blocks = [
        _about(shown),
        draw.field(Field.CAMPAIGN, "Campaign", element, optional=True, hint=words.CAMPAIGN_HINT),
    ]
    return draw.form(Form.CAMPAIGN, "Campaign", "Save", memory, blocks)


def _about(shown: Shown) -> Block:
    return draw.line(f"*{shown.post.code}*, version {shown.version.number}")
