"""The interactive elements of Block Kit: where they sit, what they hold, what a person may put in.

Source: docs.slack.dev/reference/block-kit/block-elements and, for `view.state`,
docs.slack.dev/reference/interaction-payloads/view-interactions-payload.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.workspace import Json

# The key in `state.values` and the key of the initial value, by element type.
_ONE = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
}
_MANY = {
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    # Ids of files here; `files.into_form` makes the objects of them that an app gets.
    "file_input": ("files", "initial_files"),
}
_KEYS = _ONE | _MANY
_FORMS = {
    "datepicker": (r"\d{4}-\d{2}-\d{2}", "a date (2030-01-31)"),
    "timepicker": (r"\d{2}:\d{2}", "a time (09:30)"),
    "datetimepicker": (r"\d{10}", "a time in unix seconds, ten digits"),
}
_WITH_OPTIONS = {"static_select", "radio_buttons", "multi_static_select", "checkboxes", "overflow"}
_EXTERNAL = {"external_select", "multi_external_select"}


class BadValue(Exception):
    """What a person gave does not fit the element; Slack's client would not let them."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An interactive element and the block it sits in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])


def placed(blocks: list[Json]) -> Iterator[Placed]:
    """Every interactive element, in the order a person meets them."""
    for block in blocks:
        candidates = [block.get("element"), block.get("accessory")]
        candidates += block.get("elements", []) if block["type"] != "rich_text" else []
        for element in candidates:
            if isinstance(element, dict) and element.get("action_id"):
                yield Placed(block, element)


def find(blocks: list[Json], action_id: str, block_id: str | None) -> Placed | None:
    for spot in placed(blocks):
        if spot.action_id == action_id and block_id in (None, spot.block_id):
            return spot
    return None


def initial_entry(element: Json) -> Json:
    """What `state.values` holds for an element nobody has touched."""
    kind = element["type"]
    key, initial = _KEYS[kind]
    empty: Any = [] if kind in _MANY else None
    entry = {"type": kind, key: element.get(initial, empty)}
    if kind == "timepicker" and "timezone" in element:
        entry["timezone"] = element["timezone"]
    return entry


def initial_state(blocks: list[Json]) -> Json:
    """`state.values` of blocks nobody has touched: every element that can hold a value."""
    values: Json = {}
    for spot in placed(blocks):
        if spot.element["type"] in _KEYS:
            values.setdefault(spot.block_id, {})[spot.action_id] = initial_entry(spot.element)
    return values


def kept_state(blocks: list[Json], before: Json) -> Json:
    """The state after a view's update: what was there stays, new fields start anew.

    A field is the same when its block_id, action_id and type are: `initial_*` is honoured only for
    a new one. See ASSUMED.md.
    """
    values = initial_state(blocks)
    for block_id, fields in values.items():
        for action_id, entry in fields.items():
            old = before.get(block_id, {}).get(action_id)
            if old and old["type"] == entry["type"]:
                fields[action_id] = old
    return values


def entry_of(element: Json, given: Any, offered: list[Json]) -> Json:
    """The `state.values` entry for what a person gave.

    `given` is an option's value, an id, a text, a date, unix seconds, or a list of them; None
    clears. `offered` are the options that an external select's app has suggested. Raises BadValue.
    """
    kind = element["type"]
    if kind not in _KEYS:
        raise BadValue(f"A {kind} holds no value.")
    entry = initial_entry(element)
    key = _KEYS[kind][0]
    if kind in _MANY:
        items = given if isinstance(given, list) else [] if given is None else [given]
        entry[key] = [_one(element, item, offered) for item in items]
    else:
        entry[key] = None if given in (None, "") else _one(element, given, offered)
    return entry


def chosen_option(element: Json, given: Any) -> Json:
    """The option object with this value. Raises BadValue."""
    value = given["value"] if isinstance(given, dict) else given
    for option in options_of(element):
        if option.get("value") == value:
            return option
    raise BadValue(f"“{value}” is not among the options of {element['action_id']}.")


def options_of(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def _one(element: Json, given: Any, offered: list[Json]) -> Any:
    kind = element["type"]
    if kind in _WITH_OPTIONS:
        return chosen_option(element, given)
    if kind in _EXTERNAL:
        initial = [*element.get("initial_options", []), element.get("initial_option")]
        known = {"action_id": element["action_id"], "options": [*offered, *filter(None, initial)]}
        return chosen_option(known, given)
    if kind == "rich_text_input":
        return given
    form = _FORMS.get(kind)
    if form and not re.fullmatch(form[0], str(given)):
        raise BadValue(f"“{given}” is not {form[1]}.")
    if kind == "plain_text_input" and not element.get("multiline") and "\n" in str(given):
        raise BadValue("The field takes one line.")
    return int(given) if kind == "datetimepicker" else str(given)


def is_empty(entry: Json) -> bool:
    """Nothing chosen, nothing typed (blanks are something for Slack's client)."""
    return entry[_KEYS[entry["type"]][0]] in (None, "", [])


def objection(block: Json, entry: Json) -> str | None:
    """Why Slack's client would not submit this field, None when it would.

    Required, min_length/max_length, min_value/max_value, max_selected_items, the form of addresses.
    """
    element = block["element"]
    key = _KEYS[entry["type"]][0]
    value = entry[key]
    if is_empty(entry):
        return None if block.get("optional") else "Please complete this required field."
    if isinstance(value, list):
        most = element.get("max_selected_items")
        return f"Choose at most {most}." if most and len(value) > most else None
    if entry["type"] == "plain_text_input":
        return _length_objection(element, value)
    if entry["type"] == "number_input":
        return _number_objection(element, value)
    if entry["type"] == "email_text_input" and "@" not in value:
        return "Enter an email address."
    if entry["type"] == "url_text_input" and "://" not in value:
        return "Enter a link."
    return None


def _length_objection(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Write at least {least} characters."
    return f"Write at most {most} characters." if len(value) > most else None


def _number_objection(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Enter a number."
    if not element.get("is_decimal_allowed") and number != int(number):
        return "Enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Enter {element['min_value']} or more."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Enter {element['max_value']} or less."
    return None
