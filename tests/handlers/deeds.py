"""All that can be done at a played desk, found by doing it: whatever the bot drew is clicked, and
what that opened is clicked and submitted in turn."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from typing import Any

from playground import deliveries, elements, files, payloads
from playground.elements import Placed, placed
from playground.traffic import Direction
from playground.views import View
from playground.workspace import Channel, Message, Person
from tests.handlers.inside import Deed, Inside
from tests.handlers.world import GENERAL, PARTNERS, SOCIAL, TOMORROW
from tests.player import Json

# Of each kind of click so many are kept: by different people, in different places.
_EACH = 2
_WORDS = (
    "",
    "help",
    "setup",
    "settings",
    "queue",
    "posts",
    "find spring",
    "history P-2",
    "draft Spring",
    "standup",
    "standup now",
    "quiet until 15:00",
    "quiet off",
    "nonsense",
)
_MORNING_WORDS = ("", "skip", "who", "now", "recap", "settings", "away", "back", "help", "nonsense")
_AWAY = ("away until friday", "away @ines until friday", "back @ines", "away in five minutes")


class Finder:
    """Goes through everything once."""

    def __init__(self, inside: Inside) -> None:
        self.inside = inside
        self.pg = inside.pg
        self.found: list[Deed] = []
        self._seen: Counter[tuple[str, ...]] = Counter()

    def all(self) -> list[Deed]:
        """Every deed, each with its payload."""
        for deed in [*self._events(), *self._commands(), *self._shortcuts()]:
            self._add(deed, deed.kind, deed.name, str(deed.payload.get("text")), deed.person)
        for person in self._people():
            self._in_messages(person)
            home = self.pg.views.homes.get(person.id)
            if home is not None:
                self._in_view(person, home, ())
        done = 0
        while done < len(self.found):
            deed = self.found[done]
            done += 1
            if deed.kind not in ("event", "options"):
                self._opened_by(deed)
        return self.found

    def _people(self) -> list[Person]:
        return [p for p in self.pg.workspace.people.values() if not p.is_bot and not p.deleted]

    def _add(self, deed: Deed, *alike: str) -> None:
        if self._seen[alike] < _EACH:
            self._seen[alike] += 1
            self.found.append(deed)

    # What Slack tells of, as it told it.

    def _events(self) -> Iterator[Deed]:
        for entry in self.pg.traffic.entries:
            if entry.direction is Direction.IN and entry.name.startswith("event "):
                payload = entry.detail["payload"]
                event = payload["event"]
                who = event.get("user")
                person = who["id"] if isinstance(who, dict) else str(who or "U0MAYA")
                # As for a delivery of its own: the event was seen before.
                anew = {**copy.deepcopy(payload), "event_id": f"{payload['event_id']}X"}
                yield Deed("event", event["type"], person, anew)

    def _commands(self) -> Iterator[Deed]:
        pg, people = self.pg, self.pg.workspace.people
        said = [("/draft", "Spring is here"), ("/draft", "")]
        said += [("/desk", text) for text in _WORDS]
        said += [("/standup", text) for text in (*_MORNING_WORDS, *_AWAY)]
        for who, where in (("U0MAYA", SOCIAL), ("U0TOM", SOCIAL), ("U0SAM", PARTNERS)):
            person, channel = people[who], pg.workspace.channels[where]
            for name, text in said:
                text = text.replace("@ines", "<@U0INES>")
                url = self._url("commands", who, channel)
                made = payloads.command(pg, person, channel, name, text, url)
                yield Deed("command", name, who, made)

    def _shortcuts(self) -> Iterator[Deed]:
        pg, workspace = self.pg, self.pg.workspace
        for who in ("U0TOM", "U0SAM"):
            made = payloads.global_shortcut(pg, workspace.people[who], "draft:new")
            yield Deed("shortcut", "draft:new", who, made)
        for who, where in (("U0TOM", SOCIAL), ("U0LEA", GENERAL), ("U0SAM", PARTNERS)):
            person, channel = workspace.people[who], workspace.channels[where]
            message = next(m for m in channel.messages if m.user not in (None, pg.bot_user_id))
            url = self._url("actions", who, channel)
            made = payloads.message_shortcut(
                pg, person, channel, message, "draft:from_message", url
            )
            yield Deed("shortcut", "draft:from_message", who, made)

    def _url(self, kind: str, who: str, channel: Channel, message: Message | None = None) -> str:
        return self.inside.urls.new(kind, who, channel, message)

    # What the bot drew.

    def _in_messages(self, person: Person) -> None:
        for channel in self.pg.workspace.seen_by(person):
            for message in reversed(channel.messages):
                if message.bot_id and message.is_seen_by(person.id):
                    for spot in placed(message.content.get("blocks") or []):
                        self._click(person, channel, message, spot)

    def _click(self, person: Person, channel: Channel, message: Message, spot: Placed) -> None:
        place = "alone" if message.ephemeral_to else channel.kind
        for given in _choices(spot):
            picked = deliveries.chosen(self.pg, spot, given, [])
            url = self._url("actions", person.id, channel, message)
            action = payloads.action(self.pg, spot, picked)
            state = elements.initial_state(message.content["blocks"])
            made = payloads.message_click(
                self.pg, person, channel, message, message.revision, action, state, url
            )
            deed = Deed("action", spot.action_id, person.id, made)
            self._add(deed, "action", spot.action_id, place, _what(picked))

    def _opened_by(self, deed: Deed) -> None:
        person = self.pg.workspace.people[deed.person]
        self.inside.restore()
        known = {view.id for view in deed.stack}
        seen = self.inside.does(deed)
        stack = self.pg.views.stack(person.id)
        if deed.kind == "form" and (seen.body or {}).get("response_action") == "update":
            self.pg.views.update(stack[-1], seen.body["view"])
            known.discard(stack[-1].id)
        if stack and (stack[-1].id not in known or deed.kind == "form"):
            self._in_view(person, stack[-1], tuple(copy.deepcopy(stack)))

    def _in_view(self, person: Person, view: View, stack: tuple[View, ...]) -> None:
        callback = str(view.given.get("callback_id") or view.type)
        for spot in placed(view.blocks):
            if spot.element["type"] in ("external_select", "multi_external_select"):
                where = payloads.in_view(self.pg, view)
                made = payloads.suggestion(self.pg, person, spot, "france", where)
                deed = Deed("options", spot.action_id, person.id, made, stack)
                self._add(deed, "options", spot.action_id)
            elif spot.block["type"] != "input":
                for given in _choices(spot):
                    picked = deliveries.chosen(self.pg, spot, given, [])
                    action = payloads.action(self.pg, spot, picked)
                    made = payloads.view_click(self.pg, person, view, action)
                    deed = Deed("action", spot.action_id, person.id, made, stack)
                    self._add(deed, "action", spot.action_id, callback, _what(picked))
        if view.given.get("submit") and stack:
            filled = copy.deepcopy(stack)
            _fill(self.pg, filled[-1], person)
            made = payloads.view_submission(self.pg, person, filled[-1])
            self._add(Deed("form", callback, person.id, made, filled), "form", callback)


def _what(picked: Json) -> str:
    """Of a menu each entry is a click of its own."""
    chosen = picked.get("selected_option") or {}
    return str(chosen.get("value", "")).partition(":")[0]


def _choices(spot: Placed) -> list[Json]:
    kind = spot.element["type"]
    if kind == "overflow":
        return [{"selected": o["value"]} for o in spot.element["options"]]
    if kind == "static_select":
        return [{"selected": elements.options_of(spot.element)[-1]["value"]}]
    if kind == "users_select":
        return [{"selected": "U0TOM"}]
    return [{}]


def _fill(pg: Any, view: View, person: Person) -> None:
    """Puts something into each field that nobody filled, as a person would."""
    for spot in placed(view.blocks):
        entry = view.state.get(spot.block_id, {}).get(spot.action_id)
        if spot.block["type"] != "input" or entry is None or not elements.is_empty(entry):
            continue
        kind = spot.element["type"]
        given: Any = {
            "plain_text_input": "Words",
            "url_text_input": "https://social.example/p/1",
            "users_select": "U0LEA",
            "multi_users_select": ["U0LEA"],
            "datetimepicker": TOMORROW + 86_400,
            "datepicker": "2030-03-08",
            "timepicker": "10:30",
        }.get(kind)
        if kind in ("static_select", "radio_buttons"):
            given = elements.options_of(spot.element)[0]["value"]
        if kind == "file_input":
            own = [f.id for f in pg.workspace.files.values() if f.user == person.id]
            given = own[:1]
        if given is None:
            continue
        filled = elements.entry_of(spot.element, given, [])
        if kind == "file_input":
            filled = files.into_form(pg, person, spot.element, filled)
        view.state[spot.block_id][spot.action_id] = filled


def nearest(deeds: list[Deed], kind: str, name: str) -> list[Deed]:
    """The deeds of a listener; for one that nothing was found for, clicks made up for it."""
    own = [deed for deed in deeds if deed.listener == (kind, name)]
    return own or list(_made_up(deeds, kind, name))


def _made_up(deeds: list[Deed], kind: str, name: str) -> Iterator[Deed]:
    """A button that this desk doesn't have right now, in the place of another one; or an event
    that didn't happen there."""
    if kind == "event":
        told = next(deed for deed in deeds if deed.kind == kind)
        event = {"type": name, "tokens": {"bot": ["U0PLAYBOT"]}, "event_ts": "1.2"}
        yield Deed(kind, name, told.person, {**told.payload, "event": event})
        return
    assert kind == "action", f"the played desk has no {kind} {name}: see busy_day.py"
    alike = [deed for deed in deeds if deed.kind == kind]
    places = {(_form_of(deed), deed.person): deed for deed in alike}
    for deed in places.values():
        for value in ("1", "2:1", "1:0", "hold:1"):
            payload = copy.deepcopy(deed.payload)
            action = payload["actions"][0]
            action |= {"action_id": name, "value": value, "type": "button"}
            action.pop("selected_option", None)
            yield Deed(kind, name, deed.person, payload, deed.stack)


def _form_of(deed: Deed) -> str:
    return str((deed.payload.get("view") or {}).get("callback_id"))
