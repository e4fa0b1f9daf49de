"""Help for who is blocked: somebody offers it, and both are told of each other."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from operations.digests import answered
from operations.tries import decided
from rules import digests as rules
from rules.desks import Desk
from rules.digests import DigestRefusal
from rules.people import Person
from rules.refused import Refused
from rules.standups import Answer
from storage import Store, desks, digests, messages, standups
from storage.messages import Kind


def blocked(store: Store, team_id: str, answer_id: int) -> tuple[Answer, Desk]:
    """An answer, and the desk that it was given at. Raises Refused(NOT_BLOCKED)."""
    with store.read() as tx:
        return _blocked(tx, team_id, answer_id)


def offer_help(
    store: Store, who: Person, answer_id: int, in_channel: bool, now: datetime
) -> Answer:
    """Somebody can help with what blocks somebody else: both are told of each other.

    Raises Refused: NOT_BLOCKED, FOR_THE_TEAM, OWN_BLOCKER, OFFERED_ALREADY.
    """

    def work(tx: sa.Connection) -> Answer:
        answer, desk = _blocked(tx, who.team_id, answer_id)
        rules.check_may_read_answers(desk, who, in_channel)
        rules.check_may_help(answer, who)
        if not digests.offer(tx, answer.id, who.id, now):
            raise Refused(DigestRefusal.OFFERED_ALREADY, who=answer.person_id)
        for person_id in (answer.person_id, who.id):
            messages.add(
                tx,
                who.team_id,
                f"help:{answer.id}:{who.id}:{person_id}",
                Kind.INTRODUCTION,
                now,
                desk_id=desk.id,
                person_id=person_id,
                data={
                    "blocked": answer.person_id,
                    "helper": who.id,
                    "by": rules.blocked_by(answer),
                },
            )
        answered(tx, desk, answer.round_id)
        return answer

    return decided(store, work)


def _blocked(tx: sa.Connection, team_id: str, answer_id: int) -> tuple[Answer, Desk]:
    answer = standups.answer_by_id(tx, team_id, answer_id)
    held = standups.round_by_id(tx, team_id, answer.round_id) if answer else None
    desk = desks.by_id(tx, team_id, held.desk_id) if held else None
    if answer is None or desk is None:
        raise Refused(DigestRefusal.NOT_BLOCKED)
    return answer, desk
