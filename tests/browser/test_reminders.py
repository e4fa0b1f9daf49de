"""Reminders as their people see them: an approver, a manager, and who owns a post at its time."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.bot_process import BotProcess, slack_settings
from tests.browser.conftest import DESKTOP, PHONE, People
from tests.browser.filling import choose
from tests.browser.test_queue import fits, values, write
from tests.browser.test_walk import Pictures, button, card, go_to
from tests.player import Playground, wait_until

# Monday, 10:00 in Paris and Rome.
TEN = datetime(2030, 3, 4, 9, tzinfo=UTC)
FIVE = TEN + timedelta(hours=7)
TOMORROW = TEN + timedelta(days=1, hours=1)
TEXTS = ("Three minutes, at 80 °C or less.", "Rainy Monday, warm cup.", "*Iced* tea & <biscuits>")


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    """Three posts of Lea's wait for Ines: one is to be out on Tuesday, another may be any time,
    and the third is approved and goes out on Monday at 17:00."""
    folder = tmp_path / "bot"
    folder.mkdir()
    with Playground() as running, BotProcess(folder, slack_settings(running)):
        running.wait_for_app()
        running.move_clock(to=TEN)
        maya, lea, ines = (running.player(f"U0{name}") for name in ("MAYA", "LEA", "INES"))
        maya.command("C0SOCIAL", "/desk setup")
        networks = ["linkedin", "x"]
        asked: dict[str, object] = {"approvers": [ines.id], "need": "any", "networks": networks}
        maya.submit(maya.wait_for_view("Set up this desk"), values(asked))
        for text, at in zip(TEXTS, (TOMORROW, None, FIVE), strict=True):
            out = {"publish_at": int(at.timestamp())} if at else {}
            write(lea, {"text": text, "when_saved": "send", **out})
        wait_until(lambda: len(ines.dms()) == 3, "three cards for Ines")
        ines.click(ines.dms()[-1], "Approve")
        yield running
        assert running.problems() == []


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "pictures")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_day_of_reminders(
    open_page: People, playground: Playground, pictures: Pictures, size: ViewportSize
) -> None:
    ines, lea, maya = (messages(open_page, name, size) for name in ("INES", "LEA", "MAYA"))
    playground.move_clock(to=FIVE)

    asked = card(ines, "Reminders")
    expect(asked).to_contain_text("Your decision is due")
    fits(ines, asked)
    pictures.take(ines, "reminders", asked)

    handed = card(lea, "is to go out now on LinkedIn, X")
    fits(lea, handed)
    expect(card(lea, TEXTS[2]).last).to_have_text(re.compile(f"5:00 PM{re.escape(TEXTS[2])}$"))
    pictures.take(lea, "hand-off", handed)
    button(handed, "Published").click()
    form = lea.get_by_role("dialog", name="Publish P-3")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(button(handed, "Not now")).to_be_hidden()

    playground.move_clock(to=TOMORROW + timedelta(minutes=20))
    late = card(maya, "Reminders")
    expect(late).to_contain_text("it waits for Ines Ferrari")
    expect(late).to_contain_text("isn't approved")
    fits(maya, late)
    pictures.take(maya, "undecided", late)
    button(late, "New time").click()
    form = maya.get_by_role("dialog", name="New time")
    pictures.take(maya, "new-time")
    form.get_by_role("button", name="Cancel").click()
    button(late, "Reassign").click()
    form = maya.get_by_role("dialog", name="Reassign")
    choose(form, "Who decides instead?", "Kenji Sato")
    fits(maya, form)
    pictures.take(maya, "reassign")
    form.get_by_role("button", name="Reassign").click()
    expect(form).to_be_hidden()
    expect(late).to_contain_text("it waits for Kenji Sato")

    missed = card(lea, "isn't approved")
    missed.scroll_into_view_if_needed()
    pictures.take(lea, "missed", missed)
    own = card(lea, "P-2 by Lea Brandt", "Reminded: Ines Ferrari")
    own.scroll_into_view_if_needed()
    pictures.take(lea, "owners-card", own)


def messages(open_page: People, name: str, size: ViewportSize) -> Page:
    page = open_page(f"U0{name}", size=size)
    go_to(page, "Copydesk")
    return page
