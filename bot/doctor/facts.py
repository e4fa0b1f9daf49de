"""What the doctor found out, before it is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto

from rules.occurrences import Occurrence
from storage.condition import Told
from storage.messages import State


class Mode(StrEnum):
    """How Slack's requests come in."""

    PLAYGROUND = "playground"
    SOCKET_MODE = "socket_mode"
    HTTP = "http"
    SEVERAL = "several"


class Reach(Enum):
    """Whether Copydesk reaches a desk's channel."""

    FINE = auto()
    NOT_IN = auto()
    ARCHIVED = auto()
    HIDDEN = auto()
    NO_SCOPE = auto()
    NOT_ASKED = auto()


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """A desk and its channel."""

    name: str
    asleep: bool
    reach: Reach


@dataclass(frozen=True, slots=True)
class WorkspaceFacts:
    """What one token opens. `trouble` is a sentence, where it opens nothing, and `refused` what
    Slack said to a token of the database's; `granted` is None where Slack didn't say; `clock_ahead`
    is how many seconds this machine is before Slack; `desks` is None where the database could not
    be read."""

    name: str
    bot_name: str = ""
    trouble: str = ""
    refused: str = ""
    granted: frozenset[str] | None = None
    clock_ahead: float | None = None
    desks: Sequence[DeskFacts] | None = ()


@dataclass(frozen=True, slots=True)
class SlackFacts:
    """`workspaces` is None where they are in a database that could not be read. `app_trouble` is a
    sentence, where the app token, or the app's id and secret are no good. `required` and `optional`
    are the manifest's scopes."""

    mode: Mode
    workspaces: Sequence[WorkspaceFacts] | None = ()
    app_trouble: str = ""
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


class Tables(Enum):
    """Which version's they are."""

    CURRENT = auto()
    NONE = auto()
    OLDER = auto()
    NEWER = auto()


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """`trouble` is a sentence, where it can't be used. `size` and `free` are bytes. `damage` is
    what SQLite's own check said: empty where all is well, None where it took too long or wasn't
    made. `clock_ahead` is how many seconds this machine is before the server."""

    on_sqlite: bool
    name: str
    exists: bool = True
    trouble: str = ""
    tables: Tables = Tables.CURRENT
    size: int = 0
    free: int | None = None
    damage: Sequence[str] | None = None
    clock_ahead: float | None = None


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What waits, and what went wrong in the last days. `now` is the calendar's, `real_now` what
    retries go by."""

    now: datetime
    real_now: datetime
    overdue: Occurrence | None
    unsent: Told | None
    ended: Mapping[State, int]
    last: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. `work` is None where the record can't be read."""

    slack: SlackFacts
    database: DatabaseFacts
    work: WorkFacts | None
