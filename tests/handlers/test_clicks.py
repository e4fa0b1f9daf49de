"""One line for each click, with an id that everything carries that is logged for it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from slack_bolt.request import BoltRequest

from handlers.clicks import ClickKind, what
from operations import log_fields
from storage import messages
from storage.messages import Kind
from tests.handlers.world import SOCIAL, World, read
from tests.logged import Logged, logged, value
from tests.player import wait_until


@pytest.mark.parametrize(
    ("body", "kind", "action"),
    [
        ({"command": "/draft", "text": "Spring"}, ClickKind.COMMAND, "/draft"),
        ({"event": {"type": "message"}}, ClickKind.EVENT, "message"),
        (
            {"type": "block_actions", "actions": [{"action_id": "review:approve"}]},
            ClickKind.CLICK,
            "review:approve",
        ),
        (
            {"type": "view_submission", "view": {"callback_id": "draft:new:submit"}},
            ClickKind.FORM,
            "draft:new:submit",
        ),
        ({"type": "shortcut", "callback_id": "draft:new"}, ClickKind.SHORTCUT, "draft:new"),
        (
            {"type": "message_action", "callback_id": "draft:from_message"},
            ClickKind.SHORTCUT,
            "draft:from_message",
        ),
        ({"type": "block_suggestion", "action_id": "desk:zones"}, ClickKind.OPTIONS, "desk:zones"),
        ({}, ClickKind.OTHER, "?"),
        ({"type": ["block_actions"]}, ClickKind.OTHER, "?"),
        ({"type": "block_actions", "actions": []}, ClickKind.CLICK, "?"),
        ({"type": "block_actions", "actions": "x"}, ClickKind.CLICK, "?"),
        ({"type": "block_actions", "actions": [3]}, ClickKind.CLICK, "?"),
        ({"type": "view_submission", "view": None}, ClickKind.FORM, "?"),
        ({"event": "message"}, ClickKind.EVENT, "?"),
        ({"command": "/draft my secret plan"}, ClickKind.COMMAND, "?"),
        ({"command": "/" + "x" * 1000}, ClickKind.COMMAND, "?"),
        ({"event": {"type": "message\n2030-01-01 ERROR"}}, ClickKind.EVENT, "?"),
    ],
)
def test_what_came_in_is_told_by_its_ids_alone(
    body: dict[str, Any], kind: ClickKind, action: str
) -> None:
    assert what(body) == (kind, action)


def answered(log: Logged, action: str) -> list[str]:
    return log.lines(f"Answered. kind={action}")


def test_a_command_is_one_line_without_what_was_typed(world: World) -> None:
    world.set_up(world.ines)
    with logged() as log:
        world.tom.command(SOCIAL, "/draft A secret campaign")
        world.tom.wait_for_view("New draft")
        (line,) = answered(log, "command action=/draft")
    assert value(line, "outcome") == "done"
    assert value(line, "user") == "U0TOM"
    assert value(line, "team") == "T0LARKFIELD"
    assert 0 <= int(value(line, "ms")) < 10_000
    assert len(value(line, "click")) == 8
    assert "secret campaign" not in log.text


def test_a_click_a_form_and_a_refusal_each_have_an_id_of_their_own(world: World) -> None:
    world.set_up(world.ines)
    with logged() as log:
        code = world.draft(world.tom, "Spring is here", send=True)
        world.kenji.click(world.channel_card(code), "Approve")
        world.told(world.kenji, SOCIAL, "approver")
        (form,) = answered(log, "form action=draft:new:submit")
        (refused,) = answered(log, "click action=review:approve")
    assert value(form, "outcome") == "done"
    assert value(refused, "outcome") == "refused"
    assert value(refused, "reason").startswith("ReviewRefusal.")
    assert value(refused, "click") != value(form, "click")
    assert "Spring" not in log.text


def test_an_id_is_forgotten_once_the_click_is_answered(world: World) -> None:
    """The thread goes on to another click, or to something that is none."""
    told = {"type": "event_callback", "team_id": "T0LARKFIELD", "event": {"type": "star_added"}}
    with logged() as log:
        for _ in range(2):
            world.app.dispatch(BoltRequest(mode="socket_mode", body=told))
            assert log_fields.now_bound() == {}
    ids = {value(line, "click") for line in answered(log, "event action=star_added")}
    assert len(ids) == 2


def test_what_is_in_a_channel_anyway_makes_no_line(world: World) -> None:
    world.set_up(world.ines)
    with logged(logging.DEBUG) as log:
        world.tom.say(SOCIAL, "Nothing for Copydesk")
        (line,) = wait_until(lambda: answered(log, "event action=message"), "it is answered")
    assert " DEBUG handlers.clicks " in line
    assert value(line, "outcome") == "ignored"
    assert "Nothing for" not in log.text


def test_who_meets_trouble_is_told_the_id_that_the_log_has(world: World) -> None:
    world.set_up(world.ines)
    with logged() as log:
        with world.store.write() as tx:
            tx.exec_driver_sql("ALTER TABLE posts RENAME TO mislaid")
        try:
            world.tom.command(SOCIAL, "/desk posts")
            said = read(world.told(world.tom, SOCIAL, "tell whoever runs Copydesk"))
        finally:
            with world.store.write() as tx:
                tx.exec_driver_sql("ALTER TABLE mislaid RENAME TO posts")
        (line,) = answered(log, "command action=/desk")
        (trouble,) = log.lines("unforeseen trouble")
    number = said.rpartition(": ")[2].rstrip(".")
    assert value(line, "click") == number
    assert value(line, "outcome") == "trouble"
    assert f" click={number}\\nTraceback" in trouble


def test_what_nobody_listens_to_is_one_line(world: World) -> None:
    with logged() as log:
        world.tom.click(world.plant(SOCIAL, "post:teleport", "1"), "Open")
        world.told(world.tom, SOCIAL, "older version")
        (line,) = answered(log, "click action=post:teleport")
    assert value(line, "outcome") == "nobody_listens"


def test_a_private_answer_on_another_thread_has_the_clicks_id(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    world.forgiven.append("fault 500")
    world.playground.fault("response_url", "500")
    world.playground.fault("chat.postEphemeral", "500")
    with logged() as log:
        world.kenji.click(card, "Approve")
        (said,) = wait_until(lambda: log.lines("a private answer was not"), "it is logged")
        (line,) = answered(log, "click action=review:approve")
    assert value(said, "click") == value(line, "click")
    world.playground.clear_faults()


def test_what_the_courier_meets_has_the_message_it_was_about(world: World) -> None:
    world.set_up(world.ines)
    world.forgiven.append("ratelimited")
    with logged() as log:
        world.playground.fault("chat.postMessage", "429", retry_after=1)
        world.tom.command(SOCIAL, "/draft Spring is here")
        world.tom.submit(world.tom.wait_for_view("New draft"))
        (line,) = wait_until(lambda: log.lines("not delivered: ratelimited"), "it is logged")
    delivery = int(value(line, "delivery"))
    with world.store.read() as tx:
        assert messages.by_id(tx, delivery).kind is Kind.DRAFT_CARD

    def is_told() -> bool:
        world.courier.wake()  # as the timer does
        return not world.is_busy()

    wait_until(is_told, "Slack is told a second later")
