"""Two who wait for each other are both served in the end."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from operations import comings, desks, digest_news
from operations.tries import decided
from storage import messages, posts
from storage.tables import people as people_table
from tests.newsroom import NOW, TEAM, Newsroom, at_once, somebody_waits
from tests.operations.away import FRIDAY, TODAY
from tests.operations.digest_day import DIGEST, standup
from tests.operations.reminded import tick
from tests.player import wait_until


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


def somebody_from_outside_joins(team: Newsroom) -> object:
    desk = desks.find(team.store, TEAM, "C1")
    assert desk is not None
    desks.set_outsiders(team.store, desk, True)
    return desks.by_id(team.store, TEAM, desk.id).outsiders


def flies(team: Newsroom) -> object:
    return team.person("ben", zone="Asia/Tokyo", now=DIGEST)


def its_cover_leaves_the_channel(team: Newsroom) -> object:
    return comings.cover_moved(team.store, TEAM, "U-cleo", "C1", False, DIGEST)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "change", [flies, its_cover_leaves_the_channel, somebody_from_outside_joins]
)
def test_what_waits_in_a_circle_with_a_click_is_done_in_the_end(
    team: Newsroom, change: Callable[[Newsroom], object]
) -> None:
    """Each goes from post to post, and holds a row that whoever clicks on one of them comes to
    later: the approver's morning, or the desk."""
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    desk = team.desk(ann, ben)
    standup(team, desk, ann, ben)
    tick(team, DIGEST)
    team.away(ben, TODAY, FRIDAY, cleo, now=DIGEST)
    _, last = team.sent(ann, desk), team.sent(ann, desk)
    with ThreadPoolExecutor() as pool:
        with team.store.write() as clicked:
            posts.by_id(clicked, TEAM, last.post_id, lock=True)
            messages.refresh(clicked, last.post_id)
            moving = pool.submit(change, team)
            wait_until(lambda: somebody_waits(team.store), "it waits for the click")
            messages.redraw_prompts(clicked, [ben.id], NOW)
            digest_news.refresh(clicked, TEAM, desk.id, NOW)
        assert moving.result(30)
