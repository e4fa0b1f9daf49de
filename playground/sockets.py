"""Socket Mode: the app's WebSocket connections, envelopes out, acknowledgements in.

Source: docs.slack.dev/apis/events-api/using-socket-mode.
"""

import asyncio
import contextlib
import secrets
import struct
import time
from asyncio import Transport
from collections.abc import Callable
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET

from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.traffic import Direction, Traffic
from playground.wire import send
from playground.workspace import Json

MOST_CONNECTIONS = 10
ACK_SECONDS = 3.0
# Closing a socket with no time to linger is a reset.
RESET = struct.pack("ii", 1, 0)
# After asking an app to come back anew Slack ends the connection; this much later here.
REFRESH_SECONDS = 0.5
# An envelope that was never acknowledged can still be redelivered; this many are remembered.
KEPT_ENVELOPES = 5_000


@dataclass(slots=True)
class Envelope:
    """A payload on its way. `name` is what a person would call it; `answer` the ack's payload."""

    envelope_id: str
    type: str
    name: str
    payload: Json
    accepts_response_payload: bool
    retry_attempt: int = 0
    retry_reason: str = ""
    acked: bool = False
    answer: Json | None = None

    def as_sent(self) -> Json:
        sent: Json = {
            "envelope_id": self.envelope_id,
            "payload": self.payload,
            "type": self.type,
            "accepts_response_payload": self.accepts_response_payload,
        }
        if self.type == "events_api":
            sent |= {"retry_attempt": self.retry_attempt, "retry_reason": self.retry_reason}
        return sent


@dataclass(slots=True, eq=False)
class Connection:
    """`taking`: payloads go there. `is_half_open`: nothing comes through any more, either way, and
    nobody has noticed."""

    socket: WebSocket
    taking: bool = True
    is_half_open: bool = False

    @property
    def transport(self) -> Transport:
        transport: Transport = self.socket.scope["state"]["transport"]
        return transport


@dataclass(slots=True)
class Waiting:
    envelope: Envelope
    done: asyncio.Future[bool]
    sent_at: float


class Sockets:
    """All connections of the app. Each payload goes to one of them, in turn."""

    def __init__(self, traffic: Traffic, app_id: str, changed: Callable[[], None]) -> None:
        self._traffic = traffic
        self._app_id = app_id
        self._changed = changed
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._waiting: dict[str, Waiting] = {}
        self._turn = 0
        self.ack_seconds = ACK_SECONDS
        self.holds_back = False
        self.envelopes: dict[str, Envelope] = {}

    @property
    def connected(self) -> int:
        """How many connections take payloads, and get them."""
        return sum(c.taking and not c.is_half_open for c in self._connections)

    def ticket(self) -> str:
        """For one connection; what `apps.connections.open` hands out inside its url."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from the handshake to its end."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close()
            return
        self._tickets.discard(ticket)
        await socket.accept()
        if self.connected >= MOST_CONNECTIONS:
            await send(socket, {"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        connection = Connection(socket)
        await send(socket, self._hello())
        self._end_half_open()
        self._connections.append(connection)
        self._traffic.note(Direction.EVENT, "connected", f"{self.connected} connections", {})
        self._changed()
        try:
            while True:
                self._received(await socket.receive_json())
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
        if payload and not envelope.accepts_response_payload:
            problem = "The acknowledgement carries a payload that Slack does not read."
        detail = {"envelope_id": envelope.envelope_id, "ack": payload, "seconds": round(took, 3)}
        self._traffic.note(
            Direction.EVENT, f"ack {envelope.name}", f"{took:.2f} s", detail, problem
        )
        if not late:
            envelope.acked = True
            envelope.answer = payload
            waiting.done.set_result(True)

    async def deliver(self, envelope: Envelope) -> bool:
        """Sends it to one connection and waits for the ack; False when none came in time.

        With no connection at all it is False at once; and while payloads are held back, which
        arrive when they are delivered again.
        """
        self._remember(envelope)
        detail = envelope.as_sent()
        if self.holds_back:
            self._note_in(envelope, detail, "It is held back on its way.")
            return False
        connection = self._next()
        if connection is None:
            self._note_in(envelope, detail, "No connection of the app takes it.")
            return False
        waiting = Waiting(envelope, asyncio.get_running_loop().create_future(), time.monotonic())
        self._waiting[envelope.envelope_id] = waiting
        try:
            if not connection.is_half_open:
                await send(connection.socket, detail)
        except (RuntimeError, WebSocketDisconnect):
            self._note_in(envelope, detail, "The connection was lost while it was sent.")
            return False
        self._note_in(envelope, detail, None)
        try:
            await asyncio.wait_for(asyncio.shield(waiting.done), self.ack_seconds)
        except TimeoutError:
            waiting.done.cancel()
            problem = f"Not acknowledged within {self.ack_seconds:g} s."
            summary = {"envelope_id": envelope.envelope_id}
            self._traffic.note(Direction.EVENT, f"no ack {envelope.name}", "", summary, problem)
            self._changed()
            return False
        self._changed()
        return True

    def _note_in(self, envelope: Envelope, detail: Json, problem: str | None) -> None:
        retry = f"retry {envelope.retry_attempt}" if envelope.retry_attempt else ""
        self._traffic.note(Direction.IN, envelope.name, retry, detail, problem)

    def _remember(self, envelope: Envelope) -> None:
        self.envelopes[envelope.envelope_id] = envelope
        if len(self.envelopes) > KEPT_ENVELOPES:
            oldest = next(iter(self.envelopes))
            del self.envelopes[oldest]
            self._waiting.pop(oldest, None)

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
            self._reset(connection)
        return len(self._connections)

    def _reset(self, connection: Connection) -> None:
        connection.taking = False
        transport = connection.transport
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, RESET)
        transport.abort()

    def half_open(self) -> int:
        """From now on nothing comes through on the connections there are, though they stand: a
        machine between lost its memory of them. Payloads go there until the app comes back on a
        new one; how many there were."""
        for connection in self._connections:
            connection.is_half_open = True
            connection.transport.pause_reading()
        return len(self._connections)

    def _end_half_open(self) -> None:
        """The app has noticed, so that Slack will, too."""
        for connection in self._connections:
            if connection.is_half_open:
                self._reset(connection)

    def _end(self, connection: Connection) -> None:
        if connection in self._connections:
            self._closing = asyncio.ensure_future(connection.socket.close())

    async def refresh(self) -> int:
        """Asks every connection to come back anew, as Slack does every few hours; how many."""
        asked = [connection for connection in self._connections if connection.taking]
        for connection in asked:
            connection.taking = False
            await send(
                connection.socket,
                {
                    "type": "disconnect",
                    "reason": "refresh_requested",
                    "debug_info": {"host": "playground"},
                },
            )
            asyncio.get_running_loop().call_later(REFRESH_SECONDS, self._end, connection)
        return len(asked)
