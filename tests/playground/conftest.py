"""A playground of its own for each test, and the ways an app can join it."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
import yaml
from slack_sdk import WebClient

from playground import core, people, server
from playground.manifest import load
from tests.local_slack import client_of
from tests.player import DEADLINE_SECONDS, MANIFEST, Player, Playground
from tests.playground.raw import RawApp

WIDER_MANIFEST = """
display_information: {name: Tester}
features:
  app_home: {home_tab_enabled: true, messages_tab_enabled: true}
  bot_user: {display_name: Tester}
oauth_config:
  scopes:
    bot: [chat:write, "app_mentions:read", "reactions:read", "users:read", "channels:read"]
settings:
  event_subscriptions:
    bot_events: [app_home_opened, app_mention, reaction_added, user_change, channel_archive]
  interactivity: {is_enabled: true}
  socket_mode_enabled: true
"""


# Our app hears all that is said in its channels. These tests read what they provoke, one by one.
CHATTER = {"message.channels", "message.groups", "reaction_added", "user_change"}


def quiet_manifest(folder: Path) -> Path:
    """Our manifest, for an app that isn't told of what people say and become, and has no Home."""
    described = yaml.safe_load(MANIFEST.read_text("utf-8"))
    subscribed = described["settings"]["event_subscriptions"]
    subscribed["bot_events"] = [name for name in subscribed["bot_events"] if name not in CHATTER]
    described["features"]["app_home"]["home_tab_enabled"] = False
    path = folder / "quiet.yml"
    path.write_text(yaml.safe_dump(described), encoding="utf-8")
    return path


class BesideTheTest(Playground):
    """The same server in a thread of the test's process: real HTTP, and started sooner. `inside`
    is what it serves, for who makes payloads by hand."""

    inside: core.Playground

    def __init__(self, manifest: Path = MANIFEST) -> None:
        super().__init__(manifest)
        self._manifest = manifest

    def __enter__(self) -> Self:
        app = load(self._manifest)
        workspace = people.load(people.DEFAULT, app.bot_display_name)
        self.inside = pg = core.Playground(
            app, workspace, self.bot_token, self.app_token, self.signing_secret
        )
        listening = server.listen(0)
        ready = threading.Event()
        self._server = server.serve(pg, listening, None, ready.set)
        self._thread = threading.Thread(target=self._server.run, args=([listening],))
        self._thread.start()
        assert ready.wait(DEADLINE_SECONDS)
        self.url = pg.base_url
        self.http = client_of(self.url)
        return self

    def __exit__(self, *error: object) -> None:
        self.http.close()
        self._server.should_exit = True
        self._thread.join(DEADLINE_SECONDS)


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    with BesideTheTest(quiet_manifest(tmp_path)) as started:
        yield started


@pytest.fixture
def home_playground(tmp_path: Path) -> Iterator[Playground]:
    """With an app that has a Home tab and hears of more than ours."""
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(WIDER_MANIFEST)
    with BesideTheTest(manifest) as started:
        yield started


@pytest.fixture
def maya(playground: Playground) -> Player:
    """An admin, in most channels."""
    return playground.player("U0MAYA")


@pytest.fixture
def client(playground: Playground) -> WebClient:
    """The real client, without its retries."""
    return WebClient(playground.bot_token, base_url=playground.api_url, retry_handlers=[])


@pytest.fixture
def raw(playground: Playground) -> Iterator[RawApp]:
    """An app that does only what the test tells it: envelopes are read and acknowledged by hand."""
    with RawApp(playground) as connected:
        yield connected
