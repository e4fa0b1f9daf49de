"""axe-core finds nothing that would shut anybody out: on the page, in its panels, in a form and in
the Home tab, in light and in dark, on a desktop and on a phone."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.app import Showcase, modal
from tests.browser.conftest import DESKTOP, PHONE, People
from tests.browser.every_input import CARD, INPUTS
from tests.browser.filling import open_form
from tests.player import Playground


def problems(page: Page, place: str) -> list[str]:
    """What axe-core objects to, and where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{place}: {rule['id']} ({rule['help']}): {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_shuts_anybody_out(
    app: Showcase,
    open_page: People,
    playground: Playground,
    size: ViewportSize,
    scheme: Literal["light", "dark"],
) -> None:
    found: list[str] = []
    app.form = modal(*INPUTS)
    app.home = {"type": "home", "blocks": list(CARD)}
    root = app.post(*CARD)
    playground.player("U0TOM").say("C0SOCIAL", "A reply to @Maya", thread_ts=root)
    page = open_page("U0MAYA", size=size, touch=size == PHONE, scheme=scheme)
    message = page.locator(f"#pane article[data-ts='{root}']")
    expect(message.get_by_role("button", name="Approve")).to_be_visible()
    found += problems(page, "page")

    message.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("article")).to_have_count(2)
    found += problems(page, "thread")
    thread.get_by_role("button", name="Close thread").click()

    playground.fault("chat.postMessage", "429", retry_after=30)
    playground.hold("views.open", "before")
    page.get_by_role("button", name="Trouble").click()
    expect(page.get_by_role("list", name="Held")).to_contain_text("views.open")
    found += problems(page, "trouble")
    playground.release()
    page.get_by_role("button", name="Close trouble").click()

    page.get_by_role("button", name="Traffic").click()
    page.locator("#log summary").first.click()
    found += problems(page, "traffic")
    page.get_by_role("button", name="Close traffic").click()

    dialog = open_form(page)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert").or_(dialog.locator(".field-error")).first).to_be_visible()
    found += problems(page, "form")
    dialog.get_by_role("combobox", name="Networks").click()
    expect(dialog.get_by_role("option").first).to_be_visible()
    found += problems(page, "list of options")
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="Dismiss").click()

    if size == PHONE:
        page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name="Act as").click()
    expect(page.get_by_role("menuitemradio", name="Tom Lindqvist")).to_be_visible()
    found += problems(page, "menu")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Showcase").click()
    expect(page.locator("#pane").get_by_role("button", name="Approve")).to_be_visible()
    found += problems(page, "Home")
    assert not found, "\n".join(found)
