"""What tells of many posts is drawn for the first time while one of them is being changed."""

import threading

import pytest
import sqlalchemy as sa

from operations import deliveries, digest_news
from storage import messages
from storage.messages import Kind, Message
from storage.tables import messages as messages_table
from tests.newsroom import TEAM, Newsroom, somebody_waits
from tests.operations.digest_day import DIGEST, standup
from tests.operations.reminded import tick
from tests.player import wait_until


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kind", [Kind.DIGEST, Kind.PROMPT])
def test_it_waits_for_what_began_before_it_was_there(team: Newsroom, kind: Kind) -> None:
    """Who changes something then can't have it drawn anew; found by a day of tests/faults."""
    ann = team.person("ann")
    desk = team.desk(ann, team.person("ben"))
    standup(team, desk, ann, ann)
    with team.store.write() as changing:
        digest_news.refresh(changing, TEAM, desk.id, DIGEST)
        tick(team, DIGEST)
        message = _noted(team, kind)
        drawing = threading.Thread(target=deliveries.wait_for_changes, args=(team.store, message))
        drawing.start()
        wait_until(lambda: somebody_waits(team.store), "it waits for the change")
    drawing.join(30)
    assert not drawing.is_alive()


def _noted(team: Newsroom, kind: Kind) -> Message:
    with team.store.read() as tx:
        found = tx.execute(sa.select(messages_table.c.id).filter_by(kind=kind)).scalar_one()
        return messages.by_id(tx, found)
