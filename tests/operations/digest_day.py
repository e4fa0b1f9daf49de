"""A desk with a standup, on a Monday, for tests of its digest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from operations import (
    digest_contents,
    digests,
    timetable,
)
from operations.digest_contents import Shown
from operations.standups import answers
from operations.standups import settings as standup_settings
from rules.absences import Absence
from rules.desks import Desk
from rules.occurrences import Occurrence, OccurrenceKind
from rules.people import Person
from rules.standups import LONGEST_ANSWER, QuestionKind, Said, Standup
from storage import absences, messages, occurrences
from storage.messages import Kind, Message
from storage.tables import messages as messages_table
from storage.tables import occurrences as occurrences_table
from tests.newsroom import NOW, TEAM, Newsroom

# A Monday, as NOW is; the desk and its people are in Rome, an hour ahead of UTC.
MONDAY = date(2026, 3, 2)
DIGEST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BEFORE = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAY = timedelta(days=1)

LONG = "x" * LONGEST_ANSWER
KNOW, BLOCKS = "What should the team know?", "What blocks you?"


def standup(
    team: Newsroom,
    desk: Desk,
    manager: Person,
    *members: Person,
    now: datetime = BEFORE,
    **more: object,
) -> Standup:
    wanted = Standup(desk.id, is_on=True, members=tuple(p.id for p in members), **more)  # type: ignore[arg-type]
    return standup_settings.save(team.store, manager, wanted, now)


def answer(
    team: Newsroom,
    who: Person,
    desk: Desk,
    know: str = "",
    blocks: str = "",
    day: date = MONDAY,
    now: datetime = NOW,
) -> None:
    said = (Said(KNOW, know, QuestionKind.ANY), Said(BLOCKS, blocks, QuestionKind.BLOCKER))
    answers.answer(team.store, who, day, {desk.id: said}, False, now)


def tick(team: Newsroom, now: datetime) -> None:
    while timetable.run_due(team.store, now):
        pass


def of_kind(team: Newsroom, kind: Kind) -> list[Message]:
    query = sa.select(messages_table.c.key).filter_by(kind=kind).order_by(messages_table.c.id)
    with team.store.read() as tx:
        keys = list(tx.execute(query).scalars())
        found = [messages.by_key(tx, TEAM, key) for key in keys]
    return [message for message in found if message]


def due(team: Newsroom, kind: OccurrenceKind = OccurrenceKind.DIGEST) -> list[Occurrence]:
    query = sa.select(occurrences_table.c.key).filter_by(kind=kind).order_by("due_at")
    with team.store.read() as tx:
        keys = list(tx.execute(query).scalars())
        found = [occurrences.by_key(tx, TEAM, key) for key in keys]
    return [occurrence for occurrence in found if occurrence]


def courier(team: Newsroom, now: datetime = DIGEST) -> None:
    """What it does before it draws a digest."""
    for message in of_kind(team, Kind.DIGEST):
        digests.spread(team.store, message, now)


def wanted(team: Newsroom, *kinds: Kind) -> dict[str, int]:
    """How often each message was to be drawn, by its key."""
    return {message.key: message.wanted for kind in kinds for message in of_kind(team, kind)}


def shown(team: Newsroom) -> Shown:
    message = of_kind(team, Kind.DIGEST)[-1]
    return digest_contents.show(team.store, TEAM, message.data["round"])


def away(team: Newsroom, who: Person, last: date | None) -> None:
    with team.store.write() as tx:
        absences.add(tx, TEAM, Absence(who.id, MONDAY, last, None), who.id, NOW)
