"""Block elements: buttons, menus, pickers, inputs, images; where each may stand.

Source: docs.slack.dev, reference/block-kit/block-elements, whose table names the surfaces and
the blocks that each element works in.
"""

import re
from collections.abc import Mapping
from datetime import date

from playground.blockkit.checks import (
    Check,
    Report,
    Surface,
    array,
    boolean,
    both,
    integer,
    one_of,
    shape,
    string,
    url,
    when_object,
)
from playground.blockkit.objects import (
    confirm,
    conversation_filter,
    dispatch_action_config,
    image_source,
    initial_among_options,
    option,
    option_groups,
    plain,
    slack_file,
)
from playground.blockkit.rich_text import rich_text

ANYWHERE: frozenset[Surface] = frozenset({"message", "modal", "home"})
MODAL: frozenset[Surface] = frozenset({"modal"})


def _focus(report: Report, at: str, value: object) -> None:
    boolean(report, at, value)
    if value is True:
        report.focused += 1
        if report.focused == 2:
            report.add("only one element may have focus_on_load", at)


_ACTION: dict[str, Check] = {"action_id": string(255, 1)}
_CLICK: dict[str, Check] = {**_ACTION, "confirm": confirm}
_FOCUS: dict[str, Check] = {"focus_on_load": _focus}
_PLACEHOLDER: dict[str, Check] = {"placeholder": plain(150)}
_MENU: dict[str, Check] = {**_CLICK, **_FOCUS, **_PLACEHOLDER}
_MULTI: dict[str, Check] = {**_MENU, "max_selected_items": integer(1)}
_FIELD: dict[str, Check] = {
    **_ACTION,
    **_FOCUS,
    **_PLACEHOLDER,
    "dispatch_action_config": dispatch_action_config,
}
_STYLE = one_of("primary", "danger")
_ID = string(minimum=1)
_IDS = array(_ID, 1)


def _date(report: Report, at: str, value: object) -> None:
    try:
        date.fromisoformat(value if isinstance(value, str) and len(value) == 10 else "")
    except ValueError:
        report.add("must be a date in the format YYYY-MM-DD", at)


def _time(report: Report, at: str, value: object) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        report.add("must be a time in the format HH:mm", at)


def _number(report: Report, at: str, value: object) -> None:
    if not isinstance(value, str) or not re.fullmatch(r"-?\d+(\.\d+)?", value):
        report.add("must provide a number written as a string", at)


def _one_source(report: Report, at: str, value: dict[str, object]) -> None:
    if ("options" in value) == ("option_groups" in value):
        report.add("must have either options or option_groups", at)


def _lengths(report: Report, at: str, value: dict[str, object]) -> None:
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        report.add("min_length must not be greater than max_length", at)


def _bounds(report: Report, at: str, value: dict[str, object]) -> None:
    try:
        least, most = float(str(value["min_value"])), float(str(value["max_value"]))
    except (KeyError, ValueError):
        return
    if least > most:
        report.add("min_value must not be greater than max_value", at)


def _answers_modal(report: Report, at: str, value: object) -> None:
    boolean(report, at, value)
    if report.surface != "modal":
        report.add("response_url_enabled works only in modals", at)


_static = {"options": array(option(), 1, 100), "option_groups": option_groups}
_conversations: dict[str, Check] = {
    "default_to_current_conversation": boolean,
    "filter": conversation_filter,
}
_with_options = both(when_object(_one_source), when_object(initial_among_options))
_rich_choice = option(mrkdwn=True)

ELEMENTS: Mapping[str, Check] = {
    "button": shape(
        {
            **_CLICK,
            "text": plain(75),
            "url": url,
            "value": string(2000),
            "style": _STYLE,
            "accessibility_label": string(75, 1),
        },
        ["text"],
    ),
    "workflow_button": shape(
        {
            **_CLICK,
            "text": plain(75),
            "workflow": shape(
                {
                    "trigger": shape(
                        {
                            "url": url,
                            "customizable_input_parameters": array(
                                shape({"name": _ID, "value": string()}, ["name", "value"])
                            ),
                        },
                        ["url"],
                    )
                },
                ["trigger"],
            ),
            "style": _STYLE,
            "accessibility_label": string(75, 1),
        },
        ["text", "workflow"],
    ),
    "image": both(
        shape(
            {"image_url": url, "slack_file": slack_file, "alt_text": string(2000, 1)}, ["alt_text"]
        ),
        image_source,
    ),
    "checkboxes": both(
        shape(
            {
                **_CLICK,
                **_FOCUS,
                "options": array(_rich_choice, 1, 10),
                "initial_options": array(_rich_choice, 1, 10),
            },
            ["options"],
        ),
        when_object(initial_among_options),
    ),
    "radio_buttons": both(
        shape(
            {
                **_CLICK,
                **_FOCUS,
                "options": array(_rich_choice, 1, 10),
                "initial_option": _rich_choice,
            },
            ["options"],
        ),
        when_object(initial_among_options),
    ),
    "overflow": shape({**_CLICK, "options": array(option(link=True), 1, 5)}, ["options"]),
    "static_select": both(shape({**_MENU, **_static, "initial_option": option()}), _with_options),
    "multi_static_select": both(
        shape({**_MULTI, **_static, "initial_options": array(option(), 1, 100)}), _with_options
    ),
    "external_select": shape({**_MENU, "initial_option": option(), "min_query_length": integer(0)}),
    "multi_external_select": shape(
        {**_MULTI, "initial_options": array(option(), 1, 100), "min_query_length": integer(0)}
    ),
    "users_select": shape({**_MENU, "initial_user": _ID}),
    "multi_users_select": shape({**_MULTI, "initial_users": _IDS}),
    "conversations_select": shape(
        {
            **_MENU,
            **_conversations,
            "initial_conversation": _ID,
            "response_url_enabled": _answers_modal,
        }
    ),
    "multi_conversations_select": shape(
        {**_MULTI, **_conversations, "initial_conversations": _IDS}
    ),
    "channels_select": shape(
        {**_MENU, "initial_channel": _ID, "response_url_enabled": _answers_modal}
    ),
    "multi_channels_select": shape({**_MULTI, "initial_channels": _IDS}),
    "datepicker": shape({**_MENU, "initial_date": _date}),
    "timepicker": shape({**_MENU, "initial_time": _time, "timezone": _ID}),
    "datetimepicker": shape(
        {**_CLICK, **_FOCUS, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    ),
    "plain_text_input": both(
        shape(
            {
                **_FIELD,
                "initial_value": string(3000),
                "multiline": boolean,
                "min_length": integer(0, 3000),
                "max_length": integer(1, 3000),
            }
        ),
        when_object(_lengths),
    ),
    "rich_text_input": shape({**_FIELD, "initial_value": rich_text}),
    "email_text_input": shape({**_FIELD, "initial_value": string()}),
    "url_text_input": shape({**_FIELD, "initial_value": string()}),
    "number_input": both(
        shape(
            {
                **_FIELD,
                "is_decimal_allowed": boolean,
                "initial_value": _number,
                "min_value": _number,
                "max_value": _number,
            },
            ["is_decimal_allowed"],
        ),
        when_object(_bounds),
    ),
    "file_input": shape(
        {**_ACTION, "filetypes": array(string(minimum=1), 1), "max_files": integer(1, 10)}
    ),
}

# Elements that are not welcome on every surface.
SURFACES: Mapping[str, frozenset[Surface]] = {
    "datetimepicker": frozenset({"message", "modal"}),
    "rich_text_input": frozenset({"modal", "home"}),
    "workflow_button": frozenset({"message"}),
    "email_text_input": MODAL,
    "url_text_input": MODAL,
    "number_input": MODAL,
    "file_input": MODAL,
}

_SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
_CHOOSERS = _SELECTS | {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
_INPUTS = frozenset(name for name in ELEMENTS if name.endswith("_input"))

IN_ACTIONS = _CHOOSERS | {
    "button",
    "datetimepicker",
    "overflow",
    "rich_text_input",
    "workflow_button",
}
IN_SECTION = _CHOOSERS | {"button", "image", "overflow", "workflow_button"}
IN_INPUT = _CHOOSERS | _INPUTS | {"datetimepicker"}


def element(allowed: frozenset[str]) -> Check:
    """One of the `allowed` elements, on a surface that takes it."""

    def check(report: Report, at: str, value: object) -> None:
        if not isinstance(value, dict):
            report.add("must provide an object", at)
            return
        kind = value.get("type")
        if kind is None:
            report.add("missing required field: type", at)
        elif not isinstance(kind, str) or kind not in allowed:
            report.add(f"unsupported type: {kind}", f"{at}/type")
        elif report.surface not in SURFACES.get(kind, ANYWHERE):
            report.add(f"{kind} is not supported in a {report.surface}", f"{at}/type")
        else:
            ELEMENTS[kind](report, at, value)

    return check
