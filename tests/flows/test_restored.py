"""A backup takes the database's place: nothing is sent twice, nothing is lost, no card lies, and no
old button means something else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import storage
from operations import drafts, reviews
from rules.desks import Need
from rules.reviews import Verdict
from storage.messages import Kind, State
from tests.flows.house import House
from tests.flows.test_reminders import SENT
from tests.flows.test_trouble import on_sqlite, told
from tests.newsroom import postgres_with_tables, sqlite_with_tables
from tests.player import said, wait_until

__all__ = ["on_sqlite", "postgres_with_tables", "sqlite_with_tables"]


def restore(house: House, backup: Path) -> None:
    house.store.close()
    storage.restore(house.url, backup, datetime.now(UTC))


def forgotten(house: House) -> list[str]:
    """The ts of what the bot has posted and the record doesn't know: the life after the backup."""
    known = {row.posted_ts for row in house.rows()}
    return [message["ts"] for message in house.posted() if message["ts"] not in known]


def wait_settled(house: House) -> None:
    wait_until(lambda: not any(row.pending for row in house.rows()), "the courier is done")


def test_nothing_is_sent_twice_and_no_old_button_means_something_else(
    on_sqlite: House, tmp_path: Path
) -> None:
    house = on_sqlite
    backup = tmp_path / "backup.db"
    house.sent(house.desk(Need.ANY))  # nobody was told of it yet
    storage.back_up(house.url, backup)
    with house.bot() as bot:
        house.wait_for_bots()
        first = house.channel_card("P-1")
        house.check()
        house.ines.click(first, "Approve")
        house.submit_draft("Written after the backup")
        lost = house.channel_card("P-2")
        house.check()
        assert bot.stop() == 0
    before = len(house.posted())

    restore(house, backup)
    with house.bot() as bot:
        house.wait_for_bots()
        wait_settled(house)
        assert len(house.posted()) == before
        assert set(house.states()) == {State.SENT}
        strays = forgotten(house)
        house.check(*strays)  # the card of what was approved asks for a decision again
        house.ines.click(lost, "Approve")
        assert house.decided() == []
        house.submit_draft("Written after the restore")
        card = house.channel_card("Written after the restore")
        assert "P-3" in said(card)
        house.ines.click(lost, "Approve")
        told(house.ines, "This review isn't known here")
        assert house.decided() == []
        house.ines.click(card, "Approve")
        house.ines.click(house.maya.again(first), "Approve")
        house.check(*strays)
        assert len(house.decided()) == 2
        assert bot.stop() == 0


def scheduled(house: House, out: datetime) -> None:
    """A post that is approved, and goes out then."""
    house.playground.move_clock(to=SENT)
    desk, tom, ines = house.desk(Need.ANY), house.person(house.tom), house.person(house.ines)
    saved = drafts.create(house.store, tom, desk.id, house.form(out), SENT)
    assert saved.review is not None
    reviews.decide(house.store, ines, saved.review.id, Verdict.APPROVE, "", SENT)


@pytest.mark.parametrize("was_told", [True, False])
def test_what_had_fallen_due_is_told_once(on_sqlite: House, tmp_path: Path, was_told: bool) -> None:
    """Whether it was before it was restored, or nobody ran then."""
    house = on_sqlite
    backup, out = tmp_path / "backup.db", SENT + timedelta(hours=2)
    scheduled(house, out)
    with house.bot() as bot:
        house.check()
        assert bot.stop() == 0
    storage.back_up(house.url, backup)
    if was_told:
        with house.bot() as bot:
            house.wait_for_bots()
            house.playground.move_clock(to=out)
            house.tom.wait_for_dm("is to go out now")
            house.check()
            assert bot.stop() == 0
    restore(house, backup)
    house.playground.move_clock(to=out + timedelta(minutes=5))
    with house.bot() as bot:
        house.wait_for_bots()
        house.tom.wait_for_dm("is to go out now")
        wait_until(lambda: house.states(Kind.HAND_OFF) == [State.SENT], "it is handed off")
        house.check()
        assert bot.stop() == 0
    assert len([m for m in house.posted() if "is to go out now" in said(m)]) == 1


@pytest.mark.parametrize("before", [True, False])
def test_where_the_history_may_not_be_read(on_sqlite: House, tmp_path: Path, before: bool) -> None:
    """What was noted before may have been sent, and isn't sent again; what is noted now is sent."""
    house = on_sqlite
    house.without_history()
    backup = tmp_path / "backup.db"
    desk = house.desk(Need.ANY)
    if before:
        house.sent(desk)
    storage.back_up(house.url, backup)
    restore(house, backup)
    if not before:
        house.sent(desk)
    with house.bot() as bot:
        house.wait_for_bots()
        wait_settled(house)
        assert bot.stop() == 0
    (in_channel,) = house.rows(Kind.CHANNEL_CARD)
    assert in_channel.state == (State.UNKNOWN if before else State.SENT)
    assert len(house.in_channel()) == (0 if before else 1)
