"""Clicks in messages, shortcuts, options, and the answers by response_url.

Source, unless a test names another: docs.slack.dev/interactivity/handling-user-interaction and
docs.slack.dev/reference/interaction-payloads/block_actions-payload.
"""

from typing import Any

import httpx
import pytest

from tests.player import Json, NotPossible, Player, Playground
from tests.playground.raw import RawApp, button, buttons, call, text

OPTIONS = [{"text": text(name), "value": name.lower()} for name in ("Red", "Green")]


def post(playground: Playground, *elements: Json, channel: str = "C0SOCIAL") -> None:
    row = buttons(*(elements or (button("Go", "go", value="7"),)))
    answer = call(playground, "chat.postMessage", channel=channel, text="Card", blocks=[row])
    assert answer["ok"], answer


def clicked(raw: RawApp, person: Player, what: str, **more: Any) -> Json:
    message = person.messages("C0SOCIAL")[-1]
    with person.doing(lambda: person.click(message, what, **more)):
        return raw.answer("interactive")


def test_a_click_says_who_where_and_what(playground: Playground, raw: RawApp, maya: Player) -> None:
    post(playground)
    payload = clicked(raw, maya, "Go")
    assert payload["type"] == "block_actions"
    assert payload["user"]["id"] == "U0MAYA"
    assert payload["team"]["id"] == payload["user"]["team_id"] == "T0LARKFIELD"
    assert payload["channel"] == {"id": "C0SOCIAL", "name": "social"}
    assert payload["container"]["message_ts"] == payload["message"]["ts"]
    assert payload["message"]["text"] == "Card"
    action = payload["actions"][0]
    assert (action["type"], action["action_id"], action["value"]) == ("button", "go", "7")
    assert action["block_id"] == "row"
    assert action["action_ts"]


def test_a_click_from_another_workspace(playground: Playground, raw: RawApp) -> None:
    """Source: docs.slack.dev/apis/slack-connect: `user.team_id` is the person's own workspace."""
    post(playground, channel="C0PARTNERS")
    sam = playground.player("U0SAM")
    message = sam.messages("C0PARTNERS")[-1]
    with sam.doing(lambda: sam.click(message, "Go")):
        payload = raw.answer("interactive")
    assert payload["user"]["team_id"] == "T0PARTNERS"
    assert payload["team"]["id"] == "T0LARKFIELD"


@pytest.mark.parametrize(
    ("element", "selected", "expected"),
    [
        (
            {"type": "static_select", "options": OPTIONS},
            "green",
            {"selected_option": OPTIONS[1]},
        ),
        ({"type": "overflow", "options": OPTIONS}, "red", {"selected_option": OPTIONS[0]}),
        (
            {"type": "checkboxes", "options": OPTIONS},
            ["red", "green"],
            {"selected_options": OPTIONS},
        ),
        ({"type": "users_select"}, "U0TOM", {"selected_user": "U0TOM"}),
        ({"type": "datepicker"}, "2030-01-31", {"selected_date": "2030-01-31"}),
        ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
        ({"type": "datetimepicker"}, 1_900_000_000, {"selected_date_time": 1_900_000_000}),
    ],
)
def test_what_was_chosen(
    playground: Playground,
    raw: RawApp,
    maya: Player,
    element: Json,
    selected: Any,
    expected: Json,
) -> None:
    post(playground, {"action_id": "pick", **element})
    payload = clicked(raw, maya, "pick", selected=selected)
    assert expected.items() <= payload["actions"][0].items()
    if element["type"] != "overflow":
        assert expected.items() <= payload["state"]["values"]["row"]["pick"].items()


@pytest.mark.parametrize(
    ("element", "selected"),
    [
        ({"type": "static_select", "options": OPTIONS}, "blue"),
        ({"type": "users_select"}, "U0DORA"),
        ({"type": "channels_select"}, "C0NOWHERE"),
        ({"type": "datepicker"}, "31.1.2030"),
        ({"type": "datetimepicker"}, 12),
    ],
)
def test_what_cannot_be_chosen(
    playground: Playground, maya: Player, element: Json, selected: Any
) -> None:
    post(playground, {"action_id": "pick", **element})
    with pytest.raises(NotPossible):
        maya.click(maya.messages("C0SOCIAL")[-1], "pick", selected=selected)


def test_an_old_message_can_be_clicked_as_it_was_seen(
    playground: Playground, raw: RawApp, maya: Player
) -> None:
    post(playground)
    old = maya.messages("C0SOCIAL")[-1]
    call(playground, "chat.update", channel="C0SOCIAL", ts=old["ts"], text="Done", blocks=[])
    with pytest.raises(NotPossible, match="no “go”"):
        maya.click(old, "Go", revision=1)
    with maya.doing(lambda: maya.click(old, "Go")):
        payload = raw.answer("interactive")
    assert payload["message"]["text"] == "Card"


def test_only_who_sees_a_message_clicks_it(playground: Playground, maya: Player) -> None:
    call(
        playground,
        "chat.postEphemeral",
        channel="C0SOCIAL",
        user="U0MAYA",
        text="Yours",
        blocks=[buttons(button("Go", "go"))],
    )
    message = maya.messages("C0SOCIAL")[-1]
    with pytest.raises(NotPossible, match="sees no message"):
        playground.player("U0TOM").click(message, "Go")
    with pytest.raises(NotPossible, match="sees no channel"):
        playground.player("U0GIL").click(message, "Go")


def test_a_click_nobody_acknowledges_is_trouble(playground: Playground, maya: Player) -> None:
    post(playground)
    done = maya.click(maya.messages("C0SOCIAL")[-1], "Go")
    assert not done["ok"]
    assert "trouble connecting" in done["error"]


# response_url


def respond(payload: Json, **body: Any) -> httpx.Response:
    return httpx.post(payload["response_url"], json=body)


def test_an_answer_is_new_and_private_unless_it_says_otherwise(
    playground: Playground, raw: RawApp, maya: Player
) -> None:
    post(playground)
    payload = clicked(raw, maya, "Go")
    assert respond(payload, text="Noted").status_code == 200
    assert respond(payload, text="For all", response_type="in_channel").status_code == 200
    shown = maya.messages("C0SOCIAL")[-2:]
    assert [(m["text"], m["ephemeral"]) for m in shown] == [("Noted", True), ("For all", False)]


def test_an_answer_replaces_or_deletes_the_message(
    playground: Playground, raw: RawApp, maya: Player
) -> None:
    post(playground)
    payload = clicked(raw, maya, "Go")
    respond(payload, text="Replaced", replace_original=True)
    assert maya.messages("C0SOCIAL")[-1]["text"] == "Replaced"
    respond(payload, delete_original=True)
    assert "Replaced" not in [m["text"] for m in maya.messages("C0SOCIAL")]


def test_a_private_message_is_replaced_too(
    playground: Playground, raw: RawApp, maya: Player
) -> None:
    call(
        playground,
        "chat.postEphemeral",
        channel="C0SOCIAL",
        user="U0MAYA",
        text="Sure?",
        blocks=[buttons(button("Yes", "yes"))],
    )
    payload = clicked(raw, maya, "Yes")
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    respond(payload, text="Good", replace_original=True)
    assert maya.messages("C0SOCIAL")[-1]["text"] == "Good"


def test_five_uses_and_no_more(playground: Playground, raw: RawApp, maya: Player) -> None:
    post(playground)
    payload = clicked(raw, maya, "Go")
    assert [respond(payload, text=str(n)).status_code for n in range(6)] == [200] * 5 + [404]


def test_thirty_minutes_and_no_longer(playground: Playground, raw: RawApp, maya: Player) -> None:
    post(playground)
    payload = clicked(raw, maya, "Go")
    playground.expire("response_urls")
    answer = respond(payload, text="Late")
    assert (answer.status_code, answer.json()["error"]) == (404, "expired_url")


def test_an_answer_is_held_to_block_kit(playground: Playground, raw: RawApp, maya: Player) -> None:
    post(playground)
    payload = clicked(raw, maya, "Go")
    answer = respond(payload, text="a", blocks=[{"type": "nonsense"}])
    assert answer.json()["error"] == "invalid_blocks"
    assert any("response_url" in problem for problem in playground.problems())


# Shortcuts. Source: docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload.


def test_a_message_shortcut_carries_the_message(raw: RawApp, maya: Player) -> None:
    """Also from a channel the app is not in."""
    message = maya.messages("C0BRAND")[0]
    with maya.doing(lambda: maya.shortcut("draft:from_message", message)):
        payload = raw.answer("interactive")
    assert payload["type"] == "message_action"
    assert payload["callback_id"] == "draft:from_message"
    assert payload["channel"] == {"id": "C0BRAND", "name": "privategroup"}
    assert payload["message"]["text"] == message["text"]
    assert payload["message_ts"] == message["ts"]
    assert payload["response_url"]
    assert payload["trigger_id"]


def test_a_global_shortcut_knows_of_no_place(raw: RawApp, maya: Player) -> None:
    with maya.doing(lambda: maya.shortcut("draft:new")):
        payload = raw.answer("interactive")
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "draft:new")
    assert payload["user"]["id"] == "U0MAYA"
    assert payload["trigger_id"]
    assert not {"channel", "message", "response_url"} & set(payload)


def test_a_shortcut_the_manifest_does_not_have(maya: Player) -> None:
    with pytest.raises(NotPossible, match="no global shortcut"):
        maya.shortcut("draft:from_message")
    with pytest.raises(NotPossible, match="no message shortcut"):
        maya.shortcut("other", maya.messages("C0SOCIAL")[0])


# Options. Source: docs.slack.dev/reference/interaction-payloads/block_suggestion-payload.

EXTERNAL = {"type": "external_select", "action_id": "zone", "min_query_length": 1}


def test_options_are_asked_for_and_only_those_can_be_chosen(
    playground: Playground, raw: RawApp, maya: Player
) -> None:
    post(playground, EXTERNAL)
    message = maya.messages("C0SOCIAL")[-1]
    ask = {"channel": "C0SOCIAL", "ts": message["ts"], "action_id": "zone", "query": "gre"}
    with maya.doing(lambda: playground.post("/play/options", **{"as": "U0MAYA"}, **ask)) as shown:
        payload = raw.answer("interactive", {"options": OPTIONS})
    assert payload["type"] == "block_suggestion"
    assert (payload["action_id"], payload["value"]) == ("zone", "gre")
    assert shown[0]["options"] == OPTIONS
    with pytest.raises(NotPossible, match="not among the options"):
        maya.click(message, "zone", selected="blue")
    assert clicked(raw, maya, "zone", selected="green")["actions"][0]["selected_option"]


@pytest.mark.parametrize(
    "answer",
    [
        {"options": [OPTIONS[0]] * 101},
        {"options": [{"text": text("a")}]},
        {"choices": []},
    ],
)
def test_options_that_slack_would_not_take(
    playground: Playground, raw: RawApp, maya: Player, answer: Json
) -> None:
    """100 at most. Source: docs.slack.dev/reference/block-kit/block-elements (select menu)."""
    post(playground, EXTERNAL)
    ts = maya.messages("C0SOCIAL")[-1]["ts"]
    ask = {"channel": "C0SOCIAL", "ts": ts, "action_id": "zone", "query": "gre"}
    with maya.doing(lambda: playground.post("/play/options", **{"as": "U0MAYA"}, **ask)) as shown:
        raw.answer("interactive", answer)
    assert shown[0]["options"] == []
    assert not shown[0]["ok"]
    assert playground.problems()


def test_too_short_a_query_is_not_asked(playground: Playground, maya: Player) -> None:
    """Source: docs.slack.dev/reference/block-kit/block-elements/select-menu-element."""
    post(playground, EXTERNAL)
    ts = maya.messages("C0SOCIAL")[-1]["ts"]
    ask = {"channel": "C0SOCIAL", "ts": ts, "action_id": "zone", "query": ""}
    assert playground.post("/play/options", **{"as": "U0MAYA"}, **ask)["options"] == []
    assert not [entry for entry in playground.log() if entry["direction"] == "in"]
