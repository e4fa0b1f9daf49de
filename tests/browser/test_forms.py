"""Modals on the page: errors, updates, stacks, and waiting for the app."""

from playwright.sync_api import expect

from tests.browser.app import Showcase, actions, button, field, modal, section
from tests.browser.conftest import People
from tests.browser.filling import NETWORKS, choose, open_form, values
from tests.player import Playground


def test_the_apps_errors_stand_at_their_fields_and_nothing_typed_is_lost(
    app: Showcase, open_page: People
) -> None:
    app.form = modal(
        field("title", "Title", "plain_text_input"),
        field("text", "Text", "plain_text_input", multiline=True),
        field("nets", "Networks", "multi_static_select", options=NETWORKS),
    )
    refusal = {"text": "12 characters too long for X.", "nets": "Choose one network."}
    app.answer = lambda _: {"response_action": "errors", "errors": refusal}
    dialog = open_form(open_page("U0MAYA"))
    dialog.get_by_role("textbox", name="Title").fill("Spring")
    text = dialog.get_by_role("textbox", name="Text")
    text.fill("Spring in a cup")
    choose(dialog, "Networks", "X")
    dialog.get_by_role("button", name="Save").click()
    expect(text).to_have_accessible_description("12 characters too long for X.")
    expect(text).to_be_focused()
    networks = dialog.get_by_role("combobox", name="Networks")
    expect(networks).to_have_accessible_description("Choose one network.")
    expect(dialog.get_by_role("textbox", name="Title")).not_to_have_attribute(
        "aria-invalid", "true"
    )
    app.answer = lambda _: None
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    app.next("view_submission")
    assert values(app.next("view_submission")) == {
        "title": "Spring",
        "text": "Spring in a cup",
        "nets": ["x"],
    }


def test_an_update_keeps_what_was_typed_where_the_block_stays(
    app: Showcase, open_page: People
) -> None:
    update = actions(button("Update", "update"))
    app.form = modal(
        field("same", "Same", "plain_text_input"),
        field("old", "Other", "plain_text_input", initial_value="first"),
        update,
    )
    app.updated = modal(
        section("It has been updated."),
        field("same", "Same", "plain_text_input", initial_value="not this"),
        field("new", "Other", "plain_text_input", initial_value="second"),
        update,
    )
    dialog = open_form(open_page("U0MAYA"))
    dialog.get_by_role("textbox", name="Same").fill("typed")
    dialog.get_by_role("textbox", name="Other").fill("typed too")
    dialog.get_by_role("button", name="Update").click()
    expect(dialog).to_contain_text("It has been updated.")
    expect(dialog.get_by_role("textbox", name="Same")).to_have_value("typed")
    expect(dialog.get_by_role("textbox", name="Other")).to_have_value("second")
    expect(dialog.get_by_role("button", name="Update")).to_be_focused()


def test_views_stack_and_the_lower_one_keeps_its_values(app: Showcase, open_page: People) -> None:
    app.form = modal(field("text", "Text", "plain_text_input"), actions(button("Push", "push")))
    page = open_page("U0MAYA")
    dialog = open_form(page)
    dialog.get_by_role("textbox", name="Text").fill("below")
    dialog.get_by_role("button", name="Push").click()
    upper = page.get_by_role("dialog", name="On top")
    expect(upper.get_by_role("textbox", name="Reason")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog.get_by_role("textbox", name="Text")).to_have_value("below")
    assert app.next("view_closed")["is_cleared"] is False
    dialog.get_by_role("button", name="Push").click()
    upper.get_by_role("button", name="Dismiss all").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert app.next("view_closed")["is_cleared"] is True


def test_a_submission_is_busy_until_it_is_acknowledged(app: Showcase, open_page: People) -> None:
    app.form = modal(field("text", "Text", "plain_text_input"))
    app.hold.clear()
    page = open_page("U0MAYA")
    dialog = open_form(page)
    dialog.get_by_role("textbox", name="Text").fill("slow")
    save = dialog.get_by_role("button", name="Save")
    save.click()
    expect(save).to_have_attribute("aria-disabled", "true")
    save.press("Enter")
    app.hold.set()
    expect(dialog).to_be_hidden()
    app.next("view_submission")
    assert app.received.empty(), "The second press while it was busy must not submit again."


def test_no_acknowledgement_is_said_in_the_form_and_it_can_be_tried_again(
    app: Showcase, playground: Playground, open_page: People
) -> None:
    app.form = modal(field("text", "Text", "plain_text_input"))
    playground.limits(ack_seconds=0.3)
    app.hold.clear()
    dialog = open_form(open_page("U0MAYA"))
    dialog.get_by_role("textbox", name="Text").fill("kept")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text(
        "We had some trouble connecting. Try again?"
    )
    expect(dialog.get_by_role("textbox", name="Text")).to_have_value("kept")
    app.hold.set()
    playground.limits(ack_seconds=3)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
