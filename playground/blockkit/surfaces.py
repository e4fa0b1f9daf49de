"""Whole payloads: the blocks of a message, the view of a modal or of a Home tab.

Source: docs.slack.dev, reference/views/modal-views, reference/views/home-tab-views,
reference/block-kit/blocks, reference/methods/chat.postMessage and reference/methods/views.open.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Literal

from playground.blockkit.blocks import block
from playground.blockkit.checks import (
    Check,
    Report,
    Surface,
    array,
    boolean,
    one_of,
    shape,
    string,
)
from playground.blockkit.objects import plain

MESSAGE_BLOCKS_MAX = 50
VIEW_BLOCKS_MAX = 100
MESSAGE_TEXT_MAX = 12_000
VIEW_BYTES_MAX = 250 * 1024

_TEXT_TOO_LONG = "the text of all blocks together must be less than 12001 characters"
_VIEW_TOO_LARGE = "the view must not be greater than 250 KB"
_NO_LIST = "blocks must be an array [json-pointer:/blocks]"

ErrorCode = Literal[
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "invalid_arguments",
    "view_too_large",
]

_view_properties: dict[str, Check] = {
    "blocks": array(block, 1, VIEW_BLOCKS_MAX),
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_VIEWS: dict[str, Check] = {
    "home": shape({"type": one_of("home"), **_view_properties}, ["type", "blocks"]),
    "modal": shape(
        {
            "type": one_of("modal"),
            **_view_properties,
            "title": plain(24),
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
        ["type", "title", "blocks"],
    ),
}


def problems(surface: Surface, payload: object) -> list[str]:
    """What Slack would refuse in a payload, a sentence with a JSON pointer each; [] when nothing.

    `payload` is the list of blocks of a message, or the whole view of a modal or a Home tab.
    """
    report = Report(surface)
    if surface == "message":
        if not isinstance(payload, list):
            return [_NO_LIST]
        _unstorable(report, "/blocks", payload)
        array(block, 0, MESSAGE_BLOCKS_MAX)(report, "/blocks", payload)
        _together(report, "/blocks", payload)
        if report.characters > MESSAGE_TEXT_MAX:
            report.add(_TEXT_TOO_LONG, "/blocks")
        return report.problems
    _unstorable(report, "/view", payload)
    _VIEWS[surface](report, "/view", payload)
    if isinstance(payload, dict):
        blocks = payload.get("blocks")
        _together(report, "/view/blocks", blocks if isinstance(blocks, list) else [])
        if surface == "modal" and "submit" not in payload and "input" in _kinds(blocks):
            report.add("must define submit to use an input block", "/view")
        if _size(payload) > VIEW_BYTES_MAX:
            report.add(_VIEW_TOO_LARGE, "/view")
    return report.problems


def error_code(surface: Surface, found: Sequence[str]) -> ErrorCode:
    """The code that Slack's answer carries for what `problems` found.

    Raises ValueError when nothing was found.
    """
    if not found:
        raise ValueError("nothing was found")
    if surface != "message":
        only_large = all(one.startswith(_VIEW_TOO_LARGE) for one in found)
        return "view_too_large" if only_large else "invalid_arguments"
    if found[0] == _NO_LIST:
        return "invalid_blocks_format"
    only_long = all(one.startswith(_TEXT_TOO_LONG) for one in found)
    return "msg_blocks_too_long" if only_long else "invalid_blocks"


def _kinds(blocks: object) -> list[object]:
    listed = blocks if isinstance(blocks, list) else []
    return [one.get("type") for one in listed if isinstance(one, dict)]


def _together(report: Report, at: str, blocks: list[object]) -> None:
    """Rules between the blocks of one payload."""
    seen: set[str] = set()
    for index, one in enumerate(blocks):
        block_id = one.get("block_id") if isinstance(one, dict) else None
        if not isinstance(block_id, str):
            continue
        if block_id in seen:
            report.add(f'block_id "{block_id}" already exists', f"{at}/{index}/block_id")
        seen.add(block_id)
    if _kinds(blocks).count("table") > 1:
        report.add("only one table block is allowed", at)


def _size(view: dict[str, object]) -> int:
    text = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode(errors="replace"))


def _strings(at: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _strings(f"{at}/{index}", one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _strings(f"{at}/{name}", one)


def _unstorable(report: Report, at: str, payload: object) -> None:
    """NUL and halves of a surrogate pair are no text."""
    for where, text in _strings(at, payload):
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            report.add("must not contain NUL or a lone surrogate", where)
