"""What a desk's managers say of its standup."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from operations import digests
from operations.standups.planning import plan
from operations.tries import decided
from rules import standups as rules
from rules.desks import Desk, DeskRefusal, check_may_change
from rules.local_time import today
from rules.people import Actor, Person
from rules.refused import Refused
from rules.standups import Standup, StandupRefusal
from storage import Store, desks, history, people, standups
from storage.history import Event


def show(store: Store, who: Person, desk: Desk) -> Standup:
    """What is set for a desk; what a new standup would be where nothing is.

    Raises Refused: NOT_MANAGER, ASLEEP.
    """
    with store.read() as tx:
        _check_may_set(desk, who)
        return standups.by_desk(tx, desk.id) or Standup(desk.id, days=desk.working_days)


def save(store: Store, who: Person, wanted: Standup, now: datetime) -> Standup:
    """Sets a standup that was read at its revision, and has its members asked accordingly.

    Raises Refused: NO_DESK, NOT_MANAGER, ASLEEP, what rules.standups.check does, and
    CHANGED_MEANWHILE when somebody else was faster.
    """
    wanted = rules.tidy(wanted)

    def work(tx: sa.Connection) -> Standup:
        desk = desks.by_id(tx, who.team_id, wanted.desk_id)
        if desk is None:
            raise Refused(DeskRefusal.NO_DESK)
        _check_may_set(desk, who)
        reader = (wanted.weekly.reader_id,) if wanted.weekly else ()
        named = people.by_ids(tx, (*wanted.members, *wanted.duty, *reader))
        rules.check(wanted, named.values())
        before = standups.by_desk(tx, desk.id)
        since = rules.duty_from(before, wanted.duty, today(now, desk.time_zone))
        kept = replace(wanted, duty_from=since)
        if before is not None and kept == replace(before, revision=wanted.revision):
            return before  # sent twice, or nothing was changed
        if not standups.save(tx, kept):
            raise Refused(StandupRefusal.CHANGED_MEANWHILE)
        actor = Actor.person(who.id)
        history.add(tx, desk.team_id, desk.id, None, actor, Event.DESK_STANDUP, now)
        for person_id in sorted({*wanted.members, *(before.members if before else ())}):
            plan(tx, desk.team_id, person_id, now)
        digests.plan(tx, desk, now)
        return replace(kept, revision=kept.revision + 1)

    return decided(store, work)


def _check_may_set(desk: Desk, who: Person) -> None:
    check_may_change(desk, who)
    if desk.asleep:
        raise Refused(DeskRefusal.ASLEEP)
