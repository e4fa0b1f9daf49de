"""One walk through Copydesk in a real browser, as its people take it: from a channel without a
desk to a post that the right people have approved. Its screenshots are the README's pictures:

    make test ARGS=tests/browser/test_walk.py PICTURES=docs/pictures
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect

from tests.bot_process import BotProcess, slack_settings
from tests.browser.conftest import PHONE, People
from tests.player import Playground

# What stays legible in the width of a README.
SCREEN: ViewportSize = {"width": 1080, "height": 820}
# All of the form in which a post is written.
TALL: ViewportSize = {"width": 1080, "height": 1340}

FIRST = "Spring in a cup is back 🍵 First harvest, picked by hand & dried in small batches."
COMMENT = "Please say when it is in the shop."
SECOND = "Spring in a cup is back 🍵 First harvest, picked by hand. In our shop from Thursday."


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    """A workspace with Copydesk in it, as its own process."""
    folder = tmp_path / "bot"
    folder.mkdir()
    with Playground() as running, BotProcess(folder, slack_settings(running)):
        running.wait_for_app()
        yield running
        assert running.problems() == []


class Pictures:
    """Takes screenshots: into the repository's folder that PICTURES names, or a passing one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str, part: Locator | None = None) -> None:
        """All of the page, or the elements of `part` alone."""
        page.mouse.move(0, 0)  # a message under the mouse shows its tools
        clip = around(part) if part else None
        page.screenshot(path=self._folder / f"{name}.png", clip=clip)


def around(part: Locator) -> FloatRect:
    """The rectangle of the page that holds all elements of `part`."""
    boxes = [box for element in part.all() if (box := element.bounding_box())]
    left, top = min(b["x"] for b in boxes), min(b["y"] for b in boxes)
    right = max(b["x"] + b["width"] for b in boxes)
    bottom = max(b["y"] + b["height"] for b in boxes)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


@pytest.fixture
def pictures(tmp_path: Path, root: Path) -> Pictures:
    wanted = os.environ.get("PICTURES")
    return Pictures(root / wanted if wanted else tmp_path / "pictures")


def test_a_message_becomes_an_approved_post(open_page: People, pictures: Pictures) -> None:
    maya, tom = open_page("U0MAYA", size=SCREEN), open_page("U0TOM", size=SCREEN)
    ines, kenji = open_page("U0INES", size=SCREEN), open_page("U0KENJI", size=PHONE, touch=True)

    set_up_the_desk(maya)
    turn_a_message_into_a_draft(tom, pictures)
    send_it_for_approval(tom)
    expect(button(card(tom, "P-1"), "Send for approval")).to_be_hidden()
    for page in (tom, ines, kenji):
        go_to(page, "social")
        offers(card(page, "P-1", "In review"), "Open", "Approve", "Request changes", "Reject")
    pictures.take(ines, "review")

    request_changes(ines)
    go_to(tom, "Copydesk")
    for page in (maya, kenji):
        go_to(page, "social")
        finished = card(page, "P-1", "Changes requested")
        expect(finished).to_contain_text("Ines Ferrari asked for changes to version 1")
        offers(finished, "Open")
    expect(card(tom, "P-1 by", "Changes requested")).to_be_visible()
    go_to(kenji, "Copydesk")
    offers(card(kenji, "P-1", "Changes requested"), "Open")

    edit_and_send_again(tom, pictures)
    go_to(maya, "social")
    older = cards(maya, "P-1").first
    expect(older).to_contain_text("Version 2 replaced version 1")
    offers(older, "Open")

    approve(kenji, pictures)
    go_to(ines, "Copydesk")
    offers(card(ines, "P-1", "Kenji Sato approved version 2"), "Open")
    approved = card(maya, "P-1", "Approved for")
    expect(approved).to_contain_text("Kenji Sato approved version 2")
    offers(approved, "Open")
    offers(older, "Open")
    go_to(tom, "Copydesk")
    expect(card(tom, "Kenji Sato approved P-1")).to_be_visible()
    offers(card(tom, "P-1 by", "Approved for"), "Open", "Edit")
    look_back(tom, pictures)


def set_up_the_desk(page: Page) -> None:
    type_command(page, "/desk")
    button(card(page, "no desk yet"), "Set up this desk").click()
    form = page.get_by_role("dialog", name="Set up this desk")
    choose(form, "Approvers", "Ines Ferrari", "Kenji Sato")
    form.get_by_role("radio", name="Any one of them").check()
    choose(form, "Networks", "LinkedIn", "X", "Bluesky")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(card(page, "This desk is set up")).to_be_visible()


def turn_a_message_into_a_draft(page: Page, pictures: Pictures) -> None:
    idea = page.get_by_role("article").filter(has_text="Idea for a post")
    idea.hover()
    idea.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Turn into a draft").click()
    form = page.get_by_role("dialog", name="New draft")
    text = form.get_by_role("textbox", name="Text")
    expect(text).to_have_value(re.compile("Spring in a cup"))
    text.fill(FIRST)
    form.get_by_label("Publish at").fill(next_tuesday("America/New_York"))
    form.get_by_role("textbox", name="Notes for reviewers").fill("The blue teapot goes with it.")
    expect(form.get_by_role("radio", name="Keep as my draft")).to_be_checked()
    page.set_viewport_size(TALL)
    pictures.take(page, "draft", form)
    page.set_viewport_size(SCREEN)
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(card(page, "P-1 is saved")).to_be_visible()


def send_it_for_approval(page: Page) -> None:
    go_to(page, "Copydesk")
    draft = card(page, "P-1 by Tom Lindqvist")
    expect(draft).to_contain_text("Draft")
    expect(draft).to_contain_text(FIRST)
    button(draft, "Send for approval").click()
    expect(draft).to_contain_text("In review")


def request_changes(page: Page) -> None:
    go_to(page, "Copydesk")
    waiting = card(page, "P-1", "In review")
    expect(waiting).to_contain_text(FIRST)
    button(waiting, "Request changes").click()
    form = page.get_by_role("dialog", name="Request changes")
    form.get_by_role("textbox", name="What should change?").fill(COMMENT)
    form.get_by_role("button", name="Send").click()
    expect(form).to_be_hidden()
    offers(card(page, "Ines Ferrari asked for changes to version 1"), "Open")


def edit_and_send_again(page: Page, pictures: Pictures) -> None:
    notice = card(page, "Ines Ferrari asked for changes to P-1")
    expect(notice).to_contain_text(COMMENT)
    pictures.take(page, "changes", cards(page))
    button(notice, "Edit").click()
    form = page.get_by_role("dialog", name="Edit P-1")
    expect(form.get_by_role("radio", name="Send again")).to_be_checked()
    form.get_by_role("textbox", name="Text").fill(SECOND)
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(card(page, "P-1 by", "In review")).to_contain_text(SECOND)
    expect(button(notice, "Edit")).to_be_hidden()


def approve(page: Page, pictures: Pictures) -> None:
    waiting = card(page, "P-1", "In review")
    expect(waiting).to_contain_text(SECOND)
    pictures.take(page, "phone")
    button(waiting, "Approve").click()
    done = card(page, "Kenji Sato approved version 2")
    expect(done).to_contain_text("Approved for")
    offers(done, "Open")


def look_back(page: Page, pictures: Pictures) -> None:
    button(card(page, "P-1 by"), "Open").click()
    page.get_by_role("dialog").get_by_role("button", name="History").click()
    history = page.get_by_role("dialog", name="History of P-1")
    told = (
        "Tom Lindqvist wrote version 1",
        "Tom Lindqvist sent version 1 for approval",
        "Ines Ferrari asked for changes to version 1",
        "Tom Lindqvist wrote version 2",
        "Tom Lindqvist sent version 2 for approval",
        "Kenji Sato approved version 2",
    )
    expect(history.get_by_text(re.compile("version [12]"))).to_contain_text(told)
    pictures.take(page, "history", history)


def next_tuesday(zone: str) -> str:
    """Nine o'clock on a Tuesday that lies ahead, as a date-time picker takes it."""
    today = datetime.now(ZoneInfo(zone)).date()
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7 or 7)
    return datetime.combine(tuesday, time(9)).isoformat(timespec="minutes")


def go_to(page: Page, conversation: str) -> None:
    """Opens a conversation from the list, which is behind a button on a phone."""
    menu = page.get_by_role("button", name="Conversations")
    if menu.is_visible():
        menu.click()
    conversations = page.get_by_role("navigation", name="Conversations")
    conversations.get_by_role("link", name=conversation).click()
    expect(page.get_by_role("heading", level=1, name=conversation)).to_be_visible()
    if conversation == "Copydesk":  # it begins with the Home
        page.get_by_role("tab", name="Messages").click()


def type_command(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name=re.compile("^Message "))
    box.fill(text)
    box.press("Enter")


def choose(form: Locator, label: str, *options: str) -> None:
    for name in options:
        form.get_by_role("combobox", name=label).click()
        form.get_by_role("option", name=name, exact=name == "X").click()


def cards(page: Page, *says: str) -> Locator:
    """The app's messages in the open conversation that have all of this in them, oldest first."""
    found = page.get_by_role("log").get_by_role("article", name=re.compile("^Copydesk, "))
    for words in says:
        found = found.filter(has_text=words)
    return found


def card(page: Page, *says: str) -> Locator:
    """The newest of them."""
    return cards(page, *says).last


def button(message: Locator, label: str) -> Locator:
    """A button of a card, by what it shows (what a screen reader says may be longer)."""
    return message.get_by_role("button").filter(has_text=re.compile(f"^{label}$"))


def offers(message: Locator, *labels: str) -> None:
    """The card has these buttons, and no other; the "..." menu is the client's, not the card's."""
    expect(message.get_by_role("button").filter(has_text=re.compile(r"\w"))).to_have_text(labels)
