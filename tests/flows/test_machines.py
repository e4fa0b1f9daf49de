"""Three processes on one PostgreSQL, as three machines would be: over HTTP two behind a balancer
that take what Slack sends, and a worker that only delivers; over Socket Mode three alike.

Whichever of them is asked, whichever has the message in hand and whichever dies: what one bot does
once, three do once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from operations import drafts
from rules.desks import Need
from storage.messages import Kind, State
from tests.flows.doors import Http
from tests.flows.faults import HASTY, all_met, order
from tests.flows.house import SOCIAL, House
from tests.flows.launcher import Bot, Pace, Point
from tests.newsroom import at_once
from tests.player import Json, Player, said, wait_until

pytestmark = pytest.mark.only(database="postgresql")

WORKER = ("worker",)
# Monday, and Tuesday an hour after what was sent then is due, by the clocks of Rome.
SENT = datetime(2030, 3, 4, 9, tzinfo=UTC)
DUE = SENT + timedelta(days=1, hours=1)


@contextmanager
def three(house: House, pace: Pace | None = None) -> Iterator[tuple[Bot, Bot, Bot]]:
    """All of them running; the last one is the worker, which in Socket Mode listens, too."""
    with (
        house.bot(pace=pace) as one,
        house.bot(pace=pace) as two,
        house.bot(pace=pace, command=WORKER) as worker,
    ):
        house.wait_for_bots(2 if isinstance(house.door, Http) else 3)
        yield one, two, worker


def approve(who: Player, card: Json) -> None:
    """As a person does: what Slack says has failed is clicked again."""

    def taken() -> bool:
        return bool(who.click(card, "Approve", revision=card["revision"])["acked"])

    wait_until(taken, "the click is taken")


def submit(who: Player, form: Json, values: Json) -> None:
    """As `approve`, a form."""
    wait_until(lambda: who.submit(form, values)["acked"], "the form is taken")


def test_a_post_from_its_draft_to_its_approval(house: House) -> None:
    """Each step may be another process's."""
    house.desk(Need.ALL)
    with three(house) as bots:
        house.tom.command(SOCIAL, "/draft Spring in a cup")
        form = house.tom.wait_for_view("New draft")
        submit(house.tom, form, {"when_saved": {"when_saved": "send"}})
        house.channel_card()
        house.check()
        house.ines.click(house.ines.wait_for_dm("P-1"), "Request changes")
        asked = house.ines.wait_for_view()
        submit(house.ines, asked, {"comment": {"comment": "Which cup?"}})
        house.check()
        house.tom.click(house.tom.wait_for_dm("Which cup?"), "Edit")
        edit = house.tom.wait_for_view("Edit P-1")
        new = {"text": {"text": "Summer in a cup"}, "when_saved": {"when_saved": "send"}}
        submit(house.tom, edit, new)
        card = house.channel_card("Summer in a cup")
        house.check()
        at_once(*[lambda w=who: approve(w, card) for who in (house.ines, house.kenji)])
        house.check()
        assert [bot.stop() for bot in bots] == [0, 0, 0]
    given = [
        (house.ines.id, "request_changes"),
        *[(w.id, "approve") for w in (house.ines, house.kenji)],
    ]
    assert sorted(house.decided()) == sorted(given)
    assert set(house.states()) <= {State.SENT, State.DROPPED}


def test_a_form_that_comes_again_to_other_processes(house: House) -> None:
    house.desk()
    with three(house):
        house.tom.command(SOCIAL, "/draft Spring in a cup")
        form = house.tom.wait_for_view("New draft")
        done = house.tom.submit(form, {"when_saved": {"when_saved": "send"}})
        again = [lambda: house.playground.redeliver(done["envelope_id"])] * 2
        assert any(isinstance(one, dict) and one["acked"] for one in at_once(*again))
        house.check()
    assert len(house.in_channel()) == 1


def test_slacks_bad_days(house: House) -> None:
    """Two of each fault among the first tries, of three couriers."""
    desk = house.desk()
    order(house, "chat.postMessage", count=2)
    with three(house, HASTY):
        for number in range(3):
            house.sent(desk, f"Post number {number}")
        house.check()
        order(house, "chat.update")
        for number in range(1, 4):
            approve(house.ines, house.channel_card(f"P-{number}"))
        house.check()
    assert all_met(house)
    assert house.states() == [State.SENT] * 12
    for number in range(1, 4):
        assert "1 of 2" in said(house.channel_card(f"P-{number}"))


def test_reminders_that_fall_due_for_three_timers(house: House) -> None:
    house.playground.move_clock(to=SENT)
    desk, tom = house.desk(Need.ANY), house.person(house.tom)
    for number in range(3):
        form = house.form(text=f"Post number {number}")
        drafts.create(house.store, tom, desk.id, form, SENT)
    with three(house):
        house.check()
        house.playground.move_clock(to=DUE)
        for player in (house.ines, house.maya):
            player.wait_for_dm("Reminders")
        house.check()
    told = [row.person_id for row in house.rows(Kind.REMINDERS) if row.state == State.SENT]
    # In Tokyo, where Kenji turns out to be, it is evening.
    assert all(told.count(house.person(who).id) == 1 for who in (house.ines, house.maya))


@pytest.mark.parametrize("at", [Point.CLAIMED, Point.REPLIED])
def test_one_that_dies_with_messages_in_hand(house: House, at: Point) -> None:
    """Before Slack was called, and after Slack did it: the others finish, and repeat nothing."""
    desk = house.desk()
    with house.bot(stops_at=at) as dying:
        house.wait_for_bots()
        house.sent(desk)
        dying.wait_stopped(4)
        with three(house):
            dying.kill()
            house.let_leases_run_out()
            house.check()
    assert house.states() == [State.SENT] * 4


def test_one_that_dies_while_others_take_the_clicks(house: House) -> None:
    desk = house.desk(Need.ALL)
    reviews = [house.sent(desk, f"Post number {number}") for number in range(6)]
    with three(house) as (one, two, _):
        cards = [house.channel_card(f"P-{number}") for number in range(1, len(reviews) + 1)]
        house.check()
        approve(house.ines, cards[0])
        one.kill()
        for card in cards[1:]:
            approve(house.ines, card)
        for card in cards:
            approve(house.kenji, card)
        house.let_leases_run_out()
        house.check()
        assert two.stop() == 0
    assert len(house.decided()) == 2 * len(reviews)
