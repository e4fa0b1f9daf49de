"""The migrations: they make the present tables, lose no row, and undo themselves."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import storage
from operations import reviews as operations
from rules.reviews import Verdict
from storage import desks
from storage.engine import make_engine, parse_url
from storage.migrate import config
from storage.tables import decisions, history, metadata, people, reviews, workspaces
from tests.newsroom import NOW, Newsroom


@pytest.fixture
def connection(database_url: str) -> Iterator[sa.Connection]:
    """A writing transaction on the migrated database, as migrations have it."""
    storage.migrate(database_url)
    engine = make_engine(parse_url(database_url), foreign_keys=False)
    with engine.connect().execution_options(writes=True) as opened, opened.begin():
        yield opened
    engine.dispose()


def tables(url: str) -> set[str]:
    engine = make_engine(parse_url(url))
    found = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_they_make_the_tables_that_the_code_works_with(connection: sa.Connection) -> None:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    assert compare_metadata(context, metadata) == []


def test_every_row_survives_the_way_down_and_up(database_url: str) -> None:
    """Each revision is gone through on a database with something in it; what a step drops is
    dropped with its tables, what it keeps is whole."""
    storage.migrate(database_url)
    team = Newsroom(storage.open_store(database_url))
    ann, ben = team.person("ann"), team.person("ben")
    review = team.sent(ann, team.desk(ann, ben))
    operations.decide(team.store, ben, review.id, Verdict.APPROVE, "", NOW)
    counts = {table.name: team.count(table) for table in metadata.sorted_tables}
    assert all(counts[table.name] for table in (decisions, reviews, history, people))
    team.store.close()

    engine = make_engine(parse_url(database_url), foreign_keys=False)
    with engine.connect().execution_options(writes=True) as tx, tx.begin():
        inspected = sa.inspect(tx)
        newest_first = list(ScriptDirectory.from_config(config()).walk_revisions())
        for script in newest_first:
            command.downgrade(config(tx), str(script.down_revision or "base"))
            inspected.clear_cache()
            for name in set(inspected.get_table_names()) & set(counts):
                found = tx.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
                assert found == counts[name], name
            if engine.dialect.name == "sqlite":
                assert tx.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert set(inspected.get_table_names()) == {"alembic_version"}
        command.upgrade(config(tx), "head")
    engine.dispose()
    assert storage.is_current(database_url)


FIRST_ROWS = [
    "INSERT INTO workspaces (team_id, created_at) VALUES ('T1', '2026-08-05 09:00:00')",
    "INSERT INTO people (team_id, slack_id, name, time_zone, locale, is_admin, is_guest,"
    " is_stranger, is_bot, is_gone, seen_at) VALUES ('T1', 'U1', 'Ann', 'Europe/Rome', 'en-US',"
    " true, false, false, false, false, '2026-08-05 09:00:00')",
    "INSERT INTO desks (team_id, channel_id, name, time_zone, language, working_days, work_from,"
    " work_to, networks, created_at) VALUES ('T1', 'C1', 'social', 'Europe/Rome', 'en-US',"
    " '[\"mon\"]', '09:00', '18:00', '[\"x\"]', '2026-08-05 09:00:00')",
    "INSERT INTO desk_managers (desk_id, person_id) VALUES (1, 1)",
    "INSERT INTO policies (desk_id, number, steps, own_posts, made_by, made_at)"
    " VALUES (1, 1, '[]', false, 1, '2026-08-05 09:00:00')",
]
"""A desk as the first revision made it."""


def test_a_desk_of_the_first_revision_is_read_by_the_last(database_url: str) -> None:
    storage.migrate(database_url, "0001")
    engine = make_engine(parse_url(database_url), foreign_keys=False)
    with engine.connect().execution_options(writes=True) as tx, tx.begin():
        for row in FIRST_ROWS:
            tx.exec_driver_sql(row)
    engine.dispose()
    storage.migrate(database_url)
    store = storage.open_store(database_url)
    with store.read() as read:
        desk = desks.by_channel(read, "T1", "C1")
    store.close()
    assert desk is not None
    assert (desk.name, desk.managers, desk.country, desk.region) == ("social", (1,), None, None)


def test_a_second_time_there_is_nothing_to_do(team: Newsroom) -> None:
    team.desk(team.person("ann"), team.person("ben"))
    before = team.count(people)
    storage.migrate(team.store.engine.url.render_as_string(hide_password=False))
    assert team.count(people) == before > 0


def test_an_empty_database_is_not_current(database_url: str) -> None:
    assert not storage.is_current(database_url)
    storage.migrate(database_url)
    assert storage.is_current(database_url)


def test_a_database_of_a_newer_version_is_refused_in_a_sentence(database_url: str) -> None:
    storage.migrate(database_url)
    engine = make_engine(parse_url(database_url))
    with engine.connect().execution_options(writes=True) as tx, tx.begin():
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    assert not storage.is_current(database_url)
    with pytest.raises(storage.StorageError, match="made by a newer Copydesk") as refused:
        storage.migrate(database_url)
    assert str(refused.value).endswith(".")


def test_a_migration_that_fails_half_way_changes_nothing(database_url: str) -> None:
    engine = make_engine(parse_url(database_url))
    with engine.connect().execution_options(writes=True) as tx, tx.begin():
        tx.exec_driver_sql("CREATE TABLE messages (id INTEGER)")  # the last one that is made
    engine.dispose()
    with pytest.raises(storage.StorageError, match="messages"):
        storage.migrate(database_url)
    assert tables(database_url) == {"messages"}


def test_a_row_without_its_parent_is_refused_on_sqlite(database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        return  # PostgreSQL keeps its foreign keys at all times
    storage.migrate(database_url)
    engine = make_engine(parse_url(database_url), foreign_keys=False)
    with engine.connect().execution_options(writes=True) as tx, tx.begin():
        row = {"team_id": "nowhere", "name": "x", "time_zone": "UTC", "locale": "en"}
        tx.execute(people.insert().values(**row, seen_at=NOW))
    engine.dispose()
    with pytest.raises(storage.StorageError, match="without parents"):
        storage.migrate(database_url)


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/nothing", "sqlite:////dev/null/copydesk.db"]
)
def test_a_database_that_cannot_be_reached_is_a_sentence(url: str) -> None:
    for use in (storage.migrate, storage.is_current, storage.open_store):
        with pytest.raises(storage.StorageError):
            use(url)


def test_foreign_keys_hold_when_the_bot_runs(store: storage.Store) -> None:
    row = {"team_id": "nowhere", "name": "x", "time_zone": "UTC", "locale": "en", "seen_at": NOW}
    with pytest.raises(sa.exc.IntegrityError), store.write() as tx:
        tx.execute(people.insert().values(**row))
    with store.write() as tx:
        tx.execute(workspaces.insert().values(team_id="nowhere", created_at=NOW))
        tx.execute(people.insert().values(**row))
