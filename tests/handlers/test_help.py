"""What is answered to /desk, and to a direct message to the bot."""

import pytest

from tests.handlers.world import SOCIAL, World, read
from tests.player import labels


def test_a_channel_without_a_desk_offers_to_set_one_up(world: World) -> None:
    world.tom.command(SOCIAL, "/desk")
    answer = world.told(world.tom, SOCIAL, "This channel has no desk yet.")
    assert labels(answer) == ["Set up this desk"]
    world.tom.click(answer, "Set up this desk")
    world.tom.wait_for_view("Set up this desk")


@pytest.mark.parametrize("command", ["/desk", "/desk help", "/desk HELP"])
def test_help_in_a_desk_is_buttons(world: World, command: str) -> None:
    world.set_up(world.ines)
    world.tom.command(SOCIAL, command)
    answer = world.told(world.tom, SOCIAL, "the desk of this channel")
    assert labels(answer) == ["New draft", "What waits for me", "Settings"]
    assert all(f"*/desk {word}*" in read(answer) for word in ("setup", "settings", "standup"))
    world.tom.click(answer, "New draft")
    form = world.tom.wait_for_view("New draft")
    world.tom.close(form)
    world.tom.click(answer, "What waits for me")
    world.noted(world.tom, "Nothing waits for you.")
    world.tom.click(answer, "Settings")
    world.told(world.tom, SOCIAL, "Only this desk's managers and the workspace's admins")


def test_what_is_not_understood_is_said_and_answered_with_help(world: World) -> None:
    typed = ["foo", "foo bar", "--", "--help", "-x", "help me", "setup now", "“history”", "don't"]
    typed += ["setup --help", "queue --help", "posts -h", "help --help"]
    for words in typed:
        world.tom.command(SOCIAL, f"/desk {words}")
        answer = world.told(world.tom, SOCIAL, f"“{words}” isn't something /desk can do.")
        assert labels(answer) == ["Set up this desk"]


def test_help_in_direct_messages_says_what_to_type_where(world: World) -> None:
    world.tom.command(world.tom.direct(), "/desk")
    answer = world.told(world.tom, world.tom.direct(), "/desk setup")
    world.tom.click(answer, "What waits for me")
    world.noted(world.tom, "Nothing waits for you.")


def test_a_message_to_the_bot_is_answered_once(world: World) -> None:
    direct = world.tom.direct()
    world.tom.say(direct, "hello?")
    world.tom.wait_for_dm("What Copydesk can do")
    world.again("event message", f"'user': '{world.tom.id}'")
    world.tom.say(direct, "and now?")

    def answers() -> int:
        return sum("Turn into a draft" in read(m) for m in world.tom.dms())

    world.again("event message", f"'user': '{world.tom.id}'")
    assert answers() == 2


def test_the_bots_own_messages_are_not_answered(world: World) -> None:
    world.client.chat_postMessage(channel=world.tom.id, text="Only saying.")
    world.settle()
    assert [m["text"] for m in world.tom.dms()] == ["Only saying."]


@pytest.mark.parametrize("command", ["/draft Hello", "/desk draft Hello", "/desk settings"])
def test_a_channel_without_a_desk_answers_a_command_with_the_button(
    world: World, command: str
) -> None:
    world.tom.command(SOCIAL, command)
    answer = world.told(world.tom, SOCIAL, "This channel has no desk yet.")
    assert labels(answer) == ["Set up this desk"]


@pytest.mark.parametrize("command", ["/desk setup", "/desk settings", "/standup recap"])
def test_a_desk_belongs_to_a_channel(world: World, command: str) -> None:
    world.tom.command(world.tom.direct(), command)
    world.told(world.tom, world.tom.direct(), "A desk belongs to a channel.")
