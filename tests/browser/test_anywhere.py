"""A draft from a thread, by Copydesk's name, and from nowhere, by the shortcut."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bot_process import BotProcess, slack_settings
from tests.browser.conftest import People
from tests.browser.test_walk import SCREEN, Pictures, button, card, go_to, set_up_the_desk
from tests.player import Playground


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    """A workspace with Copydesk in it, as its own process."""
    folder = tmp_path / "bot"
    folder.mkdir()
    with Playground() as running, BotProcess(folder, slack_settings(running)):
        running.wait_for_app()
        yield running
        assert running.problems() == []


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "pictures")


def test_from_a_thread_and_from_nowhere(open_page: People, pictures: Pictures) -> None:
    maya, tom = open_page("U0MAYA", size=SCREEN), open_page("U0TOM", size=SCREEN)
    set_up_the_desk(maya)

    go_to(tom, "social")
    aside = open_thread(tom, "Idea for a post")
    reply(aside, "@Copydesk draft")
    asked = ours(aside, "Ready to write")
    expect(button(asked, "Write the draft")).to_be_visible()
    pictures.take(tom, "asked")
    button(asked, "Write the draft").click()
    form = tom.get_by_role("dialog", name="New draft")
    expect(form.get_by_role("textbox", name="Text")).to_have_value(re.compile("Spring in a cup"))
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(ours(aside, "Became P-1")).to_be_visible()
    expect(ours(aside, "P-1 is saved")).to_be_visible()
    pictures.take(tom, "became")
    expect(ours(open_thread(maya, "Idea for a post"), "Became P-1")).to_be_visible()

    reply(aside, "@Copydesk history P-1")
    button(ours(aside, "This opens it"), "History").click()
    history = tom.get_by_role("dialog", name="History of P-1")
    expect(history).to_contain_text("Tom Lindqvist wrote version 1")
    pictures.take(tom, "history")
    history.get_by_role("button", name="Close").first.click()

    go_to(tom, "general")
    tom.get_by_role("button", name="Shortcuts").click()
    tom.get_by_role("menuitem", name="New draft").click()
    form = tom.get_by_role("dialog", name="New draft")
    expect(form.get_by_role("combobox", name="Desk")).to_have_value("#social")
    form.get_by_role("textbox", name="Text").fill("From nowhere")
    pictures.take(tom, "nowhere")
    form.get_by_role("button", name="Save").click()
    expect(tom.get_by_role("dialog")).to_contain_text("P-2 is saved.")
    pictures.take(tom, "said")
    tom.get_by_role("dialog").get_by_role("button", name="Close").first.click()
    go_to(tom, "Copydesk")
    expect(card(tom, "P-2 by Tom Lindqvist")).to_contain_text("From nowhere")
    expect(card(tom, "P-1 by Tom Lindqvist")).to_contain_text("From this message")
    pictures.take(tom, "cards")


def open_thread(page: Page, says: str) -> Locator:
    """Opens the thread of a message, beside the channel."""
    message = page.get_by_role("article").filter(has_text=says).first
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Reply in thread").click()
    aside = page.locator("#thread")
    expect(aside.get_by_role("heading", name="Thread")).to_be_visible()
    return aside


def reply(aside: Locator, text: str) -> None:
    box = aside.get_by_role("textbox", name="Reply in thread")
    box.fill(text)
    box.press("Enter")


def ours(aside: Locator, says: str) -> Locator:
    """The newest reply of ours that says this."""
    found = aside.get_by_role("article", name=re.compile("^Copydesk, "))
    return found.filter(has_text=says).last
