"""Away and back in Slack: said in words, covered by somebody, and seen wherever it matters."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.handlers.world import BRAND, GENERAL, SOCIAL, World, opened, read, values
from tests.player import Json, Player, fields, labels, wait_until

TITLE = "Away"
# World's clock stands on Monday 4 March 2030, ten in Rome and six in the evening in Tokyo.
FRIDAY_ENDS = datetime(2030, 3, 8, 23, tzinfo=UTC)  # in Rome


def away(who: Player, typed: str = "", channel: str = SOCIAL) -> Json:
    """Opens the form."""
    who.command(channel, f"/standup away {typed}".strip())
    return who.wait_for_view(TITLE)


def go(world: World, who: Player, typed: str, cover: Player | None, channel: str = SOCIAL) -> Json:
    """Says that somebody is away, and reads the answer."""
    chosen = values(cover=cover.id) if cover else {}
    done = who.submit(away(who, typed, channel), chosen)
    assert done["errors"] is None, done
    world.settle()
    return world.told(who, channel, "away")


def home(world: World, who: Player, says: str, without: str = "") -> Json:
    """The Home, kept up to date, once it says this and not that."""

    def shows() -> Json | None:
        shown = who.state()["home"]
        text = read(shown) if shown else ""
        return shown if says in text and not (without and without in text) else None

    wait_until(shows, f"the Home says “{says}”")
    world.settle()
    found: Json = who.state()["home"]
    return found


@pytest.mark.parametrize("between", ["\n", "\u00a0", " \n "])
def test_any_space_parts_the_words_of_a_command(world: World, between: str) -> None:
    world.set_up(world.ines)
    world.ines.command(SOCIAL, f"/standup away{between}until Friday")
    assert "from Monday 4 March to Friday 8 March" in read(world.ines.wait_for_view("Away"))


def test_what_was_understood_is_echoed_and_asked_who_covers(world: World) -> None:
    world.set_up(world.ines)
    form = away(world.ines, "until Friday")
    assert "You are away from Monday 4 March to Friday 8 March, Rome time." in read(form)
    shown = fields(form)
    assert shown["First day"]["initial_date"] == "2030-03-04"
    assert shown["Last day"]["initial_date"] == "2030-03-08"
    assert "initial_user" not in shown["Who covers?"]
    world.ines.submit(form, values(cover="U0KENJI", last_day="2030-03-07"))
    told = read(world.told(world.ines, SOCIAL, "away"))
    assert "You are away from Monday 4 March to Thursday 7 March, Rome time." in told
    assert "Kenji Sato covers" in told
    assert "Type /standup back to come back earlier." in told
    dm = world.kenji.wait_for_dm("you cover")
    assert "Ines Ferrari is away from Monday 4 March to Thursday 7 March" in read(dm)
    # Asked again, it shows what is set.
    again = away(world.ines)
    assert "takes the place of what is noted" in read(again)
    shown = fields(again)
    assert shown["Last day"]["initial_date"] == "2030-03-07"
    assert shown["Who covers?"]["initial_user"] == "U0KENJI"


def test_without_words_it_is_a_form_from_today_on(world: World) -> None:
    world.set_up(world.ines)
    # In Tokyo it is Tuesday by now.
    world.clock.at += timedelta(hours=8)
    form = away(world.kenji, channel=GENERAL)
    assert fields(form)["First day"]["initial_date"] == "2030-03-05"
    assert "initial_date" not in fields(form)["Last day"]
    world.kenji.submit(form)
    told = read(world.told(world.kenji, GENERAL, "away"))
    assert "You are away from Tuesday 5 March on, Tokyo time. Nobody covers" in told


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("3 aug to 17 aug", "2030-08-03", "2030-08-17"),
        ("tomorrow", "2030-03-05", "2030-03-05"),
        ("  UNTIL   31 March ", "2030-03-04", "2030-03-31"),
        ("jusqu’à vendredi", "2030-03-04", "2030-03-08"),
    ],
)
def test_days_in_plain_words(world: World, typed: str, first: str, last: str) -> None:
    world.set_up(world.ines)
    shown = fields(away(world.maya, typed))
    assert shown["First day"]["initial_date"] == first
    assert shown["Last day"]["initial_date"] == last


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("until 31 feb", "There is no such day: “31 feb”."),
        ("until yesterday", "“until yesterday” has passed."),
        ("17 aug to 3 aug", "ends before it begins"),
        ("until 5 march 2032", "is over a year away."),
        ("until the cows come home", "can be read in more than one way, or in none."),
        ("@nobody until friday", "can be read in more than one way, or in none."),
        ("<!channel> until friday", "“<!channel>” can be read"),
    ],
)
def test_words_that_have_no_reading(world: World, typed: str, sentence: str) -> None:
    world.set_up(world.ines)
    world.ines.command(SOCIAL, f"/standup away {typed}")
    world.told(world.ines, SOCIAL, sentence)
    assert world.ines.view() is None


@pytest.mark.parametrize(
    ("cover", "sentence"),
    [
        ("U0INES", "Ines Ferrari is the one who is away. Choose somebody else"),
        ("U0GIL", "Gil Navarro can't cover: apps, guests"),
        ("U0SAM", "Sam Porter can't cover"),
        ("U0PLAYBOT", "can't cover: apps"),
        ("U0KENJI", "Kenji Sato is away too on all of these days."),
        ("U0TOM", "Tom Lindqvist isn't in #partners, and would get what waits there."),
    ],
)
def test_covers_that_are_refused_at_the_field(world: World, cover: str, sentence: str) -> None:
    world.set_up(world.ines)
    world.set_up(world.ines, channel="C0PARTNERS")
    go(world, world.kenji, "until 31 march", None)
    form = away(world.ines, "until friday")
    done = world.ines.submit(form, values(cover=cover))
    assert sentence in done["errors"]["cover"]
    # Nothing typed is lost, and another choice is taken.
    assert world.ines.submit(form, values(cover="U0MAYA"))["errors"] is None


def test_days_that_are_refused_at_their_fields(world: World) -> None:
    form = away(world.ines, "until friday", GENERAL)
    for chosen, field, sentence in [
        ({"first_day": "2030-03-01"}, "first_day", "1 March 2030 has passed. Choose today"),
        (
            {"first_day": "2030-03-05", "last_day": "2030-03-04"},
            "last_day",
            "is before the first day.",
        ),
        ({"last_day": "2031-08-01"}, "last_day", "1 August 2031 is over a year away."),
    ]:
        done = world.ines.submit(form, values(**chosen))
        assert sentence in done["errors"][field]


def test_what_waits_goes_to_the_cover_and_comes_back_at_midnight(world: World) -> None:
    world.set_up(world.ines)
    first = world.draft(world.tom, "One", send=True)
    go(world, world.ines, "until friday", world.kenji)

    card = world.dm_card(world.kenji, first)
    assert "For Ines Ferrari, who is away until Friday 8 March" in read(card)
    assert labels(card) == ["Open", "Approve", "Request changes", "Reject"]
    small = world.dm_card(world.ines, first)
    assert "You are away until Friday 8 March; Kenji Sato covers" in read(small)
    assert labels(small) == ["Open"]
    own = world.dm_card(world.tom, first)
    assert "Ines Ferrari is away until Friday 8 March; Kenji Sato covers" in read(own)
    assert "away" not in read(world.channel_card(first)), "a channel sees steps and counts"

    second = world.draft(world.tom, "Two", send=True)
    told = world.told(world.tom, SOCIAL, "P-2 is sent for approval")
    assert "Ines Ferrari is away until Friday 8 March; Kenji Sato covers." in read(told)
    cards = [m for m in world.ines.dms() if f"*{second}*" in read(m)]
    assert cards == [], "who is away is left in peace"

    world.tick(FRIDAY_ENDS - timedelta(seconds=1))
    world.settle()
    assert "Approve" in labels(world.dm_card(world.kenji, first))
    world.tick(FRIDAY_ENDS)
    world.settle()
    gone = world.kenji.again(card)
    assert labels(gone) == ["Open"]
    assert "You no longer cover for Ines Ferrari · Needs its approver" in read(gone)
    assert "You no longer cover for Ines Ferrari." in read(world.kenji.dms()[0])
    assert "Approve" in labels(world.dm_card(world.ines, first))
    assert "Approve" in labels(world.dm_card(world.ines, second))
    # The old button is still on Kenji's screen.
    world.kenji.click(card, "Approve")
    world.told(world.kenji, world.kenji.direct(), "Only the approvers of step 1 can do this.")


def test_a_cover_approves_and_everybody_reads_for_whom(world: World) -> None:
    world.set_up(world.ines)
    go(world, world.ines, "until friday", world.kenji)
    code = world.draft(world.tom, "One", send=True)
    world.kenji.command(SOCIAL, "/desk queue")
    queue = world.kenji.wait_for_view("Waits for you")
    assert "For Ines Ferrari, who is away until Friday 8 March" in read(queue)
    world.kenji.close(queue)
    world.kenji.click(world.dm_card(world.kenji, code), "Approve")
    world.settle()
    assert f"Kenji Sato approved *{code}* for Ines Ferrari" in read(world.tom.dms()[-1])
    done = "Kenji Sato approved version 1 for Ines Ferrari"
    assert done in read(world.channel_card(code))
    assert done in read(world.dm_card(world.kenji, code))
    world.maya.command(SOCIAL, f"/desk history {code}")
    assert "approved version 1 for Ines Ferrari" in read(
        world.maya.wait_for_view(f"History of {code}")
    )
    # And takes it back, in Open.
    sheet = world.open(world.kenji, world.dm_card(world.kenji, code))
    world.kenji.click_view(sheet, "Undo my decision")
    wait_until(lambda: "Approve" in str(opened(world.kenji)), "it is open again")
    assert "waits for Kenji Sato" in read(opened(world.kenji) or {})


def test_the_cover_and_they_themselves_click_one_after_the_other(world: World) -> None:
    world.set_up(world.ines, world.lea, need="all")
    go(world, world.ines, "until friday", world.kenji)
    code = world.draft(world.tom, "One", send=True)
    card = world.dm_card(world.kenji, code)
    sheet = world.open(world.ines, world.channel_card(code, who=world.ines))
    world.ines.click_view(sheet, "Approve")
    wait_until(lambda: "Undo my decision" in str(opened(world.ines)), "it is taken")
    world.settle()
    assert "Ines Ferrari approved this" in read(world.kenji.again(card))
    world.kenji.click(card, "Approve")
    told = world.told(world.kenji, world.kenji.direct(), "nothing left to decide")
    assert "Ines Ferrari approved this on Mon 04 Mar, 18:00" in read(told)
    assert "1 of 2 approved" in read(world.channel_card(code))

    other = world.draft(world.tom, "Two", send=True)
    world.kenji.click(world.dm_card(world.kenji, other), "Approve")
    world.settle()
    world.ines.click(world.channel_card(other, who=world.ines), "Approve")
    told = world.told(world.ines, SOCIAL, "nothing left to decide")
    assert "Kenji Sato approved this for you on" in read(told)


def test_the_home_says_so_with_the_way_back(world: World) -> None:
    world.set_up(world.ines)
    go(world, world.ines, "tomorrow to friday", world.kenji)
    world.ines.open_home()
    home(world, world.ines, "You will be away from Tuesday 5 March to Friday 8 March; Kenji Sato")
    world.clock.at = datetime(2030, 3, 4, 23, tzinfo=UTC)
    for who in (world.ines, world.kenji):
        who.open_home()
    world.tick()
    shown = home(world, world.ines, "You are away until Friday 8 March; Kenji Sato covers.")
    home(world, world.kenji, "You cover for Ines Ferrari (until Friday 8 March).")
    world.ines.click_view(shown, "I'm back")
    home(world, world.ines, "Waits for you", without="away")
    home(world, world.kenji, "Waits for you", without="cover")
    assert world.ines.views() == []


def test_what_is_planned_is_cancelled_in_the_home(world: World) -> None:
    world.set_up(world.ines)
    go(world, world.ines, "3 aug to 17 aug", world.kenji)
    world.ines.command(SOCIAL, "/standup back")
    told = world.told(world.ines, SOCIAL, "You aren't away now.")
    assert "away from Saturday 3 August to Saturday 17 August" in read(told)
    world.ines.open_home()
    world.ines.click_view(home(world, world.ines, "You will be away"), "Don't go")
    home(world, world.ines, "Waits for you", without="away")
    world.ines.command(SOCIAL, "/standup back")
    world.told(world.ines, SOCIAL, "You aren't away, so there is nothing to end.")


def test_back_by_the_command(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "One", send=True)
    go(world, world.ines, "until friday", world.kenji)
    world.ines.command(SOCIAL, "/desk standup back")
    world.told(world.ines, SOCIAL, "Welcome back. 1 post waits for you: /desk queue.")
    assert "Approve" in labels(world.dm_card(world.ines, code))
    assert labels(world.dm_card(world.kenji, code)) == ["Open"]


def test_a_manager_says_it_for_somebody_who_says_that_they_are_back(world: World) -> None:
    world.set_up(world.ines)
    form = away(world.maya, "@ines until friday")
    said = "Ines Ferrari is away from Monday 4 March to Friday 8 March, Rome time."
    assert said in read(form)
    world.maya.submit(form, values(cover="U0KENJI"))
    assert said in read(world.told(world.maya, SOCIAL, "is away"))
    noted = world.ines.wait_for_dm("noted that you are away")
    assert "Maya Okafor noted that you are away from Monday 4 March" in read(noted)
    world.ines.click(noted, "I'm back")
    world.told(world.ines, world.ines.direct(), "Welcome back. Nothing waits for you.")
    world.ines.click(noted, "I'm back")
    world.told(world.ines, world.ines.direct(), "You aren't away, so there is nothing to end.")
    go(world, world.ines, "until friday", None)
    world.maya.command(SOCIAL, "/standup back @ines")
    world.told(world.maya, SOCIAL, "Ines Ferrari is back.")
    world.ines.wait_for_dm("Maya Okafor noted that you are back.")


def test_nobody_else_says_it_for_them(world: World) -> None:
    world.set_up(world.ines)
    for typed in ("away @ines until friday", "away @ines", "back @ines"):
        world.tom.command(SOCIAL, f"/standup {typed}")
        world.told(world.tom, SOCIAL, "Only Ines Ferrari and the managers of a desk")
    assert world.tom.view() is None


def test_where_nobody_covers_the_managers_hear_it_once_and_choose_somebody(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "One", send=True)
    go(world, world.ines, "until friday", None)
    told = world.maya.wait_for_dm("nobody covers")
    assert f"Ines Ferrari is away until Friday 8 March, and nobody covers. *{code}*" in read(told)
    world.draft(world.tom, "Two", send=True)
    world.settle()
    assert len([m for m in world.maya.dms() if "nobody covers" in read(m)]) == 1
    world.maya.click(told, "Choose a cover")
    form = world.maya.wait_for_view(TITLE)
    assert fields(form)["Last day"]["initial_date"] == "2030-03-08"
    world.maya.submit(form, values(cover="U0KENJI"))
    world.settle()
    assert f"Settled: *{code}* no longer waits for Ines Ferrari." in read(world.maya.again(told))
    assert "Approve" in labels(world.dm_card(world.kenji, code))


def test_what_nobody_covers_is_settled_when_somebody_else_is_asked(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "One", send=True)
    go(world, world.ines, "until friday", None)
    told = world.maya.wait_for_dm("nobody covers")
    sheet = world.open(world.maya, world.channel_card(code))
    world.maya.click_view(sheet, "Reassign")
    world.maya.submit(world.maya.wait_for_view("Reassign"), values(approver=world.kenji.id))
    world.settle()
    assert f"Settled: *{code}* no longer waits for Ines Ferrari." in read(world.maya.again(told))


def test_a_cover_who_leaves_the_channel_gets_nothing_of_it(world: World) -> None:
    world.set_up(world.ines)
    go(world, world.ines, "until friday", world.kenji)
    first = world.draft(world.tom, "One", send=True)
    card = world.dm_card(world.kenji, first)
    world.maya.remove(SOCIAL, "U0KENJI")
    wait_until(lambda: labels(world.kenji.again(card)) == ["Open"], "the card is small")
    world.draft(world.tom, "Two", send=True)
    assert not [m for m in world.kenji.dms() if "*P-2*" in read(m)]
    world.maya.wait_for_dm("nobody covers")
    world.maya.invite(SOCIAL, "U0KENJI")
    wait_until(lambda: "Approve" in labels(world.kenji.again(card)), "the card is back")
    world.dm_card(world.kenji, "P-2")


def test_a_desk_that_the_cover_is_not_in_is_named(world: World) -> None:
    world.maya.invite(BRAND)
    world.set_up(world.ines, channel=BRAND)
    done = world.ines.submit(away(world.ines, "until friday"), values(cover="U0KENJI"))
    assert "Kenji Sato isn't in #brand-private" in done["errors"]["cover"]
    assert world.ines.submit(world.ines.view() or {}, values(cover="U0LEA"))["errors"] is None


def test_somebody_elses_button_is_of_no_use(world: World) -> None:
    world.set_up(world.ines)
    go(world, world.ines, "until friday", world.kenji)
    planted = world.plant(SOCIAL, "absence:back", "1")
    world.tom.click(planted, "Open")
    world.told(world.tom, SOCIAL, "You aren't away, so there is nothing to end.")
    planted = world.plant(SOCIAL, "absence:cover", "1")
    world.tom.click(planted, "Open")
    world.told(world.tom, SOCIAL, "Only Ines Ferrari and the managers of a desk")
