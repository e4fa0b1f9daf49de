"""Who acts: people of a workspace, and the other things that can leave a mark in the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ActorKind(StrEnum):
    """What a decision or a history row was made by."""

    PERSON = "person"
    LINK = "link"
    RULE = "rule"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a change; `person_id` is set for a person and for a client's link."""

    kind: ActorKind
    person_id: int | None = None

    @classmethod
    def person(cls, person_id: int) -> Actor:
        """The actor that a person is."""
        return cls(ActorKind.PERSON, person_id)


RULE = Actor(ActorKind.RULE)
CLOCK = Actor(ActorKind.CLOCK)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a workspace, as last seen in Slack.

    `slack_id` is None for a client who approves by link. `time_zone` is an IANA name,
    `locale` Slack's (such as "fr-FR"). `seen_at` (UTC) is when Slack was last asked.
    `quiet_until` (UTC) is when reminders may come again, where they asked for quiet.
    """

    id: int
    team_id: str
    slack_id: str | None
    name: str
    time_zone: str
    locale: str
    is_admin: bool
    is_guest: bool
    is_stranger: bool
    is_bot: bool
    is_gone: bool
    seen_at: datetime
    quiet_until: datetime | None = None

    @property
    def is_full_member(self) -> bool:
        """Neither a guest, nor from another workspace, nor a bot, nor deactivated."""
        return not (self.is_guest or self.is_stranger or self.is_bot or self.is_gone)
