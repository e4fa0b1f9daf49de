"""Two who wait for each other are both served in the end."""

import threading

import sqlalchemy as sa

from operations.tries import decided
from storage.tables import people as people_table
from tests.newsroom import Newsroom, at_once


def test_whoever_waited_in_a_circle_tries_again(team: Newsroom) -> None:
    ids = [team.person(name).id for name in ("ann", "ben")]
    both_hold_one = threading.Barrier(2)
    tries = []

    def rename(first: int, second: int) -> None:
        def work(tx: sa.Connection) -> None:
            tries.append(first)
            for person_id in (first, second):
                chosen = people_table.update().filter_by(id=person_id)
                tx.execute(chosen.values(name=people_table.c.name + "!"))
                if person_id == first and len(tries) < 3 and tx.dialect.name == "postgresql":
                    both_hold_one.wait(10)

        decided(team.store, work)

    at_once(lambda: rename(*ids), lambda: rename(*reversed(ids)))
    with team.store.read() as tx:
        names = tx.execute(sa.select(people_table.c.name).order_by("name")).scalars().all()
    assert names == ["ann!!", "ben!!"]
    assert len(tries) >= (3 if team.store.engine.dialect.name == "postgresql" else 2)
