"""chat.*: posting, changing and deleting messages.

Source: docs.slack.dev/reference/methods/chat.postMessage, chat.update, chat.delete,
chat.postEphemeral, chat.getPermalink.
"""

from typing import Any

from playground.core import ApiError, Playground
from playground.messages import as_api, change, content_of, delete, post
from playground.responses import check_blocks
from playground.text import is_storable
from playground.web_api.methods import Call, method
from playground.workspace import Channel, Json, Kind, Message

POST_TEXT_MAX = 40_000
UPDATE_TEXT_MAX = 4_000
ATTACHMENTS_MAX = 100
_PARTS = ("text", "blocks", "attachments", "metadata")


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Json:
    channel = _place_to_post(call)
    content = _content(call)
    content["text"] = content["text"][:POST_TEXT_MAX]
    thread_ts = str(call.args.get("thread_ts") or "") or None
    message = post(call.pg, channel, content, user=call.pg.bot_user_id, thread_ts=thread_ts)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": as_api(call.pg, channel, message, with_metadata=True),
    }


@method("chat.update", "chat:write")
def update(call: Call) -> Json:
    channel = call.channel()
    message = _own_message(call, channel, "cant_update_message")
    if channel.is_archived:
        raise ApiError("is_inactive")
    if call.pg.edit_window_closed:
        raise ApiError("edit_window_closed")
    content = _content(call, message.content)
    if len(content["text"]) > UPDATE_TEXT_MAX:
        raise ApiError("msg_too_long")
    change(call.pg, channel, message, content)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": content["text"],
        "message": as_api(call.pg, channel, message, with_metadata=True),
    }


@method("chat.delete", "chat:write")
def delete_message(call: Call) -> Json:
    channel = call.channel()
    message = _own_message(call, channel, "cant_delete_message")
    delete(call.pg, channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Json:
    channel = call.channel()
    if channel.is_archived:
        raise ApiError("is_archived")
    if not call.pg.bot_is_in(channel) and "chat:write.public" not in call.pg.granted:
        raise ApiError("not_in_channel")
    reader = call.text("user")
    person = call.pg.person(reader)
    if reader not in channel.members or person is None or person.deleted:
        raise ApiError("user_not_in_channel")
    message = post(
        call.pg,
        channel,
        _content(call),
        user=call.pg.bot_user_id,
        thread_ts=str(call.args.get("thread_ts") or "") or None,
        ephemeral_to=reader,
    )
    return {"message_ts": message.ts}


@method("chat.getPermalink")
def get_permalink(call: Call) -> Json:
    channel = call.channel()
    message = _message(call, channel, "message_ts")
    link = f"https://{call.pg.workspace.domain}.slack.com/archives/{channel.id}/p"
    link += message.ts.replace(".", "")
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _place_to_post(call: Call) -> Channel:
    """Where chat.postMessage puts it. A user's id stands for the direct message with them.

    To a deactivated person too: their history still exists (python-slack-sdk issue 1156).
    """
    pg = call.pg
    wanted = call.text("channel")
    person = pg.person(wanted)
    if person:
        if person.is_bot:
            raise ApiError("channel_not_found")
        return pg.workspace.direct(pg.bot_user_id, person.id)
    named = pg.workspace.channel_named(wanted.removeprefix("#"))
    channel = named if named and call.knows(named) else call.channel()
    if channel.is_archived:
        raise ApiError("is_archived")
    outside = not pg.bot_is_in(channel)
    if outside and not (channel.kind is Kind.PUBLIC and "chat:write.public" in pg.granted):
        raise ApiError("not_in_channel")
    return channel


def _message(call: Call, channel: Channel, name: str) -> Message:
    """One that everybody sees: an ephemeral one cannot be reached. Raises ApiError."""
    message = channel.message(call.text(name))
    if message is None or message.ephemeral_to:
        raise ApiError("message_not_found")
    return message


def _own_message(call: Call, channel: Channel, refusal: str) -> Message:
    message = _message(call, channel, "ts")
    if message.user != call.pg.bot_user_id or message.subtype:
        raise ApiError(refusal)
    return message


def _content(call: Call, before: Json | None = None) -> Json:
    """The checked content. `before` is what an update keeps where an argument is absent.

    An empty list or object removes. Raises ApiError.
    """
    before = before or {}
    text = str(call.args.get("text") or "")
    blocks = call.structure("blocks", "invalid_blocks_format")
    attachments = call.structure("attachments", "invalid_attachments")
    metadata = call.structure("metadata", "invalid_metadata_format")
    if blocks is not None:
        check_blocks(call.pg, blocks)
    if attachments is not None:
        _check_attachments(call.pg, attachments)
    if metadata:
        _check_metadata(metadata)
    if not text and not blocks and not attachments:
        raise ApiError("no_text")
    if not is_storable(text):
        raise ApiError("invalid_arguments", "[ERROR] text holds NUL or a lone surrogate")
    given = {"text": text, "blocks": blocks, "attachments": attachments, "metadata": metadata}
    kept = {part: before.get(part) if given[part] is None else given[part] for part in _PARTS}
    return content_of(
        text, kept["blocks"], attachments=kept["attachments"], metadata=kept["metadata"]
    )


def _check_attachments(pg: Playground, attachments: Any) -> None:
    if not isinstance(attachments, list):
        raise ApiError("invalid_attachments")
    if len(attachments) > ATTACHMENTS_MAX:
        raise ApiError("too_many_attachments")
    for attachment in attachments:
        if not isinstance(attachment, dict):
            raise ApiError("invalid_attachments")
        if attachment.get("blocks"):
            check_blocks(pg, attachment["blocks"])


def _check_metadata(metadata: Any) -> None:
    """Source: docs.slack.dev/messaging/message-metadata."""
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise ApiError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_format")
