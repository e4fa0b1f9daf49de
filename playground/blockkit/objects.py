"""Composition objects: text, options, confirm dialogs, filters.

Source: docs.slack.dev, reference/block-kit/composition-objects.
"""

from collections.abc import Mapping

from playground.blockkit.checks import (
    Check,
    Report,
    array,
    boolean,
    both,
    by_type,
    count_text,
    one_of,
    shape,
    string,
    url,
    when_object,
)

TEXT_MAX = 3000


def text_object(maximum: int = TEXT_MAX, *, mrkdwn: bool) -> Check:
    """A text object of 1 to `maximum` characters; `plain_text`, or `mrkdwn` too where it may be."""
    kinds: dict[str, Check] = {
        "plain_text": shape({"text": string(maximum, 1), "emoji": boolean}, ["text"])
    }
    if mrkdwn:
        kinds["mrkdwn"] = shape({"text": string(maximum, 1), "verbatim": boolean}, ["text"])
    return both(by_type(kinds), count_text)


def plain(maximum: int) -> Check:
    """A `plain_text` object of 1 to `maximum` characters."""
    return text_object(maximum, mrkdwn=False)


def any_text(maximum: int = TEXT_MAX) -> Check:
    """A `plain_text` or `mrkdwn` object of 1 to `maximum` characters."""
    return text_object(maximum, mrkdwn=True)


# The explanatory text may be mrkdwn: slack_sdk's ConfirmObject makes it so by default.
confirm: Check = shape(
    {
        "title": plain(100),
        "text": any_text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": one_of("primary", "danger"),
    },
    ["title", "text", "confirm", "deny"],
)


def option(*, mrkdwn: bool = False, link: bool = False) -> Check:
    """One choice: `mrkdwn` in checkboxes and radio buttons, a `url` only in an overflow menu."""
    properties: dict[str, Check] = {
        "text": text_object(75, mrkdwn=mrkdwn),
        "value": string(150, 1),
        "description": text_object(75, mrkdwn=mrkdwn),
    }
    if link:
        properties["url"] = url
    return shape(properties, ["text", "value"])


option_groups: Check = array(
    shape({"label": plain(75), "options": array(option(), 1, 100)}, ["label", "options"]), 1, 100
)

conversation_filter: Check = shape(
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)

dispatch_action_config: Check = shape(
    {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)},
    ["trigger_actions_on"],
)


def _id_or_url(report: Report, at: str, value: dict[str, object]) -> None:
    if ("id" in value) == ("url" in value):
        report.add("must have either an id or a url", at)


slack_file: Check = both(shape({"id": string(minimum=1), "url": url}), when_object(_id_or_url))


def _url_or_file(report: Report, at: str, value: dict[str, object]) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        report.add("must have either an image_url or a slack_file", at)


image_source: Check = when_object(_url_or_file)


def choices(value: Mapping[str, object]) -> list[object]:
    """The options of an element, those inside its option groups included."""
    found: list[object] = []
    options = value.get("options")
    if isinstance(options, list):
        found.extend(options)
    groups = value.get("option_groups")
    for group in groups if isinstance(groups, list) else []:
        inner = group.get("options") if isinstance(group, dict) else None
        if isinstance(inner, list):
            found.extend(inner)
    return found


def initial_among_options(report: Report, at: str, value: dict[str, object]) -> None:
    """What is selected at first has to be, exactly, one of the options on offer."""
    offered = choices(value)
    if "initial_option" in value and value["initial_option"] not in offered:
        report.add("initial_option must be one of the options", f"{at}/initial_option")
    chosen = value.get("initial_options")
    for index, one in enumerate(chosen if isinstance(chosen, list) else []):
        if one not in offered:
            report.add("initial_options must be among the options", f"{at}/initial_options/{index}")
