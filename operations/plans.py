"""What is planned for a desk, kept in step with its settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

import sqlalchemy as sa

from rules.desks import Desk
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.standups import Standup
from storage import desks, occurrences, standups


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing of a desk's day that is to fall due at `due` (UTC)."""

    kind: OccurrenceKind
    day: date
    due: datetime

    def key(self, desk_id: int) -> str:
        """The key of its occurrence, and of the message that it becomes."""
        return key(self.kind, desk_id, self.day)


def key(kind: OccurrenceKind, desk_id: int, day: date) -> str:
    """What of which desk falls due for which day."""
    return f"{kind}:{desk_id}:{day.isoformat()}"


def next_ones(
    tx: sa.Connection,
    desk: Desk,
    kind: OccurrenceKind,
    days: Iterable[tuple[date, datetime]],
    counts: Callable[[date, datetime], bool],
) -> list[tuple[date, datetime]]:
    """The first two of these days that count and are not over. Two, so that there is another one
    where the first can't be worked out."""
    open_ones = (
        (day, due)
        for day, due in days
        if counts(day, due) and not occurrences.is_over(tx, desk.team_id, key(kind, desk.id, day))
    )
    return list(islice(open_ones, 2))


def keep(
    tx: sa.Connection,
    desk: Desk,
    kinds: Sequence[OccurrenceKind],
    wanted: Sequence[Planned],
    now: datetime,
    reason: Skipped = Skipped.REPLACED,
) -> None:
    """Makes what waits of these kinds exactly `wanted`; the rest is skipped for `reason`."""
    known = {each.key: each for each in occurrences.waiting(tx, kinds, desk_id=desk.id)}
    keys = [each.key(desk.id) for each in wanted]
    gone = [each.id for name, each in known.items() if name not in keys]
    occurrences.skip(tx, gone, reason, now)
    for name, each in zip(keys, wanted, strict=True):
        occurrences.plan(
            tx,
            desk.team_id,
            name,
            each.kind,
            each.due,
            now,
            desk_id=desk.id,
            local_date=each.day,
        )


def of(tx: sa.Connection, occurrence: Occurrence) -> tuple[Desk, Standup]:
    """The desk whose standup something that fell due belongs to."""
    assert occurrence.desk_id is not None
    desk = desks.by_id(tx, occurrence.team_id, occurrence.desk_id)
    standup = standups.by_desk(tx, occurrence.desk_id)
    assert desk is not None
    assert standup is not None
    return desk, standup


def day_of(occurrence: Occurrence) -> date:
    """The desk's day that something belongs to."""
    assert occurrence.local_date is not None
    return occurrence.local_date
