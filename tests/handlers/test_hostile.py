"""Whatever a person types: nobody is called, nothing is refused, and it is shown as typed."""

import pytest

from rules.slack_text import clean
from tests.handlers.world import SOCIAL, World, editing, opened, read, values
from tests.player import Json, fields, labels, said, wait_until

HOSTILE = {
    "mass mentions": "<!channel> <!here|here> <!everyone> <!subteam^S012|all> @channel @here",
    "entities": "&lt;!here&gt; &amp;lt; &#60;!channel&#62; <@U0MAYA> <#C0SOCIAL>",
    "formatting": "*bold* _it_ ~no~ `code` ```pre``` :tada: <https://a.example|label>\n> quote",
    "direction": "before \u202eafter\u2066 and on",
    "emoji": "🎉" * 3000,
    "NUL": "a\0b\0",
    "lone surrogate": "a\ud83db \udc00",
    "HTML": "<script>alert(1)</script><b>x</b><!-- y --><img src=x onerror=alert(1)>",
    "dates": "<!date^0^{date}|1970> {date_short} %s {0} ${HOME}",
    "one long word": "a" * 3000,
    "lines": "\r\n".join(["x"] * 200),
}


def typed_in(shown: Json) -> str:
    """All that a message or view shows, as it was sent."""
    return said({"blocks": shown["blocks"]})


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_post_from_draft_to_history(world: World, typed: str) -> None:
    shown = clean(typed)
    world.set_up(world.ines, networks=("blog",))
    code = world.draft(world.tom, typed, notes=typed, send=True)

    for card in (
        world.dm_card(world.tom, code),
        world.channel_card(code),
        world.dm_card(world.ines, code),
    ):
        assert typed_in(card).count(shown) == 2  # the text and the notes

    world.ines.command(SOCIAL, "/desk queue")
    queue = world.noted(world.ines, "One post waits for you.")
    assert " ".join(shown.split())[:300] in typed_in(queue)
    world.ines.close(queue)
    world.say_no(world.ines, world.channel_card(code), "Request changes", typed)
    world.settle()
    notice = world.tom.wait_for_dm("Ines Ferrari asked for changes")
    assert shown in typed_in(notice)

    sheet = world.open(world.tom, world.channel_card(code))
    assert typed_in(sheet).count(shown) == 3
    world.tom.click_view(sheet, "History")
    history = world.tom.wait_for_view(f"History of {code}")
    assert typed_in(history).count(shown) == 2

    world.tom.close(history, clear=True)
    world.tom.click(notice, "Edit")
    form = wait_until(lambda: editing(world.tom), "the form Edit opens")
    assert fields(form)["Text"]["initial_value"] == shown
    world.tom.submit(form, values(text=typed + "." if len(typed) < 3000 else typed[1:]))
    world.settle()


def test_the_text_of_a_command_is_taken_as_it_is(world: World) -> None:
    world.set_up(world.ines, networks=("blog",))
    for kind, typed in HOSTILE.items():
        world.tom.command(SOCIAL, f"/draft {typed}")
        form = world.tom.wait_for_view("New draft")
        assert fields(form)["Text"]["initial_value"] == clean(typed).strip(), kind
        world.tom.close(form)
        world.tom.command(SOCIAL, f"/desk draft {typed}")
        world.tom.close(world.tom.wait_for_view("New draft"))


def test_commands_answer_whatever_follows_them(world: World) -> None:
    world.set_up(world.ines)
    for typed in HOSTILE.values():
        for command in ("/desk", "/desk history", "/desk queue", "/desk setup"):
            done = world.tom.command(SOCIAL, f"{command} {typed}")
            assert done["ack"], command
            assert "went wrong" not in read(done["ack"]), command


def test_any_message_becomes_a_draft(world: World) -> None:
    world.set_up(world.ines, networks=("blog",))
    for kind, typed in HOSTILE.items():
        ts = world.tom.say(SOCIAL, clean(typed))
        message = next(m for m in world.tom.messages(SOCIAL) if m["ts"] == ts)
        world.tom.shortcut("draft:from_message", message)
        form = world.tom.wait_for_view("New draft")
        assert world.tom.submit(form, values(when_saved="send"))["errors"] is None, kind
    assert "In review" in read(world.channel_card(f"P-{len(HOSTILE)}"))


NAMES = ["<!channel> *Tom* & `x`", "@here <@U0MAYA>", "\u202eTom\u2066", "a\0b\ud83d", "🎉" * 80]


@pytest.mark.parametrize("name", NAMES, ids=["markup", "mentions", "direction", "NUL", "emoji"])
def test_a_persons_name_calls_nobody(world: World, name: str) -> None:
    for who in (world.tom, world.ines, world.maya):
        world.playground.change_person(who.id, real_name=name)
    world.set_up(world.ines)
    world.kenji.command(SOCIAL, "/desk settings")
    world.told(world.kenji, SOCIAL, "Its managers are")
    code = world.draft(world.tom, send=True)
    world.kenji.click(world.plant(SOCIAL, "draft:edit", "1"), "Open")
    world.told(world.kenji, SOCIAL, "who owns P-1")
    card = world.channel_card(code)
    world.say_no(world.ines, card, "Request changes", "Shorter")
    world.told(world.ines, SOCIAL, "is told why")
    world.settle()
    world.edit(world.tom, world.dm_card(world.tom, code), text="Short", when_saved="send")
    world.settle()
    world.ines.click(world.channel_card(code), "Approve")
    world.settle()
    world.edit(world.tom, world.dm_card(world.tom, code), text="Shorter")
    world.told(world.tom, world.tom.direct(), "approval of version 2")
    world.tom.command(SOCIAL, "/desk history P-1")
    history = world.tom.wait_for_view("History of P-1")
    for shown in (history, world.channel_card(code), world.dm_card(world.tom, code)):
        assert "<!channel" not in said(shown)
        assert "<@U0MAYA" not in said(shown)


@pytest.mark.parametrize(
    "link",
    ["https://a.example/<!channel>|x", "https://a.example/" + "&" * 2900, "http://é.example/😀"],
)
def test_a_link_is_only_an_address(world: World, link: str) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click(world.channel_card(code), "Approve")
    world.settle()
    world.tom.click_view(world.open(world.tom, world.channel_card(code)), "Mark as published")
    world.tom.submit(world.tom.wait_for_view("Publish P-1"), values(link=link))
    assert "Published" in read(world.channel_card(code))
    world.tom.click(world.channel_card(code), "Open")
    sheet = wait_until(lambda: opened(world.tom), "Open shows the post")
    assert labels(sheet) == ["Comment", "History", "Duplicate"]
    world.tom.click_view(sheet, "History")
    world.tom.wait_for_view("History of P-1")
