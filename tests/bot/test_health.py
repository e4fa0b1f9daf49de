"""Health and metrics of a running bot, on a port of their own."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bot.health import Probe
from tests.bot_process import BotProcess, slack_settings
from tests.player import Playground, wait_until

SOCIAL = "C0SOCIAL"
HASTY = ("tests.bot.hasty",)
WATCHED = {"HEALTH_PORT": "0", "METRICS": "on"}


@pytest.fixture
def playground() -> Iterator[Playground]:
    with Playground() as started:
        yield started


def watching(bot: BotProcess) -> httpx.Client:
    """Asks at the port that the bot says it took."""
    found = wait_until(
        lambda: re.search(r"Health is told at port (\d+)", bot.stderr), "the port is told"
    )
    return httpx.Client(base_url=f"http://127.0.0.1:{found[1]}", timeout=20)


def value(metrics: str, name: str, **labels: str) -> float:
    """The sum of all values of this name that have these labels."""
    found = 0.0
    for line in metrics.splitlines():
        if re.match(rf"{name}(\{{| )", line) and all(
            f'{k}="{v}"' in line for k, v in labels.items()
        ):
            found += float(line.rpartition(" ")[2])
    return found


def when_told(asked: httpx.Client) -> str:
    """The metrics once nothing waits to be told any more; empty before."""
    shown = asked.get("/metrics").text
    is_told = value(shown, "copydesk_deliveries_total", outcome="posted") > 0
    return shown if is_told and "copydesk_queue_messages 0.0" in shown else ""


def test_a_running_bot_is_alive_ready_and_measured(playground: Playground, tmp_path: Path) -> None:
    maya = playground.player("U0MAYA")
    with BotProcess(tmp_path, {**slack_settings(playground), **WATCHED}) as bot:
        playground.wait_for_app(timeout=60)
        with watching(bot) as asked:
            assert asked.get("/healthz").json() == {
                "ok": True,
                "checks": {"courier": "ok", "timer": "ok"},
            }
            ready = asked.get("/readyz")
            assert ready.status_code == 200
            assert ready.json()["checks"] == {"process": "ok", "slack": "ok", "database": "ok"}

            maya.command(SOCIAL, "/desk setup")
            playground.fault("chat.postMessage", "429", retry_after=1)
            done = maya.submit(
                maya.wait_for_view("Set up this desk"),
                {"approvers": {"approvers": ["U0INES"]}, "networks": {"networks": ["x"]}},
            )
            assert done["errors"] is None
            maya.command(SOCIAL, "/draft A secret")
            maya.submit(maya.wait_for_view("New draft"))
            maya.wait_for_dm("P-1")
            shown = wait_until(lambda: when_told(asked), "Slack is told everything")
            assert value(shown, "copydesk_clicks_total", kind="command", outcome="done") == 2
            assert value(shown, "copydesk_answer_seconds_count", kind="form") == 2
            assert value(shown, "copydesk_deliveries_total", outcome="retried") == 1
            assert (
                value(
                    shown,
                    "copydesk_slack_calls_total",
                    method="chat.postMessage",
                    outcome="ratelimited",
                )
                == 1
            )
            assert (
                value(shown, "copydesk_slack_calls_total", method="views.open", outcome="ok") == 2
            )
            assert value(shown, "copydesk_socket_sessions_total") == 1
            assert "copydesk_due_oldest_seconds 0.0" in shown
            assert "process_resident_memory_bytes" in shown
            assert not re.search("secret|U0MAYA|T0LARKFIELD|C0SOCIAL|xoxb|xapp", shown)
        assert bot.stop() == 0


def test_without_a_connection_it_is_alive_and_not_ready(
    playground: Playground, tmp_path: Path
) -> None:
    with BotProcess(tmp_path, {**slack_settings(playground), **WATCHED}, HASTY) as bot:
        playground.wait_for_app(timeout=60)
        with watching(bot) as asked:
            playground.fault("apps.connections.open", "500", count=1000)
            playground.drop_sockets()
            ready = wait_until(
                lambda: asked.get("/readyz") if asked.get("/readyz").status_code == 503 else None,
                "it is not ready",
            )
            assert ready.json()["checks"]["slack"] == "there is no connection"
            assert ready.json()["checks"]["database"] == "ok"
            assert asked.get("/healthz").status_code == 200


def test_with_another_versions_tables_it_is_not_ready(
    playground: Playground, tmp_path: Path
) -> None:
    with BotProcess(tmp_path, {**slack_settings(playground), **WATCHED}) as bot:
        playground.wait_for_app(timeout=60)
        with watching(bot) as asked, closing(sqlite3.connect(tmp_path / "data/copydesk.db")) as db:
            assert asked.get("/readyz").status_code == 200
            db.execute("UPDATE alembic_version SET version_num = '9999'")
            db.commit()
            wait_until(lambda: asked.get("/readyz").status_code == 503, "it is not ready")
            said = asked.get("/readyz").json()["checks"]["database"]
            assert said == "its tables are not those of this version"
            assert asked.get("/healthz").status_code == 200
        assert bot.stop() == 0


def test_metrics_are_off_unless_switched_on(playground: Playground, tmp_path: Path) -> None:
    with BotProcess(tmp_path, {**slack_settings(playground), "HEALTH_PORT": "0"}) as bot:
        playground.wait_for_app(timeout=60)
        with watching(bot) as asked:
            assert asked.get("/metrics").status_code == 404
            assert asked.get("/healthz").status_code == 200
        assert bot.stop() == 0


def test_records_are_json_where_that_is_asked_for(playground: Playground, tmp_path: Path) -> None:
    with BotProcess(tmp_path, {**slack_settings(playground), "LOG_FORMAT": "json"}) as bot:
        playground.wait_for_app(timeout=60)
        assert playground.player("U0MAYA").command(SOCIAL, "/desk")["acked"]
        assert bot.stop() == 0
    records = [json.loads(line) for line in bot.stderr.splitlines()]
    (answered,) = [record for record in records if record["message"] == "Answered."]
    assert answered["kind"] == "command"
    assert answered["action"] == "/desk"
    assert isinstance(answered["ms"], int)
    assert re.fullmatch("[0-9a-f]{8}", answered["click"])


def test_what_hangs_is_answered_for_in_time_and_asked_once() -> None:
    asked = 0
    go_on = threading.Event()

    def hang() -> str:
        nonlocal asked
        asked += 1
        go_on.wait()
        return "ok"

    probe = Probe(hang, seconds=0.05)
    began = time.monotonic()
    assert [probe.answer() for _ in range(3)] == ["no answer within 0.05 s"] * 3
    assert time.monotonic() - began < 5
    go_on.set()
    wait_until(lambda: probe.answer() == "ok", "it answers again")
    assert asked == 1
