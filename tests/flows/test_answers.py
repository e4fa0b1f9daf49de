"""A click is answered whatever Slack does to the calls it needs. All about Slack: one database will
do.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.flows.faults import FAULTS, HASTY, SLOW, all_met
from tests.flows.house import SOCIAL, House
from tests.player import Json, said, wait_until

pytestmark = pytest.mark.only(database="sqlite")


def test_a_form_that_cannot_be_opened(house: House) -> None:
    house.desk()
    with house.bot(pace=HASTY):
        house.wait_for_bots()
        for fault in [*FAULTS, SLOW]:
            house.playground.fault("views.open", **fault)
            answer = house.tom.command(SOCIAL, "/draft Spring in a cup")
            assert answer["error"] is None, fault
            assert "Slack did not answer" in answer["ack"]["text"], fault
            for view in house.tom.views():
                house.tom.close(view)
        house.tom.command(SOCIAL, "/draft Spring in a cup")
        house.tom.wait_for_view("New draft")
    assert all_met(house)
    assert house.rows() == []


def told(house: House) -> list[Json]:
    """What Ines was told for her eyes only."""
    return [m for m in house.ines.messages(SOCIAL) if m["ephemeral"]]


def test_a_person_that_slack_does_not_tell_about(house: House) -> None:
    house.sent(house.desk())
    faults = [*FAULTS, SLOW]
    with house.bot(pace=HASTY):
        card = house.channel_card()
        house.check()
        house.person(house.ines, seen=timedelta(days=1))
        for number, fault in enumerate(faults, 1):
            house.playground.fault("users.info", **fault)
            assert house.ines.click(card, "Approve")["error"] is None, fault
            wait_until(lambda: len(told(house)) == number, f"she is told, with {fault}")  # noqa: B023
            assert "Slack did not answer" in said(told(house)[-1])
        assert house.decided() == []
        assert house.ines.click(card, "Approve")["acked"]
        house.check()
    assert all_met(house)
    assert len(house.decided()) == 1


def test_an_answer_that_fails_never_fails_the_click(house: House) -> None:
    house.sent(house.desk())
    with house.bot(pace=HASTY) as bot:
        card = house.channel_card()
        house.check()
        for fault in [*FAULTS, SLOW]:
            house.playground.fault("response_url", **fault)
            before = len(house.playground.log())
            # Maya may not approve: what she is told is all that happens.
            assert house.maya.click(card, "Approve")["error"] is None, fault
            wait_until(lambda: all_met(house), "it was tried")
            acks = [e for e in house.playground.log(before) if e["name"].startswith("ack")]
            assert acks[0]["detail"]["seconds"] < SLOW["seconds"], "the click waited for its answer"
        assert house.maya.click(card, "Approve")["acked"]
        house.maya.wait_for_message(SOCIAL, "Only the approvers")
        assert bot.stop() == 0
    assert house.decided() == []


def test_what_was_done_in_a_view_is_not_denied(house: House) -> None:
    house.sent(house.desk())
    with house.bot(pace=HASTY):
        card = house.channel_card()
        house.check()
        house.playground.fault("views.update", "500")
        house.ines.click(card, "Open")
        opened = house.ines.wait_for_view()
        assert house.ines.click_view(opened, "Approve")["error"] is None
        wait_until(lambda: "It is done" in said(house.ines.view() or {}), "she is told so")
        house.check()
    assert house.decided() == [(house.ines.id, "approve")]


def test_the_first_click_asks_slack_nothing(house: House) -> None:
    """Bolt would ask who we are; the check at start knows."""
    house.sent(house.desk())
    with house.bot():
        card = house.channel_card()
        house.check()
        house.playground.fault("auth.test", "500", count=9)
        assert house.ines.click(card, "Approve")["acked"]
        house.check()
    assert len(house.playground.calls("auth.test")) == 1
    assert len(house.decided()) == 1
