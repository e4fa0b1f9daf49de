"""Who is away: when it begins and ends, what holds, and who may say so."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from operations import absences
from operations.absences import DaysOff, Wanted
from rules.absences import AbsenceRefusal
from rules.desks import Desk
from rules.occurrences import OccurrenceKind, OccurrenceState
from rules.people import Person
from rules.typed_dates import DateRefusal
from storage.tables import absences as absences_table
from tests.newsroom import NOW, Newsroom, at_once
from tests.operations.away import (
    A_DAY,
    AN_HOUR,
    FRIDAY,
    TODAY,
    WEDNESDAY,
    days_off,
    due,
    midnight,
    occurrence,
    queue,
    refusal,
    tick,
)

ROUNDS = 6


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


@pytest.fixture
def cleo(team: Newsroom) -> Person:
    return team.person("cleo")


@pytest.fixture
def dan(team: Newsroom) -> Person:
    return team.person("dan")


def test_an_absence_begins_and_ends_at_their_own_midnight(team: Newsroom, ann: Person) -> None:
    far = team.person("far", zone="America/New_York")
    near = team.away(ann, WEDNESDAY, FRIDAY)
    team.away(far, WEDNESDAY, FRIDAY)
    assert due(team, ann) == [
        (OccurrenceKind.AWAY, midnight(WEDNESDAY)),
        (OccurrenceKind.BACK, midnight(FRIDAY + A_DAY)),
    ]
    assert due(team, far) == [
        (OccurrenceKind.AWAY, midnight(WEDNESDAY, -5)),
        (OccurrenceKind.BACK, midnight(FRIDAY + A_DAY, -5)),
    ]
    for at, current, coming in [
        (midnight(WEDNESDAY) - AN_HOUR, None, (near,)),
        (midnight(WEDNESDAY), near, ()),
        (midnight(FRIDAY + A_DAY) - AN_HOUR, near, ()),
        (midnight(FRIDAY + A_DAY), None, ()),
    ]:
        tick(team, at)
        found = days_off(team, ann)
        assert (found.current, found.coming) == (current, coming)


def test_the_clocks_change_while_they_are_away(team: Newsroom, ann: Person) -> None:
    team.away(ann, date(2026, 3, 27), date(2026, 3, 29))  # to summer time on the 29th
    back = datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert due(team, ann)[1] == (OccurrenceKind.BACK, back)


def test_in_another_zone_the_same_days_begin_at_another_moment(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ben, team.desk(ben, ann))
    team.away(ann, WEDNESDAY, FRIDAY, cleo)
    moved = team.person("ann", zone="Asia/Tokyo")
    assert due(team, moved) == [
        (OccurrenceKind.AWAY, midnight(WEDNESDAY, 9)),
        (OccurrenceKind.BACK, midnight(FRIDAY + A_DAY, 9)),
    ]
    tick(team, midnight(WEDNESDAY, 9))
    assert queue(team, cleo) == [review.post_id]
    # Further west it isn't Wednesday yet, and then it is once more.
    night = midnight(WEDNESDAY, 9)
    moved = team.person("ann", zone="America/New_York", now=night)
    assert queue(team, cleo) == []
    assert due(team, moved)[0] == (OccurrenceKind.AWAY, midnight(WEDNESDAY, -5))
    tick(team, midnight(WEDNESDAY, -5))
    assert queue(team, cleo) == [review.post_id]
    # Back in the east their Friday is over already.
    evening = midnight(FRIDAY + A_DAY, -5) - AN_HOUR
    team.person("ann", zone="Asia/Tokyo", now=evening)
    assert queue(team, cleo) == []
    tick(team, evening)
    assert due(team, moved) == []


@pytest.mark.parametrize(
    ("said", "held"),
    [
        pytest.param([(2, 4), (6, 8)], [(2, 4), (6, 8)], id="two that lie apart"),
        pytest.param([(0, 4), (0, 9)], [(0, 9)], id="longer"),
        pytest.param([(0, 9), (0, 4)], [(0, 4)], id="shorter"),
        pytest.param([(2, 9), (4, 9)], [(4, 9)], id="one that had not begun goes later"),
        pytest.param([(0, 6), (4, 9)], [(0, 3), (4, 9)], id="goes on after one that has begun"),
        pytest.param([(2, 4), (6, 8), (3, 7)], [(3, 7)], id="over two of them"),
        pytest.param([(0, None), (0, 4)], [(0, 4)], id="now it has an end"),
        pytest.param([(5, 9), (0, None)], [(0, None)], id="without an end, over what was to come"),
        pytest.param([(0, 4), (0, 4)], [(0, 4)], id="submitted twice"),
    ],
)
def test_what_was_said_last_holds(
    team: Newsroom,
    ann: Person,
    said: list[tuple[int, int | None]],
    held: list[tuple[int, int | None]],
) -> None:
    def day(number: int | None) -> date | None:
        return None if number is None else TODAY + timedelta(number)

    for first, last in said:
        team.away(ann, TODAY + timedelta(first), day(last))
    own = days_off(team, ann).own
    assert [(each.first, each.last) for each in own] == [(day(f), day(t)) for f, t in held]
    assert len(due(team, ann)) == sum((first > 0) + (last is not None) for first, last in held)
    tick(team, midnight(TODAY + timedelta(12)))
    if all(last is not None for _, last in held):
        assert due(team, ann) == []
        assert days_off(team, ann).own == ()


def test_the_same_form_twice_is_one_absence(team: Newsroom, ann: Person, ben: Person) -> None:
    first = team.away(ann, TODAY, FRIDAY, ben)
    team.told()
    assert team.away(ann, TODAY, FRIDAY, ben) == first
    assert team.told() == set()
    assert team.count(absences_table) == 1


def test_another_cover_is_told_and_the_first_one_too(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.away(ben, TODAY, FRIDAY, cleo)
    team.told()
    team.away(ben, TODAY, FRIDAY, dan)
    told = team.told()
    assert {("covering", "dan"), ("COVERING", "cleo"), ("approver_card", "dan")} <= told
    assert team.review(review).asked == (dan.id,)
    assert queue(team, cleo) == []


def test_back_before_the_time(team: Newsroom, ann: Person, ben: Person, cleo: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    absence = team.away(ben, TODAY, FRIDAY, cleo)
    later = NOW + 2 * A_DAY
    team.back(ben, now=later)
    assert team.review(review).asked == (ben.id,)
    assert due(team, ben) == []
    assert occurrence(team, f"back:{absence.id}").state is OccurrenceState.SKIPPED
    found = absences.told(team.store, ben.team_id, absence.id)[0]
    assert found.last == TODAY + A_DAY, "the days that they were away stay noted"
    again = refusal(lambda: team.back(ben, now=later))
    assert again.reason is AbsenceRefusal.NOT_AWAY
    # And off again on the same day.
    team.away(ben, WEDNESDAY, FRIDAY, cleo, now=later)
    assert team.review(review).asked == (cleo.id,)


def test_one_that_is_to_come_can_be_cancelled(team: Newsroom, ann: Person, ben: Person) -> None:
    absence = team.away(ann, WEDNESDAY, FRIDAY, ben)
    not_now = refusal(lambda: team.back(ann))
    assert not_now.values["coming"] == [absence]
    absences.back(team.store, ann, ann, (), NOW, absence.id)
    assert days_off(team, ann) == DaysOff(None, (), (), {ann.id: ann})
    assert due(team, ann) == []
    gone = refusal(lambda: absences.back(team.store, ann, ann, (), NOW, absence.id))
    assert gone.reason is AbsenceRefusal.NOT_AWAY


def test_a_manager_says_it_for_them_and_they_are_told(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    team.desk(ann, ben)
    team.away(ben, TODAY, FRIDAY, cleo, by=ann)
    assert {("marked_away", "ben"), ("covering", "cleo")} <= team.told()
    team.back(ben, by=ann)
    assert ("marked_away", "ben") in team.told()
    for act in (
        lambda: team.away(ann, TODAY, FRIDAY, by=ben),
        lambda: team.back(ann, by=ben),
        lambda: absences.note(team.store, ann, ben, ("C9",), Wanted(TODAY, FRIDAY), NOW),
    ):
        assert refusal(act).reason is AbsenceRefusal.NOT_THEIR_MANAGER


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (TODAY - A_DAY, FRIDAY, DateRefusal.IN_THE_PAST),
        (FRIDAY, TODAY, DateRefusal.BACKWARDS),
        (TODAY, TODAY + timedelta(400), DateRefusal.TOO_LONG),
    ],
)
def test_days_that_are_refused(
    team: Newsroom, ann: Person, first: date, last: date, reason: DateRefusal
) -> None:
    assert refusal(lambda: team.away(ann, first, last)).reason is reason
    assert team.count(absences_table) == 0


def test_covers_that_are_refused(team: Newsroom, ann: Person, ben: Person) -> None:
    team.away(ben, TODAY, FRIDAY)
    for cover, reason in [
        (ann, AbsenceRefusal.COVER_IS_ONESELF),
        (ben, AbsenceRefusal.COVER_AWAY),
    ]:
        refused = refusal(partial(team.away, ann, TODAY, WEDNESDAY, cover))
        assert (refused.reason, refused.field) == (reason, "cover")
    team.away(ann, TODAY, FRIDAY + A_DAY, ben)  # who is there for a part of it


def test_two_say_at_the_same_instant_that_one_is_away(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    team.desk(ann, ben)
    for _ in range(ROUNDS):
        at_once(
            partial(team.away, ben, TODAY, FRIDAY, cleo),
            partial(team.away, ben, TODAY, WEDNESDAY, ann, by=ann),
        )
        found = days_off(team, ben)
        assert found.current is not None
        assert found.coming == ()
        assert due(team, ben) == [
            (OccurrenceKind.BACK, midnight((found.current.last or FRIDAY) + A_DAY))
        ]
        team.back(ben)


def test_desks_of_other_workspaces_are_no_matter(team: Newsroom, ann: Person) -> None:
    other = team.person("zoe", team_id="T2")
    desk: Desk = team.desk(ann, team.person("ben"))
    team.away(other, TODAY, FRIDAY)
    assert team.sent(ann, desk).current.away == {}
