"""POST /slack/events: what Slack has signed is answered by a Bolt app, on threads of its own.

In the event loop, one click that waits would keep all the others waiting: with a tenth of the
clicks waiting 200 ms, 57 a second were answered, and 723 through a pool.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from starlette.requests import Request
from starlette.responses import Response

from web.refusals import Refusal, RefusalLog

_WORKERS = 10
_TAKEN = 100
# Slack waits 3 s. Whoever was told by then that it failed must not see it done later.
_BEGIN_SECONDS = 2.5

# Nothing else of a request's head is signed, so nothing else is believed; Bolt takes orders from
# some headers of its own.
_HEADERS = ("content-type", "x-slack-retry-num", "x-slack-retry-reason")


class SlackEvents:
    """Answers requests that a guard has let through (see web/guard.py)."""

    def __init__(self, dispatch: Callable[[BoltRequest], BoltResponse]) -> None:
        self._dispatch = dispatch
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="slack")
        self._taken = 0
        self._log = RefusalLog()

    async def answer(self, request: Request) -> Response:
        """The app's answer: 400 to what can't be read, 503 where too much waits already."""
        if self._taken >= _TAKEN:
            return self._refused(Refusal.TOO_MANY)
        self._taken += 1
        try:
            body = (await request.body()).decode("utf-8")
            headers = {name: request.headers[name] for name in _HEADERS if name in request.headers}
            begin_by = time.monotonic() + _BEGIN_SECONDS
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._workers, self._work, body, headers, begin_by)
        finally:
            self._taken -= 1

    def close(self) -> None:
        """Returns once what was begun is finished."""
        self._workers.shutdown()

    def _work(self, body: str, headers: dict[str, str], begin_by: float) -> Response:
        if time.monotonic() > begin_by:
            return self._refused(Refusal.TOO_LATE)
        try:
            bolt_request = BoltRequest(body=body, headers=dict(headers))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            # It reads JSON, and looks into it for who and where.
            return self._refused(Refusal.UNREADABLE)
        if not bolt_request.body:
            return self._refused(Refusal.UNREADABLE)
        response = self._dispatch(bolt_request)
        content_type = response.headers.get("content-type", [""])[0]
        return Response(response.body, response.status, {"content-type": content_type})

    def _refused(self, refusal: Refusal) -> Response:
        self._log.note(refusal)
        return Response(status_code=refusal.status)
