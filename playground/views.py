"""Modals and Home tabs: who has what open, in which version, holding which values.

Source: docs.slack.dev/surfaces/modals, docs.slack.dev/reference/views.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from playground.elements import initial_state, kept_state
from playground.workspace import Json, with_block_ids

DEEPEST_STACK = 3


@dataclass(slots=True)
class View:
    """A view as it stands: what the app gave, and what a person has put in so far."""

    id: str
    user: str
    given: Json
    hash: str
    state: Json
    root_view_id: str
    previous_view_id: str | None = None

    @property
    def blocks(self) -> list[Json]:
        return list(self.given["blocks"])

    @property
    def type(self) -> str:
        return str(self.given["type"])


class Views:
    """The stack of open modals of each person, bottom first."""

    def __init__(self, team_id: str, app_id: str, bot_id: str) -> None:
        self._team_id = team_id
        self._app_id = app_id
        self._bot_id = bot_id
        self._stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        return self._stacks.setdefault(user, [])

    def all_open(self) -> list[View]:
        return [view for stack in self._stacks.values() for view in stack]

    def find(self, view_id: str | None = None, external_id: str | None = None) -> View | None:
        """An open modal or a Home tab."""
        for view in [*self.all_open(), *self.homes.values()]:
            if view_id and view.id == view_id:
                return view
            if external_id and view.given.get("external_id") == external_id:
                return view
        return None

    def is_taken(self, external_id: str | None, except_for: str | None = None) -> bool:
        holder = self.find(external_id=external_id) if external_id else None
        return holder is not None and holder.id != except_for

    def is_full(self, user: str) -> bool:
        return len(self.stack(user)) >= DEEPEST_STACK

    def open(self, user: str, given: Json) -> View:
        """A new modal, alone on its stack: whatever was open is gone."""
        view = self._new(user, given)
        self._stacks[user] = [view]
        return view

    def push(self, user: str, given: Json) -> View | None:
        """On top of what is open; None when the stack is full or empty."""
        stack = self.stack(user)
        if not stack or self.is_full(user):
            return None
        view = self._new(user, given)
        view.root_view_id = stack[0].id
        view.previous_view_id = stack[-1].id
        stack.append(view)
        return view

    def update(self, view: View, given: Json) -> None:
        """The app's new version; what a person put in stays where the fields are the same."""
        view.given = _stored(given)
        view.state = kept_state(view.blocks, view.state)
        view.hash = _hash()

    def publish(self, user: str, given: Json) -> View:
        """The Home tab of a person."""
        home = self.homes.get(user)
        if home is None:
            home = self.homes[user] = self._new(user, given)
        else:
            self.update(home, given)
        return home

    def close(self, view: View) -> None:
        """It and whatever is above it, if it is still open."""
        stack = self.stack(view.user)
        if view in stack:
            del stack[stack.index(view) :]

    def clear(self, user: str) -> list[View]:
        """All of a person's modals; which they were."""
        gone = self.stack(user)
        self._stacks[user] = []
        return gone

    def _new(self, user: str, given: Json) -> View:
        stored = _stored(given)
        view_id = f"V0{secrets.token_hex(5).upper()}"
        return View(view_id, user, stored, _hash(), initial_state(stored["blocks"]), view_id)

    def as_api(self, view: View) -> Json:
        """The view object of Slack's answers and payloads."""
        given: dict[str, Any] = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": {"type": "plain_text", "text": "View Title", "emoji": True},
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
        }
        return {
            **given,
            **view.given,
            "id": view.id,
            "team_id": self._team_id,
            "app_id": self._app_id,
            "app_installed_team_id": self._team_id,
            "bot_id": self._bot_id,
            "hash": view.hash,
            "state": {"values": view.state},
            "root_view_id": view.root_view_id,
            "previous_view_id": view.previous_view_id,
        }


def _stored(given: Json) -> Json:
    return {**given, "blocks": with_block_ids(given.get("blocks", []))}


def _hash() -> str:
    return f"{int(time.time())}.{secrets.token_hex(4)}"
