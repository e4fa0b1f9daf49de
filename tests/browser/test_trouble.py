"""Trouble on order: calls that fail or are held, lost connections, another time."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect
from slack_sdk.errors import SlackApiError

from tests.browser.app import Showcase, section
from tests.browser.conftest import PHONE, People
from tests.player import Playground, wait_until


def opened(page: Page) -> Locator:
    page.get_by_role("button", name="Trouble").click()
    return page.get_by_role("complementary", name="Trouble")


def part(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("region", name=name)


def test_calls_that_fail(app: Showcase, open_page: People, playground: Playground) -> None:
    panel = opened(open_page("U0MAYA"))
    fails = part(panel, "The next calls fail")
    fails.get_by_label("Call", exact=True).select_option("chat.postMessage")
    fails.get_by_label("What happens").select_option("Too many requests (429)")
    fails.get_by_label("How many calls").fill("2")
    fails.get_by_label("Retry after, in seconds").fill("7")
    fails.get_by_role("button", name="Let it fail").click()
    ordered = panel.get_by_role("list", name="Ordered")
    expect(ordered).to_have_text("chat.postMessage, the next 2: Too many requests (429)")
    with pytest.raises(SlackApiError) as refused:
        app.post(section("Never"))
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"
    expect(ordered).to_have_text("chat.postMessage, the next one: Too many requests (429)")
    fails.get_by_role("button", name="Call it off").click()
    expect(ordered).to_have_text("")
    expect(fails.get_by_role("button", name="Call it off")).to_be_hidden()
    app.post(section("It works again"))
    assert [call["ok"] for call in playground.calls("chat.postMessage")] == [False, True]


def test_a_call_that_is_held(app: Showcase, open_page: People, playground: Playground) -> None:
    page = open_page("U0MAYA")
    panel = opened(page)
    holds = part(panel, "A call is held")
    holds.get_by_label("Call", exact=True).select_option("views.open")
    holds.get_by_role("button", name="Hold the next one").click()
    held = panel.get_by_role("list", name="Held")
    expect(held).to_have_text("views.open: the next one will be held, before it is done")
    with playground.player("U0MAYA").doing(
        lambda: playground.player("U0MAYA").command("C0SOCIAL", "/form")
    ):
        expect(held).to_have_text("views.open is held, before it is done")
        holds.get_by_role("button", name="Let go").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(held).to_have_text("")


def test_connections_that_are_cut(app: Showcase, open_page: People, playground: Playground) -> None:
    page = open_page("U0MAYA")
    connection = part(opened(page), "The connection")
    connection.get_by_role("button", name="Cut it").click()
    expect(page.get_by_text("Showcase isn't connected", exact=True)).to_be_visible()
    wait_until(lambda: playground.connected() == 1, "the app is back", 30)
    connection.get_by_role("button", name="Ask the app to come back anew").click()
    wait_until(lambda: "disconnected" in str(playground.log()[-4:]), "it was asked")


def test_what_reaches_nobody_is_told_at_once(open_page: People) -> None:
    page = open_page("U0MAYA")
    composer = page.get_by_role("textbox", name="Message #social")
    for number in (1, 2):
        composer.fill("/show")
        composer.press("Escape")
        composer.press("Enter")
        told = page.get_by_role("button", name=f"Traffic, {number} with problems")
        expect(told).to_be_visible()


def test_a_payload_comes_again(app: Showcase, open_page: People, playground: Playground) -> None:
    playground.player("U0MAYA").command("C0SOCIAL", "/show twice")
    first = app.next("command")
    page = open_page("U0MAYA")
    page.get_by_role("button", name="Traffic").click()
    entry = page.locator("#log .entry", has_text="/show twice").last
    entry.locator("summary").click()
    entry.get_by_role("button", name="Deliver again").click()
    assert app.next("command") == first


def test_another_day_by_keyboard_alone_on_a_phone(
    open_page: People, playground: Playground
) -> None:
    page = open_page("U0MAYA", size=PHONE)  # in Paris
    trouble = page.get_by_role("button", name="Trouble")
    trouble.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Trouble")
    expect(panel.get_by_role("heading", name="Trouble")).to_be_focused()
    box = panel.bounding_box()
    assert box is not None
    assert box["width"] <= PHONE["width"]
    calendar = part(panel, "The calendar")
    moment = calendar.get_by_label("Date and time")
    for _ in range(30):
        page.keyboard.press("Tab")
        if moment.evaluate("node => node === document.activeElement"):
            break
    expect(moment).to_be_focused()
    moment.fill("2031-07-01T09:30")
    moment.press("Enter")
    expect(calendar).to_contain_text("It is Tue, Jul 1, 9:30 AM, which is not the real time.")
    assert abs(playground.now() - datetime(2031, 7, 1, 7, 30, tzinfo=UTC)).total_seconds() < 60
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(trouble).to_be_focused()
