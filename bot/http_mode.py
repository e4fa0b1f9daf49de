"""HTTP mode: Slack sends its requests to a port of this machine, by way of somebody's https."""

import errno
import logging
import os
import socket
from collections.abc import Callable

from slack_bolt import App

from bot.access import Http, SettingsError
from web.app import Pages, build_app
from web.health import Health
from web.server import WebServer, listen
from web.slack_events import SlackEvents

log = logging.getLogger(__name__)


def take_port(port: int, setting: str = "PORT") -> socket.socket:
    """The port of a setting, taken before anything is asked of Slack. Raises SettingsError."""
    try:
        return listen(port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"The port {port} is taken by another program: is Copydesk running already? End "
                f"that one, or set {setting} to another port."
            ) from error
        raise SettingsError(
            f"The port {port} cannot be opened ({os.strerror(error.errno or 0)}): set {setting} to "
            "another one, from 1024 upwards."
        ) from error


class HttpDoor:
    """Feeds a Bolt app with the requests that Slack has signed."""

    def __init__(
        self,
        app: App,
        door: Http,
        listening: socket.socket,
        health: Health,
        ended: Callable[[], None],
        pages: Pages = (),
    ) -> None:
        self._events = SlackEvents(app.dispatch)
        served = build_app(self._events, door.signing_secret.reveal(), health, pages)
        self._server = WebServer(served, listening, ended)
        self._server.start()
        log.info("Slack's requests are taken at POST /slack/events, port %d.", self._server.port)

    def seconds_without_connection(self) -> float:
        """There is none to lose; `ended` is called where the server fails."""
        return 0.0

    def is_open(self) -> bool:
        """Until it is asked to stop."""
        return self._server.is_taking()

    def drain(self) -> None:
        """Takes no new request, and returns once those that came are answered."""
        self._server.drain()
        self._events.close()

    def close(self) -> None:
        """All is closed once it is drained."""
