"""Without Slack tokens: starts the playground, a local Slack workspace, as a child process."""

import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.access import (
    APP_TOKEN_PREFIX,
    BOT_TOKEN_PREFIX,
    OneWorkspace,
    Secret,
    SettingsError,
    SlackAccess,
    SocketMode,
)
from bot.errors import CannotStart

READY = "Playground ready: "
_READY_SECONDS = 30
_END_SECONDS = 5


class Playground:
    """A running playground, and how to reach it."""

    def __init__(self, process: subprocess.Popen[str], url: str, access: SlackAccess) -> None:
        self._process = process
        self._ended_by_us = False
        self.url = url
        self.access = access

    @property
    def clock_url(self) -> str:
        """Where it says what time it is there."""
        return f"{self.url}/clock"

    def watch(self, ended: Callable[[], None]) -> None:
        """Calls `ended`, on a thread of its own, when the playground ends by itself."""

        def wait() -> None:
            self._process.wait()
            if not self._ended_by_us:
                ended()

        threading.Thread(target=wait, daemon=True, name="playground-watch").start()

    def end(self) -> None:
        """Ends it, and waits until it has saved its workspace."""
        self._ended_by_us = True
        _end(self._process)


def start_playground(manifest: Path, port: int, state: Path) -> Playground:
    """Starts the playground on `port` (0: any that is free), with the workspace saved in `state`.

    It ends with this process, also when this one is killed (see `bot/leash.py`), and not by a
    Ctrl-C in the terminal: the bot first finishes what it is doing there.

    Raises:
        SettingsError: the port is taken.
        CannotStart: it did not come up.
    """
    _check_free(port)
    bot_token = BOT_TOKEN_PREFIX + secrets.token_hex(16)
    app_token = APP_TOKEN_PREFIX + secrets.token_hex(16)
    command = [sys.executable, "-m", "bot.leash", "playground"]
    options = ["--manifest", str(manifest), "--port", str(port), "--state", str(state)]
    tokens = {"PLAYGROUND_BOT_TOKEN": bot_token, "PLAYGROUND_APP_TOKEN": app_token}
    process = subprocess.Popen(
        command + options,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | tokens,
        start_new_session=True,
    )
    url = _wait_until_ready(process)
    door, workspace = SocketMode(Secret(app_token)), OneWorkspace(Secret(bot_token))
    return Playground(process, url, SlackAccess(door, workspace, f"{url}/api/"))


def greet(url: str) -> None:
    """Says, on stdout, where the playground is and what to try first."""
    print("Copydesk runs in a playground: a Slack workspace on this machine, no account needed.")
    print(f"Open {url} in a browser.")
    print("Try this first: type /draft in #social and press Enter.")
    print("You play all its people: the box at the top left changes who you are. Ctrl-C ends it.")
    print(end="", flush=True)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SettingsError(
                f"The playground's port {port} cannot be used ({error.strerror}): is Copydesk "
                "running already? Set PLAYGROUND_PORT to another one, or to 0 for any that is free."
            ) from error


def _wait_until_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    too_late = threading.Timer(_READY_SECONDS, process.kill)
    too_late.start()
    try:
        for line in process.stdout:
            if line.startswith(READY):
                return line.removeprefix(READY).strip()
    finally:
        too_late.cancel()
    _end(process)
    raise CannotStart("The playground did not start; what it said is above.")


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
