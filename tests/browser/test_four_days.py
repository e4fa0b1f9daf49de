"""Four days of a desk between Paris, New York and Tokyo, over a weekend and a holiday, with one of
its approvers away and covered for. What Copydesk says to each of them is counted.

The picture of a morning is the README's:

    make test ARGS=tests/browser/test_four_days.py PICTURES=docs/pictures
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import People
from tests.browser.four_days import PARIS, Week, started, submit, with_nora
from tests.browser.test_walk import Pictures, button, card, go_to, pictures
from tests.handlers.world import SOCIAL, read
from tests.player import Playground

__all__ = ["pictures"]

SCREEN: ViewportSize = {"width": 1080, "height": 1400}

# Easter Monday is a holiday in France; Good Friday isn't.
THURSDAY, FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = (date(2030, 4, day) for day in range(18, 24))
WEDNESDAY = TUESDAY + timedelta(1)

# On a normal day, with six people and ten posts in flight.
MOST_FOR_A_PERSON, MOST_IN_THE_CHANNEL = 4, 6


def paris(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment at the desk. New York is six hours behind, Tokyo seven ahead."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(PARIS))


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    with Playground(people=with_nora(tmp_path)) as running:
        running.move_clock(to=paris(THURSDAY, 15))
        yield running
        assert running.problems() == []


@pytest.fixture
def week(playground: Playground, tmp_path: Path) -> Iterator[Week]:
    with started(playground, tmp_path) as running:
        yield running


def test_four_days(week: Week, open_page: People, pictures: Pictures) -> None:
    ines, maya = open_page("U0INES", size=SCREEN), open_page("U0MAYA", size=SCREEN)
    tom = open_page("U0TOM", size=SCREEN)
    ten_posts_are_in_flight(week)
    friday_begins_in_tokyo(week)
    friday_morning(week, ines, maya, pictures)
    a_post_is_missed(week, maya)
    a_reminder_is_dealt_with(week, ines)
    new_york_answers_late(week, maya, tom)
    no_more_than_a_normal_day(week, FRIDAY)
    nobody_is_asked_on_days_off(week)
    the_bot_sleeps_through_a_night(week)
    tuesday(week, tom)
    no_more_than_a_normal_day(week, TUESDAY)
    nora_comes_back(week)


def ten_posts_are_in_flight(week: Week) -> None:
    ines, kenji, tom = week.ines, week.kenji, week.tom
    week.set_up()
    week.nora.command(SOCIAL, "/standup away until tuesday")
    submit(week.nora, "Away", cover=week.lea.id)
    week.write(kenji, "Spring in a cup is back.", paris(FRIDAY, 15))
    week.write(tom, "How long to steep a white tea?", paris(TUESDAY, 16))
    week.write(tom, "Rainy Friday, warm cup.", paris(FRIDAY, 12))
    week.write(kenji, "The blue teapot.")
    week.write(tom, "Thank you for 10,000 cups.", send=False)
    week.write(kenji, "Cups under 200 ml.", paris(WEDNESDAY, 19), send=False)
    week.write(tom, "The harvest festival.", paris(WEDNESDAY, 12))
    week.write(kenji, "Cold brew in wine glasses.")
    week.write(kenji, "We open an hour later on Sunday.")
    week.write(week.maya, "Larkfield and its partners.", paris(WEDNESDAY + timedelta(1), 12))
    for who in (ines, week.lea):
        week.clicks(who, "Approve", "P-1", "P-7", "P-8")
    week.clicks(ines, "Request changes", "P-4")
    submit(ines, "Request changes", comment="With a picture, please.")
    week.goes_to(paris(THURSDAY, 22))


def friday_begins_in_tokyo(week: Week) -> None:
    kenji = week.kenji
    week.goes_to(paris(FRIDAY, 1, 59))
    assert week.to_person(kenji, FRIDAY) == []
    week.goes_to(paris(FRIDAY, 2))
    assert mornings(week, FRIDAY) == {kenji.id: 1}
    overnight = ("Quiet.", "Cold brew.", "None.")
    week.answers(kenji, "The photographer is here on Tuesday.", "No picture of it yet.", *overnight)
    week.clicks(kenji, "Edit", "P-4")
    submit(kenji, "Edit P-4", text="The blue teapot, in a picture.", when_saved="send")


def friday_morning(week: Week, ines: Page, maya: Page, pictures: Pictures) -> None:
    lea = week.lea
    week.goes_to(paris(FRIDAY, 9))
    assert mornings(week, FRIDAY) == dict.fromkeys(
        (week.kenji.id, week.maya.id, week.ines.id, lea.id), 1
    )
    go_to(ines, "Copydesk")
    asked = card(ines, "Friday 19 April")
    expect(asked).to_contain_text("P-2 by Tom Lindqvist")
    pictures.take(ines, "morning", asked)
    asked.get_by_role("button", name="Approve P-2").click()
    expect(asked).not_to_contain_text("P-2 by")
    button(asked, "Answer").click()
    form = ines.get_by_role("dialog", name="Standup")
    form.get_by_role("textbox", name="What should the team know?").fill("I am in Milan today.")
    form.get_by_role("button", name="Send").click()
    expect(asked).to_contain_text("You answered your standup.")
    week.clicks(lea, "Approve", "P-2")
    lea.command(SOCIAL, "/standup skip")
    week.answers(week.maya, "Nora is away until Tuesday: ask Lea.", "Nothing")
    week.goes_to(paris(FRIDAY, 10))
    expect(digest(maya)).to_contain_text("1 blocker: Kenji Sato")
    expect(digest(maya)).to_contain_text("3 answers")
    expect(digest(maya)).to_contain_text("Away: Nora Vidal (until Tuesday 23 April)")
    week.goes_to(paris(FRIDAY, 10, 15))  # Maya hears of P-3, which is due since yesterday


def a_post_is_missed(week: Week, maya: Page) -> None:
    week.goes_to(paris(FRIDAY, 12))
    go_to(maya, "Copydesk")
    button(card(maya, "It was to go out"), "New time").click()
    submit(week.maya, "New time", publish_at=int(paris(WEDNESDAY, 17).timestamp()))
    expect(button(card(maya, "Reminders", "P-3"), "New time")).to_have_count(0)
    for who in (week.ines, week.lea):
        week.clicks(who, "Approve", "P-3")


def a_reminder_is_dealt_with(week: Week, ines: Page) -> None:
    week.goes_to(paris(FRIDAY, 13))
    reminded = card(ines, "Your decision is due today at 3:00 PM")
    expect(reminded).to_contain_text("P-9")
    button(reminded, "Approve").click()
    expect(button(card(ines, "Reminders", "P-9"), "Approve")).to_have_count(0)
    week.clicks(week.lea, "Approve", "P-9")


def new_york_answers_late(week: Week, maya: Page, tom: Page) -> None:
    week.goes_to(paris(FRIDAY, 14, 59))
    assert week.tom.id not in mornings(week, FRIDAY)
    week.goes_to(paris(FRIDAY, 15))
    assert mornings(week, FRIDAY)[week.tom.id] == 1
    go_to(tom, "Copydesk")
    expect(card(tom, "Friday 19 April")).to_contain_text("Answer")
    week.answers(week.tom, "The partners have said yes.", "Nothing")
    week.clicks(week.tom, "Send for approval", "P-5")
    for who in (week.ines, week.lea):
        week.clicks(who, "Approve", "P-5")
    go_to(maya, "social")
    expect(digest(maya)).to_contain_text("4 answers")
    week.goes_to(paris(FRIDAY, 18))


def nobody_is_asked_on_days_off(week: Week) -> None:
    for day in (SATURDAY, SUNDAY, MONDAY):
        for hour in (2, 9, 10, 15):  # the mornings of three continents, and the digest
            week.goes_to(paris(day, hour))
        assert [week.to_person(who, day) for who in week.everybody] == [[]] * 6
        assert week.in_channel(day) == []


def the_bot_sleeps_through_a_night(week: Week) -> None:
    """It is stopped on the evening of the holiday, and started when Kenji should have been asked an
    hour ago."""
    week.goes_to(paris(MONDAY, 20))
    week.stops()
    week.playground.move_clock(to=paris(TUESDAY, 3))
    week.starts()
    assert mornings(week, TUESDAY) == {week.kenji.id: 1}


def tuesday(week: Week, tom: Page) -> None:
    week.clicks(week.kenji, "Send for approval", "P-6")
    week.goes_to(paris(TUESDAY, 9))
    assert week.lea.id in mornings(week, TUESDAY)
    for who in (week.ines, week.lea):
        week.clicks(who, "Approve", "P-4", "P-10")
    week.answers(week.lea, "The pictures are on the drive.", "Nothing", "-", "-", "-")
    week.goes_to(paris(TUESDAY, 10))
    week.goes_to(paris(TUESDAY, 15))
    week.goes_to(paris(TUESDAY, 16))
    handed = card(tom, "P-2 by Tom Lindqvist in #social")
    expect(handed).to_contain_text("is to go out now")
    expect(card(tom)).to_contain_text("How long to steep a white tea?")
    button(handed, "Published").click()
    submit(week.tom, "Publish P-2", link="https://larkfield.example/tea")
    expect(button(handed, "Published")).to_have_count(0)
    go_to(tom, "social")
    expect(digest(tom)).to_contain_text("Standup, Tuesday 23 April")
    week.goes_to(paris(TUESDAY, 18))
    before = week.said()
    week.stops()
    week.starts()
    assert week.said() == before


def nora_comes_back(week: Week) -> None:
    assert week.nora.dms() == []
    week.goes_to(paris(WEDNESDAY, 9))
    assert mornings(week, WEDNESDAY)[week.nora.id] == 1
    week.clicks(week.nora, "Approve", "P-6")


def no_more_than_a_normal_day(week: Week, day: date) -> None:
    for who in week.everybody:
        said = [read(message) for message in week.to_person(who, day)]
        assert len(said) <= MOST_FOR_A_PERSON, (who.id, said)
    said = [read(message) for message in week.in_channel(day)]
    assert len(said) <= MOST_IN_THE_CHANNEL, said


def mornings(week: Week, day: date) -> dict[str, int]:
    """Who was asked on a day of theirs, and how often."""
    title = f"*{day:%A} {day.day} April*"
    counts = {
        who.id: sum(read(m).startswith(title) for m in week.to_person(who, day))
        for who in week.everybody
    }
    return {who: count for who, count in counts.items() if count}


def digest(page: Page) -> Locator:
    """The newest digest in the channel, in the page that has it open."""
    return card(page, "Standup, ")
