"""Inserts that both databases do alike."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.statements import insertion


def insert(tx: sa.Connection, table: sa.Table, row: dict[str, Any]) -> int:
    """Inserts a row and returns its id."""
    key = tx.execute(insertion(table), row).inserted_primary_key
    assert key is not None
    return int(key[0])


def insert_or_ignore(tx: sa.Connection, table: sa.Table, row: dict[str, Any], *key: str) -> bool:
    """Inserts `row` unless one with the same `key` columns is there; says whether it did."""
    return bool(tx.execute(_or_ignore(tx.dialect.name, table, key), row).rowcount == 1)


@cache
def _or_ignore(system: str, table: sa.Table, key: tuple[str, ...]) -> sa.Insert:
    dialect: Any = sqlite if system == "sqlite" else postgresql
    statement: sa.Insert = dialect.insert(table).on_conflict_do_nothing(index_elements=key)
    # Not inline, SQLAlchemy adds RETURNING, and then SQLite's count is always 0; not preserved, an
    # insert's count is lost with psycopg's cursor, and always -1.
    return statement.inline().execution_options(preserve_rowcount=True)
