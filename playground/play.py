"""The API by which a person is played; the page and the tests use the same one."""

import asyncio
import base64
import contextlib
import functools
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground import deliveries, files, forms, happenings, payloads
from playground.clock import Clock, wanted
from playground.core import Playground
from playground.deliveries import Impossible
from playground.elements import find
from playground.messages import as_play, content_of, post
from playground.requests import Asked, endpoint
from playground.responses import ResponseUrls
from playground.text import rich_text, typed_message
from playground.wire import send
from playground.workspace import Channel, File, Json, Kind, Message, Person


def routes(pg: Playground, urls: ResponseUrls, clock: Clock) -> Iterator[BaseRoute]:
    """Everything under /play."""
    reading = {"state": state, "messages": messages, "log": log}
    for name, read in reading.items():
        yield Route(f"/play/{name}", endpoint(pg, read), methods=["GET"])
    acting = {
        "message": message,
        "upload": upload,
        "file/delete": delete_file,
        "command": lambda asked: command(asked, urls),
        "click": lambda asked: click(asked, urls),
        "shortcut": lambda asked: shortcut(asked, urls),
        "view/click": view_click,
        "view/submit": view_submit,
        "view/close": view_close,
        "options": options,
        "home": home,
        "dm": dm,
        "join": join,
        "leave": leave,
        "archive": archive,
        "rename": rename,
        "react": react,
        "clock": lambda asked: clock.move(wanted(asked)),
    }
    for name, act in acting.items():
        yield Route(f"/play/{name}", endpoint(pg, act), methods=["POST"])
    yield Route("/play/file", functools.partial(file, pg))
    yield WebSocketRoute("/play/events", lambda socket: watch(pg, socket))


def state(asked: Asked) -> Json:
    """What a person sees around the messages."""
    pg, me = asked.pg, asked.person()
    workspace, app = pg.workspace, pg.app
    home = pg.views.homes.get(me.id)
    return {
        "me": me.id,
        "team": {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain},
        "people": [asdict(person) for person in workspace.people.values()],
        "channels": [_channel(pg, me, channel) for channel in workspace.seen_by(me)],
        "app": {
            "id": pg.app_id,
            "name": app.name,
            "bot_user_id": pg.bot_user_id,
            "color": app.background_color,
            "description": app.description,
            "commands": [
                {"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
                for c in app.commands
            ],
            "shortcuts": [
                {"callback_id": s.callback_id, "name": s.name, "type": s.type}
                for s in app.shortcuts
            ],
            "home_tab": app.home_tab,
            "messages_tab": app.messages_tab,
        },
        "home": pg.views.as_api(home) if home else None,
        "views": [pg.views.as_api(view) for view in pg.views.stack(me.id)],
        "ahead_seconds": workspace.ahead_seconds,
        "connected": pg.delivery.connected,
        "app_url": "" if app.socket_mode else app.interactivity_url or app.events_url,
    }


def _channel(pg: Playground, me: Person, channel: Channel) -> Json:
    shown: Json = {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "is_member": me.id in channel.members,
        "is_archived": channel.is_archived,
        "is_shared": channel.is_shared,
        "bot_is_member": pg.bot_is_in(channel),
        "members": channel.members,
    }
    if channel.kind is Kind.IM:
        shown["user"] = next(m for m in channel.members if m != me.id)
    return shown


def messages(asked: Asked) -> Json:
    """A channel's messages as this person sees them, or those of one thread; oldest first."""
    channel, me = asked.channel(), asked.person()
    thread_ts = asked.optional("thread_ts")
    # What an app says to one person alone in a thread is only shown where there is a thread:
    # docs.slack.dev/reference/methods/chat.postEphemeral (`thread_ts`).
    active = not thread_ts or bool(channel.replies(thread_ts))
    shown = [
        as_play(asked.pg, channel, m)
        for m in channel.messages
        if m.is_seen_by(me.id)
        and _belongs(m, thread_ts)
        and (active or not (m.ephemeral_to and m.bot_id))
    ]
    return {"messages": shown}


def _belongs(message: Message, thread_ts: str | None) -> bool:
    if thread_ts:
        return thread_ts in (message.ts, message.thread_ts)
    return message.thread_ts in (None, message.ts)


def log(asked: Asked) -> Json:
    return {"entries": asked.pg.traffic.since(asked.whole_number("since", 0))}


def message(asked: Asked) -> Json:
    """Says something, as typed by a human."""
    pg, me = asked.pg, asked.person()
    channel = asked.joined_channel()
    if channel.is_archived:
        raise Impossible(f"#{channel.name} is archived: nothing can be said there.")
    thread_ts = asked.optional("thread_ts")
    if thread_ts:
        deliveries.visible_message(channel, me, thread_ts)
    with_files = [str(file_id) for file_id in asked.given.get("files") or []]
    for file_id in with_files:
        if of_person(pg, me, file_id).deleted:
            raise Impossible(f"The file {file_id} was deleted.")
    typed = asked.optional("text") or "" if with_files else asked.text("text")
    text = typed_message(pg.workspace, typed)
    content = content_of(text, rich_text(text) if text else None, files=with_files)
    said = post(pg, channel, content, user=me.id, thread_ts=thread_ts)
    happenings.mentioned(pg, channel, said, me)
    return {"ok": True, "ts": said.ts}


def upload(asked: Asked) -> Json:
    """A file of the person's, not shared with anybody yet."""
    return {"ok": True, "id": files.upload(asked.pg, asked.person(), asked.given).id}


def delete_file(asked: Asked) -> Json:
    """Deletes a file of the person's, wherever it is shown."""
    pg = asked.pg
    file = of_person(pg, asked.person(), asked.text("file"))
    file.deleted = True
    file.content = ""
    for channel in file.channels:
        pg.changed("channel", channel)
    pg.changed("state")
    return {"ok": True}


def of_person(pg: Playground, me: Person, file_id: str) -> File:
    try:
        return files.of_person(pg, me, file_id)
    except files.Unfit as unfit:
        raise Impossible(str(unfit)) from unfit


async def file(pg: Playground, request: Request) -> Response:
    """What is in a file, for who may see it."""
    found = pg.workspace.files.get(request.query_params.get("id", ""))
    person = pg.person(request.query_params.get("as", ""))
    if found is None or person is None or not files.seen_by_person(pg, person, found):
        return Response(status_code=404)
    # Nothing that a person uploads may run on this page.
    headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
    content = base64.b64decode(found.content)
    return Response(content, media_type=found.mimetype, headers=headers)


async def command(asked: Asked, urls: ResponseUrls) -> Json:
    """Slack's client has no composer in an archived channel, but one can be archived meanwhile."""
    return await deliveries.command(
        asked.pg,
        urls,
        asked.person(),
        asked.joined_channel(),
        asked.text("text"),
        asked.optional("thread_ts"),
    )


async def click(asked: Asked, urls: ResponseUrls) -> Json:
    channel, me = asked.channel(), asked.person()
    clicked = deliveries.visible_message(channel, me, asked.text("ts"))
    asked.text("action_id")
    return await deliveries.message_click(asked.pg, urls, me, channel, clicked, asked.given)


async def view_click(asked: Asked) -> Json:
    asked.text("action_id")
    return await deliveries.view_click(asked.pg, asked.person(), asked.view(), asked.given)


async def view_submit(asked: Asked) -> Json:
    values = asked.given.get("values") or {}
    return await forms.submit(asked.pg, asked.person(), asked.view(), values)


def view_close(asked: Asked) -> Json:
    return forms.close(asked.pg, asked.person(), asked.view(), bool(asked.given.get("clear")))


async def shortcut(asked: Asked, urls: ResponseUrls) -> Json:
    me, ts = asked.person(), asked.optional("ts")
    channel = asked.channel() if ts else None
    chosen = deliveries.visible_message(channel, me, ts) if channel and ts else None
    if chosen and chosen.ephemeral_to:
        raise Impossible("A message that only you see has no shortcuts.")
    return await deliveries.shortcut(asked.pg, urls, me, asked.text("callback_id"), channel, chosen)


async def options(asked: Asked) -> Json:
    """What an external select shows for a query."""
    pg, me = asked.pg, asked.person()
    query = str(asked.given.get("query", ""))
    if asked.optional("view_id"):
        view = asked.view()
        blocks, where, place = view.blocks, payloads.in_view(pg, view), view.id
    else:
        channel = asked.channel()
        message = deliveries.visible_message(channel, me, asked.text("ts"))
        blocks, place = message.content.get("blocks", []), message.ts
        where = payloads.in_message(pg, channel, message)
    spot = find(blocks, asked.text("action_id"), asked.optional("block_id"))
    if spot is None:
        raise Impossible(f"There is no “{asked.text('action_id')}” here.")
    return await deliveries.suggest(pg, me, spot, query, where, place)


def home(asked: Asked) -> Json:
    return happenings.home_opened(asked.pg, asked.person(), "home")


def dm(asked: Asked) -> Json:
    return happenings.home_opened(asked.pg, asked.person(), "messages")


def join(asked: Asked) -> Json:
    """Invites somebody, or the app, to a channel that the person is in; or joins oneself."""
    channel = asked.channel()
    return happenings.join(asked.pg, channel, asked.person("user"), asked.person())


def leave(asked: Asked) -> Json:
    return happenings.leave(asked.pg, asked.channel(), asked.person("user"), asked.person())


def archive(asked: Asked) -> Json:
    archived = bool(asked.given.get("archived", True))
    return happenings.archive(asked.pg, asked.joined_channel(), asked.person(), archived)


def rename(asked: Asked) -> Json:
    return happenings.rename(asked.pg, asked.joined_channel(), asked.text("name"))


def react(asked: Asked) -> Json:
    channel, me = asked.joined_channel(), asked.person()
    liked = deliveries.visible_message(channel, me, asked.text("ts"))
    return happenings.react(asked.pg, channel, liked, me, asked.text("name").strip(":"))


async def watch(pg: Playground, socket: WebSocket) -> None:
    """Tells a page what has changed, so that it fetches it anew."""
    await socket.accept()
    queue = pg.watch()

    async def until_closed() -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await socket.receive_text()

    closed = asyncio.ensure_future(until_closed())
    try:
        while not closed.done():
            due: asyncio.Future[Any] = asyncio.ensure_future(queue.get())
            await asyncio.wait({due, closed}, return_when=asyncio.FIRST_COMPLETED)
            if due.done():
                await send(socket, due.result())
            due.cancel()
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        closed.cancel()
        pg.unwatch(queue)
