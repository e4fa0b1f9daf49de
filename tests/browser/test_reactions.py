"""Reactions on the page: added from a message's menu, taken back by a click, heard by the app."""

from playwright.sync_api import Page, expect

from tests.browser.app import Showcase, section
from tests.browser.conftest import People
from tests.player import Playground, wait_until


def react(page: Page, ts: str, words: str) -> None:
    message = page.locator(f"#pane article[data-ts='{ts}']")
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name=f"React with {words}").click()


def test_a_reaction_is_added_seen_and_taken_back(
    app: Showcase, playground: Playground, open_page: People
) -> None:
    ts = app.post(section("A card"))
    page, others = open_page("U0INES"), open_page("U0MAYA")
    react(page, ts, "a check mark")
    mine = page.get_by_role("button", name="white_check_mark: Ines Ferrari")
    expect(mine).to_have_text("✅1")
    expect(mine).to_have_attribute("aria-pressed", "true")
    theirs = others.get_by_role("button", name="white_check_mark: Ines Ferrari")
    expect(theirs).to_have_attribute("aria-pressed", "false")
    theirs.click()
    expect(page.get_by_role("button", name="white_check_mark")).to_have_text("✅2")

    def names() -> list[str]:
        seen = playground.player("U0MAYA").messages("C0SOCIAL")
        return [r["name"] for m in seen if m["ts"] == ts for r in m.get("reactions", [])]

    react(page, ts, "a thumb up")
    wait_until(lambda: names() == ["white_check_mark", "+1"], "both stand there")
    page.get_by_role("button", name="+1: Ines Ferrari").click()
    expect(page.get_by_role("button", name="+1: Ines Ferrari")).to_have_count(0)
    assert names() == ["white_check_mark"]
