"""In place of Slack, where the playground would be what is measured: it answers every call after a
set time, and hands over clicks as fast as they are answered, signed over HTTP or over Socket Mode.

    python -m bench.slack [seconds that a call takes]      # prints its address
"""

from __future__ import annotations

import asyncio
import hmac
import itertools
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

SECRET = "0123456789abcdef0123456789abcdef"
BOT_TOKEN, APP_TOKEN = "xoxb-bench", "xapp-bench"
TEAM, BOT_USER = "T0BENCH", "U0BOT"

Json = dict[str, Any]
Click = Callable[[int], Awaitable[bool]]
"""Returns whether it was taken: where too much waits already, a 503 says so."""


class Slack:
    """All that a bot sees of Slack, and who clicks there."""

    def __init__(self, call_seconds: float) -> None:
        self._call_seconds = call_seconds
        self._stamps = itertools.count(1)
        self._sockets: list[WebSocket] = []
        self._acks: dict[str, asyncio.Future[None]] = {}
        self._told: list[Json] = []
        self.url = ""

    def app(self) -> Starlette:
        """What it serves."""
        return Starlette(
            routes=[
                Route("/api/{method}", self._called, methods=["GET", "POST"]),
                WebSocketRoute("/link", self._linked),
                Route("/click", self._click, methods=["POST"]),
                Route("/told", self._list_told),
                Route("/linked", lambda _: PlainTextResponse(str(len(self._sockets)))),
            ]
        )

    async def _called(self, request: Request) -> Response:
        """A call of the Web API."""
        method = request.path_params["method"]
        text = (await request.body()).decode()
        if self._call_seconds:
            await asyncio.sleep(self._call_seconds)
        if method.startswith("chat."):
            self._told.append({"method": method, "at": time.time(), "text": text})
        return JSONResponse({"ok": True, **self._answer(method)})

    def _answer(self, method: str) -> Json:
        match method:
            case "auth.test":
                who = {"team": "Bench", "team_id": TEAM, "user": "copydesk", "user_id": BOT_USER}
                return {**who, "bot_id": "B0BENCH", "url": "https://bench.slack.com/"}
            case "apps.connections.open":
                return {"url": self.url.replace("http", "ws") + "/link"}
            case "users.conversations":
                return {"channels": [{"id": "C0"}], "response_metadata": {"next_cursor": ""}}
            case "chat.postMessage" | "chat.update":
                return {"channel": "C0", "ts": f"1700000000.{next(self._stamps):06}"}
            case _:
                return {"messages": [], "view": {"id": "V0", "hash": "0"}}

    async def _linked(self, socket: WebSocket) -> None:
        """A Socket Mode connection."""
        await socket.accept()
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        try:
            while True:
                ack = await socket.receive_json()
                waiting = self._acks.pop(ack.get("envelope_id", ""), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(None)
        except WebSocketDisconnect:
            self._sockets.remove(socket)

    async def _list_told(self, request: Request) -> Response:
        """The messages that were posted or changed since the one of this number."""
        return JSONResponse(self._told[int(request.query_params.get("since", "0")) :])

    async def _click(self, request: Request) -> Response:
        """Clicks with what is in a file, one JSON payload a line, by so many people at once; how
        long each waited for its acknowledgement."""
        wanted = await request.json()
        lines = Path(wanted["file"]).read_text("utf-8").splitlines()
        payloads = lines[wanted["first"] : wanted["first"] + wanted["count"]]
        left = iter(enumerate(payloads))
        waited: list[float] = []
        sent_at: list[float] = []
        refused = 0
        every = wanted.get("every", 0.0)
        begun = time.perf_counter()

        async def person(click: Click) -> None:
            nonlocal refused
            for number, _ in left:
                if every:
                    await asyncio.sleep(begun + number * every - time.perf_counter())
                sent_at.append(time.time())
                sent = time.perf_counter()
                if await click(number):
                    waited.append(time.perf_counter() - sent)
                else:
                    refused += 1

        people = [
            self._over_http(payloads, wanted["ports"])
            if wanted["ports"]
            else self._over_sockets(payloads)
            for _ in range(wanted["people"])
        ]
        await asyncio.gather(*map(person, people))
        seconds = time.perf_counter() - begun
        found = {"seconds": seconds, "waited": waited, "sent_at": sent_at, "refused": refused}
        return JSONResponse(found)

    def _over_sockets(self, payloads: list[str]) -> Click:
        async def click(number: int) -> bool:
            payload = json.loads(payloads[number])
            envelope = {
                "envelope_id": os.urandom(16).hex(),
                "type": "events_api" if "event" in payload else "interactive",
                "payload": payload,
                "accepts_response_payload": True,
            }
            acked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._acks[envelope["envelope_id"]] = acked
            await self._sockets[number % len(self._sockets)].send_json(envelope)
            await asyncio.wait_for(acked, 30)
            return True

        return click

    def _over_http(self, payloads: list[str], ports: list[int]) -> Click:
        """Each click goes to the next port, over connections that stay open, as a balancer's do."""
        lines: dict[int, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

        async def ask(port: int, request: bytes) -> tuple[bytes, asyncio.StreamReader]:
            if port not in lines:
                lines[port] = await asyncio.open_connection("127.0.0.1", port)
            reader, writer = lines[port]
            writer.write(request)
            return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30), reader

        async def click(number: int) -> bool:
            port, request = ports[number % len(ports)], _signed(payloads[number])
            try:
                head, reader = await ask(port, request)
            except (asyncio.IncompleteReadError, ConnectionError):
                # It was closed for being idle, at the moment at which it was wanted again.
                del lines[port]
                head, reader = await ask(port, request)
            status = head.split()[1]
            if status not in (b"200", b"503"):
                raise RuntimeError(head.decode())
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
            return status == b"200"

        return click


def _signed(payload: str) -> bytes:
    is_event = payload.startswith('{"event')
    body = payload.encode() if is_event else urlencode({"payload": payload}).encode()
    kind = "application/json" if is_event else "application/x-www-form-urlencoded"
    now = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{now}:".encode() + body, sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: bench\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={digest}\r\n\r\n"
    )
    return head.encode() + body


async def _serve(call_seconds: float) -> None:
    slack = Slack(call_seconds)
    config = uvicorn.Config(slack.app(), port=0, log_level="error", ws_ping_interval=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    slack.url = f"http://127.0.0.1:{port}"
    print(slack.url, flush=True)
    await serving


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1]) if len(sys.argv) > 1 else 0.0))
