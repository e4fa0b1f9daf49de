"""The commands that look after the record, as processes, beside the running bot and without it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import data
from bot.settings import load_settings
from operations import exports
from operations.exports import Exported
from rules.desks import Desk
from storage import Store
from tests.bot.test_start import PUT_RIGHT_FIRST, START_AGAIN, refused
from tests.bot_process import BotProcess, slack_settings
from tests.newsroom import Newsroom, postgres_with_tables, sqlite_with_tables, store, team
from tests.player import Playground, wait_until

__all__ = ["postgres_with_tables", "sqlite_with_tables", "store", "team"]


@pytest.fixture(scope="module")
def playground() -> Iterator[Playground]:
    with Playground() as started:
        yield started


def done(folder: Path, settings: dict[str, str], *arguments: str) -> str:
    """What a command says that ends well."""
    (folder / "stdout").unlink(missing_ok=True)
    with BotProcess(folder, settings, ("bot", *arguments)) as command:
        assert command.wait() == 0, command.stderr
        return command.stdout


def test_a_second_process_is_refused_and_backups_are_made(
    playground: Playground, tmp_path: Path
) -> None:
    settings = slack_settings(playground)
    (elsewhere := tmp_path / "elsewhere").mkdir()
    url = f"sqlite:///{tmp_path / 'data' / 'copydesk.db'}"
    beside = settings | {"DATABASE_URL": url}
    with BotProcess(tmp_path, settings) as bot:
        playground.wait_for_app()
        for command in ((), ("worker",), ("migrate",), ("restore", str(tmp_path / "backup.db"))):
            said = refused(elsewhere, beside, *command)
            assert f"python -m bot (process {bot.process.pid}) is using" in said
            assert "PostgreSQL" in said
            (elsewhere / "stderr").unlink()
        said = done(elsewhere, beside, "backup", str(tmp_path / "backup.db"))
        assert "backup.db is made, and checked: 0 desks, 0 posts" in said
        assert bot.running()
        bot.kill()
    wait_until(lambda: playground.connected() == 0, "the bot is gone")
    said = done(elsewhere, beside, "restore", str(tmp_path / "backup.db"))
    assert "is restored" in said
    assert "copydesk-before-restore-" in said
    with BotProcess(tmp_path, settings) as bot:
        playground.wait_for_app()
        assert bot.stop() == 0


def test_a_desk_is_exported_to_a_new_file_or_printed(tmp_path: Path, team: Newsroom) -> None:
    ann = team.person("Ann é")
    team.draft(ann, team.desk(ann, team.person("ben"), channel="C0SOCIAL"))
    settings = {"DATABASE_URL": team.store.engine.url.render_as_string(hide_password=False)}
    printed = done(tmp_path, settings, "export", "C0SOCIAL", "--format", "json")
    assert [post["owner"] for post in json.loads(printed)["posts"]] == ["Ann é"]

    if Path("/dev/full").exists():
        (tmp_path / "stdout").unlink()
        (tmp_path / "stdout").symlink_to("/dev/full")
        with BotProcess(tmp_path, settings, ("bot", "export", "C0SOCIAL")) as command:
            assert command.wait() == PUT_RIGHT_FIRST
        last = "Copydesk: What is printed can't be written: No space left on device."
        assert command.stderr.splitlines() == [last]
        (tmp_path / "stderr").unlink()

    to = tmp_path / "social.csv"
    done(tmp_path, settings, "export", "C0SOCIAL", "--to", str(to))
    assert to.read_bytes().count(b"\r\n") == 2
    assert to.stat().st_mode & 0o777 == 0o600
    before = to.read_bytes()
    said = refused(tmp_path, settings, "export", "C0SOCIAL", "--to", str(to))
    assert "isn't overwritten" in said
    assert to.read_bytes() == before


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_who_reads_slowly_gets_the_whole_export(
    tmp_path: Path, team: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL must not end its one transaction where `less` waits for somebody to read on."""
    team.desk(team.person("ann"), team.person("ben"), channel="C0SOCIAL")
    url = team.store.engine.url.render_as_string(hide_password=False)
    settings = load_settings(tmp_path, {"DATABASE_URL": url})
    ended_after = []

    def posts_of(store: Store, _desk: Desk) -> Iterator[Exported]:
        with store.read() as tx:
            query = "SHOW idle_in_transaction_session_timeout"
            ended_after.append(tx.exec_driver_sql(query).scalar_one())
        return iter(())

    monkeypatch.setattr(data, "do", lambda work: work(settings))
    monkeypatch.setattr(exports, "posts_of", posts_of)
    to = str(tmp_path / "social.csv")
    data.export.main(["C0SOCIAL", "--to", to], standalone_mode=False)
    assert ended_after == ["0"]


@pytest.mark.parametrize(
    ("url", "arguments", "says"),
    [
        ("sqlite:///copydesk.db", ("export", "C0SOCIAL"), "There is no database yet"),
        ("sqlite:///empty.db", ("export", "C0SOCIAL"), "python -m bot migrate"),
        ("sqlite:///made.db", ("export", "C0SOCIAL"), "No desk was set up in a channel C0SOCIAL"),
        ("sqlite:///copydesk.db", ("backup", "b.db"), "There is no database"),
        ("sqlite:///copydesk.db", ("restore", "b.db"), "There is no file b.db"),
        ("postgresql://desk:hush@127.0.0.1:1/x", ("backup", "b.db"), "pg_dump"),
        ("postgresql://desk:hush@127.0.0.1:1/x", ("restore", "b.db"), "pg_restore"),
        ("sqlite:///made.db", ("copy-to", "sqlite:///other.db"), "from SQLite to PostgreSQL"),
        ("sqlite:///made.db", ("copy-to", "postgresql://u:p@hush:1@h/x"), "What follows the comm"),
    ],
)
def test_what_is_in_the_way_is_a_sentence(
    tmp_path: Path, sqlite_with_tables: Path, url: str, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "empty.db").touch()
    (tmp_path / "made.db").write_bytes(sqlite_with_tables.read_bytes())
    assert says in refused(tmp_path, {"DATABASE_URL": url}, *arguments)
    assert not (tmp_path / "copydesk.db").exists()


def test_a_postgresql_that_is_away_may_be_copied_to_later(
    tmp_path: Path, sqlite_with_tables: Path
) -> None:
    (tmp_path / "made.db").write_bytes(sqlite_with_tables.read_bytes())
    arguments = ("copy-to", "postgresql://desk:hush@127.0.0.1:1/x")
    settings = {"DATABASE_URL": "sqlite:///made.db"}
    assert "127.0.0.1" in refused(tmp_path, settings, *arguments, code=START_AGAIN)
