"""What people type, as Slack stores it.

Source: docs.slack.dev/messaging/formatting-message-text and
docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import people
from playground.text import escape, rich_text, typed_message, unescape
from tests.player import Json

WORKSPACE = people.load(people.DEFAULT, "Copydesk")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("ask @Lea about it", "ask <@U0LEA> about it"),
        ("ask @lea, please", "ask <@U0LEA>, please"),
        ("ask @Ines Ferrari.", "ask <@U0INES>."),
        ("in #general", "in <#C0GENERAL|general>"),
        ("@here and @channel", "<!here> and <!channel>"),
        ("see https://larkfield.example/a.", "see <https://larkfield.example/a>."),
        ("see https://larkfield.example/?a=1&b=2", "see <https://larkfield.example/?a=1&amp;b=2>"),
        ("mail tea@larkfield.example", "mail tea@larkfield.example"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U0LEA>", "&lt;@U0LEA&gt;"),
    ],
)
def test_typed(typed: str, stored: str) -> None:
    assert typed_message(WORKSPACE, typed) == stored


def section(*elements: Json) -> list[Json]:
    inside = {"type": "rich_text_section", "elements": list(elements)}
    return [{"type": "rich_text", "elements": [inside]}]


def words(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


@pytest.mark.parametrize(
    ("stored", "elements"),
    [
        ("plain", [words("plain")]),
        ("a &lt; b", [words("a < b")]),
        ("*bold* _not_here", [words("bold", bold=True), words(" _not_here")]),
        ("*_both_*", [words("both", bold=True, italic=True)]),
        ("2 * 3 * 4", [words("2 * 3 * 4")]),
        ("`<code>`", [words("<code>", code=True)]),
        (":tea: at 10:30:00", [{"type": "emoji", "name": "tea"}, words(" at 10:30:00")]),
        ("<@U0LEA>", [{"type": "user", "user_id": "U0LEA"}]),
        ("<#C0GENERAL|general>", [{"type": "channel", "channel_id": "C0GENERAL"}]),
        ("<!here>", [{"type": "broadcast", "range": "here"}]),
        (
            "<https://larkfield.example/?a&amp;b|the page>",
            [{"type": "link", "url": "https://larkfield.example/?a&b", "text": "the page"}],
        ),
    ],
)
def test_rich_text(stored: str, elements: list[Json]) -> None:
    assert rich_text(stored) == section(*elements)


def test_quotes_and_code_stand_apart() -> None:
    parts = rich_text("above\n&gt; quoted\n&gt; twice\nbelow\n```\ncode &amp; more\n```")[0][
        "elements"
    ]
    assert [part["type"] for part in parts] == [
        "rich_text_section",
        "rich_text_quote",
        "rich_text_section",
        "rich_text_preformatted",
    ]
    assert parts[1]["elements"] == [words("quoted\ntwice")]
    assert parts[3]["elements"] == [words("code & more")]


@given(st.text())
def test_escaping_loses_nothing(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not set("<>") & set(escape(text))


@given(st.text(alphabet="ab <>&*_~`:@#!|\n/."))
def test_all_that_is_typed_can_be_read_in_the_blocks(text: str) -> None:
    """No text gets lost on the way, whatever the marks mean."""
    letters = "".join(c for c in text if c in "ab")
    assert "".join(c for c in _all_text(rich_text(escape(text))) if c in "ab") == letters


def _all_text(part: Any) -> str:
    if isinstance(part, list):
        return "".join(_all_text(item) for item in part)
    if part["type"] == "emoji":
        return str(part["name"])
    return str(part.get("text", "")) + _all_text(part.get("elements", []))
