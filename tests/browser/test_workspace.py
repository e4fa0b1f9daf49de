"""Around the messages: who is played, threads, commands, shortcuts, the Home tab, the traffic."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.app import Showcase, actions, button, modal, option, plain, section
from tests.browser.conftest import PHONE, People
from tests.player import Playground


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message #social")


def test_acting_as_another_person_shows_what_that_person_sees(
    app: Showcase, open_page: People
) -> None:
    page = open_page("U0LEA")
    channels = page.get_by_role("navigation", name="Conversations")
    expect(channels.get_by_role("link", name="brand-private")).to_be_visible()
    page.get_by_role("button", name="Act as").click()
    dora = page.get_by_role("menuitemradio", name="Dora Klein")
    expect(dora).to_have_attribute("aria-disabled", "true")
    expect(dora).to_contain_text("Deactivated")
    tom = page.get_by_role("menuitemradio", name="Tom Lindqvist")
    expect(tom).to_contain_text(re.compile(r"Member · \w{3} \d+:\d\d [AP]M"))
    tom.click()
    expect(page.get_by_role("button", name="Act as another person, now Tom")).to_be_visible()
    expect(channels.get_by_role("link", name="brand-private")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Act as another person, now Tom")).to_be_visible()


def test_a_message_is_said_and_others_read_it_at_once(
    open_page: People, playground: Playground
) -> None:
    maya, tom = open_page("U0MAYA"), open_page("U0TOM")
    composer(maya).fill("one")
    composer(maya).press("Shift+Enter")
    composer(maya).press_sequentially("two @ken")
    expect(maya.get_by_role("option")).to_have_count(1)
    composer(maya).press("Tab")
    composer(maya).press("Enter")
    expect(composer(maya)).to_have_value("")
    said = tom.locator("#pane article").last
    expect(said).to_contain_text("one")
    expect(said.locator(".mention")).to_have_text("@Kenji Sato")
    assert playground.player("U0TOM").messages("C0SOCIAL")[-1]["text"] == "one\ntwo <@U0KENJI> "


def test_a_thread(app: Showcase, open_page: People, playground: Playground) -> None:
    root = app.post(section("The root"))
    page = open_page("U0MAYA")
    message = page.locator(f"#pane article[data-ts='{root}']")
    message.hover()
    message.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    reply = thread.get_by_role("textbox", name="Reply in thread")
    expect(reply).to_be_focused()
    reply.fill("A reply")
    reply.press("Enter")
    expect(thread.get_by_role("article")).to_have_count(2)
    expect(message.get_by_role("button", name="1 reply")).to_be_visible()
    expect(page.locator("#pane").get_by_text("A reply")).to_have_count(0)
    reply.fill("/show")
    reply.press("Enter")
    expect(thread).to_contain_text("/show is not supported in threads")
    said = thread.get_by_role("article").first
    said.hover()
    said.get_by_role("button", name="More actions").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(thread).to_be_visible()
    page.keyboard.press("Escape")
    expect(thread).to_be_hidden()
    expect(message).to_be_focused()
    assert playground.player("U0MAYA").messages("C0SOCIAL", root)[1]["thread_ts"] == root


def test_commands_are_completed_by_keyboard(app: Showcase, open_page: People) -> None:
    page = open_page("U0MAYA")
    box = composer(page)
    box.press_sequentially("/")
    expect(page.get_by_role("option")).to_have_count(3)
    box.press_sequentially("sh")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("option", name="/show")).to_contain_text("[what]")
    box.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(box).to_have_value("/sh")
    box.press_sequentially("o")
    box.press("ArrowDown")
    expect(page.get_by_role("option", name="/shout")).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("/shout ")
    box.press_sequentially("a < b")
    box.press("Enter")
    command = app.next("command")
    assert (command["command"], command["text"]) == ("/shout", "a &lt; b")
    assert command["channel_id"] == "C0SOCIAL"


def test_an_unknown_command_and_a_silent_app_are_answered(
    app: Showcase, open_page: People, playground: Playground
) -> None:
    page = open_page("U0MAYA")
    composer(page).fill("/nothing")
    composer(page).press("Enter")
    expect(page.get_by_text("/nothing is not a valid command")).to_be_visible()
    playground.limits(ack_seconds=0.0)
    composer(page).fill("/show")
    composer(page).press("Enter")
    expect(page.get_by_text('/show failed with the error "operation_timeout"')).to_be_visible()


def test_what_cannot_be_sent_stays_in_the_box(open_page: People, playground: Playground) -> None:
    page = open_page("U0MAYA")
    composer(page).fill("not lost")
    playground.player("U0MAYA").remove("C0SOCIAL", "U0MAYA")
    expect(page.get_by_role("button", name="Join channel")).to_be_visible()
    page.get_by_role("button", name="Join channel").click()
    expect(composer(page)).to_have_value("not lost")


def test_a_message_shortcut_by_keyboard(app: Showcase, open_page: People) -> None:
    page = open_page("U0MAYA")
    message = page.locator("#pane article").first
    message.get_by_role("button", name="More actions").focus()
    page.keyboard.press("Enter")
    item = page.get_by_role("menuitem", name="Look at this")
    expect(page.get_by_role("menuitem", name="Reply in thread")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(item).to_be_focused()
    page.keyboard.press("Enter")
    looked = app.next("message_action")
    assert looked["callback_id"] == "look"
    assert looked["message"]["ts"] == message.get_attribute("data-ts")


def test_a_global_shortcut_opens_its_form_and_the_focus_returns(
    app: Showcase, open_page: People
) -> None:
    page = open_page("U0MAYA")
    opener = page.get_by_role("button", name="Shortcuts")
    opener.click()
    page.get_by_role("menuitem", name="New form").click()
    dialog = page.get_by_role("dialog", name="A form")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_home_tab(app: Showcase, open_page: People) -> None:
    app.home = {
        "type": "home",
        "blocks": [section("*3 posts* wait"), actions(button("Open", "ok"))],
    }
    page = open_page("U0MAYA")
    page.get_by_role("link", name="Showcase").click()
    expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    home = page.get_by_role("tabpanel", name="Home")
    expect(home).to_contain_text("3 posts wait")
    home.get_by_role("button", name="Open").click()
    assert app.next("block_actions")["container"]["type"] == "view"
    page.get_by_role("tab", name="Messages").click()
    expect(page.get_by_role("textbox", name="Message Showcase")).to_be_visible()


def test_an_app_that_is_not_connected_is_said_plainly(
    open_page: People, playground: Playground
) -> None:
    page = open_page("U0MAYA")
    notice = page.get_by_text("Showcase isn't connected, so nothing")
    expect(notice).to_be_visible()
    showcase = Showcase(playground)
    showcase.connect()
    expect(notice).to_have_count(0)
    expect(page.get_by_text("Showcase is connected")).to_be_visible()
    showcase.close()
    expect(notice).to_be_visible()


def test_a_page_outlives_a_restart_of_the_playground(
    browser: Browser, tmp_path: Path, unused_port: int
) -> None:
    def workspace() -> Playground:
        return Playground(state=tmp_path / "state.json", port=unused_port)

    with workspace() as before:
        people = People(browser, before)
        page = people("U0MAYA")
    expect(page.get_by_text("The playground doesn't answer")).to_be_visible()
    with workspace() as after:
        after.player("U0TOM").say("C0SOCIAL", "Back again")
        expect(page.get_by_text("Back again")).to_be_visible()
        expect(page.get_by_text("The playground doesn't answer")).to_have_count(0)
    people.close()


def test_problems_are_red_in_the_traffic(
    app: Showcase, open_page: People, playground: Playground
) -> None:
    app.post(section("Fine"))
    playground.player("U0MAYA").command("C0SOCIAL", "/show")
    playground.limits(ack_seconds=0.0)
    playground.player("U0MAYA").command("C0SOCIAL", "/show")
    page = open_page("U0MAYA")
    opener = page.get_by_role("button", name=re.compile("Traffic, .* with problems"))
    opener.click()
    drawer = page.get_by_role("complementary", name="Traffic")
    expect(drawer.get_by_text("chat.postMessage")).to_be_visible()
    entry = drawer.locator("li[data-problem]").first
    expect(entry).to_contain_text("Problem:")
    red = entry.locator(".entry-problem").evaluate("node => getComputedStyle(node).color")
    assert red == "rgb(179, 38, 30)"
    drawer.get_by_role("checkbox", name="Problems only").check()
    expect(drawer.get_by_text("chat.postMessage")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()


def test_news_in_another_channel_is_marked(
    app: Showcase, open_page: People, playground: Playground
) -> None:
    page = open_page("U0MAYA")
    general = page.get_by_role("navigation").get_by_role("link", name="general")
    playground.player("U0TOM").say("C0GENERAL", "News")
    expect(general).to_contain_text("unread")
    general.click()
    expect(general).not_to_contain_text("unread")


def test_the_app_is_added_to_a_channel_and_removed(
    app: Showcase, open_page: People, playground: Playground
) -> None:
    page = open_page("U0MAYA", "C0GENERAL")
    page.get_by_role("button", name="Add Showcase").click()
    expect(page.get_by_role("button", name="Add Showcase")).to_have_count(0)
    page.get_by_role("button", name="Channel actions").click()
    page.get_by_role("menuitem", name="Remove Showcase").click()
    expect(page.get_by_role("button", name="Add Showcase")).to_be_visible()


TOO_WIDE = """[document.documentElement, ...document.querySelectorAll('#pane *')]
    .filter(node => node.getBoundingClientRect().right > innerWidth + 1)
    .map(node => node.outerHTML)"""


def test_on_a_phone(app: Showcase, open_page: People) -> None:
    long = "word" * 60
    app.form = modal(section(long), title="Small")
    buttons = [button(f"Button number {n}", f"b{n}") for n in range(5)]
    fields = {"type": "section", "fields": [plain("a" * 90)]}
    app.post(section(long), actions(*buttons), fields)
    page = open_page("U0MAYA", size=PHONE, touch=True)
    expect(page.get_by_role("button", name="Button number 4")).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []
    sidebar = page.get_by_role("navigation", name="Conversations")
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Conversations").tap()
    expect(sidebar).to_be_visible()
    sidebar.get_by_role("link", name="general").tap()
    expect(sidebar).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("general")
    page.get_by_role("button", name="Shortcuts").tap()
    page.get_by_role("menuitem", name="New form").tap()
    box = page.get_by_role("dialog", name="Small").bounding_box()
    assert box is not None
    assert box["width"] == PHONE["width"]


NAMELESS = """[...document.querySelectorAll('button, a[href], input, textarea, nav, aside')]
    .filter(node => node.checkVisibility() && !node.getAttribute('aria-label'))
    .filter(node => !node.textContent.trim() && !node.labels?.length)
    .map(node => node.outerHTML)"""


def test_landmarks_and_names(app: Showcase, open_page: People) -> None:
    overflow = {"type": "overflow", "action_id": "o", "options": [option("Archive")]}
    app.post(actions(button("Approve", "ok"), overflow))
    page = open_page("U0MAYA")
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    assert page.evaluate(NAMELESS) == []
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("log", name="Messages in social")).to_have_attribute(
        "aria-live", "polite"
    )
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the message box")).to_be_focused()
