"""What the environment, and a `.env` file beside it, ask for."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import dotenv
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import CannotStart

SLACK_API = "https://slack.com/api/"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

# https://docs.slack.dev/authentication/tokens
BOT_TOKEN_PREFIX = "xoxb-"
APP_TOKEN_PREFIX = "xapp-"


class SettingsError(CannotStart):
    """A setting is missing or wrong; the sentence names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that shows itself only when asked: not in a log line, a repr or a traceback."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        """The text itself, for the one who needs it."""
        return self._text

    def __str__(self) -> str:
        return "(secret)"


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """The door to one workspace."""

    bot_token: Secret
    app_token: Secret
    api_url: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set. `slack` is None where the bot is to make its own playground.

    `clock_url` is where the calendar's time is asked for; None for that of this machine.
    """

    slack: SlackAccess | None
    clock_url: str | None
    database_url: Secret
    log_level: str
    playground_port: int
    data: Path

    @property
    def on_sqlite(self) -> bool:
        """Whether this is the default way: one process, one file."""
        return self.database_url.reveal().startswith("sqlite")


def load_settings(folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Reads the settings; those of the environment win over those of `folder/.env`.

    Nothing is created, and no one is called.

    Raises:
        SettingsError: one is missing or wrong.
    """
    found = {**_env_file(folder / ".env"), **environment}
    values = {name: text.strip() for name, text in found.items() if text.strip()}
    slack = _slack(values)
    data = folder / "data"
    default = data / ("playground.db" if slack is None else "copydesk.db")
    return Settings(
        slack=slack,
        clock_url=_clock_url(values.get("CLOCK_URL"), slack),
        database_url=Secret(_database_url(values.get("DATABASE_URL"), default)),
        log_level=_log_level(values.get("LOG_LEVEL", "INFO")),
        playground_port=_port(values.get("PLAYGROUND_PORT", "3080")),
        data=data,
    )


def _env_file(path: Path) -> dict[str, str]:
    try:
        return {
            name: text or "" for name, text in dotenv.dotenv_values(path, encoding="utf-8").items()
        }
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file {path} could not be read ({error}).") from error


def _slack(values: Mapping[str, str]) -> SlackAccess | None:
    bot_token, app_token = values.get("SLACK_BOT_TOKEN"), values.get("SLACK_APP_TOKEN")
    if bot_token is None and app_token is None:
        if "SLACK_API_URL" in values:
            raise SettingsError(
                "SLACK_API_URL is set, but SLACK_BOT_TOKEN and SLACK_APP_TOKEN are not: "
                "set all three, or none to try Copydesk in its playground."
            )
        return None
    if bot_token is None or app_token is None:
        here, missing = (
            ("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN")
            if bot_token is None
            else ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
        )
        raise SettingsError(
            f"{here} is set, but {missing} is not: set both to join a workspace, "
            "or neither to try Copydesk in its playground."
        )
    _check_token("SLACK_BOT_TOKEN", bot_token)
    _check_token("SLACK_APP_TOKEN", app_token)
    return SlackAccess(Secret(bot_token), Secret(app_token), _api_url(values.get("SLACK_API_URL")))


WHERE_TOKENS_ARE = {
    "SLACK_BOT_TOKEN": (
        BOT_TOKEN_PREFIX,
        'the "Bot User OAuth Token" of api.slack.com/apps > your app > OAuth & Permissions',
    ),
    "SLACK_APP_TOKEN": (
        APP_TOKEN_PREFIX,
        "an app-level token with connections:write, from api.slack.com/apps > your app > "
        "Basic Information",
    ),
}
"""For each token's setting: how it begins, and where a person finds it."""


def _check_token(name: str, token: str) -> None:
    prefix, place = WHERE_TOKENS_ARE[name]
    if token.startswith(prefix) and token.isascii() and not any(map(str.isspace, token)):
        return
    other = "SLACK_APP_TOKEN" if name == "SLACK_BOT_TOKEN" else "SLACK_BOT_TOKEN"
    if token.startswith(WHERE_TOKENS_ARE[other][0]):
        raise SettingsError(
            f"{name} holds a token that belongs in {other}: it starts with "
            f"{WHERE_TOKENS_ARE[other][0]}; {name} wants {place}, which starts with {prefix}."
        )
    raise SettingsError(
        f"{name} is not such a token: it must start with {prefix} and have no spaces in it; "
        f"copy {place}."
    )


def _api_url(text: str | None) -> str:
    if text is None:
        return SLACK_API
    try:
        url = urlsplit(text)
        usable = url.scheme in {"http", "https"} and url.hostname and url.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(
            f"SLACK_API_URL is not a web address: it must look like {SLACK_API}, "
            "and is only needed for another Slack than slack.com."
        )
    return text if text.endswith("/") else text + "/"


def _clock_url(text: str | None, slack: SlackAccess | None) -> str | None:
    """Who moves the calendar moves every deadline, so only a Slack made for trying has one."""
    if text is None:
        return None
    if slack is None:
        raise SettingsError(
            "CLOCK_URL is set, but the playground that Copydesk starts has a clock of its own: "
            "leave CLOCK_URL out."
        )
    if not _on_this_machine(slack.api_url):
        raise SettingsError(
            "CLOCK_URL is set, but SLACK_API_URL is not an address of this machine: a movable "
            "clock is for trying Copydesk in a playground, never for a real workspace. Leave "
            "CLOCK_URL out."
        )
    if not _on_this_machine(text) or urlsplit(text).scheme != "http":
        raise SettingsError(
            f"CLOCK_URL is {text!r}, and must be a playground's on this machine, such as "
            "http://127.0.0.1:3080/clock."
        )
    return text


def _on_this_machine(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _database_url(text: str | None, default: Path) -> str:
    """`storage` knows which databases there are; what it cannot know is that this one must last."""
    if text is None:
        return URL.create("sqlite", database=str(default)).render_as_string(hide_password=False)
    if text.startswith("sqlite") and _sqlite_file(text) is None:
        raise SettingsError(
            "DATABASE_URL names an SQLite database in memory, which would be forgotten at "
            "each stop: give it a file, as in sqlite:///data/copydesk.db."
        )
    return text


def _sqlite_file(url: str) -> Path | None:
    """The file of an SQLite address; None where it has none, or is no address at all."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    in_memory = parsed.database in {None, "", ":memory:"} or parsed.query.get("mode") == "memory"
    return None if in_memory else Path(parsed.database or "").absolute()


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise SettingsError(f"LOG_LEVEL is {text!r}, and must be one of {', '.join(LOG_LEVELS)}.")
    return text.upper()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 65535:
        raise SettingsError(
            f"PLAYGROUND_PORT is {text!r}, and must be a number from 1 to 65535 "
            "(or 0 for any that is free)."
        )
    return int(text)


def prepare_folders(settings: Settings) -> None:
    """Makes the folders that the database's file and the playground's state go to.

    Raises:
        SettingsError: one cannot be made, or not be written to.
    """
    folders = set[Path]()
    file = _sqlite_file(settings.database_url.reveal()) if settings.on_sqlite else None
    if file is not None:
        folders.add(file.parent)
    if settings.slack is None:
        folders.add(settings.data)
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"The folder {folder}, for the database, cannot be made ({error.strerror}): "
                "make it yourself, or set DATABASE_URL to another place."
            ) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise SettingsError(
                f"The folder {folder}, for the database, cannot be written to: give its owner's "
                "rights to whom Copydesk runs as, or set DATABASE_URL to another place."
            )
