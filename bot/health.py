"""How this process is, for whoever watches over it."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import storage
from bot.doors import Door, NoDoor
from handlers.courier import Courier
from storage import condition
from web.health import OK, Metrics, Report, build_health_app
from web.server import WebServer

log = logging.getLogger(__name__)

# A tick that does what has fallen due in one step takes seconds at the worst; one that hangs for so
# long won't come back, and with it nothing falls due any more.
_TICK_SECONDS = 120
# Who watches gives up after a second or more, in most cases after 5.
_DATABASE_SECONDS = 2.0
_AGAIN_SECONDS = 1.0


class Vitals:
    """What the parts of this process say of themselves."""

    def __init__(self, store: storage.Store, courier: Courier) -> None:
        self._courier = courier
        self._door: Door = NoDoor()
        self._database = Probe(lambda: _database(store))
        self._ticked_at = time.monotonic()
        self._is_stopping = False

    def watch(self, door: Door) -> None:
        """This is how Slack's requests come in."""
        self._door = door

    def tick(self) -> None:
        """The timer has come round."""
        self._ticked_at = time.monotonic()

    def stop(self) -> None:
        """It takes nothing new any more."""
        self._is_stopping = True

    def alive(self) -> Report:
        """Whether what runs in the background still does."""
        age = time.monotonic() - self._ticked_at
        return Report(
            {
                "courier": OK if self._courier.is_alive() else "it has ended",
                "timer": OK if age < _TICK_SECONDS else f"its last tick was {age:.0f} s ago",
            }
        )

    def ready(self) -> Report:
        """Whether it can take work: Slack reaches it, and it reaches the record."""
        return Report(
            {
                "process": "it is stopping" if self._is_stopping else OK,
                "slack": OK if self._door.is_open() else "there is no connection",
                "database": self._database.answer(),
            }
        )


def _database(store: storage.Store) -> str:
    try:
        return OK if condition.is_ready(store) else "its tables are not those of this version"
    except storage.Unavailable as error:
        return f"it can't be used just now ({error.trouble})"
    except Exception as error:
        # Whatever the driver meets; in its own words there may be an address.
        return f"it does not answer ({type(error).__name__})"


def serve_health(
    vitals: Vitals,
    metrics: Metrics | None,
    listening: socket.socket,
    ended: Callable[[], None],
) -> WebServer:
    """Answers those who watch, at a port of their own."""
    server = WebServer(build_health_app(vitals, metrics), listening, ended)
    server.start()
    log.info("Health is told at port %d.", server.port)
    return server


class Probe:
    """Asks a question on a thread of its own, one at a time and once a second at the most, so that
    whoever wants the answer has one in time, even if it hangs."""

    def __init__(self, ask: Callable[[], str], seconds: float = _DATABASE_SECONDS) -> None:
        self._ask = ask
        self._seconds = seconds
        self._lock = threading.Lock()
        self._asked_at = 0.0
        self._running: Future[str] | None = None

    def answer(self) -> str:
        """The answer, or that there was none."""
        with self._lock:
            now = time.monotonic()
            if self._running is None or (
                self._running.done() and now - self._asked_at > _AGAIN_SECONDS
            ):
                self._asked_at = now
                self._running = Future()
                threading.Thread(
                    target=self._run, args=(self._running,), daemon=True, name="probe"
                ).start()
            running = self._running
        try:
            return running.result(self._seconds)
        except TimeoutError:
            return f"no answer within {self._seconds:g} s"

    def _run(self, answer: Future[str]) -> None:
        try:
            answer.set_result(self._ask())
        except BaseException as error:
            answer.set_exception(error)
            raise
