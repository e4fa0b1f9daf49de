"""What happens on a day, worked out from its seed alone: who does what at which hour, and what goes
wrong meanwhile. The same seed is the same script, on every machine."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")

PEOPLE = ("U0MAYA", "U0TOM", "U0INES", "U0KENJI")
# Every fourth day the workspace hasn't granted the history scopes.
_NO_HISTORY = 0.25


class Does(StrEnum):
    """What a person does. Where the value begins with "open ", it is a button behind Open; a
    command is typed as it stands, any other value is a button's label."""

    DRAFT = "/draft"
    HOME = "home"
    REPLY = "reply"
    REACT = "react"
    MORE = "open more"
    QUEUE = "/desk queue"
    ANSWER_BY_COMMAND = "/standup"
    SKIP_BY_COMMAND = "/standup skip"
    AWAY = "/standup away tomorrow"
    BACK = "/standup back"
    QUIET = "/desk quiet until 20:00"
    LOUD = "/desk quiet off"
    RECAP = "/standup recap"
    ASK_NOW = "/standup now"
    APPROVE = "Approve"
    REQUEST_CHANGES = "Request changes"
    REJECT = "Reject"
    SEND = "Send for approval"
    EDIT = "Edit"
    ANSWER = "Answer"
    SKIP = "Skip today"
    SNOOZE = "Snooze 1 hour"
    REMIND_AGAIN = "Remind again"
    APPROVE_INSTEAD = "Approve instead"
    REASSIGN = "Reassign"
    NEW_TIME = "New time"
    PUBLISHED = "Published"
    NOT_NOW = "Not now"
    HELP = "I can help"
    APPROVE_WITH_NOTE = "open Approve with a note"
    EDIT_AND_APPROVE = "open Edit and approve"
    UNDO = "open Undo my decision"
    COMMENT = "open Comment"
    BACK_TO_DRAFT = "open Back to draft"
    CANCEL = "open Cancel post"
    RESTORE = "open Restore"
    TAKE_OFF_HOLD = "open Take off hold"
    MARK_AS_PUBLISHED = "open Mark as published"


_OFTEN = {
    Does.DRAFT: 14,
    Does.APPROVE: 22,
    Does.EDIT: 6,
    Does.REPLY: 5,
    Does.ANSWER: 6,
    Does.REQUEST_CHANGES: 5,
    Does.COMMENT: 4,
    Does.UNDO: 4,
    Does.EDIT_AND_APPROVE: 4,
    Does.MORE: 4,
    Does.HOME: 3,
    Does.PUBLISHED: 3,
    Does.SNOOZE: 3,
}
"""How much more often than the others."""


class Trouble(StrEnum):
    """What goes wrong."""

    KILL = "kill -9"
    TERM = "SIGTERM"
    FREEZE = "SIGSTOP past a lease"
    DROP = "dropped sockets"
    REFRESH = "Slack asks for a new connection"
    HALF_OPEN = "half-open sockets"
    HOLD = "half-open calls"
    FAULT = "calls that Slack fails"
    AGAIN = "repeated envelopes"
    HOLD_BACK = "delayed and reordered envelopes"
    REVOKE = "revoked tokens"
    CLOCK = "moved clock"


_HOW_OFTEN = {
    Trouble.KILL: 16,
    Trouble.TERM: 6,
    Trouble.FREEZE: 4,
    Trouble.DROP: 6,
    Trouble.REFRESH: 3,
    Trouble.HALF_OPEN: 2,
    Trouble.HOLD: 8,
    Trouble.FAULT: 26,
    Trouble.AGAIN: 12,
    Trouble.HOLD_BACK: 6,
    Trouble.REVOKE: 3,
    Trouble.CLOCK: 4,
}

_OF_SOCKETS = (Trouble.DROP, Trouble.REFRESH, Trouble.HALF_OPEN)

FAULTS = ("429", "500", "html", "nothing", "lost_reply", "slow")
_TOLD = ("chat.postMessage", "chat.update")
METHODS = (
    *_TOLD * 4,
    "views.open",
    "views.publish",
    "views.update",
    "users.info",
    "users.conversations",
    "conversations.open",
    "conversations.history",
    "conversations.replies",
    "apps.connections.open",
    "chat.postEphemeral",
    "response_url",
)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does. `picks`, each from 0 to 1, choose among what there is."""

    number: int
    who: str
    does: Does
    picks: tuple[float, ...]

    @property
    def word(self) -> str:
        """A word that stands in whatever is typed by this act, and nowhere else."""
        return f"zq{self.number}zq"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that goes wrong, once so many acts of its scene are done (`after`). `which` of the
    bots it hits; `method` and `fault` are for calls to Slack, `count` of them."""

    trouble: Trouble
    after: int
    which: int
    method: str
    fault: str
    count: int
    picks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of the day: the desk's time at which it begins, what people do in it at once, and
    what goes wrong. `settles`: afterwards everything is let come to rest."""

    day: int
    at: time
    acts: tuple[Act, ...]
    wrong: tuple[Wrong, ...]
    settles: bool


@dataclass(frozen=True, slots=True)
class Script:
    """A whole day. `bots` is how many processes share its work."""

    seed: int
    on_postgresql: bool
    over_http: bool
    bots: int
    reads_history: bool
    needs_all: bool
    scenes: tuple[Scene, ...]

    def __str__(self) -> str:
        database = "PostgreSQL" if self.on_postgresql else "SQLite"
        door = "HTTP" if self.over_http else "Socket Mode"
        wrong = [wrong.trouble for scene in self.scenes for wrong in scene.wrong]
        acts = sum(len(scene.acts) for scene in self.scenes)
        return f"{database}, {door}, {self.bots} bots, {acts} acts, {len(wrong)} faults"


_HOURS = (
    (0, time(8, 15)),
    (0, time(9, 1)),
    (0, time(9, 40)),
    (0, time(10, 31)),
    (0, time(12)),
    (0, time(14, 5)),
    (0, time(16, 1)),
    (0, time(17, 2)),
    (0, time(18, 30)),
    (1, time(9, 1)),
    (1, time(10, 31)),
)
"""The prompts, the digest, reminders, publish times, the evening, and the next morning."""


def script(seed: int) -> Script:
    """The day of a seed."""
    chance = random.Random(seed)
    on_postgresql = chance.random() < 0.6
    bots = 3 if on_postgresql and chance.random() < 0.6 else 1
    over_http = chance.random() < 0.4
    reads_history = chance.random() >= _NO_HISTORY
    needs_all = chance.random() < 0.5
    scenes = []
    number = 0
    for day, at in _HOURS:
        acts = tuple(_act(chance, number + n) for n in range(chance.randint(3, 6)))
        number += len(acts)
        troubles = [each for each in Trouble if not (over_http and each in _OF_SOCKETS)]
        several = range(chance.choice((0, 1, 1, 2)))
        wrong = tuple(_wrong(chance, troubles, len(acts), bots) for _ in several)
        scenes.append(Scene(day, at, acts, wrong, settles=chance.random() < 0.3))
    return Script(seed, on_postgresql, over_http, bots, reads_history, needs_all, tuple(scenes))


def _act(chance: random.Random, number: int) -> Act:
    # Nobody can do much before there are posts.
    does = Does.DRAFT if number < 3 else _one_of(chance, list(Does), _OFTEN)
    return Act(number, chance.choice(PEOPLE), does, _picks(chance))


def _wrong(chance: random.Random, troubles: list[Trouble], acts: int, bots: int) -> Wrong:
    return Wrong(
        trouble=_one_of(chance, troubles, _HOW_OFTEN),
        after=chance.randrange(acts),
        which=chance.randrange(bots),
        method=chance.choice(METHODS),
        fault=chance.choice(FAULTS),
        count=chance.randint(1, 4),
        picks=_picks(chance),
    )


def _picks(chance: random.Random) -> tuple[float, ...]:
    # Below 1, as what is picked by them wants it.
    return tuple(chance.randrange(1000) / 1000 for _ in range(8))


def _one_of(chance: random.Random, these: list[T], often: dict[T, int]) -> T:
    return chance.choices(these, [often.get(each, 1) for each in these])[0]
