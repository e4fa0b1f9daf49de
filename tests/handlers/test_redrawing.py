"""A change draws those cards again that can say something else by it, and leaves the others."""

from collections.abc import Callable
from functools import partial

from tests.handlers.test_more import fill, press
from tests.handlers.world import SOCIAL, World, is_card, read
from tests.player import Json, Player, labels

VERSIONS = 4

Cards = set[tuple[str, str]]


def drawn_again(world: World, change: Callable[[], object]) -> Cards:
    """Where Slack was asked to draw a message again: its channel and ts."""
    before = len(world.playground.calls("chat.update"))
    change()
    world.settle()
    calls = world.playground.calls("chat.update")[before:]
    return {(call["args"]["channel"], call["args"]["ts"]) for call in calls}


def cards(world: World, who: Player, channel: str) -> list[Json]:
    world.settle()
    return [m for m in who.messages(channel) if is_card(m, "P-1")]


def newest(world: World) -> Cards:
    """The cards of what counts: the owner's own, the channel's, each approver's."""
    places = [(who, who.direct()) for who in (world.tom, world.ines, world.kenji)]
    places.append((world.maya, SOCIAL))
    return {(channel, cards(world, who, channel)[-1]["ts"]) for who, channel in places}


def test_older_cards_are_left_as_they_are(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, "Version 1", send=True)
    mine = world.dm_card(world.tom, code)
    for number in range(2, VERSIONS + 1):
        replaced = newest(world)
        text = {"text": f"Version {number}", "when_saved": "send"}
        redrawn = drawn_again(world, partial(world.edit, world.tom, mine, **text))
        assert redrawn == replaced, "those of the version before say so now"
    card = world.channel_card(code)

    changes = {
        "held": lambda: fill(world, world.tom, mine, "Hold", reason="Legal"),
        "let go": lambda: press(world, world.tom, mine, "Take off hold"),
        "approved": lambda: world.ines.click(card, "Approve"),
        "undone": lambda: press(world, world.ines, card, "Undo my decision"),
        "cancelled": lambda: press(world, world.tom, mine, "Cancel post"),
        "restored": lambda: press(world, world.tom, mine, "Restore"),
    }
    for name, change in changes.items():
        assert drawn_again(world, change) == newest(world), name

    for channel, who in ((SOCIAL, world.maya), (world.ines.direct(), world.ines)):
        older = cards(world, who, channel)[:-1]
        assert len(older) == VERSIONS - 1
        for number, found in enumerate(older, 1):
            assert f"Version {number + 1} replaced version {number}" in read(found)
            assert labels(found) == ["Open"]


def test_whose_it_is_stands_on_each_card(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "Version 1", send=True)
    mine = world.dm_card(world.tom, code)
    world.edit(world.tom, mine, text="Version 2", when_saved="send")
    world.settle()
    fill(world, world.tom, mine, "Hand over", owner="U0LEA")
    for found in cards(world, world.maya, SOCIAL):
        assert read(found).startswith("*P-1* by Lea")
