"""Backups of SQLite: whole, checked, and put back without a loss."""

import errno
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

import storage
from storage.engine import make_engine, parse_url
from storage.revisions import KNOWN
from storage.tables import messages, metadata, posts, reviews
from tests.newsroom import NOW, Newsroom
from tests.storage.test_migrations import FIRST_ROWS


@pytest.fixture
def file(tmp_path: Path, sqlite_with_tables: Path) -> Path:
    path = tmp_path / "data" / "copydesk.db"
    path.parent.mkdir()
    path.write_bytes(sqlite_with_tables.read_bytes())
    return path


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All there is in a database."""
    engine = make_engine(parse_url(url))
    with engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


def at_work(url: str) -> Newsroom:
    """A desk with a post that is in review."""
    team = Newsroom(storage.open_store(url))
    ann, ben = team.person("ann"), team.person("ben")
    team.sent(ann, team.desk(ann, ben))
    return team


def test_a_backup_while_it_is_written_to_is_of_one_moment(url: str, tmp_path: Path) -> None:
    """Each post is written with its first version, so a backup has as many of one as of the
    other."""
    team = at_work(url)
    ann = team.person("ann")
    desk = team.desk(ann, team.person("ben"))
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            team.draft(ann, desk)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [storage.back_up(url, tmp_path / f"{n}.db") for n in range(5)]
    finally:
        stop.set()
        writer.join()
    team.store.close()
    assert [counts["posts"] for counts in seen] == [counts["versions"] for counts in seen]
    assert len({counts["posts"] for counts in seen}) > 1
    for number, counts in enumerate(seen):
        copy = rows(f"sqlite:///{tmp_path / f'{number}.db'}")
        assert {name: len(its) for name, its in copy.items()} == {n: counts[n] for n in copy}


def test_a_backup_is_one_file_for_its_owner_alone(url: str, tmp_path: Path) -> None:
    team = at_work(url)
    target = tmp_path / "backups" / "monday.db"
    target.parent.mkdir()
    storage.back_up(url, target)
    assert [path.name for path in target.parent.iterdir()] == ["monday.db"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert rows(f"sqlite:///{target}") == rows(url)
    team.store.close()


def test_a_backup_overwrites_nothing(url: str, tmp_path: Path) -> None:
    target = tmp_path / "letter.txt"
    target.write_text("Dear Ann")
    with pytest.raises(storage.StorageError, match="isn't overwritten"):
        storage.back_up(url, target)
    assert target.read_text() == "Dear Ann"


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        ("data/copydesk.db", "nowhere/backup.db", "can't be backed up"),
        ("data/other.db", "backup.db", "There is no database"),
        ("letter.txt", "backup.db", "not a database"),
    ],
)
def test_a_backup_that_fails_leaves_nothing_behind(
    file: Path, tmp_path: Path, source: str, target: str, says: str
) -> None:
    (tmp_path / "letter.txt").write_text("Dear database, " * 1000)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(storage.StorageError, match=says):
        storage.back_up(f"sqlite:///{tmp_path / source}", tmp_path / target)
    assert sorted(tmp_path.rglob("*")) == before


def test_postgresql_has_tools_of_its_own(tmp_path: Path) -> None:
    url = "postgresql://desk@127.0.0.1/copydesk"
    with pytest.raises(storage.StorageError, match="pg_dump"):
        storage.back_up(url, tmp_path / "x")
    with pytest.raises(storage.StorageError, match="pg_restore"):
        storage.restore(url, tmp_path / "x", NOW)


def test_what_is_restored_is_what_was_backed_up(url: str, file: Path, tmp_path: Path) -> None:
    team = at_work(url)
    backup = tmp_path / "backup.db"
    storage.back_up(url, backup)
    before = rows(url)
    team.draft(team.person("ann"), team.desk(team.person("ann"), team.person("ben")))
    lost = rows(url)
    team.store.close()

    restored = storage.restore(url, backup, NOW)
    after = rows(url)
    goes_on = {"workspaces", "messages", "restores"}  # numbers, cards that are drawn again, when
    assert {n: after[n] for n in after if n not in goes_on} == {
        n: before[n] for n in before if n not in goes_on
    }
    assert [len(after[n]) - len(before[n]) for n in sorted(goes_on)] == [0, 1, 0]
    assert restored.aside is not None
    assert rows(f"sqlite:///{restored.aside}") == lost
    assert {path.name for path in file.parent.iterdir()} >= {file.name, restored.aside.name}


def test_no_id_and_no_number_is_given_twice(url: str, tmp_path: Path) -> None:
    """What stands in buttons of cards that the backup doesn't know must not mean another post."""
    team = at_work(url)
    backup = tmp_path / "backup.db"
    storage.back_up(url, backup)
    ann, ben = team.person("ann"), team.person("ben")
    lost = team.sent(ann, team.desk(ann, ben))
    ids = {table: ids_of(team, table) for table in (posts, reviews, messages)}
    numbers = numbers_of(team)
    team.store.close()

    storage.restore(url, backup, NOW)
    again = Newsroom(storage.open_store(url))
    review = again.sent(again.person("ann"), again.desk(ann, ben))
    assert review.id not in ids[reviews]
    assert lost.id in ids[reviews]
    for table, used in ids.items():
        new = ids_of(again, table) - used
        assert new
        assert min(new) > max(used)
    assert max(numbers_of(again)) == max(numbers) + 1
    again.store.close()


def test_without_what_was_lost_numbers_leave_room(url: str, file: Path, tmp_path: Path) -> None:
    team = at_work(url)
    backup = tmp_path / "backup.db"
    storage.back_up(url, backup)
    last = max(numbers_of(team))
    team.store.close()
    for part in file.parent.iterdir():
        part.unlink()
    assert storage.restore(url, backup, NOW).aside is None
    again = Newsroom(storage.open_store(url))
    again.draft(again.person("ann"), again.desk(again.person("ann"), again.person("ben")))
    assert max(numbers_of(again)) == last + 101
    again.store.close()


def ids_of(team: Newsroom, table: sa.Table) -> set[int]:
    with team.store.read() as tx:
        return set(tx.execute(sa.select(table.c.id)).scalars())


def numbers_of(team: Newsroom) -> set[int]:
    with team.store.read() as tx:
        return set(tx.execute(sa.select(posts.c.number)).scalars())


def test_a_broken_database_is_kept_aside_as_it_is(url: str, file: Path, tmp_path: Path) -> None:
    team = at_work(url)
    backup = tmp_path / "backup.db"
    storage.back_up(url, backup)
    team.store.close()
    broken = b"not what it was" * 1000
    file.write_bytes(broken)
    Path(f"{file}-wal").write_bytes(b"nor is this")
    restored = storage.restore(url, backup, NOW)
    assert restored.aside is not None
    assert restored.aside.read_bytes() == broken
    assert rows(url)["posts"]


def broken(path: Path) -> None:
    """Pages in the middle are overwritten, as a failing disk does."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    path.write_bytes(content)


def of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE songs (name TEXT)")


def of_a_newer_version(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def without_parents(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("DELETE FROM people")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (broken, "broken|malformed|can't be restored"),
        (of_another_program, "not a database of Copydesk's"),
        (of_a_newer_version, "newer Copydesk"),
        (without_parents, "rows that belong to none"),
        (lambda path: path.write_text("Dear database, " * 1000), "not a database"),
        (lambda path: path.write_text(""), "not a database of Copydesk's"),
        (Path.unlink, "no file"),
    ],
)
def test_what_is_no_backup_changes_nothing(
    url: str, file: Path, tmp_path: Path, spoil: object, says: str
) -> None:
    team = at_work(url)
    backup = tmp_path / "backup.db"
    storage.back_up(url, backup)
    team.store.close()
    before, beside = rows(url), sorted(file.parent.iterdir())
    assert callable(spoil)
    spoil(backup)
    with pytest.raises(storage.StorageError, match=says):
        storage.restore(url, backup, NOW)
    assert rows(url) == before
    assert sorted(file.parent.iterdir()) == beside


def test_the_database_itself_is_no_backup(url: str, file: Path) -> None:
    with pytest.raises(storage.StorageError, match="the database itself"):
        storage.restore(url, file, NOW)


@pytest.mark.parametrize("revision", KNOWN[:-1])
def test_a_backup_of_an_earlier_version_is_brought_up_to_date(
    url: str, file: Path, tmp_path: Path, revision: str
) -> None:
    old = tmp_path / "old.db"
    storage.migrate(f"sqlite:///{old}", revision)
    engine = make_engine(parse_url(f"sqlite:///{old}"), foreign_keys=False)
    with engine.connect().execution_options(writes=True) as tx, tx.begin():
        for row in FIRST_ROWS:
            tx.exec_driver_sql(row)
    engine.dispose()
    content = old.read_bytes()
    storage.restore(url, old, NOW)
    assert storage.is_current(url)
    assert rows(url)["desks"]
    assert old.read_bytes() == content


def test_a_plain_copy_with_what_stands_beside_it_is_restored_whole(
    url: str, file: Path, tmp_path: Path
) -> None:
    """As it is left after a kill: the last posts are in the file beside it alone."""
    team = at_work(url)
    copy = tmp_path / "copied.db"
    copy.write_bytes(file.read_bytes())
    Path(f"{copy}-wal").write_bytes(Path(f"{file}-wal").read_bytes())
    expected = rows(url)
    team.store.close()
    storage.restore(url, copy, NOW)
    assert rows(url)["posts"] == expected["posts"] != []


@pytest.mark.parametrize("asked", ["exists", "is_file"])
def test_what_may_not_be_seen_is_a_sentence(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """Root may look anywhere, so the system's answer is the one thing to stand in for."""

    def hidden(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, asked, hidden)
    with pytest.raises(storage.StorageError, match=r"can't be backed up to .*: Permission denied$"):
        storage.back_up(url, tmp_path / "backup.db")
    if asked == "is_file":
        with pytest.raises(storage.StorageError, match=r"can't be restored: Permission denied$"):
            storage.restore(url, tmp_path / "backup.db", NOW)
        with pytest.raises(storage.StorageError, match="Permission denied"):
            storage.is_there(url)


def test_what_root_restores_belongs_to_who_had_it(
    url: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was root's, and Copydesk's own user couldn't open it."""
    storage.back_up(url, tmp_path / "backup.db")
    given: dict[str, tuple[int, int]] = {}
    monkeypatch.setattr("storage.backups.os.geteuid", lambda: 0)
    monkeypatch.setattr(
        "storage.backups.os.chown", lambda path, *owner: given.update({path.name: owner})
    )
    restored = storage.restore(url, tmp_path / "backup.db", NOW)
    assert restored.aside is not None
    had_it = file.stat().st_uid, file.stat().st_gid
    assert given == dict.fromkeys(("copydesk.db.restoring", restored.aside.name), had_it)
