"""An app without any framework: what it is sent is read, and acknowledged, by the test."""

import json
from contextlib import ExitStack
from threading import Event
from types import TracebackType
from typing import Any, Self

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.player import DEADLINE_SECONDS, Json, Player, Playground


def call(playground: Playground, method: str, token: str | None = None, **args: Any) -> Json:
    """A Web API call with a JSON body; the answer's body, `ok` or not."""
    bearer = {"Authorization": f"Bearer {token or playground.bot_token}"}
    answer: Json = httpx.post(playground.api_url + method, json=args, headers=bearer).json()
    return answer


class RawApp:
    """One Socket Mode connection."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.hello: Json = {}
        self._stack = ExitStack()
        self._socket: ClientConnection | None = None

    def __enter__(self) -> Self:
        opened = call(self.playground, "apps.connections.open", self.playground.app_token)
        self._socket = self._stack.enter_context(connect(opened["url"], proxy=None))
        self.hello = self.receive()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def receive(self) -> Json:
        """The next message; fails when none comes in time."""
        assert self._socket
        message: Json = json.loads(self._socket.recv(timeout=DEADLINE_SECONDS))
        return message

    def ack(self, envelope: Json, payload: Json | None = None) -> None:
        assert self._socket
        answer: Json = {"envelope_id": envelope["envelope_id"]}
        if payload is not None:
            answer["payload"] = payload
        self._socket.send(json.dumps(answer))

    def ping(self) -> Event:
        """Is set once it is answered."""
        assert self._socket
        return self._socket.ping()

    def event(self) -> Json:
        """The next envelope's event, acknowledged."""
        envelope = self.receive()
        self.ack(envelope)
        assert envelope["type"] == "events_api", envelope
        event: Json = envelope["payload"]["event"]
        return event

    def trigger(self, person: Player) -> str:
        """A fresh trigger_id, from a command that the person types."""
        with person.doing(lambda: person.command("C0SOCIAL", "/desk")):
            envelope = self.receive()
            self.ack(envelope)
        return str(envelope["payload"]["trigger_id"])

    def answer(self, envelope_wanted: str, payload: Json | None = None) -> Json:
        """Acknowledges the next envelope, which must be of this type; its payload."""
        envelope = self.receive()
        assert envelope["type"] == envelope_wanted, envelope
        self.ack(envelope, payload)
        sent: Json = envelope["payload"]
        return sent


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def button(label: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": text(label), "action_id": action_id, **more}


def buttons(*elements: Json, block_id: str = "row") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def field(block_id: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": text(block_id.title()),
        "element": {"action_id": "value", **element},
        **more,
    }


def modal(*blocks: Json, title: str = "Form", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": text(title),
        "submit": text("Save"),
        "blocks": list(blocks),
        **more,
    }


LINE = field("line", {"type": "plain_text_input"})
