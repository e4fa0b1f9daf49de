"""reactions.add. Source: docs.slack.dev/reference/methods/reactions.add."""

from playground.core import ApiError
from playground.web_api.methods import Call, method
from playground.workspace import Json


@method("reactions.add", "reactions:write")
def add(call: Call) -> Json:
    channel = call.channel()
    message = channel.message(call.text("timestamp"))
    name = call.text("name").strip(":")
    if message is None or message.ephemeral_to:
        raise ApiError("message_not_found")
    if channel.is_archived:
        raise ApiError("is_archived")
    users = message.reactions.setdefault(name, [])
    if call.pg.bot_user_id in users:
        raise ApiError("already_reacted")
    users.append(call.pg.bot_user_id)
    call.pg.changed("channel", channel.id)
    return {}
