"""GET /slack/install and /slack/oauth_redirect: how somebody brings the app into their workspace.

Bolt's own flow does it (docs.slack.dev/authentication/installing-with-oauth): a ticket that is good
for ten minutes, once, and in the browser it was given to; then Slack's code for a token.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from slack_bolt.error import BoltError
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_flow import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Installation
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from operations import workspaces
from storage import Store, Unavailable
from web import words

if TYPE_CHECKING:  # it takes a sixth of a start, of one workspace as of several
    from storage.installations import Installations, States

log = logging.getLogger(__name__)

INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"

# Each ticket is a row, and anybody may ask for one; clicks, which write too, must not wait for it.
_TICKETS_A_MINUTE = 60

# Neither the ticket nor Slack's code, which stand in the address, may go anywhere from here.
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class _WithoutCodes(logging.Filter):
    """Bolt logs the code that Slack refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = re.sub(r"code: \S+", "code: (secret)", str(record.msg))
        return True


_bolts_log = logging.getLogger(f"{__name__}.bolt")
_bolts_log.addFilter(_WithoutCodes())


class WholeOrganization(BoltError):
    """It was installed for all workspaces of an organization at once."""


class Installer(OAuthFlow):
    """Bolt's flow with pages of ours. `installed` is called once somebody is in."""

    def __init__(
        self,
        store: Store,
        installations: Installations,
        states: States,
        client_secret: str,
        scopes: Sequence[str],
        client: WebClient,
        installed: Callable[[], None],
    ) -> None:
        self._store = store
        self._installed = installed
        self._lock = threading.Lock()
        self._tickets: deque[float] = deque(maxlen=_TICKETS_A_MINUTE)
        settings = OAuthSettings(
            client_id=installations.client_id,
            client_secret=client_secret,
            scopes=list(scopes),
            user_scopes=[],
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            authorization_url=urljoin(client.base_url, "/oauth/v2/authorize"),
            installation_store=installations,
            installation_store_bot_only=True,
            state_store=states,
            state_expiration_seconds=states.expiration_seconds,
            callback_options=CallbackOptions(success=self._welcome, failure=self._refuse),
        )
        super().__init__(client=client, logger=_bolts_log, settings=settings)

    def answer(self, request: Request) -> Response:
        """Either address; called on a thread, as it asks Slack and the database."""
        begins = request.url.path == INSTALL
        # What somebody puts into a link to the first page is not passed on to Slack's.
        query = "" if begins else request.url.query
        cookie = request.headers.get("cookie", "")
        asked = BoltRequest(body="", query=query, headers={"cookie": cookie})
        if begins and not self._may_give_ticket():
            return Response(words.too_many(INSTALL), 503, _HEADERS)
        try:
            told = self.handle_installation(asked) if begins else self.handle_callback(asked)
        except (SlackClientError, HTTPException, OSError) as error:
            log.warning("Slack did not answer an installation: %s", type(error).__name__)
            told = _page(502, words.no_answer(INSTALL))
        except Unavailable as error:
            log.warning("An installation came to nothing. %s", error)
            told = _page(503, words.no_database(INSTALL))
        response = Response(told.body, told.status, _HEADERS)
        for cookie in told.headers.get("set-cookie", []):
            response.headers.append("set-cookie", cookie)
        return response

    def _may_give_ticket(self) -> bool:
        now = time.monotonic()
        with self._lock:
            full = len(self._tickets) == _TICKETS_A_MINUTE
            if full and now - self._tickets[0] < 60:
                return False
            self._tickets.append(now)
        return True

    def build_install_page_html(self, url: str, request: BoltRequest) -> str:
        """What somebody sees first."""
        return words.install(url)

    def store_installation(self, request: BoltRequest, installation: Installation) -> None:
        """Keeps the token, and has the workspace's cards drawn, where it was in before."""
        team_id = installation.team_id
        if installation.is_enterprise_install or team_id is None:
            raise WholeOrganization
        super().store_installation(request, installation)
        workspaces.take_up(self._store, team_id)
        log.info("Installed in the workspace %s (%s).", installation.team_name, team_id)
        self._installed()

    def _welcome(self, args: SuccessArgs) -> BoltResponse:
        installation = args.installation
        client_url = f"https://app.slack.com/client/{installation.team_id}"
        page = words.installed(installation.team_name or "", client_url)
        return _page(200, page, args.settings.state_utils.build_set_cookie_for_deletion())

    def _refuse(self, args: FailureArgs) -> BoltResponse:
        organization = isinstance(args.error, WholeOrganization)
        reason = "whole_organization" if organization else args.reason
        log.info("An installation came to nothing: %s", _plain(reason))
        page = words.not_installed(reason, INSTALL)
        status = 400 if organization else args.suggested_status_code
        return _page(status, page, args.settings.state_utils.build_set_cookie_for_deletion())


def routes(installer: Installer) -> list[Route]:
    """Both pages."""
    return [Route(path, installer.answer, methods=["GET"]) for path in (INSTALL, REDIRECT)]


def _page(status: int, page: str, *cookies: str) -> BoltResponse:
    return BoltResponse(status=status, body=page, headers={"Set-Cookie": list(cookies)})


def _plain(reason: str) -> str:
    """It comes from the address, which anybody may write."""
    return "".join(sign if sign.isalnum() or sign == "_" else "?" for sign in reason[:40])
