"""A manager's recap, on top of a day's digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa

from operations.tries import decided
from rules import digests as rules
from rules.desks import Desk, DeskRefusal, check_may_change
from rules.digests import DigestRefusal
from rules.people import Person
from rules.refused import Refused
from rules.standups import Round
from storage import Store, desks, digests, messages, standups


def recap_at(store: Store, who: Person, desk_id: int, day: date) -> tuple[Desk, str]:
    """The desk, and the recap that its digest of a day has so far.

    Raises Refused: NO_DESK, GUEST, NOT_MANAGER, NO_STANDUP.
    """
    with store.read() as tx:
        desk = _desk_to_recap(tx, who, desk_id)
        found = standups.find_round(tx, desk_id, day)
        return desk, found.recap if found else ""


def set_recap(
    store: Store, who: Person, desk_id: int, day: date, text: str, seen: str, now: datetime
) -> Round:
    """Puts a manager's word on top of a day's digest, or takes it away where it is empty. `seen`
    is the fingerprint of the recap that they had before them.

    Raises Refused as `recap_at`, or at `recap`: RECAP_TOO_LONG, RECAP_CHANGED.
    """
    text = rules.check_recap(text)

    def work(tx: sa.Connection) -> Round:
        _desk_to_recap(tx, who, desk_id)
        found = digests.lock_round(tx, standups.round_of(tx, desk_id, day, now).id)
        if found.recap == text:
            return found
        if rules.fingerprint(found.recap) != seen:
            by = found.recap_by
            raise Refused(DigestRefusal.RECAP_CHANGED, field="recap", who=by, recap=found.recap)
        standups.set_recap(tx, found.id, text, who.id)
        if found.message_id is not None:
            messages.redraw(tx, [found.message_id])
        return replace(found, recap=text, recap_by=who.id)

    return decided(store, work)


def _desk_to_recap(tx: sa.Connection, who: Person, desk_id: int) -> Desk:
    desk = desks.by_id(tx, who.team_id, desk_id)
    if desk is None:
        raise Refused(DeskRefusal.NO_DESK)
    check_may_change(desk, who)
    standup = standups.by_desk(tx, desk_id)
    if standup is None or not standup.is_on:
        raise Refused(DigestRefusal.NO_STANDUP)
    return desk
