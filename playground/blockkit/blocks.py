"""Blocks, and the surfaces they may stand on.

Source: docs.slack.dev, reference/block-kit/blocks (a page per block).
"""

from collections.abc import Mapping

from playground.blockkit.checks import (
    Check,
    Report,
    Surface,
    array,
    boolean,
    both,
    by_type,
    one_of,
    shape,
    string,
    url,
    when_object,
)
from playground.blockkit.elements import (
    ANYWHERE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    MODAL,
    element,
)
from playground.blockkit.objects import any_text, image_source, plain, slack_file
from playground.blockkit.rich_text import rich_text

MARKDOWN_MAX = 12_000


def _text_or_fields(report: Report, at: str, value: dict[str, object]) -> None:
    if "text" not in value and "fields" not in value:
        report.add("missing required field: text or fields", at)


def _no_dispatch_of_files(report: Report, at: str, value: dict[str, object]) -> None:
    inner = value.get("element")
    is_file = isinstance(inner, dict) and inner.get("type") == "file_input"
    if is_file and value.get("dispatch_action") is True:
        report.add("unsupported type: file_input with dispatch_action", f"{at}/element/type")


def _count_markdown(report: Report, at: str, value: dict[str, object]) -> None:
    text = value.get("text")
    if isinstance(text, str):
        report.characters += len(text)
        report.markdown_characters += len(text)
        if report.markdown_characters > MARKDOWN_MAX:
            report.add("the markdown blocks together must be less than 12001 characters", at)


def _distinct(report: Report, at: str, value: dict[str, object]) -> None:
    seen: set[str] = set()
    elements = value.get("elements")
    for index, one in enumerate(elements if isinstance(elements, list) else []):
        action = one.get("action_id") if isinstance(one, dict) else None
        if not isinstance(action, str):
            continue
        if action in seen:
            report.add(
                f'action_id "{action}" already exists in this block',
                f"{at}/elements/{index}/action_id",
            )
        seen.add(action)


def _context_item(report: Report, at: str, value: object) -> None:
    is_image = isinstance(value, dict) and value.get("type") == "image"
    (element(frozenset({"image"})) if is_image else any_text())(report, at, value)


def _block(properties: Mapping[str, Check], required: list[str]) -> Check:
    return shape({"block_id": string(255, 1), **properties}, required)


def _number(report: Report, at: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        report.add("must provide a number", at)


_raw = string(minimum=1)
_cell = by_type(
    {
        "rich_text": rich_text,
        "raw_text": shape({"text": _raw}, ["text"]),
        "raw_number": shape({"text": _raw, "value": _number}, ["text", "value"]),
    }
)
_column = shape({"align": one_of("left", "center", "right"), "is_wrapped": boolean})

BLOCKS: Mapping[str, Check] = {
    "actions": both(
        _block({"elements": array(element(IN_ACTIONS), 1, 25)}, ["elements"]),
        when_object(_distinct),
    ),
    "alert": _block(
        {
            "text": any_text(200),
            "level": one_of("default", "info", "warning", "error", "success"),
        },
        ["text"],
    ),
    "context": _block({"elements": array(_context_item, 1, 10)}, ["elements"]),
    "divider": _block({}, []),
    "header": _block({"text": plain(150)}, ["text"]),
    "image": both(
        _block(
            {
                "image_url": url,
                "slack_file": slack_file,
                "alt_text": string(2000, 1),
                "title": plain(2000),
            },
            ["alt_text"],
        ),
        image_source,
    ),
    "input": both(
        _block(
            {
                "label": plain(2000),
                "element": element(IN_INPUT),
                "hint": plain(2000),
                "optional": boolean,
                "dispatch_action": boolean,
            },
            ["label", "element"],
        ),
        when_object(_no_dispatch_of_files),
    ),
    "markdown": both(
        _block({"text": string(MARKDOWN_MAX, 1)}, ["text"]), when_object(_count_markdown)
    ),
    "rich_text": rich_text,
    "section": both(
        _block(
            {
                "text": any_text(),
                "fields": array(any_text(2000), 1, 10),
                "accessory": element(IN_SECTION),
                "expand": boolean,
            },
            [],
        ),
        when_object(_text_or_fields),
    ),
    "table": _block(
        {
            "rows": array(array(_cell, 1, 20), 1, 100),
            "column_settings": array(_column, 0, 20),
        },
        ["rows"],
    ),
}

# Slack has these too; the app in the manifest uses none, and nothing here checks them yet.
UNCHECKED = frozenset(
    {
        "auth_provider",
        "call",
        "card",
        "carousel",
        "container",
        "context_actions",
        "data_table",
        "data_visualization",
        "file",
        "plan",
        "task_card",
        "video",
    }
)

# Blocks that are not welcome on every surface.
SURFACES: Mapping[str, frozenset[Surface]] = {
    "alert": MODAL,
    "markdown": frozenset({"message"}),
    "table": frozenset({"message"}),
}


def block(report: Report, at: str, value: object) -> None:
    """One block, on a surface that takes it."""
    kind = value.get("type") if isinstance(value, dict) else None
    if isinstance(kind, str) and kind in UNCHECKED:
        report.add(f"unsupported type: {kind} (the playground cannot check it)", f"{at}/type")
    elif isinstance(kind, str) and report.surface not in SURFACES.get(kind, ANYWHERE):
        report.add(f"{kind} is not supported in a {report.surface}", f"{at}/type")
    else:
        by_type(BLOCKS)(report, at, value)
