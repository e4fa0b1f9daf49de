"""Several at once: approvers in the same instant, clicks that come too late, several bots."""

from __future__ import annotations

import pytest

from rules.desks import Need
from storage.messages import Kind, State
from tests.flows.house import House
from tests.flows.launcher import Pace, Point
from tests.newsroom import at_once
from tests.player import Json, Player, said, wait_until

SOCIAL = "C0SOCIAL"


def answers(who: Player) -> list[str]:
    """What somebody was answered in #social, for their eyes only."""
    return [said(m) for m in who.messages(SOCIAL) if m["ephemeral"]]


def click_at_once(house: House, cards: list[tuple[Player, Json, str]]) -> list[Json]:
    done = at_once(*[lambda c=card: c[0].click(c[1], c[2]) for card in cards])
    results = [result for result in done if isinstance(result, dict)]
    assert all(result["acked"] and not result["error"] for result in results)
    return results


def test_all_of_them_at_the_same_instant_all_count(house: House) -> None:
    desk = house.desk(Need.ALL)
    for number in range(1, 4):
        house.sent(desk, f"Post number {number}")
    with house.bot():
        cards = [house.channel_card(f"P-{number}") for number in range(1, 4)]
        house.check()
        for card in cards:
            click_at_once(house, [(house.ines, card, "Approve"), (house.kenji, card, "Approve")])
        house.check()
        assert sorted(house.decided()) == [
            *[(house.ines.id, "approve")] * 3,
            *[(house.kenji.id, "approve")] * 3,
        ]
        for card in cards:
            assert "Approve" not in str(house.maya.again(card)["blocks"][-1].get("elements"))
            assert "approved version 1" in said(house.maya.again(card)).lower()
        assert answers(house.ines) == answers(house.kenji) == []
        assert len(house.rows(Kind.OUTCOME)) == 3


def test_any_one_of_them_at_the_same_instant_is_one_outcome(house: House) -> None:
    desk = house.desk(Need.ANY)
    for number in range(1, 4):
        house.sent(desk, f"Post number {number}")
    with house.bot():
        cards = [house.channel_card(f"P-{number}") for number in range(1, 4)]
        house.check()
        for card in cards:
            click_at_once(house, [(house.ines, card, "Approve"), (house.kenji, card, "Approve")])

        def told() -> int:
            return len(answers(house.ines)) + len(answers(house.kenji))

        wait_until(lambda: told() == 3, "who was second is told why")
        house.check()
    assert len(house.decided()) == 3
    for text in answers(house.ines) + answers(house.kenji):
        assert "nothing left to decide" in text
    assert house.states(Kind.OUTCOME) == [State.SENT] * 3


def test_clicks_that_come_too_late(house: House) -> None:
    """A second click, a click on an older version's card, a click after the end."""
    house.sent(house.desk(Need.ANY))
    with house.bot():
        first = house.channel_card()
        direct = house.tom.wait_for_dm("P-1")
        house.check()
        house.tom.click(house.tom.again(direct), "Edit")
        form = house.tom.wait_for_view("Edit P-1")
        new = {"text": {"text": "Summer in a cup"}, "when_saved": {"when_saved": "send"}}
        assert house.tom.submit(form, new)["acked"]
        house.check()
        # The card as it was on somebody's screen before the edit.
        assert house.ines.click(first, "Approve", revision=0)["acked"]
        wait_until(lambda: len(answers(house.ines)) == 1, "she is told that it was edited")
        assert house.decided() == []

        second = house.channel_card("Summer in a cup")
        assert house.ines.click(second, "Approve")["acked"]
        assert house.ines.click(second, "Approve", revision=0)["acked"]
        wait_until(lambda: "You approved" in answers(house.ines)[-1], "her second click")
        assert house.kenji.click(second, "Reject", revision=0)["acked"]
        wait_until(lambda: len(answers(house.kenji)) == 1, "his click after the end")
        assert house.kenji.view() is None
        house.check()
    assert house.decided() == [(house.ines.id, "approve")]


on_postgresql = pytest.mark.only(database="postgresql")


@on_postgresql
def test_three_bots_tell_each_thing_once(house: House) -> None:
    desk = house.desk(Need.ALL)
    with house.bot() as one, house.bot() as two, house.bot() as three:
        house.wait_for_bots(3)
        for number in range(1, 6):
            house.sent(desk, f"Post number {number}")
        cards = [house.channel_card(f"P-{number}") for number in range(1, 6)]
        for card in cards:
            click_at_once(house, [(house.ines, card, "Approve"), (house.kenji, card, "Approve")])
        house.check()
        assert len(house.decided()) == 10
        assert set(house.states()) == {State.SENT}
        assert len(house.rows()) == 5 * 5
        assert [bot.stop() for bot in (one, two, three)] == [0, 0, 0]


@on_postgresql
@pytest.mark.parametrize("cards_are_there", [False, True], ids=["posting", "drawing"])
def test_a_bot_that_slept_past_its_lease_says_nothing_more(
    house: House, cards_are_there: bool
) -> None:
    """What it had in hand was taken over by another one meanwhile."""
    desk = house.desk(Need.ALL)
    if cards_are_there:
        house.sent(desk)
        with house.bot():
            card = house.channel_card()
            house.check()
    with house.bot(stops_at=Point.DRAWN, pace=Pace(lease=2, courier_timeout=1)) as asleep:
        house.wait_for_bots()
        if cards_are_there:
            assert house.ines.click(card, "Approve")["acked"]
        else:
            house.sent(desk)
        asleep.wait_stopped(4)
        with house.bot():
            house.wait_for_bots(2)
            if cards_are_there:
                assert house.kenji.click(card, "Approve")["acked"]
            house.check()
            told = len(house.told_slack())
            asleep.go_on()
            assert asleep.stop() == 0
            house.check()
            assert len(house.told_slack()) == told


@pytest.mark.only(database="postgresql", door="http")
def test_two_take_what_people_do_and_a_worker_does_the_rest(house: House) -> None:
    desk = house.desk(Need.ALL)
    with house.worker() as worker:
        house.sent(desk)
        card = house.channel_card()
        # The two at the door come to tell nothing themselves.
        idle = Point.UNCLAIMED
        with house.bot(stops_at=idle) as one, house.bot(stops_at=idle) as two:
            house.wait_for_bots(2)
            for bot in (one, two):
                bot.wait_stopped()
            for who in (house.ines, house.kenji):
                assert who.click(card, "Approve")["acked"]
            house.check()
            assert worker.stop() == 0
            assert house.tom.command(SOCIAL, "/desk")["acked"]
    assert len(house.decided()) == 2
    assert "Approved" in said(house.maya.again(card))
