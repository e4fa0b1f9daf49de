"""The inputs of a modal: what is filled in arrives, what is refused stands at its field."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.app import Showcase, field, modal, plain
from tests.browser.conftest import People
from tests.browser.every_input import INPUTS
from tests.browser.filling import NETWORKS, choose, open_form, values
from tests.player import wait_until


def test_every_input_arrives_in_the_state(app: Showcase, open_page: People) -> None:
    app.form = modal(*INPUTS)
    page = open_page("U0MAYA")  # in Paris
    dialog = open_form(page)
    dialog.get_by_role("textbox", name="Text").fill("Two\nlines & <b>")
    choose(dialog, "Kind", "Story")
    choose(dialog, "Networks", "X", "Bluesky")
    dialog.get_by_role("combobox", name="Time zone").fill("rome")
    dialog.get_by_role("option", name="Europe/Rome").click()
    for city in ("par", "tok"):
        dialog.get_by_role("combobox", name="Zones").fill(city)
        dialog.get_by_role("option").click()
    choose(dialog, "Approvers", "Tom", "Kenji")
    choose(dialog, "Owner", "Ines")
    choose(dialog, "Desk", "# social")
    choose(dialog, "Several desks", "# social", "# general")
    choose(dialog, "Room", "# general")
    choose(dialog, "Several rooms", "# partners")
    dialog.get_by_label("Publish at").fill("2031-07-01T09:30")
    dialog.get_by_label("Day", exact=True).fill("2031-07-02")
    dialog.get_by_label("Hour").fill("17:45")
    dialog.get_by_role("radio", name="Send").check()
    dialog.get_by_role("checkbox", name="Tuesday").check()
    dialog.get_by_role("textbox", name="Count").fill("7")
    dialog.get_by_role("textbox", name="Mail").fill("maya@larkfield.example")
    dialog.get_by_role("textbox", name="Link").fill("https://larkfield.example/spring")
    dialog.get_by_role("button", name="Save").click()
    assert values(app.next("view_submission")) == {
        "text": "Two\nlines & <b>",
        "kind": "story",
        "nets": ["x", "bluesky"],
        "zone": "Europe/Rome",
        "zones": ["Europe/Paris", "Asia/Tokyo"],
        "who": ["U0TOM", "U0KENJI"],
        "owner": "U0INES",
        "desk": "C0SOCIAL",
        "desks": ["C0SOCIAL", "C0GENERAL"],
        "room": "C0GENERAL",
        "rooms": ["C0PARTNERS"],
        "at": int(datetime(2031, 7, 1, 9, 30, tzinfo=ZoneInfo("Europe/Paris")).timestamp()),
        "day": "2031-07-02",
        "hour": "17:45",
        "saved": "send",
        "days": ["tuesday"],
        "count": "7",
        "mail": "maya@larkfield.example",
        "link": "https://larkfield.example/spring",
    }
    expect(dialog).to_be_hidden()


def test_what_is_untouched_keeps_its_initial_value_and_what_is_cleared_is_empty(
    app: Showcase, open_page: People
) -> None:
    moment = int(datetime(2031, 7, 1, 7, 30, tzinfo=UTC).timestamp())
    app.form = modal(
        field("a", "Kept text", "plain_text_input", initial_value="spring"),
        field("b", "Gone text", "plain_text_input", initial_value="winter", optional=True),
        field(
            "c", "Kept nets", "multi_static_select", options=NETWORKS, initial_options=NETWORKS[:2]
        ),
        field(
            "d",
            "Gone nets",
            "multi_static_select",
            options=NETWORKS,
            initial_options=NETWORKS[:1],
            optional=True,
        ),
        field("e", "Gone owner", "users_select", initial_user="U0TOM", optional=True),
        field("f", "Kept time", "datetimepicker", initial_date_time=moment),
        field("g", "Here", "conversations_select", default_to_current_conversation=True),
    )
    dialog = open_form(open_page("U0TOM"))  # in New York
    expect(dialog.get_by_label("Kept time")).to_have_value("2031-07-01T03:30")
    dialog.get_by_role("textbox", name="Gone text").fill("")
    dialog.get_by_role("button", name="Remove LinkedIn").nth(1).click()
    dialog.get_by_role("button", name="Clear").first.click()
    dialog.get_by_role("button", name="Save").click()
    assert values(app.next("view_submission")) == {
        "a": "spring",
        "b": None,
        "c": ["linkedin", "x"],
        "d": [],
        "e": None,
        "f": moment,
        "g": "C0SOCIAL",
    }


def test_what_slack_would_not_submit_is_said_at_the_field(app: Showcase, open_page: People) -> None:
    number = {"is_decimal_allowed": False, "min_value": "2", "max_value": "10"}
    app.form = modal(
        field("must", "Must", "plain_text_input"),
        field("short", "Short", "plain_text_input", min_length=3, optional=True),
        field("long", "Long", "plain_text_input", max_length=5, optional=True),
        field("number", "Number", "number_input", optional=True, **number),
        field("mail", "Mail", "email_text_input", optional=True),
        field("link", "Link", "url_text_input", optional=True),
    )
    dialog = open_form(open_page("U0MAYA"))
    for label, typed, sentence, good in [
        ("Must", "", "complete this required field", "x"),
        ("Short", "a", "at least 3 characters", "abc"),
        ("Long", "abcdef", "no more than 5 characters", "abc"),
        ("Number", "1.5", "whole number", "3"),
        ("Number", "12", "10 or less", "3"),
        ("Number", "1", "2 or more", "3"),
        ("Number", "many", "enter a number", "3"),
        ("Mail", "nobody", "valid email", ""),
        ("Link", "larkfield", "valid URL", ""),
    ]:
        control = dialog.get_by_role("textbox", name=label)
        control.fill(typed)
        dialog.get_by_role("button", name="Save").click()
        expect(control).to_have_attribute("aria-invalid", "true")
        expect(control).to_have_accessible_description(re.compile(sentence))
        expect(control).to_be_focused()
        expect(control).to_have_value(typed)
        control.fill(good)
    assert app.received.empty()


def test_a_dispatching_text_input_tells_the_app_what_is_typed(
    app: Showcase, open_page: People
) -> None:
    words = {"trigger_actions_on": ["on_character_entered"]}
    dispatching = field("text", "Text", "plain_text_input", dispatch_action_config=words)
    app.form = modal({**dispatching, "dispatch_action": True})
    dialog = open_form(open_page("U0MAYA"))
    dialog.get_by_role("textbox", name="Text").press_sequentially("tea")
    seen = wait_until(lambda: app.next("block_actions")["actions"][0]["value"] == "tea" or None)
    assert seen


def test_labels_hints_and_counters(app: Showcase, open_page: People) -> None:
    text = field("text", "Text", "plain_text_input", max_length=280, optional=True)
    app.form = modal(
        {**text, "hint": plain("Links are fine.")}, submit=plain("Go"), close=plain("Not now")
    )
    page = open_page("U0MAYA")
    dialog = open_form(page)
    control = dialog.get_by_role("textbox", name="Text (optional)")
    control.fill("🌱" * 3)
    expect(control).to_have_accessible_description("Links are fine. 277 left")
    expect(dialog.get_by_role("button", name="Go")).to_be_visible()
    dialog.get_by_role("button", name="Not now").click()
    expect(dialog).to_be_hidden()


def test_an_input_the_page_cannot_draw_is_a_visible_box(app: Showcase, open_page: People) -> None:
    app.form = modal(field("rich", "Rich", "rich_text_input", optional=True))
    dialog = open_form(open_page("U0MAYA"))
    expect(dialog.get_by_role("note")).to_have_text("This input can't be drawn: rich_text_input")


def test_the_list_of_a_select_is_used_by_keyboard(app: Showcase, open_page: People) -> None:
    app.form = modal(field("kind", "Kind", "static_select", options=NETWORKS))
    page = open_page("U0MAYA")
    dialog = open_form(page)
    combobox = dialog.get_by_role("combobox", name="Kind")
    expect(combobox).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(combobox).to_have_attribute("aria-expanded", "false")
    expect(dialog).to_be_visible()
    page.keyboard.type("blue")
    page.keyboard.press("Enter")
    expect(combobox).to_have_value("Bluesky")
    page.keyboard.press("Enter")
    assert values(app.next("view_submission")) == {"kind": "bluesky"}


def test_wall_times_at_a_change_of_clocks(open_page: People) -> None:
    page = open_page("U0MAYA")  # in Paris
    read = "async (wall) => (await import('/static/dates.js')).fromWall(wall)"
    for wall, unix in {
        "2027-03-28T03:30": 1806197400,
        "2027-03-28T02:30": 1806197400,  # the clocks skip it: an hour later
        "2026-10-25T02:30": 1792888200,  # it comes twice: the first
        "2026-12-01T00:00": 1796079600,
    }.items():
        assert page.evaluate(read, wall) == unix, wall
