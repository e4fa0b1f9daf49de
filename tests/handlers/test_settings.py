"""Desk settings: what the set-up did not ask."""

from datetime import date

from operations import desks
from rules.desks import DeskForm
from rules.working_time import is_working_day
from tests.handlers.world import SOCIAL, World, values
from tests.player import Json, fields


def open_settings(world: World) -> Json:
    world.maya.command(SOCIAL, "/desk settings")
    return world.maya.wait_for_view("Desk settings")


def form_of(world: World) -> DeskForm:
    desk = desks.find(world.store, "T0LARKFIELD", SOCIAL)
    assert desk is not None
    return desks.form_of(desk)


def test_settings_show_what_is_set_and_keep_what_is_changed(world: World) -> None:
    world.set_up(world.ines)
    form = open_settings(world)
    shown = fields(form)
    assert shown["Managers"]["initial_users"] == ["U0MAYA"]
    assert shown["Time zone"]["initial_option"]["value"] == "Europe/Paris"
    assert len(shown["Working days"]["initial_options"]) == 5
    assert shown["Working hours, from"]["initial_time"] == "09:00"
    assert shown["Working hours, to"]["initial_time"] == "18:00"
    assert "initial_options" not in shown["Own posts"]

    offered = world.maya.options(form, "desk:zones", "buenos air")
    assert "America/Argentina/Buenos_Aires" in [o["value"] for o in offered]
    changed = values(
        managers=["U0MAYA", "U0TOM"],
        working_days=["mon", "sat"],
        work_from="08:30",
        work_to="12:00",
        own_posts=["own_posts"],
    )
    changed["time_zone"] = {"desk:zones": "America/Argentina/Buenos_Aires"}
    world.maya.submit(form, changed)
    world.told(world.maya, SOCIAL, "Saved.")

    shown = fields(open_settings(world))
    assert shown["Managers"]["initial_users"] == ["U0MAYA", "U0TOM"]
    assert shown["Time zone"]["initial_option"]["value"] == "America/Argentina/Buenos_Aires"
    assert [o["value"] for o in shown["Working days"]["initial_options"]] == ["mon", "sat"]
    assert shown["Working hours, from"]["initial_time"] == "08:30"
    assert shown["Own posts"]["initial_options"]
    # What the other form asks is as it was.
    assert [network.value for network in form_of(world).networks] == ["linkedin", "x"]


def test_a_time_zone_is_found_by_its_city(world: World) -> None:
    world.set_up(world.ines)
    form = open_settings(world)
    for query, zone in {
        "new york": "America/New_York",
        "NEW_YORK": "America/New_York",
        "kolkata": "Asia/Kolkata",
        "utc": "UTC",
        "paris": "Europe/Paris",
    }.items():
        assert zone in [o["value"] for o in world.maya.options(form, "desk:zones", query)]


def test_a_city_that_is_nowhere_finds_nothing(world: World) -> None:
    world.set_up(world.ines)
    assert world.maya.options(open_settings(world), "desk:zones", "atlantis") == []
    assert len(world.maya.options(open_settings(world), "desk:zones", "ca")) <= 100


def choose_place(world: World, query: str, value: str) -> Json:
    """Chooses among what is offered for what is typed; the answer to the form."""
    form = open_settings(world)
    assert value in [o["value"] for o in world.maya.options(form, "desk:places", query)]
    return world.maya.submit(form, {"holidays": {"desk:places": value}})


def test_public_holidays_are_those_of_a_country_or_region(world: World) -> None:
    world.set_up(world.ines)
    shown = fields(open_settings(world))["Public holidays"]
    assert shown["initial_option"]["text"]["text"] == "No public holidays"
    for query, value, name in (
        ("fra", "FR", "France"),
        ("bayern", "DE/BY", "Germany, Bayern"),
        ("", "none", "No public holidays"),
    ):
        choose_place(world, query, value)
        world.settle()
        shown = fields(open_settings(world))["Public holidays"]
        assert shown["initial_option"]["value"] == value
        assert shown["initial_option"]["text"]["text"] == name


def test_the_likeliest_place_is_offered_first(world: World) -> None:
    world.set_up(world.ines)
    form = open_settings(world)
    for query, first in (("", "none"), ("germ", "DE"), ("us", "US"), ("bayern", "DE/BY")):
        offered = [o["value"] for o in world.maya.options(form, "desk:places", query)]
        assert offered[0] == first
        assert "none" in offered
        assert len(offered) <= 100


def test_a_holiday_is_no_working_day_of_the_desk(world: World) -> None:
    world.set_up(world.ines)
    choose_place(world, "bayern", "DE/BY")
    desk = desks.find(world.store, "T0LARKFIELD", SOCIAL)
    assert desk is not None
    assert not is_working_day(desk.hours, date(2030, 10, 3))
    assert is_working_day(desk.hours, date(2030, 10, 4))


def test_what_cannot_be_is_said_at_its_field(world: World) -> None:
    world.set_up(world.ines)
    before, form = form_of(world), open_settings(world)
    backwards = "Work has to end later than it starts"
    cases: list[tuple[Json, str, str]] = [
        ({"work_from": "18:00", "work_to": "09:00"}, "work_to", backwards),
        ({"work_from": "09:00", "work_to": "09:00"}, "work_to", backwards),
        ({"managers": ["U0MAYA", "U0GIL"]}, "managers", "Gil Navarro can't be a manager"),
        ({"managers": ["U0SAM"]}, "managers", "Sam Porter can't be a manager"),
    ]
    for typed, name, sentence in cases:
        refused = world.maya.submit(form, values(**typed))
        assert refused["errors"][name].startswith(sentence)
        assert form_of(world) == before


def test_only_managers_and_admins_see_the_settings(world: World) -> None:
    world.set_up(world.ines, by=world.tom)
    world.kenji.command(SOCIAL, "/desk settings")
    world.told(world.kenji, SOCIAL, "Its managers are: Tom Lindqvist.")
    assert world.kenji.view() is None
