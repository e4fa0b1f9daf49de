"""Events that the app has subscribed to, delivered when its scopes and memberships allow.

Source: docs.slack.dev/apis/events-api; the scopes: docs.slack.dev/reference/events.
"""

import secrets
import time

from playground.core import READ_SCOPES, Playground
from playground.delivery import VERIFICATION_TOKEN, Envelope
from playground.event_scopes import EVENT_SCOPES
from playground.workspace import Channel, Json, Kind

_MESSAGE_EVENTS = {
    Kind.PUBLIC: "message.channels",
    Kind.PRIVATE: "message.groups",
    Kind.IM: "message.im",
    Kind.MPIM: "message.mpim",
}
# Of the scopes that let an app have one of these, the one for the kind of channel counts.
_BY_KIND = {"member_joined_channel", "member_left_channel"}
_OF_THE_APP = {"app_uninstalled", "tokens_revoked"}


def publish(pg: Playground, event: Json, channel: Channel | None = None) -> None:
    """Sends an event to the app if it may have it; nobody waits for the acknowledgement.

    `channel` is where it happened: the app only hears of the channels it is in.
    """
    if channel and not pg.bot_is_in(channel):
        return
    if _may_have(pg, event, channel):
        pg.in_background(pg.delivery.deliver_event(envelope(pg, event, channel)))


def _may_have(pg: Playground, event: Json, channel: Channel | None) -> bool:
    name = str(event["type"])
    if name == "message" and channel:
        name = _MESSAGE_EVENTS[channel.kind]
    scopes = EVENT_SCOPES[name]
    if name in _BY_KIND and channel:
        scopes = frozenset({READ_SCOPES[channel.kind]})
    return name in pg.app.bot_events and (not scopes or bool(scopes & pg.granted))


def envelope(pg: Playground, event: Json, channel: Channel | None) -> Envelope:
    """An `event_callback`, of which the app is the one authorization."""
    team = pg.workspace.team_id
    payload = {
        "token": VERIFICATION_TOKEN,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": pg.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": pg.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(channel and channel.is_shared),
        "event_context": f"4-{secrets.token_hex(12)}",
    }
    if event["type"] in _OF_THE_APP:
        payload.pop("authorizations")  # nobody is authorized any more
    name = f"event {event['type']}"
    if event.get("subtype"):
        name += f" ({event['subtype']})"
    return Envelope(secrets.token_hex(16), "events_api", name, payload, False)
