"""The payloads of what people do, in Slack's shapes.

Source: docs.slack.dev/reference/interaction-payloads (block_actions, view interactions, shortcuts,
block_suggestion) and docs.slack.dev/interactivity/implementing-slash-commands.
"""

import secrets
from typing import Any

from playground.core import Playground
from playground.delivery import VERIFICATION_TOKEN, Envelope
from playground.elements import Placed
from playground.messages import as_api
from playground.views import View
from playground.workspace import Channel, Json, Kind, Message, Person


def channel_name(channel: Channel) -> str:
    """As payloads name a channel: its name is only told where it is public."""
    if channel.kind is Kind.IM:
        return "directmessage"
    return channel.name if channel.kind is Kind.PUBLIC else "privategroup"


def command(
    pg: Playground, person: Person, channel: Channel, name: str, text: str, response_url: str
) -> Json:
    """A slash command; every value is a string, as in a form."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": pg.workspace.team_id,
        "team_domain": pg.workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": pg.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": pg.new_trigger(person.id),
    }


def _common(pg: Playground, person: Person, kind: str) -> Json:
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team_id,
        },
        "api_app_id": pg.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": pg.workspace.team_id, "domain": pg.workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _in_message(pg: Playground, channel: Channel, message: Message, revision: int) -> Json:
    """Where a click in a message happened. Of an ephemeral message the app gets no copy."""
    placed: Json = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral_to is not None,
            **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        },
        "channel": {"id": channel.id, "name": channel_name(channel)},
    }
    if message.ephemeral_to is None:
        placed["message"] = as_api(pg, channel, message, at=revision)
    return placed


def message_click(
    pg: Playground,
    person: Person,
    channel: Channel,
    message: Message,
    revision: int,
    action: Json,
    state: Json,
    response_url: str,
) -> Json:
    return {
        **_common(pg, person, "block_actions"),
        **_in_message(pg, channel, message, revision),
        "trigger_id": pg.new_trigger(person.id),
        "state": {"values": state},
        "response_url": response_url,
        "actions": [action],
    }


def view_click(pg: Playground, person: Person, view: View, action: Json) -> Json:
    return {
        **_common(pg, person, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": pg.new_trigger(person.id),
        "view": pg.views.as_api(view),
        "actions": [action],
    }


def action(pg: Playground, spot: Placed, chosen: Json) -> Json:
    """One of `actions[]`; `chosen` is what was selected or typed."""
    copied = ("type", "action_id", "text", "value", "style", "url", "placeholder", "confirm")
    return {
        **{key: spot.element[key] for key in copied if key in spot.element},
        "block_id": spot.block_id,
        **chosen,
        "action_ts": pg.workspace.next_ts(),
    }


def view_submission(pg: Playground, person: Person, view: View) -> Json:
    return {
        **_common(pg, person, "view_submission"),
        "trigger_id": pg.new_trigger(person.id),
        "view": pg.views.as_api(view),
        "response_urls": [],
    }


def view_closed(pg: Playground, person: Person, view: View, is_cleared: bool) -> Json:
    return {
        **_common(pg, person, "view_closed"),
        "view": pg.views.as_api(view),
        "is_cleared": is_cleared,
    }


def global_shortcut(pg: Playground, person: Person, callback_id: str) -> Json:
    return {
        **_common(pg, person, "shortcut"),
        "action_ts": pg.workspace.next_ts(),
        "callback_id": callback_id,
        "trigger_id": pg.new_trigger(person.id),
    }


def message_shortcut(
    pg: Playground,
    person: Person,
    channel: Channel,
    message: Message,
    callback_id: str,
    response_url: str,
) -> Json:
    return {
        **_common(pg, person, "message_action"),
        "action_ts": pg.workspace.next_ts(),
        "callback_id": callback_id,
        "trigger_id": pg.new_trigger(person.id),
        "response_url": response_url,
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": as_api(pg, channel, message),
    }


def suggestion(pg: Playground, person: Person, spot: Placed, query: str, where: Json) -> Json:
    """What an external select asks; `where` is the view or the message it stands in."""
    return {
        **_common(pg, person, "block_suggestion"),
        "action_id": spot.action_id,
        "block_id": spot.block_id,
        "value": query,
        **where,
    }


def in_view(pg: Playground, view: View) -> Json:
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": pg.views.as_api(view),
    }


def in_message(pg: Playground, channel: Channel, message: Message) -> Json:
    return _in_message(pg, channel, message, -1)


def interactive(name: str, payload: Json, *, answered: bool = False) -> Envelope:
    """The envelope of an interaction; `answered` when Slack reads the ack's payload."""
    return Envelope(secrets.token_hex(16), "interactive", name, payload, answered)


def slash(payload: Json) -> Envelope:
    name = f"{payload['command']} {payload['text']}".strip()[:80]
    return Envelope(secrets.token_hex(16), "slash_commands", name, payload, True)


def is_true(value: Any) -> bool:
    """Booleans come as JSON or as the words of a form."""
    return value in (True, 1, "true", "True", "1")
