"""A playground and a database for each day, and which days there are."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.tables import metadata
from tests.databases import patient_store
from tests.faults.script import Script, script
from tests.flows.doors import open_door
from tests.flows.house import House
from tests.newsroom import postgres_with_tables, sqlite_with_tables

__all__ = ["postgres_with_tables", "sqlite_with_tables"]

# As part of all tests: SQLite by both doors, and three bots on PostgreSQL.
_SHORT = (5, 26, 29)


def seeds() -> list[int]:
    """COPYDESK_RUNS days, beginning with COPYDESK_SEED, or anywhere."""
    runs = os.environ.get("COPYDESK_RUNS")
    if not runs:
        return list(_SHORT)
    first = os.environ.get("COPYDESK_SEED") or str(random.SystemRandom().randrange(10**6))
    return [int(first) + number for number in range(int(runs))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A day for each seed."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", seeds())


@pytest.fixture
def plan(seed: int) -> Script:
    return script(seed)


@pytest.fixture
def house(request: pytest.FixtureRequest, plan: Script, tmp_path: Path) -> Iterator[House]:
    """The workspace of a day, with nothing in the database."""
    if plan.on_postgresql:
        url: str = request.getfixturevalue("postgres_with_tables")
        store = patient_store(url)
        with store.write() as tx:
            tx.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
    else:
        path = tmp_path / "copydesk.db"
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), path)
        url = f"sqlite:///{path}"
        store = patient_store(url)
    with open_door("http" if plan.over_http else "sockets", tmp_path) as door:
        yield House(door, store, url, tmp_path)
    store.close()
