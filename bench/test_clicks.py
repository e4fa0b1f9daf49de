"""From a click to its acknowledgement, beside a bare Bolt app that writes one row.

Both sides are processes of their own and take turns, so that whatever else the machine does
concerns both alike.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from bench import work
from bench.processes import Clicked, SlackProcess, over_http, over_sockets
from bench.report import Report

PEOPLE = (1, 8, 32)
CLICKS = {1: 30, 8: 64, 32: 96}
ROUNDS = 3
_WARM = 20
_ALL = ROUNDS * sum(CLICKS.values()) + _WARM

Click = Callable[[int, int, int], Clicked]


@pytest.mark.parametrize("kind", ["Approve", "a comment", "a new draft"])
def test_over_http(kind: str, tmp_path: Path, report: Report) -> None:
    ours, bare, file = _prepared(kind, tmp_path)
    before = work.kept(ours)[kind]
    with (
        SlackProcess() as slack,
        over_http(slack, tmp_path, bare, "bench.bare", "http") as (theirs,),
        over_http(slack, tmp_path, ours, "bot") as (mine,),
    ):
        _compare(
            f"{kind}, HTTP",
            report,
            lambda first, count, people: slack.click(file, first, count, people, mine.ports),
            lambda first, count, people: slack.click(file, first, count, people, theirs.ports),
        )
    _check_kept(kind, ours, before, report)


def test_over_socket_mode(tmp_path: Path, report: Report) -> None:
    ours, bare, file = _prepared("Approve", tmp_path)
    with (
        SlackProcess() as slack,
        SlackProcess() as other,
        over_sockets(other, tmp_path, bare, "bench.bare", "socket"),
        over_sockets(slack, tmp_path, ours, "bot"),
    ):
        _compare(
            "Approve, Socket Mode",
            report,
            lambda first, count, people: slack.click(file, first, count, people, []),
            lambda first, count, people: other.click(file, first, count, people, []),
        )


def _check_kept(kind: str, url: str, before: int, report: Report) -> None:
    """On a machine with too little left, people are told that it was not done, in time."""
    done = work.kept(url)[kind] - before
    report.add(f"{kind}: kept, of those answered", f"{done}", f"{_ALL}", done / _ALL, "1")


def _prepared(kind: str, folder: Path) -> tuple[str, str, Path]:
    """Our database, the bare app's, and what is clicked."""
    ours = f"sqlite:///{folder / 'ours.db'}"
    done = work.fill(ours, _ALL if kind == "Approve" else 10)
    made = {
        "Approve": work.approvals,
        "a comment": work.comments,
        "a new draft": work.new_drafts,
    }
    file = work.write(folder / "clicks", made[kind](done), _ALL)
    return ours, f"sqlite:///{folder / 'bare.db'}", file


def _compare(what: str, report: Report, ours: Click, bare: Click) -> None:
    for click in (ours, bare):
        click(0, _WARM, 2)
    first = _WARM
    for people in PEOPLE:
        mine, theirs = [], []
        for _ in range(ROUNDS):
            count = CLICKS[people]
            theirs.append(bare(first, count, people))
            mine.append(ours(first, count, people))
            first += count
        pairs = list(zip(mine, theirs, strict=True))
        speed = median(a.per_second / b.per_second for a, b in pairs)
        slowest = median(a.p99 / b.p99 for a, b in pairs)
        name = f"{what}, {people} at once"
        report.add(
            f"{name}: clicks per s",
            f"{median(a.per_second for a in mine):.0f}",
            f"{median(b.per_second for b in theirs):.0f}",
            speed,
            "0.7 or more",
        )
        report.add(
            f"{name}: p99 ms",
            f"{median(a.p99 for a in mine) * 1000:.0f}",
            f"{median(b.p99 for b in theirs) * 1000:.0f}",
            slowest,
            "1.5 or less",
        )
