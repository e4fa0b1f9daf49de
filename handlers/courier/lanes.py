"""How fast Slack may be told things: about one message a second per channel, 240 a minute in all.

https://docs.slack.dev/apis/web-api/rate-limits/ names about one message a second per channel and
"several hundred" a minute per workspace; 240 leaves room for answers to clicks.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from handlers.courier.verdicts import Paused

_PER_CHANNEL_SECONDS = 1.0
_PER_MINUTE = 240
_MINUTE_SECONDS = 60.0
# Slack allows 100 a minute, of which clicks need some: docs.slack.dev/reference/methods/users.info
_METHODS_PER_MINUTE = {"users.info": 80}


class Roads:
    """The lanes of each workspace: Slack counts for each by itself, and one that is full or closed
    holds up no other. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._lanes: dict[str, Lanes] = {}

    def of(self, team_id: str) -> Lanes:
        """Those of one workspace."""
        with self._lock:
            return self._lanes.setdefault(team_id, Lanes(self._clock))

    def busy(self) -> frozenset[str]:
        """The destinations to leave alone, each after its workspace: "T1:C1"."""
        return frozenset(
            f"{team_id}:{lane}" for team_id, lanes in self._all() for lane in lanes.busy()
        )

    def full(self) -> frozenset[str]:
        """The workspaces that may not get another message just now."""
        return frozenset(team_id for team_id, lanes in self._all() if not lanes.is_open())

    def next_free(self) -> float | None:
        """In how many seconds the next destination is free; None when none is waited for."""
        ahead = [lanes.next_free() for _, lanes in self._all()]
        return min((seconds for seconds in ahead if seconds is not None), default=None)

    def _all(self) -> list[tuple[str, Lanes]]:
        with self._lock:
            return list(self._lanes.items())


class Lanes:
    """Which destinations and methods of a workspace are free. Real time; safe to share between
    threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: set[str] = set()
        self._free_at: dict[str, float] = {}
        self._paused_until: dict[str, float] = {}
        self._recent: deque[float] = deque()
        self._closed_until = float("-inf")
        self._called: defaultdict[str, deque[float]] = defaultdict(deque)

    def busy(self) -> frozenset[str]:
        """The destinations to leave alone: one message at a time, one a second."""
        now = self._clock()
        with self._lock:
            self._free_at = {lane: at for lane, at in self._free_at.items() if at > now}
            return frozenset(self._taken | self._free_at.keys())

    def is_open(self) -> bool:
        """Whether the workspace as a whole may get another message."""
        now = self._clock()
        with self._lock:
            if now < self._closed_until:
                return False
            return len(_last_minute(self._recent, now)) < _PER_MINUTE

    def close(self, seconds: float) -> None:
        """Slack doesn't let us in: nothing is to be tried for so long."""
        with self._lock:
            self._closed_until = self._clock() + seconds

    def take(self, lane: str) -> None:
        """One message is on its way there."""
        with self._lock:
            self._taken.add(lane)
            self._recent.append(self._clock())

    def leave(self, lane: str) -> None:
        """It arrived, or didn't; the next one comes a second later."""
        with self._lock:
            self._taken.discard(lane)
            self._free_at[lane] = self._clock() + _PER_CHANNEL_SECONDS

    def pause(self, method: str, seconds: float) -> None:
        """Slack said Retry-After for this method."""
        with self._lock:
            self._paused_until[method] = self._clock() + seconds

    def check(self, method: str) -> None:
        """Notes that the method is called; raises Paused while it is not to be."""
        now = self._clock()
        with self._lock:
            seconds = self._paused_until.get(method, 0.0) - now
            most = _METHODS_PER_MINUTE.get(method)
            if most is not None and seconds <= 0:
                called = _last_minute(self._called[method], now)
                if len(called) < most:
                    called.append(now)
                else:
                    seconds = called[0] + _MINUTE_SECONDS - now
        if seconds > 0:
            raise Paused(seconds)

    def next_free(self) -> float | None:
        """In how many seconds the next destination is free; None when none is waited for."""
        now = self._clock()
        with self._lock:
            ahead = [at - now for at in self._free_at.values() if at > now]
        return min(ahead, default=None)


def _last_minute(moments: deque[float], now: float) -> deque[float]:
    """The same, without those that are longer ago."""
    while moments and moments[0] <= now - _MINUTE_SECONDS:
        moments.popleft()
    return moments
