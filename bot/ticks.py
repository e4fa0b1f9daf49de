"""The timer: APScheduler ticks, and what is due is found in our own tables.

Its job store is not used: it drops jobs that are a second late, loses them at a kill and can't be
shared by several processes (measured; see CONTRIBUTING.md).
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

_SECONDS = 1


def start_ticking(tick: Callable[[], None]) -> Callable[[], None]:
    """Calls `tick` every second on a thread of its own; returns what ends it."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(tick, "interval", seconds=_SECONDS, coalesce=True, max_instances=1)
    scheduler.start()

    def stop() -> None:
        scheduler.shutdown(wait=False)

    return stop
