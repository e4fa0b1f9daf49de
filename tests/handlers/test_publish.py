"""Mark as published: the end of a post's life, until publishing exists."""

import pytest

from tests.handlers.world import SOCIAL, World, read, values
from tests.player import Json, Player, fields, labels


def approved(world: World) -> Json:
    """The channel card of a post of Tom's that Ines approved."""
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    return world.channel_card(code)


def publish_form(world: World, who: Player, card: Json) -> Json:
    who.click_view(world.open(who, card), "Mark as published")
    return who.wait_for_view("Publish P-1")


def test_with_a_link(world: World) -> None:
    card = approved(world)
    form = publish_form(world, world.tom, card)
    assert fields(form)["Link to the post"]
    link = "https://social.example/p/1?a=b&c=_d_"
    world.tom.submit(form, values(link=f" {link} "))
    world.told(world.tom, SOCIAL, "P-1 is marked as published.")
    for shown in (world.channel_card("P-1"), world.dm_card(world.tom, "P-1")):
        assert "Published" in read(shown)
        assert link in str(shown["blocks"])
        assert labels(shown) == ["Open"]
    sheet = world.open(world.tom, world.channel_card("P-1"))
    assert link in str(sheet["blocks"])
    assert labels(sheet) == ["Comment", "History", "Duplicate"]
    world.tom.click_view(sheet, "History")
    history = world.tom.wait_for_view("History of P-1")
    assert "marked version 1 as published" in read(history)
    assert link in str(history["blocks"])


def test_without_a_link(world: World) -> None:
    card = approved(world)
    world.tom.submit(publish_form(world, world.tom, card))
    assert "Published" in read(world.channel_card("P-1"))


def test_a_manager_may_publish_and_others_may_not(world: World) -> None:
    card = approved(world)
    world.kenji.click(world.plant(SOCIAL, "post:publish", "1"), "Open")
    world.told(world.kenji, SOCIAL, "Only Tom Lindqvist, who owns P-1")
    world.maya.submit(publish_form(world, world.maya, card))
    assert "Published" in read(world.channel_card("P-1"))


@pytest.mark.parametrize(
    "typed", ["our page", "javascript:alert(1)", "https://", "https://nodot", "https://a.b c"]
)
def test_what_is_no_link_is_said_at_its_field(world: World, typed: str) -> None:
    card = approved(world)
    refused = world.tom.submit(publish_form(world, world.tom, card), values(link=typed))
    assert refused["errors"]["link"].startswith("This isn't a web address.")
    assert "Approved" in read(world.channel_card("P-1"))


def test_only_what_is_approved_and_only_once(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    button = world.plant(SOCIAL, "post:publish", "1")
    world.tom.click(button, "Open")
    answer = world.told(world.tom, SOCIAL, "This post is in review, so it can't be marked")
    assert "It waits for its approvers." in read(answer)
    world.ines.click(world.channel_card(code), "Approve")
    world.settle()
    card = world.channel_card(code)
    first, second = (publish_form(world, who, card) for who in (world.tom, world.maya))
    world.tom.submit(first)
    refused = world.maya.submit(second, values(link="https://social.example/2"))
    assert refused["errors"]["link"].startswith("This post is published")
