"""An app without any framework that listens to HTTP: what it is sent is read, and answered, by the
test; and manifests for apps that listen."""

import contextlib
import copy
import hashlib
import hmac
import json
import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl

from tests.player import DEADLINE_SECONDS, Json

PATHS = {"commands": "/commands", "events": "/events", "clicks": "/clicks", "options": "/options"}


def over_http(manifest: Json, url: str, paths: dict[str, str] | None = None) -> Json:
    """The manifest of the same app without Socket Mode, listening at `url`, on one path for each
    kind of payload or, without `paths`, on one for all."""
    at = {kind: url + path for kind, path in (paths or dict.fromkeys(PATHS, "")).items()}
    changed = copy.deepcopy(manifest)
    for command in changed.get("features", {}).get("slash_commands", []):
        command["url"] = at["commands"]
    settings = changed["settings"]
    settings["socket_mode_enabled"] = False
    if settings.get("event_subscriptions"):
        settings["event_subscriptions"]["request_url"] = at["events"]
    if settings.get("interactivity"):
        settings["interactivity"]["request_url"] = at["clicks"]
        if "options" in at:
            settings["interactivity"]["message_menu_options_url"] = at["options"]
    return changed


@dataclass
class Received:
    """One request, to be answered once. The names of headers are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    def __post_init__(self) -> None:
        self.answers: queue.Queue[tuple[int, str, bytes, dict[str, str]] | None] = queue.Queue()

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def payload(self) -> Json:
        """Of a click and the like, inside of its form; of an event, the body."""
        if self.headers["content-type"] == "application/json":
            loaded: Json = json.loads(self.body)
        else:
            loaded = json.loads(parse_qs(self.body.decode())["payload"][0])
        return loaded

    def is_signed(self, secret: str) -> bool:
        """As docs.slack.dev/authentication/verifying-requests-from-slack says."""
        base = f"v0:{self.headers['x-slack-request-timestamp']}:".encode() + self.body
        digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
        return self.headers["x-slack-signature"] == f"v0={digest}"

    def answer(
        self, body: str | Json = "", status: int = 200, kind: str = "", **headers: str
    ) -> None:
        """A text, or a dict as JSON."""
        is_text = isinstance(body, str)
        kind = kind or ("text/plain" if is_text else "application/json")
        sent = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.put((status, kind, sent.encode(), named))

    def hang_up(self) -> None:
        """Ends the connection without an answer."""
        self.answers.put(None)


class RawHttpApp:
    """Listens on a free port from the start; requests wait until the test has answered them. The
    challenge is answered without it when `verifies`."""

    def __init__(self, *, verifies: bool = True) -> None:
        received: queue.Queue[Received] = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Received(self.path, headers, body)
                if verifies and b'"url_verification"' in body:
                    request.answer(json.loads(body)["challenge"])
                else:
                    received.put(request)
                answer = request.answers.get(timeout=DEADLINE_SECONDS)
                if answer is None:
                    return
                status, kind, content, more = answer
                with contextlib.suppress(OSError):  # whoever asked has given up
                    self.send_response(status)
                    for name, value in {"Content-Type": kind, **more}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self._received = received
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def receive(self) -> Received:
        """The next request; fails when none comes in time."""
        return self._received.get(timeout=DEADLINE_SECONDS)

    def is_idle(self) -> bool:
        """Whether nothing waits to be received."""
        return self._received.empty()
