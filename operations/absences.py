"""People's days off: noted, taken back, and what begins and ends with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial

import sqlalchemy as sa

from operations import covers
from operations.tries import decided
from rules import absences as rules
from rules.absences import Absence, AbsenceRefusal
from rules.desks import Desk
from rules.local_time import instant, today
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.people import Person
from rules.refused import Refused
from storage import Store, absences, desks, homes, messages, occurrences, people, standups
from storage.messages import Kind

_A_DAY = timedelta(days=1)
_KINDS = (OccurrenceKind.AWAY, OccurrenceKind.BACK)


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


def days_off(store: Store, who: Person, now: datetime) -> DaysOff:
    """What is known of somebody's days off."""
    with store.read() as tx:
        return found_days_off(tx, who, now)


def found_days_off(tx: sa.Connection, who: Person, now: datetime) -> DaysOff:
    """As `days_off`, within a transaction."""
    day = today(now, who.time_zone)
    own = absences.of_person(tx, who.id, day)
    others = absences.covered_by(tx, who.id, _lately(now))
    named = {who.id, *(each.cover_id for each in own if each.cover_id)}
    known = people.by_ids(tx, named | {each.person_id for each in others})
    return DaysOff(
        current=next((each for each in own if each.includes(day)), None),
        coming=tuple(each for each in own if each.first > day),
        covering=tuple(
            each for each in others if each.includes(today(now, known[each.person_id].time_zone))
        ),
        people=known,
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
        _changed(tx, person, [kept, *before], now)
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
        absences.shorten(tx, absence.id, min(day, absence.first) - _A_DAY)
        absences.end(tx, absence.id, now)
        if by.id != person.id:
            _say_to(tx, by, person, absence, now, is_back=True)
        _changed(tx, person, [absence], now)
        return absence

    return decided(store, work)


def come_and_go(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """A first day begins, or the day after a last one: reviews go to who stands in, or back."""
    person_id = due[0].person_id
    assert person_id is not None
    person = people.by_ids(tx, [person_id])[person_id]
    day = today(now, person.time_zone)
    concerned = []
    for occurrence in due:
        absence = absences.by_id(tx, occurrence.data["absence"])
        if absence.last is not None and absence.last < day:
            absences.end(tx, absence.id, now)
        concerned.append(absence)
    occurrences.done(tx, [occurrence.id for occurrence in due], now)
    _changed(tx, person, concerned, now)


def moved(tx: sa.Connection, person: Person, now: datetime) -> None:
    """Somebody is in another zone, where their days begin at other moments."""
    _changed(tx, person, absences.of_person(tx, person.id, _lately(now)), now)


def cover_moved(
    store: Store, team_id: str, slack_id: str, channel_id: str, joined: bool, now: datetime
) -> None:
    """Somebody joined or left a channel: what they stand in for at its desk comes to them, or
    doesn't any more."""
    with store.write() as tx:
        who = people.by_slack_id(tx, team_id, slack_id)
        desk = desks.by_channel(tx, team_id, channel_id)
        if who is None or desk is None:
            return
        absences.lock(tx, who.id)
        covered = absences.covered_by(tx, who.id, _lately(now))
        for each in covered:
            has = each.cover_desks | {desk.id} if joined else each.cover_desks - {desk.id}
            absences.set_cover_desks(tx, each.id, has)
        if covered:
            covers.anew(tx, team_id, {each.person_id for each in covered}, now)


def told(store: Store, absence_id: int) -> tuple[Absence, bool, dict[int, Person]]:
    """An absence, whether it is over, and the people in it; for drawing what tells of it."""
    with store.read() as tx:
        absence = absences.by_id(tx, absence_id)
        named = [who for who in (absence.person_id, absence.cover_id) if who]
        return absence, absences.is_over(tx, absence_id), people.by_ids(tx, named)


def _lately(now: datetime) -> date:
    """A day that has passed in every zone."""
    return (now - 2 * _A_DAY).date()


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
    if last < day:
        absences.end(tx, old.id, now)


def _tell(tx: sa.Connection, by: Person, person: Person, absence: Absence, now: datetime) -> None:
    if absence.cover_id is not None and absence.cover_id != by.id:
        messages.add(
            tx,
            person.team_id,
            _covering(absence),
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


def _covering(absence: Absence) -> str:
    return f"covering:{absence.id}"


def _changed(
    tx: sa.Connection, person: Person, concerned: Collection[Absence], now: datetime
) -> None:
    """After any change of somebody's absences: when they begin and end, who is asked meanwhile,
    and what shows it."""
    _plan(tx, person, now)
    covers.anew(tx, person.team_id, {person.id}, now)
    told = [messages.by_key(tx, person.team_id, _covering(each)) for each in concerned]
    messages.redraw(tx, [message.id for message in told if message is not None])
    watching = {person.id, *(each.cover_id for each in concerned if each.cover_id)}
    homes.refresh(tx, person.team_id, None, watching, now)


def _plan(tx: sa.Connection, person: Person, now: datetime) -> None:
    """Has each absence that lies ahead begin and end at the person's own midnight."""
    waiting = {
        (each.kind, each.data["absence"]): each
        for each in occurrences.waiting(tx, _KINDS, person_id=person.id)
    }
    for absence in absences.of_person(tx, person.id, _lately(now)):
        days = {OccurrenceKind.AWAY: absence.first}
        if absence.last is not None:
            days[OccurrenceKind.BACK] = absence.last + _A_DAY
        for kind, day in days.items():
            due_at = instant(day, time(0), person.time_zone)
            planned = waiting.pop((kind, absence.id), None)
            if planned is None and due_at > now:
                _fall_due(tx, person, kind, absence, day, due_at, now)
            elif planned is not None and planned.due_at != due_at:
                occurrences.postpone(tx, [planned.id], due_at)
    occurrences.skip(tx, [each.id for each in waiting.values()], Skipped.REPLACED, now)


def _fall_due(
    tx: sa.Connection,
    person: Person,
    kind: OccurrenceKind,
    absence: Absence,
    day: date,
    due_at: datetime,
    now: datetime,
) -> None:
    add = partial(
        occurrences.add,
        tx,
        person.team_id,
        kind=kind,
        due_at=due_at,
        now=now,
        person_id=person.id,
        local_date=day,
        data={"absence": absence.id},
    )
    # A key is used once: it may have been that day already, where they were before.
    key = f"{kind}:{absence.id}"
    if not add(key=key):
        add(key=f"{key}:{due_at.isoformat()}")
