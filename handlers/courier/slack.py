"""The courier's calls to Slack, each with the patience that Slack asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web import SlackResponse

from handlers.answers import Drawn
from handlers.courier.lanes import Lanes
from handlers.courier.verdicts import failure
from handlers.pictures import drawn_or_named

METADATA = "copydesk_message"

_PAGE = 200

T = TypeVar("T")

Content = dict[str, Any]
"""The text and the blocks of a message, as the client takes them."""


def as_content(drawn: Drawn) -> Content:
    """Raises SlackObjectFormationError where a block is not as Slack wants it."""
    return {"text": drawn.text, "blocks": [block.to_dict() for block in drawn.blocks]}


class Slack:
    """Posts, changes and finds messages. What it raises, `verdicts.failure` understands."""

    def __init__(self, client: WebClient, lanes: Lanes) -> None:
        self._client = client
        self._lanes = lanes

    def post(
        self, address: str, content: Content, delivery_id: str, thread_ts: str | None
    ) -> tuple[str, str]:
        """Posts to a channel or a person, or in a thread there; the channel and ts of the message.

        Slack takes what is for a thread that isn't there, and shows it nowhere
        (github.com/slackapi/python-slack-sdk/issues/840).
        """

        def posted(content: Content) -> Any:
            return self.call(
                "chat.postMessage",
                self._client.chat_postMessage,
                channel=address,
                thread_ts=thread_ts,
                **content,
                metadata={"event_type": METADATA, "event_payload": {"delivery": delivery_id}},
                unfurl_links=False,
                unfurl_media=False,
            )

        answer = drawn_or_named(posted, content)
        return answer["channel"], answer["ts"]

    def update(self, channel: str, ts: str, content: Content) -> None:
        """Changes a message of ours."""

        def updated(content: Content) -> None:
            self.call("chat.update", self._client.chat_update, channel=channel, ts=ts, **content)

        drawn_or_named(updated, content)

    def publish(self, slack_id: str, view: View) -> None:
        """Draws a person's Home."""

        def published(view: dict[str, Any]) -> None:
            self.call("views.publish", self._client.views_publish, user_id=slack_id, view=view)

        drawn_or_named(published, view.to_dict())

    def open_direct(self, slack_id: str) -> str:
        """The channel of a person's direct messages."""
        answer = self.call("conversations.open", self._client.conversations_open, users=slack_id)
        return str(answer["channel"]["id"])

    def find(
        self, channel: str, delivery_id: str, since: datetime, thread_ts: str | None
    ) -> str | None:
        """The ts of the message that was posted with this delivery id, None where there is none."""
        cursor = ""
        while True:
            page = self._page(channel, since, thread_ts, cursor)
            for posted in page["messages"]:
                payload = (posted.get("metadata") or {}).get("event_payload") or {}
                if payload.get("delivery") == delivery_id:
                    return str(posted["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return None

    def _page(
        self, channel: str, since: datetime, thread_ts: str | None, cursor: str
    ) -> SlackResponse:
        """What was said lately in a channel, or in one of its threads."""
        asked = {
            "channel": channel,
            "oldest": f"{since.timestamp():.6f}",
            "include_all_metadata": True,
            "limit": _PAGE,
            "cursor": cursor,
        }
        if thread_ts is None:
            history = self._client.conversations_history
            return self.call("conversations.history", history, **asked)
        replies = self._client.conversations_replies
        return self.call("conversations.replies", replies, ts=thread_ts, **asked)

    def call(self, method: str, call: Callable[..., T], **arguments: Any) -> T:
        """Makes a call, and leaves the method alone for as long as Slack says.

        Raises what the client raises, and Paused.
        """
        self._lanes.check(method)
        try:
            return call(**arguments)
        except SlackApiError as error:
            wait = failure(error).retry_after
            if wait is not None:
                self._lanes.pause(method, wait)
            raise
