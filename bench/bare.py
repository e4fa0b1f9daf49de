"""The least that a Bolt app can be which keeps what is clicked: one row for each click, with the
settings that Copydesk has.

    python -m bench.bare socket
    python -m bench.bare http          # at PORT
    python -m bench.bare card          # as `http`, and changes the message before it answers
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import uvicorn
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.slack import APP_TOKEN, BOT_TOKEN, BOT_USER, SECRET, TEAM
from storage.engine import make_engine, parse_url

_WORKERS = 10

rows = sa.Table(
    "clicks",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)


def build(*, draws: bool = False) -> App:
    """The app, with its table. With `draws` it changes the message that was clicked."""
    engine = make_engine(parse_url(os.environ["DATABASE_URL"])).execution_options(writes=True)
    rows.metadata.create_all(engine)
    one_writer = threading.Lock()
    app = App(
        client=WebClient(BOT_TOKEN, base_url=os.environ["SLACK_API_URL"]),
        authorize=lambda: AuthorizeResult(
            enterprise_id=None, team_id=TEAM, bot_user_id=BOT_USER, bot_token=BOT_TOKEN
        ),
        signing_secret=SECRET,
        process_before_response=True,
    )

    def clicked(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        value = body["actions"][0]["value"] if "actions" in body else body["view"]["callback_id"]
        with one_writer, engine.begin() as tx:
            now = datetime.now(UTC).replace(tzinfo=None)
            tx.execute(rows.insert().values(person=body["user"]["id"], value=value, at=now))
        if draws:
            channel, ts = body["channel"]["id"], body["message"]["ts"]
            client.chat_update(channel=channel, ts=ts, text=value)
        ack()

    app.action("review:approve")(clicked)
    app.view("comment:write:submit")(clicked)
    app.view("draft:new:submit")(clicked)
    return app


def serve(app: App, port: int) -> None:
    """Over HTTP, through a pool of threads."""
    workers = ThreadPoolExecutor(_WORKERS)

    async def events(request: Request) -> Response:
        body = (await request.body()).decode()
        bolt_request = BoltRequest(body=body, headers=dict(request.headers))
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(workers, app.dispatch, bolt_request)
        kind = answer.headers.get("content-type", [""])[0]
        return Response(answer.body, answer.status, {"content-type": kind})

    routes = [Route("/slack/events", events, methods=["POST"])]
    uvicorn.run(Starlette(routes=routes), port=port, log_level="error")


if __name__ == "__main__":
    way = sys.argv[1]
    if way == "socket":
        SocketModeHandler(build(), APP_TOKEN).start()
    else:
        serve(build(draws=way == "card"), int(os.environ["PORT"]))
