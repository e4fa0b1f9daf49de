"""How long a start takes until Slack can hand over clicks, and the memory then, beside the
libraries alone."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import perf_counter

from bench.processes import SlackProcess, over_sockets, resident_kb
from bench.report import Report

ROUNDS = 5


def test_starting(tmp_path: Path, report: Report) -> None:
    _started(tmp_path, "bot")  # makes the tables, once
    mine, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(_started(tmp_path, "bench.libraries"))
        mine.append(_started(tmp_path, "bot"))
    pairs = list(zip(mine, theirs, strict=True))
    report.add(
        "start, until connected: ms",
        f"{median(ms for ms, _ in mine):.0f}",
        f"{median(ms for ms, _ in theirs):.0f}",
        median(a[0] / b[0] for a, b in pairs),
    )
    report.add(
        "memory after the start: MB",
        f"{median(kb for _, kb in mine) / 1024:.0f}",
        f"{median(kb for _, kb in theirs) / 1024:.0f}",
        median(a[1] / b[1] for a, b in pairs),
    )


def _started(folder: Path, command: str) -> tuple[float, int]:
    """The milliseconds until it was connected, and its memory in KB."""
    url = f"sqlite:///{folder / command}.db"
    with SlackProcess() as slack:
        begun = perf_counter()
        with over_sockets(slack, folder, url, command) as (process,):
            return (perf_counter() - begun) * 1000, resident_kb(process.process.pid)
