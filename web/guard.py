"""Stands in front of everything that the internet can reach: what isn't Slack's is turned away
before anybody else has read a byte of it.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.refusals import Refusal, RefusalLog

SLACK_EVENTS = "/slack/events"

# A view may have 250 KB, and as a form's field its JSON is up to three times as long.
MAX_BYTES = 1_000_000
# Slack waits 3 s for an answer: whoever needs them for the question alone isn't Slack.
_BODY_SECONDS = 3.0
# What strangers may have us keep at once, before a signature has told them from Slack.
_UNSIGNED_BYTES = 32_000_000
# `ssl_check=1&token=...`, which comes without a signature (slackapi/bolt-js issue 1397).
_SSL_CHECK_BYTES = 200
_STALE_SECONDS = 5 * 60

_FORM = "application/x-www-form-urlencoded"
_TYPES = {_FORM, "application/json"}
_TIMESTAMP = re.compile("[0-9]{1,12}")
_SIGNATURE = re.compile("v0=[0-9a-f]{64}")
_CLOSE = (b"connection", b"close")


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


class _Gone(Exception):
    """Whoever asked has hung up."""


class Guard:
    """An ASGI app in front of another, which gets what Slack has signed, whole and checked, and
    whatever is asked for with GET."""

    def __init__(self, app: ASGIApp, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self._unsigned_bytes = 0
        self._log = RefusalLog()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        try:
            if scope["path"] != SLACK_EVENTS:
                if scope["method"] not in {"GET", "HEAD"}:
                    raise _Refused(Refusal.WRONG_METHOD)
                await self._app(scope, receive, _closing(send))
                return
            headers = _headers(scope)
            _check_head(scope["method"], headers)
            if _may_be_ssl_check(headers):
                await self._answer_ssl_check(receive, send)
                return
            timestamp, signature = self._check_signature_head(headers)
            async with self._reading(receive, MAX_BYTES) as body:
                self._check_signature(body, timestamp, signature)
            await self._app(scope, _replayed(body, receive), send)
        except _Refused as refused:
            self._log.note(refused.refusal)
            allowed = b"POST" if scope["path"] == SLACK_EVENTS else b"GET, HEAD"
            wrong_method = refused.refusal is Refusal.WRONG_METHOD
            await _answer(send, refused.refusal.status, [(b"allow", allowed)] * wrong_method)
        except _Gone:
            pass

    def _check_signature_head(self, headers: dict[str, str]) -> tuple[str, str]:
        """What can be said of the signature before the body is read."""
        timestamp = headers.get("x-slack-request-timestamp")
        signature = headers.get("x-slack-signature")
        if timestamp is None or signature is None:
            raise _Refused(Refusal.UNSIGNED)
        if not _TIMESTAMP.fullmatch(timestamp):
            raise _Refused(Refusal.MALFORMED)
        if not _SIGNATURE.fullmatch(signature):
            raise _Refused(Refusal.NOT_SIGNED_BY_SLACK)
        if abs(time.time() - int(timestamp)) > _STALE_SECONDS:
            raise _Refused(Refusal.STALE)
        return timestamp, signature

    def _check_signature(self, body: bytes, timestamp: str, signature: str) -> None:
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            raise _Refused(Refusal.MALFORMED) from None
        if not self._verifier.is_valid(body, timestamp, signature):
            raise _Refused(Refusal.NOT_SIGNED_BY_SLACK)

    async def _answer_ssl_check(self, receive: Receive, send: Send) -> None:
        """It goes no further, whatever else it holds: nobody has signed it."""
        async with self._reading(receive, _SSL_CHECK_BYTES) as body:
            fields = parse_qs(body.decode("latin-1"), keep_blank_values=True)
            if fields.get("ssl_check") != ["1"] or not fields.keys() <= {"ssl_check", "token"}:
                raise _Refused(Refusal.UNSIGNED)
        await _answer(send, 200)

    @asynccontextmanager
    async def _reading(self, receive: Receive, limit: int) -> AsyncIterator[bytes]:
        """The body, read once; what it takes up is counted until it is known whose it is."""
        body = bytearray()
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                async for chunk in _chunks(receive):
                    body += chunk
                    self._unsigned_bytes += len(chunk)
                    if len(body) > limit:
                        raise _Refused(Refusal.TOO_LARGE)
                    if self._unsigned_bytes > _UNSIGNED_BYTES:
                        raise _Refused(Refusal.TOO_MANY)
            yield bytes(body)
        except TimeoutError:
            raise _Refused(Refusal.TOO_SLOW) from None
        finally:
            self._unsigned_bytes -= len(body)


def _headers(scope: Scope) -> dict[str, str]:
    """By their names in small letters. One that came twice could be read in two ways."""
    headers: dict[str, str] = {}
    for name, text in scope["headers"]:
        key = name.decode("latin-1")
        if key in headers and key.startswith(("x-slack-", "content-")):
            raise _Refused(Refusal.MALFORMED)
        headers[key] = text.decode("latin-1")
    return headers


def _check_head(method: str, headers: dict[str, str]) -> None:
    if method != "POST":
        raise _Refused(Refusal.WRONG_METHOD)
    length = headers.get("content-length")
    # Which of the two holds is read differently by different servers.
    if length is not None and "transfer-encoding" in headers:
        raise _Refused(Refusal.MALFORMED)
    if length is not None and int(length) > MAX_BYTES:
        raise _Refused(Refusal.TOO_LARGE)
    if _content_type(headers) not in _TYPES or "content-encoding" in headers:
        raise _Refused(Refusal.WRONG_TYPE)


def _content_type(headers: dict[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _may_be_ssl_check(headers: dict[str, str]) -> bool:
    unsigned = not headers.keys() & {"x-slack-signature", "x-slack-request-timestamp"}
    length = int(headers.get("content-length", "0"))
    return unsigned and _content_type(headers) == _FORM and 0 < length <= _SSL_CHECK_BYTES


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        yield message.get("body", b"")
        more = message.get("more_body", False)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Hands the body that was read to whoever comes next."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return left.pop() if left else await receive()

    return replay


def _closing(send: Send) -> Send:
    """Answers, and hangs up: whoever isn't Slack may not keep a connection for nothing."""

    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), _CLOSE]}
        await send(message)

    return closing


async def _answer(send: Send, status: int, more: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """Without a word: a stranger learns nothing, and Slack reads none. The connection is closed,
    since the server would read on for the rest of a body that nobody wants."""
    headers = [(b"content-length", b"0"), _CLOSE, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
