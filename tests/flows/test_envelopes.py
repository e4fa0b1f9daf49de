"""Bad days of the way between: connections cut in the middle, and the same payload delivered again,
late, and out of order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from storage.messages import Kind, State
from tests.flows.house import SOCIAL, House
from tests.flows.launcher import Point
from tests.newsroom import at_once
from tests.player import Json, said, wait_until

AGAIN = {"retry_attempt": 1, "retry_reason": "timeout"}


# Over HTTP there is no connection that lasts: test_kill and test_stopping cut off its requests.
sockets_only = pytest.mark.only(door="sockets")


@sockets_only
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
            house.wait_for_bots()
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


@sockets_only
def test_connections_that_keep_going_while_a_desk_works(house: House) -> None:
    desk = house.desk()
    with house.bot() as bot:
        for number in range(1, 4):
            house.sent(desk, f"Post number {number}")
            card = house.channel_card(f"P-{number}")
            house.playground.drop_sockets()
            wait_until(lambda: house.playground.connected() == 0, "it is gone")
            house.wait_for_bots()
            house.playground.refresh_sockets()
            house.wait_for_bots()
            for who in (house.ines, house.kenji):
                assert who.click(card, "Approve")["acked"]
        house.check()
        assert bot.stop() == 0
    assert len(house.decided()) == 6
    assert house.states(Kind.OUTCOME) == [State.SENT] * 3


def test_a_command_again(house: House) -> None:
    house.desk()
    with house.bot():
        house.wait_for_bots()
        first = house.tom.command(SOCIAL, "/draft Spring in a cup")
        again = house.playground.redeliver(first["envelope_id"])
        assert again["acked"]
        assert len(house.tom.views()) == 1
        house.check()


def test_a_form_again(house: House) -> None:
    house.desk()
    with house.bot():
        house.wait_for_bots()
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
        house.wait_for_bots()
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
        house.wait_for_bots()
        house.tom.say(house.tom.direct(), "hello")
        house.maya.invite("C0GENERAL")
        house.check()
        for name in ("message", "member_joined_channel"):
            sent = event_envelope(house, name)
            assert sent is not None
            assert house.playground.redeliver(sent["envelope_id"], **AGAIN)["acked"]
        told = (Kind.HELP, Kind.WELCOME)
        wait_until(lambda: set(house.states(*told)) == {State.SENT}, "both are told")
        house.check()
        assert house.states(*told) == [State.SENT] * 2


def test_an_event_that_failed_comes_again(house: House) -> None:
    """Slack didn't say who added the bot: the greeting is not lost by that, and it is no fault of
    the bot's own."""
    with house.bot() as bot:
        house.wait_for_bots()
        # The retry comes when this test says so.
        house.playground.limits(ack_seconds=0.5, event_retries=[])
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


LATE = {"retry_attempt": 3, "retry_reason": "http_timeout"}


def missed(house: House, *happenings: Callable[[], object]) -> list[str]:
    """What happens while no bot runs, and comes when this test says so: the envelopes."""
    house.playground.limits(event_retries=[])
    names = ("event member_joined_channel", "event channel_left")
    before = len(house.playground.log())
    for happen in happenings:
        happen()
    sent = [e for e in house.playground.log()[before:] if e["name"] in names]
    return [entry["detail"]["envelope_id"] for entry in sent]


def bring_late(house: House, *envelopes: str) -> None:
    house.playground.move_clock(by=timedelta(minutes=6))
    for envelope in envelopes:
        assert house.playground.redeliver(envelope, **LATE)["acked"]


def test_that_the_bot_was_removed_comes_after_it_is_back(house: House) -> None:
    desk = house.desk()
    left, joined = missed(
        house, lambda: house.maya.remove(SOCIAL), lambda: house.maya.invite(SOCIAL)
    )
    with house.bot():
        house.wait_for_bots()
        bring_late(house, joined, left)
        house.sent(desk)
        house.channel_card()
        house.check()
    assert house.states(Kind.DESK_ASLEEP) == []


def test_that_the_bot_was_added_comes_after_it_is_gone(house: House) -> None:
    joined, left = missed(
        house, lambda: house.maya.invite("C0GENERAL"), lambda: house.maya.remove("C0GENERAL")
    )
    with house.bot():
        house.wait_for_bots()
        bring_late(house, left, joined)
        house.check()
    assert house.states(Kind.WELCOME) == []
