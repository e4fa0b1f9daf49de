"""Two workspaces with the same people, channels and ids, one app between them, and how somebody
installs it there in a browser."""

from __future__ import annotations

import html
import re
import threading
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpx
import sqlalchemy as sa

import storage
from bot.manifest import for_http
from operations import desks, drafts, people
from operations.drafts import DraftForm
from playground import core, office, server
from playground import people as playground_people
from playground.manifest import load
from rules.contents import Content
from rules.desks import Desk, DeskForm, Need
from rules.networks import Network
from rules.people import Person
from storage.messages import State
from storage.people import Profile
from storage.tables import messages
from tests.local_slack import client_of
from tests.player import DEADLINE_SECONDS, Json, Player, Playground
from tests.playground.conftest import BesideTheTest

CLIENT = (office.DEFAULT_CLIENT_ID, office.DEFAULT_CLIENT_SECRET)
FIRST, SECOND = "T0LARKFIELD", "T0LARKFIELD2"
SOCIAL = "C0SOCIAL"


class Second(Playground):
    """The second workspace of a playground, at its own address."""

    def __init__(self, first: Playground) -> None:
        super().__init__()
        self.url = f"{first.url}/w/2"
        self.http = client_of(self.url)


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
            workspace = office.numbered(
                playground_people.load(playground_people.DEFAULT, app.bot_display_name), number
            )
            both.add(core.Playground(app, workspace, signing_secret=self.signing_secret))
        listening = server.listen(0)
        ready = threading.Event()
        first = both.workspaces[FIRST]
        self._server = server.serve(first, listening, None, ready.set, both)
        self._thread = threading.Thread(target=self._server.run, args=([listening],))
        self._thread.start()
        assert ready.wait(DEADLINE_SECONDS)
        self.url = first.base_url
        self.http = client_of(self.url)
        self.second = Second(self)
        return self

    def __exit__(self, *error: object) -> None:
        self.second.http.close()
        super().__exit__(*error)

    def install(self, team_id: str) -> str:
        """Lets the app in without its pages; the token."""
        scopes = "commands,chat:write,users:read,im:write,im:history"
        query = f"client_id={CLIENT[0]}&scope={scopes}&state=s"
        back = Browser("").answer(f"{self.url}/oauth/v2/authorize?{query}", team_id)
        given = httpx.post(
            f"{self.api_url}oauth.v2.access", auth=CLIENT, data={"code": asked(back)["code"]}
        )
        return str(given.json()["access_token"])

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
    done = [call for call in playground.calls() if call["ok"]]
    return [call for call in done if call["method"] in ("chat.postMessage", "chat.update")]


@dataclass
class Desks:
    """What stands in the database of several workspaces, written as the bot writes it."""

    store: storage.Store

    def __post_init__(self) -> None:
        self._desks: dict[str, tuple[Desk, Person]] = {}

    def desk(self, team_id: str) -> None:
        """Maya's desk in #social, where Ines approves."""
        ids: dict[str, Person] = {}
        for slack_id, name in (("U0MAYA", "Maya"), ("U0INES", "Ines"), ("U0TOM", "Tom")):
            profile = Profile(slack_id, name, "Europe/Rome", "en-US")
            ids[slack_id] = people.remember(self.store, team_id, profile, datetime.now(UTC))
        maya, ines = ids["U0MAYA"], ids["U0INES"]
        networks = (Network.LINKEDIN,)
        form = DeskForm((ines.id,), Need.ANY, networks, (maya.id,), "Europe/Rome")
        desk = desks.set_up(self.store, maya, SOCIAL, "social", form, datetime.now(UTC))
        self._desks[team_id] = (desk, ids["U0TOM"])

    def send(self, team_id: str, text: str) -> None:
        """A post of Tom's, sent for approval without Slack."""
        desk, tom = self._desks[team_id]
        content = Content(text, (Network.LINKEDIN,))
        form = DraftForm(uuid.uuid4().hex, content, None, "", send=True)
        drafts.create(self.store, tom, desk.id, form, datetime.now(UTC))

    def ended(self, team_id: str) -> set[str]:
        """Why something couldn't be told, of all that couldn't."""
        return {str(row.error) for row in self.rows(team_id) if row.state == State.FAILED}

    def rows(self, team_id: str) -> list[sa.Row[Any]]:
        return [row for row in self._all() if row.team_id == team_id]

    def _all(self) -> list[sa.Row[Any]]:
        with self.store.read() as tx:
            return list(tx.execute(sa.select(messages).order_by(messages.c.id)))
