"""Says a refusal in a sentence: what happened, why, and what to do next.

Each feature's `words.py` has the sentences of its own reasons; they are plain text, so that they
fit a form's field as well as a message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from handlers import times
from rules.refused import Refused
from storage import Trouble

_NAMED = 10

# For whoever isn't known in the reader's workspace.
SOMEBODY = "Somebody else"
WRITTEN = "What you wrote, to copy:"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a sentence is for: their zone, and how they know people (by id)."""

    time_zone: str
    name: Callable[[int], str]

    def when(self, at: datetime) -> str:
        """A moment in the reader's zone."""
        return times.plain(at, self.time_zone)

    def names(self, ids: tuple[int, ...]) -> str:
        """People in a row."""
        return in_a_row([self.name(person_id) for person_id in ids])


def in_a_row(names: Sequence[str], most: int = _NAMED) -> str:
    """Ines, Kenji and Tom; of a crowd the first ten, because a text has its limits."""
    said = list(names)
    if len(said) > most + 1:
        said = [*said[:most], f"{len(said) - most} others"]
    return "".join(said) if len(said) < 2 else f"{', '.join(said[:-1])} and {said[-1]}"


Sentence = Callable[[Mapping[str, Any], Reader], str]

# By the enum first: members of two enums are equal when their words are ("unknown").
Sentences = Mapping[type[StrEnum], Mapping[Any, Sentence]]


def unknown_trouble(log_id: str) -> str:
    """For what nobody foresaw."""
    return (
        "Something went wrong on our side, and nothing was changed. Try again; if it stays so,"
        f" tell whoever runs Copydesk this number: {log_id}."
    )


_UNAVAILABLE: Mapping[Trouble, str] = {
    Trouble.LOCKED: (
        "Another program is busy with Copydesk's record, and nothing was changed. Please try again"
        " in a moment."
    ),
    Trouble.AWAY: (
        "Copydesk can't reach its record just now. Please try again in a minute; what is done"
        " already isn't done twice."
    ),
    Trouble.DISK: (
        "Copydesk can't write to its disk, which may be full, and nothing was changed. Please tell"
        " whoever runs Copydesk, and try again after that."
    ),
}


def unavailable(trouble: Trouble) -> str:
    """For a database that can't be used just now."""
    return _UNAVAILABLE[trouble]


def slack_did_not_answer() -> str:
    """For a call to Slack that failed on the way."""
    return "Slack did not answer us in time, and nothing was changed. Please try again."


def done_but_not_shown() -> str:
    """For a click in a view that did its work, where the view couldn't be changed after it."""
    return "It is done, but Slack could not show it here. Close this and open it again."


def not_installed() -> str:
    """For whoever clicks in a workspace that the app was removed from, or never was in."""
    return (
        "Copydesk isn't installed in this workspace, so nothing was done. If it should be, ask "
        "whoever runs it how to install it."
    )


def too_old() -> str:
    """For a button or form that this version doesn't know."""
    return "This is from an older version of Copydesk. Type /desk to go on from there."


def refusal(refused: Refused, reader: Reader, sentences: Sentences) -> str:
    """The sentence for a reason, from those of all features."""
    return sentences[type(refused.reason)][refused.reason](refused.values, reader)
