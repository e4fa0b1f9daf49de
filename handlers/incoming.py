"""What Slack sent, as plain values: one shape for commands, clicks, forms, shortcuts and events."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from handlers.ids import Action, Field
from rules.slack_text import clean

_NUMBER = re.compile("[0-9]{1,18}")


class NotOurs(Exception):
    """Something in a payload that this version has never put there. Its text is logged, so that
    nothing of the payload stands in it."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The state of a form's inputs, by block id. A field that isn't there reads as empty."""

    values: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def _of(self, name: str) -> Mapping[str, Any]:
        return next(iter(self.values.get(name, {}).values()), {})

    @property
    def blocks(self) -> list[str]:
        """The blocks of our fields; a menu in a view is in the state too."""
        return [block for block in self.values if block.partition(":")[0] in set(Field)]

    def block(self, name: str | None) -> str | None:
        """The block of a field; of several of a kind, the first (`files:2` for `files`)."""
        if name is None or name in self.values:
            return name
        return next((block for block in self.values if block.startswith(f"{name}:")), None)

    def text(self, name: str) -> str:
        """What was typed; what no database can keep has become U+FFFD."""
        return clean(self._of(name).get("value") or "")

    def option(self, name: Field) -> str:
        """The value of the chosen option."""
        chosen = self._of(name).get("selected_option") or {}
        return str(chosen.get("value", ""))

    def options(self, name: Field) -> tuple[str, ...]:
        """The values of the chosen options."""
        return tuple(str(o["value"]) for o in self._of(name).get("selected_options") or ())

    def users(self, name: Field) -> tuple[str, ...]:
        """The Slack ids of the chosen people."""
        return tuple(self._of(name).get("selected_users") or ())

    def user(self, name: Field) -> str:
        """The Slack id of the chosen person."""
        return self._of(name).get("selected_user") or ""

    def several(self, name: Field) -> dict[str, str]:
        """What was typed into each field of a kind, by what follows in its id: `said:3:any`."""
        blocks = [block for block in self.values if block.startswith(f"{name}:")]
        return {block.partition(":")[2]: self.text(block) for block in blocks}

    def files(self, name: Field) -> dict[str, str]:
        """The chosen files: their names by Slack's id."""
        chosen = self._of(self.block(name) or name).get("files") or ()
        return {one["id"]: clean(one.get("name") or "") for one in chosen}

    def labels(self, name: Field) -> dict[str, str]:
        """What the chosen options say, by their value."""
        chosen = self._of(name).get("selected_options") or ()
        return {str(o["value"]): str(o["text"]["text"]) for o in chosen}

    def chosen(self, action: Action) -> str:
        """What is chosen in a select that stands in no input: an option's value, or a person."""
        states = (elements[action] for elements in self.values.values() if action in elements)
        state = next(states, {})
        option = state.get("selected_option") or {}
        return str(option.get("value") or state.get("selected_user") or "")

    def moment(self, name: Field) -> datetime | None:
        """The chosen moment, in UTC."""
        seconds = self._of(name).get("selected_date_time")
        return datetime.fromtimestamp(seconds, UTC) if seconds else None

    def date(self, name: Field) -> date | None:
        """The chosen day."""
        chosen = self._of(name).get("selected_date")
        return date.fromisoformat(chosen) if chosen else None

    def time(self, name: Field) -> time | None:
        """The chosen time of day."""
        chosen = self._of(name).get("selected_time")
        return time.fromisoformat(chosen) if chosen else None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that a person did. `channel_id` is where, `value` the clicked button's,
    `memory` the view's private metadata, `under_id` the view that it lies on; `asked` the labels of
    its fields by their blocks; `thread_ts` the first message of the thread it was done in."""

    team_id: str
    user_id: str
    channel_id: str = ""
    channel_name: str = ""
    trigger_id: str = ""
    response_url: str = ""
    text: str = ""
    value: str = ""
    view_id: str = ""
    view_form: str = ""
    under_id: str = ""
    in_home: bool = False
    memory: Mapping[str, Any] = field(default_factory=dict)
    fields: Fields = field(default_factory=lambda: Fields({}))
    message: Mapping[str, Any] = field(default_factory=dict)
    event: Mapping[str, Any] = field(default_factory=dict)
    event_id: str = ""
    bot_user_id: str = ""
    message_ts: str = ""
    thread_ts: str = ""
    only_for_them: bool = False
    asked: Mapping[str, str] = field(default_factory=dict)

    def is_direct(self, channel_id: str) -> bool:
        """Whether these are direct messages: with us, or the group's that this was done in."""
        in_group = channel_id == self.channel_id and self.channel_name.startswith("mpdm-")
        return channel_id.startswith("D") or in_group

    @property
    def number(self) -> int:
        """The clicked button's value: a record's id. Raises NotOurs."""
        return self.numbers(1)[0]

    def numbers(self, count: int) -> tuple[int, ...]:
        """The clicked button's value, such as `12:3`. Raises NotOurs."""
        parts = self.value.split(":")
        if len(parts) != count or not all(map(_NUMBER.fullmatch, parts)):
            raise NotOurs("not as many numbers")
        return tuple(map(int, parts))

    @property
    def choice(self) -> tuple[str, int]:
        """The chosen entry of a menu, such as `x:12`: what, and of which record. Raises NotOurs."""
        what, _, number = self.value.rpartition(":")
        if not _NUMBER.fullmatch(number):
            raise NotOurs("a choice without a number")
        return what, int(number)

    @property
    def origin(self) -> str:
        """The channel where this began: a form remembers where it was opened."""
        return self.channel_id or str(self.memory.get("origin", ""))

    @property
    def answer_url(self) -> str:
        """Where a private answer goes; a form has none of its own, but was opened by a click."""
        return self.response_url or str(self.memory.get("answer", ""))

    @property
    def answer_thread(self) -> str:
        """The thread where this began, as `origin`."""
        return self.thread_ts or str(self.memory.get("thread", ""))

    @property
    def has_place(self) -> bool:
        """Whether there is anywhere to answer in private; not after a global shortcut."""
        return bool(self.origin or self.answer_url)

    @property
    def place(self) -> dict[str, Any]:
        """What a view has to remember of where it was opened, to answer there."""
        place = {"origin": self.origin, "answer": self.answer_url}
        return place | ({"thread": self.answer_thread} if self.answer_thread else {})


def read(body: Mapping[str, Any], team_id: str, bot_user_id: str = "") -> Incoming:
    """The payload as plain values. `team_id` is the workspace that the app is installed in."""
    if "event" in body:
        return _event(body, team_id, bot_user_id)
    if "command" in body:
        return Incoming(
            team_id=team_id,
            user_id=body["user_id"],
            channel_id=body["channel_id"],
            channel_name=body.get("channel_name", ""),
            trigger_id=body.get("trigger_id", ""),
            response_url=body.get("response_url", ""),
            text=clean(body.get("text") or ""),
        )
    view = body.get("view") or {}
    action = (body.get("actions") or [{}])[0]
    channel = body.get("channel") or {}
    container = body.get("container") or {}
    return Incoming(
        team_id=team_id,
        user_id=body["user"]["id"],
        channel_id=channel.get("id", ""),
        channel_name=channel.get("name", ""),
        trigger_id=body.get("trigger_id", ""),
        response_url=body.get("response_url", ""),
        text=clean(body.get("value") or ""),
        value=action.get("value") or (action.get("selected_option") or {}).get("value", ""),
        view_id=view.get("id", ""),
        view_form=view.get("callback_id", ""),
        under_id=view.get("previous_view_id") or "",
        in_home=view.get("type") == "home",
        memory=json.loads(view.get("private_metadata") or "{}"),
        fields=Fields((view.get("state") or {}).get("values") or {}),
        message=body.get("message") or {},
        message_ts=container.get("message_ts", ""),
        thread_ts=_thread(container.get("thread_ts"), container.get("message_ts")),
        only_for_them=bool(container.get("is_ephemeral")),
        asked=_labels(view),
    )


def _labels(view: Mapping[str, Any]) -> dict[str, str]:
    inputs = [block for block in view.get("blocks") or () if block["type"] == "input"]
    return {block["block_id"]: clean(block["label"]["text"]) for block in inputs}


def _event(body: Mapping[str, Any], team_id: str, bot_user_id: str) -> Incoming:
    event = body["event"]
    user = event.get("user", "")
    return Incoming(
        team_id=team_id,
        user_id=user["id"] if isinstance(user, dict) else user,
        channel_id=event.get("channel") or (event.get("item") or {}).get("channel", ""),
        event=event,
        event_id=body.get("event_id", ""),
        bot_user_id=bot_user_id,
        thread_ts=_thread(event.get("thread_ts"), event.get("ts")),
    )


def _thread(thread_ts: str | None, ts: str | None) -> str:
    """Only what stands below the first message of a thread stands in it."""
    return thread_ts if thread_ts and thread_ts != ts else ""
