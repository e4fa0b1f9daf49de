"""What is rarer, in Open: other ways out of a post's life, its flags, a copy, a new owner."""

from typing import Any

import pytest

from tests.handlers.world import GENERAL, PARTNERS, SOCIAL, World, is_card, opened, read, values
from tests.player import Json, NotPossible, Player, find, labels, wait_until

HOSTILE = "*Legal* & <!channel> <b> `x`"


def more(view: Json) -> list[str]:
    """The choices of the menu of what is rarer."""
    element, _ = find(view, "post:more")
    return [option["text"]["text"] for option in element["options"]]


def choose(who: Player, view: Json, label: str) -> None:
    element, _ = find(view, "post:more")
    value = next(o["value"] for o in element["options"] if o["text"]["text"] == label)
    who.click_view(view, "post:more", selected=value)


def fill(world: World, who: Player, card: Json, label: str, **fields: Any) -> Json:
    """Chooses in Open's menu, and submits the form behind it; the answer."""
    choose(who, world.open(who, card), label)
    return who.submit(who.wait_for_view(label), values(**fields))


def press(world: World, who: Player, card: Json, label: str) -> Json:
    """Clicks a button in Open; what Open shows once that is done."""
    before = world.open(who, card)
    who.click_view(before, label)

    def changed() -> Json | None:
        found = next((v for v in who.views() if v["id"] == before["id"]), None)
        return found if found and found["blocks"] != before["blocks"] else None

    return wait_until(changed, f"Open shows what {label} did")


def sees(world: World, who: Player, card: Json, label: str) -> bool:
    view = world.open(who, card)
    return label in labels(view) or ("post:more" in str(view) and label in more(view))


def test_the_menu_is_for_owners_and_managers(world: World) -> None:
    world.set_up(world.ines, by=world.lea)
    card = world.channel_card(world.draft(world.tom, send=True))
    for who in (world.tom, world.lea):
        assert more(world.open(who, card)) == ["Hold", "Mark as urgent", "Campaign", "Hand over"]
    for who in (world.ines, world.kenji):
        assert "post:more" not in str(world.open(who, card))


def test_hold_and_take_off_hold(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    card = world.dm_card(world.tom, code)
    fill(world, world.tom, card, "Hold", reason=HOSTILE)
    world.told(world.tom, world.tom.direct(), f"{code} is on hold.")
    held = world.dm_card(world.tom, code)
    assert f"⏸️ On hold: {HOSTILE}" in read(held)
    assert labels(held) == ["Open", "Take off hold", "Edit"]
    world.tom.click(card, "Send for approval")  # still on somebody's screen
    answer = world.told(world.tom, world.tom.direct(), f"{code} is on hold: “{HOSTILE}”.")
    assert "Take it off hold first, in Open." in read(answer)
    assert not any(is_card(m, code) for m in world.tom.messages(SOCIAL))
    done = world.edit(world.tom, held, text="Better", when_saved="send")
    assert "on hold" in done["errors"]["when_saved"]

    world.tom.click(held, "Take off hold")
    world.settle()
    assert labels(world.dm_card(world.tom, code)) == ["Open", "Send for approval", "Edit"]
    assert "On hold" not in read(world.dm_card(world.tom, code))


def test_what_is_held_is_approved_and_not_published(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    publish = world.open(world.tom, world.channel_card(code))
    fill(world, world.tom, world.channel_card(code), "Hold", reason="Wait for legal")
    for held in (world.channel_card(code), world.dm_card(world.ines, code)):
        assert "On hold: Wait for legal" in read(held)
    world.ines.click(world.channel_card(code), "Approve")
    card = world.channel_card(code)
    assert "Approved" in read(card)
    assert "On hold: Wait for legal" in read(card)
    assert not sees(world, world.tom, card, "Mark as published")
    assert publish["id"] not in [view["id"] for view in world.tom.views()]
    world.tom.click(world.plant(SOCIAL, "post:publish", "1"), "Open")
    world.told(world.tom, SOCIAL, "P-1 is on hold: “Wait for legal”.")
    view = press(world, world.tom, card, "Take off hold")
    assert "Mark as published" in labels(view)
    assert "On hold" not in read(world.channel_card(code))


def test_a_form_for_a_reason_says_what_is_wrong_with_it(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    card = world.dm_card(world.tom, code)
    done = fill(world, world.tom, card, "Hold", reason=" ")
    assert done["errors"] == {"reason": "Say in a few words why, for those who will wonder."}
    form = world.tom.view()
    assert form is not None
    assert world.tom.submit(form, values(reason="now"))["errors"] is None


def test_urgent_and_not_any_more(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    fill(world, world.tom, card, "Mark as urgent", reason=HOSTILE)
    world.told(world.tom, SOCIAL, "P-1 is marked as urgent.")
    for urgent in (world.channel_card(code), world.dm_card(world.ines, code)):
        assert f"🔥 Urgent: {HOSTILE}" in read(urgent)
    assert labels(world.channel_card(code))[1:] == ["Approve", "Request changes", "Reject"]
    choose(world.tom, world.open(world.tom, card), "Not urgent any more")
    world.settle()
    assert "Urgent" not in read(world.channel_card(code))


def test_back_to_draft_says_whose_approval_it_ends_before_and_after(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, send=True)
    card, direct = world.channel_card(code), world.dm_card(world.ines, code)
    element, _ = find(world.open(world.tom, card), "Back to draft")
    assert "confirm" not in element
    world.ines.click(card, "Approve")
    world.settle()
    view = world.open(world.tom, card)
    for label in ("Back to draft", "Cancel post"):
        element, _ = find(view, label)
        asked = element["confirm"]["text"]["text"]
        assert asked == "This ends the approval of Ines Ferrari of version 1."
    world.tom.click_view(view, "Back to draft")
    world.noted(world.tom, "This ended Ines Ferrari's approval of version 1.")
    now = world.tom.views()[-2]
    assert "Draft" in read(now)
    assert "The approval of Ines Ferrari no longer counts" in read(now)
    assert labels(now)[:3] == ["Send for approval", "Edit", "Cancel post"]

    gone = world.channel_card(code)
    assert labels(gone) == ["Open"]
    assert "The approval of Ines Ferrari no longer counts" in read(gone)
    world.kenji.click(card, "Approve")
    answer = world.told(world.kenji, SOCIAL, "The post was edited, cancelled or taken back since")
    assert "Open shows where it stands" in read(answer)
    world.ines.click(direct, "Reject")
    world.told(world.ines, world.ines.direct(), "The post was edited, cancelled or taken back")
    world.tom.click(world.dm_card(world.tom, code), "Send for approval")
    world.settle()
    assert "0 of 2 approved" in read(world.channel_card(code))


def test_cancel_and_restore(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "Spring is here. " * 15, send=True)
    card = world.channel_card(code)
    view = press(world, world.tom, card, "Cancel post")
    assert "🚫 Cancelled" in read(view)
    assert labels(view) == ["Restore", "Comment", "History", "Duplicate"]
    assert "post:more" not in str(view)
    world.noted(world.tom, "This ended the review of version 1.")
    for small in (
        world.channel_card(code),
        world.dm_card(world.tom, code),
        world.dm_card(world.ines, code),
    ):
        assert "Cancelled" in read(small)
        assert labels(small) == ["Open"]
        assert len(read(small)) < 200
    world.ines.click(card, "Approve")
    world.told(world.ines, SOCIAL, "The post was edited, cancelled or taken back since")
    for button, value in (("post:cancel", "1"), ("draft:edit", "1")):
        world.tom.click(world.plant(SOCIAL, button, value), "Open")
        answer = world.told(world.tom, SOCIAL, "This post is cancelled, so it can't be")
        assert "Restore in Open makes it a draft again." in read(answer)
    for choice in ("hold", "urgent", "campaign", "hand_over"):
        world.tom.click(world.plant(SOCIAL, "post:more", f"{choice}:1"), "Open")
    answer = world.told(world.tom, SOCIAL, "P-1 is cancelled, so nothing about it changes")
    assert "Restore in Open" in read(answer)

    view = press(world, world.tom, world.channel_card(code), "Restore")
    assert "Draft" in read(view)
    assert labels(world.dm_card(world.tom, code)) == ["Open", "Send for approval", "Edit"]
    world.tom.click(world.plant(SOCIAL, "post:restore", "1"), "Open")
    world.told(world.tom, SOCIAL, "This post is draft, so there is nothing to restore.")


def test_the_owner_hears_what_a_manager_did(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    fill(world, world.maya, card, "Hold", reason="Wait for *legal*")
    notice = world.tom.wait_for_dm("put it on hold")
    assert read(notice).startswith("*P-1*: Maya Okafor put it on hold")
    assert "Wait for *legal*" in read(notice)
    assert labels(notice) == ["Open"]
    press(world, world.maya, card, "Cancel post")
    world.tom.wait_for_dm("cancelled it")
    assert not any("cancelled it" in read(m) for m in world.maya.dms())


def test_hand_over(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "Our secret", publish_at=None)
    card = world.dm_card(world.tom, code)
    fill(world, world.tom, card, "Hand over", owner=world.lea.id)
    answer = "P-1 belongs to Lea Brandt now; its card is in their messages with Copydesk."
    world.told(world.tom, world.tom.direct(), answer)
    got = world.dm_card(world.lea, code)
    assert "by Lea Brandt" in read(got)
    assert "Handed over by Tom Lindqvist" in read(got)
    assert labels(got) == ["Open", "Send for approval", "Edit"]
    gone = world.tom.again(card)
    assert read(gone) == "*P-1* belongs to Lea Brandt now"
    assert labels(gone) == []
    world.edit(world.lea, got, text="Another secret")
    world.settle()
    assert "secret" not in str(world.tom.again(card))
    world.tom.click(card, "Edit")  # still on somebody's screen
    world.told(world.tom, world.tom.direct(), "Only Lea Brandt, who owns P-1")

    fill(world, world.lea, world.dm_card(world.lea, code), "Hand over", owner=world.tom.id)
    world.tom.wait_for_dm("Lea Brandt handed it over to Tom Lindqvist")
    assert labels(world.dm_card(world.tom, code)) == ["Open", "Send for approval", "Edit"]


@pytest.mark.parametrize(
    ("owner", "sentence"),
    [
        ("U0INES", "Ines Ferrari is asked to approve this post, and nobody approves their own."),
        ("U0GIL", "Gil Navarro isn't in #social. Invite them there first, or choose somebody"),
        ("U0PLAYBOT", "can't take it over: apps, people who left and people of other workspaces"),
    ],
)
def test_who_cannot_take_it_over(world: World, owner: str, sentence: str) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    done = fill(world, world.tom, world.channel_card(code), "Hand over", owner=owner)
    assert sentence in done["errors"]["owner"]
    assert "by Tom Lindqvist" in read(world.channel_card(code))


def test_an_approver_who_takes_it_over_has_no_more_say(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.channel_card(code), "Approve")
    world.settle()
    before = world.open(world.ines, world.channel_card(code))
    fill(world, world.tom, world.channel_card(code), "Hand over", owner=world.ines.id)
    world.settle()
    world.ines.click_view(before, "Undo my decision")
    world.noted(world.ines, "Ines Ferrari, who was asked to approve this post, owns it by now")
    view = world.open(world.ines, world.channel_card(code))
    assert "Undo my decision" not in labels(view)
    assert "Mark as published" in labels(view)


def test_campaign_and_its_progress(world: World) -> None:
    world.set_up(world.ines)
    first, second = world.draft(world.tom, "One", send=True), world.draft(world.tom, "Two")
    card = world.channel_card(first)
    fill(world, world.tom, card, "Campaign", campaign=f"  Spring {HOSTILE} ")
    said = f"P-1 is in the campaign Spring {HOSTILE} now: 0 of 1 in this campaign published."
    world.told(world.tom, SOCIAL, said)
    assert f"Campaign: Spring {HOSTILE}" in read(world.channel_card(first))
    name = f"SPRING {HOSTILE.upper()}"
    fill(world, world.tom, world.dm_card(world.tom, second), "Campaign", campaign=name)
    world.ines.click(card, "Approve")
    world.settle()
    world.tom.click(world.plant(SOCIAL, "post:publish", "1"), "Open")
    world.tom.submit(world.tom.wait_for_view("Publish P-1"))
    world.settle()
    view = world.open(world.tom, world.dm_card(world.tom, second))
    assert "1 of 2 in this campaign published" in read(view)

    choose(world.tom, view, "Campaign")
    form = world.tom.wait_for_view("Campaign")
    element, _ = find(form, "campaign")
    assert element["initial_value"] == f"Spring {HOSTILE}"
    world.tom.submit(form, values(campaign=""))
    world.told(world.tom, world.tom.direct(), "P-2 is in no campaign now.")
    assert "Campaign" not in read(world.dm_card(world.tom, second))


def test_a_campaigns_name_of_three_thousand_characters(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    view = world.open(world.tom, world.dm_card(world.tom, code))
    choose(world.tom, view, "Campaign")
    form = world.tom.wait_for_view("Campaign")
    with pytest.raises(NotPossible, match="60"):
        world.tom.submit(form, values(campaign="x" * 3000))
    world.tom.submit(form, values(campaign="x" * 60))
    world.settle()
    assert "Campaign: " + "x" * 60 in read(world.dm_card(world.tom, code))


def test_duplicate(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, HOSTILE, send=True, notes="For *you*", networks=["x"])
    press(world, world.tom, world.channel_card(code), "Cancel post")
    world.kenji.click_view(world.open(world.kenji, world.channel_card(code)), "Duplicate")
    form = world.kenji.wait_for_view("New draft")
    assert "A new post that starts as a copy of P-1; choose other networks" in read(form)
    world.kenji.submit(form, values(networks=["linkedin", "x"]))
    world.told(world.kenji, SOCIAL, "P-2 is saved. Its card is in your messages")
    copy = world.dm_card(world.kenji, "P-2")
    assert HOSTILE in read(copy)
    assert "LinkedIn" in read(copy)
    assert "For *you*" in read(copy)
    assert "by Kenji Sato" in read(copy)
    assert "Cancelled" in read(world.channel_card(code))


def test_a_guest_and_a_client_duplicate_without_the_teams_notes(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    code = world.draft(world.maya, "Hello", send=True, notes="They pay late", channel=PARTNERS)
    for who in (world.gil, world.sam):
        who.click_view(world.open(who, world.channel_card(code, PARTNERS)), "Duplicate")
        form = who.wait_for_view("New draft")
        assert "pay late" not in str(form)
        who.submit(form, values(text=f"From {who.id}"))
        world.told(who, PARTNERS, "Its card is in your messages with Copydesk.")


def test_who_is_not_in_the_channel_duplicates_nothing(world: World) -> None:
    world.set_up(world.gil)
    code = world.draft(world.tom, send=True)
    card = world.dm_card(world.gil, code)
    assert not sees(world, world.gil, card, "Duplicate")
    world.maya.invite(GENERAL)
    world.maya.invite(GENERAL, world.gil.id)
    world.gil.click(world.plant(GENERAL, "post:duplicate", "1"), "Open")
    world.told(world.gil, GENERAL, "Only people who are in #social write its posts.")
    world.sam.click(world.plant("C0PARTNERS", "post:duplicate", "1"), "Open")
    world.told(world.sam, "C0PARTNERS", "There is no P-1 that you can see here.")


def test_somebody_elses_buttons_are_refused(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True)
    for action, value in (
        ("post:cancel", "1"),
        ("post:back_to_draft", "1"),
        ("post:restore", "1"),
        ("post:take_off_hold", "1"),
        ("post:more", "hold:1"),
        ("post:more", "urgent:1"),
        ("post:more", "not_urgent:1"),
        ("post:more", "campaign:1"),
        ("post:more", "hand_over:1"),
    ):
        world.kenji.click(world.plant(SOCIAL, action, value), "Open")

    def answers() -> int:
        private = [m for m in world.kenji.messages(SOCIAL) if m["ephemeral"]]
        return sum("Only Tom Lindqvist, who owns P-1" in read(m) for m in private)

    wait_until(lambda: answers() == 9, "each click is answered")
    assert world.kenji.view() is None
    assert len(labels(world.channel_card("P-1"))) == 4


@pytest.mark.parametrize("value", ["hold:999", "hold:x", "send:1", "", "hold"])
def test_a_forged_choice_is_answered(world: World, value: str) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True)
    world.tom.click(world.plant(SOCIAL, "post:more", value or " "), "Open")
    wait_until(lambda: [m for m in world.tom.messages(SOCIAL) if m["ephemeral"]], "an answer")
    assert opened(world.tom) is None


def test_the_history_tells_all_of_it(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    fill(world, world.tom, card, "Hold", reason=HOSTILE)
    press(world, world.tom, card, "Take off hold")
    fill(world, world.tom, card, "Mark as urgent", reason="A launch")
    fill(world, world.tom, card, "Campaign", campaign="Spring *sale*")
    press(world, world.tom, card, "Back to draft")
    press(world, world.tom, card, "Cancel post")
    press(world, world.tom, card, "Restore")
    fill(world, world.tom, card, "Hand over", owner=world.lea.id)
    fill(world, world.maya, card, "Hand over", owner=world.maya.id)
    view = world.open(world.maya, card)
    world.maya.click_view(view, "History")
    shown = read(world.maya.wait_for_view("History of P-1"))
    told = [
        "Tom Lindqvist* put it on hold",
        HOSTILE,
        "took it off hold",
        "marked it as urgent",
        "A launch",
        "put it into a campaign",
        "Spring *sale*",
        "took it back to draft",
        "ended the review of version 1",
        "cancelled it",
        "restored it as a draft",
        "handed it over to Lea Brandt",
        "Maya Okafor* took it over",
    ]
    places = [shown.index(line) for line in told]
    assert places == sorted(places)
