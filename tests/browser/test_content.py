"""A post with all that it can have, in a real browser: an image that is described only later, a
link, and a text of its own for X; on the card, in Open and in the previews."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bot_process import BotProcess, slack_settings
from tests.browser.conftest import PHONE, People
from tests.browser.test_files import is_drawn, png
from tests.browser.test_queue import fits, values
from tests.browser.test_walk import (
    SCREEN,
    Pictures,
    button,
    card,
    go_to,
    offers,
    type_command,
)
from tests.browser.test_walk import pictures as pictures
from tests.player import Playground

TEXT = (
    "Spring in a cup is back 🍵 First harvest, picked by hand and dried in small batches on the"
    " slope behind the old mill. It tastes of fresh hay, of sweet chestnut and a little of rain."
    " In our shop from Thursday, together with the blue teapot that everybody asked about last"
    " year. #SpringTea #Larkfield"
)
FOR_X = "Spring in a cup is back 🍵 In our shop from Thursday, with the blue teapot. #SpringTea"
LINK = "https://shop.larkfield.example/spring-tea"
ALT = "A blue teapot beside a bowl of bright green tea leaves"


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    """A desk that asks Ines or Kenji."""
    folder = tmp_path / "bot"
    folder.mkdir()
    with Playground() as running, BotProcess(folder, slack_settings(running)):
        running.wait_for_app()
        maya = running.player("U0MAYA")
        maya.command("C0SOCIAL", "/desk setup")
        asked: dict[str, object] = {"approvers": ["U0INES", "U0KENJI"], "need": "any"}
        asked["networks"] = ["linkedin", "x"]
        maya.submit(maya.wait_for_view("Set up this desk"), values(asked))
        yield running
        assert running.problems() == []


def test_everything_that_a_post_can_have(open_page: People, pictures: Pictures) -> None:
    tom = open_page("U0TOM", size=SCREEN)
    write_it(tom, pictures)
    go_to(tom, "Copydesk")
    draft = card(tom, "P-1 by Tom Lindqvist")
    offers(draft, "Open", "Send for approval", "Edit", "Add alt text")
    expect(draft).to_contain_text("No alt text yet: “teapot.png”")
    pictures.take(tom, "content-3-draft")
    describe_the_image(tom, pictures)
    button(draft, "Send for approval").click()
    expect(draft).to_contain_text("In review")

    look_at_it(open_page("U0INES", size=SCREEN), pictures, "desktop")
    look_at_it(open_page("U0KENJI", size=PHONE, touch=True), pictures, "phone")


def write_it(page: Page, pictures: Pictures) -> None:
    type_command(page, "/draft")
    form = page.get_by_role("dialog", name="New draft")
    form.get_by_role("textbox", name="Text").fill(TEXT)
    form.get_by_label("Images and files").set_input_files([png("teapot.png", 1200, 675)])
    form.get_by_role("textbox", name="Link").fill(LINK)
    form.get_by_role("radio", name="Send for approval now").check()
    pictures.take(page, "content-1-form")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Too long for X.")).to_be_in_viewport()
    pictures.take(page, "content-2-too-long")
    form.get_by_role("textbox", name="Text for X").fill(FOR_X)
    expect(form.get_by_role("textbox", name="Text", exact=True)).to_have_value(TEXT)
    expect(form).to_contain_text("teapot.png")
    form.get_by_role("radio", name="Keep as my draft").check()
    form.get_by_role("button", name="Save").click()
    asked = page.get_by_role("dialog", name="Alt text of P-1")
    is_drawn(asked.get_by_role("img", name="teapot.png"), 1200)
    asked.get_by_role("button", name="Save").click()
    expect(asked).to_be_hidden()


def describe_the_image(page: Page, pictures: Pictures) -> None:
    draft = card(page, "P-1 by Tom Lindqvist")
    button(draft, "Add alt text").click()
    asked = page.get_by_role("dialog", name="Alt text of P-1")
    asked.get_by_role("textbox", name="What “teapot.png” shows").fill(ALT)
    pictures.take(page, "content-4-alt")
    asked.get_by_role("button", name="Save").click()
    expect(draft).not_to_contain_text("No alt text yet")
    offers(draft, "Open", "Send for approval", "Edit")


def look_at_it(page: Page, pictures: Pictures, name: str) -> None:
    waiting = card(page, "P-1", "In review")
    offers(waiting, "Open", "Approve", "Request changes", "Reject")
    for said in (TEXT, "Text for X", FOR_X, LINK):
        expect(waiting).to_contain_text(said)
    is_drawn(waiting.get_by_role("img", name=ALT), 1200)
    fits(page, waiting)
    pictures.take(page, f"content-5-card-{name}")
    button(waiting, "Open").click()
    post = page.get_by_role("dialog", name="P-1, version 2")
    expect(post).to_contain_text(f"Alt text: {ALT}")
    fits(page, post)
    pictures.take(page, f"content-6-open-{name}")
    for network, says in (("LinkedIn", "LinkedIn"), ("X", FOR_X)):
        preview(page, post, network, says)
        pictures.take(page, f"content-7-{network.lower()}-{name}")
        page.get_by_role("dialog").last.get_by_role("button", name="Close").click()
    post.get_by_role("combobox", name="Preview").scroll_into_view_if_needed()
    pictures.take(page, f"content-8-ways-{name}")


def preview(page: Page, post: Locator, network: str, says: str) -> None:
    post.get_by_role("combobox", name="Preview").click()
    post.get_by_role("option", name=f"Preview on {network}").click()
    shown = page.get_by_role("dialog", name=f"P-1 on {network}")
    expect(shown).to_contain_text(says)
    fits(page, shown)
