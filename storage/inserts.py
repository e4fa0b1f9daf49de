"""Inserts that both databases do alike."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert(tx: sa.Connection, table: sa.Table, row: dict[str, Any]) -> int:
    """Inserts a row and returns its id."""
    key = tx.execute(table.insert().values(**_own_id(tx, table), **row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def insert_or_ignore(tx: sa.Connection, table: sa.Table, row: dict[str, Any], *key: str) -> bool:
    """Inserts `row` unless one with the same `key` columns is there; says whether it did."""
    dialect: Any = sqlite if tx.dialect.name == "sqlite" else postgresql
    values = {**_own_id(tx, table), **row}
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing(index_elements=key)
    # Not inline, SQLAlchemy adds RETURNING, and then SQLite's count is always 0; not preserved, an
    # insert's count is lost with psycopg's cursor, and always -1.
    counted = statement.inline().execution_options(preserve_rowcount=True)
    return bool(tx.execute(counted).rowcount == 1)


def _own_id(tx: sa.Connection, table: sa.Table) -> dict[str, int]:
    """The id of a new row, where the database doesn't choose it well: an SQLite that was restored
    would give anew those that rows had in what was lost (see `storage.backups`)."""
    if tx.dialect.name != "sqlite" or "id" not in table.c:
        return {}
    above = tx.exec_driver_sql("PRAGMA user_version").scalar_one()
    if not above:
        return {}
    last = tx.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0
    return {"id": max(last, above) + 1}
