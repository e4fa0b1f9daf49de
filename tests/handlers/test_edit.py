"""Edit: new versions, whose approval they end, and two people at once."""

from tests.handlers.world import SOCIAL, TOMORROW, World, editing, read, values
from tests.player import Json, Player, fields, labels, wait_until


def form_from(who: Player, card: Json, button: str = "Edit") -> Json:
    who.click(card, button)
    return wait_until(lambda: editing(who), "the form Edit opens")


def test_the_form_shows_the_post_as_it_is(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(
        world.tom, "Old", networks=["x"], publish_at=TOMORROW, notes="See the picture"
    )
    form = form_from(world.tom, world.dm_card(world.tom, code))
    shown = fields(form)
    assert form["title"]["text"] == "Edit P-1"
    assert shown["Text"]["initial_value"] == "Old"
    assert [o["value"] for o in shown["Networks"]["initial_options"]] == ["x"]
    assert shown["Publish at"]["initial_date_time"] == TOMORROW
    assert shown["Notes for reviewers"]["initial_value"] == "See the picture"
    world.tom.submit(form, values(text="New"))
    world.told(world.tom, world.tom.direct(), "P-1 is saved.")
    card = world.dm_card(world.tom, code)
    assert "New" in read(card)
    assert "version 2" in str(world.open(world.tom, card)["title"])


def test_the_managers_may_edit_and_nobody_else(world: World) -> None:
    world.set_up(world.ines, by=world.lea)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    assert "Edit" in labels(world.open(world.lea, card))
    assert "Edit" in labels(world.open(world.maya, card))  # an admin
    assert "Edit" not in labels(world.open(world.kenji, card))
    forged = world.plant(SOCIAL, "draft:edit", "1")
    world.kenji.click(forged, "Open")
    world.told(world.kenji, SOCIAL, "Only Tom Lindqvist, who owns P-1, and the desk's managers")

    opened = world.open(world.lea, card)
    world.lea.click_view(opened, "Edit")
    form = wait_until(lambda: editing(world.lea), "the form Edit opens")
    world.lea.submit(form, values(text="As the manager wants it"))
    world.told(world.lea, SOCIAL, "This ended the review of version 1.")
    assert world.lea.views() == []
    assert "As the manager wants it" in read(world.dm_card(world.tom, code))


def test_two_people_edit_at_once_and_nobody_is_overwritten(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    mine = form_from(world.tom, world.dm_card(world.tom, code))
    opened = world.open(world.maya, world.channel_card(code))
    world.maya.click_view(opened, "Edit")
    theirs = wait_until(lambda: editing(world.maya), "the form Edit opens")
    world.maya.submit(theirs, values(text="Hers"))
    assert world.tom.submit(mine, values(text="His"))["errors"] is None
    still = world.tom.view()
    assert still is not None
    assert "Maya Okafor saved version 2 while you were writing." in read(still)
    assert still["state"]["values"]["text"]["text"]["value"] == "His"
    assert "Hers" in read(world.dm_card(world.tom, code))


def test_an_edit_in_review_ends_it_and_says_so(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    world.settle()
    form = form_from(world.tom, world.dm_card(world.tom, code))
    assert "ends the approval of Ines Ferrari of version 1" in read(form)
    world.tom.submit(form, values(text="Better"))
    world.told(world.tom, world.tom.direct(), "This ended Ines Ferrari's approval of version 1.")
    for card in (
        world.channel_card(code),
        world.dm_card(world.ines, code),
        world.dm_card(world.kenji, code),
    ):
        assert labels(card) == ["Open"]
        assert "Version 2 replaced version 1" in read(card)
        assert "The approval of Ines Ferrari no longer counts" in read(card)
    assert "Draft" in read(world.dm_card(world.tom, code))


def test_an_edit_after_approval_that_sends_again_starts_anew(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    world.settle()
    world.edit(world.tom, world.dm_card(world.tom, code), text="Better", when_saved="send")
    world.told(world.tom, world.tom.direct(), "sent for approval to its approver. This ended Ines")
    card = world.dm_card(world.ines, code)
    assert labels(card) == ["Open", "Approve", "Request changes", "Reject"]
    assert "Better" in read(card)
    world.ines.click(card, "Approve")
    assert "Approved" in read(world.channel_card(code))


def test_a_publish_time_alone_ends_nothing(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    world.settle()
    world.edit(world.tom, world.dm_card(world.tom, code), publish_at=TOMORROW)
    world.told(world.tom, world.tom.direct(), "P-1 is saved and approved.")
    assert "Approved for" in read(world.channel_card(code))
    assert "Approved for" in read(world.dm_card(world.tom, code))


def test_taken_back_to_draft_its_cards_say_what_no_longer_counts(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    world.settle()
    sheet = world.open(world.tom, world.dm_card(world.tom, code))
    world.tom.click_view(sheet, "Back to draft")
    world.noted(world.tom, "This ended Ines Ferrari's approval of version 1.")
    for card in (world.channel_card(code), world.dm_card(world.kenji, code)):
        assert labels(card) == ["Open"]
        assert "Draft" in read(card)
        assert "The approval of Ines Ferrari no longer counts" in read(card)
        assert "approved version 1" not in read(card)


def test_a_form_that_is_submitted_twice_makes_one_version(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    world.edit(world.tom, world.dm_card(world.tom, code), text="Second", when_saved="send")
    for _ in range(2):
        assert world.again("submit draft:edit:submit") == {"response_action": "clear"}
    assert "version 2" in str(world.open(world.ines, world.channel_card(code))["title"])
    assert sum("Second" in read(m) for m in world.tom.messages(SOCIAL)) == 1


def test_what_is_out_or_rejected_is_not_edited(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    before = world.dm_card(world.tom, code)
    world.say_no(world.ines, world.dm_card(world.ines, code), "Reject", "Not for us")
    world.settle()
    world.tom.click(before, "Edit")
    answer = world.told(world.tom, world.tom.direct(), "This post is rejected")
    assert "A rejection is final; Duplicate in Open starts a new post from it." in read(answer)
    assert "Edit" not in labels(world.open(world.tom, world.dm_card(world.tom, code)))


def test_a_text_over_the_limit_is_said_when_an_edit_would_send_it(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    card = world.dm_card(world.tom, code)
    shown = world.edit(world.tom, card, text="a" * 281, when_saved="send")
    assert shown["response_action"] == "update"
    form = wait_until(lambda: editing(world.tom), "the form stays")
    assert "Too long for X. Shorten the text, or write one for X alone below it." in read(form)
    refused = world.tom.submit(form)
    assert refused["errors"]["text"].startswith("The text is 1 over the limit of X.")
    world.tom.submit(form, values(when_saved="keep"))
    world.told(world.tom, world.tom.direct(), "P-1 is saved. The text is 1 over the limit of X.")
