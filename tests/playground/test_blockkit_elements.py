"""What Slack refuses in a block element or a composition object. The page stands above each rule.

All pages are on docs.slack.dev, below reference/block-kit/.
"""

from typing import Any

import pytest

from playground.blockkit import Surface, problems

Element = dict[str, Any]


def plain(text: str) -> Element:
    return {"type": "plain_text", "text": text}


def option(value: str, /, **changes: object) -> Element:
    return {"text": plain(value.upper()), "value": value} | changes


def options(count: int) -> list[Element]:
    return [option(f"v{index}") for index in range(count)]


def a(kind: str, **properties: object) -> Element:
    return {"type": kind, "action_id": "one", **properties}


def button(**changes: object) -> Element:
    return a("button", text=plain("Approve")) | changes


CONFIRM = {
    "title": plain("Reject?"),
    "text": {"type": "mrkdwn", "text": "The owner is told."},
    "confirm": plain("Reject"),
    "deny": plain("Keep"),
}


def in_actions(element: object, surface: Surface = "message") -> list[str]:
    blocks = [{"type": "actions", "elements": [element]}]
    return problems(surface, blocks if surface == "message" else {"type": "home", "blocks": blocks})


def in_input(element: object, surface: Surface = "modal", **changes: object) -> list[str]:
    block = {"type": "input", "label": plain("Text"), "element": element, **changes}
    if surface == "message":
        return problems("message", [block])
    view: Element = {"type": surface, "blocks": [block]}
    if surface == "modal":
        view |= {"title": plain("Draft"), "submit": plain("Save")}
    return problems(surface, view)


@pytest.mark.parametrize(
    "element",
    [
        button(),
        button(value="a" * 2000, style="danger", accessibility_label="a" * 75, confirm=CONFIRM),
        button(url="https://example.com/" + "a" * 2980),
        a("static_select", placeholder=plain("a" * 150), options=options(100)),
        a("static_select", options=options(2), initial_option=option("v1"), focus_on_load=True),
        a("static_select", option_groups=[{"label": plain("a" * 75), "options": options(100)}]),
        a("multi_static_select", options=options(2), initial_options=options(1)),
        a("external_select", min_query_length=0, initial_option=option("v")),
        a("multi_external_select", max_selected_items=1),
        a("users_select", initial_user="U1"),
        a("multi_users_select", initial_users=["U1", "U2"]),
        a("conversations_select", filter={"include": ["public"], "exclude_bot_users": True}),
        a("multi_conversations_select", default_to_current_conversation=True),
        a("channels_select", initial_channel="C1"),
        a("multi_channels_select"),
        a("overflow", options=[option("a", url="https://example.com")]),
        a("checkboxes", options=options(10), initial_options=options(2)),
        a("radio_buttons", options=[option("a", text={"type": "mrkdwn", "text": "*a*"})]),
        a("datepicker", initial_date="2026-02-28"),
        a("timepicker", initial_time="23:59", timezone="Europe/Rome"),
        a("datetimepicker", initial_date_time=1628633820),
    ],
    ids=lambda element: str(element["type"]),
)
def test_a_good_element_is_accepted(element: Element) -> None:
    assert in_actions(element) == []


@pytest.mark.parametrize(
    "element",
    [
        a("plain_text_input", initial_value="", multiline=True, min_length=1, max_length=3000),
        a("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}),
        a("email_text_input", placeholder=plain("you@example.com")),
        a("url_text_input", initial_value="https://example.com"),
        a("number_input", is_decimal_allowed=False, min_value="0", max_value="5"),
        a("file_input", filetypes=["png"], max_files=10),
        a(
            "rich_text_input",
            initial_value={
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}
                ],
            },
        ),
        a("datetimepicker"),
        a("conversations_select", response_url_enabled=True),
    ],
    ids=lambda element: str(element["type"]),
)
def test_a_good_input_is_accepted_in_a_modal(element: Element) -> None:
    assert in_input(element) == []


@pytest.mark.parametrize(
    ("element", "sentence"),
    [
        # block-elements/button-element
        (button(text=plain("a" * 76)), "must be less than 76 characters [json-pointer:/blocks/0/e"),
        (button(text={"type": "mrkdwn", "text": "a"}), "unsupported type: mrkdwn"),
        (a("button"), "missing required field: text [json-pointer:/blocks/0/elements/0]"),
        (button(value="a" * 2001), "less than 2001 characters"),
        (button(value=7), "must provide a string [json-pointer:/blocks/0/elements/0/value]"),
        (button(url="https://example.com/" + "a" * 2981), "less than 3001 characters"),
        (button(style="default"), "must be one of: primary, danger"),
        (button(action_id="a" * 256), "less than 256 characters"),
        (button(accessibility_label="a" * 76), "less than 76 characters"),
        # composition-objects/confirmation-dialog-object
        (button(confirm=CONFIRM | {"title": plain("a" * 101)}), "less than 101 characters"),
        (button(confirm=CONFIRM | {"text": plain("a" * 301)}), "less than 301 characters"),
        (button(confirm=CONFIRM | {"confirm": plain("a" * 31)}), "less than 31 characters"),
        (button(confirm=CONFIRM | {"deny": plain("a" * 31)}), "less than 31 characters"),
        (button(confirm=CONFIRM | {"style": "loud"}), "must be one of: primary, danger"),
        (button(confirm={"title": plain("a")}), "missing required field: text"),
        # block-elements/select-menu-element
        (a("static_select", options=options(101)), "no more than 100 items allowed"),
        (a("static_select", options=[]), "no fewer than 1 items allowed"),
        (a("static_select"), "must have either options or option_groups"),
        (
            a("static_select", options=options(1), option_groups=[]),
            "must have either options or option_groups",
        ),
        (a("static_select", options=options(1), placeholder=plain("a" * 151)), "less than 151"),
        (
            a("static_select", options=options(1), initial_option=option("v2")),
            "initial_option must be one of the options",
        ),
        (a("static_select", options=options(1), initial_option={}), "missing required field: text"),
        (a("conversations_select", filter={"include": []}), "no fewer than 1 items allowed"),
        (a("conversations_select", filter={"include": ["secret"]}), "must be one of: im, mpim"),
        (a("channels_select", response_url_enabled=True), "works only in modals"),
        # block-elements/multi-select-menu-element
        (a("multi_static_select", options=options(1), initial_options=[]), "no fewer than 1 items"),
        (
            a("multi_static_select", options=options(1), initial_options=[option("v2")]),
            "initial_options must be among the options",
        ),
        (a("multi_users_select", initial_users=[]), "no fewer than 1 items allowed"),
        (a("multi_users_select", max_selected_items=0), "must be at least 1"),
        # composition-objects/option-object
        (a("static_select", options=[option("a", text=plain("a" * 76))]), "less than 76"),
        (a("static_select", options=[option("a" * 151, text=plain("A"))]), "less than 151"),
        (a("static_select", options=[option("a", description=plain("a" * 76))]), "less than 76"),
        (a("static_select", options=[{"text": plain("a")}]), "missing required field: value"),
        (
            a("static_select", options=[option("a", text={"type": "mrkdwn", "text": "a"})]),
            "unsupported type: mrkdwn",
        ),
        (
            a("static_select", options=[option("a", url="https://example.com")]),
            "invalid additional property: url",
        ),
        # composition-objects/option-group-object
        (
            a("static_select", option_groups=[{"label": plain("a" * 76), "options": options(1)}]),
            "less than 76 characters",
        ),
        (
            a("static_select", option_groups=[{"label": plain("a"), "options": options(101)}]),
            "no more than 100 items allowed",
        ),
        (
            a("static_select", option_groups=[{"label": plain("a"), "options": options(1)}] * 101),
            "no more than 100 items allowed",
        ),
        # block-elements/overflow-menu-element
        (a("overflow", options=options(6)), "no more than 5 items allowed"),
        (a("overflow", options=[]), "no fewer than 1 items allowed"),
        # block-elements/checkboxes-element, block-elements/radio-button-group-element
        (a("checkboxes", options=options(11)), "no more than 10 items allowed"),
        (a("checkboxes", options=options(2), initial_options=[]), "no fewer than 1 items allowed"),
        (a("radio_buttons", options=options(11)), "no more than 10 items allowed"),
        (a("radio_buttons", options=options(1), initial_option=option("v9")), "one of the options"),
        # block-elements/date-picker-element, time-picker-element, datetime-picker-element
        (a("datepicker", initial_date="2026-02-30"), "in the format YYYY-MM-DD"),
        (a("datepicker", initial_date="20260228"), "in the format YYYY-MM-DD"),
        (a("timepicker", initial_time="24:00"), "in the format HH:mm"),
        (a("timepicker", initial_time="23:60"), "in the format HH:mm"),
        (a("timepicker", initial_time="9:00"), "in the format HH:mm"),
        (a("datetimepicker", initial_date_time=1628633820000), "must be at most 9999999999"),
        (a("datetimepicker", initial_date_time="1628633820"), "a whole number"),
        (a("datetimepicker", placeholder=plain("a")), "invalid additional property: placeholder"),
        # block-elements/image-element works in section and context only
        ({"type": "image", "image_url": "https://a.b", "alt_text": "a"}, "unsupported type: image"),
        # without a source, see playground/ASSUMED.md
        (button(action_id=""), "must be more than 0 characters"),
        (button(accessibility_label=""), "must be more than 0 characters"),
        (button(url="example.com"), "must be an absolute URL"),
        (
            a("static_select", options=[option("", text=plain("A"))]),
            "must be more than 0 characters",
        ),
        ("button", "must provide an object"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_bad_element_is_refused(element: Element, sentence: str) -> None:
    found = in_actions(element)
    assert any(sentence in one for one in found), found


@pytest.mark.parametrize(
    ("element", "sentence"),
    [
        # block-elements/plain-text-input-element
        (a("plain_text_input", min_length=3001), "must be at most 3000"),
        (a("plain_text_input", min_length=5, max_length=4), "must not be greater than max_length"),
        (a("plain_text_input", max_length=0), "must be at least 1"),
        (a("plain_text_input", initial_value="a" * 3001), "less than 3001 characters"),
        (a("plain_text_input", initial_value=None), "must provide a string"),
        (a("plain_text_input", multiline=1), "must provide a boolean"),
        (a("plain_text_input", placeholder={"type": "mrkdwn", "text": "a"}), "unsupported type"),
        # composition-objects/dispatch-action-configuration-object
        (
            a("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
            "must be one of: on_enter_pressed, on_character_entered",
        ),
        # block-elements/number-input-element
        (a("number_input"), "missing required field: is_decimal_allowed"),
        (a("number_input", is_decimal_allowed=True, min_value=1), "a number written as a string"),
        (
            a("number_input", is_decimal_allowed=True, min_value="2", max_value="1.5"),
            "min_value must not be greater than max_value",
        ),
        # block-elements/file-input-element
        (a("file_input", max_files=11), "must be at most 10"),
        (a("file_input", max_files=0), "must be at least 1"),
        # block-elements/rich-text-input-element
        (a("rich_text_input", initial_value="a"), "must provide an object"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_bad_input_is_refused(element: Element, sentence: str) -> None:
    found = in_input(element)
    assert any(sentence in one for one in found), found


def test_a_file_input_dispatches_no_action() -> None:
    # blocks/input-block, dispatch_action
    assert in_input(a("file_input"), dispatch_action=True)


# The table of surfaces in block-elements.
@pytest.mark.parametrize(
    ("kind", "surfaces"),
    [
        ("plain_text_input", {"message", "modal", "home"}),
        ("checkboxes", {"message", "modal", "home"}),
        ("datetimepicker", {"message", "modal"}),
        ("rich_text_input", {"modal", "home"}),
        ("email_text_input", {"modal"}),
        ("url_text_input", {"modal"}),
        ("number_input", {"modal"}),
        ("file_input", {"modal"}),
    ],
)
def test_an_input_stands_only_where_slack_takes_it(kind: str, surfaces: set[Surface]) -> None:
    element = a(kind)
    if kind == "checkboxes":
        element["options"] = options(1)
    if kind == "number_input":
        element["is_decimal_allowed"] = True
    every: tuple[Surface, ...] = ("message", "modal", "home")
    assert {surface for surface in every if not in_input(element, surface)} == surfaces


def test_a_workflow_button_is_for_messages() -> None:
    # block-elements, table of surfaces
    trigger = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/xyz"}}
    start = a("workflow_button", text=plain("Start"), workflow=trigger)
    assert in_actions(start) == []
    assert in_actions(start | {"text": plain("a" * 76)}) != []
    assert in_actions(start, "home") != []


def test_one_element_of_a_view_has_the_focus() -> None:
    # block-elements/*: "Only one element can be set to true"
    blocks = [
        {
            "type": "input",
            "label": plain("Text"),
            "element": {"type": "plain_text_input", "focus_on_load": True},
        }
    ] * 2
    view = {"type": "modal", "title": plain("a"), "submit": plain("b"), "blocks": blocks}
    assert len(problems("modal", view)) == 1
