"""Who is away, and who stands in for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rules.people import Person
from rules.refused import Refused


class AbsenceRefusal(StrEnum):
    """Why an absence can't be noted like that; `who` is the cover's id."""

    COVER_IS_ONESELF = "cover_is_oneself"
    COVER_CANNOT = "cover_cannot"
    COVER_AWAY = "cover_away"


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from `first` to `last`, both included; `last` is None until they say."""

    person_id: int
    first: date
    last: date | None
    cover_id: int | None

    def includes(self, day: date) -> bool:
        """Whether they are away on that day."""
        return self.first <= day <= (self.last or date.max)


def is_away(absences: Iterable[Absence], person_id: int, day: date) -> bool:
    """Whether somebody is away on a day (of their own zone)."""
    return any(each.person_id == person_id and each.includes(day) for each in absences)


def cover_for(absences: Sequence[Absence], person_id: int, day: date) -> int | None:
    """Who does the work of somebody who is away on a day: their cover, or, where that one is away
    too, the cover's cover, and so on.

    None where nobody is left: no cover was named, or they only cover each other. None also for
    somebody who is there.
    """
    passed = set[int]()
    who: int | None = person_id
    while who is not None and is_away(absences, who, day):
        if who in passed:
            return None
        passed.add(who)
        who = _named(absences, who, day)
    return None if who == person_id else who


def _named(absences: Sequence[Absence], person_id: int, day: date) -> int | None:
    """The cover that the latest of somebody's absences on that day names."""
    for each in reversed(absences):
        if each.person_id == person_id and each.cover_id is not None and each.includes(day):
            return each.cover_id
    return None


def check_cover(absence: Absence, cover: Person, absences: Iterable[Absence]) -> None:
    """Whether `cover`, whom the absence names, can stand in for at least a part of it.

    Raises Refused at `cover`.
    """
    if cover.id == absence.person_id:
        raise Refused(AbsenceRefusal.COVER_IS_ONESELF, field="cover", who=cover.id)
    if cover.is_bot or cover.is_gone:
        raise Refused(AbsenceRefusal.COVER_CANNOT, field="cover", who=cover.id)
    theirs = [each for each in absences if each.person_id == cover.id]
    if _first_day_back(theirs, absence.first) > (absence.last or date.max - timedelta(1)):
        raise Refused(AbsenceRefusal.COVER_AWAY, field="cover", who=cover.id)


def _first_day_back(absences: Iterable[Absence], day: date) -> date:
    """The first day from `day` on that is in none of them; `date.max` where there is none."""
    for each in sorted(absences, key=lambda each: each.first):
        if each.includes(day):
            if each.last is None:
                return date.max
            day = each.last + timedelta(1)
    return day
