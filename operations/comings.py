"""What begins and ends with somebody's absences, at their own midnight or at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

import sqlalchemy as sa

from operations import covers, digest_news, standups
from operations.posts import MORNINGS_STAY_TRUE
from operations.tries import decided
from rules.absences import Absence
from rules.local_time import instant, today
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.people import Person
from storage import Store, absences, desks, homes, messages, occurrences, people

_A_DAY = timedelta(days=1)
# Longer than any transaction.
_A_LITTLE_LATER = timedelta(minutes=1)
_AGAIN = "again"
_KINDS = (OccurrenceKind.AWAY, OccurrenceKind.BACK)
# An approver's reminders aren't among them: the managers hear of what was not decided.
_TOLD_LATER = (OccurrenceKind.ESCALATION, OccurrenceKind.MISSED)


def come_and_go(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """A first day begins, or the day after a last one: reviews go to who stands in, or back."""
    person_id = due[0].person_id
    assert person_id is not None
    person = people.by_ids(tx, [person_id])[person_id]
    occurrences.done(tx, [occurrence.id for occurrence in due], now)
    first_time = {each.data["absence"] for each in due if _AGAIN not in each.data}
    if first_time:
        changed(tx, person, absences.by_ids(tx, person.team_id, first_time), now)
    else:
        covers.anew(tx, person.team_id, {person.id}, now)
        _tell_later(tx, person, now)


def moved(tx: sa.Connection, person: Person, now: datetime) -> None:
    """Somebody is in another zone, where their days begin at other moments; or has left."""
    changed(tx, person, absences.of_person(tx, person.id, lately(now)), now)


def cover_moved(
    store: Store, team_id: str, slack_id: str, channel_id: str, joined: bool, now: datetime
) -> bool:
    """Somebody joined or left a channel: what they stand in for at its desk comes to them, or
    doesn't any more. False where that is nothing."""
    with store.read() as tx:
        who = people.by_slack_id(tx, team_id, slack_id)
        desk = desks.by_channel(tx, team_id, channel_id)
        if who is None or desk is None or not absences.covered_by(tx, who.id, lately(now)):
            return False

    def work(tx: sa.Connection) -> bool:
        absences.lock(tx, who.id)
        covered = absences.covered_by(tx, who.id, lately(now))
        for each in covered:
            has = each.cover_desks | {desk.id} if joined else each.cover_desks - {desk.id}
            absences.set_cover_desks(tx, each.id, has)
        covers.anew(tx, team_id, {each.person_id for each in covered}, now)
        return True

    return decided(store, work)


def changed(
    tx: sa.Connection, person: Person, concerned: Collection[Absence], now: datetime
) -> None:
    """After any change of somebody's absences: when they begin and end, who is asked meanwhile,
    and what shows it. A post that is sent at the same instant knows nothing of the change, nor
    this of the post: who is asked is looked at again a little later."""
    day = today(now, person.time_zone)
    for each in concerned:
        absences.begin(tx, each.id, now if each.first <= day else None)
        if each.last is not None and each.last < day:
            absences.end(tx, each.id, now)
    _plan(tx, person, now)
    if concerned:
        absence_id = max(each.id for each in concerned)
        occurrences.add(
            tx,
            person.team_id,
            f"{_AGAIN}:{absence_id}:{now.isoformat()}",
            OccurrenceKind.AWAY,
            now + _A_LITTLE_LATER,
            now,
            person_id=person.id,
            data={"absence": absence_id, _AGAIN: True},
        )
    covers.anew(tx, person.team_id, {person.id}, now)
    _tell_later(tx, person, now)
    standups.plan(tx, person.team_id, person.id, now)
    told = [messages.by_key(tx, person.team_id, covering_key(each)) for each in concerned]
    messages.redraw(tx, [message.id for message in told if message is not None])
    watching = {person.id, *(each.cover_id for each in concerned if each.cover_id)}
    homes.refresh(tx, person.team_id, None, watching, now)
    messages.redraw_prompts(tx, watching, now - MORNINGS_STAY_TRUE)
    digest_news.who_is_there(tx, person, now)


def _tell_later(tx: sa.Connection, person: Person, now: datetime) -> None:
    """Has somebody who is back hear of what they would have been told while they were away, as far
    as it still holds when they work."""
    if person.id not in covers.away_now(tx, person.team_id, now):
        occurrences.put_back(tx, _TOLD_LATER, Skipped.AWAY, person_id=person.id)


def _plan(tx: sa.Connection, person: Person, now: datetime) -> None:
    """Has each absence that lies ahead begin and end at the person's own midnight."""
    waiting = {
        (each.kind, each.data["absence"]): each
        for each in occurrences.waiting(tx, _KINDS, person_id=person.id)
        if _AGAIN not in each.data
    }
    for absence in absences.of_person(tx, person.id, lately(now)):
        days = {OccurrenceKind.AWAY: absence.first}
        if absence.last is not None:
            days[OccurrenceKind.BACK] = absence.last + _A_DAY
        for kind, day in days.items():
            due_at = instant(day, time(0), person.time_zone)
            planned = waiting.get((kind, absence.id))
            if planned is None and due_at > now:
                _fall_due(tx, person, kind, absence, day, due_at, now)
            elif planned is not None and planned.due_at != due_at > now:
                occurrences.postpone(tx, [planned.id], due_at)
            if due_at > now or (planned is not None and planned.due_at == due_at):
                waiting.pop((kind, absence.id), None)
    # Of what was taken back; or it has begun, or ended, with this very change.
    occurrences.skip(tx, [each.id for each in waiting.values()], Skipped.REPLACED, now)


def _fall_due(
    tx: sa.Connection,
    person: Person,
    kind: OccurrenceKind,
    absence: Absence,
    day: date,
    due_at: datetime,
    now: datetime,
) -> None:
    add = partial(
        occurrences.add,
        tx,
        person.team_id,
        kind=kind,
        due_at=due_at,
        now=now,
        person_id=person.id,
        local_date=day,
        data={"absence": absence.id},
    )
    # A key is used once: it may have been that day already, where they were before.
    key = f"{kind}:{absence.id}"
    if not add(key=key):
        add(key=f"{key}:{due_at.isoformat()}")


def covering_key(absence: Absence) -> str:
    """The key of what tells the cover of it."""
    return f"covering:{absence.id}"


def lately(now: datetime) -> date:
    """A day that has passed in every zone."""
    return (now - 2 * _A_DAY).date()
