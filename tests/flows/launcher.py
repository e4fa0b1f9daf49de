"""The bot of a flow test: a process of its own, which can stand still or fail at a named point.

    with Bot(tmp_path, settings, stops_at=Point.CLAIMED) as bot:
        ...
        bot.wait_stopped()      # a thread of the bot has come there, and goes no further
        bot.kill()              # kill -9
    with Bot(tmp_path, settings) as bot:
        ...
        assert bot.stop() == 0  # SIGTERM

It runs what `python -m bot` runs. The points are made here, around functions of the bot: the
product has no hooks for them. Processes are forked from one that has imported the bot, which saves
most of a start.
"""

from __future__ import annotations

import functools
import importlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.player import DEADLINE_SECONDS, wait_until

END_SECONDS = 30.0


class Point(StrEnum):
    """Where a thread of the bot stands still, or fails: before or after a function."""

    DECIDED = "after operations.reviews.decide"
    CREATED = "after operations.drafts.create"
    UNCLAIMED = "before operations.deliveries.claim"
    CLAIMED = "before handlers.courier.courier.draw"
    DRAWN = "after handlers.courier.courier.draw"
    REPLIED = "before operations.deliveries.posted"
    UPDATED = "before operations.deliveries.drawn"
    POSTED = "after operations.deliveries.posted"
    REMINDED = "after operations.reminding._tell"
    ANSWERING = "before handlers.voice.escape"
    HANDED_OFF = "after operations.publish_times.hand_off"


@dataclass(frozen=True, slots=True)
class Pace:
    """The bot's patience, in seconds. Tests shorten it where a call hangs, and where it doesn't
    matter; what a busy machine may take longer for is left as it is. `retry_after`: how much of
    what Slack asks for with a 429 is waited, as a part of it. `database`: how long it is waited for
    where others write, if not as long as it is by itself."""

    lease: float = 60.0
    settle: float = 0.5
    first_wait: float = 0.1
    courier_timeout: float = 10.0
    click_timeout: float = 2.0
    between_messages: float = 0.02
    tick: float = 0.2
    ping: float = 1.0
    retry_after: float = 1.0
    ahead: float = 7200.0
    renewals: float = 60.0
    database: float | None = None


class Bot:
    """A running bot, ended on leaving the `with`. `settings` are environment variables, `command`
    what `python -m bot` is told; what it logs is added to the file `log` in `folder`. It stands
    still each time it comes to the point `stops_at`, and raises an error the first time that it
    comes to `fails_at`."""

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        *,
        stops_at: Point | None = None,
        fails_at: Point | None = None,
        pace: Pace | None = None,
        command: tuple[str, ...] = (),
    ) -> None:
        self._folder = folder
        self._stopped = folder / f"stopped-{os.urandom(4).hex()}"
        self._go_on = self._stopped.with_suffix(".go")
        os.mkfifo(self._go_on)
        points = (stops_at, self._stopped, fails_at)
        arguments = (folder, dict(settings), points, pace or Pace(), command)
        self.process = _forks().Process(target=_run, args=arguments, daemon=True)

    def __enter__(self) -> Self:
        self.process.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.is_alive():
            self.kill()

    @property
    def log(self) -> str:
        """What it, and those before it in this folder, logged."""
        path = self._folder / "log"
        return path.read_text("utf-8") if path.exists() else ""

    def stopped(self) -> int:
        """How many threads stand still at the point."""
        return self._stopped.read_text().count("\n") if self._stopped.exists() else 0

    def wait_stopped(self, threads: int = 1) -> None:
        """Returns once so many threads have come to the point."""
        wait_until(lambda: self.stopped() >= threads, "the bot comes to the point")

    def go_on(self) -> None:
        """Lets the threads that stand still go on."""
        self._go_on.open("w").close()

    def signal(self, number: signal.Signals) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self.process.kill()
        self.process.join(END_SECONDS)

    def stop(self) -> int:
        """Asks it to end, with SIGTERM; its exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Its exit code, once it has ended by itself."""
        wait_until(lambda: not self.process.is_alive(), "the bot ends", 2 * DEADLINE_SECONDS)
        assert self.process.exitcode is not None
        return self.process.exitcode


@functools.cache
def _forks() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bot.cli", __name__])
    return context


def _run(
    folder: Path,
    settings: dict[str, str],
    points: tuple[Point | None, Path, Point | None],
    pace: Pace,
    command: tuple[str, ...],
) -> None:
    """In the new process: `python -m bot` with the point put in."""
    os.chdir(folder)
    log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    os.environ.update(settings)
    _set_pace(pace)
    stops_at, stopped, fails_at = points
    if stops_at is not None:
        _put_in(stops_at, functools.partial(_stand_still, stops_at, stopped))
    if fails_at is not None:
        _put_in(fails_at, functools.partial(_fail_once, iter([True])))
    from bot.cli import main

    main(args=list(command), prog_name="python -m bot")


def _set_pace(pace: Pace) -> None:
    import bot.renewals
    import bot.run
    import bot.socket_mode
    import bot.ticks
    import bot.workspaces
    from bot import socket_client
    from handlers.courier import Courier, courier, lanes, verdicts
    from storage import engine

    first_wait = timedelta(seconds=pace.first_wait)
    values: list[tuple[Any, str, Any]] = [
        (bot.workspaces, "_COURIER_TIMEOUT_SECONDS", pace.courier_timeout),
        (bot.workspaces, "_CLICK_TIMEOUT_SECONDS", pace.click_timeout),
        (bot.workspaces, "_AHEAD", timedelta(seconds=pace.ahead)),
        (bot.socket_mode, "_PING_SECONDS", pace.ping),
        (bot.renewals, "_SECONDS", pace.renewals),
        (bot.ticks, "_SECONDS", pace.tick),
        (courier, "_FIRST_WAIT", first_wait),
        (lanes, "_PER_CHANNEL_SECONDS", pace.between_messages),
    ]
    if pace.database is not None:
        values += [(engine, name, pace.database) for name in ("_CLICK_SECONDS", "_LOCK_SECONDS")]
    for module, name, value in values:
        assert hasattr(module, name), name
        setattr(module, name, value)
    vars(verdicts)["_answered"] = functools.partial(_sooner, verdicts._answered, pace.retry_after)
    patience = socket_client._patience_seconds
    vars(socket_client)["_patience_seconds"] = lambda error: patience(error) * pace.retry_after
    lease, settle = timedelta(seconds=pace.lease), timedelta(seconds=pace.settle)
    paced = functools.partial(Courier, lease=lease, settle=settle)
    vars(bot.run)["Courier"] = paced


def _sooner(answered: Callable[[Any], Any], part: float, error: Exception) -> Any:
    """What Slack's answer says, with so much of its Retry-After."""
    failed = answered(error)
    if failed.retry_after is None:
        return failed
    return replace(failed, retry_after=failed.retry_after * part)


def _stand_still(point: Point, stopped: Path) -> None:
    with stopped.open("a") as file:
        file.write(f"{point}\n")
    stopped.with_suffix(".go").open().close()  # until somebody opens its other end


def _fail_once(first: Iterator[bool]) -> None:
    if next(first, False):
        raise OSError("a flow test wants this to fail")


def _put_in(point: Point, happens: Callable[[], None]) -> None:
    side, _, path = point.partition(" ")
    module_name, _, name = path.rpartition(".")
    module = importlib.import_module(module_name)
    inner: Callable[..., Any] = getattr(module, name)

    @functools.wraps(inner)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if side == "before":
            happens()
        result = inner(*args, **kwargs)
        if side == "after":
            happens()
        return result

    setattr(module, name, wrapped)
