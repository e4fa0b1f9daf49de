"""What the environment, and a `.env` file beside it, ask for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import dotenv
from dotenv.parser import parse_stream
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.access import Http, Secret, SettingsError, SlackAccess, on_this_machine, port, slack_access

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("text", "json")


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set. `slack` is None where the bot is to make its own playground.

    `clock_url` is where the calendar's time is asked for; None for that of this machine.
    `health_port` is for those who watch over the process; None for none.
    """

    slack: SlackAccess | None
    clock_url: str | None
    database_url: Secret
    log_level: str
    log_as_json: bool
    health_port: int | None
    metrics: bool
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
    slack = slack_access(values)
    data = folder / "data"
    default = data / ("playground.db" if slack is None else "copydesk.db")
    return Settings(
        slack=slack,
        clock_url=_clock_url(values.get("CLOCK_URL"), slack),
        database_url=Secret(_database_url(values.get("DATABASE_URL"), default)),
        log_level=_log_level(values.get("LOG_LEVEL", "INFO")),
        log_as_json=_one_of("LOG_FORMAT", values.get("LOG_FORMAT", "text"), LOG_FORMATS) == "json",
        health_port=_health_port(values, slack),
        metrics=_metrics(values),
        playground_port=port("PLAYGROUND_PORT", values.get("PLAYGROUND_PORT", "3080")),
        data=data,
    )


def _env_file(path: Path) -> dict[str, str]:
    """The library overlooks a line that it can't read; without its token, the bot would start in a
    playground."""
    try:
        lines = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file {path} could not be read ({error}).") from error
    for binding in parse_stream(StringIO(lines)):
        if binding.error:
            text = binding.original.string
            blank = text.removesuffix(text.lstrip())  # lines before it are its beginning
            number = binding.original.line + blank.count("\n")
            raise SettingsError(
                f"Line {number} of the file {path} is not a setting: write "
                "NAME=value, and where the value begins with a quote, end it with the same."
            )
    return {name: text or "" for name, text in dotenv.dotenv_values(stream=StringIO(lines)).items()}


def _clock_url(text: str | None, slack: SlackAccess | None) -> str | None:
    """Who moves the calendar moves every deadline, so only a Slack made for trying has one."""
    if text is None:
        return None
    if slack is None:
        raise SettingsError(
            "CLOCK_URL is set, but the playground that Copydesk starts has a clock of its own: "
            "leave CLOCK_URL out."
        )
    if not on_this_machine(slack.api_url):
        raise SettingsError(
            "CLOCK_URL is set, but SLACK_API_URL is not an address of this machine: a movable "
            "clock is for trying Copydesk in a playground, never for a real workspace. Leave "
            "CLOCK_URL out."
        )
    if not on_this_machine(text) or urlsplit(text).scheme != "http":
        raise SettingsError(
            f"CLOCK_URL is {text!r}, and must be a playground's on this machine, such as "
            "http://127.0.0.1:3080/clock."
        )
    return text


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
    except (ArgumentError, ValueError):  # of a port that is no number
        return None
    in_memory = parsed.database in {None, "", ":memory:"} or parsed.query.get("mode") == "memory"
    return None if in_memory else Path(parsed.database or "").absolute()


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text.lower() not in allowed:
        raise SettingsError(f"{name} is {text!r}, and must be one of {', '.join(allowed)}.")
    return text.lower()


def _health_port(values: Mapping[str, str], slack: SlackAccess | None) -> int | None:
    if "HEALTH_PORT" not in values:
        return None
    found = port("HEALTH_PORT", values["HEALTH_PORT"])
    if found and slack is not None and isinstance(slack.door, Http) and found == slack.door.port:
        raise SettingsError(
            f"HEALTH_PORT and PORT are both {found}: the internet reaches PORT, so give what only "
            "your own machines should read another one."
        )
    return found


def _metrics(values: Mapping[str, str]) -> bool:
    is_on = _one_of("METRICS", values.get("METRICS", "off"), ("on", "off")) == "on"
    if is_on and "HEALTH_PORT" not in values:
        raise SettingsError(
            "METRICS is on, but HEALTH_PORT is not set: set it to the port that Prometheus reads."
        )
    return is_on


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise SettingsError(f"LOG_LEVEL is {text!r}, and must be one of {', '.join(LOG_LEVELS)}.")
    return text.upper()


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
