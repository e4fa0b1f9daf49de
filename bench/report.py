"""One table of what a run of `make bench` has found: ratios, because machines differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement: what Copydesk takes, or does, and what it was held against."""

    what: str
    ours: str
    beside: str
    ratio: float
    goal: str


class Report:
    """Collects the lines; they are printed at the end of the run."""

    def __init__(self) -> None:
        self._lines: list[Line] = []

    def add(self, what: str, ours: str, beside: str, ratio: float, goal: str = "") -> None:
        """A line. `goal` says what the ratio is to be, where something is asked of it."""
        self._lines.append(Line(what, ours, beside, ratio, goal))

    def __str__(self) -> str:
        heads = ("what", "Copydesk", "beside", "ratio", "goal")
        rows = [
            (line.what, line.ours, line.beside, f"{line.ratio:.2f}", line.goal)
            for line in self._lines
        ]
        widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
        ruler = tuple("-" * width for width in widths)
        return "\n".join(
            "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
            for row in (heads, ruler, *rows)
        )

    def __bool__(self) -> bool:
        return bool(self._lines)
