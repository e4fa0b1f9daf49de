"""Inserts that both databases do alike."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.statements import insertion

_IDS_ABOVE = "ids above"


def insert(tx: sa.Connection, table: sa.Table, row: dict[str, Any]) -> int:
    """Inserts a row and returns its id."""
    key = tx.execute(insertion(table), {**_own_id(tx, table), **row}).inserted_primary_key
    assert key is not None
    return int(key[0])


def insert_or_ignore(tx: sa.Connection, table: sa.Table, row: dict[str, Any], *key: str) -> bool:
    """Inserts `row` unless one with the same `key` columns is there; says whether it did."""
    values = {**_own_id(tx, table), **row}
    return bool(tx.execute(_or_ignore(tx.dialect.name, table, key), values).rowcount == 1)


@cache
def _or_ignore(system: str, table: sa.Table, key: tuple[str, ...]) -> sa.Insert:
    dialect: Any = sqlite if system == "sqlite" else postgresql
    statement: sa.Insert = dialect.insert(table).on_conflict_do_nothing(index_elements=key)
    # Not inline, SQLAlchemy adds RETURNING, and then SQLite's count is always 0; not preserved, an
    # insert's count is lost with psycopg's cursor, and always -1.
    return statement.inline().execution_options(preserve_rowcount=True)


def _own_id(tx: sa.Connection, table: sa.Table) -> dict[str, int]:
    """The id of a new row, where the database doesn't choose it well: an SQLite that was restored
    would give anew those that rows had in what was lost (see `storage.backups`)."""
    if tx.dialect.name != "sqlite" or "id" not in table.c:
        return {}
    # Kept with the connection: it is only set while no Copydesk has the database open.
    if _IDS_ABOVE not in tx.info:
        tx.info[_IDS_ABOVE] = tx.exec_driver_sql("PRAGMA user_version").scalar_one()
    above = tx.info[_IDS_ABOVE]
    if not above:
        return {}
    last = tx.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0
    return {"id": max(last, above) + 1}
