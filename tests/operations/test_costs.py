"""What a click asks of the database. Its statements stand: to build one takes SQLAlchemy five times
as long as to run it (storage/statements.py), which nobody sees but in a measurement under load.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from operations import comments, drafts
from operations.comments import Said
from rules.comments import Origin
from rules.reviews import Verdict
from tests.newsroom import NOW, Newsroom

# More than this is worth a second look: so many they were when this was written.
MOST = {"approve": 24, "comment": 18, "new draft": 38}

Click = Callable[[], object]


@pytest.mark.parametrize("kind", MOST)
def test_a_click_runs_statements_that_stand(team: Newsroom, kind: str) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)

    def approve() -> Click:
        review = team.sent(ann, desk)
        return lambda: team.decide(ben, review, Verdict.APPROVE)

    def comment() -> Click:
        review = team.sent(ann, desk)
        said = Said(uuid.uuid4().hex, "Lovely", Origin.OPEN)
        return lambda: comments.add(team.store, ben, review.post_id, said, True, NOW)

    def new_draft() -> Click:
        form = team.form(send=True)
        return lambda: drafts.create(team.store, ann, desk.id, form, NOW)

    prepared = {"approve": approve, "comment": comment, "new draft": new_draft}[kind]
    before = _statements(team, prepared())
    after = _statements(team, prepared())
    assert len(after) <= MOST[kind]
    known = {id(statement) for statement in before}
    anew = [str(statement) for statement in after if id(statement) not in known]
    assert anew == []


def _statements(team: Newsroom, call: Click) -> list[sa.Executable]:
    ran: list[sa.Executable] = []

    def keep(_c: object, statement: sa.Executable, *_: object) -> None:
        ran.append(statement)

    event.listen(team.store.engine, "before_execute", keep)
    try:
        call()
    finally:
        event.remove(team.store.engine, "before_execute", keep)
    return ran
