"""The front guard, over real sockets: what is let through, and the answer to what isn't."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable

import pytest
from slack_bolt.response import BoltResponse

from tests.web.served import FORM, JSON, SECRET, Served, event, payload, signed
from web import guard, refusals
from web.guard import MAX_BYTES

BODY = event()
OTHER_SECRET = "fedcba9876543210fedcba9876543210"


def later() -> str:
    return str(int(time.time()) + 7)


def signature(text: Callable[[str], str]) -> dict[str, str]:
    """Good headers but for what `text` makes of their signature."""
    good = signed(BODY)
    return good | {"x-slack-signature": text(good["x-slack-signature"])}


def changed(**headers: str | None) -> dict[str, str]:
    """Good headers but for these; None leaves one out."""
    both = {**signed(BODY), **{name.replace("_", "-"): text for name, text in headers.items()}}
    return {name: text for name, text in both.items() if text is not None}


def test_what_slack_signed_comes_to_the_app_and_its_answer_back(served: Served) -> None:
    served.app.answer = lambda _: BoltResponse(status=200, body={"response_action": "clear"})
    body = payload(type="view_submission", user={"id": "U1"}, text="é✓")
    reply = served.post(body, signed(body, kind=FORM))
    assert (reply.status, json.loads(reply.body)) == (200, {"response_action": "clear"})
    assert reply.headers["content-type"].startswith("application/json")
    assert served.app.came[0].body["text"] == "é✓"


def test_one_connection_carries_many_requests(served: Served) -> None:
    with served.wire() as wire:
        for number in range(3):
            body = event(str(number))
            wire.head({"content-length": str(len(body)), **signed(body)})
            wire.send(body)
            assert wire.reply().status == 200
    assert [came.body["event"]["text"] for came in served.app.came] == ["0", "1", "2"]


def test_a_body_in_pieces_and_in_chunks(served: Served) -> None:
    body = event("x" * 200_000)
    with served.wire() as wire:
        wire.head({"content-length": str(len(body)), **signed(body)})
        for start in range(0, len(body), 50_000):
            wire.send(body[start : start + 50_000])
        assert wire.reply().status == 200
        wire.head({"transfer-encoding": "chunked", **signed(body)})
        for start in range(0, len(body), 50_000):
            piece = body[start : start + 50_000]
            wire.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        wire.send(b"0\r\n\r\n")
        assert wire.reply().status == 200
    assert [len(came.raw_body) for came in served.app.came] == [len(body)] * 2


def test_as_large_as_slacks_largest(served: Served) -> None:
    """A view of 250 KB, each character of which takes three in a form."""
    body = payload(type="view_submission", text="/" * 250_000)
    assert 700_000 < len(body) < MAX_BYTES
    assert served.post(body, signed(body, kind=FORM)).status == 200


REFUSED: dict[str, tuple[int, bytes, Callable[[], dict[str, str]]]] = {
    "no signature": (401, BODY, lambda: changed(x_slack_signature=None)),
    "no timestamp": (401, BODY, lambda: changed(x_slack_request_timestamp=None)),
    "neither": (401, BODY, lambda: {"content-type": JSON}),
    "another secret": (401, BODY, lambda: signed(BODY, secret=OTHER_SECRET)),
    "another body": (401, event("hellp"), lambda: signed(BODY)),
    "another time": (401, BODY, lambda: signed(BODY) | {"x-slack-request-timestamp": later()}),
    "a short signature": (401, BODY, lambda: changed(x_slack_signature="v0=abc")),
    "no version": (401, BODY, lambda: signature(lambda text: text[3:])),
    "capitals": (401, BODY, lambda: signature(str.upper)),
    "signs": (401, BODY, lambda: changed(x_slack_signature="v0=" + "é" * 64)),
    "an old one": (401, BODY, lambda: signed(BODY, at=time.time() - 302)),
    "one of the future": (401, BODY, lambda: signed(BODY, at=time.time() + 302)),
    "no time": (400, BODY, lambda: changed(x_slack_request_timestamp="now")),
    "a time with a sign": (400, BODY, lambda: changed(x_slack_request_timestamp="-1")),
    "a very long time": (400, BODY, lambda: changed(x_slack_request_timestamp="9" * 5000)),
    "not text": (400, b"\xff\xfe{}", lambda: signed(b"\xff\xfe{}".decode("latin-1").encode())),
    "plain text": (415, BODY, lambda: changed(content_type="text/plain")),
    "no type": (415, BODY, lambda: changed(content_type=None)),
    "a file": (415, BODY, lambda: changed(content_type="multipart/form-data; boundary=x")),
    "packed": (415, BODY, lambda: changed(content_encoding="gzip")),
    "two lengths": (400, BODY, lambda: changed(transfer_encoding="chunked")),
    "nothing at all": (400, b"", lambda: signed(b"")),
    "no JSON": (400, b"{", lambda: signed(b"{")),
    "a list": (400, b"[1]", lambda: signed(b"[1]")),
    "a number": (400, b"7", lambda: signed(b"7")),
    "too deep": (400, b"[" * 100_000, lambda: signed(b"[" * 100_000)),
    "a form without JSON": (400, b"payload=x", lambda: signed(b"payload=x", kind=FORM)),
    "a form with a list": (400, b"payload=[]", lambda: signed(b"payload=[]", kind=FORM)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_slacks_is_refused(
    served: Served, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    status, body, headers = REFUSED[name]
    reply = served.post(body, headers())
    assert (reply.status, reply.body) == (status, b"")
    assert served.app.came == []
    # And the door is open for the next one, as if nothing had been.
    assert served.post(BODY, signed(BODY)).status == 200
    check_log(caplog)


def check_log(caplog: pytest.LogCaptureFixture) -> None:
    """Something was said, and nothing of what was sent."""
    ours = [record for record in caplog.records if record.name.startswith("web")]
    assert len(ours) == 1
    for secret in (SECRET, "hello", "v0=", "payload", "Traceback"):
        assert secret not in caplog.text


@pytest.mark.parametrize("line", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_another_method(served: Served, line: str) -> None:
    with served.wire() as wire:
        wire.head(signed(BODY) | {"content-length": "0"}, f"{line} /slack/events HTTP/1.1")
        reply = wire.reply()
        assert (reply.status, reply.headers["allow"]) == (405, "POST")
        assert wire.closed()


def test_other_addresses_take_nothing(served: Served) -> None:
    for path in ("/", "/healthz", "/slack/events/", "/slack//events", "/slack"):
        with served.wire() as wire:
            wire.head({**signed(BODY), "content-length": "50000000"}, f"POST {path} HTTP/1.1")
            assert wire.reply().status == 405
            assert wire.closed()
    with served.wire() as wire:
        wire.head({}, "GET /slack HTTP/1.1")
        assert wire.reply().status == 404
    assert served.app.came == []


def test_in_five_minutes_all_is_well(served: Served) -> None:
    for at in (time.time() - 290, time.time() + 290):
        assert served.post(BODY, signed(BODY, at=at)).status == 200


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (401, {"x-slack-signature": None}),
        (401, {"x-slack-request-timestamp": "1"}),
        (401, {"x-slack-signature": "v0=no"}),
        (413, {"content-length": str(MAX_BYTES + 1)}),
        (415, {"content-type": "text/html"}),
    ],
)
def test_what_the_head_tells_is_answered_before_the_body_is_read(
    served: Served, status: int, headers: dict[str, str | None]
) -> None:
    head = {"content-length": "900000", "expect": "100-continue", **signed(BODY), **headers}
    with served.wire() as wire:
        wire.head({name: text for name, text in head.items() if text is not None})
        assert wire.reply().status == status
        assert wire.closed()


def test_a_body_that_grows_too_large_is_read_no_further(served: Served) -> None:
    with served.wire() as wire:
        wire.head({"transfer-encoding": "chunked", **signed(BODY)})
        piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        for _ in range(MAX_BYTES // 0x10000 + 2):
            wire.send(piece)
        assert wire.reply().status == 413
        assert wire.closed()


def test_a_body_that_never_comes(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_BODY_SECONDS", 0.1)
    with served.wire() as wire:
        wire.head({"content-length": str(len(BODY) + 1), **signed(BODY)})
        wire.send(BODY)
        assert wire.reply().status == 408
        assert wire.closed()


def test_a_body_that_drips_has_no_longer(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_BODY_SECONDS", 0.3)
    with served.wire() as wire:
        wire.head({"content-length": "900000", **signed(BODY)})
        wire.socket.settimeout(0.02)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            wire.send(b" ")
            try:
                assert wire.reply().status == 408
                break
            except TimeoutError:
                pass
        else:
            raise AssertionError("it is read for ever")


def test_a_length_that_lies_ends_the_connection(served: Served) -> None:
    """What follows is no second request."""
    body = BODY + b"POST /slack/events HTTP/1.1\r\ncontent-length: 0\r\n\r\n"
    with served.wire() as wire:
        wire.head({"content-length": str(len(BODY) - 1), **signed(BODY)})
        wire.send(body)
        assert wire.reply().status == 401
        assert wire.closed()
    assert served.app.came == []


@pytest.mark.parametrize("name", ["x-slack-signature", "x-slack-request-timestamp", "content-type"])
def test_a_header_that_comes_twice(served: Served, name: str) -> None:
    with served.wire() as wire:
        head = {"content-length": str(len(BODY)), **signed(BODY)}
        wire.head({**head, name.title(): head[name]})
        assert wire.reply().status == 400


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"hello\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\ncontent-length: many\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\ncontent-length: -5\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\ntransfer-encoding: lots\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nx-long: " + b"x" * 20_000,
    ],
)
def test_what_is_no_request(served: Served, data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with served.wire() as wire:
        wire.send(data)
        assert wire.reply().status == 400
        assert wire.closed()
    assert served.post(BODY, signed(BODY)).status == 200
    assert caplog.text == ""


def test_who_hangs_up_leaves_nothing(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    with served.wire() as wire:
        wire.head({"content-length": "900000", **signed(BODY)})
        wire.send(b"{")
    assert served.post(BODY, signed(BODY)).status == 200
    assert caplog.text == ""


def test_many_strangers_bodies_at_once(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each may be 1 MB: all of them together may not be the memory of this machine."""
    monkeypatch.setattr(guard, "_UNSIGNED_BYTES", 150_000)
    with served.wire() as first, served.wire() as second:
        for wire in (first, second):
            wire.head({"content-length": "900000", **signed(BODY)})
            wire.send(b"x" * 100_000)
        replies = []
        for wire in (first, second):
            wire.socket.settimeout(0.5)
            try:
                replies.append(wire.reply().status)
            except TimeoutError:
                replies.append(0)
        assert sorted(replies) == [0, 503]
    assert served.post(BODY, signed(BODY)).status == 200


def test_a_kind_of_refusal_is_logged_once_a_minute(
    served: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(5):
        assert served.post(BODY, signed(BODY, secret=OTHER_SECRET)).status == 401
        assert served.post(BODY, {"content-type": JSON}).status == 401
    monkeypatch.setattr(refusals, "_AGAIN_SECONDS", 0)
    assert served.post(BODY, signed(BODY, secret=OTHER_SECRET)).status == 401
    said = [(r.levelname, r.getMessage()) for r in caplog.records if r.name == "web.refusals"]
    assert len(said) == 3
    level, last = said[-1]
    assert level == "WARNING"
    assert "SLACK_SIGNING_SECRET; 4 more" in last


def test_slacks_look_at_the_certificate_is_answered_and_goes_no_further(served: Served) -> None:
    for body in (b"ssl_check=1&token=abc", b"token=abc&ssl_check=1", b"ssl_check=1"):
        assert served.post(body, {"content-type": FORM}).status == 200
    assert served.app.came == []


@pytest.mark.parametrize(
    "body",
    [
        b"ssl_check=0&token=abc",
        b"ssl_check=1&ssl_check=1",
        b"ssl_check=1&command=/draft",
        b"ssl_check=1&payload=" + b"{}",
        b"ssl_check=1&token=" + b"x" * 200,
        b"token=abc",
        b"",
    ],
)
def test_what_only_looks_like_it_is_not(served: Served, body: bytes) -> None:
    """slackapi/bolt-js issue 2897: it was a way around the signature."""
    assert served.post(body, {"content-type": FORM}).status == 401
    assert served.app.came == []
