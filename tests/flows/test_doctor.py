"""`python -m bot doctor`, beside a running bot and without one, on both databases."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from rules.occurrences import OccurrenceKind
from storage import occurrences
from storage.messages import Kind, State
from storage.tables import messages
from storage.tables import occurrences as occurrences_table
from tests.bot_process import BotProcess, http_settings, slack_settings
from tests.flows.doors import Http
from tests.flows.house import HISTORY, SOCIAL, TEAM, House
from tests.player import wait_until

LATE = timedelta(hours=3)


def ask(house: House, **settings: str) -> tuple[int, str]:
    """Its exit code, and what it says."""
    folder = house.folder / "doctor"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    is_http = isinstance(house.door, Http)
    slack = http_settings(house.playground, 3000) if is_http else slack_settings(house.playground)
    given = {**slack, "DATABASE_URL": house.url, **settings}
    with BotProcess(folder, given, ("bot", "doctor")) as asked:
        code = asked.wait()
    assert asked.stderr == ""
    assert "xoxb" not in asked.stdout
    return code, asked.stdout


def test_beside_a_running_bot_all_is_well(house: House) -> None:
    house.desk()
    with house.bot() as bot:
        house.wait_for_bots()
        house.submit_draft()
        house.channel_card()
        wait_until(lambda: not pending(house), "Slack is told everything")
        code, said = ask(house)
        assert "✓ The bot token opens the workspace Larkfield Tea, as @copydesk." in said
        is_http = isinstance(house.door, Http)
        assert ("✓ A signing secret is set" in said) is is_http
        assert ("✓ The app token opens Socket Mode." in said) is not is_http
        assert "✓ A desk's channel is reached." in said
        assert "✓ The database is well: " in said
        assert "✓ Slack was told everything" in said
        assert said.endswith("All is well.\n"), said
        assert code == 0
        assert bot.stop() == 0


def pending(house: House) -> bool:
    with house.store.read() as tx:
        return bool(tx.execute(sa.select(messages.c.id).filter_by(pending=True)).first())


@pytest.mark.only(door="sockets")
def test_each_thing_to_do_is_said_with_what_to_do(house: House) -> None:
    desk = house.desk()
    house.sent(desk)
    past = datetime.now(UTC) - LATE
    with house.store.write() as tx:
        kind = OccurrenceKind.DIGEST
        occurrences.add(tx, TEAM, "digest:1", kind, past, past, desk_id=desk.id)
        waiting = messages.update().filter_by(kind=Kind.CHANNEL_CARD)
        tx.execute(waiting.values(state=State.UNKNOWN, pending=False, error="missing_scope"))
        others = messages.update().where(messages.c.kind != Kind.CHANNEL_CARD)
        tx.execute(others.values(created_at=past))
    granted = set(house.playground.workspace()["granted"])
    house.playground.grant(*(granted - HISTORY - {"im:write"}))
    house.maya.remove(SOCIAL, "U0PLAYBOT")
    code, said = ask(house)
    assert code == 1
    undelivered = "✗ One message of the last week may not have arrived; the last one: "
    for line in (
        undelivered + "channel_card to C0SOCIAL",
        "✗ Not granted, and needed: im:write.",
        "· The optional scope channels:history is not granted:",
        "✗ Copydesk is not in #social, whose desk it keeps.",
        "  → Type /invite @Copydesk there.",
        "✗ What was due 3 hours ago is not done: digest (digest:1).",
        "✗ Slack was not told for 3 hours: ",
    ):
        assert line in said
    assert said.endswith(" things to do.\n")
    with house.store.read() as tx:
        assert tx.execute(sa.select(occurrences_table.c.state)).scalars().all()[-1] == "waiting"


@pytest.mark.only(door="sockets")
def test_tokens_that_are_not_good_are_said_and_the_rest_goes_on(house: House) -> None:
    house.desk()
    code, said = ask(house, SLACK_BOT_TOKEN="xoxb-another")
    assert code == 1
    assert "✗ Slack does not know the token in SLACK_BOT_TOKEN" in said
    assert "✓ The database is well: " in said


@pytest.mark.only(database="sqlite", door="sockets")
def test_a_database_that_is_not_there(house: House, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    code, said = ask(house, DATABASE_URL=f"sqlite:///{nowhere}/copydesk.db")
    assert code == 0
    assert f"There is no database yet; the first start makes {nowhere}/copydesk.db" in said
    assert not nowhere.exists()
    code, said = ask(house, DATABASE_URL="postgresql://desk:hush@127.0.0.1:1/copydesk")
    assert code == 1
    assert "✗ The database at postgresql://desk:***@127.0.0.1:1/copydesk can't be used" in said


@pytest.mark.only(door="sockets")
def test_without_tokens_it_looks_at_what_the_playground_left(house: House) -> None:
    with_none = dict.fromkeys(slack_settings(house.playground), "")
    code, said = ask(house, **with_none)
    assert code == 0
    assert "· No Slack tokens are set" in said
    assert "✓ The database is well: " in said


@pytest.fixture
def damaged(tmp_path: Path, sqlite_with_tables: Path) -> Path:
    """A database of which a page in the middle is somebody else's."""
    path = tmp_path / "damaged.db"
    shutil.copy(sqlite_with_tables, path)
    with path.open("r+b") as file:
        file.seek(12 * 4096)
        file.write(b"\xff" * 3 * 4096)
    return path


@pytest.mark.only(database="sqlite", door="sockets")
def test_a_damaged_file_is_seen(house: House, damaged: Path) -> None:
    code, said = ask(house, DATABASE_URL=f"sqlite:///{damaged}")
    assert code == 1
    assert "✗ SQLite finds the database damaged" in said
    assert "go back to the last backup" in said
