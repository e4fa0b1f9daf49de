"""New draft outside of a desk: the shortcut, direct messages, other channels; and for which."""

import pytest
import sqlalchemy as sa

from storage.tables import posts
from tests.handlers.world import BRAND, GENERAL, PARTNERS, SOCIAL, World, read, setup, values
from tests.player import Json, Player, fields, labels, wait_until

SHORTCUT = "draft:new"


def start(who: Player, how: str) -> None:
    """Asks for a new draft: by the shortcut, or by a command in a place."""
    place, _, typed = how.partition(" ")
    if place == "shortcut":
        who.shortcut(SHORTCUT)
    else:
        who.command(who.direct() if place == "direct" else place, typed)


def offered(form: Json) -> list[str]:
    """The desks that a form offers; the chosen one first."""
    desk = fields(form)["Desk"]
    assert desk["initial_option"] == desk["options"][0]
    return [option["text"]["text"] for option in desk["options"]]


def written(world: World) -> list[int]:
    """The desks that posts were written for, in order."""
    with world.store.read() as tx:
        return list(tx.execute(sa.select(posts.c.desk_id).order_by(posts.c.id)).scalars())


HOWS = ["shortcut", "direct /draft", "direct /desk draft", f"{GENERAL} /draft"]


@pytest.fixture
def three(world: World) -> World:
    """Three desks, of which Maya and Ines are in all, and Tom is in one."""
    world.maya.invite(BRAND)
    for channel in (BRAND, PARTNERS, SOCIAL):
        world.set_up(world.ines, channel=channel)
    world.maya.invite(GENERAL)
    return world


@pytest.mark.parametrize("how", HOWS)
def test_the_last_desk_is_chosen(three: World, how: str) -> None:
    start(three.maya, how)
    form = three.maya.wait_for_view("New draft")
    assert offered(form) == ["#brand-private", "#partners", "#social"], "by name"
    three.maya.close(form)
    three.draft(three.maya, channel=PARTNERS)
    three.draft(three.maya, channel=SOCIAL, networks=["x"])
    three.draft(three.ines, channel=BRAND)
    start(three.maya, how)
    form = three.maya.wait_for_view("New draft")
    assert offered(form) == ["#social", "#brand-private", "#partners"]
    assert [o["value"] for o in fields(form)["Networks"]["initial_options"]] == ["x"]
    three.maya.submit(form, values(text="From anywhere"))
    three.settle()
    assert written(three) == [2, 3, 1, 3]


@pytest.mark.parametrize("how", HOWS)
def test_only_their_own_desks_are_offered(three: World, how: str) -> None:
    start(three.tom, how)
    assert offered(three.tom.wait_for_view("New draft")) == ["#social"]


@pytest.mark.parametrize("channel", [SOCIAL, BRAND])
def test_a_desk_goes_by_its_channels_new_name(three: World, channel: str) -> None:
    three.maya.rename(channel, "a-tea-house")

    def is_offered() -> bool:
        start(three.maya, "shortcut")
        form = three.maya.wait_for_view("New draft")
        three.maya.close(form)
        return offered(form)[0] == "#a-tea-house"

    wait_until(is_offered, "the desk has its channel's name")


def test_a_desk_whose_channel_they_left_meanwhile_says_so(three: World) -> None:
    start(three.tom, "shortcut")
    form = three.tom.wait_for_view("New draft")
    three.maya.remove(SOCIAL, three.tom.id)
    done = three.tom.submit(form, values(text="Spring"))
    assert "You aren't in this desk's channel" in done["errors"]["desk"]
    assert written(three) == []


@pytest.mark.parametrize("how", ["direct /draft Tea & cake", f"{GENERAL} /desk draft Tea & cake"])
def test_what_was_typed_is_the_text(three: World, how: str) -> None:
    start(three.tom, how)
    form = three.tom.wait_for_view("New draft")
    assert fields(form)["Text"]["initial_value"] == "Tea & cake"


def test_what_was_opened_from_nowhere_says_in_the_form_what_it_did(three: World) -> None:
    three.tom.shortcut(SHORTCUT)
    form = three.tom.wait_for_view("New draft")
    three.tom.submit(form, values(text="From nowhere"))
    three.noted(three.tom, "P-1 is saved. Its card is in your messages with Copydesk.")
    assert "From nowhere" in read(three.dm_card(three.tom, "P-1"))


def test_what_was_opened_in_direct_messages_says_it_there(three: World) -> None:
    direct = three.tom.direct()
    three.tom.command(direct, "/draft Tea")
    three.tom.submit(three.tom.wait_for_view("New draft"), values(when_saved="send"))
    three.told(three.tom, direct, "P-1 is sent for approval to its approver.")
    assert three.tom.view() is None


def test_a_desk_that_does_not_have_the_network_says_so_and_nothing_is_lost(world: World) -> None:
    world.set_up(world.ines)
    world.set_up(world.ines, channel=PARTNERS, networks=("bluesky",))
    world.maya.shortcut(SHORTCUT)
    form = world.maya.wait_for_view("New draft")
    chosen = values(text="Mine", networks=["x"])
    assert world.maya.submit(form, chosen)["errors"]["networks"].startswith("This desk doesn't")
    world.maya.submit(form, values(text="Mine", networks=["bluesky"]))
    world.noted(world.maya, "P-1 is saved.")


@pytest.mark.parametrize("how", ["shortcut", "direct /draft", "direct /desk draft Hello"])
def test_without_any_desk_it_says_what_to_do(world: World, how: str) -> None:
    start(world.tom, how)
    sentence = "None of your channels has a desk yet. Type /desk setup in your team's channel"
    if how == "shortcut":
        world.noted(world.tom, sentence)
    else:
        world.told(world.tom, world.tom.direct(), sentence)
        assert world.tom.view() is None


def test_help_in_direct_messages_has_it_too(world: World) -> None:
    world.set_up(world.ines)
    world.tom.say(world.tom.direct(), "hello?")
    helped = world.tom.wait_for_dm("What Copydesk can do")
    assert labels(helped) == ["New draft", "What waits for me"]
    world.tom.click(helped, "New draft")
    assert offered(world.tom.wait_for_view("New draft")) == ["#social"]


def test_a_sleeping_desk_is_not_offered(world: World) -> None:
    world.set_up(world.ines)
    world.set_up(world.ines, channel=PARTNERS)
    world.maya.remove(SOCIAL)
    world.maya.wait_for_dm("its desk sleeps")
    world.maya.shortcut(SHORTCUT)
    assert offered(world.maya.wait_for_view("New draft")) == ["#partners"]


def test_who_left_while_the_form_was_open_writes_nothing_there(three: World) -> None:
    three.lea.shortcut(SHORTCUT)
    form = three.lea.wait_for_view("New draft")
    brand = next(o for o in fields(form)["Desk"]["options"] if "brand" in o["text"]["text"])
    three.maya.remove(BRAND, three.lea.id)
    three.settle()

    def refused() -> bool:
        done = three.lea.submit(form, values(desk=brand["value"], text="Mine"))
        return bool(done["errors"] and "desk" in done["errors"])

    wait_until(refused, "the desk is refused")
    assert written(three) == []


def test_another_desks_button_opens_only_ones_own(three: World) -> None:
    three.tom.click(three.plant(SOCIAL, "draft:new", BRAND), "Open")
    form = three.tom.wait_for_view("New draft")
    assert offered(form) == ["#social"]


def test_a_form_that_is_submitted_twice_makes_one_post(three: World) -> None:
    three.tom.shortcut(SHORTCUT)
    three.tom.submit(three.tom.wait_for_view("New draft"), values(text="Once"))
    three.noted(three.tom, "P-1 is saved.")
    three.again("submit draft:new:submit")
    assert len(written(three)) == 1


def test_a_form_that_asks_for_texts_keeps_the_desk_that_was_chosen(three: World) -> None:
    three.maya.shortcut(SHORTCUT)
    form = three.maya.wait_for_view("New draft")
    social = next(o for o in fields(form)["Desk"]["options"] if "social" in o["text"]["text"])
    long = values(desk=social["value"], text="x" * 300, when_saved="send")
    three.maya.submit(form, long)
    form = wait_until(
        lambda: next((v for v in three.maya.views() if "Text for X" in fields(v)), None), "it asks"
    )
    three.maya.submit(form, {"text:x": {"text:x": "Short"}})
    three.noted(three.maya, "P-1 is sent for approval")
    assert written(three) == [3]


def test_setting_up_a_second_desk_is_where_help_is(three: World) -> None:
    """Where somebody has desks, /draft elsewhere is for one of those."""
    three.maya.command(GENERAL, "/desk")
    answer = three.told(three.maya, GENERAL, "This channel has no desk yet.")
    three.maya.click(answer, "Set up this desk")
    form = three.maya.wait_for_view("Set up this desk")
    assert three.maya.submit(form, setup((three.ines,), "any", ("x",)))["errors"] is None
