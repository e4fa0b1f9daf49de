"""The processes of a measurement: a Slack that answers at once, Copydesk, and what it is held
against."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx

from bench.slack import APP_TOKEN, BOT_TOKEN, SECRET
from tests.bot_process import BotProcess
from tests.player import ROOT, wait_until

_START_SECONDS = 60.0
_RUNS = "Listening in the workspace"


@dataclass(frozen=True, slots=True)
class Clicked:
    """What came of some clicks: how long they took together and each waited for its answer, in
    seconds, when each was made, in Unix time, and how many were told to come again later."""

    seconds: float
    waited: tuple[float, ...]
    sent_at: tuple[float, ...]
    refused: int

    @property
    def per_second(self) -> float:
        return len(self.waited) / self.seconds

    @property
    def p50(self) -> float:
        return quantiles(self.waited, n=100)[49]

    @property
    def p99(self) -> float:
        return quantiles(self.waited, n=100)[98]


class SlackProcess:
    """`python -m bench.slack`, ended on leaving the `with`; a call takes `call_seconds`."""

    def __init__(self, call_seconds: float = 0.0) -> None:
        self._command = [sys.executable, "-m", "bench.slack", str(call_seconds)]
        self.url = ""

    def __enter__(self) -> SlackProcess:
        self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        self._http = httpx.Client(base_url=self.url, timeout=600)
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def click(
        self, file: Path, first: int, count: int, people: int, ports: list[int], every: float = 0.0
    ) -> Clicked:
        """So many people click on what is in a file, each again once the last click was
        acknowledged, or at the earliest `every` so many seconds. Without `ports` over Socket Mode.
        """
        wanted = {"file": str(file), "first": first, "count": count, "people": people}
        answered = self._http.post("/click", json={**wanted, "ports": ports, "every": every})
        answered.raise_for_status()
        found = answered.json()
        waited, sent_at = tuple(found["waited"]), tuple(found["sent_at"])
        return Clicked(found["seconds"], waited, sent_at, found["refused"])

    def told(self, since: int = 0) -> list[dict[str, Any]]:
        """The messages that were posted or changed, from the one of this number on."""
        found: list[dict[str, Any]] = self._http.get("/told", params={"since": since}).json()
        return found

    def wait_linked(self, connections: int) -> None:
        """Returns once there are so many Socket Mode connections."""

        def linked() -> bool:
            return int(self._http.get("/linked").text) >= connections

        wait_until(linked, "it connects", _START_SECONDS)

    @property
    def settings(self) -> dict[str, str]:
        """What every process needs to know of it."""
        return {
            "SLACK_API_URL": f"{self.url}/api/",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "LOG_LEVEL": "WARNING",
        }


class Running(BotProcess):
    """A process that takes clicks; at `ports`, which is empty over Socket Mode."""

    ports: list[int]


@contextmanager
def over_http(
    slack: SlackProcess, folder: Path, url: str, *command: str, count: int = 1
) -> Iterator[list[Running]]:
    """`count` processes that take clicks over HTTP."""
    with ExitStack() as stack:
        started = []
        for number in range(count):
            port = _free_port()
            settings = {"DATABASE_URL": url, "PORT": str(port), "SLACK_SIGNING_SECRET": SECRET}
            started.append(stack.enter_context(_process(slack, folder, settings, command, number)))
            started[-1].ports = [port]
        for one in started:
            wait_until(partial(_listens, one.ports[0]), "it listens", _START_SECONDS)
        yield started


@contextmanager
def over_sockets(
    slack: SlackProcess, folder: Path, url: str, *command: str, count: int = 1
) -> Iterator[list[Running]]:
    """`count` processes that take clicks over Socket Mode."""
    with ExitStack() as stack:
        started = []
        for number in range(count):
            settings = {"DATABASE_URL": url, "SLACK_APP_TOKEN": APP_TOKEN}
            started.append(stack.enter_context(_process(slack, folder, settings, command, number)))
            started[-1].ports = []
        slack.wait_linked(count)
        yield started


@contextmanager
def workers(slack: SlackProcess, folder: Path, url: str, *, count: int) -> Iterator[None]:
    """`count` processes that only deliver, once each has looked at the database."""
    with ExitStack() as stack:
        for number in range(count):
            settings = {"DATABASE_URL": url, "SLACK_SIGNING_SECRET": SECRET, "LOG_LEVEL": "INFO"}
            one = _process(slack, folder, settings, ("bot", "worker"), number)
            started = stack.enter_context(one)
            before = started.stderr.count(_RUNS)
            wait_until(lambda: started.stderr.count(_RUNS) > before, "it runs", _START_SECONDS)  # noqa: B023
        yield


def resident_kb(pid: int) -> int:
    """The memory of a process."""
    return int(process_status(pid)["VmRSS"].split()[0])


def process_status(pid: int) -> dict[str, str]:
    """What Linux says of a process: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html"""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return dict(line.split(":", 1) for line in status.splitlines())


def _process(
    slack: SlackProcess, folder: Path, settings: dict[str, str], command: tuple[str, ...], n: int
) -> Running:
    own = folder / f"{command[0]}-{n}"
    own.mkdir(exist_ok=True)
    return Running(own, {**slack.settings, **settings}, command)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
