"""Somebody goes away and comes back, as they, their cover and the post's owner see it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.bot_process import BotProcess, slack_settings
from tests.browser.conftest import DESKTOP, PHONE, People
from tests.browser.filling import choose
from tests.browser.test_queue import fits, values, write
from tests.browser.test_walk import Pictures, button, card, go_to, offers, type_command
from tests.player import Playground

SOCIAL = "C0SOCIAL"
# A Monday, ten in Rome; and the midnight after that Friday there.
MONDAY = datetime(2030, 3, 4, 9, tzinfo=UTC)
SATURDAY = datetime(2030, 3, 8, 23, tzinfo=UTC)


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    """A desk at which two posts wait for Ines."""
    folder = tmp_path / "bot"
    folder.mkdir()
    with Playground() as running, BotProcess(folder, slack_settings(running)):
        running.wait_for_app()
        running.move_clock(to=MONDAY)
        maya, tom = running.player("U0MAYA"), running.player("U0TOM")
        maya.command(SOCIAL, "/desk setup")
        asked: dict[str, object] = {"approvers": ["U0INES"], "need": "any", "networks": ["x"]}
        maya.submit(maya.wait_for_view("Set up this desk"), values(asked))
        for text in ("Three minutes, at 80 °C or less.", "Rainy Monday, warm cup."):
            write(tom, {"text": text, "when_saved": "send"})
        running.player("U0INES").wait_for_dm("P-2")
        yield running
        assert running.problems() == []


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "pictures")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_away_and_back(
    open_page: People, playground: Playground, pictures: Pictures, size: ViewportSize
) -> None:
    ines, kenji = open_page("U0INES", size=size), open_page("U0KENJI", size=size)
    tom = open_page("U0TOM", size=size)
    go_away(ines, pictures)

    go_to(kenji, "Copydesk")
    expect(card(kenji, "Ines Ferrari is away from Monday 4 March")).to_be_visible()
    waiting = card(kenji, "P-1 by", "For Ines Ferrari")
    expect(waiting).to_contain_text("For Ines Ferrari, who is away until Friday 8 March")
    fits(kenji, waiting)
    pictures.take(kenji, "cover", waiting)
    button(waiting, "Approve").click()
    go_to(tom, "Copydesk")
    expect(card(tom, "Kenji Sato approved P-1 for Ines Ferrari")).to_be_visible()
    own = card(tom, "P-2 by", "Kenji Sato covers")
    fits(tom, own)
    pictures.take(tom, "owner", own)

    go_to(ines, "Copydesk")
    small = card(ines, "P-2 by", "You are away until Friday 8 March; Kenji Sato covers")
    offers(small, "Open")
    pictures.take(ines, "approver", small)
    look_at_home(ines, "You are away until Friday 8 March; Kenji Sato covers.", pictures, "home")
    look_at_home(kenji, "You cover for Ines Ferrari (until Friday 8 March).", pictures, "covers")

    playground.move_clock(to=SATURDAY + timedelta(minutes=5))
    for page in (ines, kenji):
        page.get_by_role("tab", name="Messages").click()
    offers(card(kenji, "P-2 by", "You no longer cover for Ines Ferrari"), "Open")
    pictures.take(kenji, "no-longer")
    offers(card(ines, "P-2 by", "In review"), "Open", "Approve", "Request changes", "Reject")


def go_away(page: Page, pictures: Pictures) -> None:
    type_command(page, "/standup away until friday")
    form = page.get_by_role("dialog", name="Away")
    expect(form).to_contain_text("You are away from Monday 4 March to Friday 8 March, Rome time.")
    expect(form.get_by_label("First day")).to_have_value("2030-03-04")
    expect(form.get_by_label("Last day (optional)")).to_have_value("2030-03-08")
    choose(form, "Who covers? (optional)", "Ines Ferrari")
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text("Ines Ferrari is the one who is away. Choose somebody else")
    pictures.take(page, "refused")
    choose(form, "Who covers? (optional)", "Kenji Sato")
    fits(page, form)
    pictures.take(page, "form")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(card(page, "Kenji Sato covers")).to_contain_text("Type /standup back")
    pictures.take(page, "echo")


def look_at_home(page: Page, says: str, pictures: Pictures, name: str) -> None:
    page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    expect(home).to_contain_text(says)
    fits(page, home)
    pictures.take(page, name)
