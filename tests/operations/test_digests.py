"""A digest is posted once, on the days it takes place."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from operations import (
    desks,
    digests,
    people,
)
from operations.standups import settings as standup_settings
from rules.desks import Weekday
from rules.occurrences import OccurrenceState, Skipped
from rules.people import Person
from storage.messages import Kind
from storage.people import Profile
from tests.newsroom import NOW, TEAM, Newsroom, at_once
from tests.operations.digest_day import (
    DAY,
    DIGEST,
    MONDAY,
    away,
    due,
    of_kind,
    standup,
    tick,
)


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


def test_a_digest_is_posted_at_its_time_once(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann)
    tick(team, DIGEST - timedelta(seconds=1))
    assert of_kind(team, Kind.DIGEST) == []
    tick(team, DIGEST)
    tick(team, DIGEST + timedelta(hours=1))
    [message] = of_kind(team, Kind.DIGEST)
    assert (message.channel_id, message.key) == ("C1", f"digest:{desk.id}:2026-03-02")
    first, second, *_ = due(team)
    assert (first.state, first.message_id) == (OccurrenceState.DONE, message.id)
    assert (second.state, second.local_date) == (OccurrenceState.WAITING, MONDAY + DAY)


def test_two_processes_post_it_once(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann)
    at_once(*[lambda: tick(team, DIGEST)] * 3)
    assert len(of_kind(team, Kind.DIGEST)) == 1


def test_it_is_posted_on_the_standups_days_that_the_desk_works_on(
    team: Newsroom, ann: Person
) -> None:
    days = (Weekday.MONDAY, Weekday.THURSDAY, Weekday.SATURDAY)
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, days=days)
    for number in range(8):
        tick(team, DIGEST + number * DAY)
    posted = [message.key.rpartition(":")[2] for message in of_kind(team, Kind.DIGEST)]
    assert posted == ["2026-03-02", "2026-03-05", "2026-03-09"]


@pytest.mark.parametrize(
    ("late", "state", "reason"),
    [
        (timedelta(hours=7, minutes=29), OccurrenceState.DONE, None),
        (timedelta(hours=7, minutes=30), OccurrenceState.SKIPPED, Skipped.TOO_LATE),
    ],
)
def test_it_is_posted_late_until_the_working_day_ends(
    team: Newsroom, ann: Person, late: timedelta, state: OccurrenceState, reason: str | None
) -> None:
    standup(team, team.desk(ann, ann), ann, ann)
    tick(team, DIGEST + late)
    assert (due(team)[0].state, due(team)[0].reason) == (state, reason)
    assert due(team)[-1].state is OccurrenceState.WAITING


def test_after_days_without_the_bot_todays_is_posted_and_each_other_has_its_reason(
    team: Newsroom, ann: Person
) -> None:
    standup(team, team.desk(ann, ann), ann, ann)
    tick(team, DIGEST + 3 * DAY + timedelta(hours=1))
    ended = {d.local_date: (d.state, d.reason) for d in due(team)}
    assert ended[MONDAY] == ended[MONDAY + DAY] == (OccurrenceState.SKIPPED, Skipped.TOO_LATE)
    assert ended[MONDAY + 3 * DAY] == (OccurrenceState.DONE, None)
    assert len(of_kind(team, Kind.DIGEST)) == 1


def test_other_settings_move_it_and_switching_off_stops_it(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    before = standup(team, desk, ann, ann)
    later = replace(before, digest_at=time(15))
    moved = standup_settings.save(team.store, ann, later, NOW)
    tick(team, DIGEST)
    assert of_kind(team, Kind.DIGEST) == []
    off = standup_settings.save(team.store, ann, replace(moved, is_on=False), NOW)
    tick(team, DIGEST + timedelta(hours=6))
    assert of_kind(team, Kind.DIGEST) == []
    assert {d.reason for d in due(team)} == {Skipped.SWITCHED_OFF}
    standup_settings.save(team.store, ann, replace(off, is_on=True), NOW)
    tick(team, DIGEST + timedelta(hours=6))
    assert len(of_kind(team, Kind.DIGEST)) == 1


def test_a_digest_moved_to_later_today_is_not_posted_twice_and_tomorrows_comes(
    team: Newsroom, ann: Person
) -> None:
    desk = team.desk(ann, ann)
    before = standup(team, desk, ann, ann)
    tick(team, DIGEST)
    later = replace(before, digest_at=time(15))
    standup_settings.save(team.store, ann, later, DIGEST)
    tick(team, DIGEST + timedelta(hours=6))
    assert len(of_kind(team, Kind.DIGEST)) == 1
    tick(team, DIGEST + DAY + timedelta(hours=6))
    assert len(of_kind(team, Kind.DIGEST)) == 2


def test_one_that_cannot_be_worked_out_does_not_end_all_others(
    team: Newsroom, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    standup(team, team.desk(ann, ann), ann, ann)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(digests, "_tell_managers", broken)
        tick(team, DIGEST)
    assert due(team)[0].state is OccurrenceState.FAILED
    tick(team, DIGEST + DAY)
    assert [m.key.rpartition(":")[2] for m in of_kind(team, Kind.DIGEST)] == ["2026-03-03"]
    tick(team, DIGEST + 2 * DAY)
    assert len(of_kind(team, Kind.DIGEST)) == 2


def test_a_sleeping_desk_has_none_and_one_that_wakes_has_its_next(
    team: Newsroom, ann: Person
) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann)
    desks.bot_removed(team.store, TEAM, "C1", "E1", NOW)
    tick(team, DIGEST)
    assert due(team)[0].reason == Skipped.ASLEEP
    desks.bot_added(team.store, TEAM, "C1", ann, "E2", DIGEST)
    tick(team, DIGEST + DAY)
    assert len(of_kind(team, Kind.DIGEST)) == 1


def test_who_has_left_is_not_waited_for_where_everybody_is_away(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    standup(team, desk, ann, ann, ben)
    away(team, ann, None)
    gone = Profile("U-ben", "ben", "Europe/Rome", "en", is_gone=True)
    people.remember(team.store, TEAM, gone, NOW)
    tick(team, DIGEST)
    assert due(team)[0].reason == Skipped.AWAY


def test_where_everybody_is_away_nothing_is_said_unless_something_goes_out(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    standup(team, desk, ann, ann, ben)
    for who in (ann, ben):
        away(team, who, None)
    tick(team, DIGEST)
    assert due(team)[0].reason == Skipped.AWAY
    team.sent(ann, desk)
    tick(team, DIGEST + DAY)
    assert len(of_kind(team, Kind.DIGEST)) == 1
