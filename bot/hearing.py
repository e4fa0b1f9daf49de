"""Whether a Socket Mode session still hears Slack, and what to do where it may not.

A session can go deaf in two ways. Its TCP connection is half-open: nothing comes any more, not even
the answers to our pings, and no end either. Or pings are answered by whatever stands before Slack's
own servers, and yet nothing that people do arrives; that can't be told from a quiet night
(github.com/slackapi/node-slack-sdk/issues/1652, github.com/slackapi/bolt-python/issues/1529).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

SILENT_SECONDS = 15.0
"""Three pings unanswered. slack_sdk's own watch waits for the first answer before it counts, so
that a connection which never gave one is never replaced."""

QUIET_SECONDS = 600.0
"""Without a click, a command or an event for so long, a new session costs nothing: Slack allows an
`apps.connections.open` each minute and ten connections at once."""

AGAIN_SECONDS = 5.0
"""From a first try for a new session that failed to the second; between others it is twice as long
each time. Where Slack has asked for it, the old one lasts about ten seconds."""

LONGEST_AGAIN_SECONDS = 60.0


class Remedy(Enum):
    """REPLACE: it is dead, cut it. RENEW: another takes its place before it is let go of, because
    it may be as good as ever."""

    NONE = auto()
    REPLACE = auto()
    RENEW = auto()


@dataclass(slots=True)
class Hearing:
    """What was heard last, in seconds of a clock that only runs forward.

    `heard_at`: anything at all, on whichever session. `told_at`: something that somebody did.
    `connected_at`: when the present session began. `failures`: how often another could not be made
    in its place since then, at last at `failed_at`.
    """

    connected_at: float
    heard_at: float
    told_at: float
    failures: int = 0
    failed_at: float = 0.0

    def remedy(self, now: float) -> Remedy:
        """What the present session needs."""
        if now - max(self.heard_at, self.connected_at) > SILENT_SECONDS:
            return Remedy.REPLACE
        if now - max(self.told_at, self.connected_at) > QUIET_SECONDS:
            return Remedy.RENEW
        if self.failures and now - self.failed_at > self._patience():
            return Remedy.RENEW
        return Remedy.NONE

    def _patience(self) -> float:
        return min(AGAIN_SECONDS * 2.0 ** (self.failures - 1), LONGEST_AGAIN_SECONDS)

    def seconds_deaf(self, now: float) -> float:
        """For how long nothing has been heard; 0.0 while that is no reason to worry. A handshake
        alone is no proof: what stands between may make it and pass nothing on."""
        silent = now - self.heard_at
        return silent if silent > SILENT_SECONDS else 0.0
