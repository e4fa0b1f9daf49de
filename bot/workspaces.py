"""In which workspaces the bot is, and with which tokens it speaks there."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import yaml
from slack_sdk import WebClient

from bot.access import ByInstallation, OneWorkspace, SlackAccess
from bot.clock import utc_now
from bot.manifest import MANIFEST
from bot.slack_check import check_client, join
from handlers.clients import Clients, Installed, Make, OneClient, Tokens, new_client
from storage import Store
from web import install
from web.app import Pages

log = logging.getLogger(__name__)

# Slack wants an answer within 3 s, so a click's own call to Slack must not take them all.
_CLICK_TIMEOUT_SECONDS = 2
_COURIER_TIMEOUT_SECONDS = 10
# New tokens are got in good time, and a click has to only where no process ran. Slack's last for
# twelve hours.
_AHEAD = timedelta(hours=2)
_INSTALL_SECONDS = 10 * 60


@dataclass(frozen=True, slots=True)
class Workspaces:
    """The clients of clicks and of the courier; in Socket Mode the address to listen at, used once;
    the pages to install from, given what to call then; and which workspaces' tokens to renew."""

    clicks: Clients
    courier: Clients
    socket_url: str
    pages: Callable[[Callable[[], None]], Pages]
    installed: Callable[[], Sequence[str]]


def enter(access: SlackAccess, store: Store, make: Make = WebClient) -> Workspaces:
    """Checks the token of the settings, or the app's secret. `make` makes the clients.

    Raises:
        NotNow: Slack cannot be reached, or has trouble.
        CannotStart: a token is not good.
    """
    if isinstance(access.tokens, OneWorkspace):
        return _one(access, access.tokens, make)
    return _several(access, access.tokens, store, make)


def _one(access: SlackAccess, tokens: OneWorkspace, make: Make) -> Workspaces:
    joined = join(access, MANIFEST)
    log.info("Listening in the workspace %s as @%s.", joined.workspace, joined.bot_name)
    token = tokens.bot_token.reveal()
    clicks, courier = (
        OneClient(new_client(access.api_url, token, seconds, make), joined.identity)
        for seconds in (_CLICK_TIMEOUT_SECONDS, _COURIER_TIMEOUT_SECONDS)
    )
    return Workspaces(clicks, courier, joined.socket_url, lambda _: (), lambda: ())


def _several(access: SlackAccess, tokens: ByInstallation, store: Store, make: Make) -> Workspaces:
    # What only several workspaces need takes a sixth of a start.
    from storage.installations import Installations, States

    check_client(access, tokens)
    installations = Installations(tokens.client_id, store)
    secret, url = tokens.client_secret.reveal(), access.api_url
    # Nobody waits for it longer than one of their own calls may take.
    asks = new_client(url, None, _COURIER_TIMEOUT_SECONDS, make)
    kept = Tokens(installations, secret, asks)
    clicks = Installed(kept, url, _CLICK_TIMEOUT_SECONDS, timedelta(), make)
    courier = Installed(kept, url, _COURIER_TIMEOUT_SECONDS, _AHEAD, make)
    count = len(installations.teams())
    log.info("Installed in %d workspaces; more come by way of %s.", count, install.INSTALL)

    def pages(installed: Callable[[], None]) -> Pages:
        states = States(_INSTALL_SECONDS, store, utc_now)
        client = new_client(url, None, _COURIER_TIMEOUT_SECONDS, make)
        scopes = yaml.safe_load(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]
        wanted = [*scopes["bot"], *scopes.get("bot_optional", [])]
        return install.routes(
            install.Installer(store, installations, states, secret, wanted, client, installed)
        )

    return Workspaces(clicks, courier, "", pages, installations.teams)
