"""Whatever a stranger sends, nothing of it comes to the app, and the next request is answered."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.served import FORM, JSON, Served, event, signed

BODY = event()

methods = st.sampled_from(["POST", "post", "GET", "PUT", "CONNECT", "TRACE", "PRI", ""])
paths = st.sampled_from(
    [
        *("/slack/events", "/slack/events?x=1", "//slack/events", "/slack/../slack/events"),
        *("http://a/slack/events", "*", "/slack%2Fevents", "/slack/events%00", "/healthz", ""),
    ]
)
versions = st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTTP/9.9", ""])
plain = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)
lengths = st.sampled_from(["0", "1", "-1", "+5", "5, 5", "9" * 30, "0x5", "900000", "१"])
headers = st.dictionaries(
    st.sampled_from(
        [
            *("content-length", "transfer-encoding", "content-type", "content-encoding", "expect"),
            *("x-slack-signature", "x-slack-request-timestamp", "connection", "upgrade", "host"),
            *("Content-Length", "X-Slack-Signature", "x-forwarded-for", "cookie"),
        ]
    ),
    st.one_of(
        plain,
        lengths,
        st.sampled_from(["chunked", "gzip, chunked", JSON, FORM, "100-continue", "websocket"]),
        st.sampled_from(["v0=" + "0" * 64, "v0=", "1", "close", "Upgrade", "x\x00y"]),
    ),
    max_size=8,
)
bodies = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([b"", BODY, b"ssl_check=1", b"0\r\n\r\n", b"5\r\nhello\r\n", b"fffffff\r\n"]),
)


@pytest.fixture(scope="module")
def one_server() -> Iterator[Served]:
    """For all of the examples."""
    with Served() as started:
        yield started


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(methods, paths, versions, headers, bodies)
def test_nothing_comes_through(
    one_server: Served,
    method: str,
    path: str,
    version: str,
    said: dict[str, str],
    body: bytes,
) -> None:
    served = one_server
    head = "\r\n".join([f"{method} {path} {version}", *(f"{k}: {v}" for k, v in said.items())])
    with served.wire() as wire:
        wire.send(head.encode("latin-1", "replace") + b"\r\n\r\n" + body)
        wire.socket.shutdown(1)
        with contextlib.suppress(ConnectionError):
            assert wire.reply().status < 600
    assert served.app.came == []
    assert served.post(BODY, signed(BODY)).status == 200
    served.app.came.clear()
