"""A standup as its people see it: a manager switches it on, a member is asked and answers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.bot_process import BotProcess, slack_settings
from tests.browser.conftest import DESKTOP, PHONE, People
from tests.browser.filling import choose
from tests.browser.test_queue import fits, values, write
from tests.browser.test_walk import Pictures, button, card, go_to, type_command
from tests.player import Playground, wait_until

SOCIAL = "C0SOCIAL"
# A Monday: seven in the morning in Paris and Rome.
SEVEN = datetime(2030, 3, 4, 6, tzinfo=UTC)
NINE = SEVEN + timedelta(hours=2)
NOON = int((SEVEN + timedelta(hours=5)).timestamp())


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    """A desk at which two posts wait for Ines, and one of hers goes out at noon."""
    folder = tmp_path / "bot"
    folder.mkdir()
    with Playground() as running, BotProcess(folder, slack_settings(running)):
        running.wait_for_app()
        running.move_clock(to=SEVEN)
        maya, tom, ines = (running.player(f"U0{name}") for name in ("MAYA", "TOM", "INES"))
        maya.command(SOCIAL, "/desk setup")
        networks = ["linkedin", "x"]
        asked: dict[str, object] = {"approvers": [ines.id], "need": "any", "networks": networks}
        maya.submit(maya.wait_for_view("Set up this desk"), values(asked))
        for text in ("Three minutes, at 80 °C or less.", "Rainy Monday, warm cup."):
            write(tom, {"text": text, "when_saved": "send"})
        write(ines, {"text": "The harvest festival is on Friday.", "publish_at": NOON})
        wait_until(lambda: len(ines.dms()) == 3, "three cards for Ines")
        yield running
        assert running.problems() == []


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "pictures")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_morning(
    open_page: People, playground: Playground, pictures: Pictures, size: ViewportSize
) -> None:
    maya, ines = open_page("U0MAYA", size=size), open_page("U0INES", size=size)
    switch_on(maya, pictures)
    go_to(ines, "Copydesk")
    playground.move_clock(to=NINE)
    asked = card(ines, "Monday 4 March")
    expect(asked).to_contain_text("2 posts wait for you, and 1 of yours is due")
    expect(asked).to_contain_text("P-3 · today at 12:00 PM")
    expect(asked).to_contain_text("You are on duty this week in #social.")
    fits(ines, asked)
    pictures.take(ines, "morning", asked)
    button(asked, "Approve").first.click()
    expect(asked).to_contain_text("1 post waits for you")

    button(asked, "Answer").click()
    form = ines.get_by_role("dialog", name="Standup")
    expect(form).to_contain_text("The harvest festival is on Friday.")
    fill(form)
    fits(ines, form)
    pictures.take(ines, "answer")
    form.get_by_role("button", name="Send").click()
    expect(form).to_be_hidden()
    expect(asked).to_contain_text("You answered your standup.")
    expect(card(maya_reads(maya), "Ines Ferrari has too much")).to_contain_text("harvest festival")
    pictures.take(maya, "too-much")

    button(asked, "Edit").click()
    expect(form.get_by_role("textbox", name="What blocks you?")).to_have_value("The logo.")


def switch_on(page: Page, pictures: Pictures) -> None:
    type_command(page, "/desk standup")
    form = page.get_by_role("dialog", name="Standup")
    expect(form.get_by_role("checkbox", name="Ask the members")).not_to_be_checked()
    pictures.take(page, "settings")
    form.get_by_role("checkbox", name="Ask the members").check()
    choose(form, "Members (optional)", "Ines Ferrari", "Kenji Sato")
    choose(form, "On duty (optional)", "Ines Ferrari", "Kenji Sato")
    pictures.take(page, "settings-below")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(card(page, "2 members are asked at 09:00")).to_be_visible()


def fill(form: Locator) -> None:
    form.get_by_role("textbox", name="What should the team know?").fill("We launch on *Friday*.")
    form.get_by_role("textbox", name="What blocks you?").fill("The logo.")
    form.get_by_role("textbox", name="What happened overnight?").fill("Quiet.")
    form.get_by_role("checkbox", name="I have too much").check()


def maya_reads(page: Page) -> Page:
    go_to(page, "Copydesk")
    return page
