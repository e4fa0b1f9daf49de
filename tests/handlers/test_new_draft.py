"""New draft: what the form shows, what it refuses, and the card it leaves."""

import pytest

from tests.handlers.world import (
    PARTNERS,
    SOCIAL,
    TOMORROW,
    YESTERDAY,
    World,
    is_card,
    read,
    setup,
    values,
)
from tests.player import Json, Player, fields, labels


def open_draft(who: Player, typed: str = "/draft", channel: str = SOCIAL) -> Json:
    who.command(channel, typed)
    return who.wait_for_view("New draft")


def text_in(form: Json) -> str:
    return str(fields(form)["Text"].get("initial_value", ""))


def test_the_form_asks_what_a_post_needs(world: World) -> None:
    world.set_up(world.ines)
    form = open_draft(world.tom)
    shown = fields(form)
    assert list(shown) == [
        "Text",
        "Networks",
        "Images and files",
        "Link",
        "Publish at",
        "Needed by",
        "Notes for reviewers",
        "When saved",
    ]
    choices = [o["text"]["text"] for o in shown["When saved"]["options"]]
    assert choices == ["Keep as my draft", "Send for approval now"]
    assert shown["When saved"]["initial_option"]["value"] == "keep"
    optional = [b["block_id"] for b in form["blocks"] if b["type"] == "input" and b["optional"]]
    assert optional == ["files:0", "link", "publish_at", "needed_by", "notes"]
    assert [o["value"] for o in shown["Networks"]["options"]] == ["linkedin", "x"]
    assert len(shown["Networks"]["initial_options"]) == 2


@pytest.mark.parametrize("command", ["/draft", "/desk draft"])
def test_what_is_typed_after_the_command_is_the_text(world: World, command: str) -> None:
    world.set_up(world.ines)
    typed = 'Tea & cake: 3 < 5 > 2, &lt;b&gt; "don\'t" – 100 %\n\n  second line'
    form = open_draft(world.tom, f"{command} {typed}")
    assert text_in(form) == typed


@pytest.mark.parametrize("command", ["/draft", "/desk draft"])
def test_what_was_typed_is_given_back_where_there_is_no_form(world: World, command: str) -> None:
    world.forgiven.append("fault 500")
    typed = "Tea & cake for <!channel>\n\n  second line"
    world.tom.command(SOCIAL, f"{command} {typed}")
    answer = world.told(world.tom, SOCIAL, "This channel has no desk yet.")
    assert typed in read(answer)
    assert labels(answer) == ["Set up this desk"]

    world.set_up(world.ines)
    world.playground.fault("views.open", "500")
    world.tom.command(SOCIAL, f"{command} {typed}")
    assert typed in read(world.told(world.tom, SOCIAL, "Slack did not answer"))


def test_a_text_that_is_too_long_is_cut_and_the_form_says_so(world: World) -> None:
    world.set_up(world.ines)
    form = open_draft(world.tom, "/draft " + "a" * 3001)
    assert text_in(form) == "a" * 3000
    assert "its end was cut" in read(form)
    world.tom.close(form)
    fits = open_draft(world.tom, "/draft " + "a" * 3000)
    assert "cut" not in read(fits)


def test_the_draft_is_its_owners_business(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "Spring & tea", publish_at=TOMORROW, notes="Ask <Lea>")
    world.told(world.tom, SOCIAL, f"{code} is saved. Its card is in your messages")
    card = world.dm_card(world.tom, code)
    assert labels(card) == ["Open", "Send for approval", "Edit"]
    shown = read(card)
    for said in ("P-1", "by Tom Lindqvist", "Draft", "Spring & tea", "LinkedIn *2,988*"):
        assert said in shown
    assert "X *268*" in shown
    assert "Publish at Tue 05 Mar, 09:00 Paris time" in shown
    assert "Ask <Lea>" in shown
    assert not any(is_card(m, code) for m in world.tom.messages(SOCIAL))
    assert world.ines.dms() == []


def test_the_networks_are_those_used_last(world: World) -> None:
    world.set_up(world.ines, networks=("linkedin", "x", "bluesky"))
    world.draft(world.tom, networks=["bluesky"])

    def chosen(who: Player) -> list[str]:
        form = open_draft(who)
        return [o["value"] for o in fields(form)["Networks"]["initial_options"]]

    assert chosen(world.tom) == ["bluesky"]
    assert chosen(world.lea) == ["linkedin", "x", "bluesky"]


def test_networks_the_desk_gave_up_are_not_offered(world: World) -> None:
    world.set_up(world.ines, networks=("linkedin", "x"))
    world.draft(world.tom, networks=["x"])
    late = open_draft(world.lea)
    world.maya.command(SOCIAL, "/desk setup")
    form = world.maya.wait_for_view("Set up this desk")
    world.maya.submit(form, setup((world.ines,), "any", ("linkedin",)))
    refused = world.lea.submit(late, values(text="Hello", networks=["x"]))
    assert refused["errors"]["networks"].startswith("This desk doesn't publish on X.")
    shown = fields(open_draft(world.tom))
    assert [o["value"] for o in shown["Networks"]["initial_options"]] == ["linkedin"]


@pytest.mark.parametrize(
    ("typed", "name", "sentence"),
    [
        ({"publish_at": YESTERDAY}, "publish_at", "Sun 03 Mar, 03:00 has passed."),
        ({"text": " \n "}, "text", "A post needs a text."),
        ({"link": "example.com/tea"}, "link", "This isn't a web address. Paste it whole"),
        ({"link": "https://a.example\nhttps://b.example"}, "link", "A post has one link"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    world: World, typed: Json, name: str, sentence: str
) -> None:
    world.set_up(world.ines)
    form = open_draft(world.tom)
    refused = world.tom.submit(form, values(**{"text": "Hello", "notes": "Please", **typed}))
    assert refused["errors"][name].startswith(sentence)
    still = world.tom.view()
    assert still is not None
    assert still["id"] == form["id"]
    assert still["state"]["values"]["notes"]["notes"]["value"] == "Please"
    world.settle()
    assert world.tom.dms() == []


def test_over_a_limit_it_may_be_saved_but_not_sent(world: World) -> None:
    world.set_up(world.ines, networks=("x", "bluesky", "blog"))
    code = world.draft(world.tom, "a" * 310)
    world.told(world.tom, SOCIAL, "30 over the limit of X and 10 over the limit of Bluesky.")
    card = world.dm_card(world.tom, code)
    assert "X ⚠️ *30 over*" in read(card)
    world.tom.click(card, "Send for approval")
    said = world.told(world.tom, world.tom.direct(), "30 over the limit of X and 10 over the limit")
    assert "or write one for X and Bluesky alone: Edit has a field for that." in read(said)
    assert "Draft" in read(world.dm_card(world.tom, code))


def test_a_limit_without_a_source_only_warns(world: World) -> None:
    world.set_up(world.ines, networks=("pinterest",))
    code = world.draft(world.tom, "a" * 810, send=True)
    assert "Pinterest about *10 over*" in read(world.channel_card(code))


@pytest.mark.parametrize("when_saved", ["keep", "send"])
def test_a_form_that_is_submitted_twice_makes_one_post(world: World, when_saved: str) -> None:
    world.set_up(world.ines)
    form = open_draft(world.tom)
    world.tom.submit(form, values(text="Once", when_saved=when_saved))
    for _ in range(2):
        assert world.again("submit draft:new:submit") == {"response_action": "clear"}
    assert sum("Once" in read(m) for m in world.tom.dms()) == 1
    assert sum("Once" in read(m) for m in world.tom.messages(SOCIAL)) == (when_saved == "send")
    assert world.draft(world.tom) == "P-2"


def test_a_desk_that_fell_asleep_meanwhile_loses_nothing(world: World) -> None:
    world.set_up(world.ines)
    form = open_draft(world.tom)
    world.maya.remove(SOCIAL)
    world.maya.wait_for_dm("its desk sleeps")
    refused = world.tom.submit(form, values(text="Hello"))
    assert refused["errors"]["text"].startswith("This desk is asleep")


def test_anyone_in_the_channel_may_draft(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    for who in (world.gil, world.sam):
        code = world.draft(who, channel=PARTNERS, send=True)
        assert "In review" in read(world.channel_card(code, PARTNERS))


def test_where_nobody_approves_sending_is_marking_as_approved(world: World) -> None:
    world.set_up(need="nobody")
    choices = fields(open_draft(world.tom))["When saved"]["options"]
    assert choices[1]["text"]["text"].startswith("Mark as approved")
    code = world.draft(world.tom)
    card = world.dm_card(world.tom, code)
    world.tom.click(card, "Mark as approved")
    assert "Approved" in read(world.dm_card(world.tom, code))
    assert not any(is_card(m, code) for m in world.tom.messages(SOCIAL))
    world.draft(world.tom, send=True)
    world.told(world.tom, SOCIAL, "P-2 is saved and approved.")
