"""Reads the YAML file that describes a workspace before anything has happened in it."""

import time
from pathlib import Path
from typing import Any

import yaml

from playground.text import rich_text
from playground.workspace import Channel, Json, Kind, Message, Person, Workspace, with_block_ids
from playground.yaml_text import parse

DEFAULT = Path(__file__).with_name("people.yml")

BOT_USER_ID = "U0PLAYBOT"
BOT_ID = "B0PLAYBOT"
APP_ID = "A0PLAYAPP"

# Starter messages are this old, so that whatever is posted now comes after them.
STARTERS_AGE_SECONDS = 86_400


class PeopleError(Exception):
    """The file cannot be read as a workspace; the sentence says why."""


def load(path: Path, app_name: str) -> Workspace:
    """The workspace of a YAML file, with the app's bot user in it.

    In a channel's `members`, `app` stands for the bot. Raises PeopleError.
    """
    try:
        described = parse(path.read_text(encoding="utf-8"))
        return _workspace(described, app_name)
    except (OSError, yaml.YAMLError) as error:
        raise PeopleError(f"The people file {path} cannot be read: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PeopleError(
            f"The people file {path} does not describe a workspace: {error!r}"
        ) from error


def _workspace(described: dict[str, Any], app_name: str) -> Workspace:
    team = described["team"]
    people = {p["id"]: Person(**{"team_id": team["id"], **p}) for p in described["people"]}
    people[BOT_USER_ID] = Person(
        id=BOT_USER_ID,
        name="".join(c for c in app_name.lower() if c.isalnum()),
        real_name=app_name,
        tz="America/Los_Angeles",
        team_id=team["id"],
        is_bot=True,
    )
    workspace = Workspace(team["id"], team["name"], team["domain"], people, {})
    workspace.last_ts = int(time.time()) - STARTERS_AGE_SECONDS
    for entry in described["channels"]:
        channel = _channel(workspace, entry)
        workspace.channels[channel.id] = channel
    for person in list(people.values()):
        if not person.is_bot:
            workspace.direct(BOT_USER_ID, person.id)
    return workspace


def _channel(workspace: Workspace, entry: Json) -> Channel:
    members = [BOT_USER_ID if m == "app" else m for m in entry["members"]]
    unknown = [m for m in members if m not in workspace.people]
    if unknown:
        raise ValueError(f"#{entry['name']} has unknown members: {', '.join(unknown)}")
    channel = Channel(
        id=entry["id"],
        name=entry["name"],
        kind=Kind(entry["kind"]),
        members=members,
        created=int(workspace.last_ts),
        creator=next(m for m in members if m != BOT_USER_ID),
        is_archived=entry.get("is_archived", False),
        is_shared=entry.get("is_shared", False),
    )
    for said in entry.get("messages", []):
        workspace.last_ts += 60
        content = {"text": said["text"], "blocks": with_block_ids(rich_text(said["text"]))}
        channel.messages.append(
            Message(f"{workspace.last_ts:.6f}", channel.id, said["user"], [content])
        )
    return channel
