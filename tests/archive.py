"""A desk's long past, written straight into the tables: what lists and searches work on."""

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from rules.desks import Desk
from rules.people import Person
from rules.posts import Status, search_key
from storage import Store
from storage.tables import (
    decisions,
    posts,
    review_approvers,
    review_steps,
    reviews,
    targets,
    versions,
    workspaces,
)
from tests.newsroom import NOW, TEAM

WORDS = ("spring", "tea", "shop", "harvest", "Été", "Grün", "recipe", "kettle", "price", "gift")

# Of a hundred posts of a desk that is years old nearly all are history.
SHARES = {
    Status.PUBLISHED: 93.0,
    Status.REJECTED: 2.0,
    Status.CANCELLED: 2.0,
    Status.DRAFT: 1.0,
    Status.IN_REVIEW: 0.5,
    Status.CHANGES_REQUESTED: 0.5,
    Status.SCHEDULED: 1.0,
}
_STATES = {Status.IN_REVIEW: "open", Status.CHANGES_REQUESTED: "changes_requested"}
_ROWS_AT_ONCE = 5_000
_IN_ORDER = (posts, targets, versions, reviews, review_steps, review_approvers, decisions)

Row = dict[str, Any]


def fill(
    store: Store,
    desks: list[Desk],
    owners: list[Person],
    approver: Person,
    last: int,
    *,
    first: int = 1,
) -> None:
    """Adds the posts numbered `first` to `last`, the same ones each time."""
    chance = random.Random(first)
    with store.write() as tx:
        for numbers in _portions(range(first, last + 1)):
            rows: dict[sa.Table, list[Row]] = {table: [] for table in _IN_ORDER}
            for n in numbers:
                for table, row in _post(chance, n, desks, owners, approver):
                    rows[table].append(row)
            for table, its in rows.items():
                if its:
                    tx.execute(table.insert(), its)
        counter = workspaces.update().filter_by(team_id=TEAM)
        tx.execute(counter.values(last_post_number=last))
        _after(tx)


def _after(tx: sa.Connection) -> None:
    """What a database finds out by itself in a while: how its rows are distributed."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("ANALYZE")
        for table in (posts, reviews):
            # The ids were given, so the counters behind them have to catch up.
            tx.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id))"
                f" FROM {table.name}"
            )


def _portions(numbers: Iterable[int]) -> Iterator[list[int]]:
    left = iter(numbers)
    while portion := list(islice(left, _ROWS_AT_ONCE)):
        yield portion


def _post(
    chance: random.Random,
    n: int,
    desks: list[Desk],
    owners: list[Person],
    approver: Person,
) -> Iterator[tuple[sa.Table, Row]]:
    desk, owner = chance.choice(desks), chance.choice(owners)
    status = chance.choices(list(SHARES), list(SHARES.values()))[0]
    at = NOW - timedelta(hours=1) + timedelta(minutes=n)
    text = " ".join(chance.choices(WORDS, k=30)) + f" number {n}"
    networks = chance.sample(desk.networks, chance.randint(1, len(desk.networks)))
    yield (
        posts,
        {
            "id": n,
            "team_id": TEAM,
            "desk_id": desk.id,
            "number": n,
            "owner_id": owner.id,
            "status": status,
            "version": 1,
            "publish_at": at if status is Status.SCHEDULED else None,
            "notes": "",
            "creation_key": f"archive-{n}",
            "created_at": at,
        },
    )
    for network in networks:
        yield targets, {"post_id": n, "network": network, "status": status}
    yield (
        versions,
        {
            "post_id": n,
            "number": 1,
            "text": text,
            "text_key": search_key(text),
            "texts": {},
            "networks": list(networks),
            "attachments": [],
            "author_id": owner.id,
            "form_key": f"archive-{n}",
            "created_at": at,
        },
    )
    if status is Status.DRAFT:
        return
    review_id = n
    state = _STATES.get(status, "rejected" if status is Status.REJECTED else "approved")
    yield (
        reviews,
        {
            "id": review_id,
            "post_id": n,
            "version": 1,
            "policy_id": desk.policy.id,
            "owner_id": owner.id,
            "step": 0,
            "state": state,
            "sent_by": owner.id,
            "sent_at": at,
        },
    )
    yield review_steps, {"review_id": review_id, "position": 0, "quorum": "any", "quorum_count": 1}
    named = {"kind": "person", "reference": approver.id}
    yield review_approvers, {"review_id": review_id, "position": 0, **named}
    if state == "open":
        return
    yield (
        decisions,
        {
            "review_id": review_id,
            "step": 0,
            "actor_kind": "person",
            "person_id": approver.id,
            "verdict": {"approved": "approve", "rejected": "reject"}.get(state, "request_changes"),
            "comment": "",
            "networks": [],
            "decided_at": at,
        },
    )
