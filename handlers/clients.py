"""Who speaks to Slack for which workspace: a client each, with that workspace's own token."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.error import URLError

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation import TokenRotator

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

# Slack says these for good. Of `invalid_auth` one can't be sure: it may be trouble of its own.
_LOST = frozenset({"account_inactive", "token_revoked"})


Make = Callable[..., WebClient]
"""Makes a client, from what slack_sdk's own is made from."""


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


class Installed:
    """A token for each workspace, as the database has it. A new one is got `ahead` of the end of
    the present one; where the time doesn't press, and that fails, the present one goes on.
    """

    gives_up = True

    def __init__(
        self,
        installations: Installations,
        client_secret: str,
        base_url: str,
        timeout: int,
        ahead: timedelta,
        make: Make = WebClient,
    ) -> None:
        self._make = make
        self.base_url = base_url
        self.timeout = timeout
        self._installations = installations
        self._ahead_seconds = max(ahead.total_seconds(), _MARGIN_SECONDS)
        self._rotator = TokenRotator(
            client_id=installations.client_id,
            client_secret=client_secret,
            client=self._client(None),  # its own would ask slack.com, and twice
        )
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, WebClient]] = {}

    def of(self, team_id: str) -> WebClient:
        with self._lock:
            since, client = self._known.get(team_id, (float("-inf"), None))
        if client is not None and time.monotonic() - since < _BELIEVED_SECONDS:
            return client
        client = self._client(self._fresh(team_id).bot_token)
        with self._lock:
            self._known[team_id] = (time.monotonic(), client)
        return client

    def identity(self, team_id: str) -> AuthorizeResult | None:
        bot = self._installations.of(team_id)
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
        bot = self._installations.of(team_id)
        if bot is None:
            return True
        if not _is_lost(self._client(bot.bot_token)):
            return False
        log.warning("Copydesk was removed from the workspace %s (%s).", bot.team_name, team_id)
        self._installations.remove(bot)
        return self._installations.of(team_id) is None

    def _client(self, token: str | None) -> WebClient:
        return self._make(
            token=token, base_url=self.base_url, timeout=self.timeout, retry_handlers=[]
        )

    def _fresh(self, team_id: str) -> Bot:
        """Who we are there, with a token that lasts for a while."""
        bot = self._present(team_id)
        if _seconds_left(bot) > self._ahead_seconds:
            return bot
        ends = time.monotonic() + _WAIT_SECONDS
        if self._installations.may_refresh(bot, datetime.now(UTC), _REFRESH_TAKES):
            self._refresh(bot)
            ends = time.monotonic()
            bot = self._present(team_id)
        while _seconds_left(bot) <= _MARGIN_SECONDS:
            if time.monotonic() > ends:
                raise NotRefreshed(f"the token of {team_id} has run out")
            time.sleep(_LOOK_AGAIN_SECONDS)  # somebody else is getting it
            bot = self._present(team_id)
        return bot

    def _present(self, team_id: str) -> Bot:
        bot = self._installations.of(team_id)
        if bot is None:
            raise NotInstalled(f"not installed in {team_id}")
        return bot

    def _refresh(self, bot: Bot) -> None:
        """Gets a new token and keeps it, where Slack gives one."""
        minutes = int(self._ahead_seconds // 60) + 1
        try:
            renewed = self._rotator.perform_bot_token_rotation(
                bot=bot, minutes_before_expiration=minutes
            )
        except (SlackTokenRotationError, SlackClientError, URLError, OSError) as error:
            cause = error.api_error if isinstance(error, SlackTokenRotationError) else error
            log.error("No new token for %s (%s): %s", bot.team_name, bot.team_id, cause)
            return
        if renewed is not None:
            self._installations.refreshed(bot, renewed)


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
