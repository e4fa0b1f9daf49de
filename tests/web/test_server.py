"""The web server: who may keep it waiting for how long, how it ends, and its port."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from slack_bolt.response import BoltResponse
from starlette.applications import Starlette

from tests.player import wait_until
from tests.web.served import Served, event, signed
from web import server
from web.server import WebServer, listen

BODY = event()
PATIENCE = 30.0


@pytest.mark.parametrize("begun", [b"", b"POST /slack/events HTTP/1.1\r\nhost: x\r\n"])
def test_a_head_that_never_ends(
    served: Served, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_HEAD_SECONDS", 0.1)
    with served.wire() as wire:
        wire.send(begun)
        assert wire.reply().status == 408
        assert wire.closed()


def test_nor_may_it_be_the_second_one(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_HEAD_SECONDS", 0.1)
    with served.wire() as wire:
        wire.head({"content-length": str(len(BODY)), **signed(BODY)})
        wire.send(BODY)
        assert wire.reply().status == 200
        wire.send(b"POST /slack")
        assert wire.reply().status == 408
        assert wire.closed()


def test_a_slow_answer_is_not_a_slow_head(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_HEAD_SECONDS", 0.05)
    go_on = threading.Event()
    timer = threading.Timer(0.3, go_on.set)

    def slowly(_: object) -> BoltResponse:
        timer.start()
        assert go_on.wait(PATIENCE)
        return BoltResponse(status=200, body="")

    served.app.answer = slowly
    assert served.post(BODY, signed(BODY)).status == 200


def test_too_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_CONNECTIONS", 3)
    with Served() as served:
        wires = [served.wire() for _ in range(2)]
        try:
            assert served.post(BODY, signed(BODY)).status == 503
            wires += [served.wire() for _ in range(6)]
            assert wires[-1].closed()
        finally:
            for wire in wires:
                wire.socket.close()
        wait_until(lambda: served.post(BODY, signed(BODY)).status == 200, "it has room again")


def test_who_has_signed_nothing_is_not_kept(served: Served) -> None:
    for path in ("/healthz", "/nothing"):
        with served.wire() as wire:
            wire.head({}, f"GET {path} HTTP/1.1")
            assert wire.reply().status in {200, 404}
            assert wire.closed()


def test_what_runs_is_answered_before_it_ends() -> None:
    running, go_on = threading.Event(), threading.Event()

    def slowly(_: object) -> BoltResponse:
        running.set()
        assert go_on.wait(PATIENCE)
        return BoltResponse(status=200, body="done")

    served = Served()
    served.app.answer = slowly
    with served, ThreadPoolExecutor(2) as pool, served.wire() as idle:
        waiting = pool.submit(served.post, BODY, signed(BODY))
        assert running.wait(PATIENCE)
        draining = pool.submit(served.server.drain)
        assert idle.closed()
        assert not served.server.is_taking()
        wait_until(lambda: refuses(served.port), "nobody new comes in")
        assert not waiting.done()
        assert not draining.done()
        go_on.set()
        assert waiting.result().body == b"done"
        draining.result()
    assert not served.ended.is_set()


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), PATIENCE).close()
    except ConnectionError:
        return True
    return False


def test_a_server_that_fails_says_so() -> None:
    listening = listen(0)
    ended = threading.Event()
    failing = WebServer(Starlette(), listening, ended.set)
    listening.close()
    failing.start()
    assert ended.wait(PATIENCE)


def test_both_kinds_of_address(served: Served) -> None:
    if socket.has_dualstack_ipv6():
        with socket.create_connection(("::1", served.port), PATIENCE):
            pass
    with socket.create_connection(("127.0.0.1", served.port), PATIENCE):
        pass


def test_a_port_is_taken_once(served: Served) -> None:
    with pytest.raises(OSError, match="in use"):
        listen(served.port)
