"""The commands that look after the record, as processes, beside the running bot and without it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.test_start import refused
from tests.bot_process import BotProcess, slack_settings
from tests.player import Playground, wait_until


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
