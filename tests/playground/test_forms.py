"""Modals: opening, stacking, updating; what a submission carries and what may answer it.

Source, unless a test names another: docs.slack.dev/surfaces/modals, the pages of views.open,
views.push, views.update and views.publish under docs.slack.dev/reference/methods, and
docs.slack.dev/reference/interaction-payloads/view-interactions-payload.
"""

from typing import Any

import pytest

from tests.player import Json, NotPossible, Player, Playground
from tests.playground.raw import LINE, RawApp, button, buttons, call, field, modal, text

HOME = {"type": "home", "blocks": [{"type": "divider"}]}
OPTIONS = [{"text": text(name), "value": name.lower()} for name in ("Red", "Green")]


def show(raw: RawApp, person: Player, *blocks: Json, **more: Any) -> Json:
    view = modal(*(blocks or (LINE,)), **more)
    answer = call(raw.playground, "views.open", trigger_id=raw.trigger(person), view=view)
    assert answer["ok"], answer
    shown: Json = answer["view"]
    return shown


def submitted(
    raw: RawApp, person: Player, view: Json, values: Json, answer: Json | None = None
) -> tuple[Json, Json]:
    """The payload, and what the person is told."""
    with person.doing(lambda: person.submit(view, values)) as results:
        payload = raw.answer("interactive", answer)
    return payload, results[0]


# views.*


def test_a_form_opens_for_who_asked(raw: RawApp, maya: Player, playground: Playground) -> None:
    view = show(raw, maya, private_metadata="secret")
    assert maya.view() == view
    assert view["private_metadata"] == "secret"
    assert view["hash"]
    assert view["root_view_id"] == view["id"]
    assert playground.player("U0TOM").views() == []


def test_a_trigger_works_once(raw: RawApp, maya: Player, playground: Playground) -> None:
    trigger = raw.trigger(maya)
    assert call(playground, "views.open", trigger_id=trigger, view=modal(LINE))["ok"]
    again = call(playground, "views.open", trigger_id=trigger, view=modal(LINE))
    assert again["error"] == "exchanged_trigger_id"


def test_a_trigger_lasts_three_seconds(raw: RawApp, maya: Player, playground: Playground) -> None:
    trigger = raw.trigger(maya)
    playground.expire("triggers")
    answer = call(playground, "views.open", trigger_id=trigger, view=modal(LINE))
    assert answer["error"] == "expired_trigger_id"


@pytest.mark.parametrize(
    ("method", "args", "code"),
    [
        ("views.open", {"trigger_id": "1.2.a", "view": modal(LINE)}, "invalid_trigger_id"),
        ("views.open", {"trigger_id": "1.2.a"}, "invalid_arguments"),
        ("views.open", {"view": modal(LINE)}, "invalid_arguments"),
        ("views.update", {"view_id": "V0", "view": modal(LINE)}, "not_found"),
        ("views.update", {"view": modal(LINE)}, "invalid_arguments"),
        (
            "views.publish",
            {"user_id": "U0MAYA", "view": HOME},
            "not_enabled",
        ),
        (
            "views.publish",
            {"user_id": "U0NOBODY", "view": HOME},
            "invalid_arguments",
        ),
    ],
)
def test_refused(playground: Playground, method: str, args: Json, code: str) -> None:
    assert call(playground, method, **args)["error"] == code


def test_what_is_wrong_with_a_view_is_said(
    raw: RawApp, maya: Player, playground: Playground
) -> None:
    trigger = raw.trigger(maya)
    wrong = modal(LINE, title="x" * 25)
    answer = call(playground, "views.open", trigger_id=trigger, view=wrong)
    assert answer["error"] == "invalid_arguments"
    assert "/view/title" in answer["response_metadata"]["messages"][0]


def test_an_external_id_is_taken_once(raw: RawApp, maya: Player, playground: Playground) -> None:
    show(raw, maya, external_id="one")
    other = call(
        playground,
        "views.open",
        trigger_id=raw.trigger(playground.player("U0TOM")),
        view=modal(LINE, external_id="one"),
    )
    assert other["error"] == "duplicate_external_id"


def test_three_views_and_no_more(raw: RawApp, maya: Player, playground: Playground) -> None:
    bottom = show(raw, maya, title="1")
    answers = [
        call(playground, "views.push", trigger_id=raw.trigger(maya), view=modal(LINE, title=title))
        for title in ("2", "3", "4")
    ]
    assert [answer.get("error") for answer in answers] == [None, None, "push_limit_reached"]
    assert [view["title"]["text"] for view in maya.views()] == ["1", "2", "3"]
    assert answers[1]["view"]["root_view_id"] == bottom["id"]
    assert answers[1]["view"]["previous_view_id"] == answers[0]["view"]["id"]


def test_an_update_needs_the_right_hash(raw: RawApp, maya: Player, playground: Playground) -> None:
    view = show(raw, maya)
    update = {"view_id": view["id"], "view": modal(LINE, title="New")}
    changed = call(playground, "views.update", hash=view["hash"], **update)
    assert changed["view"]["hash"] != view["hash"]
    stale = call(playground, "views.update", hash=view["hash"], **update)
    assert stale["error"] == "hash_conflict"
    assert call(playground, "views.update", **update)["ok"], "without a hash it is not checked"


def test_a_closed_view_is_not_found(raw: RawApp, maya: Player, playground: Playground) -> None:
    view = show(raw, maya)
    maya.close(view)
    answer = call(playground, "views.update", view_id=view["id"], view=modal(LINE))
    assert answer["error"] == "not_found"


# Submitting.


def test_a_submission_holds_every_input(raw: RawApp, maya: Player) -> None:
    view = show(
        raw,
        maya,
        field("line", {"type": "plain_text_input"}),
        field("empty", {"type": "plain_text_input"}, optional=True),
        field("kept", {"type": "plain_text_input", "initial_value": "as it was"}),
        field("one", {"type": "static_select", "options": OPTIONS}),
        field("many", {"type": "checkboxes", "options": OPTIONS}, optional=True),
        field("who", {"type": "multi_users_select"}),
        field("when", {"type": "datetimepicker"}),
        private_metadata="P-1",
    )
    given = {
        "line": {"value": "Hello"},
        "one": {"value": "green"},
        "who": {"value": ["U0TOM", "U0LEA"]},
        "when": {"value": 1_900_000_000},
    }
    payload, told = submitted(raw, maya, view, given)
    assert payload["type"] == "view_submission"
    assert payload["response_urls"] == []
    assert payload["view"]["private_metadata"] == "P-1"
    values = payload["view"]["state"]["values"]
    assert {key: entry["value"] for key, entry in values.items()} == {
        "line": {"type": "plain_text_input", "value": "Hello"},
        "empty": {"type": "plain_text_input", "value": None},
        "kept": {"type": "plain_text_input", "value": "as it was"},
        "one": {"type": "static_select", "selected_option": OPTIONS[1]},
        "many": {"type": "checkboxes", "selected_options": []},
        "who": {"type": "multi_users_select", "selected_users": ["U0TOM", "U0LEA"]},
        "when": {"type": "datetimepicker", "selected_date_time": 1_900_000_000},
    }
    assert told["ok"]
    assert maya.views() == [], "an empty answer closes the form"


@pytest.mark.parametrize(
    ("element", "given", "sentence"),
    [
        ({"type": "plain_text_input"}, "", "required"),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
        ({"type": "plain_text_input"}, "x" * 3_001, "at most 3000"),
        ({"type": "plain_text_input"}, "two\nlines", "one line"),
        ({"type": "static_select", "options": OPTIONS}, "blue", "not among"),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U0TOM", "U0LEA"], "at most 1"),
        ({"type": "multi_users_select"}, [], "required"),
        ({"type": "users_select"}, "U0DORA", "nobody"),
        ({"type": "number_input", "is_decimal_allowed": False}, "x", "number"),
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "5"}, "6", "or less"),
        ({"type": "url_text_input"}, "larkfield", "link"),
        ({"type": "email_text_input"}, "larkfield", "email"),
    ],
)
def test_slacks_client_does_not_submit(
    raw: RawApp, maya: Player, element: Json, given: Any, sentence: str
) -> None:
    """Source: the elements' pages under docs.slack.dev/reference/block-kit/block-elements."""
    view = show(raw, maya, field("line", element))
    with pytest.raises(NotPossible, match=sentence):
        maya.submit(view, {"line": {"value": given}})


def test_errors_keep_the_form_and_what_was_typed(raw: RawApp, maya: Player) -> None:
    view = show(raw, maya)
    answer = {"response_action": "errors", "errors": {"line": "Too short"}}
    _, told = submitted(raw, maya, view, {"line": {"value": "Hi"}}, answer)
    assert (told["response_action"], told["errors"]) == ("errors", {"line": "Too short"})
    still = maya.view()
    assert still
    assert still["state"]["values"]["line"]["value"]["value"] == "Hi"


def test_an_update_keeps_what_was_typed_in_the_same_fields(raw: RawApp, maya: Player) -> None:
    """A field is new when its block_id is: only then does `initial_value` count."""
    view = show(raw, maya)
    changed = modal(
        field("line", {"type": "plain_text_input", "initial_value": "ignored"}),
        field("other", {"type": "plain_text_input", "initial_value": "new"}),
    )
    answer = {"response_action": "update", "view": changed}
    submitted(raw, maya, view, {"line": {"value": "typed"}}, answer)
    still = maya.view()
    assert still
    values = still["state"]["values"]
    assert values["line"]["value"]["value"] == "typed"
    assert values["other"]["value"]["value"] == "new"


def test_push_and_clear(raw: RawApp, maya: Player) -> None:
    view = show(raw, maya, title="1")
    pushed = {"response_action": "push", "view": modal(LINE, title="2")}
    submitted(raw, maya, view, {"line": {"value": "a"}}, pushed)
    assert [shown["title"]["text"] for shown in maya.views()] == ["1", "2"]
    with pytest.raises(NotPossible, match="not on top"):
        maya.submit(view, {"line": {"value": "a"}})
    top = maya.wait_for_view("2")
    submitted(raw, maya, top, {"line": {"value": "a"}}, {"response_action": "clear"})
    assert maya.views() == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "Wrong"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"line": ""}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "push"},
        {"response_action": "explode"},
        {"text": "Thanks"},
    ],
)
def test_an_answer_slack_cannot_follow_is_trouble(
    raw: RawApp, maya: Player, playground: Playground, answer: Json
) -> None:
    view = show(raw, maya)
    _, told = submitted(raw, maya, view, {"line": {"value": "a"}}, answer)
    assert not told["ok"]
    assert "trouble connecting" in told["error"]
    assert maya.view(), "the form stays"
    assert playground.problems()


def test_no_answer_is_trouble(raw: RawApp, maya: Player, playground: Playground) -> None:
    view = show(raw, maya)
    playground.limits(ack_seconds=0.05)
    told = maya.submit(view, {"line": {"value": "a"}})
    assert (told["ok"], told["acked"]) == (False, False)
    assert maya.view(), "the form stays"


# Clicks in a form, closing.


def test_a_click_in_a_form_carries_what_was_typed(raw: RawApp, maya: Player) -> None:
    view = show(raw, maya, LINE, buttons(button("Add", "add", value="1")))
    typed = {"line": {"value": "so far"}}
    with maya.doing(lambda: maya.click_view(view, "Add", values=typed)):
        payload = raw.answer("interactive")
    assert payload["type"] == "block_actions"
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert "channel" not in payload
    assert "response_url" not in payload
    assert payload["view"]["state"]["values"]["line"]["value"]["value"] == "so far"
    assert payload["actions"][0]["value"] == "1"


def test_closing_is_told_where_it_was_asked_for(raw: RawApp, maya: Player) -> None:
    maya.close(show(raw, maya))
    maya.close(show(raw, maya, notify_on_close=True))
    payload = raw.answer("interactive")
    assert payload["type"] == "view_closed"
    assert payload["is_cleared"] is False


# The Home tab.


def test_a_home_tab_is_shown_to_its_person(home_playground: Playground) -> None:
    """Source: docs.slack.dev/surfaces/app-home, docs.slack.dev/reference/events/app_home_opened."""
    maya = home_playground.player("U0MAYA")
    assert maya.open_home() is None
    view: Json = {"type": "home", "blocks": [buttons(button("Go", "go"))]}
    answer = call(home_playground, "views.publish", user_id="U0MAYA", view=view)
    assert answer["ok"], answer
    home = maya.open_home()
    assert home
    with RawApp(home_playground) as raw:
        with maya.doing(lambda: maya.click_view(home, "Go")):
            payload = raw.answer("interactive")
        assert payload["view"]["type"] == "home"
        maya.open_home()
        assert raw.event()["tab"] == "home"
    stale = call(home_playground, "views.publish", hash="old", user_id="U0MAYA", view=view)
    assert stale["error"] == "hash_conflict"
