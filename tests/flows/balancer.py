"""A plain balancer: what comes to its port goes to one of the ports behind it, in turn."""

from __future__ import annotations

import contextlib
import itertools
import random
import selectors
import socket
import socketserver
import threading
from types import TracebackType
from typing import Self

from tests.player import DEADLINE_SECONDS

# Outside of what systems hand out to connections, so that nobody else comes by it in between.
PORTS = range(20_000, 32_000)
HOST = "127.0.0.1"


class Balancer:
    """It listens while in the `with`. Who doesn't listen is passed over; where nobody does, the
    connection is closed. `url` is where it is."""

    def __init__(self) -> None:
        self._behind: list[int] = []
        self._turns = itertools.count()
        balancer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                there = balancer._connect()
                if there is not None:
                    with there, contextlib.suppress(OSError):
                        _carry(self.request, there)

        self._server = socketserver.ThreadingTCPServer((HOST, 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://{HOST}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(DEADLINE_SECONDS)

    def new_port(self) -> int:
        """One that is free, for somebody behind it who doesn't listen yet."""
        for port in random.sample(PORTS, len(PORTS)):
            with socket.socket() as probe, contextlib.suppress(OSError):
                probe.bind((HOST, port))
                self._behind.append(port)
                return port
        raise AssertionError("no port is free")

    def listening(self) -> int:
        """How many of those behind it take connections."""
        return sum(_reaches(port) for port in self._behind)

    def _connect(self) -> socket.socket | None:
        turn = next(self._turns)
        for step in range(len(self._behind)):
            port = self._behind[(turn + step) % len(self._behind)]
            with contextlib.suppress(OSError):
                return socket.create_connection((HOST, port), DEADLINE_SECONDS)
        return None


def _reaches(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
        return True
    return False


def _carry(here: socket.socket, there: socket.socket) -> None:
    """Both ways, until either side ends it."""
    other = {here: there, there: here}
    with selectors.DefaultSelector() as ready:
        for side in other:
            ready.register(side, selectors.EVENT_READ, side)
        while True:
            for key, _ in ready.select():
                some = key.data.recv(65_536)
                if not some:
                    return
                other[key.data].sendall(some)
