"""Who speaks to Slack for which workspace: a client each, with that workspace's own token."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.error import URLError

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation import TokenRotator

from storage import Unavailable

if TYPE_CHECKING:  # it brings what several workspaces need, which takes a sixth of a start
    from storage.installations import Installations

log = logging.getLogger(__name__)

# For so long a token is believed to be as the database said. Real seconds.
_BELIEVED_SECONDS = 5.0
# A token that runs out within this is not begun with: a call may take long.
_MARGIN_SECONDS = 60
# How long one who gets a new token keeps the others from it, and how long those wait who can't do
# without.
_REFRESH_TAKES = timedelta(seconds=30)
_WAIT_SECONDS = 1.5
_LOOK_AGAIN_SECONDS = 0.05
_KEEP_AGAIN_SECONDS = 0.5

# Slack says these for good. Of `invalid_auth` one can't be sure: it may be trouble of its own.
_LOST = frozenset({"account_inactive", "token_revoked"})


Make = Callable[..., WebClient]
"""Makes a client, from what slack_sdk's own is made from."""


def trusted(url: str) -> ssl.SSLContext | None:
    """Whom a call of this address may trust: what this machine trusts, read once. Without it
    slack_sdk reads that for each call, which takes longer than all else of a click."""
    return _certificates() if url.startswith(("https:", "wss:")) else None


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()


def new_client(
    base_url: str, token: str | None, timeout: int, make: Make = WebClient, **more: Any
) -> WebClient:
    """A client for Slack's address that tries nothing twice: slack_sdk's own retry posts a message
    twice on a reset. `timeout` is in seconds; `more` is slack_sdk's."""
    return make(
        token=token,
        base_url=base_url,
        timeout=timeout,
        retry_handlers=[],
        ssl=trusted(base_url),
        **more,
    )


class NotInstalled(SlackClientError):
    """The app isn't installed in that workspace, or not any more. Nobody else's token is taken."""


class NotRefreshed(SlackClientError):
    """The token there has run out, and there is no new one yet."""


class Clients(Protocol):
    """The clients of all workspaces. Safe to share between threads."""

    @property
    def base_url(self) -> str:
        """Slack's address."""

    @property
    def timeout(self) -> int:
        """How long a call may take, in seconds."""

    @property
    def gives_up(self) -> bool:
        """Whether what can't be told for want of a good token ends some time."""

    def of(self, team_id: str) -> WebClient:
        """The client of a workspace. Raises NotInstalled, and NotRefreshed."""

    def identity(self, team_id: str) -> AuthorizeResult | None:
        """Who we are in a workspace, without asking Slack; None where the app isn't installed."""

    def forget_lost(self, team_id: str) -> bool:
        """Asks Slack whether our token there is good for nothing any more; True where that was so,
        and is forgotten. Raises what the client raises when Slack can't say."""


@dataclass(frozen=True, slots=True)
class OneClient:
    """One token, from the settings, for the one workspace that it opens."""

    client: WebClient
    ours: AuthorizeResult
    gives_up = False

    @property
    def base_url(self) -> str:
        return self.client.base_url

    @property
    def timeout(self) -> int:
        return self.client.timeout

    def of(self, team_id: str) -> WebClient:
        if team_id != self.ours.team_id:
            raise NotInstalled(f"the token is not for {team_id}")
        return self.client

    def identity(self, team_id: str) -> AuthorizeResult | None:
        return self.ours

    def forget_lost(self, team_id: str) -> bool:
        """Only a new setting helps, so nothing is forgotten; what was to be told is kept."""
        if _is_lost(self.client):
            log.error(
                "Copydesk was removed from the workspace, or its token was revoked: install the "
                "app again, put the new token in SLACK_BOT_TOKEN, and start Copydesk again."
            )
        return False


class Tokens:
    """A token for each workspace, as the database has it; all clients of a process share them.
    `client` asks Slack for new ones: give it time, as Slack gives each but once. Safe to share
    between threads.
    """

    def __init__(self, installations: Installations, client_secret: str, client: WebClient) -> None:
        self.installations = installations
        self._rotator = TokenRotator(
            client_id=installations.client_id,
            client_secret=client_secret,
            client=client,  # its own would ask slack.com, and twice
        )
        self._lock = threading.Lock()
        self._not_kept: dict[str, Bot] = {}

    def of(self, team_id: str) -> Bot | None:
        """Who we are in a workspace, with the newest token, which the database may not have yet."""
        with self._lock:
            newest = self._not_kept.get(team_id)
        return newest or self.installations.of(team_id)

    def fresh(self, team_id: str, ahead_seconds: float, patience_seconds: float) -> Bot:
        """Who we are there, with a token that lasts for a while. A new one is got `ahead_seconds`
        before the end, and waited for no longer than `patience_seconds`.

        Raises NotInstalled, and NotRefreshed.
        """
        bot = self._present(team_id)
        if _seconds_left(bot) > ahead_seconds:
            return bot
        ends = time.monotonic() + _WAIT_SECONDS
        if self.installations.may_refresh(bot, datetime.now(UTC), _REFRESH_TAKES):
            tried = threading.Event()
            renew = threading.Thread(
                target=self._renew, args=(team_id, bot, tried), daemon=True, name="new token"
            )
            renew.start()
            tried.wait(patience_seconds)
            ends = time.monotonic()
            bot = self._present(team_id)
        while _seconds_left(bot) <= _MARGIN_SECONDS:
            if time.monotonic() > ends:
                raise NotRefreshed(f"the token of {team_id} has run out")
            time.sleep(_LOOK_AGAIN_SECONDS)  # somebody else is getting it
            bot = self._present(team_id)
        return bot

    def _present(self, team_id: str) -> Bot:
        bot = self.of(team_id)
        if bot is None:
            raise NotInstalled(f"not installed in {team_id}")
        return bot

    def _renew(self, team_id: str, bot: Bot, tried: threading.Event) -> None:
        """Gets a new token and keeps it, where Slack gives one. On a thread of its own: a click
        can't wait for as long as that may take, and what Slack gives must not be lost with it."""
        try:
            renewed = self._ask(bot)
            if renewed is not None:
                self._keep(team_id, bot, renewed, tried)
        finally:
            tried.set()

    def _ask(self, bot: Bot) -> Bot | None:
        try:
            return self._rotator.perform_bot_token_rotation(
                bot=bot, minutes_before_expiration=int(_seconds_left(bot) // 60) + 1
            )
        except (SlackTokenRotationError, SlackClientError, URLError, OSError) as error:
            cause = error.api_error if isinstance(error, SlackTokenRotationError) else error
            log.error("No new token for %s (%s): %s", bot.team_name, bot.team_id, cause)
            return None

    def _keep(self, team_id: str, before: Bot, after: Bot, tried: threading.Event) -> None:
        """Writes a new token down, tried again until the database can be used: the refresh token
        there is spent, and only we have the next. Until then this process goes by its memory."""
        whose = f"{after.team_name} ({team_id})"
        with self._lock:
            self._not_kept[team_id] = after
        try:
            while True:
                try:
                    self.installations.refreshed(before, after)
                    break
                except Unavailable as error:
                    if not tried.is_set():
                        log.error("The new token for %s can't be kept yet: %s", whose, error)
                    tried.set()
                time.sleep(_KEEP_AGAIN_SECONDS)
        finally:
            with self._lock:
                del self._not_kept[team_id]
        if tried.is_set():
            log.info("The new token for %s is kept now.", whose)


class Installed:
    """A client for each workspace, with its present token. A new one is got `ahead` of the end of
    the present one; where the time doesn't press, and that fails, the present one goes on.
    """

    gives_up = True

    def __init__(
        self,
        tokens: Tokens,
        base_url: str,
        timeout: int,
        ahead: timedelta,
        make: Make = WebClient,
    ) -> None:
        self._make = make
        self.base_url = base_url
        self.timeout = timeout
        self._tokens = tokens
        self._ahead_seconds = max(ahead.total_seconds(), _MARGIN_SECONDS)
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, WebClient]] = {}

    def of(self, team_id: str) -> WebClient:
        with self._lock:
            since, client = self._known.get(team_id, (float("-inf"), None))
        if client is not None and time.monotonic() - since < _BELIEVED_SECONDS:
            return client
        bot = self._tokens.fresh(team_id, self._ahead_seconds, self.timeout)
        client = self._client(bot.bot_token)
        with self._lock:
            self._known[team_id] = (time.monotonic(), client)
        return client

    def identity(self, team_id: str) -> AuthorizeResult | None:
        bot = self._tokens.of(team_id)
        if bot is None:
            return None
        return AuthorizeResult(
            enterprise_id=bot.enterprise_id,
            team_id=team_id,
            bot_user_id=bot.bot_user_id,
            bot_id=bot.bot_id,
            bot_token=bot.bot_token,
        )

    def forget_lost(self, team_id: str) -> bool:
        with self._lock:
            self._known.pop(team_id, None)
        installations = self._tokens.installations
        bot = installations.of(team_id)
        if bot is None:
            return True
        if not _is_lost(self._client(bot.bot_token)):
            return False
        log.warning("Copydesk was removed from the workspace %s (%s).", bot.team_name, team_id)
        installations.remove(bot)
        return installations.of(team_id) is None

    def _client(self, token: str) -> WebClient:
        return new_client(self.base_url, token, self.timeout, self._make)


def _seconds_left(bot: Bot) -> float:
    if bot.bot_token_expires_at is None:
        return float("inf")
    return bot.bot_token_expires_at - time.time()


def _is_lost(client: WebClient) -> bool:
    try:
        client.auth_test()
    except SlackApiError as error:
        if error.response.get("error") in _LOST:
            return True
        raise
    return False
