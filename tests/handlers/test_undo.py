"""Undo: in Open, for who decided, while nothing came after it."""

from tests.handlers.world import SOCIAL, World, read
from tests.player import Json, Player, labels, wait_until

UNDO = "Undo my decision"


def undo(world: World, who: Player, card: Json) -> Json:
    """Opens a card and takes the decision back; the view as it stands then."""
    opened = world.open(who, card)
    assert UNDO in labels(opened)
    who.click_view(opened, UNDO)
    return wait_until(lambda: undone(who), "Open shows that it is undone")


def undone(who: Player) -> Json | None:
    view = who.view()
    return view if view and UNDO not in labels(view) else None


def test_an_approval_is_taken_back_and_the_owner_hears_of_it(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    notice = world.tom.wait_for_dm("Ines Ferrari approved *P-1*")
    shown = undo(world, world.ines, world.channel_card(code))
    assert labels(shown)[:3] == ["Approve", "Request changes", "Reject"]
    assert "In review" in read(shown)

    world.tom.wait_for_dm("it waits for approval again")
    world.settle()
    assert "and took that back" in read(world.tom.again(notice))
    for card in (world.channel_card(code), world.dm_card(world.ines, code)):
        assert "Approve" in labels(card)
    assert "In review" in read(world.dm_card(world.tom, code))
    world.say_no(world.ines, world.dm_card(world.ines, code), "Reject", "On second thoughts")
    assert "Rejected" in read(world.channel_card(code))


def test_a_no_is_taken_back_too(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.say_no(world.ines, world.dm_card(world.ines, code), "Reject", "The wrong card")
    world.settle()
    undo(world, world.ines, world.channel_card(code))
    assert "Approve" in labels(world.dm_card(world.ines, code))
    assert labels(world.dm_card(world.tom, code)) == ["Open", "Edit"]


def test_one_of_several_takes_back_while_others_are_waited_for(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    undo(world, world.ines, world.channel_card(code))
    assert "0 of 2 approved" in read(world.channel_card(code))
    assert not any("took back" in read(m) for m in world.tom.dms())  # nothing had been decided


def test_after_somebody_else_decided_it_stands(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    opened = world.open(world.ines, world.channel_card(code))
    world.kenji.click(world.dm_card(world.kenji, code), "Approve")
    world.settle()
    world.ines.click_view(opened, UNDO)
    world.noted(world.ines, "Kenji Sato decided after you")
    assert "Approved" in read(world.channel_card(code))
    assert UNDO not in labels(world.open(world.ines, world.channel_card(code)))


def test_what_is_out_stays_approved(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    opened = world.open(world.ines, world.channel_card(code))
    publish = world.open(world.tom, world.channel_card(code))
    world.tom.click_view(publish, "Mark as published")
    world.tom.submit(world.tom.wait_for_view("Publish P-1"))
    world.settle()
    world.ines.click_view(opened, UNDO)
    world.noted(world.ines, "The post is published")
    assert "Published" in read(world.channel_card(code))


def test_an_edit_leaves_nothing_to_undo(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    opened = world.open(world.ines, world.channel_card(code))
    world.edit(world.tom, world.dm_card(world.tom, code), text="Better", when_saved="send")
    world.settle()
    world.ines.click_view(opened, UNDO)
    world.noted(world.ines, "The post was sent again since")


def test_who_decided_nothing_has_nothing_to_undo(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    world.settle()
    for who in (world.tom, world.lea, world.maya):
        assert UNDO not in labels(world.open(who, world.channel_card(code)))
    world.lea.click(world.plant(SOCIAL, "review:undo", "1"), "Open")
    world.told(world.lea, SOCIAL, "You have decided nothing on this version")


def test_sent_again_unchanged_the_earlier_decision_stays(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.say_no(world.ines, world.dm_card(world.ines, code), "Request changes", "Sure?")
    world.settle()
    opened = world.open(world.ines, world.channel_card(code))
    world.edit(world.tom, world.dm_card(world.tom, code), when_saved="send")
    world.settle()
    world.ines.click_view(opened, UNDO)
    world.noted(world.ines, "The post was sent again since")
