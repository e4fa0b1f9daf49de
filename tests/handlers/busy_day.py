"""Two days of a team and its client, played so that at their end each button, form and event of
ours has been on somebody's screen."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from tests.handlers.world import BRAND, GENERAL, OLD, PARTNERS, SOCIAL, World, read, values
from tests.player import Json, Player, labels, wait_until

# What the team writes for itself; nobody from outside may ever read it.
INTERNAL = "Zephyr"
NOTES = f"{INTERNAL} notes"


def paris(day: int, clock: str) -> datetime:
    """A moment of March 2030, when Paris is an hour ahead of UTC."""
    hour, minute = clock.split(":")
    return datetime(2030, 3, day, int(hour) - 1, int(minute), tzinfo=UTC)


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def play(world: World) -> None:
    """Ends on Tuesday at eleven in Paris, with all of it told."""
    world.clock.at = paris(4, "07:00")
    _desks(world)
    _posts(world)
    world.tick(paris(4, "09:00"))
    _answers(world)
    world.tick(paris(4, "10:30"))
    _talk(world)
    _comings(world)
    for day, clock in ((4, "12:00"), (4, "15:30"), (4, "17:00"), (5, "09:00"), (5, "11:00")):
        world.tick(paris(day, clock))
    for who in (world.maya, world.ines, world.tom, world.lea, world.sam, world.gil):
        who.open_home()
    wait_until(lambda: world.tom.open_home(), "Homes are drawn")
    world.settle()


def _submit(who: Player, title: str, **filled: Any) -> None:
    done = who.submit(who.wait_for_view(title), values(**filled))
    assert done["errors"] is None, done


def _desks(world: World) -> None:
    maya, team = world.maya, [world.maya, world.ines, world.tom, world.lea]
    world.set_up(world.ines, world.kenji, need="all", networks=("linkedin", "x", "instagram"))
    world.set_up(world.ines, channel=PARTNERS)
    for channel, members in ((SOCIAL, team), (PARTNERS, [maya, world.ines])):
        maya.command(channel, "/desk standup")
        _submit(
            maya,
            "Standup",
            is_on=["on"],
            members=[who.id for who in members],
            duty=["U0INES"],
            digest_at="10:30",
            weekly_day="tue",
            weekly_at="11:30",
            weekly_reader=world.ines.id,
        )
    world.settle()


def _posts(world: World) -> None:
    tom, lea, draft = world.tom, world.lea, partial(world.draft, notes=NOTES)
    tea = tom.upload("tea.png", width=1200, height=630)
    tom.command(SOCIAL, "/draft")
    done = tom.submit(
        tom.wait_for_view("New draft"),
        values(text=f"{INTERNAL} draft", notes=NOTES, **{"files:0": [tea]}),
    )
    assert done["response_action"] == "update"
    tom.close(tom.views()[-1], clear=True)
    world.settle()

    waits = draft(tom, f"{INTERNAL} in review", send=True, publish_at=seconds(paris(7, "10:00")))
    _more(world, tom, waits, "campaign", "Campaign", campaign=f"{INTERNAL} spring")
    _more(world, tom, waits, "urgent", "Mark as urgent", reason=f"{INTERNAL} hurry")
    _comment(world, lea, waits, f"{INTERNAL} is it long?")

    goes_out = draft(lea, f"{INTERNAL} goes out", send=True, publish_at=seconds(paris(4, "12:00")))
    for who in (world.ines, world.kenji):
        who.click(world.dm_card(who, goes_out), "Approve")
    world.settle()
    draft(tom, f"{INTERNAL} is missed", publish_at=seconds(paris(4, "11:00")), send=True)

    back = draft(lea, f"{INTERNAL} is sent back", send=True)
    card = world.dm_card(world.ines, back)
    world.say_no(world.ines, card, "Request changes", f"{INTERNAL} shorter")
    held = draft(lea, f"{INTERNAL} is held", send=True)
    _more(world, lea, held, "hold", "Hold", reason=f"{INTERNAL} they owe us")
    for way in ("Cancel post", "Back to draft"):
        code = draft(lea, f"{INTERNAL} {way}", send=True)
        lea.click_view(world.open(lea, world.dm_card(lea, code)), way)
        lea.close(lea.views()[-1], clear=True)
    world.settle()
    draft(world.maya, "For the client", send=True, channel=PARTNERS)
    draft(world.maya, f"{INTERNAL} draft for the client", channel=PARTNERS)
    draft(tom, f"{INTERNAL} nobody decides", send=True)
    draft(tom, f"{INTERNAL} a cover decides", send=True)


def _more(world: World, who: Player, code: str, choice: str, title: str, **filled: Any) -> None:
    card = world.dm_card(who, code)
    number = next(
        element["value"]
        for block in card["blocks"]
        for element in [block.get("accessory") or {}]
        if element.get("action_id") == "post:open"
    )
    who.click_view(world.open(who, card), "post:more", selected=f"{choice}:{number}")
    _submit(who, title, **filled)
    world.settle()


def _comment(world: World, who: Player, code: str, text: str) -> None:
    who.click_view(world.open(who, world.channel_card(code)), "Comment")
    form = wait_until(lambda: _on_top(who, "comment:write:submit"), "a form to comment in")
    assert who.submit(form, values(comment=text))["errors"] is None
    world.settle()


def _on_top(who: Player, callback: str) -> Json | None:
    view = who.view()
    return view if view and view["callback_id"] == callback else None


def _answers(world: World) -> None:
    for who, channel in ((world.ines, SOCIAL), (world.tom, SOCIAL), (world.maya, PARTNERS)):
        who.command(channel, "/standup")
        form = who.wait_for_view("Standup")
        names = [b["block_id"] for b in form["blocks"] if b["block_id"].startswith("said:")]
        said = dict.fromkeys(names, f"{INTERNAL} says {who.id}")
        assert who.submit(form, values(**said))["errors"] is None
    world.settle()


def _talk(world: World) -> None:
    card = world.channel_card("P-2")
    world.ines.say(SOCIAL, "Looks good to me", card["ts"])
    world.ines.wait_for_message(SOCIAL, "sounds like a yes", thread_ts=card["ts"])
    mine = world.dm_card(world.kenji, "P-2")
    world.kenji.say(mine["channel"], "Looks good to me", mine["ts"])
    world.kenji.wait_for_message(mine["channel"], "sounds like a yes", thread_ts=mine["ts"])
    world.ines.react(card, "white_check_mark")
    world.lea.say(world.lea.direct(), "Hello?")
    world.tom.say(SOCIAL, "@Copydesk draft Spring again", card["ts"])
    world.maya.say(SOCIAL, "@Copydesk settings", card["ts"])
    world.tom.wait_for_message(SOCIAL, "Write the draft", thread_ts=card["ts"])
    world.maya.wait_for_message(SOCIAL, "This opens it", thread_ts=card["ts"])
    world.sam.say(PARTNERS, "We love it", world.channel_card("P-9", PARTNERS)["ts"])
    world.maya.command(SOCIAL, "/desk")
    world.tom.command(SOCIAL, "/standup away until friday")
    _submit(world.tom, "Away", cover=world.lea.id)
    world.ines.command(SOCIAL, "/standup away until wednesday")
    _submit(world.ines, "Away")
    world.kenji.command(SOCIAL, "/standup away until friday")
    _submit(world.kenji, "Away", cover=world.lea.id)
    world.settle()
    world.lea.click(world.dm_card(world.lea, "P-12"), "Approve")
    digest = next(m for m in world.lea.messages(SOCIAL) if "Standup, Monday" in read(m))
    detail = world.lea.messages(SOCIAL, digest["ts"])
    world.lea.click(next(m for m in detail if "I can help" in labels(m)), "I can help")
    world.settle()


def _comings(world: World) -> None:
    """Channels that are no desk's: the bot and people come and go."""
    maya = world.maya
    world.playground.change_person("U0LEA", real_name="Lea B.")
    for channel in (GENERAL, BRAND):
        maya.invite(channel)
        maya.archive(channel)
        maya.archive(channel, archived=False)
        maya.remove(channel, "U0LEA")
        maya.invite(channel, "U0LEA")
        maya.remove(channel)
    maya.archive(OLD, archived=False)
    maya.archive(OLD)
    world.settle()
