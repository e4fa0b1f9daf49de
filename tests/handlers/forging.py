"""Payloads with something else in them than what the bot put there."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.player import Json

Path = tuple[str | int, ...]

_NUMBERS = re.compile(r"\d+")


def unpacked(payload: Json) -> Json:
    """The payload with the view's memory as what it is: JSON in a text."""
    opened = copy.deepcopy(payload)
    view = opened.get("view")
    if isinstance(view, dict) and isinstance(view.get("private_metadata"), str):
        view["private_metadata"] = json.loads(view["private_metadata"] or "{}")
    return opened


def packed(payload: Json) -> Json:
    """As `unpacked` found it."""
    view = payload.get("view")
    if isinstance(view, dict) and "private_metadata" in view:
        memory = view["private_metadata"]
        if not isinstance(memory, str):
            view["private_metadata"] = json.dumps(memory)
    return payload


def places(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything in a payload, with the way to it."""
    if at:
        yield at, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*at, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*at, number))


def put(payload: Json, at: Path, value: Any) -> None:
    """Puts something in a place; where the place is gone, nothing."""
    inner, last = _way(payload, at[:-1]), at[-1]
    if isinstance(inner, list):
        if isinstance(last, int) and last < len(inner):
            inner[last] = value
    elif isinstance(inner, dict):
        inner[last] = value


def take(payload: Json, at: Path) -> None:
    """Takes away what is in a place."""
    inner = _way(payload, at[:-1])
    if isinstance(inner, dict):
        inner.pop(at[-1], None)
    elif isinstance(inner, list) and isinstance(at[-1], int) and at[-1] < len(inner):
        del inner[at[-1]]


def _way(payload: Any, at: Path) -> Any:
    inner = payload
    for step in at:
        try:
            inner = inner[step]
        except (KeyError, IndexError, TypeError):
            return None
    return inner


# Where a record's id may stand: what a button or a menu says, what a view remembers, what is
# chosen in a form, and how the fields are called that are there once for each desk, say.
_HOLDERS = ("private_metadata", "actions", "values")


def numbers(payload: Json) -> list[Path]:
    """The places in an unpacked payload that hold numbers which may be ids."""
    found = []
    for at, value in places(payload):
        inside = any(holder in at for holder in _HOLDERS)
        named = at[-1] in ("value",) or "private_metadata" in at
        is_number = isinstance(value, int) and not isinstance(value, bool)
        in_text = isinstance(value, str) and named and re.search(r"(?:^|:)\d+(?::|$)", value)
        if inside and (is_number or in_text):
            found.append(at)
    return found


def renumbered(payload: Json, at: Path, number: Callable[[int], int]) -> None:
    """Puts other numbers where these are."""
    value = _way(payload, at)
    if isinstance(value, str):
        put(payload, at, _NUMBERS.sub(lambda found: str(number(int(found[0]))), value))
    else:
        put(payload, at, number(value))


def renamed_fields(payload: Json, number: Callable[[int], int]) -> None:
    """Puts other numbers into the names of fields: `said:1:any`."""
    state = ((payload.get("view") or {}).get("state") or {}).get("values") or {}
    for name in list(state):
        if ":" in name:
            other = _NUMBERS.sub(lambda found: str(number(int(found[0]))), name)
            state[other] = state.pop(name)
