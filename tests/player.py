"""The playground in a test: start it, play people in it, wait for what must come true.

    with Playground() as playground:                 # its own process, on any free port
        maya = playground.player("U0MAYA")
        start_the_bot(playground.api_url, playground.bot_token, playground.app_token)
        playground.wait_for_app()                    # a Socket Mode connection is there
        maya.command("C0SOCIAL", "/draft Hello")     # waits for the app's acknowledgement
        form = maya.wait_for_view("New draft")
        maya.submit(form, {"text": {"text": "Hello"}})
        card = maya.wait_for_message("C0SOCIAL", "P-1")
        maya.click(card, "Approve")

Nothing here sleeps for a fixed time: `wait_until` looks again until its deadline. What a person
cannot do in Slack's client (click what is not there, leave a required field empty) raises
`NotPossible` with the playground's sentence. The people and channels are those of
`playground/people.yml`.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

Json = dict[str, Any]
T = TypeVar("T")

ROOT = Path(__file__).parent.parent
MANIFEST = ROOT / "manifest.yml"
# Generous: a busy machine is no failure. A condition that holds is seen within LOOK_AGAIN.
DEADLINE_SECONDS = 15.0
LOOK_AGAIN_SECONDS = 0.02


class NotPossible(AssertionError):
    """The person cannot do that in Slack's client; the text is the playground's sentence."""


def wait_until(
    condition: Callable[[], T | None], what: str = "", timeout: float = DEADLINE_SECONDS
) -> T:
    """What `condition` returns, once it is neither None nor False nor empty.

    Raises AssertionError with `what` after `timeout` seconds.
    """
    end = time.monotonic() + timeout
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"Not within {timeout:g} s: {what or condition}")
        time.sleep(LOOK_AGAIN_SECONDS)


class Playground:
    """A playground as its own process, ended on leaving the `with`.

    `url` is its address, `api_url` what a WebClient takes as `base_url`. `state` keeps the
    workspace over restarts, `people` is another YAML file than the usual one.
    """

    bot_token = "xoxb-test-bot"
    app_token = "xapp-test-app"

    def __init__(
        self,
        manifest: Path = MANIFEST,
        people: Path | None = None,
        state: Path | None = None,
        port: int = 0,
    ) -> None:
        self._command = [sys.executable, "-m", "playground", "--manifest", str(manifest)]
        self._command += ["--port", str(port)]
        self._command += ["--people", str(people)] if people else []
        self._command += ["--state", str(state)] if state else []
        self._process: subprocess.Popen[str] | None = None
        self.url = ""
        self.http = httpx.Client()

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PLAYGROUND_BOT_TOKEN": self.bot_token,
                "PLAYGROUND_APP_TOKEN": self.app_token,
            },
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line.startswith("Playground ready: "), f"The playground did not start: {line!r}"
        self.url = line.removeprefix("Playground ready: ").strip()
        self.http = httpx.Client(base_url=self.url, timeout=30)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=10)
            if self._process.stdout:
                self._process.stdout.close()

    def player(self, user: str) -> "Player":
        """Somebody to be played, by Slack id: "U0MAYA"."""
        return Player(self, user)

    def get(self, path: str, **query: Any) -> Any:
        """GET an address of the playground: "/control/workspace". Raises NotPossible."""
        return _read(self.http.get(path, params=query))

    def post(self, path: str, **body: Any) -> Any:
        """POST JSON to an address of the playground. Raises NotPossible."""
        # As ASCII, so that half of a surrogate pair can be typed too.
        headers = {"Content-Type": "application/json"}
        return _read(self.http.post(path, content=json.dumps(body), headers=headers))

    # Looking at everything.

    def workspace(self) -> Json:
        """All channels, with all messages in all revisions, all open views and Home tabs."""
        result: Json = self.get("/control/workspace")
        return result

    def all_messages(self, channel: str | None = None) -> list[Json]:
        """Every message there ever was, deleted and ephemeral ones too, in one channel or in all.

        Each has `contents` (one per revision), `deleted`, `ephemeral_to`, `metadata`.
        """
        rooms = self.workspace()["channels"]
        return [
            {**message, "channel": room["id"]}
            for room in rooms
            if channel in (None, room["id"])
            for message in room["messages"]
        ]

    def calls(self, method: str | None = None) -> list[Json]:
        """The app's Web API calls so far: `method`, `args`, `ok`, `error`, `at`."""
        query = {"method": method} if method else {}
        result: list[Json] = self.get("/control/calls", **query)
        return result

    def log(self, since: int = 0) -> list[Json]:
        """The traffic, each entry with `n`, `name`, `direction`, `summary`, `detail`, `problem`."""
        result: list[Json] = self.get("/play/log", since=since)["entries"]
        return result

    def problems(self) -> list[str]:
        """What Slack would have refused and the app failed to do; a good test ends with none."""
        return [f"{e['name']}: {e['problem']}" for e in self.log() if e["problem"]]

    def connected(self) -> int:
        """How many Socket Mode connections the app has."""
        connections: int = self.workspace()["connected"]
        return connections

    def wait_for_app(self, connections: int = 1, timeout: float = DEADLINE_SECONDS) -> None:
        wait_until(lambda: self.connected() >= connections, "the app connects", timeout)

    # Making trouble.

    def fault(self, method: str, kind: str, **more: Any) -> None:
        """The next `count` calls of a method ("*" for all) fail.

        `kind`: "429" (`retry_after` in seconds), "500", "html", "nothing" (not done, connection
        cut), "lost_reply" (done, connection cut), "slow" (done after `seconds`). The method of a
        response_url is "response_url".
        """
        self.post("/control/faults", method=method, kind=kind, **more)

    def clear_faults(self) -> None:
        self.post("/control/faults/clear")

    def drop_sockets(self) -> None:
        """Cuts the app's connections as a broken network does."""
        self.post("/control/sockets/drop")

    def refresh_sockets(self) -> None:
        """Asks the app to connect anew, as Slack does every few hours."""
        self.post("/control/sockets/refresh")

    def redeliver(self, envelope_id: str, **retry: Any) -> Json:
        """The same envelope again; `retry_attempt` and `retry_reason` mark it as a retry."""
        result: Json = self.post("/control/redeliver", envelope_id=envelope_id, **retry)
        return result

    def hold(self, method: str, at: str) -> None:
        """The next call of a method waits "before" it is done, or "after", until `release`."""
        self.post("/control/hold", method=method, at=at)

    def wait_for_held(self, timeout: float = DEADLINE_SECONDS) -> list[Json]:
        """The calls that wait now, once there is one."""
        found = wait_until(
            lambda: self.get("/control/held")["held"], "a call arrives and is held", timeout
        )
        held: list[Json] = found
        return held

    def release(self, method: str | None = None) -> None:
        self.post("/control/release", **({"method": method} if method else {}))

    def grant(self, *scopes: str) -> None:
        """The bot token's scopes are these from now on."""
        self.post("/control/scopes", granted=list(scopes))

    def revoke_tokens(self, revoked: bool = True) -> None:
        self.post("/control/tokens/revoke", revoked=revoked)

    def change_person(self, user: str, **fields: Any) -> None:
        """`tz`, `deleted`, `is_admin`, `locale`, ..."""
        self.post("/control/people", id=user, **fields)

    def limits(self, **limits: Any) -> None:
        """`ack_seconds` (3 at first), `edit_window_closed`."""
        self.post("/control/limits", **limits)

    def expire(self, what: str) -> None:
        """All "triggers" or "response_urls" handed out so far are too old now."""
        self.post("/control/expire", what=what)


class Player:
    """A person of the workspace. Messages and views are dicts in Slack's shape."""

    def __init__(self, playground: Playground, user: str) -> None:
        self.playground = playground
        self.id = user

    def _get(self, path: str, **query: Any) -> Any:
        return self.playground.get(path, **{"as": self.id}, **query)

    def _post(self, path: str, **body: Any) -> Json:
        given = {key: value for key, value in body.items() if value is not None}
        result: Json = self.playground.post(path, **{"as": self.id}, **given)
        return result

    # Seeing.

    def state(self) -> Json:
        """Team, people, channels, app, Home tab, open views, as this person sees them."""
        result: Json = self._get("/play/state")
        return result

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """What this person reads in a channel (or one thread), oldest first."""
        query = {"thread_ts": thread_ts} if thread_ts else {}
        listed: list[Json] = self._get("/play/messages", channel=channel, **query)["messages"]
        return [{**message, "channel": channel} for message in listed]

    def direct(self) -> str:
        """The id of the direct message channel with the app."""
        state = self.state()
        bot = state["app"]["bot_user_id"]
        return next(str(c["id"]) for c in state["channels"] if c.get("user") == bot)

    def dms(self) -> list[Json]:
        """What is in the direct messages with the app."""
        return self.messages(self.direct())

    def views(self) -> list[Json]:
        """The open forms, bottom first."""
        stack: list[Json] = self.state()["views"]
        return stack

    def view(self) -> Json | None:
        """The form on top, None when there is none."""
        stack = self.views()
        return stack[-1] if stack else None

    def wait_for_message(
        self,
        channel: str,
        says: str,
        timeout: float = DEADLINE_SECONDS,
        thread_ts: str | None = None,
    ) -> Json:
        """The newest message with this text in it (`text` or a block), once there is one."""

        def newest() -> Json | None:
            listed = reversed(self.messages(channel, thread_ts))
            return next((m for m in listed if says in said(m)), None)

        return wait_until(newest, f"{self.id} reads “{says}” in {channel}", timeout)

    def wait_for_dm(self, says: str, timeout: float = DEADLINE_SECONDS) -> Json:
        """As wait_for_message, in the direct messages with the app."""
        return self.wait_for_message(self.direct(), says, timeout)

    def wait_for_view(self, title: str | None = None, timeout: float = DEADLINE_SECONDS) -> Json:
        """The form on top, once it has this title."""

        def on_top() -> Json | None:
            view = self.view()
            return view if view and title in (None, view["title"]["text"]) else None

        return wait_until(on_top, f"{self.id} sees the form “{title}”", timeout)

    def again(self, message: Json) -> Json:
        """The same message as it stands now."""
        listed = self.messages(message["channel"], message.get("thread_ts"))
        return next(m for m in listed if m["ts"] == message["ts"])

    # Doing. What waits for the app returns {ok, acked, error, envelope_id, ...}.

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Writes a message, as typed ("@Tom", "#general" are understood); its ts."""
        done = self._post("/play/message", channel=channel, text=text, thread_ts=thread_ts)
        return str(done["ts"])

    def command(self, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Types a slash command; `ack` in the result is what the app answered with."""
        return self._post("/play/command", channel=channel, text=text, thread_ts=thread_ts)

    def click(
        self,
        message: Json,
        what: str,
        selected: Any = None,
        block_id: str | None = None,
        revision: int | None = None,
    ) -> Json:
        """Clicks in a message: `what` is a button's label or an action_id.

        The message is clicked as given, in its revision, even if it has changed since. `selected`:
        an option's value, an id, a date, or a list, as the element wants.
        """
        element, block = find(message, what)
        return self._post(
            "/play/click",
            channel=message["channel"],
            ts=message["ts"],
            revision=message["revision"] if revision is None else revision,
            action_id=element["action_id"],
            block_id=block_id or block["block_id"],
            selected=selected,
        )

    def click_view(
        self, view: Json, what: str, selected: Any = None, values: Json | None = None
    ) -> Json:
        """Clicks in a form or the Home tab; `values` are what has been typed so far."""
        element, block = find(view, what)
        return self._post(
            "/play/view/click",
            view_id=view["id"],
            action_id=element["action_id"],
            block_id=block["block_id"],
            selected=selected,
            state=values,
        )

    def submit(self, view: Json, values: Json | None = None) -> Json:
        """Submits a form; `values` is {block_id: {action_id: value}}, the rest stays as it is.

        A value is a text, an option's value, an id, "2030-01-31", unix seconds for a date-time, or
        a list. The result has the app's `response_action` and `errors` ({block_id: sentence}).
        """
        return self._post("/play/view/submit", view_id=view["id"], values=values or {})

    def fill(self, view: Json, **by_label: Any) -> Json:
        """The `values` for submit, by the labels of the fields: fill(view, **{"Text": "Hello"})."""
        fields = {b["label"]["text"]: b for b in view["blocks"] if b["type"] == "input"}
        missing = set(by_label) - set(fields)
        if missing:
            raise NotPossible(f"The form has no field {missing}; it has {list(fields)}.")
        return {
            fields[label]["block_id"]: {fields[label]["element"]["action_id"]: value}
            for label, value in by_label.items()
        }

    def close(self, view: Json, clear: bool = False) -> None:
        """Cancels a form, with `clear` all that are open."""
        self._post("/play/view/close", view_id=view["id"], clear=clear)

    def shortcut(self, callback_id: str, message: Json | None = None) -> Json:
        """A global shortcut, or one of a message's "..." menu."""
        where = {"channel": message["channel"], "ts": message["ts"]} if message else {}
        return self._post("/play/shortcut", callback_id=callback_id, **where)

    def options(self, view: Json, what: str, query: str) -> list[Json]:
        """What an external select of a form shows when this is typed into it."""
        element, block = find(view, what)
        found = self._post(
            "/play/options",
            view_id=view["id"],
            action_id=element["action_id"],
            block_id=block["block_id"],
            query=query,
        )
        grouped = [o for group in found.get("option_groups", []) for o in group["options"]]
        return [*found.get("options", []), *grouped]

    def open_home(self) -> Json | None:
        """Looks at the app's Home tab; what it shows at that moment."""
        home: Json | None = self._post("/play/home")["home"]
        return home

    def open_dm(self) -> None:
        """Looks at the app's Messages tab."""
        self._post("/play/dm")

    def invite(self, channel: str, user: str | None = None) -> None:
        """Adds somebody to a channel; without `user` the app."""
        self._post("/play/join", channel=channel, user=user or self._bot())

    def remove(self, channel: str, user: str | None = None) -> None:
        """Removes somebody from a channel; without `user` the app."""
        self._post("/play/leave", channel=channel, user=user or self._bot())

    def archive(self, channel: str, archived: bool = True) -> None:
        self._post("/play/archive", channel=channel, archived=archived)

    def react(self, message: Json, name: str) -> None:
        self._post("/play/react", channel=message["channel"], ts=message["ts"], name=name)

    def _bot(self) -> str:
        return str(self.state()["app"]["bot_user_id"])

    @contextlib.contextmanager
    def doing(self, act: Callable[[], Json]) -> Iterator[list[Json]]:
        """Runs something that waits for the app beside the test; its result is in the list."""
        results: list[Json] = []
        beside = threading.Thread(target=lambda: results.append(act()))
        beside.start()
        try:
            yield results
        finally:
            beside.join(DEADLINE_SECONDS)


def said(shown: Json) -> str:
    """All the text of a message or a view: its `text` and every text in its blocks."""
    found: list[str] = []
    _collect(shown.get("text"), found)
    _collect(shown.get("title"), found)
    _collect(shown.get("blocks", []), found)
    return "\n".join(found)


def labels(shown: Json) -> list[str]:
    """The labels of the buttons of a message or a view, in order."""
    return [e["text"]["text"] for e, _ in _elements(shown) if e["type"] == "button"]


def fields(view: Json) -> dict[str, Json]:
    """The input elements of a form, by label."""
    inputs = [b for b in view["blocks"] if b["type"] == "input"]
    return {b["label"]["text"]: b["element"] for b in inputs}


def find(shown: Json, what: str) -> tuple[Json, Json]:
    """The element with this label or action_id, and its block. Raises NotPossible."""
    for element, block in _elements(shown):
        label = element["text"]["text"] if element["type"] == "button" else None
        if what in (label, element["action_id"]):
            return element, block
    there = [
        e["text"]["text"] if e["type"] == "button" else e["action_id"] for e, _ in _elements(shown)
    ]
    raise NotPossible(f"There is no “{what}” here, only {there}.")


def _elements(shown: Json) -> Iterator[tuple[Json, Json]]:
    for block in shown.get("blocks", []):
        inside = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield element, block


def _collect(part: Any, found: list[str]) -> None:
    if isinstance(part, str):
        found.append(part)
    elif isinstance(part, list):
        for item in part:
            _collect(item, found)
    elif isinstance(part, dict):
        for key in ("text", "label", "hint", "title", "fields", "elements", "accessory", "element"):
            _collect(part.get(key), found)


def _read(response: httpx.Response) -> Any:
    if response.status_code == httpx.codes.BAD_REQUEST:
        raise NotPossible(response.json()["error"])
    response.raise_for_status()
    return response.json()
