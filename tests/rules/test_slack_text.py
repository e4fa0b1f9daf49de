"""Slack's text to a network's, a person's text to Slack's."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.slack_text import clean, escape, from_slack, mentioned, unescape

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=200)
SIGNS = "* _ ~ ` ``` < > | &lt; &amp; @U1 !here #C1 :tada: :wave: :skin-tone-3: a https://a.b"
MARKUP = st.lists(st.sampled_from([*SIGNS.split(), " ", "\n", "\0", "\ud800", "\n&gt; "])).map(
    "".join
)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("", ""),
        ("Spring menu", "Spring menu"),
        # Entities, once.
        ("R&amp;D &lt;3", "R&D <3"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&lt;!here&gt;", "<!here>"),
        # Formatting goes, at the edge of words only.
        ("*bold* _italic_ ~struck~", "bold italic struck"),
        ("*_both_* _*both*_ ~*_three_*~", "both both three"),
        ("(*a*), _b_!", "(a), b!"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("a *b", "a *b"),
        ("* not this * nor *this *", "* not this * nor *this *"),
        ("**x** __init__", "**x** __init__"),
        ("*two\nlines*", "*two\nlines*"),
        # Code keeps what is in it.
        ("use `*args` here", "use *args here"),
        ("```\na_b_c\n:tada:\n```", "a_b_c\n:tada:"),
        ("`&lt;b&gt;` and `<https://example.com>`", "<b> and https://example.com"),
        # Links.
        ("<https://example.com/a_b_c>", "https://example.com/a_b_c"),
        ("<https://example.com/?a=1&amp;b=2>", "https://example.com/?a=1&b=2"),
        ("<http://example.com|example.com>", "http://example.com"),
        ("<https://www.example.com/|example.com>", "https://www.example.com/"),
        ("<https://example.com/long/path|example.com/lo…>", "https://example.com/long/path"),
        ("<https://example.com|Our menu>", "Our menu https://example.com"),
        ("<mailto:ana@example.com|ana@example.com>", "ana@example.com"),
        ("<mailto:ana@example.com|Ana>", "Ana ana@example.com"),
        ("<tel:+3912345|+3912345>", "+3912345"),
        # Mentions are names.
        ("<#C1|general> <#C2>", "#general #C2"),
        ("<!here> <!channel|channel> <!everyone>", "here channel everyone"),
        ("<!subteam^S1|@copy-team>", "copy-team"),
        ("<!date^1392734382^{date}^https://example.com|18 Feb>", "18 Feb"),
        ("*ask <@U1|ana>*", "ask ana"),
        # Emoji by Slack's names.
        ("Done :tada:", "Done 🎉"),
        ("Done:tada::100:", "Done🎉💯"),
        (":wave::skin-tone-3:", "👋🏼"),
        (":female-doctor::skin-tone-4:", "👩🏽‍⚕️"),
        (":point_up::skin-tone-2:", "☝🏻"),
        (":tada::skin-tone-3:", "🎉"),
        (":flag-fr: :flag-zz:", "🇫🇷 :flag-zz:"),
        (":man-woman-girl: :large_green_circle: :thumbsup:", "👨‍👩‍👧 🟢 👍"),
        (":our-logo: at 10:30:45, 12:100:00", ":our-logo: at 10:30:45, 12:100:00"),
        # Quotes and bullets.
        ("&gt; said\n&gt;&gt;&gt; more\nmine", "said\nmore\nmine"),
        ("• one\n• two", "• one\n• two"),
        # What is no markup of Slack's.
        ("<foo> <>", "<foo> <>"),
    ],
)
def test_what_was_typed_becomes_what_a_network_takes(typed: str, plain: str) -> None:
    assert from_slack(typed).text == plain


def test_mentions_become_names_and_are_told() -> None:
    converted = from_slack("<@U1> and <@U2|bea>, <@U3>, <@U1>", {"U1": "Ana_B_"})
    assert converted.text == "Ana_B_ and bea, U3, Ana_B_"
    assert converted.mentions == ("Ana_B_", "bea", "U3")


def test_the_people_whom_a_text_mentions_are_found() -> None:
    assert mentioned("<@U1|ana>, <@W2>, <@U1>; &lt;@U3&gt; <#C1> <!here>") == ("U1", "W2")


def test_a_commands_text_is_unescaped_once() -> None:
    assert unescape("R&amp;D &lt;3 &amp;lt; *as typed*") == "R&D <3 &lt; *as typed*"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\0b", "a\ufffdb"),
        ("\ud800x\udc00", "\ufffdx\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("\u202eright to left", "\u202eright to left"),
    ],
)
def test_clean_keeps_what_can_be_stored(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("<https://a.b|safe>", "&lt;https://a.b|safe&gt;"),
        ("@here @Everyone ana@channel.it", "@\u2060here @\u2060Everyone ana@channel.it"),
        ("@hereford", "@hereford"),
        ("a \u202eb\nc", "a \u202eb\u202c\nc"),
        ("\u2066a \u202bb\u202c", "\u2066a \u202bb\u202c\u2069"),
    ],
)
def test_escaped_text_has_no_power_in_slack(typed: str, shown: str) -> None:
    assert escape(typed) == shown


@example("<`0`>")
@example("<!date^`1`^`2`|`3`> <`a`|:tada:>")
@given(ANY_TEXT | MARKUP)
def test_nothing_that_is_typed_makes_reading_fail(text: str) -> None:
    converted = from_slack(text, {"U1": "Ana"})
    assert "\0" not in converted.text
    converted.text.encode()


@given(ANY_TEXT | MARKUP)
def test_clean_changes_nothing_twice(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode()


@given(ANY_TEXT | MARKUP)
def test_nothing_live_is_left_after_escape(text: str) -> None:
    shown = escape(clean(text))
    assert not re.search("[<>]", shown)
    assert not re.search(r"(?<!\w)@(here|channel|everyone)\b", shown, re.IGNORECASE)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]), max_size=200))
def test_what_slack_escapes_comes_back_as_typed_when_it_has_no_markup(text: str) -> None:
    plain = re.sub(r"[*_~`:|\s]", "", text).lstrip(">")
    typed = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert from_slack(typed).text == plain
