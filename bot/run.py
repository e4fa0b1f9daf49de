"""Puts the bot together, runs it, and takes it apart in the order that loses nothing."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from types import FrameType

from slack_bolt import App
from slack_sdk import WebClient

import handlers
import storage
from bot.access import Http, OneWorkspace, SlackAccess, SocketMode
from bot.clock import PlaygroundClock, utc_now
from bot.doors import Door, NoDoor, finish
from bot.errors import CannotStart, Ended
from bot.health import Vitals, serve_health
from bot.http_mode import HttpDoor, take_port
from bot.manifest import MANIFEST
from bot.metrics import CountedClient, Meters
from bot.playground import greet, start_playground
from bot.renewals import start_renewing
from bot.settings import Settings, prepare_folders
from bot.socket_mode import Listener
from bot.terminal import hangup_is_ignored
from bot.ticks import start_ticking
from bot.workspaces import enter
from handlers.courier import Courier
from operations import timetable
from web.app import Pages

log = logging.getLogger(__name__)

# Process managers kill after 10 s (Docker) or more; a click has long been answered then.
_FINISH_SECONDS = 6
_CLOSE_SECONDS = 1
_COURIER_STOP_SECONDS = 2
_LOST_SECONDS = 300

_STOPPED = ""
"""What a signal asks for: to end, without a complaint."""


def run(settings: Settings, *, serves: bool = True) -> None:
    """Runs the bot until SIGTERM, SIGINT or SIGHUP. Unless it `serves`, Slack's requests over HTTP
    are left to other processes.

    Raises:
        CannotStart: something outside must be put right first, or, as NotNow, may pass.
        Ended: it ran, and cannot go on.
        storage.StorageError: the database cannot be used, or, as Unavailable, not just now.
    """
    stops: SimpleQueue[str] = SimpleQueue()
    with ExitStack() as stack:
        prepare_folders(settings)
        stack.enter_context(storage.alone(settings.database_url.reveal(), "python -m bot"))
        store = storage.open_store(settings.database_url.reveal())
        stack.callback(store.close)
        _make_current(settings)

        access, clock_url, page = _find_slack(settings, stack, stops)
        now = _calendar(clock_url, stack)

        port = _take_port(access, stack) if serves else None
        health_port = _take_health_port(settings, stack)
        meters = Meters(store, now) if settings.metrics else None
        called = partial(CountedClient, meters.called) if meters else WebClient
        workspaces = enter(access, store, called)
        # Until here nothing runs that must be finished, and a signal ends it at once: Slack may let
        # a start wait for long.
        _stop_on_signals(stops)
        courier = Courier(
            store, workspaces.courier, now, watch=meters.delivered if meters else _ignore
        )
        vitals = Vitals(store, courier)
        executor = ThreadPoolExecutor(max_workers=10, thread_name_prefix="answers")
        clicked = meters.clicked if meters else _ignore
        app = handlers.build_app(workspaces.clicks, store, courier, now, executor, clicked)
        pages = workspaces.pages(courier.wake)
        door = _open_door(access, app, workspaces.socket_url, port, pages, vitals, stops)
        vitals.watch(door)
        if meters is not None and isinstance(door, Listener):
            meters.count_sessions(lambda: door.sessions)
        if health_port is not None:
            measured = meters.text if meters else None
            stack.callback(serve_health(vitals, measured, health_port, _ended(stops)).drain)
        courier.start()
        stack.callback(start_renewing(workspaces.courier, workspaces.installed))
        stack.callback(start_ticking(lambda: _tick(store, courier, vitals, now)))
        if page is not None:
            greet(page)

        reason = _wait(stops, door)
        log.info("Stopping: running clicks are finished and answered first.")
        vitals.stop()
        _stop(door, executor, courier)
    if reason != _STOPPED:
        raise Ended(reason)


def _tick(
    store: storage.Store, courier: Courier, vitals: Vitals, now: Callable[[], datetime]
) -> bool:
    """Does some of what has fallen due, and says whether there is more."""
    vitals.tick()
    some = timetable.run_due(store, now())
    courier.wake()
    return bool(some)


def _find_slack(
    settings: Settings, stack: ExitStack, stops: SimpleQueue[str]
) -> tuple[SlackAccess, str | None, str | None]:
    """The way to Slack, where to ask for the calendar's time, and the page of a playground that
    was started because no Slack is set."""
    if settings.slack is not None:
        return settings.slack, settings.clock_url, None
    state = settings.data / "playground.json"
    playground = start_playground(MANIFEST, settings.playground_port, state)
    stack.callback(playground.end)
    playground.watch(lambda: stops.put("The playground ended, and Copydesk with it."))
    return playground.access, playground.clock_url, playground.url


def _calendar(clock_url: str | None, stack: ExitStack) -> Callable[[], datetime]:
    if clock_url is None:
        return utc_now
    clock = PlaygroundClock(clock_url)
    stack.callback(clock.stop)
    clock.follow()
    return clock.now


def _take_health_port(settings: Settings, stack: ExitStack) -> socket.socket | None:
    if settings.health_port is None:
        return None
    return stack.enter_context(take_port(settings.health_port, "HEALTH_PORT"))


def _take_port(access: SlackAccess, stack: ExitStack) -> socket.socket | None:
    if not isinstance(access.door, Http):
        return None
    return stack.enter_context(take_port(access.door.port))


def _open_door(
    access: SlackAccess,
    app: App,
    socket_url: str,
    port: socket.socket | None,
    pages: Pages,
    vitals: Vitals,
    stops: SimpleQueue[str],
) -> Door:
    if isinstance(access.door, SocketMode):
        assert isinstance(access.tokens, OneWorkspace)  # installing needs pages
        listener = Listener(app, access.door.app_token, access.tokens.bot_token, access.api_url)
        listener.connect(socket_url)
        return listener
    if port is None:
        log.info("No port is opened here: this process delivers, and does what falls due.")
        return NoDoor()
    return HttpDoor(app, access.door, port, vitals, _ended(stops), pages)


def _ended(stops: SimpleQueue[str]) -> Callable[[], None]:
    said = "The web server ended, and Copydesk with it: what it said is above."
    return lambda: stops.put(said)


def _ignore(_: object) -> None:
    """Nobody counts."""


def _make_current(settings: Settings) -> None:
    """SQLite has one process, so it migrates at start; PostgreSQL's may not be alone."""
    url = settings.database_url.reveal()
    if settings.on_sqlite:
        storage.migrate(url)
    elif not storage.is_current(url):
        raise CannotStart(
            "The database's tables are not those of this version of Copydesk: run "
            "`python -m bot migrate` once, then start again."
        )


def _stop_on_signals(stops: SimpleQueue[str]) -> None:
    """The first signal asks to stop, a second one ends the process at once."""

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stops.put(_STOPPED)  # unlike an Event's set, safe in a signal handler

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if not hangup_is_ignored():
        signal.signal(signal.SIGHUP, stop)  # its terminal was closed


def _wait(stops: SimpleQueue[str], door: Door) -> str:
    """Returns why to stop."""
    while True:
        try:
            return stops.get(timeout=1)
        except Empty:
            pass
        if door.seconds_without_connection() > _LOST_SECONDS:
            return (
                f"The connection to Slack was lost {_LOST_SECONDS // 60} minutes ago and could not "
                "be made again: check the network, and start Copydesk again."
            )


def _stop(door: Door, executor: ThreadPoolExecutor, courier: Courier) -> None:
    # A connection that is drained, and still open, would be sent clicks that nobody takes.
    finished = finish([door.drain, door.close, executor.shutdown], _FINISH_SECONDS)
    if not finished:
        finish([door.close], _CLOSE_SECONDS)  # the drain may be what did not
    courier.stop(_COURIER_STOP_SECONDS)
    if not finished:
        # Python would wait for these threads for ever. The record is safe: a click that was not
        # answered was either committed whole or not at all.
        log.warning("Some clicks did not finish in %d seconds; ending anyway.", _FINISH_SECONDS)
        sys.stderr.flush()
        os._exit(1)
