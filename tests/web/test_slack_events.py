"""How a request comes to the app: on a thread of its own, with what is signed and no more."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse

from tests.player import wait_until
from tests.web.served import Served, event, signed
from web import slack_events

BODY = event()
DONE = BoltResponse(status=200, body="")


class Held:
    """An app whose answers wait for `release`."""

    def __init__(self) -> None:
        self.running = 0
        self._lock = threading.Lock()
        self.release = threading.Event()

    def __call__(self, _: BoltRequest) -> BoltResponse:
        with self._lock:
            self.running += 1
        assert self.release.wait(30)
        return DONE


def test_one_that_waits_keeps_no_other_waiting(served: Served) -> None:
    held = Held()
    served.app.answer = held
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(served.post, BODY, signed(BODY))
        wait_until(lambda: held.running, "it waits")
        served.app.answer = lambda _: DONE
        assert served.post(BODY, signed(BODY)).status == 200
        assert not waiting.done()
        held.release.set()
        assert waiting.result().status == 200


def test_what_is_not_signed_is_not_handed_on(served: Served) -> None:
    said = {
        "x-slack-retry-num": "3",
        "x-slack-retry-reason": "http_timeout",
        "x-slack-bolt-lazy-only": "1",
        "x-slack-bolt-lazy-function-name": "heard",
        "cookie": "d=1",
    }
    with served.wire() as wire:
        head = {"content-length": str(len(BODY)), **signed(BODY), **said}
        wire.head(head, "POST /slack/events?team_id=T1 HTTP/1.1")
        wire.send(BODY)
        assert wire.reply().status == 200
    (came,) = served.app.came
    assert came.headers == {
        "content-type": ["application/json"],
        "x-slack-retry-num": ["3"],
        "x-slack-retry-reason": ["http_timeout"],
    }
    assert came.query == {}
    assert not came.lazy_only


def test_an_answer_that_asks_for_another_delivery(served: Served) -> None:
    served.app.answer = lambda _: BoltResponse(status=500, body="")
    assert served.post(BODY, signed(BODY)).status == 500


def test_too_much_at_once(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_events, "_TAKEN", 2)
    held = Held()
    served.app.answer = held
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(served.post, BODY, signed(BODY)) for _ in range(2)]
        wait_until(lambda: held.running == 2, "two wait")
        assert served.post(BODY, signed(BODY)).status == 503
        held.release.set()
        assert [each.result().status for each in waiting] == [200, 200]
    assert served.post(BODY, signed(BODY)).status == 200


def test_what_waited_too_long_is_not_begun(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack has told the person by then that it failed."""
    monkeypatch.setattr(slack_events, "_BEGIN_SECONDS", -1)
    assert served.post(BODY, signed(BODY)).status == 503
    assert served.app.came == []
