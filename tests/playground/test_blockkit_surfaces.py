"""What Slack refuses in a whole message or view, and with which error. Pages on docs.slack.dev."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    DateTimePickerElement,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    OptionGroup,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
    UserMultiSelectElement,
)
from slack_sdk.models.views import View

from playground.blockkit import Surface, error_code, problems

Payload = dict[str, Any]
DIVIDER: Payload = {"type": "divider"}


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


def section(text: str) -> Payload:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def modal(**changes: object) -> Payload:
    return {"type": "modal", "title": plain("Draft"), "blocks": [DIVIDER]} | changes


def home(**changes: object) -> Payload:
    return {"type": "home", "blocks": [DIVIDER]} | changes


ENTRY = {
    "type": "input",
    "label": plain("Text"),
    "element": {"type": "plain_text_input", "action_id": "text"},
}


def test_what_slacks_own_library_builds_is_accepted() -> None:
    confirm = ConfirmObject(title="Reject?", text="The owner is told.")
    network = Option(label="LinkedIn", value="linkedin", description="3,000 characters")
    blocks = [
        HeaderBlock(text="P-12"),
        SectionBlock(text="*Spring menu*", accessory=ButtonElement(text="Open", action_id="open")),
        SectionBlock(fields=["one", "two"]),
        ContextBlock(
            elements=[MarkdownTextObject(text="a"), PlainTextObject(text="b", emoji=False)]
        ),
        DividerBlock(),
        ActionsBlock(
            elements=[
                ButtonElement(text="Approve", action_id="a", value="1", style="primary"),
                ButtonElement(text="Reject", action_id="b", confirm=confirm),
            ]
        ),
    ]
    form = [
        InputBlock(label="Text", element=PlainTextInputElement(action_id="t", multiline=True)),
        InputBlock(
            label="Networks",
            element=CheckboxesElement(action_id="n", options=[network], initial_options=[network]),
        ),
        InputBlock(
            label="Zone",
            element=StaticSelectElement(
                action_id="z",
                option_groups=[OptionGroup(label="Europe", options=[network])],
                initial_option=network,
            ),
        ),
        InputBlock(label="When", element=DateTimePickerElement(action_id="w"), optional=True),
        InputBlock(
            label="Who", element=UserMultiSelectElement(action_id="u", initial_users=["U1"])
        ),
    ]
    view = View(type="modal", title="Draft", submit="Save", close="Cancel", blocks=[*blocks, *form])
    assert problems("message", [block.to_dict() for block in blocks]) == []
    assert problems("modal", view.to_dict()) == []
    assert problems("home", View(type="home", blocks=[*blocks, *form[:3]]).to_dict()) == []


def test_a_message_may_have_fifty_blocks_or_none() -> None:
    # reference/block-kit/blocks: up to 50 in a message
    assert problems("message", []) == []
    assert problems("message", [DIVIDER] * 50) == []
    found = problems("message", [DIVIDER] * 51)
    assert found == ["no more than 50 items allowed [json-pointer:/blocks]"]


def test_a_view_has_one_to_a_hundred_blocks() -> None:
    # reference/block-kit/blocks: up to 100 in a view; at least one: slack_sdk.models.views.View
    assert problems("modal", modal(blocks=[DIVIDER] * 100)) == []
    assert problems("home", home(blocks=[DIVIDER] * 101)) != []
    assert problems("modal", modal(blocks=[])) != []


def test_an_input_in_a_message_is_accepted() -> None:
    # reference/block-kit/block-elements: plain-text input, surfaces Modals, Messages, Home tabs
    assert problems("message", [ENTRY]) == []


@pytest.mark.parametrize(
    ("surface", "view", "sentence"),
    [
        # reference/views/modal-views
        (
            "modal",
            modal(title=plain("a" * 25)),
            "less than 25 characters [json-pointer:/view/title",
        ),
        ("modal", modal(title=plain("")), "must be more than 0 characters"),
        ("modal", modal(submit=plain("a" * 25)), "less than 25 characters"),
        ("modal", modal(close=plain("a" * 25)), "less than 25 characters"),
        ("modal", modal(title={"type": "mrkdwn", "text": "a"}), "unsupported type: mrkdwn"),
        ("modal", {"type": "modal", "blocks": [DIVIDER]}, "missing required field: title"),
        ("modal", modal(private_metadata="a" * 3001), "less than 3001 characters"),
        ("modal", modal(callback_id="a" * 256), "less than 256 characters"),
        ("modal", modal(external_id="a" * 256), "less than 256 characters"),
        ("modal", modal(notify_on_close="yes"), "must provide a boolean"),
        ("modal", modal(blocks=[ENTRY]), "must define submit to use an input block"),
        ("modal", modal(type="home"), "must be one of: modal"),
        ("modal", {"title": plain("a"), "blocks": [DIVIDER]}, "missing required field: type"),
        # reference/views/home-tab-views; "home view cannot have submit and close": slack_sdk
        ("home", home(submit=plain("Save")), "invalid additional property: submit"),
        ("home", home(title=plain("a")), "invalid additional property: title"),
        ("home", {"type": "home"}, "missing required field: blocks"),
        # a view as views.open answered it is no view to send back: the fields of the same pages
        ("modal", modal(hash="156772938.1827394", id="V1"), "invalid additional property: hash"),
        ("modal", None, "must provide an object [json-pointer:/view]"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_bad_view_is_refused(surface: Surface, view: object, sentence: str) -> None:
    found = problems(surface, view)
    assert any(sentence in one for one in found), found
    assert error_code(surface, found) == "invalid_arguments"


def test_a_block_id_stands_once_in_a_payload() -> None:
    # reference/block-kit/blocks: block_id is unique for each message
    twice = [DIVIDER | {"block_id": "a"}, DIVIDER | {"block_id": "a"}]
    assert problems("message", twice) == [
        'block_id "a" already exists [json-pointer:/blocks/1/block_id]'
    ]
    assert problems("home", home(blocks=twice)) == [
        'block_id "a" already exists [json-pointer:/view/blocks/1/block_id]'
    ]


def test_an_action_id_may_stand_in_two_blocks() -> None:
    # reference/block-kit/block-elements/button-element: unique in the containing block
    button = {"type": "button", "text": plain("Open"), "action_id": "open"}
    actions = {"type": "actions", "elements": [button]}
    assert problems("message", [actions, actions]) == []


def test_a_messages_text_is_too_long_together() -> None:
    # reference/methods/chat.postMessage: msg_blocks_too_long; its number: playground/ASSUMED.md
    assert problems("message", [section("a" * 3000)] * 4) == []
    found = problems("message", [*[section("a" * 3000)] * 4, section("b")])
    assert error_code("message", found) == "msg_blocks_too_long"
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "b"}]}],
    }
    assert problems("message", [*[section("a" * 3000)] * 4, rich]) == found
    assert problems("home", home(blocks=[section("a" * 3000)] * 5)) == []


def test_markdown_blocks_share_their_limit() -> None:
    # reference/block-kit/blocks/markdown-block: 12,000 for all of them
    half = {"type": "markdown", "text": "a" * 6000}
    assert problems("message", [half, half]) == []
    assert "markdown blocks together" in problems("message", [half, half, half])[0]


def test_a_view_may_have_250_kilobytes() -> None:
    # reference/methods/views.open: view_too_large
    found = problems("modal", modal(blocks=[section("日" * 2900)] * 30))
    assert error_code("modal", found) == "view_too_large"
    frame = len(json.dumps(modal(blocks=[section("")] * 87), separators=(",", ":")))
    just = [section("a" * 2900)] * 86 + [section("a" * (250 * 1024 - frame - 86 * 2900))]
    assert problems("modal", modal(blocks=just)) == []
    assert problems("modal", modal(blocks=just, callback_id="")) == [
        "the view must not be greater than 250 KB [json-pointer:/view]"
    ]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        # reference/methods/chat.postMessage, errors
        ({"type": "divider"}, "invalid_blocks_format"),
        ("[]", "invalid_blocks_format"),
        ([section("")], "invalid_blocks"),
        ([None], "invalid_blocks"),
        ([*[section("a" * 3000)] * 4, section("b" * 3001)], "invalid_blocks"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_message_is_refused_with_slacks_error(payload: object, code: str) -> None:
    assert error_code("message", problems("message", payload)) == code


def test_no_error_without_a_problem() -> None:
    with pytest.raises(ValueError, match="nothing was found"):
        error_code("message", [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "element", "options", "blocks", "label"]),
            inner | st.sampled_from(["section", "actions", "input", "rich_text", "static_select"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.sampled_from(["message", "modal", "home"]), JSON)
def test_any_json_is_judged(surface: Surface, payload: object) -> None:
    for one in problems(surface, payload):
        assert "[json-pointer:/" in one
