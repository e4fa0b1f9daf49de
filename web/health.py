"""GET /healthz and /readyz: whether this process runs, and whether it can take work."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


def routes(ready: Callable[[], bool]) -> list[Route]:
    """For whoever watches over the process; `ready` is called on a thread of its own."""

    def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    def readyz(_: Request) -> Response:
        return PlainTextResponse("ok") if ready() else PlainTextResponse("not ready", 503)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
