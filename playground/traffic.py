"""The log of what went between the app and the workspace, for the page and for checkers."""

import time
from collections import deque
from dataclasses import asdict, dataclass
from enum import StrEnum

from playground.workspace import Json

KEPT_ENTRIES = 5_000
KEPT_CALLS = 100_000


_SHOWING = ("chat.postMessage", "chat.update", "chat.postEphemeral")


class Direction(StrEnum):
    """As the app sees it: `in` is what it was sent, `out` what it called, `event` all else."""

    IN = "in"
    OUT = "out"
    EVENT = "event"


@dataclass(slots=True)
class Entry:
    """`at` is unix seconds; `problem` is a sentence, drawn red."""

    n: int
    at: float
    direction: Direction
    name: str
    ok: bool
    summary: str
    detail: Json
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A Web API call of the app; `at` is unix seconds."""

    n: int
    method: str
    args: Json
    ok: bool
    error: str | None
    at: float


class Traffic:
    """Entries are numbered from 1; the oldest fall out."""

    def __init__(self) -> None:
        self._count = 0
        self.entries: deque[Entry] = deque(maxlen=KEPT_ENTRIES)
        self.calls: deque[Call] = deque(maxlen=KEPT_CALLS)

    def note(
        self,
        direction: Direction,
        name: str,
        summary: str,
        detail: Json,
        problem: str | None = None,
    ) -> Entry:
        self._count += 1
        entry = Entry(
            self._count, time.time(), direction, name, problem is None, summary, detail, problem
        )
        self.entries.append(entry)
        return entry

    def called(self, method: str, args: Json, answer: Json, problem: str | None = None) -> None:
        """A Web API call and its answer; an error is a problem, so are blocks without a text."""
        error = None if answer.get("ok") else str(answer.get("error"))
        if error:
            problem = f"Refused: {error}. {' '.join(_messages(answer))}".strip()
        elif method in _SHOWING and args.get("blocks") and not args.get("text"):
            problem = "It has blocks and no text: notifications and screen readers have nothing."
        self.calls.append(Call(len(self.calls) + 1, method, args, not error, error, time.time()))
        where = args.get("channel") or args.get("user") or args.get("view_id") or ""
        summary = f"{where} {args.get('text') or ''}".strip()[:120]
        self.note(Direction.OUT, method, summary, {"args": args, "answer": answer}, problem)

    def since(self, n: int) -> list[Json]:
        return [asdict(entry) for entry in self.entries if entry.n > n]


def _messages(answer: Json) -> list[str]:
    metadata = answer.get("response_metadata") or {}
    return [str(m) for m in metadata.get("messages", [])]
