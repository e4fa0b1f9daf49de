"""Buttons and forms of another version of ours: always answered, never a silence."""

from typing import Any

import pytest
from slack_bolt import Ack

from tests.handlers.world import SOCIAL, World, read
from tests.player import Json, wait_until

OLDER = "This is from an older version of Copydesk. Type /desk to go on from there."


def test_a_button_in_a_message(world: World) -> None:
    world.tom.click(world.plant(SOCIAL, "post:teleport", "1"), "Open")
    world.told(world.tom, SOCIAL, OLDER)


def test_a_button_whose_value_means_nothing_now(world: World) -> None:
    actions = ["send", "approve", "request_changes", "reject", "undo"]
    wanted = [f"review:{action}" for action in actions]
    wanted += ["post:open", "post:history", "post:publish", "draft:edit"]
    values = ("x", "1:2:3", "-1", "٣", "9" * 30, "1; DROP TABLE posts")
    for action in wanted:
        for value in values:
            world.tom.click(world.plant(SOCIAL, action, value), "Open")

    def answers() -> list[str]:
        return [read(m) for m in world.tom.messages(SOCIAL) if m["ephemeral"]]

    wait_until(lambda: len(answers()) == len(wanted) * len(values), "every click is answered")
    assert set(answers()) == {OLDER}


def test_a_channel_that_is_not_there(world: World) -> None:
    world.forgiven.append("channel_not_found")
    for action in ("desk:setup", "desk:settings", "draft:new"):
        world.tom.click(world.plant(SOCIAL, action, "C0NOWHERE"), "Open")
    world.told(world.tom, SOCIAL, "Copydesk isn't in this channel yet")
    world.told(world.tom, SOCIAL, "This channel has no desk yet.")


def open_view(world: World, view: Json) -> Json:
    """A view that is open on somebody's screen when another version of the bot starts."""

    @world.app.action("test:open")
    def _(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        world.client.views_open(trigger_id=body["trigger_id"], view=view)

    listeners = world.app._listeners
    listeners.insert(0, listeners.pop())  # before ours, which hears everything
    world.tom.click(world.plant(SOCIAL, "test:open", "1"), "Open")
    return world.tom.wait_for_view("Old")


def old_view(*blocks: Json) -> Json:
    title = {"type": "plain_text", "text": "Old"}
    submit = {"type": "plain_text", "text": "Save"}
    return {
        "type": "modal",
        "callback_id": "draft:ancient:submit",
        "title": title,
        "submit": submit,
        "blocks": list(blocks),
    }


def test_a_form(world: World) -> None:
    element = {"type": "plain_text_input", "action_id": "a"}
    label = {"type": "plain_text", "text": "Text"}
    form = open_view(
        world, old_view({"type": "input", "block_id": "b", "label": label, "element": element})
    )
    world.tom.submit(form, {"b": {"a": "What I typed"}})
    world.noted(world.tom, OLDER)


def test_a_button_in_a_view(world: World) -> None:
    text = {"type": "plain_text", "text": "Go"}
    button = {"type": "button", "text": text, "action_id": "post:teleport", "value": "1"}
    form = open_view(world, old_view({"type": "actions", "elements": [button]}))
    world.tom.click_view(form, "Go")
    world.noted(world.tom, OLDER)


def test_a_searchable_select_finds_nothing(world: World) -> None:
    label = {"type": "plain_text", "text": "Planet"}
    select = {"type": "external_select", "action_id": "desk:planets", "min_query_length": 1}
    form = open_view(world, old_view({"type": "input", "label": label, "element": select}))
    assert world.tom.options(form, "desk:planets", "mars") == []


def test_trouble_nobody_foresaw_is_a_number_to_tell(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("handlers.desks.listeners.desks.find", broken)
    done = world.tom.command(SOCIAL, "/desk")
    assert "Something went wrong on our side" in read(done["ack"])
    assert "tell whoever runs Copydesk this number" in read(done["ack"])
    world.tom.click(world.plant(SOCIAL, "draft:new", SOCIAL), "Open")
    world.told(world.tom, SOCIAL, "Something went wrong on our side")
    wait_until(lambda: world.tom.view() is None, "no form is open")
