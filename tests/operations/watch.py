"""Looks at what a calendar that moved on left in the database: nothing twice, nothing forgotten,
nobody disturbed when they are not to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from operations.nudges import hours_of
from operations.plans import key
from operations.standups.planning import key_of
from rules import standups as rules
from rules.absences import Absence
from rules.desks import Desk
from rules.digest_days import days_after
from rules.local_time import today
from rules.nudges import MOST_A_DAY, day_of
from rules.occurrences import OccurrenceKind, OccurrenceState, Skipped
from rules.people import Person
from rules.standups import PROMPT_MAY_BE_LATE, Standup, takes_place
from rules.working_time import is_open
from storage import Store, desks, people, posts, reviews, standups
from storage import occurrences as stored_occurrences
from storage.messages import Kind
from storage.tables import messages, occurrences
from storage.tables import reviews as reviews_table
from tests.newsroom import TEAM
from tests.operations.days_off import DaysOff

_PUT_ASIDE = (Skipped.REPLACED, Skipped.SWITCHED_OFF)

Row = sa.Row[Any]


@dataclass
class Watch:
    """Remembers what it has seen. `days_off` is what people said of theirs."""

    days_off: DaysOff
    ended: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    prompted: set[tuple[int, str]] = field(default_factory=set)
    digests: set[tuple[int, str]] = field(default_factory=set)
    seen: int = 0

    def look(self, store: Store, now: datetime) -> None:
        """After all that is due was done."""
        self.look_at_new(store, now)
        with store.read() as tx:
            seen = _Seen(tx, now)
            self._occurrences(tx, now)
            self._covers(seen)
            for person in seen.people.values():
                self._next_morning(seen, person)
            for desk, standup in seen.standups:
                self._next_digests(seen, desk, standup)

    def look_at_new(self, store: Store, now: datetime) -> None:
        """What was noted to be told since the last look."""
        with store.read() as tx:
            seen = _Seen(tx, now)
            new = sa.select(messages).where(messages.c.id > self.seen).order_by(messages.c.id)
            for row in tx.execute(new).all():
                self._message(seen, row)
                self.seen = row.id

    def is_away(self, person: Person, now: datetime) -> bool:
        return person.id in self.days_off.away(today(now, person.time_zone))

    def _occurrences(self, tx: sa.Connection, now: datetime) -> None:
        rows = tx.execute(sa.select(occurrences)).all()
        left = [
            row.key for row in rows if row.state == OccurrenceState.WAITING and row.due_at <= now
        ]
        assert left == [], "all that was due is done"
        assert [row.key for row in rows if row.state == OccurrenceState.FAILED] == []
        there = {row.id: (row.state, row.message_id) for row in rows}
        for number, before in self.ended.items():
            assert there[number] == before, "what was done stays done, by the same message"
        self.ended |= {n: one for n, one in there.items() if one[0] == OccurrenceState.DONE}

    def _message(self, seen: _Seen, row: Row) -> None:
        match row.kind:
            case Kind.PROMPT:
                self._prompt(seen, row)
            case Kind.REMINDERS:
                self._reminders(seen, row)
            case Kind.DIGEST:
                self._digest(seen, row)

    def _prompt(self, seen: _Seen, row: Row) -> None:
        person, day = seen.people[row.person_id], date.fromisoformat(row.data["day"])
        asked_anew = row.key.endswith(":now")
        assert asked_anew or (person.id, row.data["day"]) not in self.prompted, "one prompt a day"
        self.prompted.add((person.id, row.data["day"]))
        assert day == today(row.created_at, person.time_zone)
        assert day not in _days_off(self.days_off, person), "nobody is asked on a day off"
        assert not person.is_gone
        held = [s for d, s in seen.own(person) if takes_place(s, d.hours, day)]
        assert held, "a standup is held that day"
        noted = stored_occurrences.by_key(seen.tx, TEAM, row.key)
        assert asked_anew or (noted and not noted.is_late(row.created_at, PROMPT_MAY_BE_LATE))

    def _reminders(self, seen: _Seen, row: Row) -> None:
        person = seen.people[row.person_id]
        assert not person.is_gone
        assert not self.is_away(person, row.created_at), "nobody is reminded on a day off"
        said = stored_occurrences.of_message(seen.tx, row.id)
        about = posts.by_ids(seen.tx, TEAM, {each.post_id for each in said if each.post_id})
        assert about
        if "at-once" in row.key:
            assert all(post.urgent_reason for post in about.values())
            return
        for post in about.values():
            assert is_open(hours_of(seen.desks[post.desk_id], person), row.created_at)
        assert person.quiet_until is None or person.quiet_until <= row.created_at
        began, _ = day_of(row.created_at, person.time_zone)
        told = sa.select(sa.func.count()).select_from(messages).filter_by(person_id=person.id)
        told = told.where(messages.c.id < row.id, messages.c.created_at >= began)
        told = told.where(messages.c.kind != Kind.HOME, messages.c.state.not_in(("dropped",)))
        assert seen.tx.execute(told).scalar_one() < MOST_A_DAY

    def _digest(self, seen: _Seen, row: Row) -> None:
        held = standups.round_by_id(seen.tx, row.team_id, row.data["round"])
        assert held is not None
        about = (held.desk_id, held.local_date.isoformat())
        assert about not in self.digests, "one digest a day"
        self.digests.add(about)
        desk, standup = next(each for each in seen.standups if each[0].id == held.desk_id)
        assert takes_place(standup, desk.hours, held.local_date)
        assert held.local_date == today(row.created_at, desk.time_zone)

    def _covers(self, seen: _Seen) -> None:
        """Somebody stands in for who is away, for as long as they are."""
        query = sa.select(reviews_table.c.id).filter_by(state="open")
        for number in seen.tx.execute(query).scalars().all():
            review = reviews.by_id(seen.tx, TEAM, number)
            assert review is not None
            away = {
                who for who in review.current.approvers if self.is_away(seen.people[who], seen.now)
            }
            assert set(review.current.away) == away
            for each in review.current.away.values():
                if each.cover_id is not None:
                    assert not self.is_away(seen.people[each.cover_id], seen.now)
                    assert each.cover_id != review.owner_id

    def _next_morning(self, seen: _Seen, person: Person) -> None:
        """Exactly one waits for whoever has one ahead: the next one."""
        own = [] if person.is_gone else [(s, d.hours) for d, s in seen.own(person)]
        first = today(seen.now, person.time_zone)
        off = self._as_absences(person, first)
        wanted = None
        last = stored_occurrences.last_day(seen.tx, OccurrenceKind.PROMPT, person.id)
        for day, due_at in rules.mornings(own, person.id, person.time_zone, off, first):
            over = stored_occurrences.is_over(seen.tx, TEAM, key_of(person, day))
            if due_at > seen.now and not over and (last is None or day > last):
                wanted = (key_of(person, day), due_at)
                break
        waiting = seen.waiting(OccurrenceKind.PROMPT, person_id=person.id)
        expected = [wanted] if wanted else []
        assert waiting == expected

    def _as_absences(self, person: Person, first: date) -> Sequence[Absence]:
        ahead = {day for day in _days_off(self.days_off, person) if day >= first}
        return [Absence(person.id, day, day, None) for day in ahead]

    def _next_digests(self, seen: _Seen, desk: Desk, standup: Standup) -> None:
        """The next one waits."""
        waiting = seen.waiting(OccurrenceKind.DIGEST, desk_id=desk.id)
        if not standup.is_on:
            assert waiting == []
            return
        here = today(seen.now, desk.time_zone)
        ahead = [
            (key(OccurrenceKind.DIGEST, desk.id, day), due)
            for day, due in days_after(desk, standup, here)
        ][:1]
        assert set(ahead) <= set(waiting)


def _days_off(days_off: DaysOff, person: Person) -> set[date]:
    return {day for said in days_off.said.get(person.id, []) for day in said.days}


class _Seen:
    """What stands in the database at a moment."""

    def __init__(self, tx: sa.Connection, now: datetime) -> None:
        self.tx, self.now = tx, now
        self.people: Mapping[int, Person] = people.by_ids(tx, range(1, 20))
        self.desks = {desk.id: desk for desk in desks.awake(tx, TEAM)}
        found = [(desk, standups.by_desk(tx, desk.id)) for desk in self.desks.values()]
        self.standups = [(desk, standup) for desk, standup in found if standup]

    def own(self, person: Person) -> list[tuple[Desk, Standup]]:
        return [(d, s) for d, s in self.standups if s.is_on and person.id in s.members]

    def waiting(self, kind: OccurrenceKind, **whose: int) -> list[tuple[str, datetime]]:
        query = sa.select(occurrences).filter_by(kind=kind, state=OccurrenceState.WAITING, **whose)
        rows = self.tx.execute(query.order_by(occurrences.c.due_at))
        return [(row.key, row.due_at) for row in rows]
