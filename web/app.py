"""All that is served on the public port."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from web.guard import SLACK_EVENTS, Guard
from web.health import Health, routes
from web.slack_events import SlackEvents

Pages = Sequence[Route]
"""What is served besides: a path, and what answers it."""


def build_app(
    events: SlackEvents,
    signing_secret: str,
    health: Health,
    pages: Pages = (),
) -> ASGIApp:
    """The app, with the guard in front."""
    app = Starlette(
        routes=[
            Route(SLACK_EVENTS, events.answer, methods=["POST"]),
            *routes(health),
            *pages,
        ]
    )
    app.router.redirect_slashes = False
    return Guard(app, signing_secret)
