"""What happens in a workspace without the app's doing, and the events it has of it.

Source: docs.slack.dev/reference/events (member_joined_channel, channel_left, group_left,
channel_archive, channel_rename, reaction_added, app_mention, app_home_opened, user_change).
"""

from dataclasses import fields, replace

from playground.core import Playground
from playground.deliveries import Impossible, slackbot_says
from playground.events import publish
from playground.messages import as_api, content_of, post
from playground.web_api.users import as_user
from playground.workspace import Channel, Json, Kind, Message, Person


def mentioned(pg: Playground, channel: Channel, message: Message, author: Person) -> None:
    """A person's message that names the app; not in direct messages. It comes besides the event
    of the message itself, and looks like it (slackapi/bolt-python issue 941).

    Where the app is not in, its author is asked whether to invite it.
    """
    if channel.kind is Kind.IM or f"<@{pg.bot_user_id}>" not in message.content["text"]:
        return
    if not pg.bot_is_in(channel):
        said = f"You mentioned @{pg.app.bot_display_name}, but they are not in this channel."
        slackbot_says(pg, author, channel, said, message.thread_ts)
        return
    event = as_api(pg, channel, message)
    event |= {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}
    publish(pg, event, channel)


def home_opened(pg: Playground, person: Person, tab: str) -> Json:
    """The person looks at the app's Home or Messages tab."""
    if tab == "home" and not pg.app.home_tab:
        raise Impossible("The app has no Home tab.")
    direct = pg.workspace.direct(pg.bot_user_id, person.id)
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": direct.id,
        "tab": tab,
        "event_ts": pg.workspace.next_ts(),
    }
    home = pg.views.homes.get(person.id)
    if tab == "home" and home:
        event["view"] = pg.views.as_api(home)
    publish(pg, event)
    return {"ok": True, "channel": direct.id, "home": pg.views.as_api(home) if home else None}


def join(pg: Playground, channel: Channel, joining: Person, inviter: Person) -> Json:
    if channel.kind is Kind.IM:
        raise Impossible("Nobody can be added to a direct message.")
    if channel.is_archived:
        raise Impossible(f"#{channel.name} is archived.")
    if joining.id in channel.members:
        raise Impossible(f"{joining.real_name} is in #{channel.name} already.")
    if joining.deleted:
        raise Impossible(f"{joining.real_name} is deactivated.")
    if inviter.id != joining.id and inviter.id not in channel.members:
        raise Impossible(f"{inviter.real_name} is not in #{channel.name}.")
    channel.members.append(joining.id)
    invited = inviter.id != joining.id
    text = f"<@{joining.id}> has joined the channel"
    subtype = "channel_join" if channel.kind is Kind.PUBLIC else "group_join"
    post(pg, channel, content_of(text, None), user=joining.id, subtype=subtype)
    event = {
        "type": "member_joined_channel",
        "user": joining.id,
        "channel": channel.id,
        "channel_type": "C" if channel.kind is Kind.PUBLIC else "G",
        "team": pg.workspace.team_id,
        "event_ts": pg.workspace.next_ts(),
        **({"inviter": inviter.id} if invited else {}),
    }
    publish(pg, event, channel)
    if joining.id == pg.bot_user_id:
        _heard_of_invitation(pg, channel, inviter)
    pg.changed("state")
    return {"ok": True}


def _heard_of_invitation(pg: Playground, channel: Channel, inviter: Person) -> None:
    """Who mentions an app and then invites it is heard: docs.slack.dev/reference/events/app_mention
    ("you'll receive an app_mention event for the invite")."""
    theirs = [m for m in channel.messages if m.user == inviter.id and not m.subtype]
    if theirs and not theirs[-1].deleted:
        mentioned(pg, channel, theirs[-1], inviter)


def leave(pg: Playground, channel: Channel, leaving: Person, actor: Person) -> Json:
    """Somebody leaves, or is removed by `actor`. Of its own removal the app is told apart."""
    if leaving.id not in channel.members:
        raise Impossible(f"{leaving.real_name} is not in #{channel.name}.")
    if channel.kind is Kind.IM:
        raise Impossible("Nobody can leave a direct message.")
    public = channel.kind is Kind.PUBLIC
    event_ts = pg.workspace.next_ts()
    channel.members.remove(leaving.id)
    if leaving.id == pg.bot_user_id:
        event: Json = {
            "type": "channel_left" if public else "group_left",
            "channel": channel.id,
            "actor_id": actor.id,
            "event_ts": event_ts,
        }
        publish(pg, event)
    else:
        event = {
            "type": "member_left_channel",
            "user": leaving.id,
            "channel": channel.id,
            "channel_type": "C" if public else "G",
            "team": pg.workspace.team_id,
            "event_ts": event_ts,
        }
        publish(pg, event, channel)
    pg.changed("state")
    return {"ok": True}


def archive(pg: Playground, channel: Channel, actor: Person, archived: bool) -> Json:
    if channel.kind is Kind.IM:
        raise Impossible("A direct message cannot be archived.")
    channel.is_archived = archived
    kind = "channel" if channel.kind is Kind.PUBLIC else "group"
    event = {
        "type": f"{kind}_{'archive' if archived else 'unarchive'}",
        "channel": channel.id,
        "user": actor.id,
        "is_moved": 0,
        "event_ts": pg.workspace.next_ts(),
    }
    publish(pg, event, channel)
    pg.changed("state")
    return {"ok": True}


def rename(pg: Playground, channel: Channel, name: str) -> Json:
    if channel.kind is Kind.IM:
        raise Impossible("A direct message cannot be renamed.")
    channel.name = name
    kind = "channel" if channel.kind is Kind.PUBLIC else "group"
    event = {
        "type": f"{kind}_rename",
        "channel": {"id": channel.id, "name": name, "created": channel.created},
        "event_ts": pg.workspace.next_ts(),
    }
    publish(pg, event, channel)
    pg.changed("state")
    return {"ok": True}


def react(pg: Playground, channel: Channel, message: Message, person: Person, name: str) -> Json:
    """Adds the reaction, or takes it back when it is there."""
    users = message.reactions.setdefault(name, [])
    added = person.id not in users
    if added:
        users.append(person.id)
    else:
        users.remove(person.id)
        if not users:
            del message.reactions[name]
    event = {
        "type": "reaction_added" if added else "reaction_removed",
        "user": person.id,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "event_ts": pg.workspace.next_ts(),
    }
    publish(pg, event, channel)
    pg.changed("channel", channel.id)
    return {"ok": True, "added": added}


def change_person(pg: Playground, person: Person, given: Json) -> Json:
    """New time zone, deactivation and the like."""
    known = {field.name for field in fields(Person)} - {"id"}
    if unknown := set(given) - known:
        raise Impossible(f"A person has no {', '.join(sorted(unknown))}.")
    changed = replace(person, **given)
    pg.workspace.people[person.id] = changed
    user = as_user(changed)
    publish(pg, {"type": "user_change", "user": user, "event_ts": pg.workspace.next_ts()})
    pg.changed("state")
    return {"ok": True}
