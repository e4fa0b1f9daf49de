"""How a payload reaches the app, whichever way its manifest chose: what both ways share."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from playground.traffic import Direction, Traffic
from playground.workspace import Json

ACK_SECONDS = 3.0
VERIFICATION_TOKEN = "playground-verification"
# What was never acknowledged can still be redelivered; this many envelopes are remembered.
KEPT_ENVELOPES = 5_000


@dataclass(slots=True)
class Envelope:
    """A payload on its way. `name` is what a person would call it; `answer` is what the app's
    acknowledgement says, and `error` Slack's word for why there is none.

    The id and the type are Socket Mode's. Over HTTP nobody sends them; the tests' redeliveries and
    the log name payloads by them either way.
    """

    envelope_id: str
    type: str
    name: str
    payload: Json
    accepts_response_payload: bool
    retry_attempt: int = 0
    retry_reason: str = ""
    acked: bool = False
    answer: Json | None = None
    error: str = ""


class Delivery(ABC):
    """Takes each payload to the app and its acknowledgement back; while it `holds_back`, only what
    is delivered again afterwards arrives."""

    def __init__(self, traffic: Traffic, changed: Callable[[], None]) -> None:
        self._traffic = traffic
        self._changed = changed
        self.ack_seconds = ACK_SECONDS
        self.holds_back = False
        self.envelopes: dict[str, Envelope] = {}

    @property
    @abstractmethod
    def connected(self) -> int:
        """How many ways there are to the app just now; 0 when nothing reaches it."""

    @abstractmethod
    async def deliver(self, envelope: Envelope) -> bool:
        """Sends it once; whether it was acknowledged in time. Sets `answer`, or `error`."""

    async def deliver_event(self, envelope: Envelope) -> bool:
        """Sends an event, as often as Slack does until it is acknowledged."""
        return await self.deliver(envelope)

    @abstractmethod
    async def watch(self) -> None:
        """Runs as long as the playground does."""

    def _remember(self, envelope: Envelope) -> None:
        self.envelopes[envelope.envelope_id] = envelope
        if len(self.envelopes) > KEPT_ENVELOPES:
            self._forget(next(iter(self.envelopes)))

    def _forget(self, envelope_id: str) -> None:
        del self.envelopes[envelope_id]

    def _note_in(self, envelope: Envelope, detail: Json, problem: str | None = None) -> None:
        retry = f"retry {envelope.retry_attempt}" if envelope.retry_attempt else ""
        self._traffic.note(Direction.IN, envelope.name, retry, detail, problem)
        if problem:
            self._changed()

    def _hold_back(self, envelope: Envelope, detail: Json) -> None:
        envelope.error = "operation_timeout"
        self._note_in(envelope, detail, "It is held back on its way.")

    def _note_ack(
        self, envelope: Envelope, payload: Json | None, seconds: float, problem: str | None = None
    ) -> None:
        if payload and not envelope.accepts_response_payload and not problem:
            problem = "The acknowledgement carries a payload that Slack does not read."
        detail = {"envelope_id": envelope.envelope_id, "ack": payload, "seconds": round(seconds, 3)}
        self._traffic.note(
            Direction.EVENT, f"ack {envelope.name}", f"{seconds:.2f} s", detail, problem
        )

    def _note_no_ack(self, envelope: Envelope, problem: str) -> None:
        detail = {"envelope_id": envelope.envelope_id}
        self._traffic.note(Direction.EVENT, f"no ack {envelope.name}", "", detail, problem)
        self._changed()
