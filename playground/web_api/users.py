"""users.*: people, and the bot's own channels.

Source: docs.slack.dev/reference/methods/users.info, users.list, users.conversations and
docs.slack.dev/reference/objects/user-object.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playground.core import READ_SCOPES, ApiError
from playground.web_api.conversations import as_channel
from playground.web_api.methods import Call, method, page
from playground.workspace import Json, Kind, Person

_TYPES = {
    "public_channel": Kind.PUBLIC,
    "private_channel": Kind.PRIVATE,
    "im": Kind.IM,
    "mpim": Kind.MPIM,
}


def as_user(person: Person, *, include_locale: bool = False) -> Json:
    """The user object. A deactivated person has neither time zone nor roles."""
    first, _, last = person.real_name.partition(" ")
    shown: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "color": person.color,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            # Nobody here has chosen one; apps and clients show the real name then.
            "display_name": "",
            "display_name_normalized": "",
            "first_name": first,
            "last_name": last,
            "team": person.team_id,
        },
    }
    if person.deleted:
        return shown
    shown |= {
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": tz_offset(person.tz),
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
    }
    if person.is_stranger:
        shown["is_stranger"] = True
    if include_locale:
        shown["locale"] = person.locale
    return shown


def tz_offset(tz: str) -> int:
    """Seconds east of UTC, now; 0 for a zone that isn't known here, as a person may have one."""
    try:
        offset = datetime.now(UTC).astimezone(ZoneInfo(tz)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return 0
    return int(offset.total_seconds()) if offset else 0


@method("users.info", "users:read")
def info(call: Call) -> Json:
    return {"user": as_user(call.person(), include_locale=call.flag("include_locale"))}


@method("users.list", "users:read")
def list_users(call: Call) -> Json:
    listed, more = page(list(call.pg.workspace.people.values()), call, 200)
    locale = call.flag("include_locale")
    return {"members": [as_user(p, include_locale=locale) for p in listed], **more}


@method("users.conversations", *READ_SCOPES.values())
def conversations(call: Call) -> Json:
    """The channels that the bot, or `user`, is in; public ones unless `types` says otherwise."""
    wanted = str(call.args.get("types") or "public_channel").replace(" ", "").split(",")
    if unknown := [name for name in wanted if name not in _TYPES]:
        raise ApiError("invalid_types", *unknown)
    kinds = {_TYPES[name] for name in wanted}
    for kind in kinds:
        call.need(READ_SCOPES[kind])
    user = call.person().id if call.args.get("user") else call.pg.bot_user_id
    rooms = [
        channel
        for channel in call.pg.workspace.channels.values()
        if channel.kind in kinds and user in channel.members and call.knows(channel)
    ]
    if call.flag("exclude_archived"):
        rooms = [channel for channel in rooms if not channel.is_archived]
    listed, more = page(rooms, call, 100)
    return {"channels": [as_channel(call.pg, channel) for channel in listed], **more}
