"""What falls due: each thing is an occurrence, and ends done or skipped with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any


class OccurrenceKind(StrEnum):
    """What is to be done when it falls due."""

    PROMPT = "prompt"
    DIGEST = "digest"
    WEEKLY_DRAFT = "weekly_draft"
    WEEKLY = "weekly"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    PUBLISH_TIME = "publish_time"
    MISSED = "missed"
    HAND_OFF = "hand_off"
    AWAY = "away"
    BACK = "back"


class OccurrenceState(StrEnum):
    """Where it stands. DONE: what it asks for is in the database, a message of it in the
    courier's hands. FAILED: it could not be worked out, and the log says why."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class Skipped(StrEnum):
    """Why something that fell due was not done."""

    TOO_LATE = "too_late"
    REASON_GONE = "reason_gone"
    AWAY = "away"
    HOLIDAY = "holiday"
    SWITCHED_OFF = "switched_off"
    ASLEEP = "asleep"
    GONE = "gone"
    ANSWERED = "answered"
    REPLACED = "replaced"
    ON_HOLD = "on_hold"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing that falls due, at `due_at` of calendar time (UTC).

    `local_date` is the day it belongs to, where it is somebody's or a desk's.
    """

    id: int
    team_id: str
    key: str
    kind: OccurrenceKind
    due_at: datetime
    desk_id: int | None = None
    person_id: int | None = None
    post_id: int | None = None
    review_id: int | None = None
    local_date: date | None = None
    state: OccurrenceState = OccurrenceState.WAITING
    reason: str | None = None
    message_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def is_late(self, now: datetime, by: timedelta) -> bool:
        """Whether it is more than `by` past its time."""
        return now - self.due_at > by
