"""Which migrations this version has, and which one a database is at. Without Alembic, which takes a
seventh of a start: at most starts there is nothing to migrate."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

SCRIPTS = Path(__file__).parent / "migrations"

# A script's name begins with its number, which is its revision.
KNOWN = tuple(sorted(path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9]*.py")))
NEWEST = KNOWN[-1]

_AT = sa.table("alembic_version", sa.column("version_num"))


def current(tx: sa.Connection) -> str | None:
    """The migration that the database is at, None where it has no tables."""
    if not sa.inspect(tx).has_table(_AT.name):
        return None
    return tx.execute(sa.select(_AT.c.version_num)).scalar()
