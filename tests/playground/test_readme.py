"""The app in the playground's README, which is not ours, as it stands there: two processes that a
person starts, over Socket Mode and over HTTP."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from playground.core import DEFAULT_APP_TOKEN, DEFAULT_BOT_TOKEN, DEFAULT_SIGNING_SECRET
from tests.player import ROOT, Playground, wait_until

README = (ROOT / "playground" / "README.md").read_text("utf-8")


class AsItComes(Playground):
    """With the secrets that the README names."""

    bot_token = DEFAULT_BOT_TOKEN
    app_token = DEFAULT_APP_TOKEN
    signing_secret = DEFAULT_SIGNING_SECRET


def code(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def over_http(manifest: str, app: str, port: int) -> tuple[str, str]:
    """Changed as the README says, on another port."""
    settings, last_line = code("yaml")[1], code("python")[1]
    request_url = re.findall('url: "[^"]+"', README)[-1]
    command = "description: Puts the kettle on"
    manifest = manifest[: manifest.index("settings:")] + settings
    manifest = manifest.replace(command, f"{command}, {request_url}")
    app = re.sub(r"SocketModeHandler\(.*\)\.start\(\)\n", last_line, app)
    return manifest.replace("3000", str(port)), app.replace("3000", str(port))


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(app: str, folder: Path) -> Iterator[None]:
    (folder / "app.py").write_text(app, encoding="utf-8")
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen([sys.executable, "app.py"], cwd=folder, stderr=output)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("way", ["sockets", "http"])
def test_the_app_of_the_readme(way: str, tmp_path: Path, free_port: int) -> None:
    manifest, app = code("yaml")[0], code("python")[0]
    if way == "http":
        manifest, app = over_http(manifest, app, free_port)
    path = tmp_path / "manifest.yml"
    path.write_text(manifest, encoding="utf-8")
    with AsItComes(path) as playground:
        app = app.replace("http://127.0.0.1:3080", playground.url)
        with running(app, tmp_path):
            playground.wait_for_app(timeout=60)
            maya = playground.player("U0MAYA")
            assert maya.command("C0SOCIAL", "/tea")["acked"]
            maya.wait_for_message("C0SOCIAL", "The kettle is on.")
            card = maya.wait_for_message("C0SOCIAL", "Tea")
            assert maya.click(card, "Ready?")["ok"]
            maya.wait_for_message("C0SOCIAL", "In three minutes.")
        assert playground.problems() == []
        wait_until(lambda: playground.connected() == 0, "it is seen to be gone")
