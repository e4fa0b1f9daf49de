"""The workspace in a file, so that it is still there after a restart.

Kept: people, channels, messages with their revisions, files, Home tabs. Not kept: open forms,
triggers, response_urls, the log; none of these outlive a session of Slack's client either.
"""

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path

from playground.core import Playground
from playground.views import View
from playground.workspace import Channel, File, Json, Kind, Message, Person, Workspace

SECONDS_BETWEEN_SAVES = 0.5


class StateError(Exception):
    """The state file cannot be read or written; the sentence says why."""


def restore(pg: Playground, path: Path) -> None:
    """Puts a saved workspace in the place of the present one. Raises StateError.

    The app's own user stays as the manifest has it now.
    """
    bot = pg.workspace.people[pg.bot_user_id]
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        pg.workspace = _workspace(kept["workspace"])
        pg.workspace.people[bot.id] = bot
        pg.views.homes = {user: View(**view) for user, view in kept["homes"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateError(f"The state file {path} cannot be read: {error!r}") from error


def save(pg: Playground, path: Path) -> None:
    """Writes the whole file and puts it in place at once: a reader never sees half of it.

    Raises StateError.
    """
    kept = {
        "workspace": asdict(pg.workspace),
        "homes": {user: asdict(view) for user, view in pg.views.homes.items()},
    }
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.write_text(json.dumps(kept), encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise StateError(f"The state file {path} cannot be written: {error.strerror}.") from error


class Saver:
    """Saves half a second after a change, however many follow, and at the end."""

    def __init__(self, pg: Playground, path: Path) -> None:
        self._pg = pg
        self._path = path
        self._due: asyncio.TimerHandle | None = None
        pg.on_change = self._changed

    def _changed(self) -> None:
        if self._due is None:
            loop = asyncio.get_running_loop()
            self._due = loop.call_later(SECONDS_BETWEEN_SAVES, self.now)

    def now(self) -> None:
        self._due = None
        save(self._pg, self._path)


def _workspace(kept: Json) -> Workspace:
    people = {key: Person(**person) for key, person in kept.pop("people").items()}
    channels = {key: _channel(channel) for key, channel in kept.pop("channels").items()}
    files = {key: File(**file) for key, file in kept.pop("files", {}).items()}
    return Workspace(people=people, channels=channels, files=files, **kept)


def _channel(kept: Json) -> Channel:
    messages = [Message(**message) for message in kept.pop("messages")]
    return Channel(kind=Kind(kept.pop("kind")), messages=messages, **kept)
