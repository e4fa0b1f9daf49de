"""Open: the text in full, and all that this reader may do, whoever they are."""

from tests.handlers.world import GENERAL, SOCIAL, TOMORROW, World, opened, read
from tests.player import labels, wait_until


def test_open_shows_the_text_in_full_and_where_it_stands(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all", networks=("blog",))
    text = "A long story. " * 200
    code = world.draft(world.tom, text, send=True, publish_at=TOMORROW, notes="Mind the price")
    card = world.channel_card(code)
    sheet = world.open(world.lea, card)
    shown = read(sheet)
    assert text in shown
    assert "by Tom Lindqvist in <#C0SOCIAL>" in shown
    assert "0 of 2 approved · waits for Ines Ferrari and Kenji Sato" in shown
    assert "Mind the price" in shown
    assert "Publish at Tue 05 Mar, 09:00 Paris time" in shown
    assert sheet["title"]["text"] == "P-1, version 1"


def test_each_reader_is_offered_what_they_may_do(world: World) -> None:
    world.set_up(world.ines, by=world.lea)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)

    def offered() -> dict[str, list[str]]:
        people = {"tom": world.tom, "lea": world.lea, "ines": world.ines, "kenji": world.kenji}
        return {name: labels(world.open(who, card)) for name, who in people.items()}

    all_may = ["Comment", "History", "Duplicate"]
    decide = ["Approve", "Request changes", "Reject"]
    assert offered() == {
        "tom": ["Edit", "Back to draft", "Cancel post", *all_may],
        "lea": ["Reassign", "Edit", "Back to draft", "Cancel post", *all_may],
        "ines": [*decide, "Approve with a note", "Edit and approve", *all_may],
        "kenji": all_may,
    }
    world.ines.click(card, "Approve")
    world.settle()
    out = ["Edit", "Mark as published", "Back to draft", "Cancel post"]
    assert offered() == {
        "tom": [*out, *all_may],
        "lea": [*out, *all_may],
        "ines": ["Undo my decision", *all_may],
        "kenji": all_may,
    }


def test_a_draft_is_seen_by_its_owner_and_the_managers(world: World) -> None:
    world.set_up(world.ines, by=world.lea)
    world.draft(world.tom)
    button = world.plant(SOCIAL, "post:open", "1")
    for who in (world.tom, world.lea, world.maya):
        assert "Edit" in labels(world.open(who, button))
    for who in (world.ines, world.kenji):
        who.click(button, "Open")
        answer = world.told(who, SOCIAL, "There is no P-1 that you can see here.")
        assert "Drafts are seen by their owner" in read(answer)


def test_people_outside_the_channel_do_not_see_its_posts(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True)
    world.maya.invite(GENERAL)
    world.maya.invite(GENERAL, "U0GIL")
    button = world.plant(GENERAL, "post:open", "1")
    world.gil.click(button, "Open")
    world.told(world.gil, GENERAL, "There is no P-1 that you can see here.")
    world.gil.command(GENERAL, "/desk history P-1")
    world.told(world.gil, GENERAL, "There is no P-1 that you can see here.")
    assert world.gil.view() is None
    world.open(world.kenji, button)  # who is in both channels


def test_an_approver_who_was_let_go_still_sees_what_they_decided_on(world: World) -> None:
    world.set_up(world.gil)
    code = world.draft(world.tom, send=True)
    card = world.dm_card(world.gil, code)
    world.gil.click(card, "Approve")
    world.settle()
    assert "Undo my decision" in labels(world.open(world.gil, card))


def test_a_post_that_is_not_there_is_a_sentence(world: World) -> None:
    world.set_up(world.ines)
    for action in ("post:open", "post:history", "post:publish", "draft:edit"):
        world.tom.click(world.plant(SOCIAL, action, "999"), "Open")
        world.told(world.tom, SOCIAL, "There is no such post that you can see here.")
        assert world.tom.view() is None


def test_a_decision_in_open_is_seen_in_open(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    sheet = world.open(world.ines, world.channel_card(code))
    world.ines.click_view(sheet, "Approve")
    wait_until(lambda: "Undo my decision" in str(opened(world.ines)), "Open shows it")
    view = world.ines.view()
    assert view is not None
    assert "Approved" in read(view)
    assert "Approved" in read(world.channel_card(code))


def test_a_refusal_in_open_is_a_sentence_on_top_of_it(world: World) -> None:
    world.set_up(world.ines, world.kenji)
    code = world.draft(world.tom, send=True)
    sheet = world.open(world.kenji, world.channel_card(code))
    world.ines.click(world.channel_card(code), "Approve")
    for button in ("Approve", "Reject"):
        world.kenji.click_view(sheet, button)
        note = world.noted(world.kenji, "Ines Ferrari approved this on Mon 04 Mar, 18:00")
        assert len(world.kenji.views()) == 2
        world.kenji.close(note)


def test_sending_from_open_is_seen_in_open(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    sheet = world.open(world.tom, world.dm_card(world.tom, code))
    world.tom.click_view(sheet, "Send for approval")
    wait_until(lambda: "In review" in read(opened(world.tom) or {"text": ""}), "Open shows it")
    assert "Approve" in labels(world.channel_card(code))


def test_editing_from_open_closes_everything(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    sheet = world.open(world.tom, world.dm_card(world.tom, code))
    world.tom.click_view(sheet, "Edit")
    form = world.tom.wait_for_view("Edit P-1")
    world.tom.submit(form, {"text": {"text": "Better"}})
    assert world.tom.views() == []
    world.told(world.tom, world.tom.direct(), "P-1 is saved.")
