"""SIGTERM: whoever clicked is answered, and what was on its way arrives once."""

from __future__ import annotations

import signal

import pytest

from storage.messages import State
from tests.bot_process import BotProcess
from tests.flows.house import SOCIAL, House
from tests.flows.launcher import Bot, Pace, Point
from tests.player import said, wait_until


def ask_to_stop(bot: Bot) -> None:
    bot.signal(signal.SIGTERM)
    wait_until(lambda: "Stopping" in bot.log, "the bot has heard it")


def test_a_running_click_is_answered(house: House) -> None:
    house.sent(house.desk())
    with house.bot(stops_at=Point.DECIDED) as bot:
        card = house.channel_card()
        house.check()
        with house.ines.doing(lambda: house.ines.click(card, "Approve")) as answers:
            bot.wait_stopped()
            ask_to_stop(bot)
            bot.go_on()
            assert bot.wait() == 0
        assert answers[0]["acked"]
        assert answers[0]["error"] is None
    assert house.decided() == [(house.ines.id, "approve")]
    with house.bot():
        house.check()
    assert "1 of 2" in said(house.maya.again(card))
    assert house.problems() == []


@pytest.mark.parametrize("answers", [True, False], ids=["answered", "never-answered"])
def test_messages_on_their_way(house: House, answers: bool) -> None:
    """Slack has done it, and its answer comes while the bot stops, or not at all."""
    house.desk()
    house.hold("chat.postMessage", "after", 4)
    with house.bot(pace=Pace(courier_timeout=4)) as bot:
        house.wait_for_bots()
        assert house.submit_draft()["acked"]
        house.wait_held(4)
        ask_to_stop(bot)
        if answers:
            house.playground.release()
        assert bot.wait() == 0
    house.playground.release()
    assert house.states() == [State.SENT if answers else State.SENDING] * 4
    house.let_leases_run_out()
    with house.bot():
        house.check()
    assert house.states() == [State.SENT] * 4
    assert len(house.playground.calls("chat.postMessage")) == 4


@pytest.mark.only(database="postgresql", door="sockets")
def test_what_it_would_not_take_any_more_goes_to_another(house: House) -> None:
    """While a private answer is on its way and everything else is done."""
    house.desk()
    with house.bot(stops_at=Point.ANSWERING) as ending:
        house.wait_for_bots()
        assert house.submit_draft()["acked"]
        ending.wait_stopped()
        house.check()
        with house.bot() as other:
            house.wait_for_bots(2)
            ask_to_stop(ending)
            wait_until(lambda: house.playground.connected() == 1, "it has left")
            for _ in range(4):
                assert house.tom.command(SOCIAL, "/desk")["acked"]
            assert ending.process.is_alive()
            ending.go_on()
            assert ending.wait() == 0
            house.tom.wait_for_message(SOCIAL, "is sent for approval")
            assert other.stop() == 0
    assert house.problems() == []


@pytest.mark.only(database="sqlite", door="sockets")
def test_a_connection_that_is_made_too_late_is_let_go_of(house: House) -> None:
    def came() -> int:
        return sum(entry["name"] == "connected" for entry in house.playground.log())

    house.desk()
    with house.bot(stops_at=Point.ANSWERING) as bot:
        house.wait_for_bots()
        assert house.submit_draft()["acked"]
        bot.wait_stopped()
        house.check()
        house.playground.hold("apps.connections.open", "before")
        house.playground.refresh_sockets(warning_seconds=30)
        house.playground.wait_for_held()
        ask_to_stop(bot)
        wait_until(lambda: house.playground.connected() == 0, "it has left")
        house.playground.release()
        wait_until(lambda: came() == 2, "the new connection")
        wait_until(lambda: house.playground.connected() == 0, "it has left again")
        assert bot.process.is_alive()
        bot.go_on()
        assert bot.wait() == 0


def test_as_a_person_starts_and_stops_it(house: House) -> None:
    """`python -m bot` itself, at its own pace, from the first command to the approval."""
    with BotProcess(house.folder, house.settings()) as bot:
        house.wait_for_bots()
        house.maya.command(SOCIAL, "/desk setup")
        form = house.maya.wait_for_view("Set up this desk")
        values = {
            "approvers": {"approvers": [house.ines.id, house.kenji.id]},
            "need": {"need": "all"},
            "networks": {"networks": ["linkedin"]},
        }
        assert house.maya.submit(form, values)["acked"]
        assert house.submit_draft()["acked"]
        card = house.channel_card()
        assert house.ines.click(card, "Approve")["acked"]
        assert house.kenji.click(house.kenji.wait_for_dm("P-1"), "Approve")["acked"]
        house.check()
        assert "Kenji Sato approved" in said(house.maya.again(card))
        assert bot.stop() == 0
    assert "Traceback" not in bot.stderr
    assert house.problems() == []
