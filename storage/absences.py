"""People's days off, and who stands in for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from rules.absences import Absence
from storage.inserts import insert
from storage.statements import rows
from storage.tables import absences, people


def lock(tx: sa.Connection, person_id: int) -> None:
    """Makes others who note this person's absences wait for this transaction (PostgreSQL)."""
    # Not to be changed, but to be referred to: a message for them doesn't wait for this.
    row = sa.select(people.c.id).filter_by(id=person_id)
    tx.execute(row.with_for_update(key_share=True))


def add(tx: sa.Connection, team_id: str, absence: Absence, made_by: int, now: datetime) -> Absence:
    """Notes an absence; returns it with its id."""
    row = {
        "team_id": team_id,
        "person_id": absence.person_id,
        "first_day": absence.first,
        "last_day": absence.last,
        "cover_id": absence.cover_id,
        "cover_desks": sorted(absence.cover_desks),
        "made_by": made_by,
        "made_at": now,
    }
    return replace(absence, id=insert(tx, absences, row))


def by_id(tx: sa.Connection, team_id: str, absence_id: int) -> Absence | None:
    """An absence of this workspace."""
    return next(iter(by_ids(tx, team_id, [absence_id])), None)


def by_ids(tx: sa.Connection, team_id: str, ids: Iterable[int]) -> list[Absence]:
    """The absences of this workspace among these, in the order in which they were noted."""
    query = sa.select(absences).filter_by(team_id=team_id).where(absences.c.id.in_(tuple(ids)))
    return [_absence(row) for row in tx.execute(query.order_by(absences.c.id))]


def of_team(tx: sa.Connection, team_id: str, since: date) -> list[Absence]:
    """A workspace's absences that have a day on or after `since`, or no last day yet; in the order
    in which they were noted."""
    return _found(tx, "team_id", team_id, since)


def of_person(tx: sa.Connection, person_id: int, since: date) -> list[Absence]:
    """As `of_team`, of one person."""
    return _found(tx, "person_id", person_id, since)


def covered_by(tx: sa.Connection, person_id: int, since: date) -> list[Absence]:
    """As `of_team`, those in which this person is the cover."""
    return _found(tx, "cover_id", person_id, since)


def standing(tx: sa.Connection, person_id: int) -> list[tuple[Absence, bool]]:
    """The absences that aren't over, of a person or with them as the cover, by their days; and of
    each, whether it has begun."""
    query = (
        sa.select(absences)
        .where(sa.or_(absences.c.person_id == person_id, absences.c.cover_id == person_id))
        .where(absences.c.ended_at.is_(None))
        .order_by(absences.c.first_day, absences.c.id)
    )
    return [(_absence(row), row.begun_at is not None) for row in tx.execute(query)]


def shorten(tx: sa.Connection, absence_id: int, last: date) -> None:
    """They are away to `last` only, which lies before the first day where they don't go at all."""
    tx.execute(absences.update().filter_by(id=absence_id).values(last_day=last))


def begin(tx: sa.Connection, absence_id: int, now: datetime | None) -> None:
    """Its first day has come; None where it hasn't yet."""
    chosen = absences.update().filter_by(id=absence_id)
    if now is not None:
        chosen = chosen.filter_by(begun_at=None)
    tx.execute(chosen.values(begun_at=now))


def end(tx: sa.Connection, absence_id: int, now: datetime) -> None:
    """They are back, or stayed."""
    tx.execute(absences.update().filter_by(id=absence_id, ended_at=None).values(ended_at=now))


def is_over(tx: sa.Connection, absence_id: int) -> bool:
    """Whether they are back, or didn't go."""
    found = sa.select(absences.c.ended_at).filter_by(id=absence_id)
    return tx.execute(found).scalar_one() is not None


def set_cover_desks(tx: sa.Connection, absence_id: int, desks: Iterable[int]) -> None:
    """Notes which desks the cover is in."""
    values = {"cover_desks": sorted(desks)}
    tx.execute(absences.update().filter_by(id=absence_id).values(**values))


def _found(tx: sa.Connection, column: str, whose: str | int, since: date) -> list[Absence]:
    query, values = _lasting(column), {column: whose, "since": since}
    return [_absence(row) for row in tx.execute(query, values)]


@cache
def _lasting(column: str) -> sa.Select[Any]:
    first, last = absences.c.first_day, absences.c.last_day
    lasts = sa.or_(last.is_(None), last >= sa.bindparam("since"))
    had_a_day = sa.or_(last.is_(None), last >= first)
    return rows(absences, column, by="id").where(lasts, had_a_day)


def _absence(row: sa.Row[Any]) -> Absence:
    return Absence(
        person_id=row.person_id,
        first=row.first_day,
        last=row.last_day,
        cover_id=row.cover_id,
        cover_desks=frozenset(row.cover_desks),
        id=row.id,
    )
