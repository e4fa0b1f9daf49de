"""The bot as its own process, a playground, and a desk with work on it: on both databases and
by both doors."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.tables import metadata
from tests.databases import patient_store
from tests.flows.doors import Door, open_door
from tests.flows.house import House
from tests.newsroom import postgres_with_tables, sqlite_with_tables

__all__ = ["postgres_with_tables", "sqlite_with_tables"]


DATABASES = ("sqlite", "postgresql")
DOORS = ("sockets", "http")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "only(database, door): on this database, by this door")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test is for both databases and goes through both doors, but not each through each:
    which door it is says nothing about the database. Where one is pinned, with both of the other.
    """
    if "house" not in metafunc.fixturenames:
        if "door" in metafunc.fixturenames:  # with a database of its own
            metafunc.parametrize("door", DOORS, indirect=True)
        return
    pinned: dict[str, str] = {}
    for mark in metafunc.definition.iter_markers("only"):
        pinned |= mark.kwargs
    if pinned:
        databases = [pinned["database"]] if "database" in pinned else [*DATABASES]
        doors = [pinned["door"]] if "door" in pinned else [*DOORS]
        wanted = [*itertools.product(databases, doors)]
    else:
        wanted = [*zip(DATABASES, DOORS, strict=True)]
    metafunc.parametrize(("database", "door"), wanted, indirect=True, ids=map("-".join, wanted))


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with its tables and nothing in them, as a DATABASE_URL."""
    if request.param == "sqlite":
        path = tmp_path / "copydesk.db"
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres_with_tables")
    store = patient_store(url)
    with store.write() as tx:
        tx.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
    store.close()
    return url


@pytest.fixture
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    with open_door(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def house(database: str, door: Door, tmp_path: Path) -> Iterator[House]:
    """A workspace, and a desk in #social whose approvers are Ines and Kenji, all of them."""
    store = patient_store(database)
    yield House(door, store, database, tmp_path)
    store.close()
