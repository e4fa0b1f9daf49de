"""conversations.*: what the bot may know of channels, and read in them.

Source: docs.slack.dev/reference/methods/conversations.info, .members, .open, .history, .replies.
"""

from playground.core import HISTORY_SCOPES, READ_SCOPES, ApiError, Playground
from playground.messages import as_api
from playground.web_api.methods import Call, method, page
from playground.workspace import Channel, Json, Kind, Message

_READ = tuple(READ_SCOPES.values())
_HISTORY = tuple(HISTORY_SCOPES.values())


def as_channel(pg: Playground, channel: Channel) -> Json:
    """The conversation object. Source: docs.slack.dev/reference/objects/conversation-object."""
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_channel": channel.kind is Kind.PUBLIC,
        "is_group": channel.kind is Kind.PRIVATE,
        "is_im": channel.kind is Kind.IM,
        "is_mpim": channel.kind is Kind.MPIM,
        "is_private": channel.kind is not Kind.PUBLIC,
        "is_org_shared": False,
        "context_team_id": pg.workspace.team_id,
    }
    if channel.kind is Kind.IM:
        other = next(m for m in channel.members if m != pg.bot_user_id)
        return {**shown, "user": other, "is_user_deleted": pg.workspace.people[other].deleted}
    return {
        **shown,
        "name": channel.name,
        "name_normalized": channel.name,
        "creator": channel.creator,
        "is_general": channel.name == "general",
        "is_member": pg.bot_is_in(channel),
        "is_shared": channel.is_shared,
        "is_ext_shared": channel.is_shared,
        "is_pending_ext_shared": False,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


@method("conversations.info", *_READ)
def info(call: Call) -> Json:
    channel = call.channel()
    call.need(READ_SCOPES[channel.kind])
    shown = as_channel(call.pg, channel)
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


@method("conversations.members", *_READ)
def members(call: Call) -> Json:
    channel = call.channel()
    call.need(READ_SCOPES[channel.kind])
    listed, more = page(channel.members, call, 100)
    return {"members": listed, **more}


@method("conversations.open", "im:write", "mpim:write", "channels:manage", "groups:write")
def open_direct(call: Call) -> Json:
    """Direct messages with one person; several at once are not in the playground."""
    pg = call.pg
    call.need("im:write")
    wanted = str(call.args.get("users") or "")
    if not wanted:
        channel = call.channel()
        return {"channel": {"id": channel.id}}
    if "," in wanted:
        raise ApiError("not_enough_users")
    person = pg.person(wanted)
    if person is None:
        raise ApiError("user_not_found")
    if person.deleted:
        raise ApiError("user_disabled")
    if person.is_bot:
        raise ApiError("cannot_dm_bot")
    opened = pg.workspace.direct(pg.bot_user_id, person.id)
    pg.changed("state")
    shown = as_channel(pg, opened) if call.flag("return_im") else {"id": opened.id}
    return {"channel": shown}


@method("conversations.history", *_HISTORY)
def history(call: Call) -> Json:
    """Newest first; replies only where they were also sent to the channel."""
    channel = _readable(call)
    said = [m for m in _said(channel) if m.thread_ts in (None, m.ts)]
    return _messages(call, channel, list(reversed(_between(call, said))), 100)


@method("conversations.replies", *_HISTORY)
def replies(call: Call) -> Json:
    """The parent and its replies, oldest first."""
    channel = _readable(call)
    wanted = channel.message(call.text("ts"))
    if wanted is None or wanted.ephemeral_to:
        raise ApiError("thread_not_found")
    root_ts = wanted.thread_ts or wanted.ts
    thread = [m for m in _said(channel) if root_ts in (m.ts, m.thread_ts)]
    kept = [m for m in thread if m.ts == root_ts]
    kept += [m for m in _between(call, thread) if m.ts != root_ts]
    return _messages(call, channel, kept, 1000)


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.need(HISTORY_SCOPES[channel.kind])
    if not call.pg.bot_is_in(channel):
        raise ApiError("not_in_channel")
    return channel


def _said(channel: Channel) -> list[Message]:
    return [m for m in channel.messages if not m.deleted and not m.ephemeral_to]


def _between(call: Call, messages: list[Message]) -> list[Message]:
    """`oldest` and `latest`, both left out unless `inclusive`. Raises ApiError."""
    inclusive = call.flag("inclusive")
    try:
        oldest = float(call.args.get("oldest") or 0)
        latest = float(call.args.get("latest") or "inf")
    except ValueError as error:
        raise ApiError("invalid_ts_oldest") from error
    return [
        m
        for m in messages
        if oldest < float(m.ts) < latest or (inclusive and float(m.ts) in (oldest, latest))
    ]


def _messages(call: Call, channel: Channel, messages: list[Message], usual: int) -> Json:
    listed, more = page(messages, call, usual)
    with_metadata = call.flag("include_all_metadata")
    return {
        "messages": [as_api(call.pg, channel, m, with_metadata=with_metadata) for m in listed],
        "has_more": bool(more["response_metadata"]["next_cursor"]),
        "pin_count": 0,
        **more,
    }
