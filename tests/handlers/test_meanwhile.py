"""A form that is still open while its post goes another way: said at the field, and what was typed
stays; and a post whose owner left."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.handlers.test_more import fill
from tests.handlers.world import SOCIAL, World, editing, read, values
from tests.player import Json, Player, labels, wait_until


def form_behind(who: Player, card: Json, button: str, title: str) -> Json:
    who.click(card, button)
    return who.wait_for_view(title)


def cancel(world: World) -> None:
    sheet = world.open(world.maya, world.channel_card("P-1"))
    world.maya.click_view(sheet, "Cancel post")
    world.settle()


def reject(world: World) -> None:
    world.say_no(world.ines, world.channel_card("P-1"), "Reject", "Not for us")
    world.settle()


def publish(world: World) -> None:
    world.ines.click(world.channel_card("P-1"), "Approve")
    world.settle()
    sheet = world.open(world.maya, world.channel_card("P-1"))
    world.maya.click_view(sheet, "Mark as published")
    world.maya.submit(world.maya.wait_for_view("Publish P-1"))
    world.settle()


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        (cancel, "This post is cancelled, so it can't be edited. Restore in Open makes it a draft"),
        (reject, "This post is rejected, so it can't be edited. A rejection is final; Duplicate"),
        (publish, "This post is published, so it can't be edited. Duplicate in Open starts a new"),
    ],
)
def test_an_edit_of_what_is_over_by_now(
    world: World, meanwhile: Callable[[World], None], sentence: str
) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    form = form_behind(world.tom, world.dm_card(world.tom, code), "Edit", "Edit P-1")
    meanwhile(world)
    refused = world.tom.submit(form, values(text="Better", notes="Please"))
    assert refused["errors"]["text"].startswith(sentence)
    still = editing(world.tom)
    assert still is not None
    assert still["state"]["values"]["text"]["text"]["value"] == "Better"
    assert still["state"]["values"]["notes"]["notes"]["value"] == "Please"


def test_alt_texts_of_a_version_that_is_gone(world: World) -> None:
    world.set_up(world.ines)
    tea = world.tom.upload("tea.png")
    world.draft(world.tom, files=[tea])
    world.tom.close(world.tom.views()[-1])
    card = world.dm_card(world.tom, "P-1")
    form = form_behind(world.tom, card, "Add alt text", "Alt text of P-1")
    world.maya.click(world.plant(SOCIAL, "draft:edit", "1"), "Open")
    theirs = wait_until(lambda: editing(world.maya), "the form Edit opens")
    world.maya.submit(theirs, values(text="Hers"))
    world.settle()
    refused = world.tom.submit(form, values(**{"alt:0": "A cup of tea"}))
    assert "This is version 1, and there is a version 2 by now." in refused["errors"]["alt:0"]
    still = world.tom.view()
    assert still is not None
    assert still["state"]["values"]["alt:0"]["alt:0"]["value"] == "A cup of tea"


def test_a_post_whose_owner_left_goes_on(world: World) -> None:
    """It is decided on and published; a manager gives it to somebody else, and hears why."""
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.playground.change_person(world.tom.id, deleted=True)
    world.clock.at += timedelta(days=2)  # what is known of people is asked anew
    world.ines.click(world.channel_card(code), "Approve")
    assert "Approved" in read(world.channel_card(code))
    world.maya.wait_for_dm("deactivated")
    fill(world, world.maya, world.channel_card(code), "Hand over", owner=world.lea.id)
    world.told(world.maya, SOCIAL, "P-1 belongs to Lea Brandt now")
    assert "by Lea Brandt" in read(world.channel_card(code))
    assert labels(world.dm_card(world.lea, code)) == ["Open", "Edit"]
