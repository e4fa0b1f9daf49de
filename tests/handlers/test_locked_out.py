"""A workspace that doesn't take our token, beside one that does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import Installation

import storage
from handlers.clients import Installed, Tokens
from handlers.courier import Courier, courier
from storage.installations import Installations
from tests.player import wait_until
from tests.several import CLIENT, FIRST, SECOND, Desks, TwoWorkspaces, posted


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[TwoWorkspaces]:
    with TwoWorkspaces("http://127.0.0.1:1", tmp_path) as started:
        yield started


def test_what_cannot_be_told_there_ends_and_nobody_waits_for_it(
    slack: TwoWorkspaces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack has no good word for it, and never says that the token is revoked."""
    monkeypatch.setattr(courier, "_TRIES", 3)
    monkeypatch.setattr(courier, "_FIRST_WAIT", timedelta(seconds=0.05))
    url = f"sqlite:///{tmp_path / 'copydesk.db'}"
    storage.migrate(url)
    store = storage.open_store(url)
    installations = Installations(CLIENT[0], store)
    desks = Desks(store)
    for team_id in (SECOND, FIRST):
        desks.desk(team_id)
        desks.send(team_id, f"Only for {team_id}.")
        made_up = Installation(
            app_id="A1",
            team_id=team_id,
            bot_token="xoxb-made-up" if team_id == SECOND else slack.install(team_id),
            bot_id="B1",
            bot_user_id="U0PLAYBOT",
            user_id="U0MAYA",
        )
        installations.save(made_up)
    tokens = Tokens(installations, CLIENT[1], WebClient(base_url=slack.api_url))
    clients = Installed(tokens, slack.api_url, 5, timedelta())
    delivers = Courier(store, clients, lambda: datetime.now(UTC))
    delivers.start()

    def have_ended() -> bool:
        delivers.wake()  # as the timer's tick does
        return not any(row.pending for row in desks.rows(SECOND))

    try:
        slack.player("U0INES").wait_for_dm("*P-1*")
        wait_until(have_ended, "the others end")
    finally:
        delivers.stop(5)
        store.close()
    assert desks.ended(SECOND) == {"invalid_auth"}
    assert "trouble" not in {row.kind for row in desks.rows(SECOND)}
    assert posted(slack.second) == []
    assert f"Only for {SECOND}." not in str(posted(slack))
    assert desks.ended(FIRST) == set()
