"""Messages posted, changed and deleted: the record, the page and the app all hear of it."""

from typing import Any

from playground import files
from playground.core import Playground
from playground.events import publish
from playground.text import mentions_many
from playground.traffic import Direction
from playground.workspace import Channel, Json, Message, with_block_ids


def content_of(text: str, blocks: list[Json] | None, **more: Any) -> Json:
    """A message's content as it is stored: block ids made, empty parts left out."""
    content: Json = {"text": text}
    if blocks:
        content["blocks"] = with_block_ids(blocks)
    return content | {key: value for key, value in more.items() if value}


def post(
    pg: Playground,
    channel: Channel,
    content: Json,
    *,
    user: str,
    thread_ts: str | None = None,
    ephemeral_to: str | None = None,
    subtype: str | None = None,
) -> Message:
    """Adds a message. The app hears of it when it is subscribed to it, its own ones included."""
    root = channel.message(thread_ts) if thread_ts else None
    message = Message(
        ts=pg.workspace.next_ts(),
        channel=channel.id,
        user=user,
        contents=[content],
        bot_id=pg.bot_id if user == pg.bot_user_id else None,
        # A reply to a reply belongs to the thread of its parent.
        thread_ts=(root.thread_ts or root.ts) if root else thread_ts,
        ephemeral_to=ephemeral_to,
        subtype=subtype,
        said_at=pg.workspace.calendar(),
    )
    channel.messages.append(message)
    files.share(pg, channel, message)
    _warn_of_mass_mention(pg, message)
    pg.changed("channel", channel.id)
    if not ephemeral_to:
        publish(pg, {**as_api(pg, channel, message), **_where(channel, message.ts)}, channel)
    return message


def change(pg: Playground, channel: Channel, message: Message, content: Json) -> None:
    """Gives a message a new content; the old ones are kept."""
    before = as_api(pg, channel, message)
    message.contents.append(content)
    _warn_of_mass_mention(pg, message)
    ts = pg.workspace.next_ts()
    message.edited = {"user": message.user, "ts": ts}
    pg.changed("channel", channel.id)
    if message.ephemeral_to:
        return
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": as_api(pg, channel, message),
        "previous_message": before,
        "ts": ts,
    }
    publish(pg, {**event, **_where(channel, ts)}, channel)


def delete(pg: Playground, channel: Channel, message: Message) -> None:
    before = as_api(pg, channel, message)
    message.deleted = True
    ts = pg.workspace.next_ts()
    pg.changed("channel", channel.id)
    if message.ephemeral_to:
        return
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": message.ts,
        "previous_message": before,
        "ts": ts,
    }
    publish(pg, {**event, **_where(channel, ts)}, channel)


def _warn_of_mass_mention(pg: Playground, message: Message) -> None:
    """The app is to be quiet: a mass mention of its own is a problem in the log."""
    if message.user == pg.bot_user_id and mentions_many(message.content):
        problem = "It mentions everybody or a group."
        detail = {"channel": message.channel, "ts": message.ts, "content": message.content}
        pg.traffic.note(Direction.EVENT, "mass mention", message.channel, detail, problem)


def _where(channel: Channel, event_ts: str) -> Json:
    kind = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}[channel.kind]
    return {"channel": channel.id, "event_ts": event_ts, "channel_type": kind}


def as_api(
    pg: Playground, channel: Channel, message: Message, *, with_metadata: bool = False, at: int = -1
) -> Json:
    """The message object of Slack's answers and payloads, with the content of revision `at`.

    Metadata is only shown to who asks (`include_all_metadata`).
    """
    content = {k: v for k, v in message.contents[at].items() if k != "metadata"}
    if "files" in content:
        content["files"] = [
            files.as_api(pg, pg.workspace.files[file_id]) for file_id in content["files"]
        ]
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, **content}
    shown["team"] = pg.workspace.team_id
    if message.bot_id:
        shown |= {
            "bot_id": message.bot_id,
            "app_id": pg.app_id,
            "bot_profile": {
                "id": message.bot_id,
                "app_id": pg.app_id,
                "name": pg.app.bot_display_name,
                "team_id": pg.workspace.team_id,
                "deleted": False,
            },
        }
    if message.subtype:
        shown["subtype"] = message.subtype
    if message.edited:
        shown["edited"] = message.edited
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in message.reactions.items()
        ]
    if with_metadata and "metadata" in message.contents[at]:
        shown["metadata"] = message.contents[at]["metadata"]
    return shown | _thread(channel, message)


def _thread(channel: Channel, message: Message) -> Json:
    if message.thread_ts and message.thread_ts != message.ts:
        root = channel.message(message.thread_ts)
        return {
            "thread_ts": message.thread_ts,
            **({"parent_user_id": root.user} if root else {}),
        }
    replies = channel.replies(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def as_play(pg: Playground, channel: Channel, message: Message) -> Json:
    """As the page and the players see it."""
    shown = as_api(pg, channel, message, with_metadata=True)
    return {
        **shown,
        "said_at": float(message.ts) if message.said_at is None else message.said_at,
        "ephemeral": message.ephemeral_to is not None,
        "revision": message.revision,
    }


def as_record(pg: Playground, channel: Channel, message: Message) -> Json:
    """As the checkers see it: every content, the reader of an ephemeral one, deleted or not."""
    return {
        **as_play(pg, channel, message),
        "contents": message.contents,
        "ephemeral_to": message.ephemeral_to,
        "deleted": message.deleted,
    }
