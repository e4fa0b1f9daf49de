"""What is done from the Home is answered too, though a form that was opened from there belongs to
no channel."""

from __future__ import annotations

import pytest

from tests.handlers.test_home import current, open_home, shows
from tests.handlers.test_more import choose
from tests.handlers.world import World, editing, opened, read, values
from tests.player import Json, Player, wait_until


def open_post(world: World, who: Player, code: str) -> Json:
    """Opens a post from the Home."""
    open_home(who)
    shows(who, f"*{code}*")
    who.click_view(current(world, who), "Open")
    return wait_until(lambda: opened(who), "Open shows the post")


def choose_or_click(who: Player, view: Json, label: str) -> None:
    if label in ("Hold", "Mark as urgent", "Campaign", "Hand over"):
        choose(who, view, label)
    else:
        who.click_view(view, label)


@pytest.mark.parametrize(
    ("label", "title", "typed", "said"),
    [
        ("Comment", "Comment", {"comment": "Hm"}, "Your comment on P-1 is in the thread"),
        ("Hold", "Hold", {"reason": "Legal"}, "P-1 is on hold."),
        ("Mark as urgent", "Mark as urgent", {"reason": "Now"}, "P-1 is marked as urgent."),
        ("Campaign", "Campaign", {"campaign": "Spring"}, "P-1 is in the campaign Spring now"),
        ("Hand over", "Hand over", {"owner": "U0LEA"}, "P-1 belongs to Lea Brandt now"),
    ],
)
def test_a_form_of_the_owners_says_what_it_did(
    world: World, label: str, title: str, typed: dict[str, str], said: str
) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    choose_or_click(world.tom, open_post(world, world.tom, code), label)
    form = world.tom.wait_for_view(title)
    assert world.tom.submit(form, values(**typed))["errors"] is None
    note = world.noted(world.tom, said)
    world.tom.close(note)
    assert world.tom.views() == []


def test_a_form_of_the_approvers_says_what_it_did(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.ines.click_view(open_post(world, world.ines, code), "Request changes")
    world.ines.submit(world.ines.wait_for_view("Request changes"), values(comment="Shorter"))
    world.noted(world.ines, "You asked for changes to P-1, and Tom Lindqvist is told why.")


def test_an_edit_leaves_nothing_older_below_it(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "Before")
    world.tom.click_view(open_post(world, world.tom, code), "Edit")
    form = wait_until(lambda: editing(world.tom), "the form Edit opens")
    world.tom.submit(form, values(text="After"))
    world.tom.close(world.noted(world.tom, "P-1 is saved."))
    assert world.tom.views() == []


def test_alt_texts_asked_for_after_the_shortcut_are_answered(world: World) -> None:
    world.set_up(world.ines)
    world.tom.shortcut("draft:new")
    picture = world.tom.upload("tea.jpg")
    typed = values(text="Tea", when_saved="send", **{"files:0": [picture]})
    world.tom.submit(world.tom.wait_for_view("New draft"), typed)
    asked = world.noted(world.tom, "Say what its images show")
    world.tom.submit(asked, values(**{"alt:0": "A pot"}))
    assert read(world.noted(world.tom, "sent")) == "P-1 is sent for approval to its approver."
