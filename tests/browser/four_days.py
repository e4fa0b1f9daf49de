"""Six people of three continents with ten posts in flight, played for days on end; and what
Copydesk said to each of them on each of their days, counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.bot_process import slack_settings
from tests.flows.launcher import Bot
from tests.handlers.world import SOCIAL, is_card, values
from tests.local_slack import ROOT
from tests.player import Json, Player, Playground, labels, wait_until

PARIS, NEW_YORK, TOKYO = "Europe/Paris", "America/New_York", "Asia/Tokyo"
NORA = {"id": "U0NORA", "name": "nora", "real_name": "Nora Vidal", "tz": PARIS, "color": "1d5c7a"}


def with_nora(folder: Path) -> Path:
    """The people of the playground, and a sixth at the desk."""
    workspace = yaml.safe_load((ROOT / "playground" / "people.yml").read_text("utf-8"))
    workspace["people"].append(NORA)
    social = next(channel for channel in workspace["channels"] if channel["id"] == SOCIAL)
    social["members"].append(NORA["id"])
    path = folder / "people.yml"
    path.write_text(yaml.safe_dump(workspace), encoding="utf-8")
    return path


@dataclass
class Week:
    """The desk's people, the calendar, the bot (which can be stopped), and all that was said."""

    playground: Playground
    folder: Path
    bot: Bot

    def __post_init__(self) -> None:
        names = ("MAYA", "NORA", "INES", "TOM", "KENJI", "LEA")
        everybody = [self.playground.player(f"U0{name}") for name in names]
        self.maya, self.nora, self.ines, self.tom, self.kenji, self.lea = everybody
        self.everybody = everybody
        people = self.maya.state()["people"]
        self.zones = {p["id"]: ZoneInfo(p["tz"]) for p in people}

    # The calendar.

    def goes_to(self, moment: datetime) -> None:
        """Moves the calendar, once all is told, and waits until what fell due is told too."""
        self.settles()
        self.playground.move_clock(to=moment)
        self.settles()

    def settles(self) -> None:
        """Waits until nothing is due and nothing is left to be told."""
        wait_until(lambda: not self._is_busy(), "all that is due is done and told", 40)

    def stops(self) -> None:
        self.settles()
        assert self.bot.stop() == 0

    def starts(self) -> None:
        self.bot = Bot(self.folder, slack_settings(self.playground))
        self.bot.__enter__()
        self.playground.wait_for_app()
        self.settles()

    def _is_busy(self) -> bool:
        path = self.folder / "data" / "copydesk.db"
        now = self.playground.now().astimezone(UTC).replace(tzinfo=None)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            pending = database.execute("SELECT count(*) FROM messages WHERE pending")
            due = database.execute(
                "SELECT count(*) FROM occurrences WHERE state = 'waiting' AND due_at <= ?",
                (now.isoformat(" "),),
            )
            return bool(pending.fetchone()[0] or due.fetchone()[0])

    # What was said.

    def to_person(self, who: Player, day: date) -> list[Json]:
        """The direct messages that somebody got on a day of theirs, oldest first."""
        return self._said(who.direct(), self.zones[who.id], day)

    def in_channel(self, day: date) -> list[Json]:
        """What came into the desk's channel on a day of the desk's, without threads."""
        said = self._said(SOCIAL, ZoneInfo(PARIS), day)
        return [m for m in said if m.get("thread_ts") in (None, m["ts"])]

    def said(self) -> int:
        """How many messages there are of ours, wherever."""
        bot = self.maya.state()["app"]["bot_user_id"]
        return sum(m["user"] == bot for m in self.playground.all_messages())

    def _said(self, channel: str, zone: ZoneInfo, day: date) -> list[Json]:
        bot = self.maya.state()["app"]["bot_user_id"]
        return [
            m
            for m in self.playground.all_messages(channel)
            if m["user"] == bot and not m["ephemeral_to"]
            if datetime.fromtimestamp(m["said_at"], zone).date() == day
        ]

    # What people do.

    def set_up(self) -> None:
        """A desk in France where Nora and Ines both approve, with a standup of all six."""
        maya, channel = self.maya, SOCIAL
        maya.command(channel, "/desk setup")
        both = [self.nora.id, self.ines.id]
        submit(maya, "Set up this desk", approvers=both, need="all", networks=["linkedin", "x"])
        maya.command(channel, "/desk settings")
        form = maya.wait_for_view("Desk settings")
        maya.options(form, "desk:places", "france")
        maya.submit(form, {"holidays": {"desk:places": "FR"}})
        maya.command(channel, "/desk standup")
        members, duty = [who.id for who in self.everybody], [self.kenji.id, self.lea.id]
        submit(maya, "Standup", is_on=["on"], members=members, duty=duty, digest_at="10:00")

    def write(
        self, who: Player, text: str, at: datetime | None = None, *, send: bool = True
    ) -> None:
        """A post for the desk's networks."""
        who.command(SOCIAL, "/draft")
        moment = {"publish_at": int(at.timestamp())} if at else {}
        submit(who, "New draft", text=text, when_saved="send" if send else "keep", **moment)

    def clicks(self, who: Player, what: str, *codes: str) -> None:
        """A button of the newest card of each of these posts, in somebody's own messages."""
        for code in codes:
            card = wait_until(partial(self._card, who, code, what), f"{code} offers {what}")
            who.click(card, what)

    def _card(self, who: Player, code: str, offers: str) -> Json | None:
        cards = [m for m in who.dms() if is_card(m, code)]
        return cards[-1] if cards and offers in labels(cards[-1]) else None

    def answers(self, who: Player, *said: str) -> None:
        """Their standup, from the top down."""
        who.command(SOCIAL, "/standup")
        form = who.wait_for_view("Standup")
        names = [b["block_id"] for b in form["blocks"] if b["block_id"].startswith("said:")]
        submit(who, "Standup", **dict(zip(names, said, strict=True)))


@contextmanager
def started(playground: Playground, folder: Path) -> Iterator[Week]:
    """The bot at work in a workspace."""
    home = folder / "bot"
    home.mkdir()
    with Bot(home, slack_settings(playground)) as bot:
        playground.wait_for_app()
        week = Week(playground, home, bot)
        yield week
        week.bot.__exit__(None, None, None)


def submit(who: Player, title: str, **filled: Any) -> None:
    done = who.submit(who.wait_for_view(title), values(**filled))
    assert done["errors"] is None, done
