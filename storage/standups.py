"""Standups: their settings, their rounds and what people answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from rules.standups import (
    Answer,
    AnswerState,
    QuestionKind,
    Round,
    Said,
    Standup,
    Weekly,
)
from rules.working_time import Weekday
from storage.inserts import insert_or_ignore
from storage.tables import answers, desks, rounds, standup_duty, standup_members, standups


def by_desk(tx: sa.Connection, desk_id: int) -> Standup | None:
    """A desk's standup, on or off; None where nobody ever set one."""
    query = sa.select(standups).where(standups.c.desk_id == desk_id)
    return next(iter(_standups(tx, query)), None)


def of_person(tx: sa.Connection, person_id: int) -> list[Standup]:
    """The standups that this person is a member of and that take place: they are on, and their
    desks are awake."""
    query = (
        sa.select(standups)
        .join(desks, desks.c.id == standups.c.desk_id)
        .join(standup_members, standup_members.c.desk_id == standups.c.desk_id)
        .where(standup_members.c.person_id == person_id)
        .where(standups.c.is_on.is_(True), desks.c.asleep.is_(False))
        .order_by(desks.c.name, desks.c.id)
    )
    return _standups(tx, query)


def save(tx: sa.Connection, standup: Standup) -> bool:
    """Keeps the settings, unless somebody else changed them since they were read."""
    desk_id, after = standup.desk_id, standup.revision + 1
    row = {**_columns(standup), "revision": after}
    if standup.revision == 0:
        if not insert_or_ignore(tx, standups, {"desk_id": desk_id, **row}, "desk_id"):
            return False
    else:
        query = standups.update().filter_by(desk_id=desk_id, revision=standup.revision)
        if tx.execute(query.values(**row)).rowcount != 1:
            return False
    tx.execute(standup_members.delete().filter_by(desk_id=desk_id))
    tx.execute(standup_duty.delete().filter_by(desk_id=desk_id))
    for who in standup.members:
        tx.execute(standup_members.insert().values(desk_id=desk_id, person_id=who))
    for position, who in enumerate(standup.duty):
        place = {"desk_id": desk_id, "position": position}
        tx.execute(standup_duty.insert().values(**place, person_id=who))
    return True


def round_of(tx: sa.Connection, desk_id: int, day: date, now: datetime) -> Round:
    """A desk's round of a day, made when it is missing."""
    found = find_round(tx, desk_id, day)
    if found is None:
        row = {"desk_id": desk_id, "local_date": day, "recap": "", "created_at": now}
        insert_or_ignore(tx, rounds, row, "desk_id", "local_date")
        found = find_round(tx, desk_id, day)
        assert found is not None
    return found


def find_round(tx: sa.Connection, desk_id: int, day: date) -> Round | None:
    """A desk's round of a day, where anything has happened in it."""
    row = tx.execute(_ROUNDS.filter_by(desk_id=desk_id, local_date=day)).first()
    return Round(**row._mapping) if row else None


def round_by_id(tx: sa.Connection, team_id: str, round_id: int) -> Round | None:
    """A round of one of this workspace's desks."""
    query = _ROUNDS.join(desks, desks.c.id == rounds.c.desk_id)
    row = tx.execute(query.where(rounds.c.id == round_id, desks.c.team_id == team_id)).first()
    return Round(**row._mapping) if row else None


def set_message(tx: sa.Connection, round_id: int, message_id: int) -> None:
    """Notes which message is the round's digest."""
    tx.execute(rounds.update().filter_by(id=round_id).values(message_id=message_id))


def set_recap(tx: sa.Connection, round_id: int, recap: str, by: int) -> None:
    """Keeps a manager's word on the round."""
    tx.execute(rounds.update().filter_by(id=round_id).values(recap=recap, recap_by=by))


def answers_of(tx: sa.Connection, round_id: int) -> list[Answer]:
    """What was said in a round, by those who answered or skipped it, in that order."""
    return answers_in(tx, [round_id])


def answers_in(tx: sa.Connection, round_ids: Collection[int]) -> list[Answer]:
    """As `answers_of`, for several rounds."""
    query = sa.select(answers).where(answers.c.round_id.in_(tuple(round_ids)))
    rows = tx.execute(query.order_by(answers.c.answered_at, answers.c.id))
    return [_answer(row) for row in rows]


def answer_of(tx: sa.Connection, round_id: int, person_id: int) -> Answer | None:
    """What somebody said in a round."""
    query = sa.select(answers).filter_by(round_id=round_id, person_id=person_id)
    row = tx.execute(query).first()
    return _answer(row) if row else None


def answer_by_id(tx: sa.Connection, team_id: str, answer_id: int) -> Answer | None:
    """An answer that was given at one of this workspace's desks."""
    query = (
        sa.select(answers)
        .join(rounds, rounds.c.id == answers.c.round_id)
        .join(desks, desks.c.id == rounds.c.desk_id)
        .where(answers.c.id == answer_id, desks.c.team_id == team_id)
    )
    row = tx.execute(query).first()
    return _answer(row) if row else None


def keep_answer(
    tx: sa.Connection,
    round_id: int,
    person_id: int,
    state: AnswerState,
    on_duty: bool,
    said: Iterable[Said],
    before: Answer | None,
    now: datetime,
) -> bool:
    """Keeps what somebody said, in the place of `before`; False where that isn't what is there."""
    row: dict[str, Any] = {"state": state, "on_duty": on_duty}
    row["said"] = [asdict(each) for each in said]
    if before is None:
        row |= {"round_id": round_id, "person_id": person_id, "answered_at": now}
        return insert_or_ignore(tx, answers, row, "round_id", "person_id")
    query = answers.update().filter_by(id=before.id, revision=before.revision)
    row |= {"changed_at": now, "revision": before.revision + 1}
    if before.state is AnswerState.SKIPPED:
        row["answered_at"] = now  # until then nothing was said
    return tx.execute(query.values(**row)).rowcount == 1


_ROUNDS = sa.select(
    rounds.c.id,
    rounds.c.desk_id,
    rounds.c.local_date,
    rounds.c.recap,
    rounds.c.recap_by,
    rounds.c.message_id,
)


def _columns(standup: Standup) -> dict[str, Any]:
    weekly = standup.weekly
    return {
        "is_on": standup.is_on,
        "days": list(standup.days),
        "prompt_at": standup.prompt_at.isoformat("minutes"),
        "digest_at": standup.digest_at.isoformat("minutes"),
        "questions": list(standup.questions),
        "duty_questions": list(standup.duty_questions),
        "duty_from": standup.duty_from,
        "weekly_day": weekly.day if weekly else None,
        "weekly_at": weekly.at.isoformat("minutes") if weekly else None,
        "weekly_reader": weekly.reader_id if weekly else None,
    }


def _standups(tx: sa.Connection, query: sa.Select[Any]) -> list[Standup]:
    rows = tx.execute(query).all()
    ids = [row.desk_id for row in rows]
    members = _by_desk(tx, standup_members, ids, standup_members.c.person_id)
    duty = _by_desk(tx, standup_duty, ids, standup_duty.c.position)
    return [_standup(row, members[row.desk_id], duty[row.desk_id]) for row in rows]


def _by_desk(
    tx: sa.Connection, table: sa.Table, ids: list[int], order: sa.Column[Any]
) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = dict.fromkeys(ids, ())
    query = sa.select(table).where(table.c.desk_id.in_(ids)).order_by(order)
    for row in tx.execute(query) if ids else ():
        found[row.desk_id] += (row.person_id,)
    return found


def _standup(row: sa.Row[Any], members: tuple[int, ...], duty: tuple[int, ...]) -> Standup:
    weekly = None
    if row.weekly_reader is not None:
        at = time.fromisoformat(row.weekly_at)
        weekly = Weekly(Weekday(row.weekly_day), at, row.weekly_reader)
    return Standup(
        desk_id=row.desk_id,
        is_on=row.is_on,
        days=tuple(Weekday(day) for day in row.days),
        prompt_at=time.fromisoformat(row.prompt_at),
        digest_at=time.fromisoformat(row.digest_at),
        questions=tuple(row.questions),
        duty_questions=tuple(row.duty_questions),
        duty=duty,
        duty_from=row.duty_from,
        members=members,
        weekly=weekly,
        revision=row.revision,
    )


def _answer(row: sa.Row[Any]) -> Answer:
    said = (Said(s["question"], s["answer"], QuestionKind(s["kind"])) for s in row.said)
    return Answer(
        id=row.id,
        round_id=row.round_id,
        person_id=row.person_id,
        state=AnswerState(row.state),
        on_duty=row.on_duty,
        said=tuple(said),
        revision=row.revision,
        answered_at=row.answered_at,
        changed_at=row.changed_at,
    )
