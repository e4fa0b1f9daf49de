"""Messages in a real browser: drawn as Slack draws them, and what is clicked arrives."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Locator, Page, expect

from tests.browser.app import Showcase, actions, button, mrkdwn, option, plain, section
from tests.browser.conftest import People
from tests.player import Json, Playground

# 2026-03-02 13:30 UTC: Monday 8:30 in New York, 14:30 in Paris, 22:30 in Tokyo.
MOMENT = int(datetime(2026, 3, 2, 13, 30, tzinfo=UTC).timestamp())


def article(page: Page, ts: str) -> Locator:
    """A message in the channel (an open thread shows its root a second time)."""
    return page.locator(f"#pane article[data-ts='{ts}']")


MRKDWN = {
    "*bold* _italic_ ~gone~ `code`":
        "<strong>bold</strong> <em>italic</em> <s>gone</s> <code>code</code>",
    "*_both_* and *<@U0TOM>*":
        "<strong><em>both</em></strong> and "
        '<strong><span class="mention" data-user="U0TOM">@Tom Lindqvist</span></strong>',
    "snake_case_name 2*3*4 * not bold *": "snake_case_name 2*3*4 * not bold *",
    "&gt; quoted *b*\nafter": "<blockquote>quoted <strong>b</strong></blockquote>after",
    "```\n*raw* &amp; <https://a.example|a>\n```": "<pre>*raw* &amp; a</pre>",
    "one\ntwo": "one<br>two",
    "`*a*` &lt;b&gt; &amp;lt;": "<code>*a*</code> &lt;b&gt; &amp;lt;",
    "<!here> :nothing_like_it:":
        '<span class="mention me" data-broadcast="here">@here</span> :nothing_like_it:',
    "<!date^x^{date}|some day>": "some day",
}  # fmt: skip


def test_mrkdwn(app: Showcase, open_page: People) -> None:
    posted = {app.post(section(written)): drawn for written, drawn in MRKDWN.items()}
    page = open_page("U0MAYA")
    expect(article(page, list(posted)[-1])).to_be_visible()
    for ts, drawn in posted.items():
        assert article(page, ts).locator(".text").inner_html() == drawn


def test_links_emoji_and_channels(app: Showcase, open_page: People) -> None:
    ts = app.post(
        section(
            "<https://tea.example/a?b=1&amp;c=2|the *shop*> https://x.example/y. :tea: <#C0GENERAL>"
        )
    )
    page = open_page("U0MAYA")
    message = article(page, ts)
    shop = message.get_by_role("link", name="the *shop*")
    expect(shop).to_have_attribute("href", "https://tea.example/a?b=1&c=2")
    expect(shop).to_have_attribute("rel", re.compile("noopener"))
    expect(message.get_by_role("link", name="https://x.example/y", exact=True)).to_be_visible()
    expect(message.get_by_role("img", name=":tea:")).to_have_text("🍵")
    message.get_by_role("link", name="#general").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("general")


def test_blocks(app: Showcase, open_page: People) -> None:
    ts = app.post(
        {"type": "header", "text": plain("Spring :tada: :not_drawn:", emoji=False)},
        {"type": "section", "fields": [mrkdwn("*Status*\nDraft"), plain("Owner :tea:")]},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("_Sent_ by"), plain("nobody")]},
        {"type": "image", "image_url": "http://127.0.0.1:1/x.png", "alt_text": "A teapot"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "cell"}]]},
    )  # fmt: skip
    page = open_page("U0MAYA")
    message = article(page, ts)
    expect(message.get_by_role("heading")).to_have_text("Spring :tada: :not_drawn:")
    expect(message.locator(".fields strong")).to_have_text("Status")
    expect(message.locator(".fields")).to_contain_text("Owner 🍵")
    expect(message.get_by_role("separator")).to_have_count(1)
    expect(message.locator(".block-context em")).to_have_text("Sent")
    expect(message.get_by_role("img", name="A teapot")).to_be_visible()
    expect(message.get_by_role("note")).to_have_text("This block can't be drawn: table")


def test_rich_text_is_drawn_literally(app: Showcase, open_page: People) -> None:
    def text(words: str, **style: bool) -> Json:
        return {"type": "text", "text": words, **({"style": style} if style else {})}

    def part(kind: str, *elements: Json, **more: object) -> Json:
        return {"type": kind, "elements": list(elements), **more}

    leaves: tuple[Json, ...] = (
        text("*not bold* <b>&amp;", bold=True, strike=True),
        {"type": "user", "user_id": "U0TOM"},
        {"type": "emoji", "name": "wave"},
        {"type": "date", "timestamp": MOMENT, "format": "{date_num} {time}", "fallback": "then"},
        {"type": "color", "value": "#ff8800"},
        {"type": "link", "url": "https://tea.example", "text": "tea"},
    )
    item = part("rich_text_section", text("first"))
    ts = app.post(
        part(
            "rich_text",
            part("rich_text_section", *leaves),
            part("rich_text_list", item, item, style="ordered", indent=0),
            part("rich_text_preformatted", text("a\n  b")),
            part("rich_text_quote", text("said")),
        )
    )
    message = article(open_page("U0KENJI"), ts)
    expect(message.locator("strong")).to_have_text("*not bold* <b>&amp;")
    expect(message.locator("s")).to_have_count(1)
    expect(message).to_contain_text("@Tom Lindqvist")
    expect(message).to_contain_text("2026-03-02 10:30 PM")
    expect(message.locator("ol li")).to_have_count(2)
    expect(message.locator("pre")).to_have_text("a\n  b")
    expect(message.locator("blockquote")).to_have_text("said")
    expect(message.get_by_role("link", name="tea")).to_be_visible()


def test_dates_are_in_the_acted_persons_zone(app: Showcase, open_page: People) -> None:
    ts = app.post(section(f"Out <!date^{MOMENT}^{{date_long_pretty}} at {{time}}|fallback>"))
    shown = {"U0TOM": "8:30 AM", "U0MAYA": "2:30 PM", "U0KENJI": "10:30 PM"}
    for user, clock in shown.items():
        message = article(open_page(user), ts)
        expect(message).to_contain_text(f"Out Monday, March 2nd, 2026 at {clock}")


HOSTILE = (
    '<img src=x onerror="window.hit=1"> <script>window.hit=1</script> &lt;!here&gt; <!channel> '
    "*b* `c` ~s~ javascript:alert(1) <javascript:alert(1)|click> \u202ertl \u0007"
)


def test_hostile_text_is_inert(app: Showcase, open_page: People, playground: Playground) -> None:
    playground.player("U0LEA").say("C0SOCIAL", HOSTILE)
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    evil = {"type": "link", "url": "javascript://x.example/%0Aalert(1)", "text": "do click"}
    ts = app.post(
        section(escaped),
        {"type": "section", "text": plain(HOSTILE)},
        actions(button(HOSTILE[:75], "hostile")),
        section("<javascript:alert(1)|do click>"),
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [evil]}]},
        text=escaped,
    )
    page = open_page("U0MAYA")
    message = article(page, ts)
    expect(message.get_by_role("button", name=re.compile("<img src=x"))).to_be_visible()
    expect(message.locator(".text").nth(1)).to_contain_text("<script>window.hit=1</script>")
    expect(page.locator("#pane article").nth(-2)).to_contain_text(
        '<img src=x onerror="window.hit=1">'
    )
    expect(page.get_by_role("link", name="click")).to_have_count(0)
    assert page.locator("#pane article script, #pane article img").count() == 0
    assert message.locator("[data-broadcast]").count() == 0
    assert page.evaluate("window.hit") is None


def test_buttons_and_their_confirmation(app: Showcase, open_page: People) -> None:
    confirm = {
        "title": plain("Reject it?"),
        "text": mrkdwn("*Really*"),
        "confirm": plain("Do it"),
        "deny": plain("Keep it"),
    }
    app.post(
        actions(
            button("Approve", "ok", value="P-12", style="primary"),
            button("Reject", "no", style="danger", confirm=confirm),
        )
    )
    page = open_page("U0MAYA")
    page.get_by_role("button", name="Approve").click()
    assert app.next("block_actions")["actions"][0]["value"] == "P-12"
    page.get_by_role("button", name="Reject").click()
    asked = page.get_by_role("alertdialog", name="Reject it?")
    asked.get_by_role("button", name="Keep it").click()
    expect(asked).to_be_hidden()
    page.get_by_role("button", name="Reject").click()
    assert app.received.empty(), "What was not confirmed must not arrive."
    asked.get_by_role("button", name="Do it").click()
    assert app.next("block_actions")["actions"][0]["action_id"] == "no"


def test_choices_in_a_message_arrive(app: Showcase, open_page: People) -> None:
    options = [option("LinkedIn"), option("X")]

    def select(kind: str, action_id: str, label: str, **more: object) -> Json:
        return {"type": kind, "action_id": action_id, "placeholder": plain(label), **more}

    app.post(
        actions(
            select("static_select", "one", "Network", options=options),
            select("users_select", "user", "Person"),
            select("external_select", "v", "Zone", min_query_length=1),
            {"type": "overflow", "action_id": "more", "options": options},
        ),
        section("Day", accessory={"type": "datepicker", "action_id": "day"}),
        section("Box", accessory={"type": "checkboxes", "action_id": "box", "options": options}),
        section("All", accessory=select("multi_static_select", "all", "Some", options=options)),
    )
    page = open_page("U0MAYA")

    def chosen() -> dict[str, object]:
        action: dict[str, object] = app.next("block_actions")["actions"][0]
        return action

    def pick(label: str, name: str) -> None:
        page.get_by_role("combobox", name=label).click()
        page.get_by_role("option", name=name).click()

    pick("Network", "X")
    assert chosen()["selected_option"] == option("X")
    pick("Person", "Tom")
    assert chosen()["selected_user"] == "U0TOM"
    page.get_by_role("combobox", name="Zone").fill("tok")
    page.get_by_role("option", name="Asia/Tokyo").click()
    assert chosen()["selected_option"] == option("Asia/Tokyo", "Asia/Tokyo")
    page.get_by_role("button", name="More options").click()
    page.get_by_role("menuitem", name="LinkedIn").click()
    assert chosen()["selected_option"] == option("LinkedIn")
    page.get_by_label("Day", exact=True).fill("2031-07-02")
    assert chosen()["selected_date"] == "2031-07-02"
    page.get_by_role("checkbox", name="X").check()
    assert chosen()["selected_options"] == [option("X")]
    pick("Some", "LinkedIn")
    assert chosen()["selected_options"] == [option("LinkedIn")]


def test_an_updated_message_is_drawn_anew_and_keeps_the_focus(
    app: Showcase, open_page: People
) -> None:
    ts = app.post(section("Waiting"), actions(button("Refresh", "refresh")))
    page = open_page("U0MAYA")
    page.get_by_role("button", name="Refresh").click()
    app.next("block_actions")
    blocks = [section("Approved"), actions(button("Refresh", "refresh"))]
    app.client.chat_update(channel="C0SOCIAL", ts=ts, text="Approved", blocks=blocks)
    expect(article(page, ts)).to_contain_text("Approved")
    expect(article(page, ts)).to_contain_text("(edited)")
    expect(page.get_by_role("button", name="Refresh")).to_be_focused()


def test_a_click_that_nobody_answers_says_so(
    app: Showcase, open_page: People, playground: Playground
) -> None:
    app.post(actions(button("Approve", "ok")))
    page = open_page("U0MAYA")
    playground.limits(ack_seconds=0.0)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#pane").get_by_role("alert")).to_contain_text("Try again?")


def test_a_message_for_one_person_is_seen_by_no_other(app: Showcase, open_page: People) -> None:
    tom, ines = open_page("U0TOM"), open_page("U0INES")
    app.client.chat_postEphemeral(channel="C0SOCIAL", user="U0TOM", text="Only Tom may read this.")
    app.post(section("For all"))
    expect(ines.get_by_text("For all")).to_be_visible()
    expect(ines.get_by_text("Only Tom")).to_have_count(0)
    message = tom.locator("#pane article[data-ephemeral]")
    expect(message).to_contain_text("Only visible to you")
    expect(message).to_contain_text("Only Tom may read this.")
    message.get_by_role("button", name="Dismiss").click()
    expect(message).to_have_count(0)
