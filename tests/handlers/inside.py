"""Payloads handed to the bot without a socket, and everything that came of each."""

from __future__ import annotations

import copy
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_bolt.request import BoltRequest

import handlers
from playground import core, deliveries, forms
from playground.responses import ResponseUrls, checked_content
from playground.traffic import Direction
from playground.views import View
from tests.handlers import twin
from tests.handlers.world import World
from tests.player import Json
from tests.playground.conftest import BesideTheTest


class AtOnce(ThreadPoolExecutor):
    """Does what is said later at once, so that all of an answer is there when the call returns."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Unreadable(Exception):
    """Bolt can't even tell whose payload it is; no door lets it through."""


class _Waits:
    """In the courier's place: what is to be told is told when a test says so."""

    def wake(self) -> None:
        """Not yet."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody can do: for which listener, and the payload of it as Slack would
    send it. `stack` are the modals that are on their screen then."""

    kind: str
    name: str
    person: str
    payload: Json = field(repr=False)
    stack: tuple[View, ...] = field(default=(), repr=False)

    @property
    def listener(self) -> tuple[str, str]:
        return self.kind, self.name

    def __str__(self) -> str:
        return f"{self.kind} {self.name} by {self.person}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a payload: the acknowledgement, the bot's calls (with their answers), what it
    logged, and whether the record changed."""

    status: int
    body: Any
    calls: tuple[Json, ...]
    problems: tuple[str, ...]
    logged: tuple[logging.LogRecord, ...] = field(default=())
    changed: bool = False

    @property
    def unforeseen(self) -> list[str]:
        return [r.getMessage() for r in self.logged if r.levelno >= logging.ERROR]

    @property
    def is_answered(self) -> bool:
        """Whether who did it sees something: said, opened, drawn, or written down to be drawn."""
        showing = ("views.open", "views.push", "views.update", "chat.postEphemeral", "response_url")
        shown = any(call["method"] in showing and call["ok"] for call in self.calls)
        return bool(self.body) or shown or self.changed

    @property
    def told(self) -> str:
        """All that left the bot: the acknowledgement and what it sent to Slack."""
        return json.dumps([self.body, [call["args"] for call in self.calls]])


class Inside:
    """The bot's app over a played world, called directly."""

    def __init__(self, world: World, folder: Path, urls: ResponseUrls) -> None:
        assert isinstance(world.playground, BesideTheTest)
        self.world = world
        self.pg: core.Playground = world.playground.inside
        self.urls = urls
        self.path = folder / "copydesk.db"
        self._executor = AtOnce(1)
        self._courier = _Waits()
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self.begin_anew()
        with self._open() as database:
            twin.settle_in(database)
            self.other_ids = twin.known(database)
        self.keep()

    def begin_anew(self) -> None:
        """The bot as after a start: it remembers no more than what is in the record."""
        world = self.world
        self.app = handlers.build_app(
            world.clients, world.store, self._courier, world.clock, self._executor
        )

    def close(self) -> None:
        self._kept.close()
        self._executor.shutdown()

    # The record.

    def keep(self) -> None:
        """What `restore` goes back to."""
        with self._open() as database:
            database.backup(self._kept)

    def restore(self) -> None:
        with self._open() as database:
            self._kept.backup(database)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=20)
        try:
            yield database
        finally:
            database.close()

    def others(self) -> twin.Rows:
        """All that belongs to the second workspace, as it stands."""
        with self._open() as database:
            return twin.rows(database, self.other_ids)

    def record(self) -> twin.Rows:
        """All that there is, as it stands."""
        with self._open() as database:
            return twin.all_rows(database)

    def _changes(self) -> int:
        """Grows with each change of the record, whoever makes it."""
        if not hasattr(self, "_watching"):
            self._watching = sqlite3.connect(self.path, check_same_thread=False)
        return int(self._watching.execute("PRAGMA data_version").fetchone()[0])

    # Doing.

    def does(self, deed: Deed) -> Seen:
        """As `hands_over`, with the payload as it is."""
        return self.hands_over(deed, self.fresh(deed))

    def fresh(self, deed: Deed) -> Json:
        """The deed's payload, with a trigger that still works."""
        payload = copy.deepcopy(deed.payload)
        if "trigger_id" in payload:
            payload["trigger_id"] = self.pg.new_trigger(deed.person)
        return payload

    def hands_over(self, deed: Deed, payload: Json, *, delivers: bool = False) -> Seen:
        """Hands this payload to the bot, with the deed's view on that person's screen. `delivers`:
        and has the courier tell what came of it."""
        self.pg.views.clear(deed.person)
        self.pg.views.stack(deed.person).extend(copy.deepcopy(deed.stack))
        before = self.pg.traffic.entries[-1].n if self.pg.traffic.entries else 0
        changes = self._changes()
        try:
            request = BoltRequest(mode="socket_mode", body=payload)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise Unreadable from error
        with collected() as logged:
            done = self.app.dispatch(request)
            changed = self._changes() != changes
            if delivers and changed:
                self.world.courier.wake()
                self.world.settle()
        body = _read(done.body)
        # A copy: what else is under way adds to them.
        entries = [e for e in self.pg.traffic.entries.copy() if e.n > before]
        calls = [e for e in entries if e.direction is Direction.OUT]
        return Seen(
            status=done.status,
            body=body,
            calls=tuple(
                {"method": e.name, "ok": e.ok, **e.detail, "problem": e.problem} for e in calls
            ),
            problems=(
                *(f"{e.name}: {e.problem}" for e in calls if e.problem),
                *self._in(deed, body),
            ),
            logged=tuple(logged),
            changed=changed,
        )

    def _in(self, deed: Deed, body: Any) -> list[str]:
        """What Slack would not take of an acknowledgement."""
        if not body:
            return []
        if deed.kind == "command":
            try:
                checked_content(self.pg, body)
            except core.ApiError as refused:
                return [f"ack: {refused.code} {refused.messages}"]
            return []
        if deed.kind == "options":
            return [f"ack: {p}" for p in deliveries._suggestion_problems(body)]
        if deed.kind == "form":
            person = self.pg.workspace.people[deed.person]
            found = forms.problems(self.pg, person, deed.stack[-1], body)
            return [f"ack: {p}" for p in found]
        return [f"ack: a body where Slack reads none: {body}"]


def _read(body: str) -> Any:
    """An acknowledgement's payload: JSON, or a text alone."""
    if not body:
        return None
    return json.loads(body) if body.startswith("{") else {"text": body}


@contextmanager
def collected() -> Iterator[list[logging.LogRecord]]:
    """Whatever is logged meanwhile, by whom ever."""
    found: list[logging.LogRecord] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record)

    keeper = Keeper()
    root = logging.getLogger()
    root.addHandler(keeper)
    try:
        yield found
    finally:
        root.removeHandler(keeper)
