"""Chromium, and a page per person: what every test in a browser starts from."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from tests.browser.app import Showcase
from tests.player import Playground

# As generous as tests/player.py: a busy machine is no failure.
DEADLINE_MS = 30_000
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


def chromium_path() -> str:
    """The system's Chromium: `CHROMIUM`, or the first found. Skips the test when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip("There is no Chromium here: install it, or name it in CHROMIUM.")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    path = chromium_path()
    expect.set_options(timeout=DEADLINE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path)
        yield chromium
        chromium.close()


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    """A workspace in which the showcase app is installed; the app itself isn't connected yet."""
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(Showcase.manifest(), encoding="utf-8")
    with Playground(manifest) as running:
        yield running


@pytest.fixture
def app(playground: Playground) -> Iterator[Showcase]:
    """The showcase app, connected."""
    showcase = Showcase(playground)
    showcase.connect()
    yield showcase
    showcase.close()


@pytest.fixture
def unused_port() -> int:
    """A port for a playground that is started twice on the same one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class People:
    """Opens the page as somebody. Whatever any of these pages logs as an error fails the test."""

    def __init__(self, browser: Browser, playground: Playground) -> None:
        self._browser = browser
        self._playground = playground
        self._pages: list[Page] = []
        self.errors: list[str] = []

    def __call__(
        self,
        user: str,
        channel: str = "C0SOCIAL",
        size: ViewportSize = DESKTOP,
        touch: bool = False,
        scheme: Literal["light", "dark"] = "light",
    ) -> Page:
        """The page as `user` sees it in `channel`, once its messages are drawn."""
        context = self._browser.new_context(
            viewport=size,
            has_touch=touch,
            is_mobile=touch,
            reduced_motion="reduce",
            color_scheme=scheme,
        )
        context.set_default_timeout(DEADLINE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)
        page.goto(f"{self._playground.url}/#{urlencode({'as': user, 'channel': channel})}")
        page.get_by_role("heading", level=1).wait_for()
        self._pages.append(page)
        return page

    def _note(self, message: ConsoleMessage) -> None:
        # A picture that isn't there is the browser's complaint; the page shows its description.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(message.text)

    def close(self) -> None:
        for page in self._pages:
            page.context.close()


@pytest.fixture
def open_page(browser: Browser, playground: Playground) -> Iterator[People]:
    people = People(browser, playground)
    yield people
    people.close()
    assert people.errors == []
