"""What waits, on a phone: five posts in five taps; then the same person's Home and lists."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.bot_process import BotProcess, slack_settings
from tests.browser.conftest import DESKTOP, PHONE, People
from tests.browser.test_files import png
from tests.browser.test_walk import Pictures, button, go_to, type_command
from tests.browser.test_walk import pictures as pictures
from tests.player import Player, Playground, wait_until

SOCIAL = "C0SOCIAL"
TEXTS = (
    "Spring in a cup is back 🍵 First harvest, picked by hand and dried in small batches. In our"
    " shop from Thursday, together with the blue teapot that everybody asked about last year.",
    "How long do you steep a white tea? Three minutes, water at 80 °C or less. Tell us yours.",
    "Rainy Tuesday, warm cup.",
    "We open an hour later on Friday: the whole team is at the harvest festival.",
    "Thank you for 10,000 cups. The next one is on us: bring this post to the shop.",
)


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    """A desk at which five posts wait for Ines."""
    folder = tmp_path / "bot"
    folder.mkdir()
    with Playground() as running, BotProcess(folder, slack_settings(running)):
        running.wait_for_app()
        set_up(running)
        yield running
        assert running.problems() == []


def set_up(playground: Playground) -> None:
    maya, tom, ines = (playground.player(f"U0{name}") for name in ("MAYA", "TOM", "INES"))
    maya.command(SOCIAL, "/desk setup")
    networks = ["linkedin", "x"]
    asked: dict[str, object] = {"approvers": [ines.id], "need": "any", "networks": networks}
    maya.submit(maya.wait_for_view("Set up this desk"), values(asked))
    for text in TEXTS:
        image = {"content": base64.b64encode(png("teapot.png", 1200, 675)["buffer"]).decode()}
        files = [tom.upload("teapot.png", alt="The blue teapot", **image)] * (text == TEXTS[0])
        write(tom, {"text": text, "when_saved": "send", **({"files:0": files} if files else {})})
    wait_until(lambda: len(ines.dms()) == len(TEXTS), "five cards for Ines")


def write(who: Player, typed: dict[str, object]) -> None:
    who.command(SOCIAL, "/draft")
    done = who.submit(who.wait_for_view("New draft"), values(typed))
    assert done["errors"] is None, done


def values(typed: dict[str, object]) -> dict[str, dict[str, object]]:
    return {name: {name: value} for name, value in typed.items()}


def test_five_posts_in_five_taps(open_page: People, pictures: Pictures) -> None:
    page = open_page("U0INES", size=PHONE, touch=True)
    type_command(page, "/desk queue")
    queue = page.get_by_role("dialog", name="Waits for you")
    expect(queue).to_contain_text("5 posts wait for you, oldest first.")
    expect(queue.get_by_role("img", name="The blue teapot")).to_be_visible()
    fits(page, queue)
    pictures.take(page, "queue")
    for text, left in zip(
        TEXTS, ("4 posts", "3 posts", "2 posts", "One post", "Nothing"), strict=True
    ):
        expect(queue).to_contain_text(text)
        button(queue, "Approve").first.tap()
        expect(queue).to_contain_text(re.compile(f"{left} waits? for you"))
        expect(queue).not_to_contain_text(text)
    expect(button(queue, "Approve")).to_have_count(0)
    pictures.take(page, "queue-done")


def test_a_queue_is_left_for_open_and_come_back_to(open_page: People) -> None:
    page = open_page("U0INES", size=PHONE, touch=True)
    type_command(page, "/desk queue")
    queue = page.get_by_role("dialog", name="Waits for you")
    button(queue, "Open").nth(1).tap()
    post = page.get_by_role("dialog", name="P-2, version 1")
    expect(post).to_contain_text(TEXTS[1])
    fits(page, post)
    button(post, "Approve").tap()
    expect(button(post, "Undo my decision")).to_be_visible()
    post.get_by_role("button", name="Close").tap()
    expect(queue).to_contain_text("4 posts wait for you")
    expect(queue).not_to_contain_text(TEXTS[1])


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_home_and_the_lists(open_page: People, pictures: Pictures, size: ViewportSize) -> None:
    page = open_page("U0INES", size=size)
    go_to(page, "Copydesk")
    page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    expect(home.get_by_role("heading", name="Waits for you")).to_be_visible()
    expect(home).to_contain_text("5 in review")
    fits(page, home)
    pictures.take(page, f"home-{size['width']}")
    button(home, "Approve").first.click()
    expect(home).to_contain_text("4 in review, 1 approved")
    expect(home).not_to_contain_text(TEXTS[0])
    button(home, "Posts").click()
    posts = page.get_by_role("dialog", name="Posts")
    expect(button(posts, "Open")).to_have_count(5)
    fits(page, posts)
    pictures.take(page, f"posts-{size['width']}")
    posts.get_by_role("combobox").first.click()
    posts.get_by_role("option", name="Approved").click()
    expect(button(posts, "Open")).to_have_count(1)
    button(posts, "Clear filters").click()
    expect(button(posts, "Open")).to_have_count(5)
    expect(button(posts, "Clear filters")).to_have_count(0)


def fits(page: Page, part: Locator) -> None:
    """Nothing sticks out at the side."""
    box = part.bounding_box()
    size = page.viewport_size
    assert box
    assert size
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert part.evaluate("e => e.scrollWidth <= e.clientWidth")
