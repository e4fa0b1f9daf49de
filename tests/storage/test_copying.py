"""From SQLite to PostgreSQL: all of it, the same, and it goes on there."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

import storage
from operations import reviews as operations
from rules.reviews import Verdict
from storage.engine import make_engine, parse_url
from storage.tables import desks, metadata, occurrences, people, posts, seen_events, workspaces
from tests.newsroom import NOW, Newsroom
from tests.storage.test_backups import rows


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_with_tables: Path) -> str:
    path = tmp_path / "copydesk.db"
    path.write_bytes(sqlite_with_tables.read_bytes())
    return f"sqlite:///{path}"


def at_work(url: str) -> None:
    """Two desks, and posts in several states; hostile text, and keys that sort otherwise there."""
    team = Newsroom(storage.open_store(url))
    ann, ben = team.person("ann"), team.person("Ben: 'a\\b' \u202e Ünï 🎉 \"x\"")
    desk = team.desk(ann, ben)
    team.draft(ann, desk)
    review = team.sent(ann, desk)
    operations.decide(team.store, ben, review.id, Verdict.APPROVE, "Fine; 100%", NOW)
    with team.store.write() as tx:
        for key in ("a", "B", "b", "A", "_", "é", "Z"):
            tx.execute(seen_events.insert().values(team_id="T1", event_id=key, seen_at=NOW))
        tx.execute(desks.update().values(reminders=sa.null()))
    team.store.close()


def test_all_of_it_is_copied_and_goes_on(sqlite_url: str, postgres_url: str) -> None:
    at_work(sqlite_url)
    before = rows(sqlite_url)
    assert sum(1 for its in before.values() if its) > 12
    counts = storage.copy(sqlite_url, postgres_url)
    assert counts == {name: len(its) for name, its in before.items()}
    copied = rows(postgres_url)
    assert {name: sorted(its, key=str) for name, its in copied.items()} == {
        name: sorted(its, key=str) for name, its in before.items()
    }
    assert rows(sqlite_url) == before
    assert storage.is_current(postgres_url)

    team = Newsroom(storage.open_store(postgres_url))
    with team.store.read() as tx:
        without = sa.select(sa.func.count()).select_from(desks).where(desks.c.reminders.is_(None))
        assert tx.execute(without).scalar() == len(before["desks"])
    ann, ben = team.person("ann"), team.person("cleo")
    review = team.sent(ann, team.desk(ann, ben, channel="C9"))
    assert review.id == len(before["reviews"]) + 1
    assert team.post(review.post_id).number == 3
    team.store.close()


def test_ids_go_on_where_a_restored_database_does(
    sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    at_work(sqlite_url)
    storage.back_up(sqlite_url, tmp_path / "backup.db")
    storage.restore(sqlite_url, tmp_path / "backup.db", NOW)
    storage.copy(sqlite_url, postgres_url)
    team = Newsroom(storage.open_store(postgres_url))
    ann = team.person("ann")
    assert team.draft(ann, team.desk(ann, ann, channel="C9")).id > 1_000_000
    team.store.close()


def test_a_database_with_something_in_it_is_left_alone(sqlite_url: str, postgres_url: str) -> None:
    at_work(sqlite_url)
    storage.migrate(postgres_url)
    store = storage.open_store(postgres_url)
    with store.write() as tx:
        tx.execute(workspaces.insert().values(team_id="T9", created_at=NOW))
    store.close()
    before = rows(postgres_url)
    with pytest.raises(storage.StorageError, match=r"isn't empty \(it has workspaces\)"):
        storage.copy(sqlite_url, postgres_url)
    assert rows(postgres_url) == before


@pytest.mark.parametrize("table", [people, posts, occurrences])
def test_a_copy_that_is_not_the_same_is_not_kept(
    sqlite_url: str, postgres_url: str, table: sa.Table
) -> None:
    """Something on the server changes or drops what it is given."""
    at_work(sqlite_url)
    storage.migrate(postgres_url)
    engine = make_engine(parse_url(postgres_url))
    change = "RETURN NULL" if table is occurrences else "NEW.id = NEW.id + 1; RETURN NEW"
    with engine.begin() as tx:
        tx.exec_driver_sql(
            "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {change}; END $$"
        )
        tx.exec_driver_sql(
            f"CREATE TRIGGER meddles BEFORE INSERT ON {table.name}"
            " FOR EACH ROW EXECUTE FUNCTION meddle()"
        )
    engine.dispose()
    with pytest.raises(storage.StorageError):
        storage.copy(sqlite_url, postgres_url)
    assert not any(rows(postgres_url).values())


def test_a_table_that_nobody_knows_is_not_left_behind(sqlite_url: str, postgres_url: str) -> None:
    store = storage.open_store(sqlite_url)
    with store.write() as tx:
        tx.exec_driver_sql("CREATE TABLE songs (name TEXT)")
    store.close()
    with pytest.raises(storage.StorageError, match="songs"):
        storage.copy(sqlite_url, postgres_url)


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        (lambda _: "postgresql://h/x", lambda url: url, "from SQLite to PostgreSQL"),
        (lambda url: url, lambda _: "sqlite:///other.db", "from SQLite to PostgreSQL"),
        (lambda url: url, lambda _: "postgresql://desk:hush@127.0.0.1:1/x", "127.0.0.1"),
        (lambda _: "sqlite:////nowhere/x.db", lambda url: url, "no database at"),
    ],
)
def test_what_cannot_be_copied_is_a_sentence(
    sqlite_url: str,
    postgres_url: str,
    source: Callable[[str], str],
    target: Callable[[str], str],
    says: str,
) -> None:
    with pytest.raises(storage.StorageError, match=says) as refused:
        storage.copy(source(sqlite_url), target(postgres_url))
    assert "hush" not in str(refused.value)


def test_every_table_with_an_id_counts_on(sqlite_url: str, postgres_url: str) -> None:
    """Also those that these tests put nothing into: their first row is number one."""
    storage.copy(sqlite_url, postgres_url)
    engine = make_engine(parse_url(postgres_url))
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            sequence = connection.execute(
                sa.select(sa.func.pg_get_serial_sequence(table.name, "id"))
                if "id" in table.c
                else sa.select(sa.null())
            ).scalar()
            if sequence is not None:
                following = connection.execute(sa.select(sa.func.nextval(sequence))).scalar()
                assert following == 1
    engine.dispose()
