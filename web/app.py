"""All that is served on the public port."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from web import health
from web.guard import SLACK_EVENTS, Guard
from web.slack_events import SlackEvents

Pages = Sequence[Route]
"""What is served besides: a path, and what answers it."""


def build_app(
    events: SlackEvents,
    signing_secret: str,
    ready: Callable[[], bool],
    pages: Pages = (),
) -> ASGIApp:
    """The app, with the guard in front; `pages` are for people."""
    app = Starlette(
        routes=[
            Route(SLACK_EVENTS, events.answer, methods=["POST"]),
            *health.routes(ready),
            *pages,
        ]
    )
    app.router.redirect_slashes = False
    return Guard(app, signing_secret)
