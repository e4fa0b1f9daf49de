"""Two workspaces with the same people, channels and ids, one app between them, and how somebody
installs it there in a browser."""

from __future__ import annotations

import html
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, urlsplit

import httpx

from bot.manifest import for_http
from playground import core, office, people, server
from playground.manifest import load
from tests.player import DEADLINE_SECONDS, Json, Player, Playground
from tests.playground.conftest import BesideTheTest

CLIENT = (office.DEFAULT_CLIENT_ID, office.DEFAULT_CLIENT_SECRET)
FIRST, SECOND = "T0LARKFIELD", "T0LARKFIELD2"


class Second(Playground):
    """The second workspace of a playground, at its own address."""

    def __init__(self, first: Playground) -> None:
        super().__init__()
        self.url = f"{first.url}/w/2"
        self.http = httpx.Client(base_url=self.url, timeout=30)


class TwoWorkspaces(BesideTheTest):
    """A playground with two; this is the first. Their app's requests go to `app_url`."""

    def __init__(self, app_url: str, folder: Path) -> None:
        path = folder / "several.yml"
        path.write_text(for_http(app_url, several=True), encoding="utf-8")
        super().__init__(path)

    def __enter__(self) -> Self:
        app = load(self._manifest)
        both = office.Office(app, *CLIENT)
        for number in (1, 2):
            workspace = office.numbered(people.load(people.DEFAULT, app.bot_display_name), number)
            both.add(core.Playground(app, workspace, signing_secret=self.signing_secret))
        listening = server.listen(0)
        ready = threading.Event()
        first = both.workspaces[FIRST]
        self._server = server.serve(first, listening, None, ready.set, both)
        self._thread = threading.Thread(target=self._server.run, args=([listening],))
        self._thread.start()
        assert ready.wait(DEADLINE_SECONDS)
        self.url = first.base_url
        self.http = httpx.Client(base_url=self.url, timeout=30)
        self.second = Second(self)
        return self

    def __exit__(self, *error: object) -> None:
        self.second.http.close()
        super().__exit__(*error)

    def settings(self, port: int) -> dict[str, str]:
        """What points a bot at it."""
        return {
            "SLACK_CLIENT_ID": CLIENT[0],
            "SLACK_CLIENT_SECRET": CLIENT[1],
            "SLACK_SIGNING_SECRET": self.signing_secret,
            "PORT": str(port),
            "SLACK_API_URL": self.api_url,
            "CLOCK_URL": self.clock_url,
        }


@dataclass
class Browser:
    """Somebody's browser. Its cookies are for an address whose https stands in front of the app."""

    app_url: str
    cookie: str = ""

    def open(self, url: str) -> httpx.Response:
        answered = httpx.get(url, headers={"cookie": self.cookie}, timeout=30)
        if "set-cookie" in answered.headers:
            self.cookie = answered.headers["set-cookie"].partition(";")[0]
        return answered

    def begin(self) -> str:
        """Opens the page to install from; where its button leads."""
        return button(self.open(f"{self.app_url}/slack/install"))

    def answer(self, url: str, team: str, answer: str = "allow", user: str = "U0MAYA") -> str:
        """Presses a button on Slack's page; where Slack sends the browser then."""
        page = httpx.get(url, timeout=30)
        assert page.status_code == 200, page.text
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text.split("<ul>")[0]))
        form = {name: html.unescape(value) for name, value in hidden.items()}
        form |= {"team": team, "user": user, "answer": answer}
        slack = urlsplit(url)
        sent = httpx.post(f"{slack.scheme}://{slack.netloc}{slack.path}", data=form, timeout=30)
        assert sent.status_code == 302, sent.text
        return str(sent.headers["location"])

    def install(self, team: str) -> httpx.Response:
        """The whole way; the last page."""
        return self.open(self.answer(self.begin(), team))


def button(page: httpx.Response) -> str:
    """Where the one button of a page leads."""
    (found,) = re.findall(r'<a href="([^"]*)">', page.text)
    return html.unescape(found)


def asked(url: str) -> dict[str, str]:
    """What an address says after its question mark."""
    return dict(parse_qsl(urlsplit(url).query))


def players(playground: Playground) -> tuple[Player, Player, Player]:
    """Maya, Tom and Ines."""
    return playground.player("U0MAYA"), playground.player("U0TOM"), playground.player("U0INES")


def posted(playground: Playground) -> list[Json]:
    """Every text that the bot has posted, or changed a message to, in one workspace."""
    calls = playground.calls()
    return [c for c in calls if c["method"] in ("chat.postMessage", "chat.update")]
