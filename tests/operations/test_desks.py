"""Desks: set up, changed, and what happens when the bot comes and goes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from operations import desks
from rules.desks import DeskForm, DeskRefusal, Need
from rules.networks import Network
from rules.people import Person
from rules.refused import Refused
from storage import tables
from tests.newsroom import LATER, NOW, TEAM, Newsroom


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


def is_asleep(team: Newsroom) -> bool:
    found = desks.find(team.store, TEAM, "C1")
    assert found is not None
    return found.asleep


def test_a_desk_is_what_its_form_said(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben, ann, need=Need.ALL, own_posts=True)
    assert desks.find(team.store, TEAM, "C1") == desk
    assert desks.by_id(team.store, TEAM, desk.id) == desk
    assert desks.form_of(desk) == DeskForm(
        approvers=(ben.id, ann.id),
        need=Need.ALL,
        networks=(Network.X, Network.BLUESKY),
        managers=(ann.id,),
        time_zone="Europe/Rome",
        own_posts=True,
    )


def test_a_desk_keeps_the_public_holidays_of_a_place(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    assert (desk.country, desk.region) == (None, None)
    form = replace(desks.form_of(desk), country="DE", region="BY")
    changed = desks.change(team.store, ann, desk.id, desk.revision, form, NOW)
    assert changed == desks.find(team.store, TEAM, "C1")
    assert (changed.hours.country, changed.hours.region) == ("DE", "BY")
    assert desks.form_of(changed) == form
    back = desks.change(
        team.store, ann, desk.id, changed.revision, replace(form, country=None, region=None), NOW
    )
    assert back.hours == desk.hours


@pytest.mark.parametrize("need", [Need.ANY, Need.ALL, Need.NOBODY])
def test_opened_again_the_form_shows_what_is_set(
    team: Newsroom, ann: Person, ben: Person, need: Need
) -> None:
    desk = team.desk(ann, ben, need=need)
    again = desks.set_up(team.store, ann, "C1", "social", desks.form_of(desk), NOW)
    assert again == desk
    same = desks.change(team.store, ann, desk.id, desk.revision, desks.form_of(desk), NOW)
    assert same == desk, "nothing changed, so nothing is written"


def test_a_channel_without_a_desk(team: Newsroom) -> None:
    assert desks.find(team.store, TEAM, "C1") is None
    with pytest.raises(Refused) as refused:
        desks.by_id(team.store, TEAM, 1)
    assert refused.value.reason is DeskRefusal.NO_DESK


def test_another_workspace_has_its_own_desks(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    eve = team.person("eve", team_id="T2", is_admin=True)
    assert desks.find(team.store, "T2", "C1") is None
    with pytest.raises(Refused) as refused:
        desks.change(team.store, eve, desk.id, desk.revision, desks.form_of(desk), NOW)
    assert refused.value.reason is DeskRefusal.NO_DESK


def test_a_change_is_for_managers_and_admins(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    form = replace(desks.form_of(desk), need=Need.ALL, managers=(ben.id,))
    with pytest.raises(Refused) as refused:
        desks.change(team.store, ben, desk.id, desk.revision, form, NOW)
    assert refused.value.reason is DeskRefusal.NOT_MANAGER
    changed = desks.change(team.store, ann, desk.id, desk.revision, form, NOW)
    assert (changed.managers, changed.policy.need) == ((ben.id,), Need.ALL)
    assert desks.by_id(team.store, TEAM, desk.id) == changed


def test_in_another_zone_what_shows_a_time_is_drawn_anew(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    team.sent(ann, desk, publish_at=LATER)
    team.draft(ben, desk)
    team.told()
    form = replace(desks.form_of(desk), time_zone="Asia/Tokyo")
    desks.change(team.store, ann, desk.id, desk.revision, form, NOW)
    cards = {("DRAFT_CARD", "ann"), ("CHANNEL_CARD", "C1"), ("APPROVER_CARD", "ben")}
    assert team.told() == cards


def test_a_change_of_what_was_changed_meanwhile_is_refused(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    form = desks.form_of(desk)
    desks.change(team.store, ann, desk.id, desk.revision, replace(form, need=Need.ALL), NOW)
    other = replace(form, own_posts=True)
    with pytest.raises(Refused) as refused:
        desks.change(team.store, ann, desk.id, desk.revision, other, NOW)
    assert refused.value.reason is DeskRefusal.CHANGED_MEANWHILE


def test_a_form_that_is_refused_leaves_nothing(team: Newsroom, ann: Person) -> None:
    with pytest.raises(Refused) as refused:
        team.desk(ann, need=Need.ALL)
    assert refused.value.field == "approvers"
    assert team.count(tables.desks) == 0


def test_whoever_adds_the_bot_is_greeted_once(team: Newsroom, ann: Person) -> None:
    for _ in range(3):
        desks.bot_added(team.store, TEAM, "C1", ann, "E1", NOW)
    assert team.told() == {("welcome", "ann")}
    assert team.count(tables.messages) == 1


def test_a_repeated_event_that_comes_late_greets_nobody_again(team: Newsroom, ann: Person) -> None:
    desks.bot_added(team.store, TEAM, "C1", ann, "E1", NOW)
    desks.bot_added(team.store, TEAM, "C1", ann, "E1", NOW + timedelta(hours=25))
    assert team.count(tables.messages) == 1


def test_without_the_bot_a_desk_sleeps_and_its_managers_are_told(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    form = replace(desks.form_of(desk), managers=(ann.id, ben.id))
    desks.change(team.store, ann, desk.id, desk.revision, form, NOW)
    for event_id in ("E1", "E1", "E2"):
        desks.bot_removed(team.store, TEAM, "C1", event_id, NOW)
    assert team.told() == {("desk_asleep", "ann"), ("desk_asleep", "ben")}
    assert team.count(tables.messages) == 2, "a second event of the same removal says nothing"
    assert is_asleep(team)
    assert desks.among(team.store, TEAM, ["C1"]) == []


def test_it_wakes_when_the_bot_comes_back_as_it_was(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    desks.bot_removed(team.store, TEAM, "C1", "E1", NOW)
    team.told()
    desks.bot_added(team.store, TEAM, "C1", ben, "E2", NOW)
    assert desks.find(team.store, TEAM, "C1") == desk
    assert team.told() == set(), "nobody is asked to set up what is set up"
    # The old removal, delivered once more: it is known, and changes nothing.
    desks.bot_removed(team.store, TEAM, "C1", "E1", NOW)
    assert not is_asleep(team)


def test_an_old_welcome_delivered_once_more_wakes_nothing(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    team.desk(ann, ben)
    desks.bot_removed(team.store, TEAM, "C1", "E1", NOW)
    desks.bot_added(team.store, TEAM, "C1", ben, "E2", NOW)
    desks.bot_removed(team.store, TEAM, "C1", "E3", NOW)
    desks.bot_added(team.store, TEAM, "C1", ben, "E2", NOW)
    assert is_asleep(team)


def test_removed_from_a_channel_without_a_desk_nobody_is_told(team: Newsroom) -> None:
    team.person("ann")
    desks.bot_removed(team.store, TEAM, "C1", "E1", NOW)
    assert team.told() == set()


def test_help_is_given_once_for_each_message(team: Newsroom, ann: Person) -> None:
    for event_id in ("E1", "E1", "E2"):
        desks.help_wanted(team.store, TEAM, ann, event_id, NOW)
    assert team.count(tables.messages) == 2


def test_the_desks_of_some_channels_come_by_name(team: Newsroom, ann: Person, ben: Person) -> None:
    made = [team.desk(ann, ben, channel=channel) for channel in ("C2", "C1", "C3")]
    assert desks.among(team.store, TEAM, ["C2", "C1", "C9"]) == [made[1], made[0]]
    assert desks.among(team.store, TEAM, []) == []
