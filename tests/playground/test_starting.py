"""The command line: what it prints, what it keeps, how it ends."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.player import MANIFEST, ROOT, Playground, wait_until
from tests.playground.raw import call


def start(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "playground", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)


def test_a_manifest_that_is_not_there(tmp_path: Path) -> None:
    ended = start("--manifest", tmp_path / "none.yml")
    assert ended.returncode == 2
    assert "none.yml" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_a_people_file_that_describes_nothing(tmp_path: Path) -> None:
    wrong = tmp_path / "people.yml"
    wrong.write_text("people: 3")
    ended = start("--manifest", MANIFEST, "--people", wrong)
    assert ended.returncode == 2
    assert "people.yml" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_in_use() -> None:
    with Playground() as first:
        port = first.url.rpartition(":")[2]
        ended = start("--manifest", MANIFEST, "--port", port)
    assert ended.returncode == 2
    assert f"Port {port} cannot be used" in ended.stderr


@pytest.mark.parametrize("option", [("--port", "70000"), ("--port", "-1"), ("--workspaces", "0")])
def test_a_number_that_cannot_be_meant(option: tuple[str, str]) -> None:
    ended = start("--manifest", MANIFEST, *option)
    assert ended.returncode == 2
    assert f"Invalid value for '{option[0]}'" in ended.stderr


def test_what_happened_is_still_there_after_a_restart(tmp_path: Path) -> None:
    kept = tmp_path / "state.json"
    with Playground(state=kept) as before:
        ts = call(before, "chat.postMessage", channel="U0MAYA", text="a")["ts"]
        call(before, "chat.update", channel="D0MAYA", ts=ts, text="b")
        before.player("U0MAYA").invite("C0GENERAL")
        saved = before.workspace()
    with Playground(state=kept) as after:
        assert after.workspace() == {**saved, "connected": 0}
        assert call(after, "chat.update", channel="D0MAYA", ts=ts, text="c")["ok"]
        contents = after.all_messages("D0MAYA")[-1]["contents"]
        assert [content["text"] for content in contents] == ["a", "b", "c"]


def test_it_saves_while_it_runs(tmp_path: Path) -> None:
    """So that little is lost when the machine goes down."""
    kept = tmp_path / "state.json"
    with Playground(state=kept) as playground:
        call(playground, "chat.postMessage", channel="U0MAYA", text="Soon on disk")
        wait_until(lambda: kept.exists() and "Soon on disk" in kept.read_text(), "it is saved")


def test_a_state_file_that_is_none(tmp_path: Path) -> None:
    broken = tmp_path / "state.json"
    broken.write_text("{")
    ended = start("--manifest", MANIFEST, "--state", broken)
    assert ended.returncode == 2
    assert "state.json" in ended.stderr


def test_a_state_file_nobody_can_write(tmp_path: Path) -> None:
    ended = start("--manifest", MANIFEST, "--state", tmp_path / "nowhere" / "state.json")
    assert ended.returncode == 2
    assert "cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(sign: signal.Signals) -> None:
    command = [sys.executable, "-m", "playground", "--manifest", str(MANIFEST), "--port", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline().startswith("Playground ready: http://127.0.0.1:")
    process.send_signal(sign)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")
