"""The diagram of a post's life in docs/using.md, drawn from the table in `rules/life.py`.

`python -m tests.diagram` writes it there; tests/test_docs.py holds the two in step.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from rules.life import TABLE, Event
from rules.posts import Status

PAGE = Path(__file__).parent.parent / "docs" / "using.md"
BEGIN, END = "<!-- the life of a post: begin -->\n", "<!-- the life of a post: end -->\n"


def diagram() -> str:
    """The table as a Mermaid state diagram, which GitHub, among others, draws."""
    ways = defaultdict[tuple[Status, Status], list[Event]](list)
    for (before, event), after in TABLE.items():
        ways[before, after].append(event)
    left = {before for before, _ in ways}
    reached = {after for _, after in ways}
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [
        f'    state "{status.replace("_", " ")}" as {status}'
        for status in Status
        if status in left | reached
    ]
    lines.append(f"    [*] --> {Status.DRAFT}: write")
    lines += [
        f"    {before} --> {after}: {', '.join(events)}" for (before, after), events in ways.items()
    ]
    lines += [f"    {status} --> [*]" for status in Status if status in reached - left]
    return "\n".join([*lines, "```"]) + "\n"


def with_diagram(page: str) -> str:
    """This page with the diagram as it should be, between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{diagram()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_diagram(PAGE.read_text("utf-8")), "utf-8")
