"""Listens to Slack over Socket Mode, notices a dead connection, and stops without losing clicks."""

import logging
import select
import socket
import threading
import time

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackClientNotConnectedError
from slack_sdk.socket_mode.builtin.connection import Connection
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.access import Secret
from bot.errors import NotNow
from bot.hearing import SILENT_SECONDS, Hearing, Remedy
from bot.socket_client import SocketClient, cut
from handlers.clients import new_client

log = logging.getLogger(__name__)

_PING_SECONDS = 5
_TIMEOUT_SECONDS = 10
# slack_sdk reads a frame by recursion, once per buffer: 1 KB, its default, is too deep for a large
# form's envelope.
_BUFFER_BYTES = 64 * 1024
_HANGUP = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR


class Listener:
    """One Socket Mode connection that feeds a Bolt app."""

    def __init__(self, app: App, app_token: Secret, bot_token: Secret, api_url: str) -> None:
        self._client = SocketClient(
            app_token=app_token.reveal(),
            logger=logging.getLogger("slack_sdk.socket_mode"),
            web_client=new_client(api_url, bot_token.reveal(), _TIMEOUT_SECONDS),
            ping_interval=_PING_SECONDS,
            receive_buffer_size=_BUFFER_BYTES,
        )
        self._client.on_message_listeners.append(self._heard)
        self._client.socket_mode_request_listeners.append(self._handle)
        self._app = app
        self._hung_up = False
        now = time.monotonic()
        self._hearing = Hearing(connected_at=now, heard_at=now, told_at=now)
        self._last_of_session: tuple[object, object] = (None, None)
        self._renewal = threading.Thread()

    def _heard(self, _message: str) -> None:
        self._hearing.heard_at = time.monotonic()

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        self._hearing.told_at = time.monotonic()
        started = time.time()
        send_response(client, request, run_bolt_app(self._app, request), started)

    def connect(self, socket_url: str) -> None:
        """Connects, with the address that `apps.connections.open` gave at the check of the tokens.

        Raises:
            NotNow: Slack's answer named an address that cannot be connected to.
        """
        self._client.wss_uri = socket_url
        try:
            self._client.connect()
        except SlackClientNotConnectedError as error:
            raise NotNow(
                "Slack answered, but its Socket Mode address could not be connected to: check "
                "whether a proxy or firewall here stops WebSockets (wss)."
            ) from error

    def seconds_without_connection(self) -> float:
        """0.0 while connected. Call it about once a second: it also replaces a dead connection, and
        one that may be deaf.

        slack_sdk reads on from a socket that the other side has closed, in a busy loop, until its
        pings have failed for 20 seconds; here it takes two.
        """
        now = time.monotonic()
        session = self._client.current_session
        if session is None or not session.is_active():
            return now - self._hearing.heard_at
        self._look_at(session, now)
        remedy = self._hearing.remedy(now)
        hung_up = _has_hung_up(session.sock)
        if hung_up and self._hung_up:
            self._renew("Slack closed the connection.", session)
        elif remedy is Remedy.REPLACE:
            self._renew(f"Nothing was heard for {SILENT_SECONDS:.0f} s.", session)
        elif remedy is Remedy.RENEW:
            self._renew()
        self._hung_up = hung_up and not self._hung_up
        return self._hearing.seconds_deaf(now)

    def is_open(self) -> bool:
        """Whether Slack is heard."""
        is_deaf = self._hearing.seconds_deaf(time.monotonic()) > 0
        return self._client.is_connected() and not is_deaf

    @property
    def sessions(self) -> int:
        """How many connections there have been."""
        return self._client.sessions

    def _look_at(self, session: Connection, now: float) -> None:
        """slack_sdk notes of the last pong when its ping was sent; that it is another one than a
        moment ago needs no clock to be told."""
        session_id, last_pong = self._last_of_session
        if session.session_id != session_id:
            self._hearing.connected_at = now
        elif session.last_ping_pong_time != last_pong:
            self._hearing.heard_at = now
        self._last_of_session = (session.session_id, session.last_ping_pong_time)
        self._hearing.failures = self._client.failures
        self._hearing.failed_at = self._client.failed_at

    def _renew(self, why_dead: str = "", dead: Connection | None = None) -> None:
        """Makes a new connection, on a thread of its own, so that a signal is still heard."""
        if self._renewal.is_alive():
            return
        if why_dead:
            log.warning("%s Connecting anew.", why_dead)
        else:
            log.debug("A new connection, in place of one that may be deaf or is to end.")
            self._hearing.told_at = time.monotonic()
        self._renewal = threading.Thread(
            target=self._reconnect, args=(dead,), daemon=True, name="reconnect"
        )
        self._renewal.start()

    def _reconnect(self, dead: Connection | None) -> None:
        """Once; where it fails, the next comes soon: by `hearing`, or, where there is none left, by
        slack_sdk's own watch with each ping."""
        try:
            if dead is not None:
                cut(dead)
            self._client.connect_to_new_endpoint(force=dead is None)
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
