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
import mimetypes
import threading
from collections.abc import Callable, Iterator
from typing import Any

from tests.local_slack import DEADLINE_SECONDS, MANIFEST, ROOT, Playground, wait_until
from tests.shown import Json, NotPossible, fields, find, labels, said

__all__ = [
    "DEADLINE_SECONDS",
    "MANIFEST",
    "ROOT",
    "Json",
    "NotPossible",
    "Player",
    "Playground",
    "fields",
    "find",
    "labels",
    "said",
    "wait_until",
]


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

    def upload(self, name: str, **more: Any) -> str:
        """A file of this person's, by its id; `mimetype`, `size`, `content` (base64), `alt`,
        `width`, `height`. Nobody else sees it before it is shared."""
        guessed = mimetypes.guess_type(name)[0]
        size = {} if "content" in more else {"size": 1000}
        given = {"mimetype": guessed, **size, **more}
        return str(self._post("/play/upload", name=name, **given)["id"])

    def share(self, channel: str, *files: str, text: str = "") -> str:
        """Writes a message with files; its ts."""
        return str(self._post("/play/message", channel=channel, text=text, files=files)["ts"])

    def delete_file(self, file: str) -> None:
        """Deletes a file of this person's, wherever it is shown."""
        self._post("/play/file/delete", file=file)

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
        a list; for files, a list of ids. The result has the app's `response_action` and `errors`
        ({block_id: sentence}).
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

    def rename(self, channel: str, name: str) -> None:
        self._post("/play/rename", channel=channel, name=name)

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
