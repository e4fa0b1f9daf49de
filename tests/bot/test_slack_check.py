"""What the check of the tokens says to each thing that may answer in Slack's place.

Answers that the playground gives too are tested with it and the whole process in
`test_start.py`; here a bare web server says what else may come.
"""

import json
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

from bot import slack_check
from bot.access import ByInstallation, Http, OneWorkspace, Secret, SlackAccess, SocketMode
from bot.errors import CannotStart, NotNow
from bot.manifest import MANIFEST
from bot.slack_check import check_client, join

Answer = tuple[int, dict[str, str], str]
GOOD: Answer = (200, {}, json.dumps({"ok": True, "team": "Acme", "user": "copydesk"}))
OPENED: Answer = (200, {}, json.dumps({"ok": True, "url": "ws://127.0.0.1:1/link"}))


def refusal(error: str, **more: str) -> Answer:
    return 200, {}, json.dumps({"ok": False, "error": error, **more})


@contextmanager
def answering(answers: dict[str, Answer]) -> Iterator[str]:
    """A web server that says the same to every call of a method; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, headers, body = answers[self.path.removeprefix("/api/")]
            self.send_response(status)
            for name, text in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def access(url: str) -> SlackAccess:
    return SlackAccess(SocketMode(Secret("xapp-1-hush")), OneWorkspace(Secret("xoxb-1-hush")), url)


def sentence(url: str, manifest: Path, *, passes: bool = False) -> str:
    """Of a check that fails, for what somebody must put right or for what `passes` by itself."""
    with pytest.raises(CannotStart) as raised:
        join(access(url), manifest)
    assert isinstance(raised.value, NotNow) is passes
    said = str(raised.value)
    assert "\n" not in said
    assert "hush" not in said
    return said


@pytest.fixture
def manifest(root: Path) -> Path:
    return root / "manifest.yml"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal("invalid_client_id"), ["SLACK_CLIENT_ID and SLACK_CLIENT_SECRET", "copy both"]),
        (refusal("bad_client_secret"), ["SLACK_CLIENT_ID and SLACK_CLIENT_SECRET", "copy both"]),
        ((500, {}, "oops"), ["answered 500", "Try again"]),
        ((200, {}, "<html>"), ["does not speak as Slack does"]),
        (refusal("invalid_code"), []),
    ],
)
def test_the_apps_secret_is_tried_with_a_code_that_nobody_was_given(
    answer: tuple[int, dict[str, str], str], words: list[str]
) -> None:
    tokens = ByInstallation("1.2", Secret("hush"))
    with answering({"oauth.v2.access": answer}) as url:
        access = SlackAccess(Http(Secret("hush"), 0), tokens, url)
        if not words:
            check_client(access, tokens)
            return
        with pytest.raises(CannotStart) as raised:
            check_client(access, tokens)
    assert isinstance(raised.value, NotNow) is ("Try again" in words)
    assert all(word in str(raised.value) for word in words)
    assert "hush" not in str(raised.value)


def test_good_tokens_tell_the_workspace_and_where_to_listen(manifest: Path) -> None:
    with answering({"auth.test": GOOD, "apps.connections.open": OPENED}) as url:
        joined = join(access(url), manifest)
    assert (joined.workspace, joined.bot_name) == ("Acme", "copydesk")
    assert joined.socket_url == "ws://127.0.0.1:1/link"


@pytest.mark.parametrize(
    ("answer", "words", "passes"),
    [
        ((500, {}, "oops"), ["answered 500", "not your token's", "Try again"], True),
        (
            (503, {"Content-Type": "text/html"}, "<html>"),
            ["answered 503", "not your token's"],
            True,
        ),
        (refusal("internal_error"), ['"internal_error"', "not your token's"], True),
        (refusal("service_unavailable"), ["not your token's"], True),
        ((429, {"Retry-After": "17"}, json.dumps({"ok": False})), ["patience", "17 seconds"], True),
        (refusal("ratelimited"), ["patience", "60 seconds"], True),
        (refusal("invalid_auth"), ["SLACK_BOT_TOKEN", "does not know", "copy it again"], False),
        (refusal("not_authed"), ["SLACK_BOT_TOKEN", "does not know"], False),
        (refusal("token_revoked"), ["SLACK_BOT_TOKEN", "no longer good"], False),
        (refusal("token_expired"), ["SLACK_BOT_TOKEN", "no longer good"], False),
        (refusal("account_inactive"), ["SLACK_BOT_TOKEN", "removed", "install"], False),
        (refusal("not_allowed_token_type"), ["SLACK_BOT_TOKEN", "another kind"], False),
        (refusal("org_login_required"), ["SLACK_BOT_TOKEN", '"org_login_required"'], False),
        ((200, {"Content-Type": "text/html"}, "<html>Log in"), ["does not speak as Slack"], False),
        ((200, {}, "[]"), ["does not speak as Slack"], False),
        ((200, {}, "3"), ["does not speak as Slack"], False),
        ((200, {}, ""), ["does not speak as Slack"], False),
        ((404, {}, "not found"), ["does not speak as Slack", "SLACK_API_URL"], False),
        ((407, {}, "who are you"), ["does not speak as Slack", "proxy"], False),
        ((200, {}, json.dumps({"ok": False})), ["does not speak as Slack"], False),
    ],
)
def test_the_bot_tokens_refusal_is_told_apart(
    manifest: Path, answer: Answer, words: list[str], passes: bool
) -> None:
    with answering({"auth.test": answer}) as url:
        said = sentence(url, manifest, passes=passes)
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    ("answer", "words", "passes"),
    [
        (refusal("invalid_auth"), ["SLACK_APP_TOKEN", "does not know", "app-level"], False),
        (
            refusal("missing_scope", needed="connections:write"),
            ["lacks", "connections:write"],
            False,
        ),
        (refusal("not_allowed_token_type"), ["SLACK_APP_TOKEN", "another kind"], False),
        ((500, {}, "oops"), ["answered 500", "not your token's"], True),
        ((200, {}, json.dumps({"ok": True})), ["does not speak as Slack"], False),
    ],
)
def test_the_app_tokens_refusal_is_told_apart(
    manifest: Path, answer: Answer, words: list[str], passes: bool
) -> None:
    with answering({"auth.test": GOOD, "apps.connections.open": answer}) as url:
        said = sentence(url, manifest, passes=passes)
    assert all(word in said for word in words), said


def test_nobody_answers(manifest: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    said = sentence(f"http://127.0.0.1:{port}/api/", manifest, passes=True)
    assert f"could not be reached at 127.0.0.1:{port}" in said
    assert "refused" in said


def test_somebody_accepts_and_never_answers(
    manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_check, "_TIMEOUT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        said = sentence(url, manifest, passes=True)
    assert "did not answer within 1 seconds" in said


def test_https_to_what_has_no_tls(manifest: Path) -> None:
    with answering({}) as url:
        assert "is not safe" in sentence(url.replace("http:", "https:"), manifest)


def scopes(*without: str) -> str:
    """What Slack says was granted: all that the manifest asks for, `without` these."""
    asked = yaml.safe_load(MANIFEST.read_text())["oauth_config"]["scopes"]["bot"]
    return ",".join(scope for scope in asked if scope not in without)


@pytest.mark.parametrize(
    ("granted", "warnings"),
    [
        (None, []),
        (scopes(), []),
        (scopes().replace(",", ", "), []),
        (scopes("im:history", "im:write"), ["im:history, im:write"]),
    ],
)
def test_scopes_that_are_missing_are_named_in_a_warning(
    manifest: Path, caplog: pytest.LogCaptureFixture, granted: str | None, warnings: list[str]
) -> None:
    headers = {"X-OAuth-Scopes": granted} if granted is not None else {}
    with (
        caplog.at_level(logging.WARNING),
        answering({"auth.test": (200, headers, GOOD[2]), "apps.connections.open": OPENED}) as url,
    ):
        join(access(url), manifest)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == len(warnings)
    assert all(warning in line for warning, line in zip(warnings, said, strict=True))
