"""Who is asked to decide: the approvers, and for those who are away whoever stands in."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from rules.absences import Absence
from rules.local_time import today
from storage import absences, people

_A_DAY = timedelta(days=1)


def away_now(tx: sa.Connection, team_id: str, now: datetime) -> dict[int, Absence]:
    """The absences that hold at this moment, each in its person's own zone, by whose they are."""
    found = absences.of_team(tx, team_id, (now - _A_DAY).date())
    known = people.by_ids(tx, [each.person_id for each in found])
    return {
        each.person_id: each
        for each in found
        if each.includes(today(now, known[each.person_id].time_zone))
    }
