"""A workspace with a desk, its people, and the bots that are started over it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from operations import desks, drafts, people
from operations.drafts import DraftForm
from rules.contents import Content
from rules.desks import Desk, DeskForm, Need
from rules.networks import Network
from rules.people import Person
from rules.reviews import Review
from storage import Store
from storage.messages import Kind, State
from storage.people import Profile
from storage.tables import decisions
from storage.tables import messages as messages_table
from tests.flows import checker
from tests.flows.doors import Door
from tests.flows.launcher import Bot, Pace, Point
from tests.player import Json, Player, Playground, wait_until

TEAM = "T0LARKFIELD"
SOCIAL = "C0SOCIAL"
HISTORY = {"channels:history", "groups:history"}
"""The scopes without which the bot can't read what is in a channel."""

TELLING = {"chat.postMessage", "chat.update"}


@dataclass
class House:
    """A playground, a database, and what a flow test does with them."""

    door: Door
    store: Store
    url: str
    folder: Path

    def __post_init__(self) -> None:
        self.playground: Playground = self.door.playground
        ids = ("U0MAYA", "U0TOM", "U0INES", "U0KENJI")
        self.maya, self.tom, self.ines, self.kenji = map(self.playground.player, ids)
        self.names = {p["id"]: p["real_name"] for p in self.maya.state()["people"]}
        self._bots: list[Bot] = []

    def bot(
        self,
        *,
        stops_at: Point | None = None,
        fails_at: Point | None = None,
        pace: Pace | None = None,
        command: tuple[str, ...] = (),
    ) -> Bot:
        """A bot that isn't started yet; `command` is what follows `python -m bot`."""
        self._wait_for_no_dead()
        points = {"stops_at": stops_at, "fails_at": fails_at}
        bot = Bot(self.folder, self.settings(), **points, pace=pace, command=command)
        self._bots.append(bot)
        return bot

    def worker(self) -> Bot:
        """One that opens no door, and isn't started yet."""
        return self.bot(command=("worker",))

    def _wait_for_no_dead(self) -> None:
        """A connection outlives its bot until Slack has noticed, and would be taken for the next
        bot's."""

        def all_live() -> bool:
            return self.door.reached() <= sum(bot.process.is_alive() for bot in self._bots)

        wait_until(all_live, "Slack notices which bots have ended")

    def settings(self) -> dict[str, str]:
        """The environment of one more bot."""
        return {**self.door.settings(), "DATABASE_URL": self.url}

    def wait_for_bots(self, bots: int = 1) -> None:
        """Returns once Slack's requests come to so many."""
        self.door.wait_for(bots)

    # What stands in the database before a test begins; written as the bot itself writes it.

    def person(self, player: Player, seen: timedelta = timedelta()) -> Person:
        """Somebody whom the bot has asked Slack about, so long ago."""
        profile = Profile(player.id, self.names[player.id], "Europe/Rome", "en-US")
        return people.remember(self.store, TEAM, profile, datetime.now(UTC) - seen)

    def desk(self, need: Need = Need.ALL) -> Desk:
        """Maya's desk in #social; Ines and Kenji approve."""
        maya = self.person(self.maya)
        approvers = tuple(self.person(who).id for who in (self.ines, self.kenji))
        networks = (Network.LINKEDIN, Network.X)
        form = DeskForm(approvers, need, networks, (maya.id,), "Europe/Rome")
        return desks.set_up(self.store, maya, SOCIAL, "social", form, datetime.now(UTC))

    def sent(self, desk: Desk, text: str = "Spring in a cup") -> Review:
        """A new post of Tom's, sent for approval."""
        tom = self.person(self.tom)
        saved = drafts.create(self.store, tom, desk.id, self.form(text=text), datetime.now(UTC))
        assert saved.review is not None
        return saved.review

    def form(self, publish_at: datetime | None = None, text: str = "Spring in a cup") -> DraftForm:
        """What is written in a new draft that is sent at once."""
        content = Content(text, (Network.LINKEDIN,))
        return DraftForm(uuid.uuid4().hex, content, publish_at, "", send=True)

    # What people do.

    def submit_draft(self, text: str = "Spring in a cup") -> Json:
        """Tom writes a post and sends it for approval at once; Slack's answer."""
        self.tom.command(SOCIAL, f"/draft {text}")
        form = self.tom.wait_for_view("New draft")
        return self.tom.submit(form, {"when_saved": {"when_saved": "send"}})

    def channel_card(self, says: str = "P-1") -> Json:
        """The card in #social, once it is there."""
        return self.maya.wait_for_message(SOCIAL, says)

    # What became of it.

    def check(self, *strays: str) -> None:
        """Once the courier is done, Slack shows what the database says, but for the `strays`."""
        checker.check(self.playground, self.store, strays)

    def row(self, key: str) -> sa.Row[Any]:
        return checker.row(self.store, key)

    def rows(self, *kinds: Kind) -> list[sa.Row[Any]]:
        """What was noted to be told, of these kinds, or all."""
        return [row for row in checker.rows(self.store) if not kinds or row.kind in kinds]

    def states(self, *kinds: Kind) -> list[str]:
        return [row.state for row in self.rows(*kinds)]

    def decided(self) -> list[tuple[str, str]]:
        """Who decided what, in order: ("U0INES", "approve")."""
        ids = {self.person(who).id: who.id for who in (self.maya, self.tom, self.ines, self.kenji)}
        with self.store.read() as tx:
            query = sa.select(decisions).where(decisions.c.undone_at.is_(None))
            found = tx.execute(query.order_by(decisions.c.id))
            return [(ids[row.person_id], row.verdict) for row in found]

    def let_leases_run_out(self) -> None:
        """Time passes while no bot runs: what was claimed is nobody's any more."""
        past = datetime.now(UTC) - timedelta(seconds=1)
        with self.store.write() as tx:
            held = messages_table.c.lease_until.is_not(None)
            tx.execute(messages_table.update().where(held).values(lease_until=past))

    def without_history(self) -> None:
        """The workspace didn't grant the optional scopes."""
        granted = set(self.playground.workspace()["granted"])
        self.playground.grant(*(granted - HISTORY))

    def hold(self, method: str, at: str, calls: int) -> None:
        """The next calls of a method wait for `release`."""
        for _ in range(calls):
            self.playground.hold(method, at)

    def wait_held(self, calls: int) -> None:
        def arrived() -> bool:
            return len(self.playground.get("/control/held")["held"]) >= calls

        wait_until(arrived, f"{calls} calls wait in Slack")

    def told_slack(self) -> list[Json]:
        """Every posting and change of a message that the bot has asked for."""
        return [c for c in self.playground.calls() if c["method"] in TELLING]

    def posted(self) -> list[Json]:
        """What the bot has posted anywhere."""
        return checker.in_slack(self.playground)

    def in_channel(self) -> list[Json]:
        """What the bot has posted in #social."""
        return [m for m in checker.in_slack(self.playground) if m["channel"] == SOCIAL]

    def problems(self) -> list[str]:
        """What Slack would have refused and the bot failed to do. An event that comes while the bot
        stops or starts, and that nobody takes, is neither: Slack sends it again."""

        def comes_again(problem: str) -> bool:
            nobody = "No connection of the app takes it."
            unheard = problem.startswith("event ") and problem.endswith(nobody)
            return unheard or problem.startswith("no ack event")

        return [p for p in self.playground.problems() if not comes_again(p)]

    def troubles(self) -> list[str]:
        """What Maya was told went wrong."""
        sent = [r for r in self.rows(Kind.TROUBLE) if r.state == State.SENT]
        posted = {m["ts"]: m["text"] for m in checker.in_slack(self.playground)}
        return [posted[row.posted_ts] for row in sent]
