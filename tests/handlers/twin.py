"""A second workspace in the same database, with the same people, channels, posts and messages by
Slack's ids, codes and keys: whatever forgets to ask for the workspace finds the wrong one."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

import sqlalchemy as sa

from storage.tables import metadata

TEAM = "T0LARKFIELD"
OTHER = "T0ELSEWHERE"
MARK = "Quagmire"

Rows = dict[str, set[tuple[Any, ...]]]

# Each table's own ids are a range of their own, so that none is a row's in two tables.
_RANGE = 1_000_000
_TABLES = {table.name: n + 1 for n, table in enumerate(metadata.sorted_tables)}

# What people wrote, or are called.
_WORDS = {
    "people": ("name",),
    "desks": ("name",),
    "posts": ("notes", "hold_reason", "urgent_reason", "source_link"),
    "versions": ("text", "link"),
    "comments": ("text",),
    "decisions": ("comment",),
    "campaigns": ("name",),
    "targets": ("published_link",),
    "rounds": ("recap",),
}
# In JSON these are somebody's id; so are numbers alone in a list under them.
_IDS = {
    "absence": "absences",
    "entry": "history",
    "post": "posts",
    "comment_id": "comments",
    "round": "rounds",
    "rounds": "rounds",
    "desks": "desks",
    "cover_desks": "desks",
    **dict.fromkeys(("person", "person_id", "by", "from", "blocked", "helper"), "people"),
    **dict.fromkeys(("approver", "approvers", "approved_by", "reference", "place"), "people"),
    **dict.fromkeys(("owner", "before", "for", "mentions"), "people"),
}
_TEXTS = {"text", "answer", "comment", "reason", "campaign", "note", "findings", "name"}


def moved(table: str, number: int) -> int:
    """The id in the second workspace of what has this one in the first."""
    return number + _RANGE * _TABLES[table]


def settle_in(database: sqlite3.Connection) -> None:
    """Copies the first workspace to the second. Nothing of it waits to be told."""
    database.row_factory = sqlite3.Row
    for table in metadata.sorted_tables:
        for row in database.execute(f"SELECT * FROM {table.name}").fetchall():
            copied = _row(table, dict(row))
            names = ", ".join(copied)
            marks = ", ".join("?" * len(copied))
            database.execute(
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})", tuple(copied.values())
            )
    database.commit()


def _row(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    copied = dict(row)
    for column in table.columns:
        value = row[column.name]
        target = _target(column)
        if value is None:
            continue
        if column.name == "team_id":
            copied[column.name] = OTHER
        elif column.name == "id":
            copied[column.name] = moved(table.name, value)
        elif target:
            copied[column.name] = moved(target, value)
        elif isinstance(column.type, sa.JSON):
            copied[column.name] = json.dumps(_json(json.loads(value), column.name))
        elif column.name in _WORDS.get(table.name, ()) and value:
            copied[column.name] = f"{MARK} {value}"
        elif column.name == "text_key":
            copied[column.name] = f"{MARK.casefold()} {value}"
    if table.name == "messages":
        copied |= {"pending": 0}
    return copied


def _target(column: sa.Column[Any]) -> str | None:
    """The table whose id a column holds."""
    if column.name == "reference":
        return "people"
    targets = {key.column.table.name for key in column.foreign_keys} - {"workspaces"}
    return next(iter(targets), None)


def _json(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _json(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_json(inner, key) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and key in _IDS:
        return moved(_IDS[key], value)
    if isinstance(value, str) and key in _TEXTS:
        return f"{MARK} {value}"
    return value


def known(database: sqlite3.Connection) -> dict[str, set[int]]:
    """The ids of the second workspace's rows, by table."""
    return {
        table.name: {
            row[0] for row in database.execute(f"SELECT id FROM {table.name} WHERE id >= {_RANGE}")
        }
        for table in metadata.sorted_tables
        if "id" in table.columns
    }


def rows(database: sqlite3.Connection, known: dict[str, set[int]]) -> Rows:
    """Every row of the second workspace, and every one that points to a row of it."""
    found: Rows = {}
    for table in metadata.sorted_tables:
        names = [column.name for column in table.columns]
        points = {
            names.index(column.name): known[target]
            for column in table.columns
            for target in [_target(column)]
            if target
        }
        if table.name in known:
            points[names.index("id")] = known[table.name]
        team = names.index("team_id") if "team_id" in names else None
        found[table.name] = {
            tuple(row)
            for row in database.execute(f"SELECT {', '.join(names)} FROM {table.name}")
            if (team is not None and row[team] == OTHER)
            or any(row[at] in ids for at, ids in points.items())
        }
    return found


def all_rows(database: sqlite3.Connection) -> Rows:
    """Every row of either workspace, but for Homes, which are drawn anew by a look at them."""
    found = {
        table.name: {tuple(row) for row in database.execute(f"SELECT * FROM {table.name}")}
        for table in metadata.sorted_tables
    }
    found["messages"] = {row for row in found["messages"] if "home" not in row}
    return found


def shows(text: str) -> str:
    """Where something of the second workspace is in a text; empty where nothing is."""
    found = re.search(rf".{{0,80}}(?:{MARK}|{MARK.casefold()}|{OTHER}).{{0,80}}", text)
    return found[0] if found else ""
