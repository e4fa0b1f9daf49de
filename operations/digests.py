"""The digest of a standup's day: posted once, then kept up to date with what it tells of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from operations import plans, weekly
from operations.digest_contents import digest_of, shown, who_is_away
from operations.duty import who_left
from operations.plans import Planned
from rules import digest_days
from rules import digests as rules
from rules.desks import Desk
from rules.digest_parts import parts
from rules.local_time import today
from rules.occurrences import Occurrence, OccurrenceKind, Skipped
from rules.standups import Round, Standup, takes_place
from rules.working_time import holiday
from storage import (
    Store,
    digests,
    messages,
    occurrences,
    standups,
)
from storage.messages import Kind, Message

_DAY = timedelta(days=1)


def plan(tx: sa.Connection, desk: Desk, now: datetime) -> None:
    """Notes when a desk's next digests fall due, by its settings as they are now. Called whenever
    they change; what was noted before is replaced."""
    standup = standups.by_desk(tx, desk.id)
    if standup is None:
        return
    yesterday = today(now, desk.time_zone) - _DAY
    _plan(tx, desk, standup, yesterday, lambda _, due: due > now, now)
    weekly.plan(tx, desk, standup, now)


def _plan(
    tx: sa.Connection,
    desk: Desk,
    standup: Standup,
    after: date,
    counts: Callable[[date, datetime], bool],
    now: datetime,
) -> None:
    kind = OccurrenceKind.DIGEST
    found = plans.next_ones(tx, desk, kind, digest_days.days_after(desk, standup, after), counts)
    wanted = [Planned(kind, day, due) for day, due in found]
    reason = Skipped.REPLACED if standup.is_on else Skipped.SWITCHED_OFF
    plans.keep(tx, desk, [kind], wanted, now, reason)


def post(tx: sa.Connection, due: Sequence[Occurrence], now: datetime) -> None:
    """Posts the digests that have fallen due at a desk, and notes when the next one does."""
    desk, standup = plans.of(tx, due[0])
    for occurrence in due:
        reason = _why_not(desk, standup, occurrence, now)
        if reason is None:
            reason = _post(tx, desk, standup, occurrence, now)
        if reason is not None:
            occurrences.skip(tx, [occurrence.id], reason, now)

    def counts(day: date, due: datetime) -> bool:
        return digest_days.too_late(desk, day, due) > now

    _plan(tx, desk, standup, plans.day_of(due[-1]), counts, now)


def _why_not(desk: Desk, standup: Standup, occurrence: Occurrence, now: datetime) -> Skipped | None:
    day = plans.day_of(occurrence)
    if not standup.is_on:
        return Skipped.SWITCHED_OFF
    if desk.asleep:
        return Skipped.ASLEEP
    if not takes_place(standup, desk.hours, day):
        return Skipped.HOLIDAY if holiday(desk.hours, day) else Skipped.REASON_GONE
    if digest_days.too_late(desk, day, occurrence.due_at) <= now:
        return Skipped.TOO_LATE
    return None


def _post(
    tx: sa.Connection, desk: Desk, standup: Standup, occurrence: Occurrence, now: datetime
) -> Skipped | None:
    found = standups.round_of(tx, desk.id, plans.day_of(occurrence), now)
    away = {each.person_id for each in who_is_away(tx, desk.team_id, standup, found.local_date)}
    there = set(standup.members) - who_left(tx, standup) - away
    if standup.members and not there and digest_of(tx, desk, standup, found).is_quiet:
        return Skipped.AWAY
    messages.add(
        tx,
        desk.team_id,
        occurrence.key,
        Kind.DIGEST,
        now,
        desk_id=desk.id,
        channel_id=desk.channel_id,
        data={"round": found.id},
    )
    message = messages.by_key(tx, desk.team_id, occurrence.key)
    assert message is not None
    standups.set_message(tx, found.id, message.id)
    _tell_managers(tx, desk, found, now)
    occurrences.done(tx, [occurrence.id], now, message.id)
    return None


def answered(tx: sa.Connection, desk: Desk, round_id: int) -> None:
    """Somebody answered in a round, or changed their answer: its digest, if it is there already,
    is drawn anew, and what its managers were told."""
    # Whoever posts the digest right now comes before us, or waits until our answer is there.
    found = digests.lock_round(tx, round_id)
    if found.message_id is None:
        return
    keys = [_silent_key(manager, found.local_date) for manager in desk.managers]
    told = [messages.by_key(tx, desk.team_id, key) for key in keys]
    messages.redraw(tx, [found.message_id, *(each.id for each in told if each)])


def _tell_managers(tx: sa.Connection, desk: Desk, found: Round, now: datetime) -> None:
    """One message for all desks of a manager, a day; it is not sent while nobody is silent."""
    for manager in desk.managers:
        key = _silent_key(manager, found.local_date)
        is_first = messages.add(
            tx,
            desk.team_id,
            key,
            Kind.SILENT,
            now,
            desk_id=desk.id,
            person_id=manager,
            data={"rounds": [found.id]},
        )
        if is_first:
            continue
        message = messages.by_key(tx, desk.team_id, key)
        assert message is not None
        known = message.data["rounds"]
        messages.answer(tx, message, {"rounds": sorted({*known, found.id})})


def spread(store: Store, message: Message, now: datetime) -> None:
    """Has those messages of a digest's thread drawn anew that show something else by now, and
    notes more of them where the detail has become longer.

    For whoever draws the digest: nobody who only clicked waits for it, and what was changed by
    several at once is read together.
    """
    with store.write() as tx:
        digests.lock_round(tx, message.data["round"])
        found = shown(tx, message.team_id, message.data["round"])
        prints = [rules.fingerprint(repr(part)) for part in parts(found.digest)]
        there = {each.data["part"]: each for each in messages.thread(tx, message.id)}
        for part in range(max(len(prints), len(there))):
            kept = prints[part] if part < len(prints) else ""
            if part not in there:
                _add_part(tx, message, part, kept, now)
            elif there[part].data["print"] != kept:
                messages.answer(tx, there[part], {"print": kept})


def _add_part(tx: sa.Connection, root: Message, part: int, kept: str, now: datetime) -> None:
    messages.add(
        tx,
        root.team_id,
        f"{root.key}:{part}",
        Kind.DIGEST_DETAIL,
        now,
        desk_id=root.desk_id,
        channel_id=root.channel_id,
        thread_of=root.id,
        data={"round": root.data["round"], "part": part, "print": kept},
    )


def _silent_key(manager: int, day: date) -> str:
    return f"silent:{manager}:{day.isoformat()}"
