"""The two ways by which Slack's requests come to a bot, each with what a flow test needs of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.manifest import for_http
from tests.bot_process import http_settings, slack_settings
from tests.flows.balancer import Balancer
from tests.player import Playground, wait_until
from tests.playground.conftest import BesideTheTest


class Door(Protocol):
    playground: Playground

    def settings(self) -> dict[str, str]:
        """The environment of one more bot."""

    def reached(self) -> int:
        """How many bots are reached."""

    def wait_for(self, bots: int) -> None:
        """Returns once so many bots are reached."""


@dataclass
class Sockets:
    """Socket Mode: each bot opens its connection."""

    playground: Playground

    def settings(self) -> dict[str, str]:
        return slack_settings(self.playground)

    def reached(self) -> int:
        return self.playground.connected()

    def wait_for(self, bots: int) -> None:
        self.playground.wait_for_app(bots)


@dataclass
class Http:
    """HTTP: each bot listens at a port of its own, behind a balancer."""

    playground: Playground
    balancer: Balancer

    def settings(self) -> dict[str, str]:
        return http_settings(self.playground, self.balancer.new_port())

    def reached(self) -> int:
        return self.balancer.listening()

    def wait_for(self, bots: int) -> None:
        wait_until(lambda: self.reached() >= bots, f"{bots} bots listen")


@contextmanager
def open_door(name: str, folder: Path) -> Iterator[Door]:
    """A playground whose app has chosen "sockets" or "http"."""
    if name == "sockets":
        with BesideTheTest() as playground:
            yield Sockets(playground)
        return
    manifest = folder / "manifest.yml"
    with Balancer() as balancer:
        manifest.write_text(for_http(balancer.url), encoding="utf-8")
        with BesideTheTest(manifest) as playground:
            yield Http(playground, balancer)
