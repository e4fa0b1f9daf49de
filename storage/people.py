"""People and the workspaces they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from rules.people import Person
from storage.inserts import insert_or_ignore
from storage.statements import rows, rows_among
from storage.tables import people, workspaces


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody; `is_stranger` when they belong to another workspace."""

    slack_id: str
    name: str
    time_zone: str
    locale: str
    is_admin: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    is_gone: bool = False


def ensure_workspace(tx: sa.Connection, team_id: str, now: datetime) -> None:
    """Makes the workspace's row when it isn't there."""
    found = tx.execute(sa.select(workspaces.c.team_id).where(workspaces.c.team_id == team_id))
    if found.first() is None:
        row = {"team_id": team_id, "created_at": now}
        insert_or_ignore(tx, workspaces, row, "team_id")


def save(tx: sa.Connection, team_id: str, profile: Profile, now: datetime) -> Person:
    """The person as Slack now says they are."""
    ensure_workspace(tx, team_id, now)
    values = {**asdict(profile), "seen_at": now}
    key = {"team_id": team_id, "slack_id": profile.slack_id}
    insert_or_ignore(tx, people, {**values, **key}, "team_id", "slack_id")
    tx.execute(people.update().filter_by(**key).values(**values))
    found = by_slack_id(tx, team_id, profile.slack_id)
    assert found is not None
    return found


def lock(tx: sa.Connection, person_id: int) -> bool:
    """Keeps other processes from telling this person anything in this transaction; False where one
    is at it. Messages to them can be noted meanwhile: no key changes (PostgreSQL)."""
    query = sa.select(people.c.id).filter_by(id=person_id)
    return tx.execute(query.with_for_update(key_share=True, skip_locked=True)).first() is not None


def set_quiet(tx: sa.Connection, person_id: int, until: datetime | None) -> None:
    """Notes until when somebody wants no reminders."""
    tx.execute(people.update().filter_by(id=person_id).values(quiet_until=until))


def by_slack_id(tx: sa.Connection, team_id: str, slack_id: str) -> Person | None:
    """The person behind a Slack user id, within a workspace."""
    key = {"team_id": team_id, "slack_id": slack_id}
    row = tx.execute(rows(people, "team_id", "slack_id"), key).first()
    return Person(**row._mapping) if row else None


def by_slack_ids(tx: sa.Connection, team_id: str, slack_ids: Iterable[str]) -> list[Person]:
    """Those of a workspace who are known, among these Slack user ids."""
    known = people.c.slack_id.in_(tuple(slack_ids))
    return [
        Person(**row._mapping)
        for row in tx.execute(sa.select(people).filter_by(team_id=team_id).where(known))
    ]


def names(tx: sa.Connection, team_id: str) -> dict[int, str]:
    """Everybody's name in a workspace, by id."""
    query = sa.select(people.c.id, people.c.name).filter_by(team_id=team_id)
    return {row.id: row.name for row in tx.execute(query)}


def by_ids(tx: sa.Connection, ids: Iterable[int]) -> dict[int, Person]:
    """The people with these ids."""
    wanted = tuple(dict.fromkeys(ids))
    found = tx.execute(rows_among(people, "id"), {"among": wanted})
    return {row.id: Person(**row._mapping) for row in found}
