"""Listens to Slack over Socket Mode, notices a dead connection, and stops without losing clicks."""

import logging
import select
import socket
import threading
import time
from contextlib import suppress

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.interval_runner import IntervalRunner
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.access import Secret
from bot.errors import CannotStart

log = logging.getLogger(__name__)

# Pings every 5 s; a connection without a pong for four of them is replaced (slack_sdk).
_PING_SECONDS = 5
_TIMEOUT_SECONDS = 10
# slack_sdk reads a frame by recursion, once per buffer: 1 KB, its default, is too deep for a large
# form's envelope.
_BUFFER_BYTES = 64 * 1024
_HANGUP = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR


class _Client(SocketModeClient):
    """slack_sdk's, which reads a new connection at once.

    Slack asks for a new connection every few hours. slack_sdk reads from the new one only after the
    reader of the old one has woken up, up to 3 s later: a click in between was acknowledged late.
    """

    def connect(self) -> None:
        """Connects; the old connection, if any, is closed by its own thread, when it wakes."""
        old, old_reader = self.current_session, self.current_session_runner
        if old is not None:
            old.close = lambda: None  # type: ignore[method-assign]  # it would wait for the reader
        super().connect()
        if old is not None:
            old_reader.event.set()
            self.current_session_runner = IntervalRunner(self._run_current_session, 0.1).start()
            threading.Thread(target=old.disconnect, daemon=True, name="old connection").start()


class Listener:
    """One Socket Mode connection that feeds a Bolt app."""

    def __init__(self, app: App, app_token: Secret, bot_token: Secret, api_url: str) -> None:
        self._client = _Client(
            app_token=app_token.reveal(),
            logger=logging.getLogger("slack_sdk.socket_mode"),
            web_client=WebClient(
                token=bot_token.reveal(),
                base_url=api_url,
                timeout=_TIMEOUT_SECONDS,
                retry_handlers=[],
            ),
            ping_interval=_PING_SECONDS,
            receive_buffer_size=_BUFFER_BYTES,
        )
        self._client.socket_mode_request_listeners.append(self._handle)
        self._app = app
        self._hung_up = False
        self._connected_at = time.monotonic()

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time.time()
        send_response(client, request, run_bolt_app(self._app, request), started)

    def connect(self, socket_url: str) -> None:
        """Connects, with the address that `apps.connections.open` gave at the check of the tokens.

        Raises:
            CannotStart: Slack's answer named an address that cannot be connected to.
        """
        self._client.wss_uri = socket_url
        self._client.connect()
        if not self._client.is_connected():
            raise CannotStart(
                "Slack answered, but its Socket Mode address could not be connected to: check "
                "whether a proxy or firewall here stops WebSockets (wss)."
            )

    def seconds_without_connection(self) -> float:
        """0.0 while connected. Call it about once a second: it also replaces a dead connection.

        slack_sdk reads on from a socket that the other side has closed, in a busy loop, until its
        pings have failed for 20 seconds; here it takes two.
        """
        session = self._client.current_session
        if session is not None and session.is_active():
            hung_up = _has_hung_up(session.sock)
            if hung_up and self._hung_up:
                log.warning("Slack closed the connection. Connecting anew.")
                session.disconnect()
                self._reconnect()
            self._hung_up = hung_up and not self._hung_up
        if self._client.is_connected():
            self._connected_at = time.monotonic()
            return 0.0
        return time.monotonic() - self._connected_at

    def _reconnect(self) -> None:
        """Once; when it fails, slack_sdk's own watch tries again with each ping."""
        try:
            self._client.connect_to_new_endpoint()
        except Exception as error:  # whatever the library meets on the way, the watch goes on
            log.warning("Connecting anew failed: %s", error)

    def stop_taking(self) -> None:
        """Takes no new envelope. Those being worked on still have their connection to answer by."""
        self._client.auto_reconnect_enabled = False
        self._client.closed = True
        self._client.enqueue_message("")  # wakes the thread that hands envelopes out
        if self._client.message_processor.is_alive():
            self._client.message_processor.shutdown()

    def drain(self) -> None:
        """Takes no new envelope, and returns once those being worked on are answered."""
        self.stop_taking()
        self._client.message_workers.shutdown()

    def close(self) -> None:
        """Closes the connection."""
        session = self._client.current_session
        if session is not None and session.sock is not None:
            with suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)  # wakes the reader, which holds the lock
        self._client.close()


def _has_hung_up(sock: socket.socket | None) -> bool:
    if sock is None:
        return False
    try:
        poll = select.poll()
        poll.register(sock, _HANGUP)
        return any(events & _HANGUP for _, events in poll.poll(0))
    except (OSError, ValueError):
        return False
