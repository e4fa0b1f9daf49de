"""`python -m bot` over HTTP: how it starts, answers Slack's signed requests and ends; and as a
worker, beside others that do so."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.manifest import for_http
from tests.bot_process import BotProcess, http_settings
from tests.player import Player, Playground, wait_until

SOCIAL = "C0SOCIAL"
GENERAL = "C0GENERAL"
STARTED_SECONDS = 60.0


@contextmanager
def free_port() -> Iterator[int]:
    """A port that nobody else is given meanwhile: it is bound here, and listened at by the bot."""
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    with socket.socket(family) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            held.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        held.bind(("", 0))
        yield held.getsockname()[1]


@pytest.fixture
def port() -> Iterator[int]:
    with free_port() as found:
        yield found


@pytest.fixture
def playground(port: int, tmp_path: Path) -> Iterator[Playground]:
    """A workspace whose app listens at the port, as its manifest says."""
    manifest = tmp_path / "http.yml"
    manifest.write_text(for_http(f"http://127.0.0.1:{port}"), "utf-8")
    with Playground(manifest) as started:
        yield started


@pytest.fixture
def settings(playground: Playground, port: int) -> dict[str, str]:
    return http_settings(playground, port) | {"LOG_LEVEL": "DEBUG"}


def set_up(maya: Player) -> None:
    """Maya makes a desk of #social, with Ines as its approver."""
    assert maya.command(SOCIAL, "/desk setup")["acked"]
    form = maya.wait_for_view("Set up this desk")
    values = {
        "approvers": {"approvers": ["U0INES"]},
        "networks": {"networks": ["linkedin"]},
    }
    assert maya.submit(form, values)["acked"]


def test_a_desk_over_http(playground: Playground, settings: dict[str, str], tmp_path: Path) -> None:
    """Every kind of payload: a command, a form, a click, a menu's choices, an event, a shortcut."""
    maya, ines = playground.player("U0MAYA"), playground.player("U0INES")
    with BotProcess(tmp_path, settings) as bot:
        playground.wait_for_app(timeout=STARTED_SECONDS)
        assert maya.command(SOCIAL, "/desk help")["ack"]["blocks"]
        set_up(maya)
        maya.command(SOCIAL, "/desk settings")
        shown = maya.wait_for_view("Desk settings")
        assert maya.options(shown, "desk:zones", "buenos air")
        assert maya.shortcut("draft:new")["acked"]
        form = maya.wait_for_view("New draft")
        written = {"text": {"text": "Spring in a cup"}, "when_saved": {"when_saved": "send"}}
        assert maya.submit(form, written)["response_action"] == "update"
        card = ines.wait_for_dm("P-1")
        assert ines.click(card, "Approve")["acked"]
        maya.wait_for_dm("Approved")
        ines.open_home()
        wait_until(lambda: "Larkfield" in str(ines.state()) and ines.open_home(), "her Home")
        maya.invite(GENERAL)
        maya.wait_for_dm("Set up this desk")
        assert bot.stop() == 0
    assert playground.problems() == []
    assert bot.stdout == ""
    assert "Traceback" not in bot.stderr
    for secret in (playground.bot_token, playground.signing_secret, "v0=", "Spring in a cup"):
        assert secret not in bot.stderr


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_click_that_runs_when_the_signal_comes_is_finished_and_answered(
    playground: Playground, settings: dict[str, str], port: int, tmp_path: Path, by: signal.Signals
) -> None:
    maya = playground.player("U0MAYA")
    with BotProcess(tmp_path, settings) as bot:
        playground.wait_for_app(timeout=STARTED_SECONDS)
        playground.hold("views.open", "before")
        with maya.doing(lambda: maya.command(SOCIAL, "/desk setup")) as answers:
            playground.wait_for_held()
            bot.process.send_signal(by)
            wait_until(lambda: not listens(port), "it takes nothing new")
            assert bot.running()
            playground.release()
        assert bot.wait() == 0
    assert answers[0]["acked"]
    assert maya.view() is not None


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except ConnectionError:
        return False
    return True


def test_another_apps_secret_is_pointed_out(
    playground: Playground, settings: dict[str, str], tmp_path: Path
) -> None:
    settings |= {"SLACK_SIGNING_SECRET": "of-another-app-0123456789"}
    with BotProcess(tmp_path, settings) as bot:
        playground.wait_for_app(timeout=STARTED_SECONDS)
        answer = playground.player("U0MAYA").command(SOCIAL, "/desk")
        assert answer["error"] == "http_client_error"
        assert "its signature is not made with SLACK_SIGNING_SECRET" in bot.stderr
        assert bot.stop() == 0


def test_a_moved_calendar_makes_no_signature_stale(
    playground: Playground, settings: dict[str, str], tmp_path: Path
) -> None:
    playground.move_clock(by=timedelta(days=3))
    with BotProcess(tmp_path, settings) as bot:
        playground.wait_for_app(timeout=STARTED_SECONDS)
        assert playground.player("U0MAYA").command(SOCIAL, "/desk")["acked"]
        assert bot.stop() == 0


def test_health_is_at_the_same_port(
    playground: Playground, settings: dict[str, str], port: int, tmp_path: Path
) -> None:
    with BotProcess(tmp_path, settings) as bot:
        playground.wait_for_app(timeout=STARTED_SECONDS)
        for path in ("/healthz", "/readyz"):
            assert httpx.get(f"http://127.0.0.1:{port}{path}").status_code == 200
        assert bot.stop() == 0


def test_a_port_that_is_taken_is_one_sentence(
    playground: Playground, settings: dict[str, str], port: int, tmp_path: Path
) -> None:
    settings |= {"LOG_LEVEL": "INFO"}
    with socket.create_server(("127.0.0.1", port)), BotProcess(tmp_path, settings) as bot:
        assert bot.wait() == 2
    assert bot.stderr.count("\n") == 1
    assert f"port {port} is taken by another program" in bot.stderr


def test_a_worker_opens_no_port(
    playground: Playground, settings: dict[str, str], port: int, tmp_path: Path
) -> None:
    with BotProcess(tmp_path, settings, ("bot", "worker")) as worker:
        wait_until(lambda: "No port is opened here" in worker.stderr, "it says so", STARTED_SECONDS)
        assert not listens(port)
        assert worker.stop() == 0
    assert "ERROR" not in worker.stderr


def test_what_a_web_process_left_a_worker_delivers(
    playground: Playground, settings: dict[str, str], tmp_path: Path
) -> None:
    maya = playground.player("U0MAYA")
    with BotProcess(tmp_path, settings) as bot:
        playground.wait_for_app(timeout=STARTED_SECONDS)
        playground.fault("chat.postMessage", "500", count=1000)
        maya.invite(GENERAL)
        wait_until(
            lambda: any(call["method"] == "chat.postMessage" for call in playground.calls()),
            "it was tried",
        )
        bot.kill()
    playground.clear_faults()
    with BotProcess(tmp_path, settings, ("bot", "worker")) as worker:
        maya.wait_for_dm("Set up this desk", timeout=90)
        assert worker.stop() == 0


def test_the_manifest_is_printed(tmp_path: Path, root: Path) -> None:
    def printed(*arguments: str) -> tuple[int, str, str]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        # With a setting that is wrong: who asks for a manifest may have none that is right.
        with BotProcess(folder, {"LOG_LEVEL": "loud"}, ("bot", "manifest", *arguments)) as bot:
            return bot.wait(), bot.stdout, bot.stderr

    assert printed() == (0, (root / "manifest.yml").read_text("utf-8"), "")
    code, manifest, _ = printed("--url", "https://copydesk.example.com")
    assert (code, "https://copydesk.example.com/slack/events" in manifest) == (0, True)
    code, nothing, sentence = printed("--url", "http://copydesk.example.com")
    assert (code, nothing, sentence.count("\n")) == (2, "", 1)
    assert sentence.startswith("Copydesk: 'http://copydesk.example.com' does not start with https")
