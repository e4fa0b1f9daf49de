"""Why a request is turned away at the door, and what is logged of it."""

from __future__ import annotations

import logging
import threading
import time
from enum import Enum

log = logging.getLogger(__name__)

_AGAIN_SECONDS = 60


class Refusal(Enum):
    """Why a request is turned away: the status it gets, and what a log says."""

    MALFORMED = 400, "it is malformed"
    UNSIGNED = 401, "it is not signed"
    NOT_SIGNED_BY_SLACK = 401, "its signature is not made with SLACK_SIGNING_SECRET"
    STALE = 401, "it was signed over 5 minutes ago, by this machine's clock"
    WRONG_METHOD = 405, "nothing is here for its method"
    TOO_SLOW = 408, "its body came too slowly"
    TOO_LARGE = 413, "it is too large"
    WRONG_TYPE = 415, "its content type is not one of Slack's"
    TOO_MANY = 503, "too many came at once"
    TOO_LATE = 503, "it waited too long to be begun"
    UNREADABLE = 400, "Slack signed it, and it cannot be read"

    @property
    def status(self) -> int:
        """HTTP's."""
        return self.value[0]


# These may be Slack's own, refused for a secret or a clock that is wrong here. The rest is noise.
_WORTH_A_WARNING = {
    Refusal.NOT_SIGNED_BY_SLACK,
    Refusal.STALE,
    Refusal.TOO_MANY,
    Refusal.TOO_LATE,
    Refusal.UNREADABLE,
}


class RefusalLog:
    """Notes refusals, each kind once a minute, with how many came in between; of the requests
    themselves it says nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._said_at: dict[Refusal, float] = {}
        self._unsaid: dict[Refusal, int] = {}

    def note(self, refusal: Refusal) -> None:
        """One more of a kind. May be called from any thread."""
        with self._lock:
            now = time.monotonic()
            said_at = self._said_at.get(refusal)
            if said_at is not None and now - said_at < _AGAIN_SECONDS:
                self._unsaid[refusal] = self._unsaid.get(refusal, 0) + 1
                return
            self._said_at[refusal] = now
            more = self._unsaid.pop(refusal, 0)
        status, why = refusal.value
        level = logging.WARNING if refusal in _WORTH_A_WARNING else logging.INFO
        log.log(level, "Refused a request with %d: %s; %d more since last said.", status, why, more)
