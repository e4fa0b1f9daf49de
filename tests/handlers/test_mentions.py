"""`@Copydesk` in a channel: the words of /desk, and what is only talk."""

from typing import Any

import pytest
import sqlalchemy as sa
from slack_bolt.request import BoltRequest

from storage.tables import comments, messages, posts
from tests.handlers.test_comments import comes_again, notices, thread
from tests.handlers.world import GENERAL, SOCIAL, World, read, setup
from tests.player import Json, Player, fields, labels, wait_until

READY = "Ready to write, with the words above to start from."


def root(who: Player, channel: str = SOCIAL, says: str = "Idea for a post") -> Json:
    """The first message of a thread to be."""
    return next(m for m in who.messages(channel) if says in m["text"])


def answer(world: World, who: Player, first: Json, says: str = READY) -> Json:
    """What everybody reads of ours in a thread."""
    return wait_until(
        lambda: next((m for m in thread(who, first) if says in read(m)), None), "it is answered"
    )


def alone(who: Player, channel: str, says: str, thread_ts: str | None = None) -> Json:
    """What this person alone reads, once it is there."""

    def found() -> Json | None:
        listed = who.messages(channel, thread_ts)
        return next((m for m in listed if m["ephemeral"] and says in read(m)), None)

    return wait_until(found, f"{who.id} is told “{says}”")


def ours(who: Player, channel: str = SOCIAL) -> list[str]:
    """All that we said in a channel and in its threads, as this person sees it."""
    top = who.messages(channel)
    below = [m for first in top for m in who.messages(channel, first["ts"])]
    every = {m["ts"]: read(m) for m in [*top, *below] if m.get("bot_id")}
    return list(every.values())


def count(world: World, table: sa.Table) -> int:
    with world.store.read() as tx:
        return int(tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def hear(world: World, event: Json, event_id: str = "Ev1") -> None:
    """Slack tells of a mention that no player can write."""
    team = world.client.auth_test()["team_id"]
    body: dict[str, Any] = {"type": "event_callback", "team_id": team, "event_id": event_id}
    body["event"] = {"type": "app_mention", "channel": SOCIAL, **event}
    world.app.dispatch(BoltRequest(mode="socket_mode", body=body))
    world.settle()


def us(world: World, said: str) -> str:
    return f"<@{world.client.auth_test()['user_id']}> {said}"


def text_in(form: Json) -> str:
    return str(fields(form)["Text"].get("initial_value", ""))


# The other words.


@pytest.mark.parametrize(
    ("said", "label", "view"),
    [
        ("queue", "What waits for me", "Waits for you"),
        ("posts", "Posts", "Posts"),
        ("find spring", "Find", "Found posts"),
        ("history P-1", "History", "History of P-1"),
        ("History: p-1", "History", "History of P-1"),
        ("setup", "Set up this desk", "Set up this desk"),
        ("settings", "Settings", "Desk settings"),
    ],
)
def test_what_opens_something_is_a_click_away_and_private(
    world: World, said: str, label: str, view: str
) -> None:
    world.set_up(world.maya)
    world.draft(world.tom, "Spring", send=True)
    first = root(world.maya)
    before = ours(world.tom)
    world.maya.say(SOCIAL, f"@Copydesk {said}", first["ts"])
    told = alone(world.maya, SOCIAL, "This opens it, for you alone:", first["ts"])
    assert labels(told) == [label]
    world.maya.click(told, label)
    world.maya.wait_for_view(view)
    assert ours(world.tom) == before


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", "the desk of this channel"),
        ("help", "the desk of this channel"),
        ("sing", "“sing” isn't something /desk can do."),
        ("posts look good", "“posts look good” isn't something /desk can do."),
        ("find", "Say which words"),
        ("history", "Say which post, by the code on its card"),
        ("history twelve", "Say which post, by the code on its card"),
    ],
)
def test_the_rest_is_said_at_once(world: World, said: str, sentence: str) -> None:
    world.set_up(world.ines)
    first = root(world.tom)
    world.tom.say(SOCIAL, f"@Copydesk {said}", first["ts"])
    if "twelve" in said:
        world.tom.click(alone(world.tom, SOCIAL, "for you alone", first["ts"]), "History")
    alone(world.tom, SOCIAL, sentence, first["ts"])
    assert thread(world.lea, first)[1:] == []
    assert world.tom.view() is None


def test_what_failed_on_the_way_is_done_when_slack_sends_it_again(world: World) -> None:
    world.set_up(world.ines)
    world.playground.fault("users.info", "500")

    def ask() -> None:
        world.maya.say(SOCIAL, "@Copydesk standup back @Sam")

    world.forgiven.append("users.info")
    comes_again(world, "app_mention", "app_mention", ask)
    alone(world.maya, SOCIAL, "Only Sam Porter and the managers")


def test_beside_a_thread_it_is_said_in_the_channel(world: World) -> None:
    world.set_up(world.ines)
    world.tom.say(SOCIAL, "Hello @Copydesk")
    assert "thread_ts" not in alone(world.tom, SOCIAL, "the desk of this channel")
    world.again("event app_mention")
    private = [m for m in world.tom.messages(SOCIAL) if m["ephemeral"]]
    assert sum("the desk of this channel" in read(m) for m in private) == 1


def test_a_channel_without_a_desk_offers_to_set_one_up(world: World) -> None:
    world.tom.say(SOCIAL, "@Copydesk help")
    told = alone(world.tom, SOCIAL, "This channel has no desk yet.")
    assert labels(told) == ["Set up this desk"]


def test_who_invites_us_by_our_name_is_heard(world: World) -> None:
    world.set_up(world.ines)
    ts = world.tom.say(GENERAL, "@Copydesk draft Spring")
    world.tom.invite(GENERAL)
    first = next(m for m in world.tom.messages(GENERAL) if m["ts"] == ts)
    answer(world, world.tom, first)


@pytest.mark.parametrize("who", ["a bot", "Slackbot", "a change of ours"])
def test_only_people_are_answered(world: World, who: str) -> None:
    world.set_up(world.ines)
    event: Json = {"ts": "1700000000.000100", "text": us(world, "draft Spring"), "user": "U0TOM"}
    event |= {
        "a bot": {"bot_id": "B1", "user": "U1"},
        "Slackbot": {"user": "USLACKBOT"},
        "a change of ours": {"subtype": "bot_message"},
    }[who]
    before = ours(world.tom)
    if who == "Slackbot":
        world.forgiven.append("user_not_found")
    hear(world, event)
    assert ours(world.tom) == before
    assert count(world, messages) == 0


# Under a card.


@pytest.fixture
def card(world: World) -> Json:
    world.set_up(world.ines)
    return world.channel_card(world.draft(world.tom, send=True))


def test_a_word_under_a_card_is_no_comment(world: World, card: Json) -> None:
    world.kenji.say(SOCIAL, "@Copydesk draft Another one", card["ts"])
    asked = answer(world, world.kenji, card)
    world.kenji.say(SOCIAL, "@Copydesk history", card["ts"])
    told = alone(world.kenji, SOCIAL, "for you alone", card["ts"])
    world.kenji.click(told, "History")
    world.kenji.close(world.kenji.wait_for_view("History of P-1"))
    world.kenji.click(asked, "Write the draft")
    form = world.kenji.wait_for_view("New draft")
    assert text_in(form) == "Another one"
    world.kenji.submit(form)
    answer(world, world.kenji, card, "Became *P-2*")
    assert notices(world, world.tom, "commented on") == []
    assert count(world, comments) == 0


@pytest.mark.parametrize(
    "said", ["@Copydesk posts look good like this", "Nice, @Copydesk", "Thanks @Copydesk draft"]
)
def test_talk_under_a_card_is_a_comment_once(world: World, card: Json, said: str) -> None:
    world.kenji.say(SOCIAL, said, card["ts"])
    [notice] = wait_until(lambda: notices(world, world.tom, "commented on"), "Tom is told")
    assert said.replace("@", "") in read(notice)
    world.again("event app_mention")
    world.again("event message", "'user': 'U0KENJI'")
    assert count(world, comments) == 1
    assert len(notices(world, world.tom, "commented on")) == 1
    assert [m for m in world.kenji.messages(SOCIAL, card["ts"]) if m["ephemeral"]] == []


def test_talk_to_us_is_a_comment_where_we_may_not_hear_the_rest(world: World, card: Json) -> None:
    world.playground.grant(
        "chat:write", "commands", "users:read", "channels:read", "groups:read", "im:history",
        "im:write", "app_mentions:read",
    )  # fmt: skip
    world.kenji.say(SOCIAL, "Not heard", card["ts"])
    world.kenji.say(SOCIAL, "@Copydesk shorter, please", card["ts"])
    wait_until(lambda: notices(world, world.tom, "shorter, please"), "Tom is told")
    assert count(world, comments) == 1


def test_a_yes_to_us_is_asked_about_once(world: World, card: Json) -> None:
    world.ines.say(SOCIAL, "@Copydesk approved", card["ts"])
    alone(world.ines, SOCIAL, "Record this as your approval?", card["ts"])
    world.again("event app_mention")
    world.again("event message", "'user': 'U0INES'")
    private = [m for m in world.ines.messages(SOCIAL, card["ts"]) if m["ephemeral"]]
    assert len(private) == 1


def test_our_name_in_direct_messages_is_part_of_a_comment(world: World, card: Json) -> None:
    mine = world.dm_card(world.ines, "P-1")
    world.ines.say(mine["channel"], "@Copydesk draft a better one", mine["ts"])
    [copy] = wait_until(lambda: thread(world.lea, card), "it is copied")
    assert "Copydesk draft a better one" in read(copy)
    world.settle()
    assert not any("could not be delivered" in read(m) for m in world.maya.dms())


def test_a_desk_can_be_set_up_by_it(world: World) -> None:
    world.tom.say(SOCIAL, "@Copydesk setup")
    told = alone(world.tom, SOCIAL, "for you alone")
    world.tom.click(told, "Set up this desk")
    form = world.tom.wait_for_view("Set up this desk")
    assert world.tom.submit(form, setup((world.ines,), "any", ("x",)))["errors"] is None
    world.told(world.tom, SOCIAL, "This desk is set up.")
    assert count(world, posts) == 0


def test_away_is_a_click_away_with_its_words(world: World) -> None:
    world.set_up(world.maya)
    first = root(world.maya)
    world.ines.say(SOCIAL, "@Copydesk standup away\nuntil friday", thread_ts=first["ts"])
    offered = alone(world.ines, SOCIAL, "for you alone", first["ts"])
    world.ines.click(offered, labels(offered)[0])
    form = world.ines.wait_for_view("Away")
    assert fields(form)["Last day"]["initial_date"] == "2030-03-08"
