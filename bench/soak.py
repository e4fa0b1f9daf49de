"""Whether Copydesk stays as it is for as long as it runs: `make soak MINUTES=30`.

    python -m bench.soak minutes [http]

The bot runs as a process on SQLite, over Socket Mode or HTTP, beside a Slack that answers at once;
people click at a steady rate: they approve, comment, write drafts, open posts and their Homes. Once
a minute its memory, threads, open files and how long clicks wait are noted. It fails where a click
is not acknowledged, or where something of these grows.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import work
from bench.processes import (
    Clicked,
    SlackProcess,
    over_http,
    over_sockets,
    process_status,
    resident_kb,
)
from bench.work import Json, Work

# What Slack lets the courier tell keeps up with this.
PER_SECOND = 1.0
_PEOPLE = 4
_KINDS = 5
# The first minutes fill caches and pools.
_WARM_MINUTES = 3
_MOST_GROWN = 1.2
_MOST_SLOWER = 2.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One minute: resident memory in KB, threads, open files, and how long clicks waited in ms, but
    for those that were turned away because too much waited already."""

    memory_kb: int
    threads: int
    files: int
    p50_ms: float
    p99_ms: float
    refused: int

    def __str__(self) -> str:
        return (
            f"{self.memory_kb / 1024:7.1f} MB  {self.threads:3} threads  {self.files:3} files"
            f"  p50 {self.p50_ms:6.1f} ms  p99 {self.p99_ms:7.1f} ms  {self.refused} refused"
        )


def soak(minutes: int, door: str) -> list[str]:
    """Runs for so long; what grew, in sentences."""
    samples = []
    with tempfile.TemporaryDirectory(prefix="copydesk-soak-") as name, ExitStack() as stack:
        folder = Path(name)
        url = f"sqlite:///{folder / 'copydesk.db'}"
        per_minute = int(60 * PER_SECOND)
        done = work.fill(url, minutes * per_minute // _KINDS + 1)
        file = work.write(folder / "clicks", _mixed(done), minutes * per_minute)
        slack = stack.enter_context(SlackProcess())
        started = over_http if door == "http" else over_sockets
        (bot,) = stack.enter_context(started(slack, folder, url, "bot"))
        for minute in range(minutes):
            first = minute * per_minute
            clicked = slack.click(file, first, per_minute, _PEOPLE, bot.ports, 1 / PER_SECOND)
            samples.append(_sample(bot.process.pid, clicked))
            print(f"{minute + 1:4} min  {samples[-1]}", flush=True)
        stopped, log = bot.stop(), bot.stderr
    wrong = grown(samples)
    refused = sum(sample.refused for sample in samples)
    wrong += [f"{refused} clicks were turned away."] if refused else []
    wrong += [f"It ended with {stopped}."] if stopped else []
    if "Traceback" in log:
        begins = log.index("Traceback")
        wrong += [f"It complained:\n{log[max(0, begins - 500) : begins + 2000]}"]
    return wrong


def grown(samples: list[Sample]) -> list[str]:
    """What is more, or slower, at the end than at the beginning, by the median of a third."""
    steady = samples[min(_WARM_MINUTES, len(samples) // 3) :]
    third = max(1, len(steady) // 3)
    early, late = steady[:third], steady[-third:]
    wrong = []
    for what, of, most in (
        ("memory (KB)", lambda s: s.memory_kb, _MOST_GROWN),
        ("threads", lambda s: s.threads, _MOST_GROWN),
        ("open files", lambda s: s.files, _MOST_GROWN),
        ("p50 (ms)", lambda s: s.p50_ms, _MOST_SLOWER),
    ):
        before, after = median(map(of, early)), median(map(of, late))
        if after > most * before:
            wrong.append(f"{what} grew from {before:.0f} to {after:.0f}.")
    return wrong


def _mixed(done: Work) -> Iterator[Json]:
    """The kinds of clicks in turn."""
    kinds = [
        work.approvals(done),
        work.comments(done),
        work.new_drafts(done),
        work.openings(done),
        work.home_visits(),
    ]
    assert len(kinds) == _KINDS
    for kind in itertools.cycle(kinds):
        yield next(kind)


def _sample(pid: int, clicked: Clicked) -> Sample:
    return Sample(
        memory_kb=resident_kb(pid),
        threads=int(process_status(pid)["Threads"]),
        files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        p50_ms=clicked.p50 * 1000,
        p99_ms=clicked.p99 * 1000,
        refused=clicked.refused,
    )


if __name__ == "__main__":
    wrong = soak(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "socket")
    sys.exit("\n".join(wrong) or 0)
