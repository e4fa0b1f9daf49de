"""Desks, their managers and every state of their approval rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa

from rules.desks import Desk, DeskForm, Policy, Weekday
from rules.networks import Network
from rules.nudges import DEFAULT_OFFSETS, Offset
from rules.reviews import Quorum, QuorumKind, Step
from storage.inserts import insert_or_ignore
from storage.statements import rows, rows_among
from storage.tables import desk_managers, desks, policies, posts

_AMONG = (
    sa.select(desks)
    .where(desks.c.team_id == sa.bindparam("team_id"))
    .where(desks.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(desks.c.name)
)
_SHARED = rows(desks, "id").with_only_columns(desks.c.id).with_for_update(read=True)
_CHANNEL_OF_POST = (
    rows(posts, "team_id", "id")
    .join(desks, desks.c.id == posts.c.desk_id)
    .with_only_columns(desks.c.channel_id)
)
_later = policies.alias()
_NEWEST_POLICIES = rows_among(policies, "desk_id").where(
    ~sa.exists().where(_later.c.desk_id == policies.c.desk_id, _later.c.number > policies.c.number)
)


def by_channel(
    tx: sa.Connection, team_id: str, channel_id: str, *, lock: bool = False
) -> Desk | None:
    """The desk of a channel, awake or asleep."""
    key = {"team_id": team_id, "channel_id": channel_id}
    query = rows(desks, "team_id", "channel_id", lock=lock)
    return next(iter(_desks(tx, query, key)), None)


def everywhere(tx: sa.Connection, channel_id: str) -> list[Desk]:
    """The desks of a channel in every workspace: a shared channel has one id in all of its own."""
    query = sa.select(desks).filter_by(channel_id=channel_id).order_by(desks.c.team_id)
    return _desks(tx, query)


def by_id(tx: sa.Connection, team_id: str, desk_id: int) -> Desk | None:
    """A desk of this workspace."""
    key = {"team_id": team_id, "id": desk_id}
    return next(iter(_desks(tx, rows(desks, "team_id", "id"), key)), None)


def channel_of_post(tx: sa.Connection, team_id: str, post_id: int) -> str | None:
    """The channel of the desk that a post of this workspace belongs to."""
    return tx.execute(_CHANNEL_OF_POST, {"team_id": team_id, "id": post_id}).scalar()


def by_ids(tx: sa.Connection, team_id: str, ids: Iterable[int]) -> list[Desk]:
    """The desks of this workspace among these, awake or asleep, by name."""
    return _desks(tx, _AMONG, {"team_id": team_id, "ids": tuple(ids)})


def of_team(tx: sa.Connection, team_id: str) -> list[Desk]:
    """A workspace's desks, awake or asleep, by name."""
    return _desks(tx, sa.select(desks).filter_by(team_id=team_id).order_by(desks.c.name))


def awake(tx: sa.Connection, team_id: str) -> list[Desk]:
    """A workspace's desks that are awake, by name."""
    query = sa.select(desks).filter_by(team_id=team_id, asleep=False).order_by(desks.c.name)
    return _desks(tx, query)


def by_channels(tx: sa.Connection, team_id: str, channel_ids: Iterable[str]) -> list[Desk]:
    """The desks that are awake among these channels, by name."""
    query = (
        sa.select(desks)
        .filter_by(team_id=team_id, asleep=False)
        .where(desks.c.channel_id.in_(tuple(channel_ids)))
        .order_by(desks.c.name)
    )
    return _desks(tx, query)


def add(
    tx: sa.Connection,
    team_id: str,
    channel_id: str,
    name: str,
    language: str,
    form: DeskForm,
    now: datetime,
    outsiders: bool,
) -> int | None:
    """Makes the desk's row and returns its id, or None where the channel has a desk already."""
    row: dict[str, Any] = {"team_id": team_id, "channel_id": channel_id, "name": name}
    row |= {"language": language, **_columns(form), "created_at": now, "outsiders": outsiders}
    if not insert_or_ignore(tx, desks, row, "team_id", "channel_id"):
        return None
    found = sa.select(desks.c.id).filter_by(team_id=team_id, channel_id=channel_id)
    return int(tx.execute(found).scalar_one())


def change(tx: sa.Connection, desk: Desk, form: DeskForm) -> bool:
    """Writes the form over the desk, unless somebody else changed it since it was read."""
    query = (
        desks.update()
        .filter_by(id=desk.id, revision=desk.revision)
        .values(**_columns(form), revision=desk.revision + 1)
    )
    return tx.execute(query).rowcount == 1


def changes(tx: sa.Connection, desk_id: int) -> None:
    """Something of a desk's is being changed until this transaction ends: see
    `wait_for_changes`."""
    if tx.dialect.name != "sqlite":  # where nobody writes beside us
        tx.execute(_SHARED, {"id": desk_id})


def wait_for_changes(tx: sa.Connection, ids: Collection[int]) -> None:
    """Returns once everything of these desks' that was being changed is in the record
    (PostgreSQL)."""
    query = sa.select(desks.c.id).where(desks.c.id.in_(tuple(ids))).order_by("id")
    tx.execute(query.with_for_update(key_share=True))


def set_asleep(tx: sa.Connection, desk_id: int, asleep: bool) -> bool:
    """Puts the desk to sleep or wakes it; False where it already was so."""
    query = desks.update().filter_by(id=desk_id, asleep=not asleep).values(asleep=asleep)
    return tx.execute(query).rowcount == 1


def set_name(tx: sa.Connection, desk_id: int, name: str) -> None:
    """Notes what the desk's channel is called by now."""
    tx.execute(desks.update().filter_by(id=desk_id).values(name=name))


def set_outsiders(tx: sa.Connection, desk_id: int, outsiders: bool) -> bool:
    """Notes whether people from outside read along; False where it already was so."""
    query = desks.update().filter_by(id=desk_id, outsiders=not outsiders)
    return tx.execute(query.values(outsiders=outsiders)).rowcount == 1


def set_managers(tx: sa.Connection, desk_id: int, managers: tuple[int, ...]) -> None:
    """Replaces the desk's managers."""
    tx.execute(desk_managers.delete().filter_by(desk_id=desk_id))
    rows = [{"desk_id": desk_id, "person_id": who} for who in managers]
    tx.execute(desk_managers.insert(), rows)


def add_policy(
    tx: sa.Connection,
    desk_id: int,
    number: int,
    steps: tuple[Step, ...],
    own_posts: bool,
    made_by: int,
    now: datetime,
) -> None:
    """Adds the next state of the approval rules; earlier ones stay for their reviews."""
    tx.execute(
        policies.insert().values(
            desk_id=desk_id,
            number=number,
            steps=[_step_to_json(step) for step in steps],
            own_posts=own_posts,
            made_by=made_by,
            made_at=now,
        )
    )


def _columns(form: DeskForm) -> dict[str, Any]:
    return {
        "time_zone": form.time_zone,
        "working_days": list(form.working_days),
        "work_from": form.work_from.isoformat("minutes"),
        "work_to": form.work_to.isoformat("minutes"),
        "country": form.country,
        "region": form.region,
        "networks": list(form.networks),
        "reminders": list(form.reminders),
    }


def _desks(
    tx: sa.Connection, query: sa.Select[Any], values: Mapping[str, Any] | None = None
) -> list[Desk]:
    found = tx.execute(query, values).all()
    if not found:
        return []
    ids = [row.id for row in found]
    managers: dict[int, tuple[int, ...]] = dict.fromkeys(ids, ())
    named = rows_among(desk_managers, "desk_id", by="person_id")
    for row in tx.execute(named, {"among": ids}):
        managers[row.desk_id] += (row.person_id,)
    rules = {row.desk_id: row for row in tx.execute(_NEWEST_POLICIES, {"among": ids})}
    return [_desk(row, managers[row.id], rules[row.id]) for row in found]


def _desk(row: sa.Row[Any], managers: tuple[int, ...], policy: sa.Row[Any]) -> Desk:
    return Desk(
        id=row.id,
        team_id=row.team_id,
        channel_id=row.channel_id,
        name=row.name,
        time_zone=row.time_zone,
        language=row.language,
        working_days=tuple(Weekday(day) for day in row.working_days),
        work_from=time.fromisoformat(row.work_from),
        work_to=time.fromisoformat(row.work_to),
        country=row.country,
        region=row.region,
        networks=tuple(Network(name) for name in row.networks),
        managers=managers,
        policy=Policy(
            id=policy.id,
            number=policy.number,
            steps=tuple(_step_from_json(step) for step in policy.steps),
            own_posts=policy.own_posts,
        ),
        asleep=row.asleep,
        revision=row.revision,
        outsiders=row.outsiders,
        reminders=_reminders(row.reminders),
    )


def _reminders(kept: list[str] | None) -> tuple[Offset, ...]:
    """A desk from before they could be chosen has those that a new one starts with."""
    return DEFAULT_OFFSETS if kept is None else tuple(Offset(offset) for offset in kept)


def _step_to_json(step: Step) -> dict[str, Any]:
    return {
        "approvers": [{"kind": "person", "reference": who} for who in step.approvers],
        "quorum": step.quorum.kind,
        "count": step.quorum.count,
    }


def _step_from_json(data: dict[str, Any]) -> Step:
    return Step(
        approvers=tuple(approver["reference"] for approver in data["approvers"]),
        quorum=Quorum(QuorumKind(data["quorum"]), data["count"]),
    )
