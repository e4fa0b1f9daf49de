"""Each refusal has a sentence, and each sentence says what a person can use."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest

import rules
from handlers import words
from handlers.app import SENTENCES
from handlers.comments import words as comment_words
from handlers.desks import words as desk_words
from handlers.drafts import words as draft_words
from handlers.nudges import words as nudge_words
from handlers.posts import words as post_words
from handlers.reviews import words as review_words
from handlers.words import Reader, in_a_row
from rules.absences import Absence
from rules.attachments import Attachment, Kind, misfits
from rules.desks import Need
from rules.life import Event
from rules.networks import Network
from rules.posts import Status
from rules.refused import Refused
from rules.reviews import Decision, ReviewState, Verdict
from tests.rules.desk_at_work import person

AT = datetime(2030, 3, 4, 9, tzinfo=UTC)
PERSON = replace(person(2), name="Ines")
READER = Reader("Europe/Paris", lambda person_id: f"Person {person_id}")
MINE = Decision(1, 1, 0, 2, Verdict.APPROVE, "", AT)
# What the rules say with a refusal; each sentence takes what it needs of it.
VALUES: dict[str, Any] = {
    "managers": (1, 2, 3),
    "who": 2,
    "owner": 2,
    "code": "P-12",
    "desk": "social",
    "status": Status.IN_REVIEW,
    "event": Event.SEND,
    "version": 1,
    "current": 2,
    "over": {Network.X: 1, Network.BLUESKY: 1200},
    "limit": 3000,
    "network": Network.X,
    "publish_at": AT,
    "needed_by": AT,
    "step": 0,
    "state": ReviewState.APPROVED,
    "why": "the shop burned down",
    "name": "long \n name.png" * 20,
    "size": 60_000_000,
    "count": 30,
    "misfits": misfits([Attachment(Kind.IMAGE, "a.heic", "F1", size=10**9)] * 40, list(Network)),
    "last": MINE,
    "mine": MINE,
    "number": 25,
    "most": 6,
    "question": "Why? " * 99,
    "next": AT.date(),
    "day": AT.date(),
    "text": "31 feb",
    "desks": ("brand", "partners"),
    "own": True,
    "coming": [Absence(2, AT.date(), None, None)],
    "other": MINE,
    "place": 3,
}


def refusals() -> list[type[StrEnum]]:
    """Every enum of reasons in the rules."""
    names = [module.name for module in pkgutil.iter_modules(rules.__path__)]
    modules = [importlib.import_module(f"rules.{name}") for name in names]
    found = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, StrEnum) and one.__name__.endswith("Refusal")
    }
    return sorted(found, key=lambda one: one.__name__)


REASONS = [reason for enum in refusals() for reason in enum]


def check(sentence: str) -> None:
    assert sentence[0].isupper() or sentence[0] in "“/0123456789", sentence
    assert sentence.endswith("."), sentence
    assert "!" not in sentence, sentence
    assert "  " not in sentence, sentence


def test_every_reason_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert len(refusals()) >= 3
    assert set(SENTENCES) == set(refusals())
    for enum, sentences in SENTENCES.items():
        assert sorted(sentences) == sorted(enum)


@pytest.mark.parametrize("reason", REASONS, ids=[f"{type(r).__name__}.{r.name}" for r in REASONS])
def test_a_refusal_is_a_sentence(reason: StrEnum) -> None:
    values = VALUES if reason.name != "TEXT_TOO_LONG" else {**VALUES, "over": 7}
    said = words.refusal(Refused(reason, **values), READER, SENTENCES)
    check(said)
    assert len(said) < 300


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("event", Event)
def test_what_a_status_does_not_allow(status: Status, event: Event) -> None:
    sentence = SENTENCES[type(next(r for r in REASONS if r.name == "WRONG_STATUS"))]
    reason = next(r for r in REASONS if r.name == "WRONG_STATUS")
    check(sentence[reason]({"status": status, "event": event}, READER))


@pytest.mark.parametrize("state", ReviewState)
@pytest.mark.parametrize("last", [None, MINE])
@pytest.mark.parametrize("mine", [None, MINE])
def test_what_is_over(state: ReviewState, last: Decision | None, mine: Decision | None) -> None:
    reason = next(r for r in REASONS if r.name == "OVER")
    check(SENTENCES[type(reason)][reason]({"state": state, "last": last, "mine": mine}, READER))


def test_every_state_has_words() -> None:
    assert set(post_words.STATUSES) == set(Status)
    assert set(desk_words.NEEDS) == set(Need)
    assert set(review_words.DID) == set(Verdict)
    assert len(desk_words.DAYS) == 7


def test_what_is_said_of_trouble_and_of_what_was_done() -> None:
    for sentence in (
        words.unknown_trouble("ab12"),
        words.slack_did_not_answer(),
        words.too_old(),
        desk_words.saved(is_new=True),
        desk_words.saved(is_new=False),
        draft_words.CUT,
        draft_words.ends("P-1", 1, ""),
        draft_words.ends("P-1", 1, "Ines"),
        post_words.published("P-1"),
        desk_words.READ_ALONG,
        desk_words.reads_along([], shared=True),
        desk_words.reads_along(["Gil"], shared=False),
        desk_words.reads_along(["Gil", "Sam"], shared=True),
        comment_words.NOT_RECORDED,
        comment_words.MOVED_ON,
        comment_words.recorded("P-1", 1),
        comment_words.from_here("P-1", "#social", copied=True),
        comment_words.from_here("P-1", "#social", copied=False),
        post_words.over_limit({Network.X: 1}),
        review_words.NOTHING_WAITS,
        review_words.FINAL,
        *review_words.WHAT_THEN.values(),
        review_words.waits(1, more=False),
        review_words.waits(20, more=True),
        nudge_words.OFFSETS_HINT,
        nudge_words.NEW_TIME_HINT,
        nudge_words.NOT_NOW_HINT,
        nudge_words.HOW_QUIET,
        nudge_words.LOUD,
        nudge_words.ALL_DONE,
        nudge_words.quiet(AT, READER),
        nudge_words.no_such_quiet("15"),
        nudge_words.reminded_again({}, AT, READER),
        nudge_words.reminded_again({PERSON: AT}, AT, READER),
        nudge_words.reminded_again({PERSON: AT + timedelta(days=1)}, AT, READER),
        nudge_words.reassigned("P-1", "Ines"),
        nudge_words.approved_instead("P-1", "Ines", waits=True),
        nudge_words.snoozed(AT, READER),
        nudge_words.new_time("P-1", AT, READER),
        nudge_words.not_now("P-1", AT, READER),
        nudge_words.where_the_texts_are([[Network.X]]),
        nudge_words.where_the_texts_are([[Network.X, Network.BLUESKY], [Network.LINKEDIN]]),
        nudge_words.no_longer("P-1"),
    ):
        check(sentence)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, ""),
        (1, "A"),
        (2, "A and B"),
        (3, "A, B and C"),
        (11, "A, B, C, D, E, F, G, H, I, J and K"),
        (12, "A, B, C, D, E, F, G, H, I, J and 2 others"),
    ],
)
def test_people_in_a_row(count: int, said: str) -> None:
    assert in_a_row("ABCDEFGHIJKL"[:count]) == said
