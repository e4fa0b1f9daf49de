"""Nothing needs a mouse: from the address to a form that is sent, with keys alone."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.app import Showcase, field, modal
from tests.browser.conftest import People
from tests.browser.every_input import CARD
from tests.browser.filling import NETWORKS, open_form


def tab_to(page: Page, target: Locator, most: int = 40, key: str = "Tab") -> None:
    """Presses Tab until the target has the focus; fails when it never does."""
    for _ in range(most):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press(key)
    expect(target).to_be_focused()


def test_from_the_address_to_a_form_that_is_sent(app: Showcase, open_page: People) -> None:
    app.form = modal(
        field("text", "Text", "plain_text_input"),
        field("nets", "Networks", "multi_static_select", options=NETWORKS),
    )
    root = app.post(*CARD)
    page = open_page("U0MAYA")
    card = page.locator(f"#pane article[data-ts='{root}']")
    expect(card.get_by_role("button", name="Approve")).to_be_visible()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the message box")).to_be_focused()
    page.keyboard.press("Enter")
    composer = page.get_by_role("textbox", name="Message #social")
    tab_to(page, composer)
    page.keyboard.type("/form")
    page.keyboard.press("Escape")  # what it completes
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="A form")).to_be_visible()
    tab_to(page, dialog.get_by_role("textbox", name="Text"))
    page.keyboard.type("Spring in a cup")
    tab_to(page, dialog.get_by_role("combobox", name="Networks"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, dialog.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    sent = app.next("view_submission")["view"]["state"]["values"]
    assert sent["text"]["v"]["value"] == "Spring in a cup"
    assert len(sent["nets"]["v"]["selected_options"]) == 1
    expect(dialog).to_have_count(0)

    tab_to(page, card.get_by_role("button", name="Approve"), key="Shift+Tab")
    page.keyboard.press("Enter")
    assert app.next("block_actions")["actions"][0]["action_id"] == "approve"


def test_another_person_and_another_channel(app: Showcase, open_page: People) -> None:
    page = open_page("U0MAYA")
    tab_to(page, page.get_by_role("button", name="Act as"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu", name="Act as")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_role("menuitemradio", name="Tom Lindqvist")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Act as another person, now Tom")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="general", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("general")
    tab_to(page, page.get_by_role("button", name="Traffic"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Traffic")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Traffic")).to_be_focused()


def test_escape_leaves_a_form_once(app: Showcase, open_page: People) -> None:
    app.form = modal(field("at", "Publish at", "datetimepicker"))
    page = open_page("U0MAYA")
    dialog = open_form(page)
    dialog.get_by_label("Publish at").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    app.next("view_closed")
    open_form(page)  # by now a second closing would have been refused, and said so
    assert page.get_by_text("has no view").count() == 0
