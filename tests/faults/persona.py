"""A person who does what the script says with what they see in Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from tests.faults.script import Act, Does
from tests.flows.house import SOCIAL
from tests.player import Json, NotPossible, Player, labels

_TRIES = 3
_WRITTEN = ("text", "comment", "reason", "note", "recap", "campaign", "said", "findings")
"""The fields that something is typed into, by the first part of their block ids."""


class Persona:
    """`now` is the calendar's time."""

    def __init__(self, player: Player, now: Callable[[], datetime]) -> None:
        self._player = player
        self._now = now

    def do(self, act: Act) -> bool:
        """Does it; False where they see nothing to do it with."""
        try:
            return self._do(act)
        except NotPossible:
            return False  # it was changed meanwhile
        finally:
            self._close()

    def _do(self, act: Act) -> bool:
        does, me = act.does, self._player
        if does is Does.DRAFT:
            return self._with_form(act, lambda: me.command(SOCIAL, f"/draft {act.word}"))
        if does is Does.HOME:
            me.open_home()
            return True
        if does.startswith("/"):
            return self._with_form(act, lambda: me.command(SOCIAL, does))
        if does in (Does.REPLY, Does.REACT):
            return self._under_a_card(act)
        if does.startswith("open "):
            return self._behind_open(act, does.removeprefix("open "))
        found = [message for message in self._messages() if does in labels(message)]
        if not found:
            return False
        message = _recent(found, act.picks[0])
        return self._with_form(act, lambda: me.click(message, does, revision=_seen(message, act)))

    def _messages(self) -> Iterator[Json]:
        """What they see, in the channel and in their own messages."""
        yield from self._player.messages(SOCIAL)
        yield from self._player.dms()

    def _with_form(self, act: Act, begins: Callable[[], Json]) -> bool:
        """Fills in what a click or a command opens, if it does, and submits it. Whoever isn't
        answered tries again."""
        before = self._top()
        begins()
        view = self._player.view()
        if view is None or view["id"] == before:
            return True
        if view.get("submit"):
            self._submit(act, view)
        elif "Approve" in labels(view):  # the queue
            self._player.click_view(view, "Approve")
        return True

    def _submit(self, act: Act, view: Json) -> None:
        values = self._filled(act, view)
        for _ in range(_TRIES):
            done = self._player.submit(view, values)
            if done["acked"]:
                return

    def _behind_open(self, act: Act, what: str) -> bool:
        found = [message for message in self._messages() if "Open" in labels(message)]
        if not found:
            return False
        self._player.click(_recent(found, act.picks[0]), "Open")
        view = self._player.view()
        if view is None:
            return False
        if act.does is Does.MORE:
            menu, value = _menu(view, act.picks[1])
            return self._with_form(act, lambda: self._player.click_view(view, menu, value))
        if what not in labels(view):
            return False
        return self._with_form(act, lambda: self._player.click_view(view, what))

    def _under_a_card(self, act: Act) -> bool:
        found = [message for message in self._messages() if "Open" in labels(message)]
        if not found:
            return False
        card = _recent(found, act.picks[0])
        if act.does is Does.REPLY:
            self._player.say(card["channel"], f"What about this {act.word}", card["ts"])
        else:
            self._player.react(card, "white_check_mark")
        return True

    def _filled(self, act: Act, view: Json) -> Json:
        values: Json = {}
        for block in view["blocks"]:
            if block["type"] != "input":
                continue
            element, name = block["element"], block["block_id"].partition(":")[0]
            value = self._value(act, block, element, name)
            if value is not None:
                values[block["block_id"]] = {element["action_id"]: value}
        return values

    def _value(self, act: Act, block: Json, element: Json, name: str) -> Any:
        kind = element["type"]
        if kind == "plain_text_input" and name in _WRITTEN:
            return f"Spring in a cup {act.word}"
        if kind in ("plain_text_input", "url_text_input") and name == "link":
            is_publishing = "Published" in str(block) or not block.get("optional")
            return f"https://example.com/{act.word}" if is_publishing else None
        if kind == "datetimepicker" and (name == "publish_at" or not block.get("optional")):
            if name == "publish_at" and block.get("optional") and act.picks[2] < 0.3:
                return None
            ahead = timedelta(minutes=30 + int(act.picks[3] * 600))
            return int((self._now() + ahead).timestamp())
        if name == "when_saved":
            return "send" if act.picks[4] < 0.75 else None
        if kind in ("radio_buttons", "static_select") and not _initial(element):
            options = element["options"]
            return options[int(act.picks[5] * len(options))]["value"]
        if kind == "users_select" and not element.get("initial_user"):
            return ("U0MAYA", "U0TOM", "U0INES", "U0KENJI")[int(act.picks[6] * 4)]
        return None

    def _top(self) -> str | None:
        view = self._player.view()
        return view["id"] if view else None

    def _close(self) -> None:
        view = self._player.view()
        if view is not None:
            with suppress(NotPossible):  # an answer that came late has replaced it
                self._player.close(view, clear=True)


def _recent(found: list[Json], pick: float) -> Json:
    """Rather one of the newest."""
    return sorted(found, key=lambda message: message["ts"])[-1 - int(pick**2 * len(found))]


def _seen(message: Json, act: Act) -> int | None:
    """Some still have an older state on their screen."""
    return 0 if act.picks[7] < 0.1 and message["revision"] == 1 else None


def _menu(view: Json, pick: float) -> tuple[str, str]:
    """The menu of what is rarer, and a choice in it."""
    for block in view["blocks"]:
        for element in (*block.get("elements", []), block.get("accessory") or {}):
            if element.get("type") in ("overflow", "static_select"):
                options = element["options"]
                return element["action_id"], options[int(pick * len(options))]["value"]
    raise NotPossible("There is no menu here.")


def _initial(element: Json) -> Any:
    return element.get("initial_option")
