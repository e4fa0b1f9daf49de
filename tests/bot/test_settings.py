"""What the environment and `.env` may say, and the sentence for what they may not."""

import re
from pathlib import Path

import pytest

from bot.access import (
    SLACK_API,
    ByInstallation,
    Http,
    OneWorkspace,
    Secret,
    SettingsError,
    SocketMode,
)
from bot.settings import load_settings, prepare_folders

BOT = "xoxb-1-secret"
APP = "xapp-1-secret"
CLOCK = "http://127.0.0.1:3080/clock"
LOCAL = "http://127.0.0.1:3080/api/"
TOKENS = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}
SIGNING = "0123456789abcdef-secret"
HTTP = {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SIGNING}
SEVERAL = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "the-secret",
    "SLACK_SIGNING_SECRET": SIGNING,
}


def test_with_nothing_set_it_is_the_playground_on_a_file_of_its_own(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings.slack is None
    assert settings.database_url.reveal() == f"sqlite:///{tmp_path / 'data' / 'playground.db'}"
    assert (settings.log_level, settings.playground_port) == ("INFO", 3080)
    assert list(tmp_path.iterdir()) == []


def test_with_both_tokens_it_is_slack(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, TOKENS)
    assert settings.slack is not None
    assert settings.slack.tokens == OneWorkspace(Secret(BOT))
    assert settings.slack.door == SocketMode(Secret(APP))
    assert settings.slack.api_url == SLACK_API
    assert settings.database_url.reveal().endswith("/data/copydesk.db")


def test_with_a_signing_secret_it_is_http(tmp_path: Path) -> None:
    for port, environment in ((3000, HTTP), (8080, HTTP | {"PORT": "8080"})):
        settings = load_settings(tmp_path, environment)
        assert settings.slack is not None
        assert settings.slack.door == Http(Secret(SIGNING), port)
        assert settings.slack.tokens == OneWorkspace(Secret(BOT))


def test_with_a_client_secret_it_is_several_workspaces(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, SEVERAL)
    assert settings.slack is not None
    assert settings.slack.door == Http(Secret(SIGNING), 3000)
    assert settings.slack.tokens == ByInstallation("1.2", Secret("the-secret"))
    assert "the-secret" not in repr(settings)


def test_an_app_token_beside_it_is_socket_mode_whatever_the_port(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, HTTP | TOKENS | {"PORT": "any"})
    assert settings.slack is not None
    assert settings.slack.door == SocketMode(Secret(APP))


def test_the_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        f"SLACK_BOT_TOKEN={BOT}\nSLACK_APP_TOKEN='{APP}'\nLOG_LEVEL=debug\nPLAYGROUND_PORT=\n"
    )
    settings = load_settings(tmp_path, {"LOG_LEVEL": "warning", "SLACK_APP_TOKEN": " xapp-2 "})
    assert settings.slack is not None
    assert settings.slack.tokens == OneWorkspace(Secret(BOT))
    assert settings.slack.door == SocketMode(Secret("xapp-2"))
    assert settings.log_level == "WARNING"
    assert settings.playground_port == 3080


def test_the_example_is_a_file_that_can_be_used_as_it_stands(root: Path, tmp_path: Path) -> None:
    without = load_settings(tmp_path, {})
    (tmp_path / ".env").write_bytes((root / ".env.example").read_bytes())
    assert load_settings(tmp_path, {}) == without


def test_the_example_names_each_setting_that_the_code_reads(root: Path) -> None:
    files = (root / "bot" / "settings.py", root / "bot" / "access.py")
    code = "\n".join(file.read_text("utf-8") for file in files)
    read = set(re.findall(r"\"([A-Z]+_[A-Z_]+|PORT|METRICS)\"", code))
    named = re.findall(r"^([A-Z_]+)=", (root / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert sorted(read) == sorted(named)


def test_the_api_url_gets_its_slash(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, TOKENS | {"SLACK_API_URL": "http://127.0.0.1:1/api"})
    assert settings.slack is not None
    assert settings.slack.api_url == "http://127.0.0.1:1/api/"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"])
def test_a_slack_on_this_machine_may_have_a_clock(tmp_path: Path, host: str) -> None:
    local = {"SLACK_API_URL": f"http://{host}:3080/api/", "CLOCK_URL": CLOCK}
    assert load_settings(tmp_path, TOKENS | local).clock_url == CLOCK
    assert load_settings(tmp_path, TOKENS).clock_url is None


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SLACK_BOT_TOKEN": BOT}, ["SLACK_BOT_TOKEN is set", "SLACK_APP_TOKEN is not"]),
        ({"SLACK_APP_TOKEN": APP}, ["SLACK_APP_TOKEN is set", "SLACK_BOT_TOKEN is not"]),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": " "}, ["SLACK_APP_TOKEN is not"]),
        (
            {"SLACK_BOT_TOKEN": APP, "SLACK_APP_TOKEN": BOT},
            ["SLACK_BOT_TOKEN holds", "belongs in SLACK_APP_TOKEN"],
        ),
        ({"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": BOT}, ["belongs in SLACK_BOT_TOKEN"]),
        (TOKENS | {"SLACK_BOT_TOKEN": "xoxp-1-hush"}, ["SLACK_BOT_TOKEN", "xoxb-"]),
        (TOKENS | {"SLACK_APP_TOKEN": "xapp-1 hush"}, ["SLACK_APP_TOKEN", "no spaces"]),
        ({"SLACK_BOT_TOKEN": BOT}, ["nor is SLACK_SIGNING_SECRET", "Socket Mode", "HTTP"]),
        (
            {"SLACK_SIGNING_SECRET": SIGNING},
            ["SLACK_SIGNING_SECRET is set", "SLACK_BOT_TOKEN is not"],
        ),
        *(
            (HTTP | {"SLACK_SIGNING_SECRET": text}, ["SLACK_SIGNING_SECRET is not such a secret"])
            for text in (APP, "0123456789 abcdef", "short", "0123456789abcdéf")
        ),
        (SEVERAL | {"SLACK_BOT_TOKEN": BOT}, ["SLACK_BOT_TOKEN too", "several workspaces"]),
        (SEVERAL | {"SLACK_APP_TOKEN": APP}, ["SLACK_APP_TOKEN too", "over HTTP"]),
        *(
            (SEVERAL | {missing: ""}, [f"{missing} is not set", "Basic Information"])
            for missing in SEVERAL
        ),
        (HTTP | {"PORT": "https"}, ["PORT is 'https'", "number"]),
        ({"SLACK_API_URL": "http://127.0.0.1/api/"}, ["SLACK_API_URL is set", "are not"]),
        (TOKENS | {"SLACK_API_URL": "slack.com/api"}, ["SLACK_API_URL", "web address"]),
        (TOKENS | {"SLACK_API_URL": "http://[:/"}, ["SLACK_API_URL", "web address"]),
        ({"CLOCK_URL": CLOCK}, ["CLOCK_URL is set", "a clock of its own"]),
        (TOKENS | {"CLOCK_URL": CLOCK}, ["CLOCK_URL is set", "SLACK_API_URL is not"]),
        (
            TOKENS | {"CLOCK_URL": CLOCK, "SLACK_API_URL": "https://slack.example/api/"},
            ["never for a real workspace"],
        ),
        (
            TOKENS | {"CLOCK_URL": CLOCK, "SLACK_API_URL": "http://127.0.0.1.example/api/"},
            ["never for a real workspace"],
        ),
        *(
            (TOKENS | {"CLOCK_URL": url, "SLACK_API_URL": LOCAL}, ["CLOCK_URL is", "must be"])
            for url in ("http://10.0.0.1/clock", "https://127.0.0.1/clock", "clock", "http://[:/")
        ),
        ({"DATABASE_URL": "sqlite://"}, ["in memory"]),
        ({"DATABASE_URL": "sqlite:///:memory:"}, ["in memory"]),
        ({"DATABASE_URL": "sqlite:///file:x?mode=memory&uri=true"}, ["in memory"]),
        ({"LOG_LEVEL": "loud"}, ["LOG_LEVEL", "DEBUG, INFO, WARNING, ERROR"]),
        ({"LOG_FORMAT": "xml"}, ["LOG_FORMAT", "text, json"]),
        ({"METRICS": "yes", "HEALTH_PORT": "1"}, ["METRICS", "on, off"]),
        ({"METRICS": "on"}, ["METRICS", "HEALTH_PORT"]),
        ({"HEALTH_PORT": "x"}, ["HEALTH_PORT", "number"]),
        (
            {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": "0" * 32, "HEALTH_PORT": "3000"},
            ["HEALTH_PORT and PORT are both 3000"],
        ),
        ({"PLAYGROUND_PORT": "http"}, ["PLAYGROUND_PORT", "number"]),
        ({"PLAYGROUND_PORT": "65536"}, ["PLAYGROUND_PORT", "65535"]),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(
    tmp_path: Path, environment: dict[str, str], words: list[str]
) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(tmp_path, environment)
    sentence = str(raised.value)
    assert all(word in sentence for word in words)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "hush" not in sentence


def test_an_env_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SLACK_BOT_TOKEN=\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env could not be read"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("line", ['SLACK_BOT_TOKEN="xoxb-1-hush', "SLACK_BOT_TOKEN: xoxb-1-hush"])
def test_a_line_of_the_env_file_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    """Overlooked, it would leave its token out, and the bot would start in a playground."""
    (tmp_path / ".env").write_text(f"# Settings\n\n{line}\nLOG_LEVEL=INFO\n")
    with pytest.raises(SettingsError, match=r"Line 3 of the file .*\.env is not a setting") as said:
        load_settings(tmp_path, {})
    assert "hush" not in str(said.value)


def test_an_env_file_from_another_editor(tmp_path: Path) -> None:
    lines = ["\ufeffexport SLACK_BOT_TOKEN = 'xoxb-1-secret' # ours", f'SLACK_APP_TOKEN="{APP}"']
    (tmp_path / ".env").write_bytes("\r\n".join(lines).encode())
    slack = load_settings(tmp_path, {}).slack
    assert slack is not None
    assert (slack.tokens, slack.door) == (OneWorkspace(Secret(BOT)), SocketMode(Secret(APP)))


def test_secrets_show_in_no_repr(tmp_path: Path) -> None:
    settings = load_settings(
        tmp_path, TOKENS | {"DATABASE_URL": "postgresql://desk:hush-hush@db/copydesk"}
    )
    shown = f"{settings!r} {settings} {Secret('hush-hush')} {[Secret('hush-hush')]}"
    assert "hush" not in shown
    assert "-secret" not in shown


def test_folders_are_made(tmp_path: Path) -> None:
    database = tmp_path / "deep" / "down" / "x.db"
    settings = load_settings(tmp_path, {"DATABASE_URL": f"sqlite:///{database}"})
    prepare_folders(settings)
    assert database.parent.is_dir()
    assert (tmp_path / "data").is_dir()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the way")
    with pytest.raises(SettingsError, match=r"folder .*/data, .* cannot be made \(File exists\)"):
        prepare_folders(load_settings(tmp_path, TOKENS))


def test_a_folder_that_cannot_be_written_to_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write anywhere, so the system's answer is the one thing to stand in for.
    monkeypatch.setattr("bot.settings.os.access", lambda path, mode: False)
    with pytest.raises(SettingsError, match=r"folder .*/data, .* cannot be written to"):
        prepare_folders(load_settings(tmp_path, TOKENS))
