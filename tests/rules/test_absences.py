"""Who is away, who stands in, and which covers are no covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rules.absences import Absence, AbsenceRefusal, check_cover, cover_for, is_away
from rules.people import Person
from rules.refused import Refused

ANN, BEN, CAT, DAN = 1, 2, 3, 4
DAY = date(2026, 8, 5)


def aug(day: int) -> date:
    return date(2026, 8, day)


def away(who: int, first: int = 3, last: int | None = 7, cover: int | None = None) -> Absence:
    return Absence(who, aug(first), None if last is None else aug(last), cover)


def test_from_the_first_day_to_the_last() -> None:
    absences = [away(ANN, 3, 7)]
    assert [day for day in range(1, 10) if is_away(absences, ANN, aug(day))] == [3, 4, 5, 6, 7]
    assert not is_away(absences, BEN, DAY)


def test_until_they_are_back() -> None:
    assert is_away([away(ANN, 3, None)], ANN, date(2030, 1, 1))
    assert not is_away([away(ANN, 3, None)], ANN, aug(2))


@pytest.mark.parametrize(
    ("absences", "cover"),
    [
        ([], None),
        ([away(ANN)], None),
        ([away(ANN, cover=BEN)], BEN),
        ([away(ANN, cover=BEN), away(BEN, cover=CAT)], CAT),
        ([away(ANN, cover=BEN), away(BEN, cover=CAT), away(CAT, cover=DAN)], DAN),
        ([away(ANN, cover=BEN), away(BEN)], None),
        ([away(ANN, cover=BEN), away(BEN, cover=ANN)], None),
        ([away(ANN, cover=BEN), away(BEN, cover=CAT), away(CAT, cover=BEN)], None),
        ([away(ANN, cover=ANN)], None),
        # On another day, or after they came back.
        ([away(ANN, 10, 14, cover=BEN)], None),
        ([away(ANN, cover=BEN), away(BEN, 10, 14, cover=CAT)], BEN),
        # Two at once: the later one that names somebody counts.
        ([away(ANN, cover=BEN), away(ANN, cover=CAT)], CAT),
        ([away(ANN, cover=BEN), away(ANN)], BEN),
    ],
)
def test_who_stands_in_for_ann(absences: list[Absence], cover: int | None) -> None:
    assert cover_for(absences, ANN, DAY) == cover


def person(number: int) -> Person:
    return Person(
        id=number,
        team_id="T1",
        slack_id=f"U{number}",
        name=f"Person {number}",
        time_zone="Europe/Paris",
        locale="en-US",
        is_admin=False,
        is_guest=False,
        is_stranger=False,
        is_bot=False,
        is_gone=False,
        seen_at=datetime(2026, 8, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("absence", "cover", "known", "reason"),
    [
        (away(ANN), person(ANN), [], AbsenceRefusal.COVER_IS_ONESELF),
        (away(ANN), replace(person(BEN), is_bot=True), [], AbsenceRefusal.COVER_CANNOT),
        (away(ANN), replace(person(BEN), is_gone=True), [], AbsenceRefusal.COVER_CANNOT),
        (away(ANN), person(BEN), [away(BEN, 1, 20)], AbsenceRefusal.COVER_AWAY),
        (away(ANN), person(BEN), [away(BEN, 3, None)], AbsenceRefusal.COVER_AWAY),
        (away(ANN, 3, None), person(BEN), [away(BEN, 3, None)], AbsenceRefusal.COVER_AWAY),
        (away(ANN), person(BEN), [away(BEN, 6, 9), away(BEN, 3, 5)], AbsenceRefusal.COVER_AWAY),
    ],
)
def test_who_cannot_be_named(
    absence: Absence, cover: Person, known: list[Absence], reason: AbsenceRefusal
) -> None:
    with pytest.raises(Refused) as refused:
        check_cover(absence, cover, known)
    assert (refused.value.reason, refused.value.field) == (reason, "cover")


@pytest.mark.parametrize(
    ("absence", "known"),
    [
        (away(ANN), []),
        (away(ANN), [away(BEN, 3, 6)]),
        (away(ANN), [away(BEN, 4, None)]),
        (away(ANN), [away(BEN, 3, 4), away(BEN, 6, 9)]),
        (away(ANN, 3, None), [away(BEN, 3, 20)]),
        (away(ANN), [away(CAT, 1, 20)]),
    ],
)
def test_who_is_there_for_a_part_of_it_can(absence: Absence, known: list[Absence]) -> None:
    check_cover(absence, person(BEN), known)
