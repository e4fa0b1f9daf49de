"""The timer: APScheduler ticks, and what is due is found in our own tables.

Its job store is not used: it drops jobs that are a second late, loses them at a kill and can't be
shared by several processes (measured; see CONTRIBUTING.md).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

from storage import Unavailable

log = logging.getLogger(__name__)

_SECONDS = 1


def start_ticking(tick: Callable[[], bool]) -> Callable[[], None]:
    """Calls `tick` every second on a thread of its own, and at once again where it returns that
    there is more; returns what ends it, once the running tick is through.

    A database that can't be used is logged once, and once more when it can: what is due waits.
    """
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    stopping = threading.Event()
    without_database = threading.Event()

    def ticks() -> None:
        try:
            while tick() and not stopping.is_set():
                pass
        except Unavailable as error:
            if not without_database.is_set():
                log.error("What falls due waits. %s", error)
            without_database.set()
        else:
            if without_database.is_set():
                log.info("The database can be used again.")
            without_database.clear()

    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(ticks, "interval", seconds=_SECONDS, coalesce=True, max_instances=1)
    scheduler.start()

    def stop() -> None:
        stopping.set()
        scheduler.shutdown(wait=True)

    return stop
