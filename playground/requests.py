"""Reading what players and tests ask for, and answering them."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from playground.core import Playground
from playground.deliveries import Impossible
from playground.views import View
from playground.wire import Answer
from playground.workspace import Channel, Json, Person


class Asked:
    """One request of a player: JSON, or the query of a GET. Getters raise Impossible."""

    def __init__(self, pg: Playground, given: Json) -> None:
        self.pg = pg
        self.given = given

    def text(self, name: str) -> str:
        value = self.given.get(name)
        if not isinstance(value, str) or not value:
            raise Impossible(f"“{name}” is missing.")
        return value

    def optional(self, name: str) -> str | None:
        return self.given.get(name) or None

    def person(self, name: str = "as") -> Person:
        """Who is played; a deactivated person cannot be."""
        person = self.pg.person(self.text(name))
        if person is None:
            raise Impossible(f"There is nobody with the id {self.given[name]}.")
        if name == "as" and (person.deleted or person.is_bot):
            raise Impossible(f"{person.real_name} cannot be played.")
        return person

    def channel(self) -> Channel:
        """A channel that the person sees."""
        channel = self.pg.workspace.channels.get(self.text("channel"))
        person = self.person()
        if channel is None or not self.pg.workspace.sees(person, channel):
            raise Impossible(f"{person.real_name} sees no channel {self.given['channel']}.")
        return channel

    def joined_channel(self) -> Channel:
        """A channel that the person is in."""
        channel, person = self.channel(), self.person()
        if person.id not in channel.members:
            raise Impossible(f"{person.real_name} is not in #{channel.name}.")
        return channel

    def view(self) -> View:
        """One of the person's open forms, or their Home tab."""
        view = self.pg.views.find(self.text("view_id"))
        if view is None or view.user != self.person().id:
            raise Impossible(f"{self.person().real_name} has no view {self.given['view_id']} open.")
        return view

    def whole_number(self, name: str, usual: int) -> int:
        value = str(self.given.get(name, usual))
        if not value.lstrip("-").isdigit():
            raise Impossible(f"“{name}” is no whole number.")
        return int(value)


Answerer = Callable[[Asked], Any]
Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(pg: Playground, answer: Answerer) -> Endpoint:
    """An HTTP endpoint of a function; what is impossible is answered 400 with the sentence."""

    async def serve(request: Request) -> Response:
        try:
            given = dict(request.query_params)
            if request.method == "POST":
                body = await request.json()
                if not isinstance(body, dict):
                    raise Impossible("The body is no JSON object.")
                given |= body
            result = answer(Asked(pg, given))
            if isinstance(result, Awaitable):
                result = await result
        except (Impossible, ValueError, KeyError, TypeError) as error:
            said = str(error) if isinstance(error, Impossible) else f"Not understood: {error!r}"
            return Answer({"error": said}, status_code=400)
        return Answer(result)

    return serve
