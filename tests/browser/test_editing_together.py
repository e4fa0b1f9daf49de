"""Two approvers edit a post at the same time, in a real browser: the second keeps what they typed
and sees what changed; whoever is asked again sees it word by word."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bot_process import BotProcess, slack_settings
from tests.browser.conftest import PHONE, People
from tests.browser.test_queue import fits, values, write
from tests.browser.test_walk import SCREEN, Pictures, button, card, go_to, offers
from tests.browser.test_walk import pictures as pictures
from tests.player import Playground, wait_until

TEXT = (
    "Spring in a cup is back 🍵 First harvest, picked by hand and dryed in small batches. In our"
    " shop from Tuesday, together with the blue teapot."
)
INES = TEXT.replace("dryed", "dried").replace("Tuesday", "Thursday")
KENJI = TEXT.replace("dryed", "dried").replace("blue teapot", "blue teapot that you asked about")
BOTH = INES.replace("blue teapot", "blue teapot that you asked about")
EDIT = "Edit and approve"


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    """A post that waits for Ines and for Kenji, at a desk that asks all of them."""
    folder = tmp_path / "bot"
    folder.mkdir()
    with Playground() as running, BotProcess(folder, slack_settings(running)):
        running.wait_for_app()
        maya, ines = running.player("U0MAYA"), running.player("U0INES")
        maya.command("C0SOCIAL", "/desk setup")
        asked: dict[str, object] = {"approvers": ["U0INES", "U0KENJI"], "need": "all"}
        asked["networks"] = ["linkedin", "bluesky"]
        maya.submit(maya.wait_for_view("Set up this desk"), values(asked))
        write(running.player("U0TOM"), {"text": TEXT, "when_saved": "send"})
        wait_until(lambda: len(ines.dms()) == 1, "a card for Ines")
        yield running
        assert running.problems() == []


def test_two_approvers_edit_at_once(open_page: People, pictures: Pictures) -> None:
    ines, kenji = open_page("U0INES", size=SCREEN), open_page("U0KENJI", size=SCREEN)
    first, second = form_of(ines), form_of(kenji)
    first.get_by_role("textbox", name="Text").fill(INES)
    second.get_by_role("textbox", name="Text").fill(KENJI)
    pictures.take(ines, "editing-1-form")
    first.get_by_role("button", name="Approve").click()
    expect(first).to_be_hidden()

    second.get_by_role("button", name="Approve").click()
    overtaken = second.get_by_text("Ines Ferrari saved version 2 while you were writing.")
    expect(overtaken).to_be_in_viewport()
    expect(second.get_by_role("textbox", name="Text")).to_have_value(KENJI)
    changed(second, gone=["dryed", "Tuesday"], new=["dried", "Thursday"])
    pictures.take(kenji, "editing-2-overtaken")
    second.get_by_role("textbox", name="Text").fill(BOTH)
    second.get_by_role("button", name="Approve").click()
    expect(second).to_be_hidden()

    phone = open_page("U0INES", size=PHONE, touch=True)
    go_to(phone, "Copydesk")
    asked = card(phone, "P-1", "What changed since version 2")
    offers(asked, "Open", "Approve", "Request changes", "Reject")
    changed(asked, gone=[], new=["that you asked about"])
    fits(phone, asked)
    pictures.take(phone, "editing-3-asked-again")
    button(asked, "Approve").tap()
    expect(card(phone, "P-1", "Approved")).to_be_visible()

    tom = open_page("U0TOM", size=SCREEN)
    go_to(tom, "Copydesk")
    expect(card(tom, "Kenji Sato edited and approved P-1")).to_be_visible()
    pictures.take(tom, "editing-4-owner")
    button(card(tom, "P-1 by"), "Open").click()
    tom.get_by_role("dialog").get_by_role("button", name="History").click()
    history = tom.get_by_role("dialog", name="History of P-1")
    changed(history, gone=["dryed", "Tuesday"], new=["dried", "Thursday", "that you asked about"])
    pictures.take(tom, "editing-5-history")


def form_of(page: Page) -> Locator:
    """The form Edit and approve, from the card in the channel."""
    button(card(page, "P-1", "In review"), "Open").click()
    page.get_by_role("dialog", name="P-1, version 1").get_by_role("button", name=EDIT).click()
    form = page.get_by_role("dialog", name=EDIT)
    expect(form.get_by_role("textbox", name="Text")).to_have_value(TEXT)
    return form


def changed(part: Locator, gone: list[str], new: list[str]) -> None:
    """The words that are struck through, and those in bold beside them."""
    quotes = part.locator("blockquote")
    expect(quotes.locator("s, del")).to_have_text(gone)
    expect(quotes.locator("strong, b")).to_have_text(new)
