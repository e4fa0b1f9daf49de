"""A workspace with the bot in it, and the steps that many tests begin with."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from slack_bolt import App
from slack_sdk import WebClient

from handlers.clients import Clients
from handlers.courier import Courier
from operations import timetable
from storage import Store
from storage.tables import messages
from tests.player import Json, Player, Playground, labels, said, wait_until

SOCIAL, GENERAL, BRAND, OLD, PARTNERS = "C0SOCIAL", "C0GENERAL", "C0BRAND", "C0OLD", "C0PARTNERS"

# A Monday: 10:00 in Paris, 4:00 in New York.
MONDAY = datetime(2030, 3, 4, 9, tzinfo=UTC)
TOMORROW = int(datetime(2030, 3, 5, 8, tzinfo=UTC).timestamp())
YESTERDAY = int(datetime(2030, 3, 3, 8, tzinfo=UTC).timestamp())


class Clock:
    """The calendar, which stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at


@dataclass
class World:
    """People to be played, and the bot that plays along. `forgiven`: errors of Slack's that a test
    provokes; any other refusal fails the test at its end."""

    playground: Playground
    store: Store
    clock: Clock
    app: App
    client: WebClient
    clients: Clients
    courier: Courier
    forgiven: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        ids = ("U0MAYA", "U0TOM", "U0INES", "U0KENJI", "U0LEA", "U0GIL", "U0SAM")
        people = [self.playground.player(slack_id) for slack_id in ids]
        self.maya, self.tom, self.ines, self.kenji, self.lea, self.gil, self.sam = people

    # Looking.

    def told(self, who: Player, channel: str, says: str) -> Json:
        """The private answer that somebody reads in a channel, once it is there."""

        def answer() -> Json | None:
            private = [m for m in who.messages(channel) if m["ephemeral"]]
            return next((m for m in reversed(private) if says in read(m)), None)

        try:
            return wait_until(answer, f"{who.id} is told “{says}”")
        except AssertionError as missing:
            there = [read(m) for m in who.messages(channel) if m["ephemeral"]]
            raise AssertionError(f"{missing}; there is {there}") from None

    def noted(self, who: Player, says: str) -> Json:
        """The view on top that says one thing, once it is there."""

        def on_top() -> Json | None:
            view = who.view()
            return view if view and says in read(view) else None

        return wait_until(on_top, f"{who.id} sees a note “{says}”")

    def is_busy(self) -> bool:
        """Whether there is something that Slack has not been told yet."""
        pending = sa.select(sa.func.count()).select_from(messages).filter_by(pending=True)
        with self.store.read() as tx:
            return tx.execute(pending).scalar() != 0

    def settle(self) -> None:
        """Waits until Slack has been told everything there is to tell."""
        wait_until(lambda: not self.is_busy(), "everything is told")

    def dm_card(self, who: Player, code: str) -> Json:
        """The newest card of a post in somebody's direct messages, as it stands now."""
        self.settle()
        return self.newest_card(who, who.direct(), code)

    def channel_card(self, code: str, channel: str = SOCIAL, who: Player | None = None) -> Json:
        """The newest card of a post in a channel, as it stands now."""
        self.settle()
        return self.newest_card(who or self.maya, channel, code)

    def newest_card(self, who: Player, channel: str, code: str) -> Json:
        cards = [m for m in who.messages(channel) if is_card(m, code)]
        assert cards, f"{who.id} has no card of {code} in {channel}"
        return cards[-1]

    # Doing.

    def again(self, name: str, says: str = "") -> Json | None:
        """Slack delivers once more what it delivered last under this name ("submit", "event"), with
        this text in it; how the bot acknowledges it."""

        def answered() -> str | None:
            log = self.playground.log()
            acked = {e["detail"].get("envelope_id") for e in log if e["name"].startswith("ack ")}
            sent = [e for e in log if e["direction"] == "in" and e["name"].startswith(name)]
            last = next(e for e in reversed(sent) if says in str(e["detail"]))
            found = str(last["detail"]["envelope_id"])
            return found if found in acked else None

        done = self.playground.redeliver(wait_until(answered, f"{name} is answered"))
        self.settle()
        assert done["acked"]
        acknowledged: Json | None = done["ack"]
        return acknowledged

    def plant(self, channel: str, action: str, value: str) -> Json:
        """A message with a button of ours that we never posted there: forged, or from long ago."""
        button = {
            "type": "button",
            "text": {"type": "plain_text", "text": "Open"},
            "action_id": action,
            "value": value,
        }
        blocks = [{"type": "actions", "elements": [button]}]
        posted = self.client.chat_postMessage(channel=channel, text="Planted", blocks=blocks)
        seen = self.maya.messages(posted["channel"])
        return next(m for m in seen if m["ts"] == posted["ts"])

    def set_up(
        self,
        *approvers: Player,
        need: str = "any",
        networks: tuple[str, ...] = ("linkedin", "x"),
        channel: str = SOCIAL,
        by: Player | None = None,
    ) -> None:
        """Makes a channel a desk; its manager is Maya unless said otherwise."""
        who = by or self.maya
        who.command(channel, "/desk setup")
        done = who.submit(who.wait_for_view("Set up this desk"), setup(approvers, need, networks))
        assert done["errors"] is None, done
        self.told(who, channel, "This desk is set up.")

    def own_posts(self, channel: str = SOCIAL) -> None:
        """Lets the only approver approve their own."""
        self.maya.command(channel, "/desk settings")
        form = self.maya.wait_for_view("Desk settings")
        self.maya.submit(form, values(own_posts=["own_posts"]))

    def tick(self, at: datetime | None = None) -> None:
        """Does what has fallen due, as the timer does; `at` moves the clock first."""
        self.clock.at = at or self.clock.at
        while timetable.run_due(self.store, self.clock.at):
            pass
        self.courier.wake()
        self.settle()

    def draft(
        self,
        who: Player,
        text: str = "Spring is here",
        *,
        send: bool = False,
        channel: str = SOCIAL,
        files: Sequence[str] = (),
        **more: Any,
    ) -> str:
        """Writes a post, with files by their ids; its code."""
        who.command(channel, "/draft")
        form = who.wait_for_view("New draft")
        more |= {"files:0": list(files)} if files else {}
        chosen = values(text=text, when_saved="send" if send else "keep", **more)
        done = who.submit(form, chosen)
        assert done["errors"] is None, done
        self.settle()
        cards = [m for m in who.dms() if labels(m)[:1] == ["Open"] and "Open P-" in str(m)]
        return f"P-{max(int(code_of(card)) for card in cards)}"

    def edit(self, who: Player, card: Json, **changed: Any) -> Json:
        """Edits a post from a card; the answer to the form."""
        who.click(card, "Edit")
        form = wait_until(lambda: editing(who), "the form Edit opens")
        return who.submit(form, values(**changed))

    def say_no(self, who: Player, card: Json, button: str, comment: str) -> Json:
        """Requests changes or rejects, from a card; the answer to the form."""
        who.click(card, button)
        return who.submit(who.wait_for_view(button), values(comment=comment))

    def open(self, who: Player, card: Json) -> Json:
        """Opens a post from a card."""
        who.click(card, "Open")
        return wait_until(lambda: opened(who), "Open shows the post")


def setup(approvers: tuple[Player, ...], need: str, networks: tuple[str, ...]) -> Json:
    """What is filled into Set up this desk."""
    return values(approvers=[p.id for p in approvers], need=need, networks=list(networks))


def values(**fields: Any) -> Json:
    """What is filled into a form, by the names of its fields."""
    return {name: {name: value} for name, value in fields.items()}


def read(shown: Json) -> str:
    """What a person's eyes get: of a message with blocks, the blocks alone."""
    part = "blocks" if shown.get("blocks") else "text"
    return html.unescape(said({part: shown[part]})).replace("\u2060", "")


def is_card(message: Json, code: str) -> bool:
    """Whether a message is the card of a post: its title is the first line."""
    first = (message.get("blocks") or [{}])[0]
    title = first.get("text", {}).get("text", "") if first.get("type") == "section" else ""
    return title.startswith(f"*{code}* by ")


def code_of(card: Json) -> str:
    return str(card["blocks"][0]["text"]["text"]).split("*")[1].removeprefix("P-")


def editing(who: Player) -> Json | None:
    """The form Edit, when it is on top."""
    view = who.view()
    return view if view and view["title"]["text"].startswith("Edit P-") else None


def opened(who: Player) -> Json | None:
    """Open, when it is on top."""
    view = who.view()
    return view if view and view["callback_id"] == "post:open" else None
