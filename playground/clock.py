"""The calendar of the workspace, which people and tests may move ahead of real time.

What is dated by Slack itself stays in real time, however the calendar is moved: a message's `ts`,
triggers, response_urls, the seconds of an acknowledgement. Only what a person reads as date or
time goes by the calendar, and an app that asks here.

An app follows by a request that waits: `GET /clock?follower=NAME&seen=VERSION` is answered once
the calendar has another version than the one seen. Its next request says that it goes by the new
one; whoever moves the calendar is answered after that, so that a test needs no waiting of its own.
"""

import asyncio
import contextlib
import secrets
import time
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from playground.core import Playground
from playground.deliveries import Impossible
from playground.requests import Asked
from playground.wire import Answer
from playground.workspace import Json, Person

FOLLOW_SECONDS = 20.0
# For a follower that died unnoticed: nobody waits for it longer.
MISSING_SECONDS = 2.0
FARTHEST_SECONDS = 100 * 366 * 86_400
MORNING = time_of_day(9)


class Clock:
    """Moves the calendar, which is one for all workspaces, and knows who goes by it."""

    def __init__(self, pg: Playground, *others: Playground) -> None:
        self._pg = pg
        self._all = (pg, *others)
        self._version = secrets.token_hex(4)
        self._seen: dict[str, str] = {}
        self._changed = asyncio.Condition()
        self._ending = False

    def as_api(self) -> Json:
        workspace = self._pg.workspace
        return {
            "now": datetime.fromtimestamp(workspace.calendar(), UTC).isoformat(),
            "ahead_seconds": workspace.ahead_seconds,
            "version": self._version,
        }

    async def move(self, ahead_seconds: float) -> Json:
        """Puts the calendar that far ahead of real time (0: back to it, negative: behind).

        Raises Impossible.
        """
        if not abs(ahead_seconds) <= FARTHEST_SECONDS:  # nor what is no number
            raise Impossible("The calendar can be moved by a hundred years at most.")
        self._version = secrets.token_hex(4)
        for pg in self._all:
            pg.workspace.ahead_seconds = ahead_seconds
            pg.changed("clock")
        async with self._changed:
            self._changed.notify_all()
            with contextlib.suppress(TimeoutError):
                everybody = self._changed.wait_for(lambda: not self._behind())
                await asyncio.wait_for(everybody, MISSING_SECONDS)
        for name in self._behind():
            del self._seen[name]
        return self.as_api()

    async def end(self) -> None:
        """Answers all who follow, so that nobody has to wait for them."""
        self._ending = True
        async with self._changed:
            self._changed.notify_all()

    def _behind(self) -> list[str]:
        return [name for name, version in self._seen.items() if version != self._version]

    async def answer(self, request: Request) -> Response:
        """`GET /clock`: at once, or for a follower when there is something new."""
        name = request.query_params.get("follower")
        if name:
            self._seen[name] = request.query_params.get("seen", "")
            news = asyncio.create_task(self._news(name))
            gone = asyncio.create_task(_gone(request))
            await asyncio.wait({news, gone}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                async with self._changed:
                    self._seen.pop(name, None)
                    self._changed.notify_all()
            for task in (news, gone):
                task.cancel()
        return Answer(self.as_api())

    async def _news(self, name: str) -> None:
        """Waits until a follower is behind."""
        async with self._changed:
            self._changed.notify_all()  # for who waits until this one has followed
            with contextlib.suppress(TimeoutError):
                behind = self._changed.wait_for(
                    lambda: self._ending or self._seen.get(name) != self._version
                )
                await asyncio.wait_for(behind, FOLLOW_SECONDS)


async def _gone(request: Request) -> None:
    """Waits until the connection is cut."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def wanted(asked: Asked) -> float:
    """How far ahead the calendar is to be: `by` seconds more, at the ISO moment `to`, on the next
    morning of the person played (`tomorrow`), or not at all (`real`)."""
    workspace = asked.pg.workspace
    given = asked.given
    if given.get("real"):
        return 0.0
    if "by" in given:
        return workspace.ahead_seconds + float(given["by"])
    if given.get("tomorrow"):
        return next_morning(asked.person(), workspace.calendar()) - time.time()
    moment = datetime.fromisoformat(asked.text("to"))
    if moment.tzinfo is None:
        raise Impossible("“to” needs an offset from UTC, such as +00:00.")
    return moment.timestamp() - time.time()


def next_morning(person: Person, now: float) -> float:
    """9:00 of the next day where the person is, in unix seconds."""
    zone = ZoneInfo(person.tz)
    day = datetime.fromtimestamp(now, zone).date() + timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=zone).timestamp()
