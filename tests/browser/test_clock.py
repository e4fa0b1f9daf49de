"""The calendar on the page: it is read, moved, and put back."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.browser.app import Showcase, section
from tests.browser.conftest import People
from tests.player import Playground

# 10:30 in the evening in Paris.
FRIDAY = datetime(2030, 8, 2, 20, 30, tzinfo=UTC)


def test_the_calendar_is_moved_and_put_back(open_page: People, playground: Playground) -> None:
    page = open_page("U0MAYA")
    calendar = page.get_by_role("region", name="Calendar")
    expect(calendar.get_by_role("time")).to_be_visible()
    expect(calendar.get_by_role("button", name="Real time")).to_have_count(0)
    playground.move_clock(to=FRIDAY)
    expect(calendar.get_by_role("time")).to_have_text("Fri, Aug 2, 10:30 PM")
    calendar.get_by_role("button", name="+1 h").press("Enter")
    expect(calendar.get_by_role("time")).to_have_text("Fri, Aug 2, 11:30 PM")
    # Where the focus was, it still is: the next hour is the same key again.
    expect(calendar.get_by_role("button", name="+1 h")).to_be_focused()
    page.keyboard.press("Enter")
    expect(calendar.get_by_role("time")).to_have_text("Sat, Aug 3, 12:30 AM")
    calendar.get_by_role("button", name="Tomorrow 09:00").click()
    expect(calendar.get_by_role("time")).to_have_text("Sun, Aug 4, 9:00 AM")
    assert playground.now().date() == datetime(2030, 8, 4, tzinfo=UTC).date()
    calendar.get_by_role("button", name="Real time").click()
    expect(calendar.get_by_role("button", name="Real time")).to_have_count(0)
    assert abs(playground.now() - datetime.now(UTC)).total_seconds() < 60


def test_what_is_said_is_dated_by_the_calendar(
    app: Showcase, open_page: People, playground: Playground
) -> None:
    playground.move_clock(to=FRIDAY)
    moment = int(FRIDAY.timestamp()) + 86_400
    app.post(section(f"Due <!date^{moment}^{{date_short_pretty}} at {{time}}|soon>"))
    page = open_page("U0MAYA")
    card = page.locator("#pane article").last
    expect(card).to_contain_text("Due tomorrow at 10:30 PM")
    expect(card.get_by_role("time").first).to_have_text("10:30 PM")
    expect(page.locator("#pane")).to_contain_text("Today")
    # A day later the same message is yesterday's, and what is due is due today.
    page.get_by_role("button", name="Tomorrow 09:00").click()
    expect(card).to_contain_text("Due today at 10:30 PM")
    expect(page.locator("#pane")).to_contain_text("Yesterday")


def test_the_time_is_where_the_acted_person_is(open_page: People, playground: Playground) -> None:
    playground.move_clock(to=FRIDAY)
    tokyo = open_page("U0KENJI").get_by_role("region", name="Calendar")
    expect(tokyo.get_by_role("time")).to_have_text(re.compile("Sat, Aug 3, 5:3[01] AM"))
