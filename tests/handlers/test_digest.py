"""The digest in Slack: the message, its thread, and what people do with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from operations import desks, timetable
from operations.standups import answers
from operations.standups import settings as standup_settings
from rules.desks import Desk, Weekday
from rules.people import Person
from rules.standups import QuestionKind, Said, Standup, Weekly
from storage import people
from tests.handlers.world import MONDAY, PARTNERS, SOCIAL, World, read, values
from tests.player import Json, Player, labels, wait_until

# The desk is in Paris: 10:30 there.
DIGEST = datetime(2030, 3, 4, 9, 30, tzinfo=UTC)
DAY = date(2030, 3, 4)
TEAM = "T0LARKFIELD"
KNOW, BLOCKS = "What should the team know?", "What blocks you?"
TRENDING = "What is trending with our audience?"


def person(world: World, player: Player) -> Person:
    """Somebody as the desk knows them, which they are once they did something."""
    player.command(SOCIAL, "/desk help")
    with world.store.read() as tx:
        known = people.by_slack_id(tx, TEAM, player.id)
    assert known is not None, f"{player.id} is not known yet"
    return known


def met(world: World, *players: Player) -> list[Person]:
    """The people behind the players; Slack is asked who they are by a form that names them."""
    return [person(world, player) for player in players]


@pytest.fixture
def desk(world: World) -> Desk:
    """A desk with a standup: Maya manages, Ines and Tom approve, Kenji and Lea write."""
    return held_in(world, SOCIAL)


def held_in(world: World, channel: str, **more: object) -> Desk:
    world.set_up(world.ines, world.tom, world.lea, world.kenji, channel=channel)
    found = desks.find(world.store, TEAM, channel)
    assert found is not None
    members = known(world, world.maya, world.ines, world.tom, world.lea, world.kenji)
    wanted = Standup(found.id, is_on=True, members=tuple(p.id for p in members), **more)  # type: ignore[arg-type]
    standup_settings.save(world.store, members[0], wanted, MONDAY - timedelta(hours=4))
    return found


def known(world: World, *players: Player) -> list[Person]:
    with world.store.read() as tx:
        found = [people.by_slack_id(tx, TEAM, player.id) for player in players]
    assert all(found)
    return [one for one in found if one]


def says(
    world: World, desk: Desk, who: Player, know: str = "", blocks: str = "", trending: str = ""
) -> None:
    said = [
        Said(KNOW, know, QuestionKind.ANY),
        Said(BLOCKS, blocks, QuestionKind.BLOCKER),
        Said(TRENDING, trending, QuestionKind.DUTY),
    ]
    [one] = known(world, who)
    answers.answer(world.store, one, DAY, {desk.id: tuple(said)}, False, world.clock())


def told_there(world: World, who: Player, detail: Json, says: str) -> None:
    """Somebody reads a private answer in the thread in which they clicked."""

    def answer() -> bool:
        seen = who.messages(SOCIAL, detail["thread_ts"])
        return any(m["ephemeral"] and says in read(m) for m in seen)

    wait_until(answer, f"{who.id} is told “{says}” in the thread")


def comes(world: World, at: datetime = DIGEST) -> None:
    """The clock moves, and what falls due is told."""
    world.clock.at = at
    while timetable.run_due(world.store, at):
        pass
    told(world)


def told(world: World) -> None:
    """What was changed from here is told: nobody clicked, so nobody has woken the courier."""
    world.maya.command(SOCIAL, "/desk help")
    world.settle()


def digest(world: World, channel: str = SOCIAL) -> Json:
    """The digest's message, as it stands."""
    told(world)
    found = [m for m in world.maya.messages(channel) if "Standup, Monday 4 March" in read(m)]
    assert len(found) == 1
    return found[0]


def thread(world: World) -> list[Json]:
    root = digest(world)
    return world.maya.messages(SOCIAL, root["ts"])[1:]


def part(world: World, says: str) -> Json:
    return next(m for m in thread(world) if says in read(m))


def test_a_digest_is_a_glance_in_the_channel_and_its_detail_in_the_thread(
    world: World, desk: Desk
) -> None:
    world.draft(world.kenji, "Spring is here", publish_at=int(DIGEST.timestamp()) + 5400, send=True)
    says(world, desk, world.kenji, "The blend <!channel> arrives *today*", "No <pictures> yet")
    says(world, desk, world.lea, "-", "Nothing")
    comes(world)
    said = read(digest(world))
    for line in (
        "1 blocker*: Kenji Sato",
        "1 post today*, the first at 12:00 Paris time",
        "1 post waits for approval*, since",
        "2 answers",
    ):
        assert line in said
    [detail] = thread(world)
    said = read(detail)
    order = [
        "What blocks us",
        "No <pictures> yet",
        "*Today*",
        "*12:00* Paris time",
        "Spring is here",
        "Waits for approval",
        "Needs one of 3 approvers",
        KNOW,
        "The blend <!channel> arrives *today*",
        "One answer: nothing to tell",
    ]
    assert [each for each in order if each not in said] == [], said
    places = [said.index(each) for each in order]
    assert places == sorted(places)
    assert labels(detail).count("I can help") == 1
    world.open(world.tom, detail)


def test_nobody_is_named_for_saying_nothing(world: World, desk: Desk) -> None:
    says(world, desk, world.kenji, "Hello")
    comes(world)
    shown = read(digest(world)) + "".join(map(read, thread(world)))
    for name in ("Maya", "Ines", "Tom", "Lea"):
        assert name not in shown
    note = world.maya.wait_for_dm("Not in today's digest")
    said = read(note)
    for player in (world.maya, world.ines, world.lea):
        assert f"<@{player.id}>" in said
    assert f"Asked later, in their own morning: <@{world.tom.id}>" in said
    assert world.kenji.id not in said
    for player in (world.ines, world.tom, world.lea, world.kenji):
        assert not any("Not in today's digest" in read(m) for m in player.dms())
    for player in (world.maya, world.ines, world.lea):
        says(world, desk, player, "Here too")
    told(world)
    assert "Everybody has answered" in read(world.maya.again(note))


def test_a_quiet_day_is_one_line(world: World, desk: Desk) -> None:
    comes(world)
    root = digest(world)
    assert len(root["blocks"]) == 1
    assert "a quiet day" in read(root)
    assert thread(world) == []
    says(world, desk, world.kenji, "Something after all")
    assert "1 answer" in read(digest(world))
    assert "Something after all" in read(thread(world)[0])


def test_who_can_help_and_who_is_blocked_are_introduced(world: World, desk: Desk) -> None:
    says(world, desk, world.kenji, blocks="No pictures")
    comes(world)
    detail = part(world, "No pictures")
    world.lea.click(detail, "I can help")
    told_there(world, world.lea, detail, "You and Kenji Sato have a message from me")
    theirs = read(world.kenji.wait_for_dm("can help with what you wrote"))
    assert f"<@{world.lea.id}>" in theirs
    assert "No pictures" in theirs
    mine = read(world.lea.wait_for_dm("You offered to help"))
    assert f"<@{world.kenji.id}>" in mine
    detail = part(world, "No pictures")
    assert "Lea Brandt has offered to help" in read(detail)
    world.lea.click(detail, "I can help")
    told_there(world, world.lea, detail, "You have offered to help Kenji Sato already")
    world.kenji.click(detail, "I can help")
    told_there(world, world.kenji, detail, "This is what you wrote yourself")
    assert sum("You offered" in read(m) for m in world.lea.dms()) == 1


def test_a_recap_stands_on_top_and_can_be_changed(world: World, desk: Desk) -> None:
    world.maya.command(SOCIAL, "/standup recap")
    form = world.maya.wait_for_view("Recap")
    world.maya.submit(form, values(recap="A calm week. *Thank you.*"))
    world.told(world.maya, SOCIAL, "The recap is kept")
    says(world, desk, world.kenji, "Hello")
    comes(world)
    root = digest(world)
    assert read(root).index("A calm week. *Thank you.*") < read(root).index("1 answer")
    assert "Recap by Maya Okafor" in read(root)
    note = world.maya.wait_for_dm("Not in today's digest")
    world.maya.click(note, "Recap")
    form = world.maya.wait_for_view("Recap")
    world.maya.submit(form, values(recap="A busy week."))
    world.settle()
    assert "A busy week." in read(digest(world))


def test_who_manages_nothing_writes_no_recap(world: World, desk: Desk) -> None:
    world.tom.command(SOCIAL, "/standup recap")
    ack = world.told(world.tom, SOCIAL, "managers")
    assert world.tom.view() is None
    assert "Maya Okafor" in read(ack)


def test_where_people_from_outside_read_along_the_answers_are_behind_a_button(
    world: World,
) -> None:
    desk = held_in(world, PARTNERS)
    says(world, desk, world.ines, "Between us", "No pictures")
    comes(world)
    root = digest(world, PARTNERS)
    assert "Between us" not in str(root)
    assert "Ines" not in read(root)
    assert world.maya.messages(PARTNERS, root["ts"])[1:] == []
    world.sam.click(root, "Answers")
    world.told(world.sam, PARTNERS, "for its own people")
    assert world.sam.view() is None
    world.maya.click(root, "Answers")
    view = world.maya.wait_for_view("Answers")
    assert "Between us" in read(view)
    world.maya.click_view(view, "I can help")
    world.noted(world.maya, "You and Ines Ferrari have a message")


def test_many_answers_fill_several_messages_and_none_is_lost(world: World, desk: Desk) -> None:
    for player in (world.maya, world.ines, world.tom, world.lea, world.kenji):
        says(world, desk, player, f"{player.id} " + "x" * 900, f"{player.id} " + "y" * 900)
    comes(world)
    parts = thread(world)
    assert len(parts) == 2
    everything = "".join(map(read, parts))
    assert everything.count("x" * 900) == everything.count("y" * 900) == 5
    assert "(continued)" in everything


# The week.


@pytest.fixture
def weekly(world: World) -> Desk:
    """A desk whose week is looked back on, on Monday at 16:00 in Paris, by Ines first."""
    world.set_up(world.ines, world.tom, world.lea, world.kenji)
    found = desks.find(world.store, TEAM, SOCIAL)
    assert found is not None
    members = known(world, world.maya, world.ines, world.tom, world.lea, world.kenji)
    wanted = Standup(
        found.id,
        is_on=True,
        members=tuple(p.id for p in members),
        weekly=Weekly(Weekday.MONDAY, time(16), members[1].id),
    )
    standup_settings.save(world.store, members[0], wanted, MONDAY - timedelta(hours=4))
    return found


def week_of(world: World) -> list[Json]:
    return [m for m in world.maya.messages(SOCIAL) if "The week until Monday 4 March" in read(m)]


def test_the_week_is_shown_to_one_person_edited_and_posted(world: World, weekly: Desk) -> None:
    code = world.draft(world.kenji, "Spring is here", send=True)
    world.ines.click(world.channel_card(code), "Approve")
    world.settle()
    says(world, weekly, world.lea, trending="Blue teapots")
    comes(world, DIGEST + timedelta(hours=4, minutes=30))
    draft = world.ines.wait_for_dm("The week until Monday 4 March")
    for line in ("No posts published", "Nothing slipped", "wrote 1 post", "Blue teapots"):
        assert line in read(draft)
    assert week_of(world) == []
    world.ines.click(draft, "Edit")
    form = world.ines.wait_for_view("Weekly digest")
    assert "Lea Brandt, Monday 4 March: Blue teapots" in str(form)
    world.ines.submit(form, values(note="Well done", findings="Teapots, all blue\nRain"))
    world.settle()
    draft = world.ines.again(draft)
    world.ines.click(draft, "Post")
    world.settle()
    [posted] = week_of(world)
    for line in ("Well done", "Teapots, all blue", "Rain", "took 1 decision"):
        assert line in read(posted)
    assert "Lea Brandt, Monday" not in read(posted)
    assert "is in" in read(world.ines.again(draft))
    world.ines.click(draft, "Edit")
    assert world.told(world.ines, world.ines.direct(), "is posted")
    comes(world, DIGEST + timedelta(hours=5, minutes=30))
    assert len(week_of(world)) == 1


def test_whoever_does_nothing_has_it_posted_at_its_hour(world: World, weekly: Desk) -> None:
    comes(world, DIGEST + timedelta(hours=4, minutes=30))
    draft = world.ines.wait_for_dm("It was quiet")
    comes(world, DIGEST + timedelta(hours=5, minutes=30))
    [posted] = week_of(world)
    assert "It was quiet" in read(posted)
    assert labels(world.ines.again(draft)) == []
    world.lea.click(world.plant(SOCIAL, "weekly:post", "1"), "Open")
    world.told(world.lea, SOCIAL, "Only who gets this weekly digest")
