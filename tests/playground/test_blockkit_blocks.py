"""What Slack refuses in a block, and on which surface. The page of each rule stands above it.

All pages are on docs.slack.dev, below reference/ where nothing else is said.
"""

from typing import Any

import pytest

from playground.blockkit import Surface, problems

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def button(**changes: object) -> Block:
    return {"type": "button", "text": plain("Approve"), "action_id": "review:approve"} | changes


def section(**changes: object) -> Block:
    return {"type": "section", "text": mrkdwn("Spring menu")} | changes


def entry(**changes: object) -> Block:
    field = {"type": "plain_text_input", "action_id": "text"}
    return {"type": "input", "label": plain("Text"), "element": field} | changes


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def line(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def words(text: str, **changes: object) -> Block:
    return {"type": "text", "text": text} | changes


def in_surface(surface: Surface, *blocks: object) -> list[str]:
    if surface == "message":
        return problems("message", list(blocks))
    view: Block = {"type": surface, "blocks": list(blocks)}
    if surface == "modal":
        view |= {"title": plain("Draft"), "submit": plain("Save")}
    return problems(surface, view)


IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A plate"}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "Network"}]]}

ACCEPTED: list[Block] = [
    section(),
    section(text=plain("a" * 3000), block_id="b" * 255, expand=True),
    section(fields=[mrkdwn("a" * 2000)] + [plain("b")] * 9),
    {"type": "section", "fields": [mrkdwn("only fields")]},
    section(accessory=button()),
    section(accessory=IMAGE),
    {"type": "header", "text": plain("a" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("a"), plain("b"), IMAGE] + [mrkdwn("c")] * 7},
    {"type": "actions", "elements": [button(action_id=str(index)) for index in range(25)]},
    IMAGE | {"title": plain("a" * 2000), "alt_text": "b" * 2000},
    {"type": "image", "slack_file": {"id": "F123"}, "alt_text": "A plate"},
    entry(hint=plain("a" * 2000), optional=True, dispatch_action=True),
    rich(line(words("a", style={"bold": True, "strike": True}))),
    rich(
        line(
            words("a"),
            {"type": "link", "url": "https://example.com", "text": "menu"},
            {"type": "user", "user_id": "U1"},
            {"type": "usergroup", "usergroup_id": "S1"},
            {"type": "channel", "channel_id": "C1", "style": {"bold": True}},
            {"type": "emoji", "name": "tada", "unicode": "1f389"},
            {
                "type": "date",
                "timestamp": 1720710212,
                "format": "{date} at {time}",
                "fallback": "-",
            },
            {"type": "broadcast", "range": "here"},
            {"type": "color", "value": "#1f3a4d"},
        ),
        {"type": "rich_text_list", "style": "ordered", "indent": 8, "elements": [line(words("a"))]},
        {"type": "rich_text_quote", "border": 1, "elements": [words("a")]},
        {"type": "rich_text_preformatted", "elements": [words("a")]},
    ),
]


@pytest.mark.parametrize("block", ACCEPTED, ids=lambda block: str(block["type"]))
@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_a_good_block_is_accepted_everywhere(surface: Surface, block: Block) -> None:
    assert in_surface(surface, block) == []


REFUSED: list[tuple[Block, str]] = [
    # block-kit/blocks: what there is
    ({"type": "carousell"}, "unsupported type: carousell [json-pointer:/blocks/0/type]"),
    ({}, "missing required field: type [json-pointer:/blocks/0]"),
    # block-kit/blocks/section-block
    (section(text=mrkdwn("a" * 3001)), "less than 3001 characters [json-pointer:/blocks/0/text/te"),
    (section(text=mrkdwn("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section"}, "missing required field: text or fields [json-pointer:/blocks/0]"),
    (section(fields=[mrkdwn("a")] * 11), "no more than 10 items allowed [json-pointer:/blocks/0/f"),
    (section(fields=[mrkdwn("a" * 2001)]), "less than 2001 characters [json-pointer:/blocks/0/fie"),
    (section(fields=[]), "no fewer than 1 items allowed [json-pointer:/blocks/0/fields]"),
    (section(expand="yes"), "must provide a boolean [json-pointer:/blocks/0/expand]"),
    (section(block_id="b" * 256), "less than 256 characters [json-pointer:/blocks/0/block_id]"),
    (section(accessory={"type": "plain_text_input"}), "unsupported type: plain_text_input"),
    (section(accessory={"type": "datetimepicker"}), "unsupported type: datetimepicker"),
    # block-kit/composition-objects/text-object
    (section(text="Spring menu"), "must provide an object [json-pointer:/blocks/0/text]"),
    (section(text={"type": "markdown", "text": "a"}), "unsupported type: markdown"),
    (section(text={"type": "mrkdwn"}), "missing required field: text"),
    (section(text=mrkdwn("a") | {"emoji": True}), "invalid additional property: emoji"),
    (section(text=plain("a") | {"verbatim": True}), "invalid additional property: verbatim"),
    (section(text=plain("a") | {"emoji": "no"}), "must provide a boolean"),
    # block-kit/blocks/header-block
    ({"type": "header", "text": plain("a" * 151)}, "less than 151 characters"),
    ({"type": "header", "text": mrkdwn("a")}, "unsupported type: mrkdwn [json-pointer:/blocks/0/"),
    ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
    # block-kit/blocks/context-block
    ({"type": "context", "elements": [mrkdwn("a")] * 11}, "no more than 10 items allowed"),
    ({"type": "context", "elements": [button()]}, "unsupported type: button"),
    ({"type": "context"}, "missing required field: elements"),
    # block-kit/blocks/actions-block
    (
        {"type": "actions", "elements": [button(action_id=str(one)) for one in range(26)]},
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ({"type": "actions", "elements": [IMAGE]}, "unsupported type: image"),
    ({"type": "actions", "elements": []}, "no fewer than 1 items allowed"),
    # block-kit/block-elements/button-element: action_id unique in its block
    (
        {"type": "actions", "elements": [button(), button(text=plain("Reject"))]},
        'action_id "review:approve" already exists in this block',
    ),
    # block-kit/blocks/image-block
    (IMAGE | {"alt_text": "a" * 2001}, "less than 2001 characters"),
    (IMAGE | {"image_url": "https://" + "a" * 3000}, "less than 3001 characters"),
    (IMAGE | {"title": plain("a" * 2001)}, "less than 2001 characters"),
    (IMAGE | {"title": mrkdwn("a")}, "unsupported type: mrkdwn"),
    ({"type": "image", "image_url": "https://example.com/a.png"}, "missing required field: alt_"),
    ({"type": "image", "alt_text": "a"}, "must have either an image_url or a slack_file"),
    # block-kit/composition-objects/slack-file-object
    (
        {"type": "image", "alt_text": "a", "slack_file": {"id": "F1", "url": "https://a.b"}},
        "must have either an id or a url",
    ),
    # block-kit/blocks/input-block
    (entry(label=mrkdwn("Text")), "unsupported type: mrkdwn [json-pointer:/blocks/0/label/type]"),
    (entry(label=plain("a" * 2001)), "less than 2001 characters"),
    (entry(hint=plain("a" * 2001)), "less than 2001 characters"),
    ({"type": "input", "label": plain("Text")}, "missing required field: element"),
    (entry(element=button()), "unsupported type: button [json-pointer:/blocks/0/element/type]"),
    # block-kit/blocks/rich-text-block
    (rich({"type": "section"}), "unsupported type: section"),
    (rich(words("a")), "unsupported type: text [json-pointer:/blocks/0/elements/0/type]"),
    (rich(line({"type": "underline"})), "unsupported type: underline"),
    (rich(line({"type": "user"})), "missing required field: user_id"),
    (rich(line(words(""))), "must be more than 0 characters"),
    (rich(line(words("a", style={"loud": True}))), "invalid additional property: loud"),
    (rich(line({"type": "date", "timestamp": "today", "format": "{date}"})), "a whole number"),
    (rich(line({"type": "date", "timestamp": 1})), "missing required field: format"),
    (rich(line({"type": "broadcast", "range": "all"})), "must be one of: here, channel, everyone"),
    (rich({"type": "rich_text_list", "elements": [line()]}), "missing required field: style"),
    (
        rich({"type": "rich_text_list", "style": "bullet", "elements": [words("a")]}),
        "unsupported type: text",
    ),
    (
        rich({"type": "rich_text_list", "style": "bullet", "indent": 9, "elements": [line()]}),
        "must be at most 8",
    ),
    (
        rich({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]}),
        "unsupported type: user",
    ),
    (rich({"type": "rich_text_quote", "border": 2, "elements": []}), "must be at most 1"),
    (rich(line()) | {"block_id": "a" * 256}, "less than 256 characters"),
    # without a source, see playground/ASSUMED.md
    (rich(), "no fewer than 1 items allowed"),
    (rich(line({"type": "emoji", "name": ""})), "must be more than 0 characters"),
    (IMAGE | {"alt_text": ""}, "must be more than 0 characters"),
    (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
    (section(block_id=""), "must be more than 0 characters [json-pointer:/blocks/0/block_id]"),
    (section(text=mrkdwn("a\0b")), "must not contain NUL or a lone surrogate"),
    (section(text=mrkdwn("a\ud83db")), "must not contain NUL or a lone surrogate"),
    ({"type": "data_visualization"}, "the playground cannot check it"),
]


@pytest.mark.parametrize(("block", "sentence"), REFUSED, ids=lambda value: str(value)[:60])
def test_a_bad_block_is_refused_with_its_place(block: Block, sentence: str) -> None:
    found = in_surface("message", block)
    assert any(sentence in one for one in found), found
    assert all(one.endswith("]") and "[json-pointer:/blocks" in one for one in found)


# The surfaces on each block's page; alert: github.com/slackapi/java-slack-sdk/pull/1624
@pytest.mark.parametrize(
    ("block", "surfaces"),
    [
        ({"type": "alert", "text": plain("Over the limit"), "level": "warning"}, {"modal"}),
        ({"type": "markdown", "text": "**Hello**"}, {"message"}),
        (TABLE, {"message"}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_block_stands_only_where_slack_takes_it(block: Block, surfaces: set[Surface]) -> None:
    every: tuple[Surface, ...] = ("message", "modal", "home")
    assert {surface for surface in every if not in_surface(surface, block)} == surfaces


def test_an_alert_and_a_table_have_limits_too() -> None:
    # block-kit/blocks/alert-block, block-kit/blocks/table-block
    found = in_surface("modal", {"type": "alert", "text": plain("a" * 201), "level": "loud"})
    assert len(found) == 2
    cell = {"type": "raw_text", "text": "a"}
    assert "20 items" in in_surface("message", TABLE | {"rows": [[cell] * 21]})[0]
    assert "100 items" in in_surface("message", TABLE | {"rows": [[cell]] * 101})[0]
    columns = TABLE | {"column_settings": [{"align": "left"}] * 21}
    assert "20 items" in in_surface("message", columns)[0]
    number = {"type": "raw_number", "text": "3", "value": "3"}
    assert "a number" in in_surface("message", TABLE | {"rows": [[number]]})[0]
    assert in_surface("message", TABLE, TABLE) == [
        "only one table block is allowed [json-pointer:/blocks]"
    ]
