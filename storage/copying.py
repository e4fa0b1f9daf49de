"""Copies a whole database to another, and proves that it did: from SQLite to PostgreSQL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.engine import in_sentences, make_engine, parse_url, sqlite_file
from storage.migrate import migrate, upgrade
from storage.tables import metadata
from storage.troubles import StorageError

_AT_ONCE = 1000


def copy(source_url: str, target_url: str) -> Mapping[str, int]:
    """Copies the SQLite database at `source_url`, which nobody may be using, to the PostgreSQL at
    `target_url`, all of it or nothing; returns how many rows each table has.

    Both get the present tables first. Before the copy is committed, each of its tables is read back
    and compared with its original, row by row; and what numbers its new rows goes on after the
    last one, and after any id that a restored database had given out before.

    Raises StorageError: one of them can't be used, the source isn't SQLite or isn't there, the
    target isn't PostgreSQL or has something in it, or the copy isn't the same.
    """
    source, target = parse_url(source_url), parse_url(target_url, "What follows the command")
    file = sqlite_file(source)
    if file is None or target.get_backend_name() != "postgresql":
        raise StorageError(
            "This copies from SQLite to PostgreSQL: DATABASE_URL must be the SQLite database, and"
            " the address that follows the command must start with postgresql://"
        )
    if not file.is_file():
        raise StorageError(f"There is no database at {file} to copy")
    migrate(source_url)
    from_engine, to_engine = (make_engine(url, patient=True) for url in (source, target))
    try:
        with (
            in_sentences(source),
            from_engine.connect() as original,
            original.begin(),
            in_sentences(target),
            to_engine.begin() as copied,
        ):
            _prepare(copied)
            _check_known(original)
            counts = {t.name: _copy(t, original, copied) for t in metadata.sorted_tables}
            _number_on(original, copied)
    finally:
        from_engine.dispose()
        to_engine.dispose()
    return counts


def _prepare(copied: sa.Connection) -> None:
    """The target gets its tables, and nobody else touches them until the end."""
    upgrade(copied)
    names = ", ".join(copied.dialect.identifier_preparer.quote(n) for n in metadata.tables)
    copied.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
    for table in metadata.sorted_tables:
        if copied.execute(sa.select(sa.exists(sa.select(table)))).scalar():
            raise StorageError(
                f"The PostgreSQL database isn't empty (it has {table.name}), and nothing is copied"
                " into it: make a new one"
            )


def _check_known(original: sa.Connection) -> None:
    """What this version doesn't know would be left behind without a word."""
    unknown = set(sa.inspect(original).get_table_names()) - set(metadata.tables)
    if unknown - {"alembic_version"}:
        names = ", ".join(sorted(unknown - {"alembic_version"}))
        raise StorageError(f"The SQLite database has tables that aren't Copydesk's: {names}")


def _copy(table: sa.Table, original: sa.Connection, copied: sa.Connection) -> int:
    """Copies a table, and compares what arrived; returns the number of rows."""
    nothing = sa.JSON(none_as_null=True)  # else it would be a null of JSON's, which isn't NULL
    json_columns = [c.name for c in table.c if isinstance(c.type, sa.JSON)]
    insert = table.insert().values({n: sa.bindparam(n, type_=nothing) for n in json_columns})
    number = 0
    for rows in original.execute(_in_order(table)).mappings().partitions():
        copied.execute(insert, [dict(row) for row in rows])
        number += len(rows)
    there, here = _checksum(table, original), _checksum(table, copied)
    if there != here or number != there.rows:
        raise StorageError(
            f"The copy of the table {table.name} is not the same as its original ({here.rows} rows"
            f" of {there.rows}), and nothing was kept of it"
        )
    return number


@dataclass(frozen=True, slots=True)
class _Sum:
    rows: int
    digest: str


def _checksum(table: sa.Table, connection: sa.Connection) -> _Sum:
    """How many rows a table has, and a digest of what they say, which is the same on both."""
    digest, number = hashlib.sha256(), 0
    for row in connection.execute(_in_order(table, connection.dialect.name)):
        digest.update(json.dumps(list(_plain(row)), sort_keys=True).encode())
        number += 1
    return _Sum(number, digest.hexdigest())


def _in_order(table: sa.Table, dialect: str = "sqlite") -> sa.Select[Any]:
    """The rows by their key, byte by byte, which is what SQLite goes by."""
    keys: list[sa.ColumnElement[Any]] = [
        sa.collate(key, "C") if isinstance(key.type, sa.Text) and dialect != "sqlite" else key
        for key in table.primary_key.columns
    ]
    return sa.select(table).order_by(*keys).execution_options(yield_per=_AT_ONCE)


def _plain(row: sa.Row[Any]) -> Iterator[object]:
    """The values, with moments and days as text."""
    for value in row:
        yield value.isoformat() if hasattr(value, "isoformat") else value


def _number_on(original: sa.Connection, copied: sa.Connection) -> None:
    above = original.exec_driver_sql("PRAGMA user_version").scalar_one()
    for table in metadata.sorted_tables:
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        if "id" not in table.c or copied.execute(sa.select(sequence)).scalar() is None:
            continue
        last = copied.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0
        if max(last, above):
            copied.execute(sa.select(sa.func.setval(sequence, max(last, above))))
