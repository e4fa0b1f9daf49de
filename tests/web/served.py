"""What Slack reaches, on a real port, with an app that notes what comes; and Slack, by hand."""

from __future__ import annotations

import contextlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse

from web.app import build_app
from web.health import OK, Report
from web.server import WebServer, listen
from web.slack_events import SlackEvents

SECRET = "0123456789abcdef0123456789abcdef"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PATIENCE = 30.0


def signed(
    body: bytes, *, secret: str = SECRET, at: float | None = None, kind: str = JSON
) -> dict[str, str]:
    """The headers that Slack sends with a body, signed `at` a time (now, without it)."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, sha256).hexdigest()
    return {
        "content-type": kind,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={digest}",
    }


def event(text: str = "hello") -> bytes:
    """An event as Slack sends one."""
    return json.dumps(
        {"type": "event_callback", "event": {"type": "message", "text": text}}
    ).encode()


def payload(**said: object) -> bytes:
    """A click or a form as Slack sends one."""
    return urlencode({"payload": json.dumps(said)}).encode()


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """A connection of ours, byte by byte."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._read = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """What the other side no longer wants is no error here."""
        with contextlib.suppress(OSError):
            self.socket.sendall(data)

    def head(self, headers: dict[str, str], line: str = "POST /slack/events HTTP/1.1") -> None:
        lines = [line, "Host: copydesk.example", *(f"{k}: {v}" for k, v in headers.items())]
        self.send("\r\n".join([*lines, "", ""]).encode("utf-8"))

    def reply(self) -> Reply:
        """The next answer, whole. Raises ConnectionError where none comes."""
        while b"\r\n\r\n" not in self._read:
            self._more()
        head, _, rest = self._read.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
        self._read = rest
        if "content-length" not in headers:  # it ends with the connection
            with contextlib.suppress(ConnectionError):
                while True:
                    self._more()
        length = int(headers.get("content-length", len(self._read)))
        while len(self._read) < length:
            self._more()
        body, self._read = self._read[:length], self._read[length:]
        return Reply(int(first.split()[1]), headers, body)

    def closed(self) -> bool:
        """Whether the other side hangs up without another word."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("closed without an answer")
        self._read += data


@dataclass
class App:
    """In place of a Bolt app: notes what came, and answers what the test wants."""

    came: list[BoltRequest] = field(default_factory=list)
    answer: Callable[[BoltRequest], BoltResponse] = lambda _: BoltResponse(status=200, body="")

    def dispatch(self, request: BoltRequest) -> BoltResponse:
        self.came.append(request)
        return self.answer(request)


class Told:
    """A health that is what a test says."""

    def __init__(self) -> None:
        self.checks = {"courier": OK, "timer": OK}

    def alive(self) -> Report:
        return Report(self.checks)

    def ready(self) -> Report:
        return Report({**self.checks, "database": OK})


class Served:
    """A server on a free port, ended with the `with`."""

    def __init__(self) -> None:
        self.app = App()
        self.health = Told()
        self.ended = threading.Event()
        self.events = SlackEvents(self.app.dispatch)
        asgi = build_app(self.events, SECRET, self.health)
        self.server = WebServer(asgi, listen(0), self.ended.set)

    def __enter__(self) -> Self:
        self.port = self.server.port
        self.server.start()
        deadline = time.monotonic() + PATIENCE
        while not self.server.is_taking():
            assert time.monotonic() < deadline
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.drain()
        self.events.close()

    def wire(self) -> Wire:
        return Wire(self.port)

    def post(self, body: bytes, headers: dict[str, str], **more: str) -> Reply:
        """One request and its answer."""
        with self.wire() as wire:
            wire.head({"content-length": str(len(body)), **headers, **more})
            wire.send(body)
            return wire.reply()
