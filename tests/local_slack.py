"""The playground as a process of its own, and what a test may order of it."""

import json
import os
import secrets
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx

from tests.shown import Json, NotPossible

if TYPE_CHECKING:
    from tests.player import Player

T = TypeVar("T")

ROOT = Path(__file__).parent.parent
MANIFEST = ROOT / "manifest.yml"
# Generous: a busy machine is no failure. A condition that holds is seen within LOOK_AGAIN.
DEADLINE_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.02
# To load certificates takes longer than to start a playground, which has none.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


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


def client_of(url: str) -> httpx.Client:
    """For the calls to a playground."""
    return httpx.Client(base_url=url, timeout=30, verify=_NO_TLS)


class Playground:
    """A playground as its own process, ended on leaving the `with`.

    `url` is its address, `api_url` what a WebClient takes as `base_url`. `state` keeps the
    workspace over restarts, `people` is another YAML file than the usual one.
    """

    # Of this process alone: a bot of another one, which looks for its playground at a port that is
    # ours by now, must not come in.
    bot_token = f"xoxb-test-{secrets.token_hex(6)}"
    app_token = f"xapp-test-{secrets.token_hex(6)}"
    signing_secret = secrets.token_hex(16)

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
        self.http: httpx.Client

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
                "PLAYGROUND_SIGNING_SECRET": self.signing_secret,
            },
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line.startswith("Playground ready: "), f"The playground did not start: {line!r}"
        self.url = line.removeprefix("Playground ready: ").strip()
        self.http = client_of(self.url)
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
        # Here, because a Player knows its playground too.
        from tests.player import Player

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

    def refresh_sockets(self, **warning: float) -> None:
        """Asks the app to connect anew, as Slack does every few hours; `warning_seconds` before."""
        self.post("/control/sockets/refresh", **warning)

    def deafen_sockets(self, *, answers_pings: bool, new_ones: bool = False) -> None:
        """Nothing reaches the app on the connections it has, and none of them ends. They answer
        pings, or are half-open; `new_ones`: those to come are half-open from the start."""
        self.post("/control/sockets/deafen", answers_pings=answers_pings, new_ones=new_ones)

    def refuse_sockets(self, count: int = 1) -> None:
        """The app's next connections fail in the handshake, with good addresses."""
        self.post("/control/sockets/refuse", count=count)

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
        """`ack_seconds` (3 at first), `edit_window_closed`, `strict_rates`, `holds_back`;
        `event_retries`, the seconds until an event comes again over HTTP (0, 60 and 300 at first).
        """
        self.post("/control/limits", **limits)

    # The calendar. Once these return, every bot that follows it goes by the new time.

    @property
    def clock_url(self) -> str:
        """What a bot takes as CLOCK_URL."""
        return f"{self.url}/clock"

    def now(self) -> datetime:
        """The calendar's time, in UTC."""
        return datetime.fromisoformat(self.get("/clock")["now"])

    def move_clock(self, *, to: datetime | None = None, by: timedelta | None = None) -> datetime:
        """Puts the calendar at a moment, or that much further; the calendar's time then."""
        given = {"to": to.isoformat()} if to else {"by": by.total_seconds() if by else 0}
        return datetime.fromisoformat(self.post("/control/clock", **given)["now"])

    def real_time(self) -> None:
        """Puts the calendar back to real time."""
        self.post("/control/clock", real=True)

    def expire(self, what: str) -> None:
        """All "triggers" or "response_urls" handed out so far are too old now."""
        self.post("/control/expire", what=what)


def _read(response: httpx.Response) -> Any:
    if response.status_code == httpx.codes.BAD_REQUEST:
        raise NotPossible(response.json()["error"])
    response.raise_for_status()
    return response.json()
