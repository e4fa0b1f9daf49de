"""HTTP: payloads are posted, signed, to the addresses in the app's manifest.

Source: docs.slack.dev, apis/events-api/using-http-request-urls (the challenge), apis/events-api (an
event is sent again at once, after a minute and after five more; X-Slack-No-Retry),
authentication/verifying-requests-from-slack, interactivity/handling-user-interaction and
interactivity/implementing-slash-commands (form bodies, 200 within 3 seconds).
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

from playground.delivery import VERIFICATION_TOKEN, Delivery, Envelope
from playground.http_post import Answered, Unanswered, post, reaches
from playground.manifest import App
from playground.traffic import Direction, Traffic
from playground.workspace import Json

JSON_BODY = "application/json"
EVENTS = "events_api"
FORM_BODY = "application/x-www-form-urlencoded"
EVENT_RETRY_SECONDS = (0.0, 60.0, 300.0)
SECONDS_BETWEEN_LOOKS = 1.0


class Failed(Exception):
    """There is no acknowledgement: `reason` as X-Slack-Retry-Reason says it, `error` as a command's
    author reads it, `problem` for the log. After a `final` one Slack doesn't try again."""

    def __init__(self, reason: str, error: str, problem: str, *, final: bool = False) -> None:
        super().__init__(problem)
        self.reason = reason
        self.error = error
        self.problem = problem
        self.final = final


class HttpDelivery(Delivery):
    """Posts payloads to the app's request urls.

    `event_retries` is after how many seconds each an event comes again until it is acknowledged.
    """

    def __init__(
        self, traffic: Traffic, app: App, signing_secret: str, changed: Callable[[], None]
    ) -> None:
        super().__init__(traffic, changed)
        self._app = app
        self._secret = signing_secret.encode()
        self._verified = False
        self._verifying = asyncio.Lock()
        self._reached = False
        self.event_retries: tuple[float, ...] = EVENT_RETRY_SECONDS

    @property
    def connected(self) -> int:
        """1 while somebody listens at the app's address, as far as is known."""
        return int(self._reached)

    async def deliver(self, envelope: Envelope) -> bool:
        return await self._attempt(envelope) is None

    async def deliver_event(self, envelope: Envelope) -> bool:
        failure = await self._attempt(envelope)
        for attempt, seconds in enumerate(self.event_retries, 1):
            if failure is None or failure.final:
                break
            await asyncio.sleep(seconds)
            again = replace(envelope, retry_attempt=attempt, retry_reason=failure.reason)
            failure = await self._attempt(again)
        return failure is None

    async def _attempt(self, envelope: Envelope) -> Failed | None:
        self._remember(envelope)
        url = self._url(envelope)
        headers, body = _as_sent(envelope)
        detail = {
            "envelope_id": envelope.envelope_id,
            "type": envelope.type,
            "url": url,
            "headers": headers,
            "payload": envelope.payload,
        }
        if self.holds_back:
            self._hold_back(envelope, detail)
            return Failed("http_timeout", envelope.error, "it is held back.", final=True)
        self._note_in(envelope, detail)
        began = time.monotonic()
        try:
            if not url:
                sentence = "the manifest has no address for it, so nothing is sent."
                raise Failed("unknown_error", "dispatch_failed", sentence)
            if envelope.type == EVENTS:
                await self._verify()
            envelope.answer = _answer(await self._post(url, headers, body), envelope.type)
        except Failed as failed:
            envelope.error = failed.error
            self._note_no_ack(envelope, f"Not acknowledged: {failed.problem}")
            return failed
        envelope.acked = True
        self._note_ack(envelope, envelope.answer, time.monotonic() - began)
        self._changed()
        return None

    def _url(self, envelope: Envelope) -> str:
        if envelope.type == EVENTS:
            return self._app.events_url
        if envelope.type == "slash_commands":
            named = envelope.payload["command"]
            return next(c.url for c in self._app.commands if c.command == named)
        if envelope.payload["type"] == "block_suggestion":
            return self._app.options_url
        return self._app.interactivity_url

    async def _post(self, url: str, headers: Json, body: bytes) -> Answered:
        """One signed request, dated now whenever the payload is from. Raises Failed."""
        now = str(int(time.time()))
        signed = hmac.new(self._secret, b"v0:" + now.encode() + b":" + body, hashlib.sha256)
        every = {
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "*/*",
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
        }
        try:
            answered = await asyncio.wait_for(post(url, every | headers, body), self.ack_seconds)
        except TimeoutError as error:
            problem = f"no answer within {self.ack_seconds:g} s."
            raise Failed("http_timeout", "operation_timeout", problem) from error
        except Unanswered as error:
            self._reach(False)
            problem = f"{url} cannot be reached ({error})."
            raise Failed(str(error), "dispatch_failed", problem) from error
        self._reach(True)
        return answered

    async def _verify(self) -> None:
        """Asks the app, once, to answer the challenge, as Slack does before any event.

        Raises Failed.
        """
        async with self._verifying:
            if self._verified:
                return
            challenge = secrets.token_hex(26)
            asked = {
                "token": VERIFICATION_TOKEN,
                "challenge": challenge,
                "type": "url_verification",
            }
            url, body = self._app.events_url, json.dumps(asked).encode()
            answered = await self._post(url, {"Content-Type": JSON_BODY}, body)
            if answered.status != 200 or _challenge_in(answered) != challenge:
                problem = f"{url} doesn't answer url_verification with its challenge."
                raise Failed("http_error", "dispatch_failed", problem)
            self._verified = True
            self._traffic.note(Direction.IN, "url_verification", "answered", asked)

    async def watch(self) -> None:
        """Looks every second whether somebody listens, so that the page can say so; an app that
        has come is asked to verify its address."""
        addresses = [self._app.events_url, self._app.interactivity_url]
        addresses += [command.url for command in self._app.commands]
        url = next((address for address in addresses if address), None)
        told = ""
        while url:
            self._reach(await reaches(url))
            if self._reached and self._app.events_url:
                try:
                    await self._verify()
                except Failed as failed:
                    if failed.reason == "http_error" and failed.problem != told:
                        told = failed.problem
                        self._traffic.note(Direction.IN, "url_verification", "", {}, told)
                        self._changed()
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    def _reach(self, reached: bool) -> None:
        if reached != self._reached:
            self._reached = reached
            name = "reached" if reached else "not reached"
            self._traffic.note(Direction.EVENT, name, "the app's address", {})
            self._changed()


def _as_sent(envelope: Envelope) -> tuple[dict[str, str], bytes]:
    """Headers and body; as ASCII, like everything that goes out."""
    if envelope.type == "slash_commands":
        form = urlencode(envelope.payload, errors="replace")
        return {"Content-Type": FORM_BODY}, form.encode()
    payload = json.dumps(envelope.payload)
    if envelope.type != EVENTS:
        return {"Content-Type": FORM_BODY}, urlencode({"payload": payload}).encode()
    headers = {"Content-Type": JSON_BODY}
    if envelope.retry_attempt:
        headers["X-Slack-Retry-Num"] = str(envelope.retry_attempt)
        headers["X-Slack-Retry-Reason"] = envelope.retry_reason
    return headers, payload.encode()


def _answer(answered: Answered, kind: str) -> Json | None:
    """The acknowledgement's payload: a JSON object that is named so, or a text. What isn't 200 is a
    failure; of an event any 2xx is taken, and its body isn't read. Raises Failed."""
    status = answered.status
    if kind == EVENTS and 200 <= status < 300:
        return None
    if status != 200:
        error = "dispatch_failed"
        if status >= 400:
            error = "http_client_error" if status < 500 else "http_service_error"
        final = answered.headers.get("x-slack-no-retry") == "1"
        raise Failed("http_error", error, f"it answered {status}.", final=final)
    text = answered.body.decode("utf-8", "replace")
    if not text.strip():
        return None
    if _kind(answered) != JSON_BODY:
        return {"text": text}
    found = _object(text)
    if found is None:
        raise Failed("unknown_error", "dispatch_unknown_error", "its JSON is no object.")
    return found or None


def _challenge_in(answered: Answered) -> str:
    """In whichever of the three forms an app chose (docs.slack.dev/reference/events/
    url_verification)."""
    text = answered.body.decode("utf-8", "replace").strip()
    if _kind(answered) == FORM_BODY:
        return parse_qs(text).get("challenge", [""])[0]
    if _kind(answered) == JSON_BODY:
        return str((_object(text) or {}).get("challenge"))
    return text


def _object(text: str) -> Json | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _kind(answered: Answered) -> str:
    return answered.headers.get("content-type", "").partition(";")[0].strip().lower()
