"""The HTTP server: Slack's doors, the players' and the tests', and the page."""

import asyncio
import base64
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    Response,
)
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from playground import authorize, control, installations, play
from playground.clock import Clock
from playground.core import ApiError, Playground
from playground.faults import Fault
from playground.office import Office
from playground.responses import ResponseUrls
from playground.saving import Saver
from playground.traffic import Direction
from playground.web_api import answer_call
from playground.web_api.methods import SECRETS
from playground.wire import Answer
from playground.workspace import Json

PAGE = Path(__file__).with_name("page")
HOST = "127.0.0.1"
KEEP_ALIVE_SECONDS = 60
SHUTDOWN_SECONDS = 1
PING_SECONDS = 5


class CuttableProtocol(H11Protocol):
    """Hands each request its transport, so that a connection can be cut without an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


class Server(uvicorn.Server):
    """Calls `ready` once it listens; a signal ends it without an error, and without waiting for
    who follows its clock."""

    def __init__(self, config: uvicorn.Config, clock: Clock, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._clock = clock
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._clock.end()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def listen(port: int) -> socket.socket:
    """A socket on this machine only; port 0 takes any free one. Raises OSError."""
    # asyncio sets TCP_NODELAY for this proto alone; without it each request waits 40 ms.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    return listening


def serve(
    pg: Playground,
    listening: socket.socket,
    state: Path | None,
    ready: Callable[[], None],
    office: Office | None = None,
) -> Server:
    """The server, to be run with `sockets=[listening]`. With an `office`, `pg` is the first of its
    workspaces, and the second one's page is at /w/2/."""
    others = [] if office is None else list(office.workspaces.values())[1:]
    for one in (pg, *others):
        one.base_url = f"http://{HOST}:{listening.getsockname()[1]}"
    clock = Clock(pg, *others)
    config = uvicorn.Config(
        application(pg, clock, state, office),
        http=CuttableProtocol,
        ws="websockets-sansio",
        lifespan="on",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        # Longer than a client keeps a connection, which would else use one that is being closed.
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        # As often as Slack pings, about; a page in the background is not cut for being slow.
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=None,
    )
    return Server(config, clock, ready)


def application(
    pg: Playground, clock: Clock, state: Path | None, office: Office | None = None
) -> Starlette:
    """All routes; with `state`, the workspace is saved there."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        saver = Saver(pg, state) if state else None
        all_of_them = [pg] if office is None else office.workspaces.values()
        watching = [asyncio.create_task(one.delivery.watch()) for one in all_of_them]
        yield
        for task in watching:
            task.cancel()
        if saver:
            saver.now()

    return Starlette(routes=list(_routes(pg, clock, office)), lifespan=lifespan)


def _routes(pg: Playground, clock: Clock, office: Office | None) -> Iterator[BaseRoute]:
    yield Route("/api/{method}", _web_api(pg, office), methods=["GET", "POST"])
    yield WebSocketRoute("/link/", pg.sockets.serve)
    yield Route("/clock", clock.answer)
    all_of_them = [pg]
    if office is not None:
        all_of_them = list(office.workspaces.values())
        yield from authorize.routes(office)
    for number, one in enumerate(all_of_them, 1):
        urls = ResponseUrls(one)
        team = one.workspace.team_id
        for kind in ("commands", "actions"):
            secret = f"/{kind}/{team}/{{secret}}"
            yield Route(secret, _response_url(one, urls), methods=["POST"])
        pages = list(_pages(one, urls, clock, office))
        if number == 1:
            yield from pages
        else:
            yield Mount(f"/w/{number}", routes=pages)


def _pages(
    pg: Playground, urls: ResponseUrls, clock: Clock, office: Office | None
) -> Iterator[BaseRoute]:
    """For the players and the tests of one workspace."""
    yield from play.routes(pg, urls, clock)
    yield from control.routes(pg, urls, clock)
    if office is not None:
        yield from installations.routes(pg, office)
    yield Route("/", _index)
    yield Mount("/static", StaticFiles(directory=PAGE, check_dir=False))


async def _index(_: Request) -> Response:
    return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})


def _web_api(first: Playground, office: Office | None) -> Callable[[Request], Any]:
    """The token says for which workspace a call is; the first one's log has those without."""

    async def call(request: Request) -> Response:
        method = request.path_params["method"]
        try:
            args = await _arguments(request)
        except ApiError as refused:
            return Answer({"ok": False, "error": refused.code})
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            args |= _client(given)
        token = (given.strip() if scheme == "Bearer" else "") or args.get("token") or None
        pg = (office.workspace_of(token) if office else None) or first

        def do() -> Response:
            body, headers = answer_call(pg, method, args, token)
            return Answer(body, headers=headers)

        return await _with_faults(pg, request, method, args, do)

    return call


def _client(given: str) -> Json:
    """The app's id and secret, as oauth.v2.access takes them: RFC 6749, section 2.3.1."""
    with contextlib.suppress(ValueError):
        client_id, _, client_secret = base64.b64decode(given).decode().partition(":")
        return {"client_id": client_id, "client_secret": client_secret}
    return {}


async def _arguments(request: Request) -> Json:
    """Of the query, and of a body that is JSON or a form. Raises ApiError.

    Source: docs.slack.dev/apis/web-api (POST bodies). Multipart, for files, is not here.
    """
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method == "GET" or not kind:
        return args
    if kind == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError as error:
            raise ApiError("invalid_json") from error
        if not isinstance(body, dict):
            raise ApiError("json_not_object")
        return args | body
    if kind == "application/x-www-form-urlencoded":
        form = (await request.body()).decode("utf-8", "replace")
        return args | dict(parse_qsl(form, keep_blank_values=True))
    raise ApiError("invalid_post_type")


def _response_url(pg: Playground, urls: ResponseUrls) -> Callable[[Request], Any]:
    async def use(request: Request) -> Response:
        try:
            body = json.loads(await request.body())
        except ValueError:
            return PlainTextResponse("invalid_payload", status_code=400)

        def do() -> Response:
            answer: Json = {"ok": True}
            status = 200
            try:
                urls.use(request.url.path, body)
            except ApiError as refused:
                answer = {"ok": False, "error": refused.code}
                if refused.messages:
                    answer["response_metadata"] = {"messages": refused.messages}
                status = 404 if refused.code.endswith("_url") else 400
            pg.traffic.called("response_url", body, answer)
            pg.changed("log")
            return Answer(answer, status_code=status)

        return await _with_faults(pg, request, "response_url", body, do)

    return use


async def _with_faults(
    pg: Playground, request: Request, method: str, args: Json, do: Callable[[], Response]
) -> Response:
    """Does a call, unless a fault was ordered for it, and holds it where that was ordered."""
    await pg.faults.wait(method, "before")
    if seconds := pg.rates.wait(method, args):
        return _too_many(pg, method, args, seconds)
    fault = pg.faults.take(method)
    if fault is None:
        answer = do()
        await pg.faults.wait(method, "after")
        return answer
    if fault.kind is Fault.SLOW:
        await asyncio.sleep(fault.seconds)
        return do()
    pg.traffic.note(Direction.EVENT, f"fault {fault.kind}", method, {"method": method})
    if fault.kind is Fault.LOST_REPLY:
        do()
        return await _cut(request)
    if fault.kind is Fault.RATELIMITED:
        return _too_many(pg, method, args, fault.retry_after)
    pg.traffic.called(method, _shown(args), {"ok": False, "error": f"fault {fault.kind}"})
    if fault.kind is Fault.NOTHING:
        return await _cut(request)
    if fault.kind is Fault.HTML:
        return HTMLResponse("<html><body><h1>503 Service Unavailable</h1></body></html>", 503)
    return PlainTextResponse("Internal Server Error", 500)


def _too_many(pg: Playground, method: str, args: Json, seconds: int) -> Response:
    """Not done; `seconds` is when it may be tried again."""
    answer = {"ok": False, "error": "ratelimited"}
    pg.traffic.called(method, _shown(args), answer)
    return Answer(answer, 429, {"Retry-After": str(seconds)})


def _shown(args: Json) -> Json:
    return {k: v for k, v in args.items() if k not in SECRETS}


async def _cut(request: Request) -> Response:
    """Ends the connection as a broken network does: no answer, no closing."""
    request.scope["state"]["transport"].abort()
    # The loop takes note of the abort on its next turn; an answer after that goes nowhere.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return Response()
