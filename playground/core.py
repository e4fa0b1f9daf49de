"""The playground itself: one workspace, one installed app, and what ties them together."""

import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from playground.delivery import Delivery
from playground.faults import Faults
from playground.http_delivery import HttpDelivery
from playground.manifest import App
from playground.people import APP_ID, BOT_ID, BOT_USER_ID
from playground.rates import Rates
from playground.sockets import Sockets
from playground.traffic import Traffic
from playground.views import Views
from playground.workspace import Channel, Json, Kind, Person, Workspace

TRIGGER_SECONDS = 3.0
DEFAULT_BOT_TOKEN = "xoxb-playground-bot"
DEFAULT_APP_TOKEN = "xapp-playground-app"
DEFAULT_SIGNING_SECRET = "playground-signing-secret"

# What an app needs to know of a conversation, and to read what was said in it.
# Source: docs.slack.dev/reference/methods/conversations.info and conversations.history.
READ_SCOPES = {
    Kind.PUBLIC: "channels:read",
    Kind.PRIVATE: "groups:read",
    Kind.IM: "im:read",
    Kind.MPIM: "mpim:read",
}
HISTORY_SCOPES = {
    Kind.PUBLIC: "channels:history",
    Kind.PRIVATE: "groups:history",
    Kind.IM: "im:history",
    Kind.MPIM: "mpim:history",
}


class ApiError(Exception):
    """Slack's refusal of a Web API call: its error code, and what else the answer says."""

    def __init__(self, code: str, *messages: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = extra


@dataclass(slots=True)
class Trigger:
    """A `trigger_id`: one use, 3 s. `issued` is monotonic seconds."""

    user: str
    issued: float
    used: bool = False


class TokenOffice(Protocol):
    """Hands out tokens, and tells whose they are."""

    def check(self, token: str) -> None:
        """Raises ApiError where a token isn't, or no longer, good."""

    def access(self, args: Json) -> Json:
        """What oauth.v2.access answers. Raises ApiError."""

    def revoke(self, pg: "Playground", token: str) -> None:
        """One token works no more."""


class Playground:
    """Everything that a request needs. Lives in one event loop, so nothing here is locked."""

    app_id = APP_ID
    bot_id = BOT_ID
    bot_user_id = BOT_USER_ID

    def __init__(
        self,
        app: App,
        workspace: Workspace,
        bot_token: str = DEFAULT_BOT_TOKEN,
        app_token: str = DEFAULT_APP_TOKEN,
        signing_secret: str = DEFAULT_SIGNING_SECRET,
    ) -> None:
        self.app = app
        self.workspace = workspace
        self.bot_token = bot_token
        self.app_token = app_token
        self.revoked = False
        # Where several workspaces install the app: who knows the tokens.
        self.office: TokenOffice | None = None
        self.granted = {*app.bot_scopes, *app.bot_optional_scopes}
        self.traffic = Traffic()
        self.faults = Faults(lambda: self.changed("faults"))
        self.rates = Rates()
        self.sockets = Sockets(self.traffic, APP_ID, self._delivered, enabled=app.socket_mode)
        self.http = HttpDelivery(self.traffic, app, signing_secret, self._delivered)
        self.delivery: Delivery = self.sockets if app.socket_mode else self.http
        self.views = Views(workspace.team_id, APP_ID, BOT_ID)
        self.edit_window_closed = False
        # The options that the app has suggested, by the view or message and the action_id.
        self.offered: dict[tuple[str, str], list[Json]] = {}
        # Set by the server once it knows its port.
        self.base_url = ""
        # Called after every change of what `--state` keeps.
        self.on_change: Callable[[], None] = lambda: None
        self._triggers: dict[str, Trigger] = {}
        self._watchers: set[asyncio.Queue[Json]] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    def person(self, user: str) -> Person | None:
        return self.workspace.people.get(user)

    def bot_is_in(self, channel: Channel) -> bool:
        return BOT_USER_ID in channel.members

    def new_trigger(self, user: str) -> str:
        trigger_id = (
            f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        )
        self._triggers[trigger_id] = Trigger(user, time.monotonic())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The user of a trigger, which is then used up. Raises ApiError.

        Source: docs.slack.dev/reference/methods/views.open, errors.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def expire_triggers(self) -> None:
        """Makes every trigger handed out so far older than it may be."""
        for trigger in self._triggers.values():
            trigger.issued -= TRIGGER_SECONDS + 1

    def watch(self) -> "asyncio.Queue[Json]":
        """A queue that hears of every change, until `unwatch`."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._watchers.add(queue)
        return queue

    def unwatch(self, queue: "asyncio.Queue[Json]") -> None:
        self._watchers.discard(queue)

    def changed(self, what: str, channel: str | None = None) -> None:
        """Tells the watchers ("channel", "views", "home", "state", "clock", "faults" or "log")
        and whoever saves."""
        event = {"type": "changed", "what": what, **({"channel": channel} if channel else {})}
        for queue in self._watchers:
            queue.put_nowait(event)
        if what not in ("faults", "log"):
            self.on_change()

    def _delivered(self) -> None:
        self.changed("state")
        self.changed("log")

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs it without waiting; kept until done, as asyncio only holds tasks weakly."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
