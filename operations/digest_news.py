"""What changed that a desk's digest tells of: it is drawn anew."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from rules.local_time import today
from rules.people import Person
from storage import desks, digests, messages, standups


def refresh(tx: sa.Connection, team_id: str, desk_id: int, now: datetime) -> None:
    """Something changed that a desk's digest may tell of: today's is drawn anew."""
    # Whoever draws one for the first time waits until this is in the record.
    desks.changes(tx, desk_id)
    found = digests.latest_round(tx, desk_id)
    if found is None or found.message_id is None:
        return
    desk = desks.by_id(tx, team_id, desk_id)
    assert desk is not None
    if found.local_date >= today(now, desk.time_zone):
        messages.redraw(tx, [found.message_id])


def who_is_there(tx: sa.Connection, person: Person, now: datetime) -> None:
    """Somebody goes away or comes back: the digests of their standups say so."""
    for standup in standups.of_person(tx, person.id):
        refresh(tx, person.team_id, standup.desk_id, now)


def reads_along(tx: sa.Connection, desk_id: int) -> None:
    """Other people read along at a desk by now: its newest digest is drawn anew for them."""
    found = digests.latest_round(tx, desk_id)
    if found is not None and found.message_id is not None:
        messages.redraw(tx, [found.message_id])
