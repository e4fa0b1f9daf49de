"""Slack's bad days: whatever a call of the courier's meets, each thing is told once."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from operations import reviews
from rules.reviews import Review, Verdict
from storage.messages import Kind, State
from tests.flows.faults import FAULTS, HASTY, all_met, order
from tests.flows.house import House
from tests.flows.launcher import Pace, Point
from tests.player import Json, said, wait_until


def test_posting(house: House) -> None:
    """Two of each fault, among the twelve first tries."""
    desk = house.desk()
    order(house, "chat.postMessage", count=2)
    with house.bot(pace=HASTY):
        for number in range(3):
            house.sent(desk, f"Post number {number}")
        house.check()
    assert all_met(house)
    assert house.states() == [State.SENT] * 12


def test_posting_without_the_history_scopes(house: House) -> None:
    """What certainly did not happen is tried again; of the rest the manager is told, once each."""
    desk = house.desk()
    house.without_history()
    order(house, "chat.postMessage", count=2)
    with house.bot(pace=HASTY):
        for number in range(3):
            house.sent(desk, f"Post number {number}")
        house.check()
    assert all_met(house)
    lost = house.states(Kind.CHANNEL_CARD).count(State.UNKNOWN)
    assert set(house.states(Kind.DRAFT_CARD, Kind.APPROVER_CARD)) == {State.SENT}
    assert len(house.troubles()) == lost


@pytest.mark.parametrize("may_read", [True, False], ids=["history", "no-history"])
def test_posting_when_slack_is_slow(house: House, may_read: bool) -> None:
    """We have hung up long before Slack does it."""
    desk = house.desk()
    if not may_read:
        house.without_history()
    house.hold("chat.postMessage", "before", 4)
    with house.bot(pace=Pace(courier_timeout=0.5, settle=2)):
        house.sent(desk)
        house.wait_held(4)
        wait_until(lambda: all(row.error for row in house.rows()), "the bot has hung up")
        house.playground.release()
        house.check()
    assert len(house.in_channel()) == 1
    assert house.row("review:1:channel").state == (State.SENT if may_read else State.UNKNOWN)
    assert len(house.troubles()) == (0 if may_read else 1)


def approved(house: House, review: Review) -> None:
    ines = house.person(house.ines)
    reviews.decide(house.store, ines, review.id, Verdict.APPROVE, "", datetime.now(UTC))


def test_changing(house: House) -> None:
    desk = house.desk()
    with house.bot(pace=HASTY):
        sent = [house.sent(desk, f"Post number {number}") for number in range(3)]
        house.check()
        order(house, "chat.update")
        for review in sent:
            approved(house, review)
        house.check()
    assert all_met(house)
    assert len(house.playground.calls("chat.postMessage")) == 12
    for number in range(1, 4):
        assert "1 of 2" in said(house.channel_card(f"P-{number}"))


def test_changing_when_slack_is_slow(house: House) -> None:
    """An older state that arrives late is drawn over."""
    desk = house.desk()
    with house.bot(pace=Pace(courier_timeout=0.5)):
        review = house.sent(desk)
        house.check()
        house.hold("chat.update", "before", 4)
        approved(house, review)
        house.wait_held(4)
        kenji = house.person(house.kenji)
        reviews.decide(house.store, kenji, review.id, Verdict.APPROVE, "", datetime.now(UTC))
        cards = (Kind.DRAFT_CARD, Kind.CHANNEL_CARD, Kind.APPROVER_CARD)
        wait_until(lambda: all(row.error for row in house.rows(*cards)), "the bot has hung up")
        house.playground.release()
        house.check()


def test_changing_again_while_slack_is_slow(house: House) -> None:
    """What Slack does after we have hung up doesn't come after the newer state."""
    desk = house.desk()
    with house.bot(pace=Pace(courier_timeout=0.5, settle=2)):
        review = house.sent(desk)
        house.check()
        house.playground.fault("chat.update", "slow", count=4, seconds=1.2)
        began = time.monotonic()
        approved(house, review)
        cards = (Kind.DRAFT_CARD, Kind.CHANNEL_CARD, Kind.APPROVER_CARD)
        wait_until(lambda: all(row.error for row in house.rows(*cards)), "the bot has hung up")
        kenji = house.person(house.kenji)
        reviews.decide(house.store, kenji, review.id, Verdict.APPROVE, "", datetime.now(UTC))
        wait_until(lambda: time.monotonic() > began + 2.5, "Slack has done the slow ones")
        house.check()


def test_retry_after_is_for_one_method(house: House) -> None:
    desk = house.desk()
    seconds = 3
    with house.bot():
        review = house.sent(desk)
        house.check()
        house.playground.fault("chat.postMessage", "429", retry_after=seconds)
        house.sent(desk, "Another")

        def refused() -> list[Json]:
            return [c for c in house.playground.calls("chat.postMessage") if not c["ok"]]

        since = wait_until(refused, "Slack asks for patience")[0]["at"]
        # Whatever was under way at that instant is allowed to arrive.
        wait_until(lambda: not any(r.holder for r in house.rows()), "nothing is on its way")
        house.sent(desk, "A third")
        approved(house, review)
        house.check()
    posted = [c["at"] for c in house.playground.calls("chat.postMessage") if c["ok"]]
    third = [c for c in house.playground.calls("chat.postMessage") if "A third" in str(c["args"])]
    updated = [c["at"] for c in house.playground.calls("chat.update")]
    assert len(posted) == 12
    assert len(third) == 4
    assert all(call["at"] >= since + seconds for call in third)
    assert min(updated) < since + seconds


def test_looking_up(house: House) -> None:
    """Four messages whose replies are lost, and looking for them fails in every way too."""
    desk = house.desk()
    house.playground.fault("chat.postMessage", "lost_reply", count=4)
    for method in ("conversations.open", "conversations.history"):
        for fault in FAULTS:
            house.playground.fault(method, **fault)
    with house.bot(pace=HASTY):
        house.sent(desk)
        house.check()
    assert all_met(house)
    assert house.states() == [State.SENT] * 4
    assert len(house.playground.calls("chat.postMessage")) == 4


def test_asking_about_people_before_writing_to_them(house: House) -> None:
    """A question that failed is no doubt about the message. After a 429 nothing is asked for a
    while, and the messages go by what is known, so it comes last."""
    desk = house.desk()
    house.sent(desk)
    house.without_history()
    for who in (house.tom, house.ines, house.kenji):
        house.person(who, seen=timedelta(days=1))
    for fault in sorted(FAULTS, key=lambda fault: fault["kind"] == "429"):
        house.playground.fault("users.info", **fault)
    with house.bot(pace=HASTY):
        house.check()
    assert all_met(house)
    assert house.states() == [State.SENT] * 4
    assert house.playground.calls("conversations.history") == []


def test_a_lost_token_loses_nothing(house: House) -> None:
    desk = house.desk()
    with house.bot():
        house.wait_for_bots()
        house.playground.revoke_tokens()
        house.sent(desk)
        wait_until(lambda: all(row.error for row in house.rows()), "it was tried")
        house.playground.revoke_tokens(False)
        house.check()
    assert house.states() == [State.SENT] * 4


def test_a_card_that_cannot_be_drawn_was_not_sent(house: House) -> None:
    desk = house.desk()
    house.without_history()
    with house.bot(fails_at=Point.CLAIMED):
        house.sent(desk)
        house.check()
    assert house.states() == [State.SENT] * 4
    assert house.playground.calls("conversations.history") == []


def test_a_database_that_fails_when_slack_has_done_it(house: House) -> None:
    desk = house.desk()
    with house.bot(fails_at=Point.REPLIED) as bot:
        house.sent(desk)
        wait_until(lambda: "could not be delivered" in bot.log, "it failed")
        house.let_leases_run_out()
        house.check()
    assert house.states() == [State.SENT] * 4
    assert len(house.playground.calls("chat.postMessage")) == 4
