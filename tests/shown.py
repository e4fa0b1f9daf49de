"""What a message or a view shows: its texts, its buttons, its fields."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


class NotPossible(AssertionError):
    """The person cannot do that in Slack's client; the text is the playground's sentence."""


def said(shown: Json) -> str:
    """All the text of a message or a view: its `text` and every text in its blocks."""
    found: list[str] = []
    _collect(shown.get("text"), found)
    _collect(shown.get("title"), found)
    _collect(shown.get("blocks", []), found)
    return "\n".join(found)


def labels(shown: Json) -> list[str]:
    """The labels of the buttons of a message or a view, in order."""
    return [e["text"]["text"] for e, _ in _elements(shown) if e["type"] == "button"]


def fields(view: Json) -> dict[str, Json]:
    """The input elements of a form, by label."""
    inputs = [b for b in view["blocks"] if b["type"] == "input"]
    return {b["label"]["text"]: b["element"] for b in inputs}


def find(shown: Json, what: str) -> tuple[Json, Json]:
    """The element with this label or action_id, and its block. Raises NotPossible."""
    for element, block in _elements(shown):
        label = element["text"]["text"] if element["type"] == "button" else None
        if what in (label, element["action_id"]):
            return element, block
    there = [
        e["text"]["text"] if e["type"] == "button" else e["action_id"] for e, _ in _elements(shown)
    ]
    raise NotPossible(f"There is no “{what}” here, only {there}.")


def _elements(shown: Json) -> Iterator[tuple[Json, Json]]:
    for block in shown.get("blocks", []):
        inside = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield element, block


def _collect(part: Any, found: list[str]) -> None:
    if isinstance(part, str):
        found.append(part)
    elif isinstance(part, list):
        for item in part:
            _collect(item, found)
    elif isinstance(part, dict):
        for key in ("text", "label", "hint", "title", "fields", "elements", "accessory", "element"):
            _collect(part.get(key), found)
