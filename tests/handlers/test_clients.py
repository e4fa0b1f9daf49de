"""Which token a workspace is spoken to with, and what there is to do where it isn't taken."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation

import storage
from handlers.clients import (
    Installed,
    NotInstalled,
    NotRefreshed,
    OneClient,
    Tokens,
    _certificates,
    new_client,
    trusted,
)
from storage import Store
from storage.installations import Installations
from tests.handlers.world import World
from tests.logged import logged
from tests.player import DEADLINE_SECONDS, wait_until
from tests.several import CLIENT, FIRST, SECOND, Browser, TwoWorkspaces, asked

APP = "http://127.0.0.1:1"
SCOPES = "commands,chat:write"


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[TwoWorkspaces]:
    with TwoWorkspaces(APP, tmp_path) as started:
        yield started


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'copydesk.db'}"
    storage.migrate(url)
    opened = storage.open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def installations(store: Store) -> Installations:
    return Installations(CLIENT[0], store)


@pytest.fixture
def install(slack: TwoWorkspaces, installations: Installations) -> Callable[[str], None]:
    """Installs the app in a workspace."""

    def installed(team_id: str) -> None:
        url = f"{slack.url}/oauth/v2/authorize?client_id={CLIENT[0]}&scope={SCOPES}&state=s"
        code = asked(Browser(APP).answer(url, team_id))["code"]
        client = WebClient(base_url=slack.api_url, retry_handlers=[])
        given = client.oauth_v2_access(client_id=CLIENT[0], client_secret=CLIENT[1], code=code)
        installations.save(
            Installation(
                app_id=given["app_id"],
                team_id=given["team"]["id"],
                bot_token=given["access_token"],
                bot_id="B0PLAYBOT",
                bot_user_id=given["bot_user_id"],
                bot_refresh_token=given["refresh_token"],
                bot_token_expires_in=given["expires_in"],
                user_id="U0MAYA",
            )
        )

    return installed


def clients(
    slack: TwoWorkspaces,
    installations: Installations,
    ahead: int = 0,
    timeout: int = 5,
    tokens: Tokens | None = None,
) -> Installed:
    known = tokens or kept(slack, installations)
    return Installed(known, slack.api_url, timeout, timedelta(seconds=ahead))


def kept(slack: TwoWorkspaces, installations: Installations) -> Tokens:
    asks = WebClient(base_url=slack.api_url, timeout=10, retry_handlers=[])
    return Tokens(installations, CLIENT[1], asks)


def stored(installations: Installations) -> str | None:
    """The token that the database has."""
    bot = installations.of(FIRST)
    assert bot is not None
    return bot.bot_token


def renewals(slack: TwoWorkspaces) -> list[bool]:
    calls = slack.calls("oauth.v2.access")
    return [call["ok"] for call in calls if "grant_type" in call["args"]]


def test_certificates_are_read_once_and_only_for_tls(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[ssl.SSLContext] = []
    read_them = ssl.create_default_context

    def counted() -> ssl.SSLContext:
        read.append(read_them())
        return read[-1]

    monkeypatch.setattr(ssl, "create_default_context", counted)
    _certificates.cache_clear()
    world.playground.drop_sockets()
    world.playground.wait_for_app()
    assert read == []
    trusted_by = [new_client(f"https://slack.com/{n}/", None, 2).ssl for n in range(2)]
    assert [*trusted_by, trusted("wss://wss-primary.slack.com/link")] == read * 3
    assert (read[0].verify_mode, read[0].check_hostname) == (ssl.CERT_REQUIRED, True)


def test_nobodys_token_is_taken_for_somebody_else(
    slack: TwoWorkspaces, installations: Installations, install: Callable[[str], None]
) -> None:
    install(FIRST)
    several = clients(slack, installations)
    assert several.of(FIRST).auth_test()["team_id"] == FIRST
    with pytest.raises(NotInstalled):
        several.of(SECOND)
    assert several.identity(SECOND) is None
    install(SECOND)
    assert several.of(SECOND).auth_test()["team_id"] == SECOND
    ours = several.identity(SECOND)
    assert ours is not None
    assert (ours.team_id, ours.bot_user_id) == (SECOND, "U0PLAYBOT")

    one = OneClient(several.of(FIRST), AuthorizeResult(enterprise_id=None, team_id=FIRST))
    assert one.of(FIRST).auth_test()["team_id"] == FIRST
    with pytest.raises(NotInstalled):
        one.of(SECOND)


def test_a_token_is_renewed_in_good_time_and_goes_on_where_that_fails(
    slack: TwoWorkspaces, installations: Installations, install: Callable[[str], None]
) -> None:
    install(FIRST)
    before = clients(slack, installations).of(FIRST).token
    assert renewals(slack) == []
    slack.fault("oauth.v2.access", "500")
    assert clients(slack, installations, ahead=50_000).of(FIRST).token == before
    # Another one tries again once the first one's time is over.
    assert clients(slack, installations, ahead=50_000).of(FIRST).token == before
    assert renewals(slack) == [False]


def test_a_token_that_has_run_out_is_renewed_or_said_to_be(
    slack: TwoWorkspaces, installations: Installations, install: Callable[[str], None]
) -> None:
    slack.post("/control/app/expire", new=30)  # less than a call may take
    install(FIRST)
    slack.post("/control/app/expire", new=43_200)
    slack.fault("oauth.v2.access", "nothing")
    with pytest.raises(NotRefreshed):
        clients(slack, installations).of(FIRST)
    slack.post("/control/app/expire", new=30)
    install(SECOND)
    slack.post("/control/app/expire", new=43_200)
    assert clients(slack, installations).of(SECOND).auth_test()["ok"]
    assert renewals(slack) == [False, True]


def test_a_new_token_is_not_lost_where_the_database_cannot_be_used(
    slack: TwoWorkspaces,
    store: Store,
    installations: Installations,
    install: Callable[[str], None],
) -> None:
    """Slack gives it once. Clicks have it from the courier's memory until it is kept."""
    slack.post("/control/app/expire", new=30)
    install(FIRST)
    slack.post("/control/app/expire", new=43_200)
    tokens = kept(slack, installations)
    slack.hold("oauth.v2.access", "after")
    with logged() as log, ThreadPoolExecutor() as pool:
        courier = pool.submit(clients(slack, installations, 7200, tokens=tokens).of, FIRST)
        slack.wait_for_held()
        with store.write():
            slack.release()
            renewed = courier.result(DEADLINE_SECONDS)
            assert stored(installations) != renewed.token
            clicks = clients(slack, installations, timeout=2, tokens=tokens)
            assert clicks.of(FIRST).token == renewed.token
            ours = clicks.identity(FIRST)
            assert ours is not None
            assert ours.bot_token == renewed.token
        wait_until(lambda: log.lines("is kept now"), "it is kept")
        assert len(log.lines("ERROR")) == 1
    assert stored(installations) == renewed.token
    assert renewed.auth_test()["ok"]
    assert renewals(slack) == [True]


def test_a_click_does_not_wait_for_a_slow_new_token_nor_lose_it(
    slack: TwoWorkspaces, installations: Installations, install: Callable[[str], None]
) -> None:
    slack.post("/control/app/expire", new=30)
    install(FIRST)
    slack.post("/control/app/expire", new=43_200)
    before = stored(installations)
    slack.hold("oauth.v2.access", "after")
    clicks = clients(slack, installations, timeout=1)
    with pytest.raises(NotRefreshed):
        clicks.of(FIRST)
    slack.release()
    wait_until(lambda: stored(installations) != before, "it is kept")
    assert clicks.of(FIRST).auth_test()["ok"]
    assert renewals(slack) == [True]


def test_only_slacks_word_ends_an_installation(
    slack: TwoWorkspaces, installations: Installations, install: Callable[[str], None]
) -> None:
    """An event of it may come late, when the app is in again."""
    install(SECOND)
    several = clients(slack, installations)
    assert not several.forget_lost(SECOND)
    slack.second.fault("auth.test", "500")
    with pytest.raises(SlackApiError):
        several.forget_lost(SECOND)
    slack.second.post("/control/app/revoke", quietly=True)
    assert several.forget_lost(SECOND)
    assert installations.teams() == []
    assert several.forget_lost(SECOND)
    with pytest.raises(NotInstalled):
        several.of(SECOND)
    install(SECOND)
    wait_until(lambda: several.of(SECOND).auth_test()["ok"], "it is in again")
