"""The whole bot but its process: the Bolt app and the courier, over SQLite, in a playground."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from slack_sdk import WebClient

import handlers
import storage
from bot.access import OneWorkspace, Secret, SlackAccess, SocketMode
from bot.slack_check import join
from bot.socket_mode import Listener
from handlers.clients import OneClient
from handlers.courier import Courier, lanes
from playground import core, responses, server
from tests.handlers.busy_day import play
from tests.handlers.deeds import Finder
from tests.handlers.inside import Deed, Inside
from tests.handlers.world import Clock, World
from tests.player import MANIFEST
from tests.playground.conftest import BesideTheTest


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing else, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    storage.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def world(empty_database: Path, tmp_path: Path) -> Iterator[World]:
    """A workspace of its own for each test."""
    with a_strict_world(empty_database, tmp_path) as world:
        yield world


@contextmanager
def a_strict_world(empty_database: Path, folder: Path) -> Iterator[World]:
    """As `a_world`. What Slack would have refused is a failure at its end."""
    with a_world(empty_database, folder) as world, pytest.MonkeyPatch.context() as patched:
        # One message a second per channel is tested with the courier; here nobody waits for it.
        patched.setattr(lanes, "_PER_CHANNEL_SECONDS", 0.0)
        # A busy machine is no failure here.
        patched.setattr(core, "TRIGGER_SECONDS", 60.0)
        yield world
        world.settle()
        found = [
            problem
            for problem in world.playground.problems()
            if not any(error in problem for error in world.forgiven)
        ]
        assert found == []


@contextmanager
def a_world(empty_database: Path, folder: Path) -> Iterator[World]:
    """A workspace with the bot in it, its record in this folder."""
    path = folder / "copydesk.db"
    shutil.copy(empty_database, path)
    with ExitStack() as stack:
        playground = stack.enter_context(BesideTheTest())
        store = storage.open_store(f"sqlite:///{path}")
        stack.callback(store.close)
        app_token, bot_token = Secret(playground.app_token), Secret(playground.bot_token)
        access = SlackAccess(SocketMode(app_token), OneWorkspace(bot_token), playground.api_url)
        client = WebClient(playground.bot_token, playground.api_url, timeout=5, retry_handlers=[])
        clock = Clock()
        joined = join(access, MANIFEST)
        clients = OneClient(client, joined.identity)
        courier = Courier(store, clients, clock)
        stack.callback(courier.stop, 5)
        executor = stack.enter_context(ThreadPoolExecutor(4))
        app = handlers.build_app(clients, store, courier, clock, executor)
        listener = Listener(app, app_token, bot_token, playground.api_url)
        listener.connect(joined.socket_url)
        stack.callback(listener.close)
        stack.callback(listener.stop_taking)
        courier.start()
        playground.wait_for_app()
        # A busy machine is no failure here.
        playground.limits(ack_seconds=10)
        yield World(playground, store, clock, app, client, clients, courier)


@pytest.fixture
def without_limits() -> Iterator[None]:
    """For tests that work `inside`."""
    with _without_limits():
        yield


@contextmanager
def _without_limits() -> Iterator[None]:
    """What is answered here is answered thousands of times, in seconds."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lanes, "_PER_CHANNEL_SECONDS", 0.0)
        patched.setattr(lanes, "_PER_MINUTE", 10**9)
        patched.setattr(lanes, "_METHODS_PER_MINUTE", {})
        patched.setattr(responses, "MOST_USES", 10**9)
        # A busy machine is no failure here.
        patched.setattr(core, "TRIGGER_SECONDS", 60.0)
        yield


@pytest.fixture(scope="session")
def inside(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """A desk where two days were played, for tests that each begin at their end. It stays for other
    tests of the session, but no limit may be lifted for these: see `without_limits`."""
    folder = tmp_path_factory.mktemp("inside")
    made: list[responses.ResponseUrls] = []

    def urls(pg: core.Playground) -> responses.ResponseUrls:
        made.append(responses.ResponseUrls(pg))
        return made[-1]

    with ExitStack() as stack:
        with _without_limits(), pytest.MonkeyPatch.context() as patched:
            patched.setattr(server, "ResponseUrls", urls)
            world = stack.enter_context(a_world(empty_database, folder))
            play(world)
        inside = Inside(world, folder, made[0])
        stack.callback(inside.close)
        yield inside


@pytest.fixture(scope="session")
def deeds(inside: Inside) -> list[Deed]:
    """Everything that can be done there."""
    with _without_limits():
        return Finder(inside).all()
