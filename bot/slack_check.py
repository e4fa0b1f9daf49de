"""Asks Slack, before anything else, whether the tokens are good, and says in a sentence if not.

Bolt would ask too, but reports each failure, a 500 of Slack's as well, as an invalid token.
"""

import http.client
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import yaml
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.access import WHERE_TOKENS_ARE, ByInstallation, OneWorkspace, SlackAccess, SocketMode
from bot.errors import CannotStart, NotNow
from handlers.clients import new_client

log = logging.getLogger(__name__)

# Slack's own trouble, by https://docs.slack.dev/reference/methods/auth.test: worth another try.
_SLACKS_TROUBLE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"}
)
_TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Joined:
    """The workspace that the tokens open, who we are there, and, in Socket Mode, the address to
    listen at (used once, at start)."""

    workspace: str
    bot_name: str
    identity: AuthorizeResult
    socket_url: str


def join(access: SlackAccess, manifest: Path) -> Joined:
    """Checks each token; warns of scopes that `manifest` asks for and the workspace hasn't given.

    Raises:
        NotNow: Slack cannot be reached, or has trouble.
        CannotStart: a token is not good.
    """
    tokens = access.tokens
    assert isinstance(tokens, OneWorkspace)  # of installations the database has the tokens
    client = quiet_client(access, tokens.bot_token.reveal())
    me = ask(access, "SLACK_BOT_TOKEN", client.auth_test)
    _warn_of_scopes(me.headers, manifest)
    socket_url = ""
    if isinstance(access.door, SocketMode):
        socket_url = ask_for_socket(access, access.door, client)
    identity = AuthorizeResult.from_auth_test_response(
        bot_token=tokens.bot_token.reveal(), auth_test_response=me
    )
    return Joined(str(me.get("team")), str(me.get("user")), identity, socket_url)


def check_client(access: SlackAccess, tokens: ByInstallation) -> None:
    """Checks the app's id and secret with a code that nobody was given: Slack refuses it, or them.

    Raises:
        NotNow: Slack cannot be reached, or has trouble.
        CannotStart: they are not good.
    """
    secret = tokens.client_secret.reveal()
    client = quiet_client(access, None)

    def asked() -> SlackResponse:
        try:
            return client.oauth_v2_access(
                client_id=tokens.client_id, client_secret=secret, code="0.0.0"
            )
        except SlackApiError as error:
            if error.response.get("error") not in {"invalid_code", "bad_redirect_uri"}:
                raise
            found: SlackResponse = error.response
            return found

    ask(access, "SLACK_CLIENT_SECRET", asked)


def quiet_client(access: SlackAccess, token: str | None) -> WebClient:
    """A client for `ask`, whose sentence is all that a person needs: the library's own lines would
    come on top."""
    quiet = logging.getLogger(f"{__name__}.library")
    quiet.setLevel(logging.CRITICAL + 1)
    return new_client(access.api_url, token, _TIMEOUT_SECONDS, logger=quiet)


def ask_for_socket(access: SlackAccess, door: SocketMode, client: WebClient) -> str:
    """Where to listen in Socket Mode, once. Raises CannotStart."""
    app_token = door.app_token.reveal()
    opened = ask(
        access, "SLACK_APP_TOKEN", lambda: client.apps_connections_open(app_token=app_token)
    )
    url = opened.get("url")
    if not isinstance(url, str):
        raise _not_slack(urlsplit(access.api_url).netloc)
    return url


def ask(access: SlackAccess, setting: str, call: Callable[[], SlackResponse]) -> SlackResponse:
    """What Slack answers to a call with the token of a setting. Raises CannotStart; NotNow, where
    Slack can't be reached, or has trouble."""
    host = urlsplit(access.api_url).netloc
    try:
        return call()
    except SlackApiError as error:
        raise _refusal(setting, host, error.response) from error
    except (TimeoutError, URLError, http.client.HTTPException, OSError) as error:
        raise _unreachable(host, error) from error
    except (ValueError, AttributeError, TypeError) as error:
        # JSON, but not Slack's: the library trips over a list or a number.
        raise _not_slack(host) from error


def _unreachable(host: str, error: Exception) -> CannotStart:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return NotNow(
            f"Slack did not answer within {_TIMEOUT_SECONDS} seconds at {host}: check this "
            "machine's network, and try again in a minute."
        )
    if isinstance(reason, ssl.SSLError):
        return CannotStart(
            f"The connection to Slack at {host} is not safe ({reason.reason}): check this "
            "machine's clock, its certificates (Debian: the package ca-certificates) and any proxy."
        )
    if isinstance(reason, http.client.RemoteDisconnected | ConnectionResetError):
        return NotNow(f"Slack at {host} hung up without an answer at start; try again in a minute.")
    cause = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return NotNow(
        f"Slack could not be reached at {host} ({cause}): check this machine's network and, "
        "if it is set, SLACK_API_URL."
    )


def _not_slack(host: str) -> CannotStart:
    return CannotStart(
        f"What answers at {host} does not speak as Slack does: check SLACK_API_URL, and whether a "
        "proxy or a log-in page stands between."
    )


def _refusal(setting: str, host: str, response: SlackResponse) -> CannotStart:
    status = response.status_code
    data = response.data if isinstance(response.data, dict) else {}
    error = str(data.get("error", ""))
    if status >= 500:
        return NotNow(
            f"Slack answered {status} at start; this is Slack's trouble, not your token's. "
            "Try again in a minute (https://slack-status.com says more)."
        )
    if status == 429 or error == "ratelimited":
        wait = header(response.headers, "retry-after") or "60"
        return NotNow(
            f"Slack asks for patience at start: too many calls. Try again in {wait} seconds."
        )
    if error in _SLACKS_TROUBLE:
        return NotNow(
            f"Slack answered \"{error}\" at start; this is Slack's trouble, not your token's. "
            "Try again in a minute (https://slack-status.com says more)."
        )
    if not error or " " in error or status != 200:
        return _not_slack(host)
    if setting == "SLACK_CLIENT_SECRET":
        return CannotStart(
            f'Slack does not know the app of SLACK_CLIENT_ID and SLACK_CLIENT_SECRET ("{error}"): '
            "copy both again, whole, from api.slack.com/apps > your app > Basic Information."
        )
    return CannotStart(_why_token_is_refused(setting, error, str(data.get("needed", ""))))


def _why_token_is_refused(setting: str, error: str, needed: str) -> str:
    place = WHERE_TOKENS_ARE[setting][1]
    if error in {"invalid_auth", "not_authed"}:
        return (
            f'Slack does not know the token in {setting} ("{error}"): copy it again, whole. '
            f"It is {place}."
        )
    if error in {"token_revoked", "token_expired"}:
        return (
            f'The token in {setting} is no longer good ("{error}"): make a new one. It is {place}.'
        )
    if error == "account_inactive":
        return (
            f'The token in {setting} belongs to an app that was removed ("{error}"): install the '
            f"app in the workspace again, and copy the new token. It is {place}."
        )
    if error == "missing_scope":
        return (
            f"The token in {setting} lacks the scope {needed or 'it needs'}: make a new one that "
            f"has it. It is {place}."
        )
    if error == "not_allowed_token_type":
        return f'Slack wants another kind of token in {setting} ("{error}"): it is {place}.'
    return (
        f'Slack refused the token in {setting} with "{error}": look the word up at '
        "https://docs.slack.dev, or ask an admin of the workspace."
    )


def _warn_of_scopes(headers: Mapping[str, str], manifest: Path) -> None:
    granted = granted_scopes(headers)
    if granted is None:
        return
    scopes = yaml.safe_load(manifest.read_text("utf-8"))["oauth_config"]["scopes"]
    missing = [scope for scope in scopes["bot"] if scope not in granted]
    optional = [scope for scope in scopes.get("bot_optional", []) if scope not in granted]
    if missing:
        log.warning(
            "The workspace has not granted what the manifest asks for: %s. Some things will be "
            "refused; put manifest.yml in the app's settings again and reinstall the app.",
            ", ".join(missing),
        )
    if optional:
        log.info("Not granted, and not needed: %s.", ", ".join(optional))


def granted_scopes(headers: Mapping[str, str]) -> frozenset[str] | None:
    """What the token of a call may do; None where Slack didn't say."""
    text = header(headers, "x-oauth-scopes")
    return None if text is None else frozenset(scope.strip() for scope in text.split(","))


def header(headers: Mapping[str, str], name: str) -> str | None:
    """Whatever the case of its letters."""
    return next((text for key, text in headers.items() if key.lower() == name), None)
