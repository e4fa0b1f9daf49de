"""Pictures that Slack can't show any more: a whole message is refused for one file that is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from rules.slack_text import escape

T = TypeVar("T")


def drawn_or_named(call: Callable[[dict[str, Any]], T], shown: Mapping[str, Any]) -> T:
    """Calls with a message or a view, and where Slack refuses a picture of it, once more with a
    line in the place of each. Raises what the client raises.

    "invalid slack file [json-pointer:/blocks/0/slack_file]", as seen in
    github.com/slackapi/python-slack-sdk/issues/1797.
    """
    try:
        return call(dict(shown))
    except SlackApiError as error:
        if not _is_about_a_picture(error):
            raise
    return call({**shown, "blocks": [_named(block) for block in shown["blocks"]]})


def _is_about_a_picture(error: SlackApiError) -> bool:
    told = error.response.get("response_metadata") or {}
    return any("slack_file" in message for message in told.get("messages") or ())


def _named(block: dict[str, Any]) -> dict[str, Any]:
    if block["type"] != "image":
        return block
    text = f"🖼️ {escape(block['alt_text'])} (no longer in Slack)"
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
