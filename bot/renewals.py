"""Keeps the tokens of all workspaces fresh, so that nobody's click has to wait for a new one."""

import logging
import threading
from collections.abc import Callable, Iterable

from slack_sdk.errors import SlackClientError

from handlers.clients import Clients
from storage import Unavailable

log = logging.getLogger(__name__)

_SECONDS = 60.0
_END_SECONDS = 1.0


def start_renewing(clients: Clients, teams: Callable[[], Iterable[str]]) -> Callable[[], None]:
    """Looks at each workspace's token at once, as it may have run out while no process ran, and
    then once a minute; on a thread of its own, as a call may take long. Returns the function that
    ends it."""
    ending = threading.Event()

    def renew() -> None:
        while not ending.is_set():
            try:
                for team_id in teams():
                    _look(clients, team_id)
            except Unavailable:
                pass  # the timer says so
            except Exception:
                log.exception("the installations can't be read; trying again")
            ending.wait(_SECONDS)

    thread = threading.Thread(target=renew, daemon=True, name="renewals")
    thread.start()

    def end() -> None:
        ending.set()
        thread.join(_END_SECONDS)

    return end


def _look(clients: Clients, team_id: str) -> None:
    try:
        clients.of(team_id)
    except SlackClientError as error:
        log.warning("Nothing can be said in %s just now: %s", team_id, error)
