"""The App Home: a person's own day, kept true."""

from datetime import timedelta

import pytest

from tests.handlers.world import BRAND, SOCIAL, World, opened, read
from tests.player import Json, Player, labels, wait_until


def open_home(who: Player) -> None:
    who.open_home()


def shows(who: Player, *says: str, without: str = "") -> Json:
    """The Home, once it says all of this, and not that."""

    def home() -> Json | None:
        found: Json | None = who.state()["home"]
        if not found:
            return None
        text = read(found)
        hidden = without and without in text
        return found if all(words in text for words in says) and not hidden else None

    return wait_until(home, f"{who.id}'s Home says {says}")


def current(world: World, who: Player) -> Json:
    """The Home after all that happened: each click in it has it drawn anew."""
    world.settle()
    home: Json = who.state()["home"]
    return home


def test_without_a_desk_it_says_how_to_make_one(world: World) -> None:
    open_home(world.tom)
    shows(world.tom, "Nothing waits for you.", "Type */desk setup* in your team's channel.")


def test_it_shows_what_waits_what_is_mine_and_how_the_desk_stands(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "Waiting text", send=True)
    world.draft(world.tom, "Draft text")
    open_home(world.tom)
    home = shows(world.tom, "Nothing waits for you.", "1 draft, 1 in review", "Draft text")
    assert "*P-2*, yours" in read(home)
    assert labels(home) == ["Posts", "Open", "Open", "New draft", "I have too much"]
    open_home(world.ines)
    home = shows(world.ines, "*P-1* by Tom Lindqvist", "Waiting text", "1 in review")
    assert "Draft text" not in read(home)
    assert labels(home) == ["Approve", "Open", "Posts", "New draft", "I have too much"]


def test_one_click_in_it_approves_and_it_shows_that(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True)
    open_home(world.ines)
    open_home(world.tom)
    world.ines.click_view(shows(world.ines, "*P-1*"), "Approve")
    shows(world.ines, "Nothing waits for you.", "1 approved")
    shows(world.tom, "1 approved", "✅ Approved")
    assert "Approved" in read(world.channel_card("P-1"))
    assert world.ines.views() == []


def test_a_decision_elsewhere_is_seen_in_it(world: World) -> None:
    world.set_up(world.ines)
    open_home(world.ines)
    shows(world.ines, "Nothing under way")
    world.draft(world.tom, "News", send=True)
    shows(world.ines, "News", "1 in review")
    world.say_no(world.ines, world.channel_card("P-1"), "Request changes", "Shorter")
    shows(world.ines, "Nothing waits for you.", "1 changes requested")


def test_a_click_in_one_that_was_open_for_hours_is_answered_and_brings_it_up_to_date(
    world: World,
) -> None:
    world.set_up(world.ines, world.kenji)
    world.draft(world.tom, send=True)
    open_home(world.ines)
    old = shows(world.ines, "*P-1*")
    world.settle()
    world.clock.at += timedelta(hours=3)
    world.kenji.click(world.dm_card(world.kenji, "P-1"), "Approve")
    world.settle()
    assert "*P-1*" in read(world.ines.state()["home"])
    world.ines.click_view(old, "Approve")
    world.noted(world.ines, "Kenji Sato approved this on")
    shows(world.ines, "Nothing waits for you.")


def test_its_buttons_open_forms(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "Spring", send=True)
    open_home(world.ines)
    home = shows(world.ines, "*P-1*")
    world.ines.click_view(home, "Open")
    sheet = wait_until(lambda: opened(world.ines), "Open shows the post")
    world.ines.close(sheet)
    world.ines.click_view(current(world, world.ines), "Posts")
    posts = world.ines.wait_for_view("Posts")
    assert "*P-1*" in read(posts)
    world.ines.close(posts)
    world.ines.click_view(current(world, world.ines), "New draft")
    world.ines.wait_for_view("New draft")


def test_what_is_too_much_is_behind_a_button(world: World) -> None:
    world.set_up(world.ines)
    for number in range(1, 10):
        world.draft(world.tom, f"Number {number}", send=True)
    open_home(world.ines)
    home = shows(world.ines, "Number 5", without="Number 6")
    world.ines.click_view(home, "All that waits for you")
    assert "9 posts wait for you" in read(world.ines.wait_for_view("Waits for you"))
    open_home(world.tom)
    home = shows(world.tom, "Number 9", "Number 2", without="Number 1")
    world.tom.click_view(home, "All my posts")
    mine = world.tom.wait_for_view("Posts")
    world.tom.click_view(mine, "Older")
    wait_until(lambda: "Number 1" in read(world.tom.view() or {"text": ""}), "the ninth")


def test_it_is_grouped_by_desk(world: World) -> None:
    world.set_up(world.ines)
    world.maya.invite(BRAND)
    world.set_up(world.ines, channel=BRAND)
    world.draft(world.maya, "For social")
    world.draft(world.maya, "For the brand", channel=BRAND)
    world.draft(world.maya, "More for social")
    open_home(world.maya)
    text = read(shows(world.maya, "For social", "For the brand", "More for social"))
    order = ["<#C0SOCIAL>", "More for social", "For social", "<#C0BRAND>", "For the brand"]
    places = sorted((text.index(words), words) for words in order)
    brand_first = places[0][1] == "<#C0BRAND>"
    expected = order[3:] + order[:3] if brand_first else order
    assert [words for _, words in places] == expected


def test_leaving_a_channel_takes_its_desk_out_of_it(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "Secret plans", send=True)
    open_home(world.lea)
    shows(world.lea, "<#C0SOCIAL>", "1 in review")
    world.maya.remove(SOCIAL, "U0LEA")
    shows(world.lea, "None of your channels has a desk yet.", without="C0SOCIAL")
    # The desk's news don't bring it back.
    world.draft(world.tom, "More plans", send=True)
    world.settle()
    shows(world.lea, "None of your channels has a desk yet.", without="C0SOCIAL")


@pytest.mark.parametrize("fault", ["500", "html", "nothing", "lost_reply", "429"])
def test_it_survives_what_slack_does(world: World, fault: str) -> None:
    world.forgiven.append("ratelimited" if fault == "429" else f"fault {fault}")
    world.set_up(world.ines)
    more = {"retry_after": 0} if fault == "429" else {}
    world.playground.fault("views.publish", fault, count=1, **more)
    open_home(world.ines)

    def was_drawn() -> bool:
        world.tom.command(SOCIAL, "/desk")  # as the timer's tick, this wakes the courier
        calls = world.playground.calls("views.publish")
        return [call["ok"] for call in calls[-1:]] == [True] and not world.is_busy()

    wait_until(was_drawn, "the Home is drawn after all")
    shows(world.ines, "Nothing under way")


def test_a_picture_that_is_gone_keeps_no_home_from_being_drawn(world: World) -> None:
    world.forgiven += ["invalid_blocks", "invalid_arguments"]
    world.set_up(world.ines)
    tea = world.tom.upload("tea.png", alt="A pot")
    world.draft(world.tom, "Tea", send=True, files=[tea])
    open_home(world.ines)
    assert "image" in [block["type"] for block in shows(world.ines, "*P-1*")["blocks"]]
    world.tom.delete_file(tea)
    open_home(world.ines)
    shows(world.ines, "A pot (no longer in Slack)")


def test_the_messages_tab_draws_no_home(world: World) -> None:
    world.tom.open_dm()
    world.settle()
    assert world.tom.state()["home"] is None
