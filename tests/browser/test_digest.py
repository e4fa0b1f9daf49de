"""The digest in a real browser, of a team of three and of one of sixty. The picture of the former
is the README's:

    make test ARGS=tests/browser/test_digest.py PICTURES=docs/pictures
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from operations import desks, timetable
from operations.standups import answers
from operations.standups import settings as standup_settings
from rules.absences import Absence
from rules.desks import Desk
from rules.people import Person
from rules.standups import QuestionKind, Said, Standup
from storage import absences, people
from storage.people import Profile
from tests.browser.conftest import PHONE, People
from tests.browser.test_walk import Pictures, button, pictures
from tests.handlers.conftest import empty_database, world
from tests.handlers.world import SOCIAL, World
from tests.player import Playground

__all__ = ["empty_database", "pictures", "world"]

TEAM = "T0LARKFIELD"
DIGEST = datetime(2030, 3, 4, 9, 30, tzinfo=UTC)
DAY = date(2030, 3, 4)
KNOW, BLOCKS = "What should the team know?", "What blocks you?"
TRENDING = "What is trending with our audience?"

POSTS = (
    ("kenji", "Spring in a cup is back: first harvest, picked by hand.", 1.5),
    ("ines", "How long do you steep a white tea?", 26),
)
# The whole thread of a small team.
TALL: ViewportSize = {"width": 1080, "height": 1260}
SAID = (
    ("The spring blend arrives in the shop on Thursday.", "The pictures of the blue teapot."),
    ("Newsletter is out, 41% opened it.", "Nothing"),
    ("I am at the photographer until noon, call me if something burns.", "No access to X yet."),
    ("-", "-"),
    ("Two partners asked whether they may repost our steeping guide. I told them yes.", "none"),
)


@pytest.fixture
def playground(world: World) -> Playground:
    return world.playground


def set_up(world: World, members: Sequence[Person]) -> Desk:
    found = desks.find(world.store, TEAM, SOCIAL)
    assert found is not None
    wanted = Standup(found.id, is_on=True, members=tuple(one.id for one in members))
    standup_settings.save(world.store, members[0], wanted, DIGEST - timedelta(hours=4))
    return found


def crowd(world: World, count: int) -> list[Person]:
    """Maya, Ines and Kenji, who set a desk up, and as many others as it takes."""
    world.set_up(world.ines, world.kenji)
    with world.store.write() as tx:
        found = [people.by_slack_id(tx, TEAM, p.id) for p in (world.maya, world.ines, world.kenji)]
        names = ("Ada", "Bo", "Chiara", "Dario", "Elif", "Femi", "Greta", "Hugo")
        surnames = ("Bell", "Castro", "Duval", "Egger", "Fox", "Greco", "Hall")
        for number in range(count - 3):
            name = f"{names[number % 8]} {surnames[number % 7]}"
            profile = Profile(f"U9{number:04}", name, "Europe/Paris", "en-US")
            found.append(people.save(tx, TEAM, profile, DIGEST))
    return [one for one in found if one]


def answered(world: World, desk: Desk, who: Sequence[Person]) -> None:
    for number, one in enumerate(who):
        know, blocks = SAID[number % len(SAID)]
        said = [Said(KNOW, know, QuestionKind.ANY), Said(BLOCKS, blocks, QuestionKind.BLOCKER)]
        if number == 1:
            said.append(Said(TRENDING, "Cold brew in wine glasses.", QuestionKind.DUTY))
        answers.answer(world.store, one, DAY, {desk.id: tuple(said)}, False, world.clock())


def comes(world: World) -> None:
    world.clock.at = DIGEST
    world.playground.move_clock(to=DIGEST)
    timetable.run_due(world.store, DIGEST)
    world.maya.command(SOCIAL, "/desk help")
    world.settle()


def at(hours: float) -> int:
    return int((DIGEST + timedelta(hours=hours)).timestamp())


def thread_of(page: Page) -> Locator:
    """The messages of the digest's thread, opened."""
    page.get_by_role("button", name=re.compile(r"^\d+ repl")).last.click()
    replies = page.get_by_role("log", name="Replies").get_by_role("article")
    expect(replies.nth(1)).to_be_visible()
    return replies


@pytest.mark.parametrize("count", [3, 60])
def test_a_digest_that_people_want_to_read(
    world: World, open_page: People, pictures: Pictures, count: int
) -> None:
    everybody = crowd(world, count)
    desk = set_up(world, everybody)
    for who, text, hours in POSTS:
        player = getattr(world, who)
        world.draft(player, text, publish_at=at(hours), send=True)
    answered(world, desk, everybody[: count - 1])
    with world.store.write() as tx:
        gone = Absence(everybody[-1].id, DAY, DAY + timedelta(days=4), None)
        absences.add(tx, TEAM, gone, everybody[-1].id, DIGEST)
    comes(world)
    page = open_page("U0LEA", size=TALL)
    root = page.get_by_role("article").filter(has_text="Standup, Monday 4 March")
    expect(root).to_contain_text(f"{count - 1} answers")
    replies = thread_of(page)
    if count == 3:
        pictures.take(page, "digest", replies)
    helped = replies.filter(has_text="What blocks us").first
    button(helped, "I can help").first.click()
    expect(helped).to_contain_text("Lea Brandt has offered to help")
    expect(replies.last).to_contain_text("You and Maya Okafor have a message from me")
    phone = open_page("U0LEA", size=PHONE, touch=True)
    small = phone.get_by_role("article").filter(has_text="Standup, Monday 4 March")
    expect(small).to_be_visible()
    assert small.evaluate("e => e.scrollWidth <= e.clientWidth")
