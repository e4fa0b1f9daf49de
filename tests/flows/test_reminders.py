"""kill -9 while something falls due, then a restart: it is told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from operations import drafts, reviews
from rules.desks import Need
from rules.reviews import Verdict
from storage.messages import Kind, State
from tests.flows.house import House
from tests.flows.launcher import Point

# Monday, and Tuesday an hour after what was sent then is due, by the clocks of Rome.
SENT = datetime(2030, 3, 4, 9, tzinfo=UTC)
DUE = SENT + timedelta(days=1, hours=1)


def sent(house: House, publish_at: datetime | None = None) -> int:
    """A post of Tom's, sent for approval on Monday."""
    house.playground.move_clock(to=SENT)
    desk, tom = house.desk(Need.ANY), house.person(house.tom)
    form = house.form(publish_at)
    saved = drafts.create(house.store, tom, desk.id, form, SENT)
    assert saved.review is not None
    return saved.review.id


@pytest.mark.parametrize("at", [Point.REMINDED, Point.CLAIMED, Point.REPLIED])
def test_reminders(house: House, at: Point) -> None:
    sent(house)
    with house.bot():
        house.check()
    with house.bot(stops_at=at) as bot:
        house.wait_for_bots()
        house.playground.move_clock(to=DUE)
        bot.wait_stopped()
        bot.kill()
    house.let_leases_run_out()
    with house.bot():
        house.wait_for_bots()
        for player in (house.ines, house.maya):
            player.wait_for_dm("Reminders")
        house.check()
    told = [row.person_id for row in house.rows(Kind.REMINDERS) if row.state == State.SENT]
    # In Tokyo, where Kenji turns out to be, it is evening.
    assert all(told.count(house.person(who).id) == 1 for who in (house.ines, house.maya))


@pytest.mark.parametrize("at", [Point.HANDED_OFF, Point.CLAIMED])
def test_a_post_at_its_time(house: House, at: Point) -> None:
    out = SENT + timedelta(hours=2)
    review_id = sent(house, out)
    ines = house.person(house.ines)
    reviews.decide(house.store, ines, review_id, Verdict.APPROVE, "", SENT)
    with house.bot():
        house.check()
    with house.bot(stops_at=at) as bot:
        house.wait_for_bots()
        house.playground.move_clock(to=out)
        bot.wait_stopped()
        bot.kill()
    house.let_leases_run_out()
    with house.bot():
        house.wait_for_bots()
        house.tom.wait_for_dm("is to go out now")
        house.check()
    assert house.states(Kind.HAND_OFF, Kind.HAND_OFF_TEXT) == [State.SENT] * 2
