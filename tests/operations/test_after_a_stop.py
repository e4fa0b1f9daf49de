"""A bot that stood still for hours finds thousands of things due at once."""

import sqlalchemy as sa

from rules.desks import Need
from rules.occurrences import OccurrenceKind, OccurrenceState
from storage import Store
from storage.tables import occurrences
from tests.newsroom import NOW, Newsroom
from tests.operations.reminded import at, said, tick, told, written

DUE = 10_000
APPROVERS = 5
POSTS = 6
# Three hours of a Tuesday's work.
BEGAN, LATER = at("03 10:00"), at("03 13:00")


def test_ten_thousand_reminders_are_one_message_for_each_person(team: Newsroom) -> None:
    ann, cleo = team.person("ann"), team.person("cleo")
    approvers = [team.person(f"approver-{number}") for number in range(APPROVERS)]
    desk = team.desk(ann, *approvers, need=Need.ALL)
    for _ in range(POSTS):
        written(team, cleo, desk, NOW)
    _add_due(team.store)
    tick(team, LATER)
    assert _waiting_by_then(team.store) == []
    for person in approvers:
        (message,) = told(team, person)
        found = said(team, message)
        assert len(found.reminders) + found.more == POSTS
    assert len(told(team, ann)) == 1  # of what nobody decided
    assert told(team, cleo) == []


def _add_due(store: Store) -> None:
    """What is planned for the approvers, many times over."""
    with store.write() as tx:
        query = sa.select(occurrences).filter_by(kind=OccurrenceKind.REMINDER)
        planned = [dict(row._mapping) for row in tx.execute(query)]
        rows = []
        for number in range(DUE):
            like = planned[number % len(planned)]
            due_at = BEGAN + (LATER - BEGAN) * number / DUE
            data = {name: value for name, value in like["data"].items() if name != "planned"}
            row = {**like, "key": f"due:{number}", "due_at": due_at, "data": data}
            del row["id"]
            rows.append(row)
        tx.execute(occurrences.insert(), rows)


def _waiting_by_then(store: Store) -> list[str]:
    waits = (occurrences.c.state == OccurrenceState.WAITING) & (occurrences.c.due_at <= LATER)
    with store.read() as tx:
        return list(tx.execute(sa.select(occurrences.c.key).where(waits)).scalars())
