"""Socket Mode's bad days: connections cut in the middle, and the same envelope delivered again."""

from __future__ import annotations

import pytest

from storage.messages import Kind, State
from tests.flows.house import SOCIAL, House
from tests.flows.launcher import Point
from tests.newsroom import at_once
from tests.player import Json, said, wait_until

AGAIN = {"retry_attempt": 1, "retry_reason": "timeout"}


@pytest.mark.parametrize("how", ["dropped", "refreshed"])
def test_a_connection_that_goes_in_the_middle_of_a_click(house: House, how: str) -> None:
    house.sent(house.desk())
    with house.bot(stops_at=Point.DECIDED) as bot:
        card = house.channel_card()
        house.check()
        house.playground.limits(ack_seconds=0.1 if how == "dropped" else 10)
        with house.ines.doing(lambda: house.ines.click(card, "Approve")) as answers:
            bot.wait_stopped()
            if how == "dropped":
                house.playground.drop_sockets()
                wait_until(lambda: house.playground.connected() == 0, "the connection is gone")
            else:
                house.playground.refresh_sockets()
            house.playground.wait_for_app()
            bot.go_on()
        assert answers[0]["ok"] is (how == "refreshed")
        house.playground.limits(ack_seconds=3)
        house.check()
        # Whoever was not answered tries again, and is told.
        assert house.ines.click(card, "Approve", revision=0)["acked"]
        house.ines.wait_for_message(SOCIAL, "You approved")
        house.check()
        assert bot.stop() == 0
    assert house.decided() == [(house.ines.id, "approve")]
    assert "1 of 2" in said(house.maya.again(card))


def test_connections_that_keep_going_while_a_desk_works(house: House) -> None:
    desk = house.desk()
    with house.bot() as bot:
        for number in range(1, 4):
            house.sent(desk, f"Post number {number}")
            card = house.channel_card(f"P-{number}")
            house.playground.drop_sockets()
            wait_until(lambda: house.playground.connected() == 0, "it is gone")
            house.playground.wait_for_app()
            house.playground.refresh_sockets()
            house.playground.wait_for_app()
            for who in (house.ines, house.kenji):
                assert who.click(card, "Approve")["acked"]
        house.check()
        assert bot.stop() == 0
    assert len(house.decided()) == 6
    assert house.states(Kind.OUTCOME) == [State.SENT] * 3


def test_a_command_again(house: House) -> None:
    house.desk()
    with house.bot():
        house.playground.wait_for_app()
        first = house.tom.command(SOCIAL, "/draft Spring in a cup")
        again = house.playground.redeliver(first["envelope_id"])
        assert again["acked"]
        assert len(house.tom.views()) == 1
        house.check()


def test_a_form_again(house: House) -> None:
    house.desk()
    with house.bot():
        house.playground.wait_for_app()
        first = house.submit_draft()
        again = house.playground.redeliver(first["envelope_id"])
        assert first["response_action"] == "clear"
        assert again["ack"] == {"response_action": "clear"}
        house.check()
    assert len(house.rows()) == 4


def test_a_click_again(house: House) -> None:
    house.sent(house.desk())
    with house.bot():
        card = house.channel_card()
        house.check()
        first = house.ines.click(card, "Approve")
        assert house.playground.redeliver(first["envelope_id"])["acked"]
        house.ines.wait_for_message(SOCIAL, "You approved")
        house.check()
    assert house.decided() == [(house.ines.id, "approve")]


def test_the_same_at_the_same_instant(house: House) -> None:
    """Who is answered how often is not to be told from envelopes with one id; what is done, is."""
    house.desk()
    with house.bot():
        house.playground.wait_for_app()
        house.playground.limits(ack_seconds=1)
        form = house.submit_draft()["envelope_id"]
        at_once(*[lambda: house.playground.redeliver(form)] * 4)
        card = house.channel_card()
        click = house.ines.click(card, "Approve")["envelope_id"]
        at_once(*[lambda: house.playground.redeliver(click)] * 4)
        house.check()
    assert len(house.rows()) == 4
    assert house.decided() == [(house.ines.id, "approve")]


def event_envelope(house: House, name: str) -> Json | None:
    """What Slack sent of the last event of this name."""
    sent = [e["detail"] for e in house.playground.log() if e["direction"] == "in"]
    events = [e for e in sent if e.get("payload", {}).get("event", {}).get("type") == name]
    return events[-1] if events else None


def test_events_again(house: House) -> None:
    with house.bot():
        house.playground.wait_for_app()
        house.tom.say(house.tom.direct(), "hello")
        house.maya.invite("C0GENERAL")
        house.check()
        for name in ("message", "member_joined_channel"):
            sent = event_envelope(house, name)
            assert sent is not None
            assert house.playground.redeliver(sent["envelope_id"], **AGAIN)["acked"]
        house.check()
    assert house.states(Kind.HELP) == house.states(Kind.WELCOME) == [State.SENT]


def test_an_event_that_failed_comes_again(house: House) -> None:
    """Slack didn't say who added the bot: the greeting is not lost by that, and it is no fault of
    the bot's own."""
    with house.bot() as bot:
        house.playground.wait_for_app()
        house.playground.limits(ack_seconds=0.5)
        house.playground.fault("users.info", "500")
        house.maya.invite("C0GENERAL")
        wait_until(lambda: any("Not ack" in p for p in house.playground.problems()), "no ack")
        assert house.rows() == []
        house.playground.limits(ack_seconds=3)
        sent = event_envelope(house, "member_joined_channel")
        assert sent is not None
        assert house.playground.redeliver(sent["envelope_id"], **AGAIN)["acked"]
        house.maya.wait_for_dm("Set up this desk")
        house.check()
    assert house.states(Kind.WELCOME) == [State.SENT]
    assert "Slack did not do as asked" in bot.log
    assert "unforeseen trouble" not in bot.log
