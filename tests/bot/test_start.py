"""`python -m bot` as a process: how it starts, and the one sentence when it cannot."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.bot_process import BotProcess, slack_settings
from tests.player import MANIFEST, Playground, wait_until


@pytest.fixture(scope="module")
def one_playground() -> Iterator[Playground]:
    with Playground() as started:
        yield started


@pytest.fixture
def playground(one_playground: Playground) -> Iterator[Playground]:
    """One for all of these tests: each leaves it as it found it."""
    yield one_playground
    one_playground.clear_faults()
    one_playground.refuse_sockets(0)
    one_playground.revoke_tokens(False)
    wait_until(lambda: one_playground.connected() == 0, "the bot is gone")


PUT_RIGHT_FIRST = 2
START_AGAIN = 1


def refused(
    folder: Path, settings: dict[str, str], *arguments: str, code: int = PUT_RIGHT_FIRST
) -> str:
    """Starts the bot, which must give up with this code, and nothing but one sentence, returned."""
    with BotProcess(folder, settings, ("bot", *arguments)) as bot:
        assert bot.wait() == code
        said = bot.stderr
        assert bot.stdout == ""
    assert said.startswith("Copydesk: ")
    assert said.count("\n") == 1
    assert said.endswith(".\n")
    for secret in ("xoxb-test", "xapp-test", "hush"):
        assert secret not in said
    return said


def test_with_two_tokens_it_joins_and_makes_its_database(
    playground: Playground, tmp_path: Path
) -> None:
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        playground.wait_for_app()
        wait_until(lambda: "Listening in the workspace" in bot.stderr, "it says so")
        assert bot.stop() == 0
        assert playground.connected() == 0
    assert bot.stdout == ""
    assert "WARNING" not in bot.stderr
    assert "ERROR" not in bot.stderr
    for secret in (playground.bot_token, playground.app_token):
        assert secret not in bot.stderr
    with sqlite3.connect(tmp_path / "data" / "copydesk.db") as database:
        assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


@pytest.mark.parametrize("level", ["DEBUG", "ERROR"])
def test_no_secret_is_logged_at_any_level(
    playground: Playground, tmp_path: Path, level: str
) -> None:
    with BotProcess(tmp_path, slack_settings(playground) | {"LOG_LEVEL": level}) as bot:
        playground.wait_for_app()
        maya = playground.player("U0MAYA")
        maya.command("C0SOCIAL", "/desk help")
        maya.say(maya.direct(), "Between us")
        maya.wait_for_dm("What Copydesk can do")
        assert bot.stop() == 0
    written = bot.stderr
    assert playground.bot_token not in written
    assert playground.app_token not in written
    assert "ticket=" not in written.replace("ticket=***", "")
    assert "response_url" not in written
    assert "Between us" not in written
    assert "blocks" not in written
    assert (written == "") == (level == "ERROR")


@pytest.mark.parametrize(
    ("method", "kind", "words"),
    [
        ("auth.test", "500", ["answered 500", "not your token's"]),
        ("auth.test", "html", ["answered 5", "not your token's"]),
        ("auth.test", "429", ["patience"]),
        ("auth.test", "nothing", ["hung up without an answer"]),
        ("apps.connections.open", "500", ["answered 500", "not your token's"]),
        ("apps.connections.open", "nothing", ["hung up without an answer"]),
    ],
)
def test_slacks_trouble_is_not_called_the_tokens(
    playground: Playground, tmp_path: Path, method: str, kind: str, words: list[str]
) -> None:
    playground.fault(method, kind)
    said = refused(tmp_path, slack_settings(playground), code=START_AGAIN)
    assert all(word in said for word in words), said
    assert "invalid" not in said


def test_a_slack_that_cannot_be_reached(playground: Playground, tmp_path: Path) -> None:
    settings = slack_settings(playground) | {"SLACK_API_URL": "http://127.0.0.1:1/api/"}
    assert "could not be reached" in refused(tmp_path, settings, code=START_AGAIN)


def test_an_address_that_cannot_be_connected_to(playground: Playground, tmp_path: Path) -> None:
    playground.refuse_sockets()
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        assert bot.wait() == START_AGAIN
    assert "its Socket Mode address could not be connected to" in bot.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("setting", "token"),
    [("SLACK_BOT_TOKEN", "xoxb-test-hush"), ("SLACK_APP_TOKEN", "xapp-test-hush")],
)
def test_a_token_that_slack_does_not_know_is_named(
    playground: Playground, tmp_path: Path, setting: str, token: str
) -> None:
    said = refused(tmp_path, slack_settings(playground) | {setting: token})
    assert f"does not know the token in {setting}" in said


def test_a_revoked_token_is_named(playground: Playground, tmp_path: Path) -> None:
    playground.revoke_tokens()
    assert "SLACK_BOT_TOKEN" in refused(tmp_path, slack_settings(playground))


def test_missing_scopes_are_warned_of(playground: Playground, tmp_path: Path) -> None:
    asked_for = yaml.safe_load(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]
    playground.grant("chat:write", "commands")
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        wait_until(lambda: "has not granted" in bot.stderr, "the warning")
        assert "users:read, channels:read, groups:read, im:history" in bot.stderr
        playground.wait_for_app()
    playground.grant(*asked_for["bot"], *asked_for["bot_optional"])


def test_a_wrong_setting(tmp_path: Path) -> None:
    assert "SLACK_APP_TOKEN is not" in refused(tmp_path, {"SLACK_BOT_TOKEN": "xoxb-test-hush"})


@pytest.mark.parametrize(
    ("url", "words", "code"),
    [
        ("mysql://desk:hush@localhost/x", ["mysql", "SQLite"], PUT_RIGHT_FIRST),
        ("not an address", ["DATABASE_URL"], PUT_RIGHT_FIRST),
        ("postgresql://desk:p@hush:1@127.0.0.1/x", ["DATABASE_URL", "%40"], PUT_RIGHT_FIRST),
        ("sqlite://x:y/x.db", ["DATABASE_URL"], PUT_RIGHT_FIRST),
        ("postgresql://desk:hush@127.0.0.1:1/copydesk", ["127.0.0.1", "just now"], START_AGAIN),
        ("sqlite:////proc/copydesk/x.db", ["/proc/copydesk", "cannot be made"], PUT_RIGHT_FIRST),
        ("sqlite:///folder", ["folder"], PUT_RIGHT_FIRST),
        ("sqlite:///letter.txt", ["letter.txt"], PUT_RIGHT_FIRST),
    ],
)
@pytest.mark.parametrize("arguments", [(), ("migrate",)])
def test_a_database_that_cannot_be_used(
    tmp_path: Path, url: str, words: list[str], code: int, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "letter.txt").write_text("Dear database, " * 100)
    settings = {"DATABASE_URL": url, "PLAYGROUND_PORT": "0"}
    said = refused(tmp_path, settings, *arguments, code=code)
    assert all(word in said for word in words), said


def test_postgresql_is_migrated_by_a_command_of_its_own(
    playground: Playground, tmp_path: Path, postgres_url: str
) -> None:
    settings = slack_settings(playground) | {"DATABASE_URL": postgres_url}
    assert "python -m bot migrate" in refused(tmp_path, settings)
    with BotProcess(tmp_path, settings, ("bot", "migrate")) as migrating:
        assert migrating.wait() == 0
        assert migrating.stdout == "The database is ready.\n"

    with BotProcess(tmp_path, settings) as bot:
        playground.wait_for_app()
        assert bot.stop() == 0


def test_a_postgresql_that_knows_no_such_database(tmp_path: Path, postgres_url: str) -> None:
    settings = {"DATABASE_URL": postgres_url.replace("/test_", "/no_test_"), "PLAYGROUND_PORT": "0"}
    assert "does not exist" in refused(tmp_path, settings, code=PUT_RIGHT_FIRST)


def test_an_unknown_command_is_a_usage_error(tmp_path: Path) -> None:
    with BotProcess(tmp_path, {}, ("bot", "fly")) as bot:
        assert bot.wait() == 2
    assert "No such command 'fly'" in bot.stderr
