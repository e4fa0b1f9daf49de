"""The bots of a day, and what goes wrong with them, with Slack and with what lies between."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from tests.faults.script import Trouble, Wrong
from tests.flows.house import TELLING, House
from tests.flows.launcher import Bot, Pace
from tests.player import wait_until

LEASE_SECONDS = 4.0
RETRY_AFTER_SECONDS = 120
# Two seconds of those two minutes are waited.
PACE = Pace(
    lease=LEASE_SECONDS,
    courier_timeout=1.0,
    click_timeout=1.0,
    settle=1.0,
    tick=0.1,
    ping=0.5,
    retry_after=2 / RETRY_AFTER_SECONDS,
    database=10.0,
)
# Longer than the timeouts above, shorter than those and what a lost reply is left alone for.
SLOW_SECONDS = 1.3
START_SECONDS = 30.0


@dataclass(slots=True)
class Window:
    """When something was wrong, in unix seconds. `exit_code`: of a bot that was asked to end."""

    wrong: Wrong
    began: float
    ended: float = 0.0
    exit_code: int | None = None


class Fleet:
    """The processes, each of which is started anew when it has ended, as a supervisor does."""

    def __init__(self, house: House, count: int) -> None:
        self._house = house
        self._bots = [self._started() for _ in range(count)]

    def __len__(self) -> int:
        return len(self._bots)

    def __getitem__(self, which: int) -> Bot:
        return self._bots[which]

    def _started(self) -> Bot:
        bot = self._house.bot(pace=PACE)
        bot.process.start()
        return bot

    def start_anew(self, which: int) -> None:
        """In the place of one that has ended."""
        self._bots[which] = self._started()

    def supervise(self) -> None:
        """Starts anew whatever has ended."""
        for which, bot in enumerate(self._bots):
            if not bot.process.is_alive():
                self.start_anew(which)

    def wait_connected(self) -> None:
        """Returns once each has a connection."""

        def connected() -> bool:
            self.supervise()
            return self._house.door.reached() >= len(self)

        wait_until(connected, "all bots are connected", START_SECONDS)

    def stop(self) -> list[int]:
        """Asks all of them to end; their exit codes."""
        for bot in self._bots:
            bot.signal(signal.SIGTERM)
        return [bot.wait() for bot in self._bots]

    def end(self) -> None:
        """Leaves nothing behind."""
        for bot in self._bots:
            if bot.process.is_alive():
                bot.kill()


@dataclass
class Troubles:
    """Begins what a script orders, and ends it with the scene."""

    house: House
    fleet: Fleet
    windows: list[Window] = field(default_factory=list)
    _to_end: list[Callable[[], object]] = field(default_factory=list)
    _to_let_go: list[Callable[[], object]] = field(default_factory=list)

    def begin(self, wrong: Wrong) -> None:
        """Begins one; what can't be there twice at once is left out."""
        window = Window(wrong, time.time())
        self.windows.append(window)
        {
            Trouble.KILL: self._kill,
            Trouble.TERM: self._term,
            Trouble.FREEZE: self._freeze,
            Trouble.DROP: self._drop,
            Trouble.REFRESH: self._refresh,
            Trouble.HALF_OPEN: self._half_open,
            Trouble.HOLD: self._hold,
            Trouble.FAULT: self._fault,
            Trouble.AGAIN: self._again,
            Trouble.HOLD_BACK: self._hold_back,
            Trouble.REVOKE: self._revoke,
            Trouble.CLOCK: self._move_clock,
        }[wrong.trouble](window)

    def end(self) -> None:
        """All of it, the latest first; but before anything is waited for, what keeps a bot from
        coming back."""
        for ends in (self._to_let_go, self._to_end):
            while ends:
                ends.pop()()
        self.fleet.wait_connected()
        for window in self.windows:
            window.ended = window.ended or time.time()

    def _kill(self, window: Window) -> None:
        which = window.wrong.which
        self.fleet[which].kill()
        if window.wrong.picks[0] < 0.7:  # else with the end of the scene
            self.fleet.start_anew(which)

    def _term(self, window: Window) -> None:
        which = window.wrong.which
        bot = self.fleet[which]
        if bot.process.is_alive():
            bot.signal(signal.SIGCONT)  # it may stand still
            window.exit_code = bot.stop()
        self.fleet.start_anew(which)

    def _freeze(self, window: Window) -> None:
        bot = self.fleet[window.wrong.which]
        if not bot.process.is_alive():
            return
        bot.signal(signal.SIGSTOP)
        past = time.monotonic() + LEASE_SECONDS + 0.5

        def go_on() -> None:
            wait_until(lambda: time.monotonic() > past, "its leases have run out")
            if bot.process.is_alive():
                bot.signal(signal.SIGCONT)

        self._to_end.append(go_on)

    def _drop(self, _window: Window) -> None:
        self.house.playground.drop_sockets()

    def _refresh(self, _window: Window) -> None:
        self.house.playground.refresh_sockets()

    def _half_open(self, _window: Window) -> None:
        playground = self.house.playground
        since = playground.log()[-1]["n"]
        playground.deafen_sockets(answers_pings=False)

        def has_noticed() -> bool:
            self.fleet.supervise()
            return any(entry["name"] == "connected" for entry in playground.log(since))

        self._to_end.append(lambda: wait_until(has_noticed, "a bot connects anew", START_SECONDS))

    def _hold(self, window: Window) -> None:
        """Slack takes a call and doesn't answer. What is told it has done: what it would do only
        after all patience is at an end nobody could know of."""
        method = window.wrong.method
        at = "after" if method in TELLING else "before"
        self.house.hold(method, at, window.wrong.count)
        self._to_let_go.append(lambda: self.house.playground.release(method))

    def _fault(self, window: Window) -> None:
        wrong = window.wrong
        self.house.playground.fault(
            wrong.method,
            wrong.fault,
            count=wrong.count,
            retry_after=RETRY_AFTER_SECONDS,
            seconds=SLOW_SECONDS,
        )
        window.ended = float("inf")  # until it is met

    def _again(self, window: Window) -> None:
        """The last few envelopes, in another order, one after the other or all at once."""
        sent = [e for e in self.house.playground.log() if "payload" in e["detail"]]
        picks = window.wrong.picks
        ids = dict.fromkeys(entry["detail"]["envelope_id"] for entry in sent[-8:])
        self._deliver(_in_another_order(list(ids), picks)[: 1 + int(picks[1] * 5)], picks)

    def _hold_back(self, window: Window) -> None:
        playground = self.house.playground
        since = playground.log()[-1]["n"]
        playground.limits(holds_back=True)

        def deliver() -> None:
            playground.limits(holds_back=False)
            self.fleet.wait_connected()
            held = [e for e in playground.log(since) if "held back" in (e["problem"] or "")]
            ids = list(dict.fromkeys(entry["detail"]["envelope_id"] for entry in held))
            self._deliver(_in_another_order(ids, window.wrong.picks), window.wrong.picks)

        self._to_end.append(deliver)

    def _deliver(self, envelopes: list[str], picks: tuple[float, ...]) -> None:
        retry = {"retry_attempt": 1, "retry_reason": "timeout"}
        with ThreadPoolExecutor(4 if picks[2] < 0.5 else 1) as pool:
            for envelope in envelopes:
                pool.submit(self.house.playground.redeliver, envelope, **retry)

    def _revoke(self, _window: Window) -> None:
        self.house.playground.revoke_tokens()
        self._to_let_go.append(lambda: self.house.playground.revoke_tokens(False))

    def _move_clock(self, window: Window) -> None:
        minutes = -20 + int(window.wrong.picks[0] * 80)
        self.house.playground.move_clock(by=timedelta(minutes=minutes))


def _in_another_order(these: list[str], picks: tuple[float, ...]) -> list[str]:
    return [one for _, one in sorted(zip(picks * 10, these, strict=False))]


class Progress:
    """How many acts of a scene are done."""

    def __init__(self) -> None:
        self._done = 0
        self._changed = threading.Condition()

    def one_more(self) -> None:
        with self._changed:
            self._done += 1
            self._changed.notify_all()

    def wait(self, done: int, timeout: float) -> None:
        """Returns once so many are done, or after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._done >= done, timeout)
