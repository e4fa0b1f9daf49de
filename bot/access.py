"""The settings that say which Slack it is, how it reaches us and how we reach it."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.errors import CannotStart

SLACK_API = "https://slack.com/api/"

# https://docs.slack.dev/authentication/tokens
BOT_TOKEN_PREFIX = "xoxb-"
APP_TOKEN_PREFIX = "xapp-"
_SIGNING_SECRET_LENGTH = 16


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
class SocketMode:
    """Slack's requests come over a connection that Copydesk opens."""

    app_token: Secret


@dataclass(frozen=True, slots=True)
class Http:
    """Slack's requests come to a port of this machine."""

    signing_secret: Secret
    port: int


@dataclass(frozen=True, slots=True)
class OneWorkspace:
    """The app is installed in one workspace, and this is its token there."""

    bot_token: Secret


@dataclass(frozen=True, slots=True)
class ByInstallation:
    """The app is installed by OAuth, in as many workspaces as want it; the database has their
    tokens."""

    client_id: str
    client_secret: Secret


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """How Slack reaches us, how we reach Slack, and where its Web API is."""

    door: SocketMode | Http
    tokens: OneWorkspace | ByInstallation
    api_url: str


def slack_access(values: Mapping[str, str]) -> SlackAccess | None:
    """What the settings say; None where they say nothing of Slack. An app token decides for Socket
    Mode, since that app's signing secret may well stand beside it.

    Raises:
        SettingsError: one is missing or wrong.
    """
    bot_token, app_token = values.get("SLACK_BOT_TOKEN"), values.get("SLACK_APP_TOKEN")
    signing_secret = values.get("SLACK_SIGNING_SECRET")
    if "SLACK_CLIENT_ID" in values or "SLACK_CLIENT_SECRET" in values:
        return _by_installation(values)
    if bot_token is None:
        if app_token is None and signing_secret is None:
            _refuse_api_url_alone(values)
            return None
        here = "SLACK_SIGNING_SECRET" if app_token is None else "SLACK_APP_TOKEN"
        raise SettingsError(
            f"{here} is set, but SLACK_BOT_TOKEN is not: set it to join a workspace, "
            "or neither to try Copydesk in its playground."
        )
    _check_token("SLACK_BOT_TOKEN", bot_token)
    if app_token is not None:
        _check_token("SLACK_APP_TOKEN", app_token)
        door: SocketMode | Http = SocketMode(Secret(app_token))
    elif signing_secret is not None:
        _check_signing_secret(signing_secret)
        door = Http(Secret(signing_secret), port("PORT", values.get("PORT", "3000")))
    else:
        raise SettingsError(
            "SLACK_BOT_TOKEN is set, but SLACK_APP_TOKEN is not, nor is SLACK_SIGNING_SECRET: set "
            "the first for Socket Mode or the second for HTTP, or none of the three to try "
            "Copydesk in its playground."
        )
    tokens = OneWorkspace(Secret(bot_token))
    return SlackAccess(door, tokens, _api_url(values.get("SLACK_API_URL")))


def _by_installation(values: Mapping[str, str]) -> SlackAccess:
    """OAuth needs a page that a browser can open, so it goes with HTTP only."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        if name in values:
            raise SettingsError(
                f"SLACK_CLIENT_ID or SLACK_CLIENT_SECRET is set, and {name} too: the first two are "
                "for an app that is installed in several workspaces, over HTTP; leave out the one "
                "or the others."
            )
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"):
        if name not in values:
            raise SettingsError(
                f"{name} is not set: for several workspaces set SLACK_CLIENT_ID, "
                "SLACK_CLIENT_SECRET and SLACK_SIGNING_SECRET, all three from api.slack.com/apps > "
                "your app > Basic Information."
            )
    _check_signing_secret(values["SLACK_SIGNING_SECRET"])
    door = Http(Secret(values["SLACK_SIGNING_SECRET"]), port("PORT", values.get("PORT", "3000")))
    tokens = ByInstallation(values["SLACK_CLIENT_ID"], Secret(values["SLACK_CLIENT_SECRET"]))
    return SlackAccess(door, tokens, _api_url(values.get("SLACK_API_URL")))


def _refuse_api_url_alone(values: Mapping[str, str]) -> None:
    if "SLACK_API_URL" in values:
        raise SettingsError(
            "SLACK_API_URL is set, but SLACK_BOT_TOKEN and what goes with it are not: "
            "set them too, or none to try Copydesk in its playground."
        )


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


def _check_signing_secret(text: str) -> None:
    """Slack's have 32 characters; what is short enough to be guessed opens the door to anybody."""
    looks_right = text.isascii() and text.isprintable() and not any(map(str.isspace, text))
    if not looks_right or text.startswith("x") or len(text) < _SIGNING_SECRET_LENGTH:
        raise SettingsError(
            'SLACK_SIGNING_SECRET is not such a secret: copy the "Signing Secret" of '
            "api.slack.com/apps > your app > Basic Information, whole and without spaces."
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


def on_this_machine(url: str) -> bool:
    """Whether an address can only mean this machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def port(name: str, text: str) -> int:
    """The port that a setting names. Raises SettingsError."""
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise SettingsError(
            f"{name} is {text!r}, and must be a number from 1 to 65535 (or 0 for any that is free)."
        )
    return int(text)
