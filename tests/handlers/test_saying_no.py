"""Request changes and Reject: a reason, the owner's notice, and the way on."""

import pytest

from tests.handlers.world import SOCIAL, World, editing, opened, read, values
from tests.player import NotPossible, fields, labels, wait_until


def test_changes_are_asked_for_with_a_comment_and_sent_again(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.dm_card(world.ines, code)
    world.ines.click(card, "Request changes")
    form = world.ines.wait_for_view("Request changes")
    assert list(fields(form)) == ["What should change?"]
    assert form["submit"]["text"] == "Send"
    world.ines.submit(form, values(comment="Name the *tea* & the price"))

    notice = world.tom.wait_for_dm("Ines Ferrari asked for changes to *P-1*")
    assert "Name the *tea* & the price" in read(notice)
    assert labels(notice) == ["Open", "Edit"]
    for shown in (world.channel_card(code), world.dm_card(world.ines, code)):
        assert labels(shown) == ["Open"]
        assert "Changes requested" in read(shown)
        assert "Ines Ferrari asked for changes to version 1" in read(shown)

    world.tom.click(notice, "Edit")
    form = wait_until(lambda: editing(world.tom), "the form Edit opens")
    choice = fields(form)["When saved"]
    assert choice["initial_option"]["text"]["text"] == "Send again"
    world.tom.submit(form, values(text="Darjeeling, 9 €"))
    world.settle()
    card = world.dm_card(world.ines, code)
    assert "Darjeeling, 9 €" in read(card)
    world.ines.click(card, "Approve")
    assert "Approved" in read(world.channel_card(code))
    # The notice's work is done.
    settled = world.tom.again(notice)
    world.settle()
    assert "Edit" not in labels(world.tom.again(settled))


def test_an_answer_that_finds_no_other_way_opens_where_the_form_was(world: World) -> None:
    """The form has closed: nothing is left that a view could lie on."""
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Request changes")
    form = world.ines.wait_for_view("Request changes")
    world.forgiven.append("fault 500")
    world.playground.fault("response_url", "500")
    world.ines.submit(form, values(comment="Name the tea"))
    world.noted(world.ines, code)


def test_it_may_be_sent_again_unchanged(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.say_no(world.ines, world.dm_card(world.ines, code), "Request changes", "Sure?")
    world.settle()
    assert "Edit" in labels(world.dm_card(world.tom, code))
    world.tom.click(world.dm_card(world.tom, code), "Send for approval")
    assert "Approve" in labels(world.dm_card(world.ines, code))


def test_a_rejection_ends_it_for_good(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.channel_card(code), "Reject")
    form = world.ines.wait_for_view("Reject")
    assert list(fields(form)) == ["Reason"]
    world.ines.submit(form, values(comment="The shop is closed"))
    notice = world.tom.wait_for_dm("Ines Ferrari rejected *P-1*")
    assert "The shop is closed" in read(notice)
    assert "To start anew, use *Duplicate* in Open." in read(notice)
    assert "Edit" not in labels(notice)
    assert "Rejected" in read(world.channel_card(code))
    mine = world.dm_card(world.tom, code)
    assert labels(mine) == ["Open"]
    assert "The shop is closed" in read(world.open(world.tom, mine))


@pytest.mark.parametrize("button", ["Request changes", "Reject"])
def test_a_no_needs_a_reason(world: World, button: str) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.dm_card(world.ines, code)
    refused = world.say_no(world.ines, card, button, " \n ")
    assert refused["errors"] == {
        "comment": "Say in a few words why: it is what the owner works with."
    }
    form = world.ines.view()
    assert form is not None
    with pytest.raises(NotPossible):
        world.ines.submit(form, values(comment=""))
    with pytest.raises(NotPossible):
        world.ines.submit(form, values(comment="a" * 3001))
    world.ines.submit(form, values(comment="a" * 3000))
    world.settle()
    assert "Approve" not in labels(world.channel_card(code))


def test_decided_meanwhile_the_form_says_so_and_keeps_what_was_typed(world: World) -> None:
    world.set_up(world.ines, world.kenji)
    code = world.draft(world.tom, send=True)
    world.kenji.click(world.dm_card(world.kenji, code), "Reject")
    form = world.kenji.wait_for_view("Reject")
    world.ines.click(world.channel_card(code), "Approve")
    refused = world.kenji.submit(form, values(comment="A long explanation"))
    assert refused["errors"]["comment"].startswith("Ines Ferrari approved this on")
    still = world.kenji.view()
    assert still is not None
    assert still["state"]["values"]["comment"]["comment"]["value"] == "A long explanation"
    assert "Approved" in read(world.channel_card(code))


def test_edited_meanwhile_the_form_says_so(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Reject")
    form = world.ines.wait_for_view("Reject")
    world.edit(world.tom, world.dm_card(world.tom, code), text="Better")
    refused = world.ines.submit(form, values(comment="No"))
    assert refused["errors"]["comment"].startswith("This is version 1, and there is a version 2")


def test_a_form_that_is_submitted_twice_says_no_once(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.say_no(world.ines, world.dm_card(world.ines, code), "Reject", "No")
    world.again("submit review:comment:submit")
    assert sum("rejected *P-1*" in read(m) for m in world.tom.dms()) == 1


def test_from_open_everything_closes_and_the_outcome_is_said(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.command(SOCIAL, "/desk queue")
    queue = world.noted(world.ines, "One post waits for you.")
    world.ines.click_view(queue, "Open")
    sheet = wait_until(lambda: opened(world.ines), "Open shows the post")
    world.ines.click_view(sheet, "Request changes")
    form = world.ines.wait_for_view("Request changes")
    world.ines.submit(form, values(comment="Shorter"))
    assert world.ines.views() == []
    world.told(world.ines, SOCIAL, "You asked for changes to P-1, and Tom Lindqvist is told why.")
    assert "Changes requested" in read(world.channel_card(code))
