"""The real Bolt cannot tell: it joins over the real Socket Mode client as it joins Slack, and it is
sent over HTTP what its own adapter for a web server understands."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.routing import Route

from tests.player import DEADLINE_SECONDS, Player, Playground, labels, wait_until
from tests.playground.conftest import BesideTheTest, quiet_manifest
from tests.playground.raw import LINE, button, buttons, field, modal, text
from tests.playground.raw_http import over_http

Join = Callable[[App], None]


@pytest.fixture(params=["sockets", "http"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """Where the app will listen: nobody does until it joins."""
    with socket.socket(proto=socket.IPPROTO_TCP) as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound


@pytest.fixture
def playground(way: str, listening: socket.socket, tmp_path: Path) -> Iterator[Playground]:
    manifest = quiet_manifest(tmp_path)
    if way == "http":
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        described = over_http(yaml.safe_load(manifest.read_text("utf-8")), url)
        manifest.write_text(yaml.safe_dump(described), encoding="utf-8")
    with BesideTheTest(manifest) as started:
        yield started


@pytest.fixture
def app(client: WebClient, playground: Playground) -> App:
    """A Bolt app as the bot makes it; `join` connects it once its listeners are there."""
    secret = playground.signing_secret
    return App(client=client, signing_secret=secret, process_before_response=True)


@pytest.fixture
def join(way: str, listening: socket.socket, playground: Playground) -> Iterator[Join]:
    with ExitStack() as stack:

        def by_socket(app: App) -> None:
            # Looks after its connection every second, so that a lost one is soon replaced.
            handler = SocketModeHandler(app, playground.app_token, ping_interval=1)
            handler.connect()
            stack.callback(handler.close)

        def by_http(app: App) -> None:
            handler = SlackRequestHandler(app)
            route = Route("/slack/events", handler.handle, methods=["POST"])
            config = uvicorn.Config(Starlette(routes=[route]), log_level="warning")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, args=([listening],))
            thread.start()
            stack.callback(thread.join, DEADLINE_SECONDS)
            stack.callback(setattr, server, "should_exit", True)

        def connect(app: App) -> None:
            {"sockets": by_socket, "http": by_http}[way](app)
            playground.wait_for_app()

        yield connect


def test_from_a_command_to_a_click(
    app: App, join: Join, playground: Playground, maya: Player
) -> None:
    """A command opens a form, the form's errors come back, the post is approved by a click."""

    @app.command("/draft")
    def draft(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        element = {"type": "plain_text_input", "initial_value": body["text"]}
        client.views_open(trigger_id=body["trigger_id"], view=modal(field("line", element)))
        ack()

    @app.view("form")
    def saved(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        words = body["view"]["state"]["values"]["line"]["value"]["value"]
        if "!" in words:
            ack(response_action="errors", errors={"line": "No exclamation marks."})
            return
        row = buttons(button("Approve", "approve", value="P-1"))
        client.chat_postMessage(channel="C0SOCIAL", text=words, blocks=[row])
        ack()

    @app.action("approve")
    def approved(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond) -> None:
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        client.chat_update(**where, text="Approved", blocks=[])
        respond("You approved P-1")
        ack()

    join(app)
    assert maya.command("C0SOCIAL", "/draft Tea!")["ok"]
    form = maya.wait_for_view("Form")
    told = maya.submit(form)
    assert told["errors"] == {"line": "No exclamation marks."}
    assert maya.submit(form, maya.fill(form, Line="Tea"))["response_action"] is None
    card = maya.wait_for_message("C0SOCIAL", "Tea")
    assert labels(card) == ["Approve"]
    assert maya.click(card, "Approve")["ok"]
    assert maya.again(card)["text"] == "Approved"
    assert maya.messages("C0SOCIAL")[-1]["text"] == "You approved P-1"
    assert playground.problems() == []


def test_options_a_shortcut_and_an_event(
    app: App, join: Join, playground: Playground, maya: Player
) -> None:
    heard: list[str] = []

    @app.options("zone")
    def zones(ack: Ack, payload: dict[str, Any]) -> None:
        ack(options=[{"text": text(payload["value"]), "value": payload["value"]}])

    @app.shortcut("draft:from_message")
    def from_message(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        zone = {"type": "external_select", "action_id": "zone", "min_query_length": 1}
        view = modal(field("zone", zone), private_metadata=body["message"]["ts"])
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    @app.event("message")
    def message(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    @app.view("form")
    def saved(ack: Ack) -> None:
        ack(response_action="clear")

    join(app)
    first = maya.messages("C0SOCIAL")[0]
    maya.shortcut("draft:from_message", first)
    form = maya.wait_for_view("Form")
    assert form["private_metadata"] == first["ts"]
    assert maya.options(form, "zone", "Europe/Paris")[0]["value"] == "Europe/Paris"
    assert maya.submit(form, {"zone": {"zone": "Europe/Paris"}})["response_action"] == "clear"
    maya.say("D0MAYA", "help")
    wait_until(lambda: heard == ["help"], "the app hears the message")


def test_an_app_with_the_usual_order_of_acknowledging(
    client: WebClient, join: Join, playground: Playground, maya: Player
) -> None:
    """`process_before_response=False`: the ack goes before the work is done."""
    app = App(client=client, signing_secret=playground.signing_secret)

    @app.command("/desk")
    def desk(ack: Ack, respond: Respond) -> None:
        ack()
        respond(text="Later", response_type="in_channel")

    join(app)
    assert maya.command("C0SOCIAL", "/desk")["acked"]
    maya.wait_for_message("C0SOCIAL", "Later")


# Over HTTP there is no connection to lose.
@pytest.mark.parametrize("way", ["sockets"], indirect=True)
def test_it_comes_back_after_its_connection_is_lost(
    app: App, join: Join, playground: Playground, maya: Player
) -> None:
    @app.command("/desk")
    def desk(ack: Ack) -> None:
        ack("Here")

    join(app)
    playground.refresh_sockets()
    playground.wait_for_app()
    assert maya.command("C0SOCIAL", "/desk")["ok"]
    playground.drop_sockets()
    wait_until(lambda: maya.command("C0SOCIAL", "/desk")["ok"], "the app is back", 30)


def test_a_form_with_two_fields_is_filled_by_label(app: App, join: Join, maya: Player) -> None:
    got: list[dict[str, Any]] = []

    @app.command("/desk")
    def desk(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        people = field("approvers", {"type": "multi_users_select"})
        client.views_open(trigger_id=body["trigger_id"], view=modal(LINE, people))
        ack()

    @app.view("form")
    def saved(ack: Ack, view: dict[str, Any]) -> None:
        got.append(view["state"]["values"])
        ack()

    join(app)
    maya.command("C0SOCIAL", "/desk")
    form = maya.wait_for_view("Form")
    maya.submit(form, maya.fill(form, Line="a", Approvers=["U0TOM"]))
    assert got[0]["approvers"]["value"]["selected_users"] == ["U0TOM"]
