"""Answers to people's commands and clicks: in the acknowledgement, and by `response_url`.

Source: docs.slack.dev/interactivity/handling-user-interaction: a response_url works five times, for
thirty minutes; `response_type`, `replace_original`, `delete_original`.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from playground import blockkit, files
from playground.core import ApiError, Playground
from playground.messages import change, content_of, delete, post
from playground.payloads import is_true
from playground.text import is_storable
from playground.workspace import Channel, Json, Message

MOST_USES = 5
SECONDS = 30 * 60.0


@dataclass(slots=True)
class ResponseUrl:
    """Bound to who acted, where, and on which message. `issued` is monotonic seconds."""

    user: str
    channel: Channel
    message: Message | None
    issued: float
    uses: int = 0


class ResponseUrls:
    def __init__(self, pg: Playground) -> None:
        self._pg = pg
        self._urls: dict[str, ResponseUrl] = {}

    def new(self, kind: str, user: str, channel: Channel, message: Message | None = None) -> str:
        """An address for `kind` ("commands", "actions"), on this server."""
        path = f"/{kind}/{self._pg.workspace.team_id}/{secrets.token_hex(12)}"
        self._urls[path] = ResponseUrl(user, channel, message, time.monotonic())
        return self._pg.base_url + path

    def expire(self) -> None:
        """Makes every address handed out so far older than it may be."""
        for url in self._urls.values():
            url.issued -= SECONDS + 1

    def use(self, path: str, body: Json) -> None:
        """What the app posts to an address. Raises ApiError."""
        url = self._urls.get(path)
        if url is None:
            raise ApiError("invalid_url")
        if time.monotonic() - url.issued > SECONDS:
            raise ApiError("expired_url")
        if url.uses >= MOST_USES:
            raise ApiError("used_url")
        url.uses += 1
        original = url.message if url.message and not url.message.deleted else None
        if is_true(body.get("delete_original")) and original:
            delete(self._pg, url.channel, original)
        elif is_true(body.get("replace_original")) and original:
            change(self._pg, url.channel, original, checked_content(self._pg, body))
        else:
            thread_ts = body.get("thread_ts") or (url.message.thread_ts if url.message else None)
            respond(self._pg, url.user, url.channel, body, thread_ts)


def respond(
    pg: Playground, user: str, channel: Channel, body: Json, thread_ts: str | None = None
) -> Message:
    """Posts an answer, for the person alone unless `response_type` says so. Raises ApiError."""
    public = body.get("response_type") == "in_channel"
    return post(
        pg,
        channel,
        checked_content(pg, body),
        user=pg.bot_user_id,
        thread_ts=thread_ts,
        ephemeral_to=None if public else user,
    )


def checked_content(pg: Playground, body: Json) -> Json:
    """The content of an answer, held to the rules of chat.postMessage. Raises ApiError."""
    blocks = body.get("blocks") or []
    text = body.get("text") or ""
    check_blocks(pg, blocks)
    if not text and not blocks and not body.get("attachments"):
        raise ApiError("no_text")
    if not is_storable(str(text)):
        raise ApiError("invalid_arguments", "[ERROR] text holds NUL or a lone surrogate")
    return content_of(
        str(text), blocks, attachments=body.get("attachments"), metadata=body.get("metadata")
    )


def check_blocks(pg: Playground, blocks: Any) -> None:
    """Raises ApiError, naming what is wrong."""
    found = [*blockkit.problems("message", blocks), *files.problems(pg, blocks, "/blocks")]
    if found:
        raise ApiError(blockkit.error_code("message", found), *found)
