"""What time it is by the calendar: this machine's, or a playground's, which can be moved.

What must not move with it asks for real time itself: leases, lanes, Retry-After, timeouts.
"""

import http.client
import json
import logging
import secrets
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from bot.errors import CannotStart

log = logging.getLogger(__name__)

# A playground answers after 20 s at the latest.
_TIMEOUT_SECONDS = 30
_AGAIN_SECONDS = 1


def utc_now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


class PlaygroundClock:
    """Goes by a playground's calendar. Asking for the time costs no call: a thread of its own
    waits for the playground to say that it was moved (see `playground/clock.py`)."""

    def __init__(self, url: str) -> None:
        """Raises CannotStart where nobody answers with a time."""
        self._url = urlsplit(url)
        self._name = secrets.token_hex(8)
        self._connection = self._connect()
        self._stopped = threading.Event()
        self._version = ""
        self._ahead = timedelta()
        try:
            self._take(self._ask())
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
            raise CannotStart(
                f"The clock at CLOCK_URL ({url}) does not answer with a time: start the "
                "playground first, or leave CLOCK_URL out."
            ) from error

    def now(self) -> datetime:
        """The calendar's time, in UTC."""
        return utc_now() + self._ahead

    def follow(self) -> None:
        """Keeps to the playground's calendar from now on; what falls due is found by the next
        tick after a move."""
        threading.Thread(target=self._follow, daemon=True, name="clock").start()

    def stop(self) -> None:
        """Stops following."""
        self._stopped.set()
        if self._connection.sock is not None:
            with suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)

    def _follow(self) -> None:
        while not self._stopped.is_set():
            try:
                self._take(self._ask())
            except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
                if self._stopped.is_set():
                    return
                log.warning("The playground's clock does not answer; going on by the last it said.")
                self._connection.close()
                self._connection = self._connect()
                self._stopped.wait(_AGAIN_SECONDS)

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        return http.client.HTTPConnection(host, port, timeout=_TIMEOUT_SECONDS)

    def _ask(self) -> dict[str, object]:
        """What time it is there, once that is another than we know."""
        query = urlencode({"follower": self._name, "seen": self._version})
        self._connection.request("GET", f"{self._url.path or '/'}?{query}")
        answer = json.load(self._connection.getresponse())
        assert isinstance(answer, dict)
        return answer

    def _take(self, answer: dict[str, object]) -> None:
        """Goes by what was answered."""
        self._ahead = timedelta(seconds=float(str(answer["ahead_seconds"])))
        self._version = str(answer["version"])
