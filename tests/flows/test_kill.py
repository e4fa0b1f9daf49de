"""kill -9 at each named point, then a restart: nothing is lost, nothing is told twice."""

from __future__ import annotations

import signal

import pytest

from storage.messages import Kind, State
from tests.flows.house import House
from tests.flows.launcher import Point
from tests.player import said, wait_until

# A post that is sent for approval at once: its own card, the channel's, and one for each approver.
CARDS = 4


def test_after_the_commit_before_the_answer(house: House) -> None:
    house.desk()
    with house.bot(stops_at=Point.CREATED) as bot:
        house.wait_for_bots()
        house.tom.command("C0SOCIAL", "/draft Spring in a cup")
        form = house.tom.wait_for_view("New draft")
        values = {"when_saved": {"when_saved": "send"}}
        with house.tom.doing(lambda: house.tom.submit(form, values)) as answers:
            bot.wait_stopped()
            bot.kill()
        assert bot.wait() == -signal.SIGKILL
        assert answers[0]["error"]
    house.let_leases_run_out()
    with house.bot():
        house.wait_for_bots()
        # Nobody told Tom that it was saved, so he tries again.
        again = house.tom.submit(form, values)
        assert again["acked"]
        house.check()
        assert house.states() == [State.SENT] * CARDS


def test_a_decision_whose_answer_was_lost_stands(house: House) -> None:
    review = house.sent(house.desk())
    with house.bot(stops_at=Point.DECIDED) as bot:
        card = house.channel_card()
        house.check()
        with house.ines.doing(lambda: house.ines.click(card, "Approve")) as answers:
            bot.wait_stopped()
            bot.kill()
        assert answers[0]["error"]
    house.let_leases_run_out()
    with house.bot():
        house.wait_for_bots()
        assert house.ines.click(card, "Approve")["acked"]
        house.ines.wait_for_message("C0SOCIAL", "You approved")
        house.check()
    assert house.decided() == [(house.ines.id, "approve")]
    assert "1 of 2" in said(house.maya.again(card))
    assert house.row(f"review:{review.id}:channel").state == State.SENT


def test_after_the_answer_before_the_courier(house: House) -> None:
    house.sent(house.desk())
    with house.bot():
        card = house.channel_card()
        house.check()
    with house.bot(stops_at=Point.UNCLAIMED) as bot:
        house.wait_for_bots()
        assert house.ines.click(card, "Approve")["acked"]
        bot.wait_stopped()
        bot.kill()
    with house.bot():
        house.check()
    assert house.decided() == [(house.ines.id, "approve")]
    assert "1 of 2" in said(house.maya.again(card))


@pytest.mark.parametrize("may_read", [True, False], ids=["history", "no-history"])
@pytest.mark.parametrize("at", ["claimed", "requested", "accepted", "replied"])
def test_while_messages_are_on_their_way(house: House, at: str, may_read: bool) -> None:
    """All of a new post's cards are at the same point when the bot is killed."""
    house.desk()
    if not may_read:
        house.without_history()
    points = {"claimed": Point.CLAIMED, "replied": Point.REPLIED}
    with house.bot(stops_at=points.get(at)) as bot:
        house.wait_for_bots()
        if at in points:
            assert house.submit_draft()["acked"]
            bot.wait_stopped(CARDS)
        else:
            side = "before" if at == "requested" else "after"
            house.hold("chat.postMessage", side, CARDS)
            assert house.submit_draft()["acked"]
            house.wait_held(CARDS)
        bot.kill()
        house.playground.release()
    if at != "claimed":
        wait_until(lambda: len(house.playground.calls("chat.postMessage")) == CARDS, "Slack did it")
    house.let_leases_run_out()
    with house.bot():
        house.check()
        cards = house.rows(Kind.DRAFT_CARD, Kind.CHANNEL_CARD, Kind.APPROVER_CARD)
        states = {row.key: row.state for row in cards}
        in_channel = "review:1:channel"
        if may_read:
            assert set(states.values()) == {State.SENT}
            assert len(house.in_channel()) == 1
            assert house.troubles() == []
        else:
            # Direct messages may always be read.
            assert {k for k, s in states.items() if s != State.SENT} == {in_channel}
            assert states[in_channel] == State.UNKNOWN
            assert len(house.in_channel()) == (0 if at == "claimed" else 1)
            assert len(house.troubles()) == 1
            assert "may not have reached" in house.troubles()[0]


def test_what_was_decided_while_nobody_knew_of_the_card_is_drawn(house: House) -> None:
    """The card found in Slack shows an older state than the record."""
    house.desk()
    with house.bot() as bot:
        house.wait_for_bots()
        house.hold("chat.postMessage", "after", CARDS)
        assert house.submit_draft()["acked"]
        house.wait_held(CARDS)
        # Everybody sees the cards already, the bot has read no reply yet.
        card = house.channel_card()
        assert house.ines.click(card, "Approve")["acked"]
        bot.kill()
        house.playground.release()
    house.let_leases_run_out()
    with house.bot():
        house.check()
    assert "1 of 2" in said(house.maya.again(card))
    assert len(house.playground.calls("chat.postMessage")) == CARDS


def test_killed_again_while_finding_out(house: House) -> None:
    """The second bot finds the messages in Slack, and is killed before it has noted that."""
    house.desk()
    with house.bot() as bot:
        house.wait_for_bots()
        house.hold("chat.postMessage", "after", CARDS)
        assert house.submit_draft()["acked"]
        house.wait_held(CARDS)
        bot.kill()
        house.playground.release()
    for _ in range(2):
        house.let_leases_run_out()
        with house.bot(stops_at=Point.REPLIED) as bot:
            bot.wait_stopped(CARDS)
            bot.kill()
    house.let_leases_run_out()
    with house.bot():
        house.check()
    assert house.states() == [State.SENT] * CARDS
    assert len(house.playground.calls("chat.postMessage")) == CARDS


@pytest.mark.parametrize("at", ["before", "after", "noted"])
def test_while_cards_are_drawn_anew(house: House, at: str) -> None:
    house.sent(house.desk())
    with house.bot():
        card = house.channel_card()
        house.check()
    with house.bot(stops_at=Point.UPDATED if at == "noted" else None) as bot:
        house.wait_for_bots()
        if at != "noted":
            house.hold("chat.update", at, CARDS)
        assert house.ines.click(card, "Approve")["acked"]
        if at == "noted":
            bot.wait_stopped(CARDS)
        else:
            house.wait_held(CARDS)
        bot.kill()
        house.playground.release()
    house.let_leases_run_out()
    with house.bot():
        house.check()
    assert "1 of 2" in said(house.maya.again(card))
    assert house.states() == [State.SENT] * CARDS
    assert len(house.playground.calls("chat.postMessage")) == CARDS
