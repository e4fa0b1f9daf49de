"""The bot in a test, as its own process: `python -m bot`, as a person starts it.

with BotProcess(tmp_path, slack_settings(playground)) as bot:
    playground.wait_for_app()
    ...
    assert bot.stop() == 0
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.player import Playground

ROOT = Path(__file__).parent.parent
END_SECONDS = 30.0


def slack_settings(playground: Playground) -> dict[str, str]:
    """What points the bot at a playground, in Socket Mode."""
    return {"SLACK_APP_TOKEN": playground.app_token, **_either_way(playground)}


def http_settings(playground: Playground, port: int) -> dict[str, str]:
    """What points the bot at a playground whose app listens to HTTP."""
    mode = {"SLACK_SIGNING_SECRET": playground.signing_secret, "PORT": str(port)}
    return mode | _either_way(playground)


def _either_way(playground: Playground) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": playground.bot_token,
        "SLACK_API_URL": playground.api_url,
        "CLOCK_URL": playground.clock_url,
    }


class BotProcess:
    """`python -m bot`, started in `folder` (where its data goes), ended on leaving the `with`.

    What it writes is in the files `stdout` and `stderr` of that folder. `arguments` may also start
    with another module than `bot`.
    """

    def __init__(
        self, folder: Path, settings: Mapping[str, str], arguments: tuple[str, ...] = ("bot",)
    ) -> None:
        self._folder = folder
        self._command = [sys.executable, "-m", *arguments]
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        with (
            (self._folder / "stdout").open("ab") as stdout,
            (self._folder / "stderr").open("ab") as stderr,
        ):
            self.process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.kill()

    @property
    def stdout(self) -> str:
        """What it has written for a person so far."""
        return (self._folder / "stdout").read_text("utf-8")

    @property
    def stderr(self) -> str:
        """Its log so far."""
        return (self._folder / "stderr").read_text("utf-8")

    def running(self) -> bool:
        return self.process.poll() is None

    def wait(self) -> int:
        """Its exit code, once it has ended by itself."""
        return self.process.wait(END_SECONDS)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to end, and waits; its exit code."""
        self.process.send_signal(by)
        return self.wait()

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self.process.kill()
        self.process.wait(END_SECONDS)


def alive(pid: int) -> bool:
    """Whether there is a process of this number that still runs (a zombie doesn't)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
