"""People's days off: noted, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from operations.comings import changed, covering_key
from operations.tries import decided
from rules import absences as rules
from rules.absences import Absence, AbsenceRefusal
from rules.desks import Desk
from rules.local_time import today
from rules.people import Person
from rules.refused import Refused
from storage import Store, absences, desks, messages, people, standups
from storage.messages import Kind

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody says of their days off, or of another's. Both days belong to it; `last` is
    None until they are back. `cover_channels` are those that the cover is in."""

    first: date
    last: date | None
    cover: Person | None = None
    cover_channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Somebody's days off: the absence that holds right now, those to come, and those of others,
    holding now, in which they are the cover. `people` are all who are named in them, by id."""

    current: Absence | None
    coming: tuple[Absence, ...]
    covering: tuple[Absence, ...]
    people: dict[int, Person]

    @property
    def own(self) -> tuple[Absence, ...]:
        """Their own, now and to come."""
        return (*([self.current] if self.current else []), *self.coming)


def days_off(store: Store, who: Person) -> DaysOff:
    """What is known of somebody's days off."""
    with store.read() as tx:
        return found_days_off(tx, who)


def found_days_off(tx: sa.Connection, who: Person) -> DaysOff:
    """As `days_off`, within a transaction."""
    found = absences.standing(tx, who.id)
    own = [(each, begun) for each, begun in found if each.person_id == who.id]
    covering = tuple(each for each, begun in found if begun and each.person_id != who.id)
    named = {each.cover_id for each, _ in own if each.cover_id}
    others = named | {each.person_id for each in covering}
    return DaysOff(
        current=next((each for each, begun in own if begun), None),
        coming=tuple(each for each, begun in own if not begun),
        covering=covering,
        people={who.id: who, **(people.by_ids(tx, others) if others else {})},
    )


def check_may_note(store: Store, by: Person, person: Person, channels: Iterable[str]) -> None:
    """Whether `by` may say when `person`, who is in these channels, is away.

    Raises Refused as rules.absences.check_may_note.
    """
    with store.read() as tx:
        rules.check_may_note(by, person, desks.by_channels(tx, person.team_id, channels))


def note(
    store: Store,
    by: Person,
    person: Person,
    channels: Iterable[str],
    wanted: Wanted,
    now: datetime,
) -> Absence:
    """Notes that somebody is away. It takes the place of what was noted for any of these days:
    what was said last holds. `channels` are those that the person is in.

    Raises Refused: as rules.absences.check_may_note, check_days, check_cover, check_cover_desks.
    """

    def work(tx: sa.Connection) -> Absence:
        rules.check_may_note(by, person, desks.by_channels(tx, person.team_id, channels))
        absences.lock(tx, person.id)
        day = today(now, person.time_zone)
        absence = _checked(tx, person, wanted, day, now)
        before = [a for a in absences.of_person(tx, person.id, day) if a.overlaps(absence)]
        same = [a for a in before if replace(a, id=0) == absence]
        if same and len(before) == 1:
            return same[0]
        for old in before:
            _make_room(tx, old, absence, day, now)
        kept = absences.add(tx, person.team_id, absence, by.id, now)
        _tell(tx, by, person, kept, now)
        changed(tx, person, [kept, *before], now)
        return kept

    return decided(store, work)


def back(
    store: Store,
    by: Person,
    person: Person,
    channels: Iterable[str],
    now: datetime,
    absence_id: int | None = None,
) -> Absence:
    """Ends the absence that holds now, or `absence_id`, which may be still to come.

    Raises Refused: NOT_AWAY, and as rules.absences.check_may_note.
    """

    def work(tx: sa.Connection) -> Absence:
        rules.check_may_note(by, person, desks.by_channels(tx, person.team_id, channels))
        absences.lock(tx, person.id)
        day = today(now, person.time_zone)
        known = absences.of_person(tx, person.id, day)
        wanted = [a for a in known if (a.id == absence_id if absence_id else a.includes(day))]
        if not wanted:
            coming = [each for each in known if each.first > day]
            reason = AbsenceRefusal.NOT_AWAY
            raise Refused(reason, who=person.id, own=by.id == person.id, coming=coming)
        absence = wanted[0]
        absences.shorten(tx, absence.id, max(day, absence.first) - _A_DAY)
        absences.end(tx, absence.id, now)
        if by.id != person.id:
            _say_to(tx, by, person, absence, now, is_back=True)
        changed(tx, person, [absence], now)
        return absence

    return decided(store, work)


def told(store: Store, team_id: str, absence_id: int) -> tuple[Absence, bool, dict[int, Person]]:
    """An absence of this workspace, whether it is over, and the people in it; for drawing what
    tells of it. Raises Refused(UNKNOWN)."""
    with store.read() as tx:
        absence = absences.by_id(tx, team_id, absence_id)
        if absence is None:
            raise Refused(AbsenceRefusal.UNKNOWN)
        named = [who for who in (absence.person_id, absence.cover_id) if who]
        return absence, absences.is_over(tx, absence_id), people.by_ids(tx, named)


def _checked(
    tx: sa.Connection, person: Person, wanted: Wanted, day: date, now: datetime
) -> Absence:
    rules.check_days(wanted.first, wanted.last, day)
    absence = Absence(person.id, wanted.first, wanted.last, None)
    if wanted.cover is None:
        return absence
    every = desks.awake(tx, person.team_id)
    found = frozenset(desk.id for desk in every if desk.channel_id in wanted.cover_channels)
    absence = replace(absence, cover_id=wanted.cover.id, cover_desks=found)
    theirs = absences.of_person(tx, wanted.cover.id, day - _A_DAY)
    rules.check_cover(absence, wanted.cover, theirs)
    rules.check_cover_desks(absence, [desk for desk in every if _works_at(tx, person, desk)])
    return absence


def _works_at(tx: sa.Connection, person: Person, desk: Desk) -> bool:
    """Whether somebody has a part at a desk that a cover would take over."""
    if person.id in desk.policy.approvers:
        return True
    standup = standups.by_desk(tx, desk.id)
    return standup is not None and person.id in standup.duty


def _make_room(tx: sa.Connection, old: Absence, new: Absence, day: date, now: datetime) -> None:
    """Of one that began already the days before the new one stay; the others weren't yet."""
    last = (new.first if old.first <= day else old.first) - _A_DAY
    absences.shorten(tx, old.id, last)
    if last < max(day, old.first):
        absences.end(tx, old.id, now)


def _tell(tx: sa.Connection, by: Person, person: Person, absence: Absence, now: datetime) -> None:
    if absence.cover_id is not None and absence.cover_id != by.id:
        messages.add(
            tx,
            person.team_id,
            covering_key(absence),
            Kind.COVERING,
            now,
            person_id=absence.cover_id,
            data={"absence": absence.id},
        )
    if by.id != person.id:
        _say_to(tx, by, person, absence, now, is_back=False)


def _say_to(
    tx: sa.Connection,
    by: Person,
    person: Person,
    absence: Absence,
    now: datetime,
    *,
    is_back: bool,
) -> None:
    """Somebody else said it for them."""
    messages.add(
        tx,
        person.team_id,
        f"{'back' if is_back else 'away'}:{absence.id}:said",
        Kind.MARKED_AWAY,
        now,
        person_id=person.id,
        data={"absence": absence.id, "by": by.id, "back": is_back},
    )
