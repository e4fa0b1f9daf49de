"""Socket Mode: the app's WebSocket connections, envelopes out, acknowledgements in.

Source: docs.slack.dev/apis/events-api/using-socket-mode.
"""

import asyncio
import contextlib
import secrets
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET

from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.delivery import Delivery, Envelope
from playground.traffic import Direction, Traffic
from playground.wire import send
from playground.workspace import Json

MOST_CONNECTIONS = 10
# Closing a socket with no time to linger is a reset.
RESET = struct.pack("ii", 1, 0)
# After asking an app to come back anew Slack ends the connection; this much later here.
REFRESH_SECONDS = 0.5


@dataclass(slots=True, eq=False)
class Connection:
    """`deaf`: what is sent there is lost on the way; `mute`: what comes from there, too."""

    socket: WebSocket
    taking: bool = True
    deaf: bool = False
    mute: bool = False

    def lose_everything(self) -> None:
        """It is half-open from now on."""
        self.deaf = self.mute = True
        self.stop_reading()

    def stop_reading(self) -> None:
        self.socket.scope["state"]["transport"].pause_reading()


@dataclass(slots=True)
class Waiting:
    envelope: Envelope
    done: asyncio.Future[bool]
    sent_at: float


class Sockets(Delivery):
    """All connections of the app. Each payload goes to one of them, in turn."""

    def __init__(
        self, traffic: Traffic, app_id: str, changed: Callable[[], None], *, enabled: bool
    ) -> None:
        super().__init__(traffic, changed)
        self._app_id = app_id
        self._enabled = enabled
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._waiting: dict[str, Waiting] = {}
        self._turn = 0
        self._half_open_from_the_start = False
        self._to_refuse = 0

    @property
    def connected(self) -> int:
        """How many connections take payloads."""
        return sum(connection.taking for connection in self._connections)

    def ticket(self) -> str:
        """For one connection; what `apps.connections.open` hands out inside its url."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def watch(self) -> None:
        """There is nothing to look for: an app comes by itself."""

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from the handshake to its end."""
        ticket = socket.query_params.get("ticket", "")
        if self._to_refuse or ticket not in self._tickets:
            self._to_refuse = max(self._to_refuse - 1, 0)
            await socket.close()
            return
        self._tickets.discard(ticket)
        await socket.accept()
        if refused := self._refusal():
            await send(socket, {"type": "disconnect", "reason": refused})
            await socket.close()
            return
        connection = Connection(socket)
        for lost in self._connections:
            lost.taking = lost.taking and not lost.deaf
        if self._half_open_from_the_start:
            connection.lose_everything()
        else:
            await send(socket, self._hello())
        self._connections.append(connection)
        self._traffic.note(Direction.EVENT, "connected", f"{self.connected} connections", {})
        self._changed()
        try:
            while True:
                message = await socket.receive_json()
                if connection.mute:
                    connection.stop_reading()  # which the server begins again after a message
                self._received(message)
        except WebSocketDisconnect:
            pass
        except (ValueError, KeyError, AttributeError):
            problem = "The app sent something that is not a JSON object."
            self._traffic.note(Direction.EVENT, "disconnected", "", {}, problem)
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await socket.close()
        finally:
            self._connections.remove(connection)
            self._traffic.note(Direction.EVENT, "disconnected", f"{self.connected} connections", {})
            self._changed()

    def _refusal(self) -> str | None:
        """Why an app is turned away at its connection, in Slack's word."""
        if not self._enabled:
            return "link_disabled"
        return "too_many_websockets" if self.connected >= MOST_CONNECTIONS else None

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connected + 1,
            "debug_info": {
                "host": "playground",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self._app_id},
        }

    def _received(self, message: Json) -> None:
        envelope_id = message.get("envelope_id")
        # On whichever connection: the app may have come back on another one meanwhile.
        waiting = self._waiting.pop(str(envelope_id), None)
        if waiting is None:
            unknown = "It acknowledges what it was not sent, or twice."
            self._traffic.note(Direction.EVENT, "ack", str(envelope_id), message, unknown)
            return
        envelope = waiting.envelope
        payload = message.get("payload") or None
        took = time.monotonic() - waiting.sent_at
        late = waiting.done.done()
        problem = f"Acknowledged after {took:.1f} s, too late." if late else None
        self._note_ack(envelope, payload, took, problem)
        if not late:
            envelope.acked = True
            envelope.answer = payload
            waiting.done.set_result(True)

    async def deliver(self, envelope: Envelope) -> bool:
        """Sends it to one connection and waits; with none at all it is False at once."""
        self._remember(envelope)
        detail = _as_sent(envelope)
        if self.holds_back:
            self._hold_back(envelope, detail)
            return False
        connection = self._next()
        if connection is None:
            envelope.error = "dispatch_failed"
            self._note_in(envelope, detail, "No connection of the app takes it.")
            return False
        waiting = Waiting(envelope, asyncio.get_running_loop().create_future(), time.monotonic())
        self._waiting[envelope.envelope_id] = waiting
        try:
            if not connection.deaf:
                await send(connection.socket, detail)
        except (RuntimeError, WebSocketDisconnect):
            envelope.error = self._failure()
            self._note_in(envelope, detail, "The connection was lost while it was sent.")
            return False
        self._note_in(envelope, detail)
        try:
            await asyncio.wait_for(asyncio.shield(waiting.done), self.ack_seconds)
        except TimeoutError:
            waiting.done.cancel()
            envelope.error = self._failure()
            self._note_no_ack(envelope, f"Not acknowledged within {self.ack_seconds:g} s.")
            return False
        self._changed()
        return True

    def _failure(self) -> str:
        return "operation_timeout" if self.connected else "dispatch_failed"

    def _forget(self, envelope_id: str) -> None:
        super()._forget(envelope_id)
        self._waiting.pop(envelope_id, None)

    def _next(self) -> Connection | None:
        taking = [connection for connection in self._connections if connection.taking]
        if not taking:
            return None
        connection = taking[self._turn % len(taking)]
        self._turn += 1
        return connection

    def drop(self) -> int:
        """Resets every connection, as a network that breaks; how many there were."""
        for connection in self._connections:
            connection.taking = False
            transport = connection.socket.scope["state"]["transport"]
            transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, RESET)
            transport.abort()
        return len(self._connections)

    def deafen(self, answers_pings: bool, new_ones: bool) -> int:
        """Lets nothing through to the app any more, and no connection ends; how many there are. It
        answers pings, or it is half-open: a network that loses everything. Once the app has
        another connection, payloads go there; unless `new_ones` are half-open from the start."""
        self._half_open_from_the_start = new_ones
        for connection in self._connections:
            connection.deaf = True
            if not answers_pings:
                connection.lose_everything()
        return len(self._connections)

    def refuse(self, count: int) -> None:
        """Lets the app's next `count` connections fail in the handshake, good tickets or not."""
        self._to_refuse = count

    def _end(self, connection: Connection) -> None:
        if connection in self._connections:
            self._closing = asyncio.ensure_future(connection.socket.close())

    async def refresh(self, warning_seconds: float | None = None) -> int:
        """Asks every connection to come back anew, as Slack does every few hours; how many. After a
        warning they still take payloads for so long."""
        asked = [connection for connection in self._connections if connection.taking]
        reason = "refresh_requested" if warning_seconds is None else "warning"
        sent = {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}
        for connection in asked:
            connection.taking = warning_seconds is not None
            await send(connection.socket, sent)
            seconds = REFRESH_SECONDS if warning_seconds is None else warning_seconds
            asyncio.get_running_loop().call_later(seconds, self._end, connection)
        return len(asked)


def _as_sent(envelope: Envelope) -> Json:
    sent: Json = {
        "envelope_id": envelope.envelope_id,
        "payload": envelope.payload,
        "type": envelope.type,
        "accepts_response_payload": envelope.accepts_response_payload,
    }
    if envelope.type == "events_api":
        retry = {"retry_attempt": envelope.retry_attempt, "retry_reason": envelope.retry_reason}
        sent |= retry
    return sent
