"""How often Slack lets an app call a method. Off, until a test or a measurement asks for it.

The tiers are those of each method's page, taken at their word: so many calls in any sixty seconds,
without the bursts that Slack forgives. Source: docs.slack.dev/apis/web-api/rate-limits.
"""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable

from playground.workspace import Json

MINUTE_SECONDS = 60.0
PER_CHANNEL_SECONDS = 1.0
# "Several hundred messages per minute" in a workspace; Slack names no number.
MESSAGES_PER_MINUTE = 300

_TIER_2, _TIER_3, _TIER_4 = 20, 50, 100

PER_MINUTE = {
    "chat.delete": _TIER_3,
    "chat.postEphemeral": _TIER_4,
    "chat.postMessage": MESSAGES_PER_MINUTE,
    "chat.update": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.members": _TIER_4,
    "conversations.open": _TIER_3,
    "conversations.replies": _TIER_3,
    "files.info": _TIER_4,
    "reactions.add": _TIER_3,
    "users.conversations": _TIER_3,
    "users.info": _TIER_4,
    "users.list": _TIER_2,
    "views.open": _TIER_4,
    "views.publish": _TIER_4,
    "views.push": _TIER_4,
    "views.update": _TIER_4,
}


class Rates:
    """The calls that were let through lately. `are_strict`: what is too much is refused."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.are_strict = False
        self._clock = clock
        self._calls: defaultdict[str, deque[float]] = defaultdict(deque)
        self._posted: dict[str, float] = {}

    def wait(self, method: str, args: Json) -> int:
        """The whole seconds after which a call may be made again; 0 lets it through, and counts
        it."""
        if not self.are_strict:
            return 0
        now = self._clock()
        seconds = max(self._full(method, now), self._hasty(method, args, now))
        if seconds > 0:
            return math.ceil(seconds)
        self._calls[method].append(now)
        if method == "chat.postMessage":
            self._posted[str(args.get("channel"))] = now
        return 0

    def _full(self, method: str, now: float) -> float:
        calls = self._calls[method]
        while calls and calls[0] <= now - MINUTE_SECONDS:
            calls.popleft()
        is_full = method in PER_MINUTE and len(calls) >= PER_MINUTE[method]
        return calls[0] + MINUTE_SECONDS - now if is_full else 0.0

    def _hasty(self, method: str, args: Json, now: float) -> float:
        if method != "chat.postMessage":
            return 0.0
        before = self._posted.get(str(args.get("channel")), -math.inf)
        return before + PER_CHANNEL_SECONDS - now
