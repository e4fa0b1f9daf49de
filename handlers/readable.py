"""Looks at a payload before Bolt does, which takes a list to be a list and fails on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.middleware import Middleware
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse

from handlers import shapes
from handlers.shapes import NotOurs

_NAMES = ("type", "command", "callback_id", "action_id", "block_id", "subtype")


class Readable(Middleware):
    """Lets through what has Slack's shapes where Bolt looks for a listener; `answer` says to who
    did anything else that it was not understood."""

    answer: Callable[[Exception, BoltRequest], BoltResponse]

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,
        next: Callable[[], BoltResponse],  # noqa: A002  # as Bolt calls it
    ) -> BoltResponse:
        """Where it doesn't go on, its answer is the request's."""
        try:
            _check(req.body)
        except NotOurs as error:
            return self.answer(error, req)
        return next()


def _check(body: Mapping[str, Any]) -> None:
    """Raises NotOurs."""
    actions = shapes.several(body.get("actions"))
    if "actions" in body and not actions:
        raise NotOurs("a click on nothing")
    if not all(shapes.text(shapes.mapping(one).get("action_id")) for one in actions):
        raise NotOurs("a click without a name")
    parts = [body.get(name) for name in ("event", "view", "container", "message", "channel")]
    for part in (body, *map(shapes.mapping, (*parts, *actions))):
        for name in _NAMES:
            shapes.text(part.get(name))
    if body.get("type") in ("view_submission", "view_closed") and "type" not in shapes.mapping(
        body.get("view")
    ):
        raise NotOurs("a form without a view")
    if body.get("type") == "event_callback" and "event" not in body:
        raise NotOurs("an event without one")
