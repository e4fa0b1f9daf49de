"""Edit and approve, Approve with a note, two editors: what each of those concerned then sees."""

import pytest

from playground.text import mentions_many
from rules.slack_text import clean
from tests.handlers.test_hostile import HOSTILE
from tests.handlers.world import SOCIAL, TOMORROW, World, editing, opened, read, values
from tests.player import Json, Player, fields, labels, said, wait_until

DECIDE = ["Open", "Approve", "Request changes", "Reject"]
NOTE, EDIT = "Approve with a note", "Edit and approve"


def form_of(world: World, who: Player, card: Json, button: str = EDIT) -> Json:
    """The form behind a button in Open."""
    who.click_view(world.open(who, card), button)
    return who.wait_for_view(button)


def edit_and_approve(world: World, who: Player, card: Json, **changed: object) -> None:
    done = who.submit(form_of(world, who, card), values(**changed))
    assert done["errors"] is None, done
    assert who.views() == []
    world.settle()


def styled(shown: Json) -> list[tuple[str, str]]:
    """What a diff says: the texts that are struck through and those in bold, in order."""
    found = []
    for block in shown["blocks"]:
        for quote in block.get("elements", []) if block["type"] == "rich_text" else []:
            for piece in quote["elements"]:
                found += [(style, piece["text"]) for style in piece.get("style", {})]
    return found


def test_an_approver_corrects_a_word_and_approves(world: World) -> None:
    world.set_up(world.ines, world.kenji)
    code = world.draft(world.tom, "Spring is hear", send=True, publish_at=TOMORROW, notes="Quick")
    card = world.channel_card(code)
    form = form_of(world, world.ines, card)
    assert read(form).startswith("*P-1*, version 1\n")
    assert "Your approval is for the post as you save it here. Tom Lindqvist sees what" in read(
        form
    )
    assert fields(form)["Text"]["initial_value"] == "Spring is hear"
    assert not {"Publish at", "Notes for reviewers", "When saved"} & set(fields(form))

    world.ines.submit(form, values(text="Spring is here"))
    world.told(world.ines, SOCIAL, "You approved version 2 of P-1.")
    assert "Approved for" in read(world.channel_card(code))
    assert "Spring is here" in read(world.channel_card(code))
    assert "Version 2 replaced version 1" in read(world.maya.again(card))

    notice = world.tom.wait_for_dm("Ines Ferrari edited and approved *P-1*")
    assert "What changed since version 1" in read(notice)
    assert styled(notice) == [("strike", "hear"), ("bold", "here")]
    assert labels(notice) == ["Open"]
    assert not any("waits for your approval" in read(m) for m in world.kenji.dms()[1:])


def test_the_others_are_asked_about_what_changed_since_they_looked(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, "Spring is hear", send=True)
    first = world.dm_card(world.kenji, code)
    world.kenji.click(first, "Approve")
    world.settle()
    form = form_of(world, world.ines, world.dm_card(world.ines, code))
    assert "A change ends the approval of Kenji Sato of version 1; they are asked" in read(form)
    world.ines.submit(form, values(text="Spring is here"))
    world.told(world.ines, world.ines.direct(), "It waits for others now.")

    notice = world.tom.wait_for_dm("Ines Ferrari edited and approved *P-1*")
    assert "1 of 2 approved" in read(notice)
    card = world.dm_card(world.kenji, code)
    assert labels(card) == DECIDE
    assert "What changed since version 1" in read(card)
    assert styled(card) == [("strike", "hear"), ("bold", "here")]
    assert styled(world.channel_card(code)) == []  # who reads it there saw who knows what
    dead = read(world.kenji.again(first))
    assert "Version 2 replaced version 1" in dead
    assert "The approval of Kenji Sato no longer counts" in dead

    world.kenji.click(card, "Approve")
    assert "Approved" in read(world.channel_card(code))
    world.tom.wait_for_dm("Kenji Sato approved *P-1*")


def test_a_note_to_a_yes_is_read_by_the_owner_at_once(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, send=True)
    form = form_of(world, world.ines, world.channel_card(code), NOTE)
    assert list(fields(form)) == ["Note to the owner"]
    world.ines.submit(form, values(comment="Lovely *photo* <!channel>"))
    world.told(world.ines, SOCIAL, "You approved P-1, and Tom Lindqvist gets your note.")
    notice = world.tom.wait_for_dm("Ines Ferrari approved *P-1*")
    assert "Lovely *photo* <!channel>" in read(notice)
    assert not mentions_many(notice)
    assert "1 of 2 approved" in read(notice)
    assert "1 of 2 approved" in read(world.channel_card(code))
    assert "Lovely" in read(world.open(world.tom, notice))
    assert "Lovely" not in read(world.channel_card(code))


def test_an_approval_with_an_edit_is_taken_back_and_what_was_told_says_so(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, send=True)
    edit_and_approve(world, world.ines, world.dm_card(world.ines, code), text="Better")
    notice = world.tom.wait_for_dm("Ines Ferrari edited and approved *P-1*")
    sheet = world.open(world.ines, world.channel_card(code))
    assert labels(sheet)[:1] == ["Undo my decision"]
    world.ines.click_view(sheet, "Undo my decision")
    wait_until(lambda: "Approve" in labels(opened(world.ines) or {}), "Open shows it")
    world.settle()
    assert "Ines Ferrari had edited and approved *P-1*, and took that back" in read(
        world.tom.again(notice)
    )
    assert "0 of 2 approved" in read(world.channel_card(code))
    assert "Better" in read(world.channel_card(code))
    assert labels(world.dm_card(world.ines, code)) == DECIDE  # she is asked now


def test_nothing_changed_is_a_plain_yes(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    edit_and_approve(world, world.ines, card)
    world.told(world.ines, SOCIAL, "You approved version 1 of P-1.")
    assert "Ines Ferrari approved version 1" in read(world.maya.again(card))
    assert "approved *P-1*" in read(world.tom.wait_for_dm("Ines Ferrari approved *P-1*"))


def test_the_only_approver_of_their_own_post_may_do_both(world: World) -> None:
    world.set_up(world.ines)
    world.own_posts()
    code = world.draft(world.ines, "Spring is hear", send=True)
    form = form_of(world, world.ines, world.channel_card(code))
    assert "sees what you changed" not in read(form)
    world.ines.submit(form, values(text="Spring is here"))
    assert "Approved" in read(world.channel_card(code))
    assert not any("edited and approved" in read(m) for m in world.ines.dms())


def test_only_whose_turn_it_is_gets_the_form(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    for who in (world.tom, world.maya, world.lea):
        sheet = world.open(who, world.channel_card(code))
        assert not {NOTE, EDIT} & set(labels(sheet))
        who.close(sheet)
    for action in ("review:edit_and_approve", "review:approve_with_note"):
        forged = world.plant(SOCIAL, action, "1")
        world.lea.click(forged, "Open")
        world.told(world.lea, SOCIAL, "Only the approvers of step 1 can do this.")
        world.tom.click(forged, "Open")
        world.told(world.tom, SOCIAL, "This is your own post")
        assert (world.lea.view(), world.tom.view()) == (None, None)
    world.ines.click(world.channel_card(code), "Approve")
    world.settle()
    assert not {NOTE, EDIT} & set(labels(world.open(world.ines, world.channel_card(code))))


def test_what_no_network_takes_is_said_and_nothing_is_approved(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    form = form_of(world, world.ines, world.channel_card(code))
    world.ines.submit(form, values(text="a" * 281, networks=["x"]))
    still = world.ines.wait_for_view(EDIT)
    assert "Too long for X." in read(still)
    assert still["state"]["values"]["text"]["text"]["value"] == "a" * 281
    world.settle()
    assert "In review" in read(world.channel_card(code))
    world.ines.submit(still, values(text="a" * 280))
    assert "Approved" in read(world.channel_card(code))


def test_the_form_submitted_twice_is_one_version(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, send=True)
    edit_and_approve(world, world.ines, world.channel_card(code), text="Better")
    world.again("submit review:edit_and_approve:submit")
    assert "1 of 2 approved" in read(world.channel_card(code))
    assert "version 2" in str(world.open(world.ines, world.channel_card(code))["title"])
    assert sum("edited and approved" in read(m) for m in world.tom.dms()) == 1


# Two people at once.


def test_two_approvers_edit_at_once_and_the_second_goes_on_from_there(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, "Spring is hear", send=True)
    forms = [form_of(world, who, world.dm_card(who, code)) for who in (world.ines, world.kenji)]
    world.ines.submit(forms[0], values(text="Spring is here"))
    assert world.kenji.submit(forms[1], values(text="Spring is in the air"))["errors"] is None
    anew = world.kenji.wait_for_view(EDIT)
    assert "Ines Ferrari saved version 2 while you were writing. What you typed is" in read(anew)
    assert "A change ends the approval of Ines Ferrari of version 2" in read(anew)
    assert styled(anew) == [("strike", "hear"), ("bold", "here")]
    assert anew["state"]["values"]["text"]["text"]["value"] == "Spring is in the air"

    world.kenji.submit(anew)
    world.told(world.kenji, world.kenji.direct(), "You approved version 3 of P-1.")
    assert "Spring is in the air" in read(world.channel_card(code))
    card = world.dm_card(world.ines, code)
    assert "What changed since version 2" in read(card), "she wrote that one herself"
    assert styled(card) == [("strike", "here"), ("bold", "in the air")]


def test_an_approver_hears_that_a_post_is_again_as_they_saw_it(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "Spring is here", send=True)
    world.dm_card(world.ines, code)
    for text, then in (("Spring is hear", "keep"), ("Spring is here", "send")):
        world.tom.click(world.dm_card(world.tom, code), "Edit")
        form = world.tom.wait_for_view("Edit P-1")
        world.tom.submit(form, values(text=text, when_saved=then))
        world.settle()
    card = world.dm_card(world.ines, code)
    assert "The same as version 1" in read(card)
    assert "What changed" not in read(card)


def test_an_approver_who_is_second_to_a_colleague_who_decided_keeps_what_they_typed(
    world: World,
) -> None:
    world.set_up(world.ines, world.kenji)
    code = world.draft(world.tom, send=True)
    form = form_of(world, world.ines, world.channel_card(code))
    world.say_no(world.kenji, world.channel_card(code), "Reject", "Not for us")
    world.settle()
    refused = world.ines.submit(form, values(text="Better"))
    assert refused["errors"]["text"].startswith("Kenji Sato rejected this on")
    still = world.ines.wait_for_view(EDIT)
    assert still["state"]["values"]["text"]["text"]["value"] == "Better"
    assert "Rejected" in read(world.channel_card(code))


def test_an_approver_who_is_second_to_the_owner_is_told_when_it_is_no_longer_asked(
    world: World,
) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    form = form_of(world, world.ines, world.channel_card(code))
    world.edit(world.tom, world.dm_card(world.tom, code), text="Mine")
    world.settle()
    refused = world.ines.submit(form, values(text="Better"))
    assert "there is a version 2 by now" in refused["errors"]["text"]
    assert "Mine" in read(world.dm_card(world.tom, code))
    assert "Draft" in read(world.dm_card(world.tom, code))


def test_a_second_editor_sees_whose_approval_their_text_would_end(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "Spring is hear", send=True)
    world.tom.click(world.dm_card(world.tom, code), "Edit")
    mine = wait_until(lambda: editing(world.tom), "the form Edit opens")
    edit_and_approve(world, world.ines, world.dm_card(world.ines, code), text="Spring is here")
    world.tom.submit(mine, values(text="Spring is near"))
    anew = wait_until(lambda: editing(world.tom), "the form shows what changed")
    assert "Ines Ferrari saved version 2 while you were writing." in read(anew)
    assert "ends the approval of Ines Ferrari of version 2" in read(anew)
    assert styled(anew) == [("strike", "hear"), ("bold", "here")]
    assert "Approved" in read(world.channel_card(code)), "nothing happened yet"
    world.tom.submit(anew)
    world.told(world.tom, world.tom.direct(), "This ended Ines Ferrari's approval of version 2.")
    assert "Spring is near" in read(world.dm_card(world.tom, code))


def test_a_second_editor_keeps_a_network_that_is_gone_meanwhile(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    world.tom.click(world.dm_card(world.tom, code), "Edit")
    form = wait_until(lambda: editing(world.tom), "the form Edit opens")
    world.maya.command(SOCIAL, f"/desk find {code}")
    world.maya.click_view(world.maya.wait_for_view("Found posts"), "Open")
    view = wait_until(lambda: opened(world.maya), "Open shows the post")
    world.maya.click_view(view, "Edit")
    theirs = wait_until(lambda: editing(world.maya), "the form Edit opens")
    world.maya.submit(theirs, values(networks=["linkedin"]))
    world.maya.command(SOCIAL, "/desk setup")
    world.maya.submit(world.maya.wait_for_view("Set up this desk"), values(networks=["linkedin"]))
    assert world.tom.submit(form, values(text="Mine"))["response_action"] == "update"
    anew = wait_until(lambda: editing(world.tom), "the form shows what changed")
    assert anew["state"]["values"]["text"]["text"]["value"] == "Mine"
    done = world.tom.submit(anew)
    assert "This desk doesn't publish on X." in done["errors"]["networks"]
    assert world.tom.submit(anew, values(networks=["linkedin"]))["errors"] is None


def test_a_second_editor_takes_no_publish_time_away(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "Spring is hear", notes="Old")
    world.tom.click(world.dm_card(world.tom, code), "Edit")
    mine = wait_until(lambda: editing(world.tom), "the form Edit opens")
    button = world.plant(SOCIAL, "draft:edit", "1")
    world.maya.click(button, "Open")
    theirs = wait_until(lambda: editing(world.maya), "the form Edit opens")
    world.maya.submit(theirs, values(publish_at=TOMORROW, notes="See the picture"))
    world.settle()
    world.tom.submit(mine, values(text="Spring is here"))
    card = read(world.dm_card(world.tom, code))
    for shown in ("Spring is here", "Publish at Tue 05 Mar, 09:00", "See the picture"):
        assert shown in card


# Whatever is typed.


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_changed_is_shown_as_it_was_typed(world: World, typed: str) -> None:
    """On both sides of a change, with notes and a text that are as long."""
    world.set_up(world.ines, world.kenji, need="all", networks=("blog",))
    before, after = f"{typed} 1"[-3000:], f"2 {typed}"[:3000]
    code = world.draft(world.tom, before, notes=typed, send=True)
    assert "waits for your approval" in str(world.dm_card(world.kenji, code))
    edit_and_approve(world, world.ines, world.dm_card(world.ines, code), text=after)
    card, notice = world.dm_card(world.kenji, code), world.tom.dms()[-1]
    assert "edited and approved *P-1*" in read(notice)
    assert clean(after) in said(card)
    world.tom.command(SOCIAL, "/desk history P-1")
    history = world.tom.wait_for_view("History of P-1")
    for shown in (card, notice, history):
        assert styled(shown)
        assert not mentions_many({"text": shown.get("text", ""), "blocks": shown["blocks"]})
        written = "".join(text for _, text in styled(shown))
        assert "\0" not in written
    world.kenji.click(card, "Approve")
    assert "Approved" in read(world.channel_card(code))


def test_a_text_of_3000_characters_that_changed_entirely_fits_on_the_card(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all", networks=("blog",))
    code = world.draft(world.tom, "old " * 749 + "old.", notes="n" * 3000, send=True)
    world.dm_card(world.kenji, code)
    new = "new " * 749 + "new!"
    edit_and_approve(world, world.ines, world.dm_card(world.ines, code), text=new)
    card = world.dm_card(world.kenji, code)
    assert labels(card) == DECIDE
    assert new in read(card)
    assert [style for style, _ in styled(card)] == ["strike", "bold"]


def test_the_history_tells_what_each_edit_changed(world: World) -> None:
    world.set_up(world.ines, networks=("blog", "x"))
    code = world.draft(world.tom, "Spring is hear", networks=["x"])
    for number in range(3):
        world.edit(world.tom, world.dm_card(world.tom, code), text=f"Spring is here {number}")
        world.settle()
    world.edit(world.tom, world.dm_card(world.tom, code), networks=["blog", "x"])
    world.tom.command(SOCIAL, "/desk history P-1")
    history = world.tom.wait_for_view("History of P-1")
    assert styled(history) == [
        ("strike", "hear"),
        ("bold", "here 0"),
        ("strike", "0"),
        ("bold", "1"),
        ("strike", "1"),
        ("bold", "2"),
    ]
    assert "wrote version 5, now for X and Blog" in read(history)
