"""A standup in Slack: set, asked, answered, and what its managers see of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from operations import desks, people
from rules.slack_text import clean
from storage import standups
from tests.handlers.test_hostile import HOSTILE
from tests.handlers.world import BRAND, SOCIAL, World, opened, read, values
from tests.player import Json, Player, fields, labels, wait_until

# Nine in Paris and Rome, where Maya and Ines are; Tom is in New York, Kenji in Tokyo.
NINE = datetime(2030, 3, 4, 8, tzinfo=UTC)
DAY = timedelta(1)
HOUR = timedelta(hours=1)


def open_settings(world: World, channel: str = SOCIAL) -> Json:
    world.maya.command(channel, "/desk standup")
    return world.maya.wait_for_view("Standup")


def hold(world: World, *members: Player, channel: str = SOCIAL, **more: Any) -> None:
    """Switches a standup on, at seven in the morning before it."""
    world.clock.at = NINE - 2 * HOUR
    chosen = {"is_on": ["on"], "members": [member.id for member in members], **more}
    done = world.maya.submit(open_settings(world, channel), values(**chosen))
    assert done["errors"] is None, done
    world.told(world.maya, channel, "Saved.")


def morning(who: Player, at: str = "4 March") -> Json:
    """The newest morning's message of that day."""
    return who.wait_for_dm(at)


def answer(who: Player, form: Json, *said: str, **more: Any) -> Json:
    """Fills in the questions of the form, in their order."""
    asked = [name for name in blocks(form) if name.startswith("said:")]
    typed = dict(zip(asked, said, strict=False))
    return who.submit(form, values(**typed, **more))


def blocks(form: Json) -> list[str]:
    return [block["block_id"] for block in form["blocks"] if block["type"] == "input"]


def said_of(world: World, who: Player, channel: str = SOCIAL) -> list[tuple[str, str]]:
    """What somebody answered on the day that it is, as it was kept."""
    desk = desks.find(world.store, "T0LARKFIELD", channel)
    assert desk is not None
    with world.store.read() as tx:
        held = standups.find_round(tx, desk.id, world.clock.at.date())
        found = standups.answers_of(tx, held.id) if held else []
    return [(each.question, each.answer) for answer in found for each in answer.said]


# Settings.


def test_settings_show_what_is_set_and_keep_what_is_changed(world: World) -> None:
    world.set_up(world.ines)
    form = open_settings(world)
    shown = fields(form)
    assert "initial_options" not in shown["On"]
    assert [o["value"] for o in shown["Days"]["options"]] == ["mon", "tue", "wed", "thu", "fri"]
    assert shown["Questions"]["initial_value"] == "What should the team know?\nWhat blocks you?"
    assert shown["Questions for who is on duty"]["initial_value"].count("\n") == 2
    assert shown["Prompt at"]["initial_time"] == "09:00"
    assert shown["Weekly digest on"]["initial_option"]["value"] == "never"
    changed = values(
        is_on=["on"],
        days=["mon", "fri"],
        prompt_at="08:30",
        digest_at="11:00",
        questions="  Anything new?\n\nAnything stuck?\nAnything new?",
        duty_questions="",
        duty=["U0TOM", "U0INES"],
        members=["U0INES", "U0MAYA", "U0TOM"],
        weekly_day="fri",
        weekly_at="15:00",
        weekly_reader="U0LEA",
    )
    assert world.maya.submit(form, changed)["errors"] is None
    world.told(
        world.maya, SOCIAL, "3 members are asked at 08:30, each in their own time; the digest"
    )
    shown = fields(open_settings(world))
    assert shown["On"]["initial_options"]
    assert [o["value"] for o in shown["Days"]["initial_options"]] == ["mon", "fri"]
    assert shown["Questions"]["initial_value"] == "Anything new?\nAnything stuck?"
    assert "initial_value" not in shown["Questions for who is on duty"]
    assert shown["On duty"]["initial_users"] == ["U0TOM", "U0INES"]
    assert set(shown["Members"]["initial_users"]) == {"U0INES", "U0MAYA", "U0TOM"}
    assert shown["Weekly digest on"]["initial_option"]["value"] == "fri"
    assert shown["Weekly digest at"]["initial_time"] == "15:00"
    assert shown["Weekly digest, seen before by"]["initial_user"] == "U0LEA"


def test_what_cannot_be_is_said_at_its_field(world: World) -> None:
    world.set_up(world.ines)
    form = open_settings(world)
    right = {"is_on": ["on"], "members": ["U0MAYA"], "duty": [], "digest_at": "11:00"}
    right |= {"questions": "Anything?", "duty_questions": "", "weekly_day": "never"}
    many = "\n".join(f"Question {n}?" for n in range(25))
    cases: list[tuple[Json, str, str]] = [
        ({"questions": many}, "questions", "These are 25 questions. Keep the 6"),
        ({"duty_questions": many}, "duty_questions", "These are 25 questions."),
        ({"questions": " \n "}, "questions", "Ask at least one question."),
        ({"questions": "x" * 200}, "questions", "“xxx"),
        ({"digest_at": "08:00"}, "digest_at", "The digest has to come later than the prompt"),
        ({"members": []}, "members", "Nobody would be asked."),
        ({"members": ["U0MAYA", "U0GIL"]}, "members", "Gil Navarro can't be a member"),
        ({"members": ["U0MAYA", "U0SAM"]}, "members", "Sam Porter can't be a member"),
        ({"duty": ["U0TOM"]}, "duty", "Tom Lindqvist would never be asked"),
        ({"weekly_day": "mon"}, "weekly_reader", "Say who sees the weekly digest"),
        (
            {"weekly_day": "mon", "weekly_reader": "U0GIL"},
            "weekly_reader",
            "Gil Navarro can't see the weekly digest before",
        ),
    ]
    for typed, name, sentence in cases:
        refused = world.maya.submit(form, values(**right | typed))
        assert refused["errors"] is not None, typed
        assert refused["errors"][name].startswith(sentence)
    assert "initial_options" not in fields(open_settings(world))["On"]


def test_a_channel_archived_meanwhile_is_told(world: World) -> None:
    world.set_up(world.ines)
    form = open_settings(world)
    world.maya.archive(SOCIAL)
    refused = world.maya.submit(form, values(is_on=["on"], members=["U0MAYA"]))
    assert "This channel is archived" in next(iter(refused["errors"].values()))


def test_an_archived_channels_members_are_left_alone_until_it_is_back(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines)
    world.maya.archive(SOCIAL)
    world.maya.wait_for_dm("<#C0SOCIAL> was archived, so its desk sleeps")
    world.tick(NINE)
    assert [m for m in world.ines.dms() if "March" in read(m)] == []
    world.maya.archive(SOCIAL, archived=False)
    wait_until(
        lambda: (desk := desks.find(world.store, "T0LARKFIELD", SOCIAL)) and not desk.asleep,
        "the desk is awake",
    )
    world.tick(NINE + DAY)
    morning(world.ines, "5 March")


def test_settings_of_no_desk_or_a_sleeping_one(world: World) -> None:
    world.maya.command(SOCIAL, "/desk standup")
    world.told(world.maya, SOCIAL, "This channel has no desk yet.")
    world.maya.command(world.maya.direct(), "/desk standup")
    world.told(world.maya, world.maya.direct(), "A desk belongs to a channel.")
    world.set_up(world.ines)
    world.maya.remove(SOCIAL)
    world.maya.wait_for_dm("its desk sleeps")
    world.maya.command(SOCIAL, "/desk standup")
    world.told(world.maya, SOCIAL, "This desk is asleep")


def test_for_others_than_managers_it_is_their_answer(world: World) -> None:
    world.set_up(world.ines, by=world.tom)
    world.kenji.command(SOCIAL, "/desk standup")
    world.told(world.kenji, SOCIAL, "You aren't in a standup, so there is nothing to answer.")
    world.kenji.command(SOCIAL, "/standup settings")
    world.told(world.kenji, SOCIAL, "Its managers are: Tom Lindqvist.")
    assert world.kenji.view() is None


# The morning.


def test_a_morning_without_anything_is_short(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines)
    world.tick(NINE)
    asked = morning(world.ines)
    assert "Nothing waits for you, and nothing of yours is due." in read(asked)
    assert labels(asked) == ["Answer", "Skip today"]
    assert asked["text"].startswith("Monday 4 March. Nothing waits for you")


def test_a_morning_lets_one_deal_with_what_waits(world: World) -> None:
    world.set_up(world.ines)
    for number in range(1, 6):
        world.draft(world.tom, f"Number {number}", send=True)
    publish = int((NINE + 30 * HOUR).timestamp())
    world.draft(world.ines, "Mine, tomorrow", publish_at=publish)
    hold(world, world.ines, duty=["U0INES"])
    world.tick(NINE)
    asked = morning(world.ines)
    text = read(asked)
    assert "More than 3 posts wait for you, and 1 of yours is due or back for changes." in text
    assert "Number 3" in text
    assert "Number 4" not in text
    assert "Mine, tomorrow" in text
    assert "You are on duty this week in <#C0SOCIAL>." in text
    assert labels(asked) == [
        *["Approve", "Open"] * 3,
        "All that waits for you",
        "Open",
        "Answer",
        "Skip today",
    ]
    world.ines.click(asked, "Approve")
    world.settle()
    text = read(world.ines.again(asked))
    assert "Number 1" not in text
    assert "Number 4" in text
    assert "Approved" in read(world.channel_card("P-1"))
    world.ines.click(world.ines.again(asked), "All that waits for you")
    assert "4 posts wait for you" in read(world.ines.wait_for_view("Waits for you"))
    world.ines.close(world.ines.views()[0], clear=True)
    world.open(world.ines, world.ines.again(asked))


def test_each_gets_one_message_for_all_desks_in_their_own_morning(world: World) -> None:
    world.set_up(world.ines)
    world.maya.invite(BRAND)
    world.set_up(world.ines, channel=BRAND)
    hold(world, world.maya, world.tom, world.ines)
    hold(world, world.maya, world.ines, channel=BRAND, prompt_at="08:00")
    world.tick(NINE - HOUR)
    text = read(morning(world.ines))
    assert "*Standup* of <#C0BRAND> and <#C0SOCIAL>" in text
    assert [m for m in world.tom.dms() if "4 March" in read(m)] == []
    world.tick(NINE + 6 * HOUR)
    assert "*Standup* of <#C0SOCIAL>" in read(morning(world.tom))
    assert len([m for m in world.ines.dms() if "4 March" in read(m)]) == 1


def test_who_goes_to_another_zone_is_asked_in_its_morning(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.tom, world.ines)
    world.playground.change_person("U0LEA", tz="Europe/London")  # of whom we know nothing
    world.playground.change_person("U0INES", deleted=True)
    world.playground.change_person("U0TOM", tz="Europe/London")

    def zone() -> str:
        found = people.remembered(world.store, "T0LARKFIELD", "U0TOM")
        return found.time_zone if found else ""

    wait_until(lambda: zone() == "Europe/London", "Slack has said where Tom is")
    world.tick(NINE + HOUR)
    assert "*Standup* of <#C0SOCIAL>" in read(morning(world.tom))
    asked = {call["args"]["channel"] for call in world.playground.calls("chat.postMessage")}
    assert "U0TOM" in asked
    assert "U0INES" not in asked


# Answering.


def test_an_answer_from_the_morning_to_its_correction(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.ines, "Mine", publish_at=int((NINE + 5 * HOUR).timestamp()))
    hold(world, world.ines)
    world.tick(NINE)
    asked = morning(world.ines)
    world.ines.click(asked, "Answer")
    form = world.ines.wait_for_view("Standup")
    shown = fields(form)
    assert list(shown) == ["What should the team know?", "What blocks you?", "Your load"]
    assert "P-1 (draft, Mon 04 Mar, 14:00): Mine" in read(form)
    answer(world.ines, form, "We launch *today*", "")
    world.told(world.ines, world.ines.direct(), "Your answer for #social is noted.")
    assert said_of(world, world.ines) == [("What should the team know?", "We launch *today*")]
    world.settle()
    done = world.ines.again(asked)
    assert "You answered your standup." in read(done)
    assert labels(done) == ["Open", "Edit"]

    world.ines.click(done, "Edit")
    form = world.ines.wait_for_view("Standup")
    shown = fields(form)
    assert shown["What should the team know?"]["initial_value"] == "We launch *today*"
    assert "initial_value" not in shown["What blocks you?"]
    answer(world.ines, form, "Tomorrow", "The logo")
    world.told(world.ines, world.ines.direct(), "Your answer for #social is changed.")
    assert [text for _, text in said_of(world, world.ines)] == ["Tomorrow", "The logo"]


def test_early_by_command_then_late(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines)
    world.ines.command(SOCIAL, "/standup")
    answer(world.ines, world.ines.wait_for_view("Standup"), "Early bird")
    world.told(world.ines, SOCIAL, "Your answer for #social is noted.")
    world.tick(NINE)
    assert [m for m in world.ines.dms() if "4 March" in read(m)] == []
    world.clock.at = NINE + 9 * HOUR
    world.ines.command(SOCIAL, "/standup answer")
    form = world.ines.wait_for_view("Standup")
    assert fields(form)["What should the team know?"]["initial_value"] == "Early bird"


def test_who_is_on_duty_is_asked_more(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines, world.maya, duty=["U0INES", "U0MAYA"])
    world.ines.command(SOCIAL, "/standup")
    form = world.ines.wait_for_view("Standup")
    assert list(fields(form))[2:5] == [
        "What happened overnight?",
        "What is trending with our audience?",
        "Any risk or opportunity?",
    ]
    answer(world.ines, form, "a", "b", "c", "d", "e")
    world.told(world.ines, SOCIAL, "is noted.")
    assert len(said_of(world, world.ines)) == 5
    world.maya.command(SOCIAL, "/standup")
    assert "What happened overnight?" not in fields(world.maya.wait_for_view("Standup"))


def test_several_desks_are_answered_in_one_form(world: World) -> None:
    world.set_up(world.ines)
    world.maya.invite(BRAND)
    world.set_up(world.ines, channel=BRAND)
    hold(world, world.ines)
    hold(world, world.ines, channel=BRAND, questions="How is the logo?")
    world.ines.command(SOCIAL, "/standup")
    form = world.ines.wait_for_view("Standup")
    text = read(form)
    assert text.index("<#C0BRAND>") < text.index("How is the logo?") < text.index("<#C0SOCIAL>")
    answer(world.ines, form, "Blue", "", "Nothing")
    world.told(world.ines, SOCIAL, "Your answer for #brand-private and #social is noted.")
    assert said_of(world, world.ines, BRAND) == [("How is the logo?", "Blue")]
    assert said_of(world, world.ines) == [("What blocks you?", "Nothing")]


def test_an_empty_form_is_told_and_nothing_typed_is_lost(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines)
    world.ines.command(SOCIAL, "/standup")
    form = world.ines.wait_for_view("Standup")
    refused = answer(world.ines, form, "  ", "\n")
    assert next(iter(refused["errors"].values())).startswith("Nothing is filled in.")
    answer(world.ines, world.ines.wait_for_view("Standup"), "Something")
    world.told(world.ines, SOCIAL, "is noted.")


def test_an_answer_sent_twice_is_one(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines)
    world.ines.command(SOCIAL, "/standup")
    answer(world.ines, world.ines.wait_for_view("Standup"), "Once")
    world.again("submit")
    assert said_of(world, world.ines) == [("What should the team know?", "Once")]


def test_questions_changed_meanwhile_keep_the_answer_to_the_old_one(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines, questions="Ads & <posts>?")
    world.ines.command(SOCIAL, "/standup")
    form = world.ines.wait_for_view("Standup")
    hold(world, world.ines, questions="Something else?")
    answer(world.ines, form, "Fine")
    world.told(world.ines, SOCIAL, "is noted.")
    assert said_of(world, world.ines) == [("Ads & <posts>?", "Fine")]
    world.ines.command(SOCIAL, "/standup")
    form = world.ines.wait_for_view("Standup")
    assert list(fields(form)) == ["Something else?", "Ads & <posts>?", "Your load"]
    assert fields(form)["Ads & <posts>?"]["initial_value"] == "Fine"


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_is_typed_is_kept_as_it_was(world: World, typed: str) -> None:
    world.set_up(world.ines)
    typed = typed[:1000]
    on_a_line = " ".join(typed[:100].split())
    hold(world, world.ines, questions=on_a_line)
    world.ines.command(SOCIAL, "/standup")
    form = world.ines.wait_for_view("Standup")
    answer(world.ines, form, typed)
    world.told(world.ines, SOCIAL, "is noted.")
    assert said_of(world, world.ines) == [(clean(on_a_line), clean(typed).strip())]
    world.ines.command(SOCIAL, "/standup")
    world.ines.wait_for_view("Standup")


# Skipping, and what is over.


def test_skipping_by_button_and_by_command(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines, world.maya)
    world.tick(NINE)
    asked = morning(world.ines)
    world.ines.click(asked, "Skip today")
    world.settle()
    skipped = world.ines.again(asked)
    assert "You skipped your standup." in read(skipped)
    assert labels(skipped) == ["Answer"]
    world.maya.command(SOCIAL, "/standup skip")
    world.told(world.maya, SOCIAL, "Monday 4 March is skipped. To answer after all, type /standup.")
    world.ines.click(skipped, "Answer")
    answer(world.ines, world.ines.wait_for_view("Standup"), "After all")
    world.told(world.ines, world.ines.direct(), "is noted.")
    world.ines.command(SOCIAL, "/standup skip")
    world.told(world.ines, SOCIAL, "You have answered today's standup already.")


def test_a_click_on_yesterdays_morning_is_refused(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines)
    world.tick(NINE)
    old = morning(world.ines)
    world.tick(NINE + DAY)
    now = world.ines.again(old)
    assert read(now) == "*Monday 4 March*\nThis standup is over."
    assert labels(now) == []
    for button in ("Answer", "Skip today"):
        world.ines.click(old, button)
        where = world.ines.direct()
        world.told(world.ines, where, "The standup of Monday 4 March is over. Type /standup to")
    assert world.ines.view() is None


@pytest.mark.parametrize("value", ["", "yesterday", "2030-02-30", "9" * 20, "<!channel>"])
def test_a_forged_day_is_answered(world: World, value: str) -> None:
    world.set_up(world.ines)
    hold(world, world.maya)
    planted = world.plant(world.maya.direct(), "standup:answer", value or "x")
    world.maya.click(planted, "Open")
    world.told(world.maya, world.maya.direct(), "This is from an older version of Copydesk.")


def test_members_of_no_standup_and_days_without_one(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines)
    for typed in ("/standup", "/standup skip"):
        world.tom.command(SOCIAL, typed)
        world.told(world.tom, SOCIAL, "You aren't in a standup, so there is nothing to answer.")
    world.clock.at = NINE + 5 * DAY
    world.ines.command(SOCIAL, "/standup")
    world.told(world.ines, SOCIAL, "The next one is on Monday 11 March")


@pytest.mark.parametrize("typed", ["dance", "<!channel> now", "“skip”", "-x --help"])
def test_what_is_not_understood_is_answered_with_help(world: World, typed: str) -> None:
    world.maya.command(SOCIAL, f"/standup {typed}")
    world.told(world.maya, SOCIAL, "isn't something /standup can do.")
    world.maya.command(SOCIAL, "/desk standup help")
    world.told(world.maya, SOCIAL, "*/standup who*: who has answered")


def test_in_a_thread_our_name_is_the_command(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines)
    above = world.maya.say(SOCIAL, "Who is on it?")
    world.ines.say(SOCIAL, "@Copydesk standup answer", thread_ts=above)

    def button() -> Json | None:
        said = [m for m in world.ines.messages(SOCIAL, above) if m["ephemeral"]]
        return next((m for m in said if labels(m) == ["Standup"]), None)

    world.ines.click(wait_until(button, "the button Standup"), "Standup")
    answer(world.ines, world.ines.wait_for_view("Standup"), "Me")
    wait_until(lambda: said_of(world, world.ines), "the answer is kept")


# For managers.


def test_who_has_answered_is_seen_by_managers_alone(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines, world.maya, world.tom, world.kenji)
    world.ines.command(SOCIAL, "/standup")
    answer(world.ines, world.ines.wait_for_view("Standup"), "Here")
    world.maya.command(SOCIAL, "/standup skip")
    world.told(world.maya, SOCIAL, "is skipped")
    world.tick(NINE)
    world.maya.command(SOCIAL, "/standup who")
    told = read(world.told(world.maya, SOCIAL, "Answered: Ines Ferrari"))
    assert "Skipped: Maya Okafor" in told
    assert "Asked later today: Tom Lindqvist" in told
    assert "Silent so far: Kenji Sato" in told
    world.kenji.command(SOCIAL, "/standup who")
    world.told(world.kenji, SOCIAL, "Only this desk's managers")


def test_everybody_can_be_asked_once_more(world: World) -> None:
    world.set_up(world.ines)
    hold(world, world.ines, world.maya, world.tom)
    world.tick(NINE)
    world.maya.command(SOCIAL, "/standup skip")
    first = morning(world.ines)
    world.maya.command(SOCIAL, "/standup now")
    told = read(world.told(world.maya, SOCIAL, "Ines Ferrari is asked now."))
    assert "at their own time: Tom Lindqvist." in told
    world.settle()
    second = morning(world.ines)
    assert second["ts"] != first["ts"]
    assert labels(second) == ["Answer", "Skip today"]
    assert labels(world.ines.again(first)) == []
    world.maya.command(SOCIAL, "/standup now")
    world.told(world.maya, SOCIAL, "Everybody was asked once more today already")
    world.tom.command(SOCIAL, "/standup now")
    world.told(world.tom, SOCIAL, "Only this desk's managers")
    world.ines.click(second, "Answer")
    answer(world.ines, world.ines.wait_for_view("Standup"), "Yes")
    world.told(world.ines, world.ines.direct(), "is noted.")


# I have too much.


def test_too_much_is_told_to_the_manager_from_the_form(world: World) -> None:
    world.set_up(world.ines, world.maya)
    world.draft(world.ines, "Half done")
    world.draft(world.tom, "Waits", send=True)
    hold(world, world.ines)
    world.ines.command(SOCIAL, "/standup")
    form = world.ines.wait_for_view("Standup")
    answer(world.ines, form, too_much=["too_much"])
    world.told(world.ines, SOCIAL, "Maya Okafor is told in private what is on your plate.")
    world.settle()
    note = world.maya.wait_for_dm("has too much")
    text = read(note)
    assert "<@U0INES> has too much" in text
    assert "Half done" in text
    assert "Waits for their approval" in text
    assert labels(note) == ["Open", "Open"]
    world.maya.click(note, "Open")
    wait_until(lambda: opened(world.maya), "Open shows the post")


def test_too_much_from_the_home(world: World) -> None:
    world.set_up(world.ines)
    world.ines.open_home()
    home = wait_until(lambda: world.ines.state()["home"], "the Home is drawn")
    world.ines.click_view(home, "I have too much")
    world.noted(world.ines, "Maya Okafor is told in private what is on your plate.")
    world.settle()
    assert "Nothing of theirs is under way" in read(world.maya.wait_for_dm("has too much"))
    world.ines.close(world.ines.views()[0])
    world.ines.click_view(world.ines.state()["home"], "I have too much")
    world.noted(world.ines, "Maya Okafor heard this from you today already")
