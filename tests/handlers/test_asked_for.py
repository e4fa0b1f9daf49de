"""`@Copydesk draft`: a button for everybody in the thread, which tells there what it became."""

import pytest
import sqlalchemy as sa

from storage.tables import messages
from tests.handlers.test_comments import thread, ticking
from tests.handlers.test_mentions import alone, answer, hear, ours, root, text_in, us
from tests.handlers.world import BRAND, GENERAL, PARTNERS, SOCIAL, World, read, values
from tests.player import fields, labels


def test_a_draft_from_a_thread_tells_there_what_it_became(world: World) -> None:
    world.set_up(world.ines)
    first = root(world.tom)
    world.tom.say(SOCIAL, "@Copydesk draft *Spring* in a cup &amp; <b> @Lea :tea:", first["ts"])
    asked = answer(world, world.lea, first)
    assert labels(asked) == ["Write the draft"]
    world.tom.click(asked, "Write the draft")
    form = world.tom.wait_for_view("New draft")
    assert text_in(form) == "Spring in a cup &amp; <b> Lea Brandt 🍵"
    assert "Desk" not in fields(form)
    world.tom.submit(form, values(notes="Between us"))
    alone(world.tom, SOCIAL, "P-1 is saved. Its card is in your messages", first["ts"])
    world.settle()
    assert [read(m) for m in thread(world.lea, first)[1:]] == ["Became *P-1*\nOpen"]
    card = world.dm_card(world.tom, "P-1")
    assert f"archives/{SOCIAL}/p{first['ts'].replace('.', '')}|this message>" in read(card)


def test_beside_a_thread_it_is_answered_in_one(world: World) -> None:
    world.set_up(world.ines)
    ts = world.tom.say(SOCIAL, "@Copydesk draft Spring is here")
    first = next(m for m in world.tom.messages(SOCIAL) if m["ts"] == ts)
    asked = answer(world, world.lea, first)
    world.lea.click(asked, "Write the draft")
    world.lea.submit(world.lea.wait_for_view("New draft"), values(when_saved="send"))
    alone(world.lea, SOCIAL, "P-1 is sent for approval", ts)
    answer(world, world.tom, first, "Became *P-1*")
    card = world.channel_card("P-1")
    assert f"p{ts.replace('.', '')}|this message>" in read(world.open(world.tom, card))


@pytest.mark.parametrize("said", ["@Copydesk draft", "@Copydesk: Draft:", "@Copydesk DRAFT \n"])
def test_without_words_it_takes_those_of_the_thread(world: World, said: str) -> None:
    world.set_up(world.ines)
    picture = world.lea.upload("cup.png", width=10, height=10)
    ts = world.lea.share(SOCIAL, picture, text="Tea & *cake*")
    first = next(m for m in world.tom.messages(SOCIAL) if m["ts"] == ts)
    world.tom.say(SOCIAL, said, ts)
    world.tom.click(answer(world, world.tom, first), "Write the draft")
    form = world.tom.wait_for_view("New draft")
    assert text_in(form) == "Tea & cake"
    world.tom.submit(form)
    world.settle()
    assert "cup.png" in read(world.open(world.tom, world.dm_card(world.tom, "P-1")))


def test_where_the_thread_cannot_be_read_it_begins_empty(world: World) -> None:
    world.forgiven.append("missing_scope")
    world.set_up(world.ines)
    world.playground.grant(
        "chat:write", "commands", "users:read", "channels:read", "groups:read", "im:history",
        "im:write", "files:read", "app_mentions:read",
    )  # fmt: skip
    first = root(world.tom)
    world.tom.say(SOCIAL, "@Copydesk draft", first["ts"])
    world.tom.click(answer(world, world.tom, first), "Write the draft")
    assert text_in(world.tom.wait_for_view("New draft")) == ""


def test_the_files_of_the_mention_come_along(world: World) -> None:
    world.set_up(world.ines)
    picture = world.tom.upload("cup.png", width=10, height=10)
    ts = world.tom.share(SOCIAL, picture, text="@Copydesk draft A cup")
    first = next(m for m in world.tom.messages(SOCIAL) if m["ts"] == ts)
    world.tom.click(answer(world, world.tom, first), "Write the draft")
    form = world.tom.wait_for_view("New draft")
    assert text_in(form) == "A cup"
    assert "cup.png" in str(fields(form)["Attached"])


def test_outside_of_a_desk_it_asks_which_and_says_the_code_alone(world: World) -> None:
    world.set_up(world.ines)
    world.maya.invite(BRAND)
    world.set_up(world.ines, channel=BRAND)
    world.maya.invite(GENERAL)
    first = root(world.maya, GENERAL, "Welcome to Larkfield")
    world.maya.say(GENERAL, "@Copydesk draft The quince is coming", first["ts"])
    asked = answer(world, world.maya, first)
    world.maya.click(asked, "Write the draft")
    form = world.maya.wait_for_view("New draft")
    brand = next(o for o in fields(form)["Desk"]["options"] if "brand" in o["text"]["text"])
    world.maya.submit(form, values(desk=brand["value"], when_saved="send"))
    became = answer(world, world.tom, first, "Became")
    assert read(became) == "Became *P-1*"
    assert labels(became) == [], "Open would be refused to almost everybody here"
    assert BRAND not in str(became)
    card = world.channel_card("P-1", BRAND, world.ines)
    assert f"archives/{GENERAL}/p" in read(world.open(world.ines, card))


def test_who_has_no_desk_is_told_so_alone(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    first = root(world.tom)
    world.tom.say(SOCIAL, "@Copydesk draft Spring", first["ts"])
    alone(world.tom, SOCIAL, "None of your channels has a desk yet.", first["ts"])
    world.again("event app_mention")
    assert [m for m in thread(world.lea, first) if m.get("bot_id")] == []
    private = [m for m in world.tom.messages(SOCIAL, first["ts"]) if m["ephemeral"]]
    assert len(private) == 1


def test_who_has_no_desk_cannot_write_what_another_asked_for(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    first = root(world.maya)
    world.maya.say(SOCIAL, "@Copydesk draft Spring", first["ts"])
    world.tom.click(answer(world, world.tom, first), "Write the draft")
    alone(world.tom, SOCIAL, "None of your channels has a desk yet.", first["ts"])
    assert world.tom.view() is None


def test_a_client_may_ask_and_nothing_of_the_team_is_told(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    first = root(world.sam, PARTNERS, "Hello from Porter")
    world.sam.say(PARTNERS, "@Copydesk draft Something with quinces", first["ts"])
    asked = answer(world, world.maya, first)
    world.maya.click(asked, "Write the draft")
    form = world.maya.wait_for_view("New draft")
    world.maya.submit(form, values(text="Our own words", notes="They pay late"))
    became = answer(world, world.sam, first, "Became")
    assert read(became) == "Became *P-1*\nOpen"
    for who in (world.sam, world.gil):
        assert not any("Our own words" in m or "pay late" in m for m in ours(who, PARTNERS))
        who.click(became, "Open")
        alone(who, PARTNERS, "There is no P-1 that you can see here.", first["ts"])
        assert who.view() is None


def test_the_first_that_is_saved_is_what_it_became(world: World) -> None:
    world.set_up(world.ines)
    first = root(world.tom)
    world.tom.say(SOCIAL, "@Copydesk draft Spring", first["ts"])
    asked = answer(world, world.tom, first)
    world.tom.click(asked, "Write the draft")
    slow = world.tom.wait_for_view("New draft")
    world.lea.click(asked, "Write the draft")
    world.lea.submit(world.lea.wait_for_view("New draft"), values(text="Faster"))
    answer(world, world.tom, first, "Became *P-1*")
    world.tom.submit(slow, values(text="Slower"))
    world.settle()
    assert "Slower" in read(world.dm_card(world.tom, "P-2")), "nothing typed is lost"
    assert [read(m) for m in thread(world.tom, first)[1:]] == ["Became *P-1*\nOpen"]
    world.kenji.click(asked, "Write the draft", revision=0)
    alone(world.kenji, SOCIAL, "This became P-1 already.", first["ts"])
    assert world.kenji.view() is None


def test_its_answer_is_not_drawn_anew_by_what_becomes_of_the_post(world: World) -> None:
    world.set_up(world.ines)
    first = root(world.tom)
    world.tom.say(SOCIAL, "@Copydesk draft Spring", first["ts"])
    world.tom.click(answer(world, world.tom, first), "Write the draft")
    world.tom.submit(world.tom.wait_for_view("New draft"), values(when_saved="send"))
    became = answer(world, world.tom, first, "Became *P-1*")
    world.settle()
    drawn = became["revision"]
    world.edit(world.tom, world.dm_card(world.tom, "P-1"), text="Autumn")
    world.settle()
    assert world.tom.again(became)["revision"] == drawn
    with world.store.read() as tx:
        kept = tx.execute(sa.select(messages.c.data).filter_by(kind="asked_for")).scalar_one()
    assert "Spring" not in str(kept), "the text is the post's by now"


def test_slack_tells_of_it_again_and_once_more_after_an_edit(world: World) -> None:
    world.set_up(world.ines)
    first = root(world.tom)
    ts = world.tom.say(SOCIAL, "@Copydesk draft Spring", first["ts"])
    answer(world, world.tom, first)
    world.again("event app_mention")
    edited = {"user": "U0TOM", "ts": "1.2"}
    event = {"user": "U0TOM", "ts": ts, "thread_ts": first["ts"], "edited": edited}
    hear(world, {**event, "text": us(world, "draft Springtime")})
    assert len(thread(world.tom, first)) == 2
    hear(world, {**event, "text": us(world, "help")}, "Ev2")
    world.tom.say(SOCIAL, "@Copydesk find", first["ts"])
    alone(world.tom, SOCIAL, "Say which words", first["ts"])
    private = [read(m) for m in world.tom.messages(SOCIAL, first["ts"]) if m["ephemeral"]]
    assert not any("the desk of this channel" in said for said in private)


def test_an_edit_may_add_our_name(world: World) -> None:
    world.set_up(world.ines)
    ts = world.tom.say(SOCIAL, "draft Spring")
    edited = {"user": "U0TOM", "ts": "1.2"}
    hear(world, {"user": "U0TOM", "ts": ts, "text": us(world, "draft Spring"), "edited": edited})
    first = next(m for m in world.tom.messages(SOCIAL) if m["ts"] == ts)
    answer(world, world.tom, first)


def test_a_lost_answer_of_slacks_does_not_ask_twice(world: World) -> None:
    world.set_up(world.ines)
    first = root(world.tom)
    world.playground.fault("chat.postMessage", "lost_reply", count=1)
    world.tom.say(SOCIAL, "@Copydesk draft Spring", first["ts"])
    answer(world, world.tom, first)
    with ticking(world):
        world.settle()
    assert len(thread(world.tom, first)) == 2
    [looked] = world.playground.calls("conversations.replies")
    assert looked["args"]["ts"] == first["ts"]


def test_what_was_asked_for_elsewhere_is_not_read_by_a_forged_button(world: World) -> None:
    world.maya.invite(BRAND)
    world.set_up(world.ines, channel=BRAND)
    world.set_up(world.ines)
    first = root(world.maya, BRAND, "new logo")
    world.maya.say(BRAND, "@Copydesk draft The quince", first["ts"])
    answer(world, world.maya, first)
    with world.store.read() as tx:
        asked = tx.execute(sa.select(messages.c.id).filter_by(kind="asked_for")).scalar_one()
    world.tom.click(world.plant(SOCIAL, "draft:write", str(asked)), "Open")
    world.told(world.tom, SOCIAL, "This is from an older version of Copydesk.")
    assert world.tom.view() is None


def test_a_very_long_message_is_cut_in_the_form(world: World) -> None:
    world.set_up(world.ines)
    ts = world.tom.say(SOCIAL, "@Copydesk draft " + "b" * 3500)
    first = next(m for m in world.tom.messages(SOCIAL) if m["ts"] == ts)
    world.tom.click(answer(world, world.tom, first), "Write the draft")
    form = world.tom.wait_for_view("New draft")
    assert text_in(form) == "b" * 3000
    assert "its end was cut" in read(form)
