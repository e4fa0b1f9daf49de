"""How the bot ends: what runs is finished and answered; what it started ends with it."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.doors import finish
from tests.bot_process import ROOT, BotProcess, alive, slack_settings
from tests.local_slack import client_of
from tests.player import Playground, said, wait_until

MAYA = "U0MAYA"
SOCIAL = "C0SOCIAL"
OWN_PLAYGROUND = {"PLAYGROUND_PORT": "0"}

# A command whose work is in the first argument, with something unfinished meanwhile.
COMMAND = """
import sys
from pathlib import Path
import click
from bot.terminal import do

@click.command()
@click.argument("work")
def command(work):
    def unfinished(_):
        Path("unfinished").touch()
        try:
            exec(work)
        finally:
            Path("unfinished").unlink()
    do(unfinished)

command()
"""


@pytest.fixture
def playground() -> Iterator[Playground]:
    with Playground() as started:
        yield started


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_click_that_runs_when_the_signal_comes_is_finished_and_answered(
    playground: Playground, tmp_path: Path, by: signal.Signals
) -> None:
    maya = playground.player(MAYA)
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        playground.wait_for_app()
        playground.hold("views.open", "before")
        with maya.doing(lambda: maya.command(SOCIAL, "/desk setup")) as answers:
            playground.wait_for_held()
            bot.process.send_signal(by)
            wait_until(lambda: "Stopping" in bot.stderr, "the bot has seen the signal")
            assert bot.running()
            playground.release()
        assert bot.wait() == 0
    assert answers[0]["acked"]
    assert answers[0]["error"] is None
    assert maya.view() is not None
    assert playground.problems() == []


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_command_that_is_ended_leaves_nothing_unfinished(
    tmp_path: Path, by: signal.Signals
) -> None:
    """A hidden copy of the database would stay for good, and the next one beside it."""
    work = f"import os; os.kill(os.getpid(), {int(by)})"
    command = [sys.executable, "-c", COMMAND, work]
    ended = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, timeout=60)
    assert ended.returncode not in (0, -by)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_what_runs_until_it_is_ended_ends_well(tmp_path: Path, by: signal.Signals) -> None:
    """Also before it has begun: a supervisor took 143 for a failure."""
    work = f"import os; os.kill(os.getpid(), {int(by)})"
    runs = COMMAND.replace("do(unfinished)", "do(unfinished, until_ended=True)")
    command = [sys.executable, "-c", runs, work]
    ended = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, timeout=60)
    assert ended.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_it_outlives_its_terminal_where_that_is_asked_for(tmp_path: Path) -> None:
    work = "import os, signal; os.kill(os.getpid(), signal.SIGHUP); open('done', 'x')"
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + COMMAND
    command = [sys.executable, "-c", ignoring, work]
    ended = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, timeout=60)
    assert ended.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["done"]


def test_a_start_is_ended_while_slack_lets_it_wait(playground: Playground, tmp_path: Path) -> None:
    """It went on for ten seconds, as long as Docker waits, and said that Slack did not answer."""
    playground.hold("auth.test", "before")
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        playground.wait_for_held()
        assert bot.stop() == 0
        playground.release()
    assert bot.stderr == ""


def test_a_second_signal_ends_it_at_once(playground: Playground, tmp_path: Path) -> None:
    maya = playground.player(MAYA)
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        playground.wait_for_app()
        playground.hold("views.open", "before")
        with maya.doing(lambda: maya.command(SOCIAL, "/desk setup")):
            playground.wait_for_held()
            bot.process.send_signal(signal.SIGTERM)
            wait_until(lambda: "Stopping" in bot.stderr, "the bot has seen the signal")
            assert bot.stop(signal.SIGTERM) == -signal.SIGTERM
            playground.release()


def test_a_dropped_connection_comes_back(playground: Playground, tmp_path: Path) -> None:
    maya = playground.player(MAYA)
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        playground.wait_for_app()
        playground.fault("apps.connections.open", "500")
        playground.drop_sockets()
        wait_until(lambda: playground.connected() == 0, "the connection is gone")
        playground.wait_for_app()
        assert maya.command(SOCIAL, "/desk")["acked"]
        assert bot.stop() == 0


def test_a_click_right_after_slack_asked_for_a_new_connection_is_answered_at_once(
    playground: Playground, tmp_path: Path
) -> None:
    """slack_sdk alone waits for the old connection: half a second here, up to 3 s with Slack."""
    maya = playground.player(MAYA)
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        playground.wait_for_app()
        assert maya.command(SOCIAL, "/desk")["acked"]
        for _ in range(5):
            playground.refresh_sockets()
            playground.wait_for_app()
            assert maya.command(SOCIAL, "/desk")["acked"]
        assert bot.stop() == 0
    assert playground.problems() == []
    acks = [e["detail"]["seconds"] for e in playground.log() if e["name"].startswith("ack ")]
    assert len(acks) == 6
    assert min(acks[1:]) < 0.3


def started_playground(bot: BotProcess) -> tuple[str, int]:
    """Of a bot without tokens: its playground's address and process number."""
    found = wait_until(
        lambda: re.search(r"Open (http://127\.0\.0\.1:\d+) in a browser", bot.stdout),
        "the bot greets",
    )
    children = Path(f"/proc/{bot.process.pid}/task/{bot.process.pid}/children").read_text()
    return found[1], int(children)


def join(url: str) -> Playground:
    """The means to play people in a playground that somebody else started."""
    playground = Playground()
    playground.url = url
    playground.http = client_of(url)
    return playground


def test_without_tokens_it_makes_a_playground_and_keeps_it_over_a_restart(tmp_path: Path) -> None:
    with BotProcess(tmp_path, OWN_PLAYGROUND) as bot:
        url, child = started_playground(bot)
        assert "Try this first: type /draft in #social" in bot.stdout
        maya = join(url).player(MAYA)
        assert maya.command(SOCIAL, "/desk")["acked"]
        maya.say(SOCIAL, "Good morning")
        assert bot.stop(signal.SIGINT) == 0
        assert not alive(child)
    assert "Traceback" not in bot.stderr
    kept = json.loads((tmp_path / "data" / "playground.json").read_text("utf-8"))
    assert "Good morning" in json.dumps(kept)
    assert (tmp_path / "data" / "playground.db").exists()

    again = tmp_path / "again"
    again.mkdir()
    (tmp_path / "data").rename(again / "data")
    with BotProcess(again, OWN_PLAYGROUND) as bot:
        url, _ = started_playground(bot)
        assert any("Good morning" in said(m) for m in join(url).player(MAYA).messages(SOCIAL))


def test_the_playground_ends_with_a_bot_that_is_killed(tmp_path: Path) -> None:
    with BotProcess(tmp_path, OWN_PLAYGROUND) as bot:
        _, child = started_playground(bot)
        bot.kill()
        wait_until(lambda: not alive(child), "the playground has noticed")


def test_the_bot_ends_with_a_playground_that_is_killed(tmp_path: Path) -> None:
    with BotProcess(tmp_path, OWN_PLAYGROUND) as bot:
        _, child = started_playground(bot)
        os.kill(child, signal.SIGKILL)
        assert bot.wait() == 1
    assert bot.stderr.endswith("Copydesk: The playground ended, and Copydesk with it.\n")


def test_a_port_that_is_taken_is_one_sentence(playground: Playground, tmp_path: Path) -> None:
    port = playground.url.rpartition(":")[2]
    with BotProcess(tmp_path, {"PLAYGROUND_PORT": port}) as bot:
        assert bot.wait() == 2
    assert bot.stderr.count("\n") == 1
    assert f"port {port} cannot be used" in bot.stderr


def test_a_connection_that_stays_lost_ends_it_for_a_restart(tmp_path: Path) -> None:
    with Playground() as playground:
        settings = slack_settings(playground)
        with BotProcess(tmp_path, settings, ("tests.bot.impatient",)) as bot:
            playground.wait_for_app()
            # Now it has started, too: before that, a lost connection is a start that failed.
            assert playground.player(MAYA).command(SOCIAL, "/desk")["acked"]
            playground.fault("apps.connections.open", "500", count=1000)
            playground.drop_sockets()
            assert bot.wait() == 1
    last = bot.stderr.splitlines()[-1]
    assert last.startswith("Copydesk: The connection to Slack was lost")
    assert "Traceback" not in bot.stderr


def test_what_does_not_finish_is_not_waited_for() -> None:
    go_on = threading.Event()
    hanging, behind = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
    hanging.submit(go_on.wait)
    assert not finish([hanging.shutdown, behind.shutdown], seconds=0.05)
    go_on.set()
    assert finish([hanging.shutdown, behind.shutdown], seconds=10)
