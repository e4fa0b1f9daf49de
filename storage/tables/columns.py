"""What the tables are made of. Every row is reached through its workspace, and its desk where it
has one."""

from __future__ import annotations

import sqlalchemy as sa

from storage.types import Id, Instant

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def own_id() -> sa.Column[int]:
    """The row's own number."""
    return sa.Column("id", Id, primary_key=True, autoincrement=True)


def to(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    """The number of a row elsewhere."""
    return sa.Column(name, Id, sa.ForeignKey(target), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """Text of any length."""
    return sa.Column(name, sa.Text, nullable=nullable)


def whole(name: str, default: int | None = None) -> sa.Column[int]:
    """A whole number."""
    server = None if default is None else sa.text(str(default))
    return sa.Column(name, sa.Integer, nullable=False, server_default=server)


def flag(name: str) -> sa.Column[bool]:
    """Yes or no, no unless said."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A moment, in UTC."""
    return sa.Column(name, Instant, nullable=nullable)
