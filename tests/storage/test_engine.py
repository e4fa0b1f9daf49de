"""The two doors to the database, and the types that keep what a database would lose."""

import socket
import sqlite3
import threading
import traceback
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

import storage
from rules.posts import PostRefusal
from rules.refused import Refused
from storage import engine
from storage.engine import make_engine, parse_url
from storage.inserts import insert, insert_or_ignore
from storage.tables import people, workspaces
from tests.databases import as_url
from tests.newsroom import NOW, TEAM, Newsroom, at_once
from tests.player import wait_until


@pytest.mark.parametrize("processes", [1, 2])
def test_no_increment_is_lost(store: storage.Store, processes: int) -> None:
    """Also not on SQLite, where a second process would have a lock of its own; whoever waits too
    long there is told, and tries again."""
    url = store.engine.url.render_as_string(hide_password=False)
    stores = [store, *(storage.open_store(url) for _ in range(processes - 1))]
    with store.write() as tx:
        tx.execute(workspaces.insert().values(team_id=TEAM, created_at=NOW))

    def count_up(on: storage.Store) -> None:
        left = 20
        while left:
            with suppress(storage.Unavailable):
                with on.write() as tx:
                    number = sa.select(workspaces.c.last_post_number).with_for_update()
                    seen = tx.execute(number).scalar_one()
                    tx.execute(workspaces.update().values(last_post_number=seen + 1))
                left -= 1

    at_once(*[partial(count_up, stores[n % processes]) for n in range(16)])
    for opened in stores[1:]:
        opened.close()
    with store.read() as tx:
        assert tx.execute(sa.select(workspaces.c.last_post_number)).scalar_one() == 320


@pytest.mark.parametrize("team_id", ["T-twice", None], ids=["twice", "without a key"])
def test_an_error_quotes_nothing_of_what_was_written(
    store: storage.Store, team_id: str | None
) -> None:
    """It is logged, and PostgreSQL quotes the row or the key, which may be what somebody wrote."""
    row = {"team_id": team_id, "created_at": NOW, "last_post_number": 4711}
    twice = workspaces.insert().values([row, row])
    with pytest.raises(sa.exc.IntegrityError) as failed, store.write() as tx:
        tx.execute(twice)
    shown = "".join(traceback.format_exception(failed.value))
    assert "IntegrityError" in shown
    assert "T-twice" not in shown
    assert "4711" not in shown


def _write_and_refuse(tx: sa.Connection) -> None:
    tx.execute(workspaces.insert().values(team_id=TEAM, created_at=NOW))
    raise Refused(PostRefusal.UNKNOWN)


def test_what_raises_is_not_written(store: storage.Store) -> None:
    with pytest.raises(Refused), store.write() as tx:
        _write_and_refuse(tx)
    with store.read() as tx:
        assert tx.execute(sa.select(workspaces)).all() == []


def test_a_read_sees_one_moment(team: Newsroom) -> None:
    ann = team.person("ann")
    with team.store.read() as tx:
        before = tx.execute(sa.select(people.c.name)).scalars().all()
        thread = threading.Thread(target=team.person, args=("ben",))
        thread.start()
        thread.join(30)
        assert not thread.is_alive(), "a reader keeps a writer waiting"
        assert tx.execute(sa.select(people.c.name)).scalars().all() == before == [ann.name]
    assert team.count(people) == 2


def test_a_reader_leaves_no_trace_on_the_connection_of_the_next_writer(team: Newsroom) -> None:
    for name in ("ann", "ben", "cleo"):
        assert team.count(people) == {"ann": 0, "ben": 1, "cleo": 2}[name]
        team.person(name)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=-7))),
        datetime(2026, 10, 25, 0, 59, 59, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(
    store: storage.Store, moment: datetime
) -> None:
    with store.write() as tx:
        tx.execute(workspaces.insert().values(team_id=TEAM, created_at=moment))
    with store.read() as tx:
        found = tx.execute(sa.select(workspaces.c.created_at)).scalar_one()
    assert found == moment
    assert found.tzinfo is UTC


def test_a_naive_moment_is_refused(store: storage.Store) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(sa.exc.StatementError, match="in which zone"), store.write() as tx:
        tx.execute(workspaces.insert().values(team_id=TEAM, created_at=naive))


def test_insert_or_ignore_says_whether_it_did(store: storage.Store) -> None:
    row = {"team_id": TEAM, "created_at": NOW}
    with store.write() as tx:
        assert insert_or_ignore(tx, workspaces, row, "team_id")
        assert not insert_or_ignore(tx, workspaces, row, "team_id")
        words = {"slack_id": "U1", "name": "ann", "time_zone": "UTC", "locale": "en-US"}
        person = {"team_id": TEAM, "seen_at": NOW, **words}
        assert insert_or_ignore(tx, people, person, "team_id", "slack_id")
        assert not insert_or_ignore(tx, people, {**person, "name": "x"}, "team_id", "slack_id")
        assert insert_or_ignore(tx, people, {**person, "slack_id": "U2"}, "team_id", "slack_id")
        assert tx.execute(sa.select(people.c.name)).scalars().all() == ["ann", "ann"]


def test_of_many_that_insert_the_same_one_did(store: storage.Store) -> None:
    def make() -> bool:
        with store.write() as tx:
            return insert_or_ignore(tx, workspaces, {"team_id": TEAM, "created_at": NOW}, "team_id")

    assert sorted(map(bool, at_once(*[make] * 8))) == [False] * 7 + [True]


def test_insert_returns_the_id(team: Newsroom) -> None:
    ann = team.person("ann")
    with team.store.write() as tx:
        row = {"team_id": TEAM, "name": "a client", "time_zone": "UTC", "locale": "en-US"}
        number = insert(tx, people, {**row, "seen_at": NOW})
        assert number > ann.id
        assert tx.execute(sa.select(people.c.name).filter_by(id=number)).scalar() == "a client"


def test_sqlite_keeps_what_it_said_it_wrote(tmp_path: Path) -> None:
    store = storage.open_store(f"sqlite:///{tmp_path / 'folder' / 'of its own' / 'copydesk.db'}")
    with store.read() as tx:
        settings = {
            name: tx.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize(
    "url", ["", "copydesk.db", "mysql://host/name", "postgresql://nobody@127.0.0.1:1/nothing"]
)
def test_what_is_no_database_is_a_sentence(url: str) -> None:
    with pytest.raises(storage.StorageError) as refused:
        storage.open_store(url)
    assert str(refused.value)


@pytest.fixture
def hangs_up() -> Iterator[int]:
    """The port of a server that ends each connection at once."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    server.accept()[0].close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def unavailable(url: str) -> storage.Trouble:
    """Why it can't be used just now, where that may pass by itself."""
    with pytest.raises(storage.Unavailable) as raised:
        storage.open_store(url)
    return raised.value.trouble


def is_refused(url: str) -> bool:
    """Whether it can't be used, for a reason that stays."""
    try:
        storage.open_store(url).close()
    except storage.Unavailable:
        return False
    except storage.StorageError:
        return True
    return False


def test_a_server_that_cannot_be_reached_may_be_there_later(hangs_up: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for where in (
            "127.0.0.1:1",
            "nowhere.invalid",
            f"127.0.0.1:{hangs_up}",
            f"127.0.0.1:{silent.getsockname()[1]}",
        ):
            assert unavailable(f"postgresql://ann@{where}/nothing") is storage.Trouble.AWAY


def test_what_a_server_says_no_to_does_not_pass(postgres_server: str) -> None:
    """But that it has too many connections does."""

    def url(user: str, database: str = "postgres") -> str:
        return as_url(postgres_server, database).replace("//postgres@", f"//{user}@")

    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute("CREATE ROLE with_a_password LOGIN PASSWORD 'right'")
        server.execute("CREATE ROLE with_many LOGIN CONNECTION LIMIT 0")
        found = server.execute("SHOW hba_file").fetchone()
        assert found is not None
        rules, usual = Path(found[0]), Path(found[0]).read_text()
        try:
            rules.write_text(f"local all with_a_password scram-sha-256\n{usual}")
            server.execute("SELECT pg_reload_conf()")
            wrong, none = url("with_a_password:wrong"), url("with_a_password")
            wait_until(lambda: is_refused(wrong), "it asks for a password")
            for refused in (none, url("nobody"), url("postgres", "nothing")):
                assert is_refused(refused), refused
            assert unavailable(url("with_many")) is storage.Trouble.AWAY
        finally:
            rules.write_text(usual)
            server.execute("SELECT pg_reload_conf()")
            server.execute("DROP ROLE with_a_password, with_many")


def test_a_file_that_another_program_has_locked_is_free_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_PATIENT_SECONDS", 0.1)
    url = f"sqlite:///{tmp_path / 'copydesk.db'}"
    storage.migrate(url)
    with closing(sqlite3.connect(tmp_path / "copydesk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(storage.Unavailable, match="locked"):
            storage.migrate(url)


def test_a_password_is_not_in_the_sentence() -> None:
    with pytest.raises(storage.StorageError) as refused:
        storage.open_store("postgresql://ann:hunter2@127.0.0.1:1/nothing")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgresql://h/n", "postgresql+psycopg"),
        ("postgresql+psycopg2://h/n", "postgresql+psycopg"),
        ("sqlite:///x.db", "sqlite+pysqlite"),
    ],
)
def test_the_driver_is_ours(given: str, driver: str) -> None:
    assert parse_url(given).drivername == driver


@pytest.mark.parametrize("rest", ["p@hush@h/n", "p@hush:more@h/n", "hush@h:54x32/n", "h:hush/n"])
def test_an_address_that_is_none_is_a_sentence_without_any_of_it(rest: str) -> None:
    """Of a password with an @ not written as %40, the rest was taken for a host, and shown."""
    with pytest.raises(storage.StorageError, match=r"is not a database address.*%40") as refused:
        parse_url(f"postgresql://u:{rest}")
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_who_stands_still_in_a_transaction_loses_it(
    team: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was stopped, or a machine that is gone, holds nobody up for ever."""
    ann = team.person("ann")
    monkeypatch.setattr(engine, "_IDLE_SECONDS", 1)
    stopped = storage.open_store(team.store.engine.url.render_as_string(hide_password=False))
    row = sa.select(people.c.id).filter_by(id=ann.id).with_for_update()

    def stand_still() -> None:
        with stopped.write() as tx:
            tx.execute(row)
            with team.store.write() as other:
                assert other.execute(row).scalar() == ann.id
            tx.execute(row)

    with pytest.raises(storage.Unavailable, match="idle-in-transaction"):
        stand_still()
    stopped.close()


@pytest.mark.parametrize(("patient", "seconds"), [(False, 2), (True, 10)])
def test_a_click_waits_less_for_others_than_a_migration(
    database_url: str, patient: bool, seconds: int
) -> None:
    """Slack gives a click 3 s; a start that finds the database locked has time."""
    engine = make_engine(parse_url(database_url), patient=patient)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() / 1000
        else:
            waits = int(connection.exec_driver_sql("SHOW lock_timeout").scalar_one().rstrip("s"))
    engine.dispose()
    assert waits == seconds if patient else waits <= seconds


class _Taken:
    """In place of the writers' lock: somebody else has it, until it is waited for."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        self.waited += [timeout] if blocking else []
        return blocking

    def release(self) -> None:
        pass


def test_a_click_waits_for_all_others_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it waits for those of its own process it doesn't wait for another program."""
    store = storage.open_store(f"sqlite:///{tmp_path / 'copydesk.db'}")
    taken = _Taken()
    waits = []
    with store.write() as tx:
        waits.append(tx.exec_driver_sql("PRAGMA busy_timeout").scalar_one())
    with monkeypatch.context() as patched:
        patched.setattr(store, "_one_writer", taken)
        with store.write() as tx:
            waits.append(tx.exec_driver_sql("PRAGMA busy_timeout").scalar_one())
    with store.read() as tx:  # on the same connection
        waits.append(tx.exec_driver_sql("PRAGMA busy_timeout").scalar_one())
    assert (taken.waited, waits) == ([1.5], [2000, 500, 2000])
    store.close()
