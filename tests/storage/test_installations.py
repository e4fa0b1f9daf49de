"""Bolt's stores behind our doors: one installation a workspace, tickets that are good once."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore

import storage
from storage import Store
from storage.installations import Installations, States
from storage.tables import slack_bots, slack_installations, slack_oauth_states
from tests.newsroom import at_once

LEASE = timedelta(seconds=30)


class Time:
    """Real time, as these tests want it."""

    now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def installations(store: Store) -> Installations:
    return Installations("1.2", store)


def installation(team_id: str = "T1", token: str = "xoxe.xoxb-1", **more: object) -> Installation:
    given: dict[str, object] = {
        "app_id": "A1",
        "team_id": team_id,
        "team_name": "Larkfield",
        "bot_token": token,
        "bot_id": "B1",
        "bot_user_id": "U1",
        "bot_scopes": ["commands"],
        "bot_refresh_token": f"refresh of {token}",
        "bot_token_expires_at": 2_000_000_000,
        "user_id": "U2",
        **more,
    }
    return Installation(**given)  # type: ignore[arg-type]


def rows(store: Store) -> list[int]:
    with store.read() as tx:
        counted = [sa.select(sa.func.count()).select_from(t) for t in _TABLES]
        return [tx.execute(query).scalar_one() for query in counted]


_TABLES = (slack_bots, slack_installations)


def test_the_last_installation_counts_and_no_older_token_is_kept(
    store: Store, installations: Installations
) -> None:
    long = "xoxe.xoxb-" + "9" * 400
    installations.save(installation())
    installations.save(installation("T2", "xoxe.xoxb-2"))
    installations.save(installation(token=long, enterprise_id="E1"))
    bot, other = installations.of("T1"), installations.of("T2")
    assert bot is not None
    assert other is not None
    assert (bot.bot_token, bot.bot_token_expires_at) == (long, 2_000_000_000)
    assert other.bot_token == "xoxe.xoxb-2"
    assert installations.of("T3") is None
    assert installations.teams() == ["T1", "T2"]
    assert rows(store) == [2, 2]
    assert Installations("another app", store).of("T1") is None


class Interrupted(Installation):
    """Fails where Bolt's store has written the one row and not yet the other."""

    def to_bot(self) -> Bot:
        self.meanwhile()
        raise ZeroDivisionError

    meanwhile: Callable[[], object]


def test_an_installation_that_fails_half_way_leaves_the_one_before(
    store: Store, installations: Installations
) -> None:
    installations.save(installation())
    again = Interrupted(**installation(token="xoxe.xoxb-2").to_dict_for_copying())
    seen: list[Bot | None] = []
    again.meanwhile = lambda: seen.append(installations.of("T1"))
    with pytest.raises(ZeroDivisionError):
        installations.save(again)
    for bot in (*seen, installations.of("T1")):
        assert bot is not None
        assert bot.bot_token == "xoxe.xoxb-1"
    assert rows(store) == [1, 1]


def test_of_several_rows_the_newest_counts_and_all_go(
    store: Store, installations: Installations
) -> None:
    """Two who install at the same moment may both leave theirs on PostgreSQL."""
    for number in (1, 2):
        given = installation(token=f"xoxe.xoxb-{number}")
        SQLAlchemyInstallationStore.save(installations, given)
    installations.save(installation("T2"))
    assert rows(store) == [3, 3]
    assert installations.teams() == ["T1", "T2"]
    newest = installations.of("T1")
    assert newest is not None
    assert newest.bot_token == "xoxe.xoxb-2"
    installations.remove(installation().to_bot())
    assert rows(store) == [3, 3]
    installations.remove(newest)
    assert installations.teams() == ["T2"]
    assert rows(store) == [1, 1]


def test_of_many_one_may_refresh_a_token(installations: Installations) -> None:
    installations.save(installation())
    bot = installations.of("T1")
    assert bot is not None
    now = Time.now
    may = at_once(*[lambda: installations.may_refresh(bot, now, LEASE)] * 8)
    assert Counter(may) == {True: 1, False: 7}
    later = now + LEASE + timedelta(seconds=1)  # whoever was to do it has died
    assert installations.may_refresh(bot, later, LEASE)


def test_a_new_token_does_not_replace_a_newer_installations(installations: Installations) -> None:
    installations.save(installation())
    before = installations.of("T1")
    assert before is not None
    renewed = installation(token="xoxe.xoxb-renewed").to_bot()
    installations.refreshed(before, renewed)
    after = installations.of("T1")
    assert after is not None
    assert (after.bot_token, after.bot_refresh_token) == (
        "xoxe.xoxb-renewed",
        "refresh of xoxe.xoxb-renewed",
    )
    assert after.bot_token_expires_at == 2_000_000_000
    installations.refreshed(before, installation(token="xoxe.xoxb-late").to_bot())
    installations.remove(before)
    assert installations.of("T1") is not None
    installations.remove(after)
    assert installations.teams() == []


def test_an_installation_that_is_removed_takes_nobody_elses(
    store: Store, installations: Installations
) -> None:
    for team_id in ("T1", "T2"):
        installations.save(installation(team_id, "the same token"))
    bot = installations.of("T1")
    assert bot is not None
    installations.remove(bot)
    assert installations.teams() == ["T2"]
    assert rows(store) == [1, 1]


def test_a_ticket_is_good_once_and_for_a_while(store: Store) -> None:
    time = Time()
    states = States(600, store, time)
    with store.write() as tx:  # Bolt's store dates them by the machine's clock
        tx.execute(slack_oauth_states.delete())
    ticket = states.issue()
    time.now = datetime.now(UTC)
    taken = at_once(*[lambda: states.consume(ticket)] * 8)
    assert Counter(taken) == {True: 1, False: 7}
    assert not states.consume("made up")
    late = states.issue()
    time.now += timedelta(seconds=601)
    assert not states.consume(late)
    states.issue()
    with store.read() as tx:
        left = tx.execute(sa.select(slack_oauth_states.c.state)).scalars().all()
    assert late not in left


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "copydesk.db"
    storage.migrate(f"sqlite:///{file}")
    opened = storage.open_store(f"sqlite:///{file}")
    with opened.write() as tx:
        tx.exec_driver_sql("DELETE FROM slack_bots")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    opened.close()
    assert modes == {0o600}
    file.chmod(0o644)  # somebody wants it so
    storage.open_store(f"sqlite:///{file}").close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
