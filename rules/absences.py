"""Who is away, and who stands in for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rules.desks import Desk, may_manage
from rules.people import Person
from rules.refused import Refused
from rules.typed_dates import DateRefusal

LONGEST = timedelta(days=366)


class AbsenceRefusal(StrEnum):
    """Why an absence can't be noted like that; `who` is the id of whom it is about."""

    COVER_IS_ONESELF = "cover_is_oneself"
    COVER_CANNOT = "cover_cannot"
    COVER_AWAY = "cover_away"
    COVER_ELSEWHERE = "cover_elsewhere"
    CANNOT_BE_AWAY = "cannot_be_away"
    NOT_THEIR_MANAGER = "not_their_manager"
    NOT_AWAY = "not_away"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from `first` to `last`, both included; `last` is None until they say.

    `cover_desks` are the desks that the cover is in, as far as is known: nothing of the others
    reaches them.
    """

    person_id: int
    first: date
    last: date | None
    cover_id: int | None
    cover_desks: frozenset[int] = frozenset()
    id: int = 0

    def includes(self, day: date) -> bool:
        """Whether they are away on that day."""
        return self.first <= day <= (self.last or date.max)

    def overlaps(self, other: Absence) -> bool:
        """Whether some day belongs to both."""
        first = max(self.first, other.first)
        return self.includes(first) and other.includes(first)


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


def standing_in(
    away: Mapping[int, Absence], person_id: int, can: Callable[[Absence], bool]
) -> int | None:
    """Who does the work of somebody right now, as cover_for: `away` are the absences that hold at
    this moment, which is another day in another zone, by whose they are. `can`: whether the cover
    that an absence names can do this very work.
    """
    passed = set[int]()
    named: Absence | None = None
    who = person_id
    while who in away and who not in passed:
        passed.add(who)
        named = away[who]
        if named.cover_id is None:
            return None
        who = named.cover_id
    return who if named is not None and who not in passed and can(named) else None


def leaning_on(away: Mapping[int, Absence], people: Iterable[int]) -> set[int]:
    """These people, and all who are away with one of them as their cover, or as their cover's."""
    found = set(people)
    while more := {who for who, each in away.items() if each.cover_id in found} - found:
        found |= more
    return found


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
    if not cover.is_full_member:
        raise Refused(AbsenceRefusal.COVER_CANNOT, field="cover", who=cover.id)
    theirs = [each for each in absences if each.person_id == cover.id]
    if _first_day_back(theirs, absence.first) > (absence.last or date.max - timedelta(1)):
        raise Refused(AbsenceRefusal.COVER_AWAY, field="cover", who=cover.id)


def check_cover_desks(absence: Absence, desks: Iterable[Desk]) -> None:
    """Whether the cover is at all of these desks, at which they would have something to do.

    Raises Refused at `cover`.
    """
    lacking = tuple(desk.name for desk in desks if desk.id not in absence.cover_desks)
    if absence.cover_id is not None and lacking:
        reason = AbsenceRefusal.COVER_ELSEWHERE
        raise Refused(reason, field="cover", who=absence.cover_id, desks=lacking)


def check_days(first: date, last: date | None, today: date) -> None:
    """Whether an absence can have these days; `today` is the day where that person is.

    Raises Refused at `first_day` or `last_day`.
    """
    if first < today:
        raise Refused(DateRefusal.IN_THE_PAST, field="first_day", day=first)
    if last is not None and last < first:
        raise Refused(DateRefusal.BACKWARDS, field="last_day", day=last)
    if max(first, last or first) - today > LONGEST:
        field = "last_day" if last else "first_day"
        raise Refused(DateRefusal.TOO_LONG, field=field, day=last or first)


def check_may_note(who: Person, person: Person, desks: Iterable[Desk]) -> None:
    """People say themselves when they are away; so do the managers of `desks`, which are those
    that `person` is in.

    Raises Refused: CANNOT_BE_AWAY, NOT_THEIR_MANAGER.
    """
    if person.is_bot or person.is_gone:
        raise Refused(AbsenceRefusal.CANNOT_BE_AWAY, who=person.id)
    if who.id != person.id and not any(may_manage(desk, who) for desk in desks):
        raise Refused(AbsenceRefusal.NOT_THEIR_MANAGER, who=person.id)


def _first_day_back(absences: Iterable[Absence], day: date) -> date:
    """The first day from `day` on that is in none of them; `date.max` where there is none."""
    for each in sorted(absences, key=lambda each: each.first):
        if each.includes(day):
            if each.last is None:
                return date.max
            day = each.last + timedelta(1)
    return day
