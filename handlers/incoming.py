"""What Slack sent, as plain values: one shape for commands, clicks, forms, shortcuts and events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from handlers import shapes
from handlers.ids import Action, Field
from handlers.shapes import NotOurs
from rules.slack_text import clean


@dataclass(frozen=True, slots=True)
class Fields:
    """The state of a form's inputs, by block id. A field that isn't there reads as empty."""

    values: Mapping[str, Any]

    def _of(self, name: str) -> Mapping[str, Any]:
        return shapes.mapping(next(iter(shapes.mapping(self.values.get(name)).values()), None))

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
        return clean(shapes.text(self._of(name).get("value")))

    def option(self, name: Field) -> str:
        """The value of the chosen option."""
        return shapes.text(shapes.mapping(self._of(name).get("selected_option")).get("value"))

    def options(self, name: Field) -> tuple[str, ...]:
        """The values of the chosen options."""
        return tuple(shapes.text(one.get("value")) for one in self._chosen(name))

    def _chosen(self, name: Field) -> list[Mapping[str, Any]]:
        chosen = shapes.several(self._of(name).get("selected_options"))
        return [shapes.mapping(one) for one in chosen]

    def users(self, name: Field) -> tuple[str, ...]:
        """The Slack ids of the chosen people."""
        return tuple(map(shapes.text, shapes.several(self._of(name).get("selected_users"))))

    def user(self, name: Field) -> str:
        """The Slack id of the chosen person."""
        return shapes.text(self._of(name).get("selected_user"))

    def several(self, name: Field) -> dict[str, str]:
        """What was typed into each field of a kind, by what follows in its id: `said:3:any`."""
        blocks = [block for block in self.values if block.startswith(f"{name}:")]
        return {block.partition(":")[2]: self.text(block) for block in blocks}

    def files(self, name: Field) -> dict[str, str]:
        """The chosen files: their names by Slack's id."""
        chosen = map(
            shapes.mapping, shapes.several(self._of(self.block(name) or name).get("files"))
        )
        return {shapes.text(one.get("id")): clean(shapes.text(one.get("name"))) for one in chosen}

    def labels(self, name: Field) -> dict[str, str]:
        """What the chosen options say, by their value."""
        return {
            shapes.text(one.get("value")): shapes.text(shapes.mapping(one.get("text")).get("text"))
            for one in self._chosen(name)
        }

    def chosen(self, action: Action) -> str:
        """What is chosen in a select that stands in no input: an option's value, or a person."""
        every = map(shapes.mapping, self.values.values())
        state = shapes.mapping(next((one[action] for one in every if action in one), None))
        option = shapes.mapping(state.get("selected_option"))
        return shapes.text(option.get("value")) or shapes.text(state.get("selected_user"))

    def moment(self, name: Field) -> datetime | None:
        """The chosen moment, in UTC."""
        return shapes.moment(self._of(name).get("selected_date_time"))

    def date(self, name: Field) -> date | None:
        """The chosen day."""
        return shapes.day(self._of(name).get("selected_date"))

    def time(self, name: Field) -> time | None:
        """The chosen time of day."""
        return shapes.hour(self._of(name).get("selected_time"))


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that a person did. `channel_id` is where, `value` the clicked button's,
    `memory` the view's private metadata, `under_id` the view that it lies on; `on_third`: in the
    third of a stack, on which Slack puts no other; `asked` the labels of
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
    on_third: bool = False
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
        if len(parts) != count:
            raise NotOurs("not as many numbers")
        return tuple(map(shapes.digits, parts))

    @property
    def choice(self) -> tuple[str, int]:
        """The chosen entry of a menu, such as `x:12`: what, and of which record. Raises NotOurs."""
        what, _, number = self.value.rpartition(":")
        return what, shapes.digits(number)

    def kept_number(self, name: str) -> int:
        """A record's id, or another number, that the view remembers. Raises NotOurs."""
        return shapes.number(self.memory.get(name))

    def kept_numbers(self, name: str, count: int) -> tuple[int, ...]:
        """As `kept_number`, of several in a row. Raises NotOurs."""
        kept = shapes.several(self.memory.get(name))
        if len(kept) != count:
            raise NotOurs("not as many numbers")
        return tuple(map(shapes.number, kept))

    def kept_text(self, name: str) -> str:
        """A text that the view remembers, empty where it has none. Raises NotOurs."""
        return shapes.text(self.memory.get(name))

    @property
    def origin(self) -> str:
        """The channel where this began: a form remembers where it was opened."""
        return self.channel_id or self.kept_text("origin")

    @property
    def answer_url(self) -> str:
        """Where a private answer goes; a form has none of its own, but was opened by a click."""
        return self.response_url or self.kept_text("answer")

    @property
    def answer_thread(self) -> str:
        """The thread where this began, as `origin`."""
        return self.thread_ts or self.kept_text("thread")

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
    """The payload as plain values. `team_id` is the workspace that the app is installed in.

    Raises NotOurs where it is none of Slack's shapes.
    """
    body = shapes.cleaned(body)
    if "event" in body:
        return _event(body, team_id, bot_user_id)
    if "command" in body:
        return Incoming(
            team_id=team_id,
            user_id=_who(body.get("user_id")),
            channel_id=shapes.text(body.get("channel_id")),
            channel_name=shapes.text(body.get("channel_name")),
            trigger_id=shapes.text(body.get("trigger_id")),
            response_url=shapes.text(body.get("response_url")),
            text=shapes.text(body.get("text")),
        )
    view = shapes.mapping(body.get("view"))
    action = shapes.mapping(next(iter(shapes.several(body.get("actions"))), None))
    channel = shapes.mapping(body.get("channel"))
    container = shapes.mapping(body.get("container"))
    stands_in = shapes.text(container.get("thread_ts"))
    message_ts = shapes.text(container.get("message_ts"))
    option = shapes.mapping(action.get("selected_option"))
    return Incoming(
        team_id=team_id,
        user_id=_who(shapes.mapping(body.get("user")).get("id")),
        channel_id=shapes.text(channel.get("id")),
        channel_name=shapes.text(channel.get("name")),
        trigger_id=shapes.text(body.get("trigger_id")),
        response_url=shapes.text(body.get("response_url")),
        text=shapes.text(body.get("value")),
        value=shapes.text(action.get("value")) or shapes.text(option.get("value")),
        view_id=shapes.text(view.get("id")),
        view_form=shapes.text(view.get("callback_id")),
        under_id=shapes.text(view.get("previous_view_id")),
        in_home=bool(view) and view.get("type") != "modal",
        on_third=_is_third(view),
        memory=_memory(view),
        fields=_fields(view),
        message=shapes.mapping(body.get("message")),
        message_ts=message_ts,
        thread_ts=_thread(stands_in, message_ts),
        only_for_them=bool(container.get("is_ephemeral")),
        asked=_labels(view),
    )


def place_of(body: Mapping[str, Any], team_id: str) -> Incoming:
    """Of a payload that can't be read: as much as is there of who did it, what was typed, and where
    to answer."""

    def text(*way: str) -> str:
        inner: Any = body
        for step in way:
            inner = inner.get(step) if isinstance(inner, Mapping) else None
        return clean(inner) if isinstance(inner, str) else ""

    fields = Fields({})
    with suppress(NotOurs):
        fields = _fields(shapes.mapping(body.get("view")))
    return Incoming(
        team_id=team_id,
        user_id=text("user", "id"),
        channel_id=text("channel", "id"),
        trigger_id=text("trigger_id"),
        response_url=text("response_url"),
        view_id=text("view", "id"),
        fields=fields,
        in_home=text("view", "type") != "modal",
        on_third=text("view", "previous_view_id") not in ("", text("view", "root_view_id")),
    )


def _fields(view: Mapping[str, Any]) -> Fields:
    return Fields(shapes.mapping(shapes.mapping(view.get("state")).get("values")))


def _is_third(view: Mapping[str, Any]) -> bool:
    below = view.get("previous_view_id")
    return below is not None and below != view.get("root_view_id")


def _who(value: Any) -> str:
    who = shapes.text(value)
    if not who:
        raise NotOurs("nobody")
    return who


def _memory(view: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        kept = json.loads(shapes.text(view.get("private_metadata")) or "{}")
    except (ValueError, RecursionError):
        raise NotOurs("a view that remembers nothing of ours") from None
    return shapes.mapping(shapes.cleaned(kept))


def _labels(view: Mapping[str, Any]) -> dict[str, str]:
    blocks = [shapes.mapping(block) for block in shapes.several(view.get("blocks"))]
    return {
        shapes.text(block.get("block_id")): shapes.text(
            shapes.mapping(block.get("label")).get("text")
        )
        for block in blocks
        if block.get("type") == "input"
    }


def _event(body: Mapping[str, Any], team_id: str, bot_user_id: str) -> Incoming:
    event = shapes.mapping(body["event"])
    # The id alone; of somebody who changed, or of a channel that was renamed, all there is.
    user = event.get("user")
    channel = event.get("channel") or shapes.mapping(event.get("item")).get("channel")
    return Incoming(
        team_id=team_id,
        user_id=shapes.text(user.get("id") if isinstance(user, Mapping) else user),
        channel_id=shapes.text(channel.get("id") if isinstance(channel, Mapping) else channel),
        event=event,
        event_id=shapes.text(body.get("event_id")),
        bot_user_id=bot_user_id,
        thread_ts=_thread(shapes.text(event.get("thread_ts")), shapes.text(event.get("ts"))),
    )


def _thread(thread_ts: str, ts: str) -> str:
    """Only what stands below the first message of a thread stands in it."""
    return thread_ts if thread_ts and thread_ts != ts else ""
