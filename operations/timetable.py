"""What has fallen due is done: the clock is another caller.

A thing is taken, done and marked as done in one transaction. A process that dies in the middle has
done nothing, and another takes it; so there is no lease that could run out, and nothing is done
twice.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from operations import comings, digests, log_fields, publish_times, reminding, weekly
from operations.standups import mornings, planning
from operations.tries import Overtaken, decided
from rules.occurrences import Occurrence, OccurrenceKind
from storage import Store, occurrences
from storage.troubles import is_held

log = logging.getLogger(__name__)

# In one transaction: on SQLite everybody else waits for it.
_AT_ONCE = 100

Work = Callable[[sa.Connection, Sequence[Occurrence], datetime], None]
"""Does what has fallen due of its kind, for one person or desk, and ends or postpones each."""

WORK: Mapping[OccurrenceKind, Work] = {
    OccurrenceKind.DIGEST: digests.post,
    OccurrenceKind.WEEKLY_DRAFT: weekly.draft,
    OccurrenceKind.WEEKLY: weekly.post,
    OccurrenceKind.AWAY: comings.come_and_go,
    OccurrenceKind.BACK: comings.come_and_go,
    OccurrenceKind.PROMPT: mornings.ask,
    OccurrenceKind.REMINDER: reminding.remind,
    OccurrenceKind.ESCALATION: reminding.remind,
    OccurrenceKind.MISSED: reminding.remind,
    OccurrenceKind.PUBLISH_TIME: publish_times.come,
    OccurrenceKind.HAND_OFF: publish_times.come_again,
}

NEXT: Mapping[OccurrenceKind, Work] = {OccurrenceKind.PROMPT: planning.plan_next}
"""Plans what the work itself would have planned, where that failed: whoever is not asked on one day
is on the next. Of a desk's digests there is always another one planned."""


def run_due(store: Store, now: datetime, work: Mapping[OccurrenceKind, Work] = WORK) -> int:
    """Does some of what has fallen due at `now`; returns how many, 0 where there was nothing."""
    with store.read() as tx:
        earliest = occurrences.earliest(tx)
    if earliest is None or earliest > now:
        return 0
    return decided(store, lambda tx: _some(tx, now, work))


def _some(tx: sa.Connection, now: datetime, work: Mapping[OccurrenceKind, Work]) -> int:
    # Whoever clicks has their post first, then what falls due for it; here it is the other way.
    occurrences.wait_briefly(tx)
    found = occurrences.due(tx, now, _AT_ONCE)
    for do, together in _together(found, work):
        with log_fields.bound(occurrence=",".join(str(each.id) for each in together)):
            _do(tx, together, now, do)
    return len(found)


def _together(
    found: Sequence[Occurrence], work: Mapping[OccurrenceKind, Work]
) -> list[tuple[Work, list[Occurrence]]]:
    """By what is to be done, and by whose it is, in the order in which they fell due."""
    groups: dict[tuple[object, ...], tuple[Work, list[Occurrence]]] = {}
    for occurrence in found:
        do = work[occurrence.kind]
        whose = occurrence.person_id or f"desk {occurrence.desk_id}"
        _, together = groups.setdefault((occurrence.team_id, do, whose), (do, []))
        together.append(occurrence)
    return list(groups.values())


def _do(tx: sa.Connection, together: Sequence[Occurrence], now: datetime, work: Work) -> None:
    ids = [occurrence.id for occurrence in together]
    try:
        with tx.begin_nested():
            work(tx, together, now)
    except Overtaken:
        log.info("somebody was quicker; %s is done at the next tick", together[0].key)
    except sa.exc.DBAPIError as error:
        if is_held(error):
            log.info("somebody else is at it; %s is done at the next tick", together[0].key)
            return
        raise  # the database's trouble, not this one's: all of it is done at the next tick
    except Exception:
        number = secrets.token_hex(4)
        log.exception("%s could not be done [%s]", together[0].key, number)
        occurrences.fail(tx, ids, number, now)
        _plan_next(tx, together, now)


def _plan_next(tx: sa.Connection, failed: Sequence[Occurrence], now: datetime) -> None:
    plan = NEXT.get(failed[0].kind)
    if plan is None:
        return
    try:
        with tx.begin_nested():
            plan(tx, failed, now)
    except sa.exc.DBAPIError:
        raise
    except Exception:
        log.exception("what comes after %s could not be planned", failed[0].key)
