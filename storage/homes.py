"""People's Homes: kept with the messages, because the courier draws them too.

A Home is no message. It has no first posting, so it counts as sent from the start, and drawing it
twice does no harm.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage import messages
from storage.messages import Kind, State
from storage.tables import messages as table

# A Home that nobody has looked at for this long is drawn again when it is opened.
STAYS_OPEN = timedelta(minutes=15)

_OPENED_LATELY = (
    sa.select(table.c.id, table.c.person_id, table.c.data)
    .where(table.c.team_id == sa.bindparam("team_id"), table.c.kind == Kind.HOME)
    .where(table.c.opened_at > sa.bindparam("since"))
    .order_by(table.c.id)  # in one order, so that two who do this don't wait for each other
    .with_for_update()
)


def opened(
    tx: sa.Connection, team_id: str, person_id: int, desk_ids: Collection[int], now: datetime
) -> None:
    """Somebody looks at their Home: it is to be drawn, with what they may see of these desks."""
    key = _key(person_id)
    messages.add(tx, team_id, key, Kind.HOME, now, person_id=person_id)
    home = table.update().filter_by(team_id=team_id, key=key)
    tx.execute(
        home.values(
            state=State.SENT,
            opened_at=now,
            data={"desks": list(desk_ids)},
            wanted=table.c.wanted + 1,
            pending=True,
        )
    )


def used(tx: sa.Connection, team_id: str, person_id: int, now: datetime) -> None:
    """Somebody clicked in their Home, which therefore is on their screen."""
    home = table.update().filter_by(team_id=team_id, key=_key(person_id))
    tx.execute(home.values(opened_at=now, wanted=table.c.wanted + 1, pending=True))


def refresh(
    tx: sa.Connection, team_id: str, desk_id: int | None, people: Collection[int], now: datetime
) -> None:
    """Has those Homes drawn anew that show this desk, or belong to these people, and that were
    opened lately."""
    lately = {"team_id": team_id, "since": now - STAYS_OPEN}
    stale = [
        row.id
        for row in tx.execute(_OPENED_LATELY, lately)
        if row.person_id in people or desk_id in row.data["desks"]
    ]
    if stale:
        again = table.update().where(table.c.id.in_(stale))
        tx.execute(again.values(wanted=table.c.wanted + 1, pending=True))


def leave(tx: sa.Connection, team_id: str, person_id: int, desk_id: int) -> None:
    """Takes a desk out of somebody's Home."""
    home = messages.by_key(tx, team_id, _key(person_id))
    if home is not None and desk_id in home.data["desks"]:
        data = {"desks": [i for i in home.data["desks"] if i != desk_id]}
        query = table.update().filter_by(id=home.id)
        tx.execute(query.values(data=data, wanted=table.c.wanted + 1, pending=True))


def _key(person_id: int) -> str:
    return f"home:{person_id}"
