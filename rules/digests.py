"""The digest: what the channel reads of a standup's day.

Nobody is named in it for being late or silent. Where people from outside read along, what the
team answered is left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from rules.comments import is_outsider
from rules.desks import Desk
from rules.networks import Network
from rules.people import Person
from rules.posts import Status
from rules.refused import Refused
from rules.reviews import Review
from rules.standups import Answer, AnswerState, QuestionKind, Standup

RECAP_LIMIT = 1500
# A longer list says how many more there are.
POSTS_SHOWN = 30

_WORD = re.compile(r"[^\W_]+")
# What people write where there is nothing to write, in the languages that Copydesk speaks.
_NOTHING = frozenset(
    """
    no|none|nope|nah|nil|na|n a|nothing|nothing today|nothing yet|nothing new|nothing special
    nothing for now|nothing really|nothing at all|nothing blocks me|nothing blocking|not today
    no blocker|no blockers|not blocked|i am not blocked|im not blocked|i m not blocked|all good
    all clear|all fine|non|rien|rien aujourd hui|rien de special|rien de spécial|rien à signaler
    r a s|ras|aucun|aucun blocage|tout va bien|niente|niente oggi|niente di nuovo|nulla|nessuno
    nessun blocco|tutto bene|tutto ok
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)


class DigestRefusal(StrEnum):
    """Why something can't be done with a digest."""

    OWN_BLOCKER = "own_blocker"
    OFFERED_ALREADY = "offered_already"
    NOT_BLOCKED = "not_blocked"
    FOR_THE_TEAM = "for_the_team"
    NO_STANDUP = "no_standup"
    RECAP_TOO_LONG = "recap_too_long"
    RECAP_CHANGED = "recap_changed"


class Topic(StrEnum):
    """What a section is about, in the order in which they are read."""

    BLOCKERS = "blockers"
    TODAY = "today"
    COMING = "coming"
    WAITING = "waiting"
    QUESTION = "question"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Blocker:
    """What blocks somebody, in their words, and who offered to help."""

    answer_id: int
    person_id: int
    text: str
    helpers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DuePost:
    """A post that goes out (or has gone out) at `publish_at` (UTC); `text` is its content's."""

    post_id: int
    code: str
    publish_at: datetime
    text: str
    networks: tuple[Network, ...]
    status: Status
    on_hold: bool
    urgent: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post that waits for approval."""

    post_id: int
    code: str
    text: str
    review: Review


@dataclass(frozen=True, slots=True)
class Word:
    """What one member answered to a question."""

    person_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was answered to a question; `nothing` more members had nothing to tell."""

    text: str
    words: tuple[Word, ...]
    nothing: int = 0


@dataclass(frozen=True, slots=True)
class Away:
    """Who is away, and until when (their last day; None until they say). Why is theirs."""

    person_id: int
    until: date | None


@dataclass(frozen=True, slots=True)
class More:
    """How many more there are than a list shows."""

    number: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """How many members answered a question by saying that there is nothing."""

    number: int


Item = Blocker | DuePost | Waiting | Word | Away | More | Nothing


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a digest tells of a day. `coming` goes from tomorrow to `coming_until`, the next
    working day. Of posts the first ones are there, and how many they are in all.

    `answers` counts those who answered. `is_shared`: people from outside read along.
    """

    day: date
    coming_until: date
    recap: str = ""
    recap_by: int | None = None
    blockers: tuple[Blocker, ...] = ()
    today: tuple[DuePost, ...] = ()
    today_in_all: int = 0
    coming: tuple[DuePost, ...] = ()
    coming_in_all: int = 0
    waiting: tuple[Waiting, ...] = ()
    waiting_in_all: int = 0
    questions: tuple[Question, ...] = ()
    away: tuple[Away, ...] = ()
    answers: int = 0
    is_shared: bool = False

    @property
    def is_quiet(self) -> bool:
        """Nobody answered, nothing goes out, nothing waits."""
        return not (self.answers or self.today_in_all or self.coming_in_all or self.waiting_in_all)

    def for_outsiders(self) -> Digest:
        """The same without what the team says among itself. The recap stays: whoever writes one
        is told who reads it."""
        return replace(self, blockers=(), questions=(), away=(), is_shared=True)


def blockers(answers: Iterable[Answer], offers: Mapping[int, Sequence[int]]) -> list[Blocker]:
    """What blocks people, one after the other; `offers` are the helpers by answer."""
    found = []
    for answer in answers:
        helpers = tuple(offers.get(answer.id, ()))
        found += [
            Blocker(answer.id, answer.person_id, text, helpers) for text in blocked_by(answer)
        ]
    return found


def blocked_by(answer: Answer) -> tuple[str, ...]:
    """What blocks somebody; mostly one thing, or nothing."""
    if answer.state is not AnswerState.ANSWERED:
        return ()
    said = [said.answer for said in answer.said if said.kind is QuestionKind.BLOCKER]
    return tuple(text for text in said if not says_nothing(text))


def questions(standup: Standup, answers: Sequence[Answer]) -> list[Question]:
    """What was answered, question by question, in the order in which they are asked now; those
    that are not asked any more come last. Blockers are told apart."""
    asked = dict.fromkeys((*standup.questions, *standup.duty_questions))
    words: dict[str, list[Word]] = {question: [] for question in asked}
    nothing: dict[str, int] = {}
    for answer in answers:
        if answer.state is not AnswerState.ANSWERED:
            continue
        for said in answer.said:
            if said.kind is QuestionKind.BLOCKER:
                continue
            told = words.setdefault(said.question, [])
            if says_nothing(said.answer):
                nothing[said.question] = nothing.get(said.question, 0) + 1
            else:
                told.append(Word(answer.person_id, said.answer))
    found = [Question(text, tuple(told), nothing.get(text, 0)) for text, told in words.items()]
    return [question for question in found if question.words or question.nothing]


def says_nothing(text: str) -> bool:
    """Whether an answer is a way of saying that there is none: "-", "Nothing!", "n/a"."""
    words = " ".join(_WORD.findall(text.casefold().replace("’", "'")))
    return not words or words in _NOTHING


def check_may_help(answer: Answer, who: Person) -> None:
    """Raises Refused: OWN_BLOCKER, NOT_BLOCKED (they changed their answer since)."""
    if answer.person_id == who.id:
        raise Refused(DigestRefusal.OWN_BLOCKER)
    if not blocked_by(answer):
        raise Refused(DigestRefusal.NOT_BLOCKED, who=answer.person_id)


def check_may_read_answers(desk: Desk, who: Person, in_channel: bool) -> None:
    """What the team answered is read by those of its people who are in the channel, and by its
    managers. Raises Refused(FOR_THE_TEAM)."""
    if who.id in desk.managers or (in_channel and not is_outsider(who)):
        return
    raise Refused(DigestRefusal.FOR_THE_TEAM, managers=desk.managers)


def check_recap(text: str) -> str:
    """A recap as it is kept; empty takes it away. Raises Refused(RECAP_TOO_LONG) at `recap`."""
    if len(text) > RECAP_LIMIT:
        raise Refused(DigestRefusal.RECAP_TOO_LONG, field="recap", limit=RECAP_LIMIT)
    return text.strip()


def fingerprint(text: str) -> str:
    """Tells two texts apart where the whole of them has no room."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
