"""JSON as it goes out: ASCII, so that half of a surrogate pair can be sent like any other text."""

import json
from typing import Any

from starlette.responses import JSONResponse
from starlette.websockets import WebSocket

from playground.workspace import Json


class Answer(JSONResponse):
    """A JSON answer that takes any text there is."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode("ascii")


async def send(socket: WebSocket, message: Json) -> None:
    await socket.send_text(json.dumps(message))
