"""A web server on a thread of its own: one app on one port."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

log = logging.getLogger(__name__)

_HEAD_SECONDS = 5
_HEAD_BYTES = 16 * 1024
# Above it a request is answered 503, and above twice as many nobody is let in. Sockets are files,
# and many systems allow a process 1,024.
_CONNECTIONS = 400
_BACKLOG = 128
# Balancers keep an idle connection for about a minute (nginx 60 s, AWS 60 s) and lose a request
# where we hang up first: with uvicorn's 5 s, a click a second met that within ten minutes. Who
# hasn't signed a request isn't let wait for the next (web/guard.py).
_IDLE_SECONDS = 75

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class _Protocol(H11Protocol):
    """uvicorn's, which would wait for ever for the end of a request's head, and keep open what
    connects beyond the limit."""

    _head_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection, which is to ask for something soon."""
        super().connection_made(transport)
        if len(self.connections) > 2 * _CONNECTIONS:
            transport.abort()
            return
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Some of a request."""
        super().data_received(data)
        in_work = self.cycle is not None and not self.cycle.response_complete
        if in_work:
            self._head_came()
        elif self._head_due is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """It was closed, by either side."""
        self._head_came()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head_due = self.loop.call_later(_HEAD_SECONDS, self._head_is_late)

    def _head_came(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def _head_is_late(self) -> None:
        self._head_due = None
        if not self.transport.is_closing():
            self.transport.write(_TOO_SLOW)
            self.transport.close()


def listen(port: int) -> socket.socket:
    """A socket on every address of this machine; port 0 takes any free one. Nobody is answered
    before the server runs. Raises OSError."""
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    # asyncio sets TCP_NODELAY for this proto alone; without it each answer waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind(("", port))
    except OSError:
        listening.close()
        raise
    return listening


class WebServer:
    """Serves `app` at `listening`. `ended` is called where it ends without having been asked to."""

    def __init__(self, app: ASGIApp, listening: socket.socket, ended: Callable[[], None]) -> None:
        self._listening = listening
        self._ended = ended
        self._server = uvicorn.Server(_config(app))
        self._thread = threading.Thread(target=self._run, daemon=True, name="web server")

    @property
    def port(self) -> int:
        """Where it listens."""
        port: Any = self._listening.getsockname()[1]
        return int(port)

    def start(self) -> None:
        """Takes requests from now on."""
        self._thread.start()

    def is_taking(self) -> bool:
        """Whether a new request would be answered."""
        return self._server.started and not self._server.should_exit

    def drain(self) -> None:
        """Takes nothing new, and returns once all that was begun is answered."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listening])
        except Exception:
            log.exception("The web server failed.")
        if not self._server.should_exit:
            self._ended()


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        # The rest is about strangers' requests, which may come by the thousand.
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        # Who is in front of us is not asked for: nothing is decided by an address.
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_keep_alive=_IDLE_SECONDS,
        limit_concurrency=_CONNECTIONS,
        h11_max_incomplete_event_size=_HEAD_BYTES,
    )
