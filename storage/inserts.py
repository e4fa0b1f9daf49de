"""Inserts that both databases do alike."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert(tx: sa.Connection, table: sa.Table, row: dict[str, Any]) -> int:
    """Inserts a row and returns its id."""
    key = tx.execute(table.insert().values(**row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def insert_or_ignore(tx: sa.Connection, table: sa.Table, row: dict[str, Any], *key: str) -> bool:
    """Inserts `row` unless one with the same `key` columns is there; says whether it did."""
    dialect: Any = sqlite if tx.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**row).on_conflict_do_nothing(index_elements=key)
    # Not inline, SQLAlchemy adds RETURNING, and then SQLite's count is always 0; not preserved, an
    # insert's count is lost with psycopg's cursor, and always -1.
    counted = statement.inline().execution_options(preserve_rowcount=True)
    return bool(tx.execute(counted).rowcount == 1)
