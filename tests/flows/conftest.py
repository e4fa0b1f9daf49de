"""The bot as its own process, a playground, and a desk with work on it, on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import storage
from storage.tables import metadata
from tests.flows.house import House
from tests.newsroom import postgres_with_tables, sqlite_with_tables
from tests.playground.conftest import BesideTheTest

__all__ = ["postgres_with_tables", "sqlite_with_tables"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with its tables and nothing in them, as a DATABASE_URL, on both systems."""
    if request.param == "sqlite":
        path = tmp_path / "copydesk.db"
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres_with_tables")
    store = storage.open_store(url)
    with store.write() as tx:
        tx.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
    store.close()
    return url


@pytest.fixture
def house(database: str, tmp_path: Path) -> Iterator[House]:
    """A workspace, and a desk in #social whose approvers are Ines and Kenji, all of them."""
    store = storage.open_store(database)
    with BesideTheTest() as playground:
        yield House(playground, store, database, tmp_path)
    store.close()
