"""Says a refusal in a sentence: what happened, why, and what to do next.

Each feature's `words.py` has the sentences of its own reasons; they are plain text, so that they
fit a form's field as well as a message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from handlers import times
from rules.refused import Refused


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a sentence is for: their zone, and how they know people (by id)."""

    time_zone: str
    name: Callable[[int], str]

    def when(self, at: datetime) -> str:
        """A moment in the reader's zone."""
        return times.plain(at, self.time_zone)

    def names(self, ids: tuple[int, ...]) -> str:
        """People in a row: Ines, Kenji and Tom."""
        known = [self.name(person_id) for person_id in ids]
        if len(known) < 2:
            return "".join(known)
        return ", ".join(known[:-1]) + " and " + known[-1]


Sentence = Callable[[Mapping[str, Any], Reader], str]


def unknown_trouble(log_id: str) -> str:
    """For what nobody foresaw."""
    return (
        "Something went wrong on our side, and nothing was changed. Try again; if it stays so,"
        f" tell whoever runs Copydesk this number: {log_id}."
    )


def slack_did_not_answer() -> str:
    """For a call to Slack that failed on the way."""
    return "Slack did not answer us in time, and nothing was changed. Please try again."


def done_but_not_shown() -> str:
    """For a click in a view that did its work, where the view couldn't be changed after it."""
    return "It is done, but Slack could not show it here. Close this and open it again."


def too_old() -> str:
    """For a button or form that this version doesn't know."""
    return "This is from an older version of Copydesk. Type /desk to go on from there."


def refusal(refused: Refused, reader: Reader, sentences: Mapping[StrEnum, Sentence]) -> str:
    """The sentence for a reason, from those of all features."""
    return sentences[refused.reason](refused.values, reader)
