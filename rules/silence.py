"""Who said nothing in a standup: for the managers alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rules.desks import Desk
from rules.digests import Away
from rules.local_time import instant
from rules.people import Person
from rules.standups import Answer, AnswerState, Standup


@dataclass(frozen=True, slots=True)
class Silence:
    """Who said nothing at a digest's time, by person: for managers alone. `not_yet` have their
    morning later than the desk has its digest."""

    unanswered: tuple[int, ...] = ()
    not_yet: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    away: tuple[Away, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether there is anybody to tell the managers of."""
        return bool(self.unanswered or self.skipped)


def silence(
    desk: Desk,
    standup: Standup,
    day: date,
    members: Iterable[Person],
    answers: Iterable[Answer],
    away: Sequence[Away],
) -> Silence:
    """Who of the members said nothing. Who is away isn't silent; nor is who has left."""
    said = {answer.person_id: answer.state for answer in answers}
    gone = {each.person_id for each in away}
    told = instant(day, standup.digest_at, desk.time_zone)
    unanswered, not_yet, skipped = [], [], []
    for person in members:
        if person.id in gone or person.is_gone or said.get(person.id) is AnswerState.ANSWERED:
            continue
        if said.get(person.id) is AnswerState.SKIPPED:
            skipped.append(person.id)
        elif instant(day, standup.prompt_at, person.time_zone) > told:
            not_yet.append(person.id)
        else:
            unanswered.append(person.id)
    return Silence(tuple(unanswered), tuple(not_yet), tuple(skipped), tuple(away))
