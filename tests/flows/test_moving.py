"""From SQLite to PostgreSQL with `copy-to`: old cards work there, and new posts are numbered on."""

from __future__ import annotations

from pathlib import Path

from rules.desks import Need
from tests.bot_process import BotProcess
from tests.databases import patient_store
from tests.flows.house import House
from tests.flows.test_trouble import on_sqlite
from tests.newsroom import postgres_with_tables, sqlite_with_tables
from tests.player import said

__all__ = ["on_sqlite", "postgres_with_tables", "sqlite_with_tables"]


def test_the_bot_goes_on_there(on_sqlite: House, postgres_url: str, tmp_path: Path) -> None:
    before = on_sqlite
    before.sent(before.desk(Need.ANY))
    moving = ("bot", "copy-to", postgres_url)
    with before.bot() as bot:
        card = before.channel_card("P-1")
        before.check()
        with BotProcess(tmp_path, {"DATABASE_URL": before.url}, moving) as refused:
            assert refused.wait() == 2
            assert "is using the database" in refused.stderr
        assert bot.stop() == 0
    with BotProcess(tmp_path, {"DATABASE_URL": before.url}, moving) as copied:
        assert copied.wait() == 0, copied.stderr
        assert "posts: 1\n" in copied.stdout
        assert "is the same" in copied.stdout

    store = patient_store(postgres_url)
    after = House(before.door, store, postgres_url, tmp_path)
    with after.bot() as bot:
        after.wait_for_bots()
        after.playground.limits(ack_seconds=10)  # the first click of a new process, maybe
        assert after.ines.click(card, "Approve")["acked"]
        after.check()
        assert after.decided() == [(after.ines.id, "approve")]
        after.submit_draft("Written on PostgreSQL")
        assert "P-2" in said(after.channel_card("Written on PostgreSQL"))
        after.check()
        assert bot.stop() == 0
    store.close()
