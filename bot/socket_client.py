"""slack_sdk's Socket Mode client, as far as it must do otherwise."""

import logging
import os
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState
from slack_sdk.socket_mode.builtin.frame_header import FrameHeader

from handlers.clients import trusted

log = logging.getLogger(__name__)

# What an old connection is given to say what it still has, and good-bye.
_GOODBYE_SECONDS = 5
_NORMAL_END = struct.pack("!H", 1000)
_RATELIMITED_SECONDS = 30


class SocketClient(SocketModeClient):
    """One session after the other, each read from its first moment to its last.

    slack_sdk reads from a new connection up to 3 s late, hands nothing out while it makes one, and
    drops the old one with whatever is on its way there: a click in between was acknowledged late,
    or never. It drops it, too, where the new one could not be made.
    """

    _not_before = 0.0
    _is_closed = False
    sessions = 0
    """How many there have been."""
    failures = 0
    """How often a new one could not be made since the present one was."""
    failed_at = 0.0
    """When that was last, in seconds of a clock that only runs forward."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.current_session_runner.event.set()  # it would read from whichever is the present one
        self._reader = threading.Thread()

    def connect(self) -> None:
        """Connects; the old connection, if any, is let go of by a thread of its own.

        Raises SlackClientNotConnectedError where that fails; the old one stays as it is.
        """
        session, state = self._connected(), ConnectionState()
        reader = threading.Thread(
            target=session.run_until_completion, args=(state,), daemon=True, name="connection"
        )
        old = (self.current_session, self.current_session_state, self._reader)
        self.current_session, self.current_session_state, self._reader = session, state, reader
        self.sessions += 1
        self.failures = 0
        reader.start()
        if self._is_closed:  # meanwhile
            self.close()
        if not self.current_app_monitor_started:
            self.current_app_monitor_started = True
            self.current_app_monitor.start()
        if old[0] is not None:
            threading.Thread(target=_let_go, args=old, daemon=True, name="old connection").start()

    def _connected(self) -> Connection:
        """A new connection. slack_sdk logs why there is none, and goes on as if there were."""
        assert self.wss_uri is not None
        session = Connection(
            url=self.wss_uri,
            logger=self.logger,
            ping_interval=self.ping_interval,
            receive_buffer_size=self.receive_buffer_size,
            proxy=self.proxy,
            on_message_listener=self._on_message,
            on_error_listener=self._on_error,
            on_close_listener=self._on_close,
            # Without TLS an empty one: left out, slack_sdk reads all certificates for it.
            ssl_context=trusted(self.wss_uri) or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )
        session.connect()
        if not session.is_active():
            raise SlackClientNotConnectedError("Slack's address could not be connected to")
        session.send = lambda payload: _send(session, payload)  # type: ignore[method-assign]
        return session

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Not on the thread that hands envelopes out: they would wait until Slack has answered."""
        if threading.current_thread() is self.message_processor.thread:
            threading.Thread(
                target=self._connect_aside, args=(force,), daemon=True, name="new connection"
            ).start()
        else:
            self._connect_anew(force)

    def _connect_aside(self, force: bool) -> None:
        """Where it fails, `failures` says so; and once the old one has ended, slack_sdk's own watch
        tries again with each ping."""
        try:
            self._connect_anew(force)
        except Exception as error:  # whatever the library meets on the way, the watch goes on
            log.warning("Connecting anew failed: %s", error)

    def _connect_anew(self, force: bool) -> None:
        try:
            super().connect_to_new_endpoint(force)
        except Exception:
            self.failures += 1
            self.failed_at = time.monotonic()
            raise

    def issue_new_wss_url(self) -> str:
        """Asks Slack where to connect. When Slack asks for patience, slack_sdk sleeps through it
        and can't be stopped meanwhile; here the call fails, until Slack may be asked again.

        Raises SlackClientNotConnectedError, and what the client raises.
        """
        wait = self._not_before - time.monotonic()
        if wait > 0:
            raise SlackClientNotConnectedError(f"Slack asked for patience, for {wait:.0f} s more")
        try:
            return str(self.web_client.apps_connections_open(app_token=self.app_token)["url"])
        except SlackApiError as error:
            if error.response.status_code == 429:
                self._not_before = time.monotonic() + _patience_seconds(error)
            raise

    def close(self) -> None:
        """Ends everything, and waits for nobody: its watch may be in the middle of a call."""
        self.closed = self._is_closed = True
        self.auto_reconnect_enabled = False
        self.current_session_state.terminated = True
        self.current_app_monitor.event.set()
        if self.current_session is not None:
            cut(self.current_session)


def _patience_seconds(error: SlackApiError) -> float:
    return float(error.response.headers.get("Retry-After", _RATELIMITED_SECONDS))


def cut(session: Connection) -> None:
    """Ends a connection at once, whoever else is about to."""
    sock = session.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)  # wakes the reader, which holds the lock
        with suppress(OSError, AttributeError):  # slack_sdk's own watch was quicker: no socket left
            session.disconnect()


def _let_go(old: Connection, state: ConnectionState, reader: threading.Thread) -> None:
    """Says good-bye, and reads on until Slack has said it too: until then it may send something."""
    with suppress(OSError):
        _write(old, FrameHeader.OPCODE_CLOSE, _NORMAL_END)
    reader.join(_GOODBYE_SECONDS)
    state.terminated = True
    cut(old)


def _send(session: Connection, payload: str) -> None:
    """A text. slack_sdk's own can't send more than 64 KB, and may leave off in the middle.

    Raises SlackClientNotConnectedError.
    """
    try:
        _write(session, FrameHeader.OPCODE_TEXT, payload.encode("utf-8"))
    except OSError as error:
        raise SlackClientNotConnectedError(
            f"The connection was lost ({type(error).__name__})"
        ) from error


def _write(session: Connection, opcode: int, data: bytes) -> None:
    with session.sock_send_lock:
        if session.sock is None:
            raise BrokenPipeError
        session.sock.sendall(frame(opcode, data, os.urandom(4)))


def frame(opcode: int, data: bytes, mask: bytes) -> bytes:
    """A whole message of a client, as https://www.rfc-editor.org/rfc/rfc6455#section-5.2 wants it.
    `mask`: four bytes."""
    length = len(data)
    if length < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
    key = (mask * (length // 4 + 1))[:length]
    masked = int.from_bytes(data, "big") ^ int.from_bytes(key, "big")
    return head + mask + masked.to_bytes(length, "big")
