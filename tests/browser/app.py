"""A small Bolt app that shows what the page must be able to draw, and remembers what reached it."""

import queue
import re
import threading
from collections.abc import Callable
from typing import Any

import yaml
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from tests.player import DEADLINE_SECONDS, Json, Playground

Answer = Callable[[Json], Json | None]


def plain(text: str, **more: Any) -> Json:
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def option(text: str, value: str | None = None, **more: Any) -> Json:
    return {"text": plain(text), "value": value or text.lower(), **more}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: Json, block_id: str = "acts") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def field(block_id: str, label: str, kind: str, *, optional: bool = False, **element: Any) -> Json:
    """An input block whose element is called "v"."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "optional": optional,
        "element": {"type": kind, "action_id": "v", **element},
    }


def modal(*blocks: Json, title: str = "A form", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Save"),
        "notify_on_close": True,
        "blocks": list(blocks),
        **more,
    }


class Showcase:
    """Set `form` and `answer` (and `home`), then play. What reaches it is in `received`.

    `answer` gets a submission's payload and returns the acknowledgement's; while `hold` is clear, a
    submission waits for it before it is acknowledged.
    """

    def __init__(self, playground: Playground) -> None:
        self.received: queue.Queue[Json] = queue.Queue()
        self.form: Json = modal(section("Nothing to fill in"))
        self.pushed: Json = modal(field("why", "Reason", "plain_text_input"), title="On top")
        self.updated: Json = modal(section("Updated"))
        self.home: Json = {"type": "home", "blocks": [section("*Your day*")]}
        self.answer: Answer = lambda _: None
        self.hold = threading.Event()
        self.hold.set()
        self.client = WebClient(playground.bot_token, base_url=playground.api_url)
        self._playground = playground
        self._app = App(client=self.client, token_verification_enabled=False)
        self._handler = SocketModeHandler(self._app, playground.app_token, web_client=self.client)
        self._listen()

    @staticmethod
    def manifest() -> str:
        """Everything a page can start: commands, shortcuts, a Home tab."""
        return yaml.safe_dump(
            {
                "display_information": {"name": "Showcase", "background_color": "#7a3e9d"},
                "features": {
                    "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
                    "bot_user": {"display_name": "Showcase", "always_online": True},
                    "shortcuts": [
                        {
                            "name": "Look at this",
                            "type": "message",
                            "callback_id": "look",
                            "description": "Looks at the message",
                        },
                        {
                            "name": "New form",
                            "type": "global",
                            "callback_id": "new_form",
                            "description": "Opens the form",
                        },
                    ],
                    "slash_commands": [
                        {"command": "/form", "description": "Opens the form"},
                        {"command": "/show", "description": "Shows it", "usage_hint": "[what]"},
                        {"command": "/shout", "description": "Says it aloud"},
                    ],
                },
                "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
                "settings": {
                    "event_subscriptions": {"bot_events": ["app_home_opened"]},
                    "interactivity": {"is_enabled": True},
                    "socket_mode_enabled": True,
                },
            }
        )

    def connect(self) -> None:
        self._handler.connect()
        self._playground.wait_for_app()

    def close(self) -> None:
        """Beside the test: slack_sdk's client takes three seconds to stop its threads."""
        self.hold.set()
        self._handler.client.auto_reconnect_enabled = False
        threading.Thread(target=self._handler.close, daemon=True).start()

    def next(self, kind: str) -> Json:
        """The next payload of this type; others before it are dropped. Waits for it."""
        while True:
            payload = self.received.get(timeout=DEADLINE_SECONDS)
            if payload.get("type", "command") == kind:
                return payload

    def post(self, *blocks: Json, text: str = "A message", channel: str = "C0SOCIAL") -> str:
        """Posts blocks; the message's ts."""
        posted = self.client.chat_postMessage(channel=channel, text=text, blocks=list(blocks))
        return str(posted["ts"])

    def _listen(self) -> None:
        app = self._app
        app.command("/form")(self._open)
        app.shortcut("new_form")(self._open)
        app.command("/show")(self._note)
        app.command("/shout")(self._note)
        app.shortcut("look")(self._note)
        app.action("push")(self._push)
        app.action("update")(self._update)
        app.action(re.compile(".*"))(self._note)
        app.options("v")(self._suggest)
        app.view("form")(self._submitted)
        app.view_closed("form")(self._note)
        app.event("app_home_opened")(self._home)

    def _note(self, ack: Any, body: Json) -> None:
        ack()
        self.received.put(body)

    def _open(self, ack: Any, body: Json) -> None:
        ack()
        self.client.views_open(trigger_id=body["trigger_id"], view=self.form)

    def _push(self, ack: Any, body: Json) -> None:
        ack()
        self.client.views_push(trigger_id=body["trigger_id"], view=self.pushed)

    def _update(self, ack: Any, body: Json) -> None:
        ack()
        self.client.views_update(view_id=body["view"]["id"], view=self.updated)

    def _suggest(self, ack: Any, body: Json) -> None:
        zones = ("Europe/Paris", "Europe/Rome", "Asia/Tokyo")
        ack(options=[option(z, z) for z in zones if body["value"].lower() in z.lower()])

    def _submitted(self, ack: Any, body: Json) -> None:
        self.received.put(body)
        self.hold.wait()
        ack(**(self.answer(body) or {}))

    def _home(self, event: Json) -> None:
        if event["tab"] == "home":
            self.client.views_publish(user_id=event["user"], view=self.home)
