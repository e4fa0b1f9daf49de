"""The app's side of Slack where several workspaces install it: its client id and secret, the codes
and tokens that were handed out, and what became of them.

Source: docs.slack.dev, authentication/installing-with-oauth (a code works once, for ten minutes),
authentication/using-token-rotation (12 hours; a refresh token works once), reference/methods/
oauth.v2.access and auth.revoke, reference/events/app_uninstalled and tokens_revoked.
"""

import secrets
import time
from dataclasses import dataclass, replace

from playground.core import ApiError, Playground
from playground.events import publish
from playground.manifest import App
from playground.people import APP_ID, BOT_USER_ID
from playground.workspace import Json, Workspace

CODE_SECONDS = 600.0
TOKEN_SECONDS = 43_200
# Of the tokens that a workspace gave, the newest two work, however many were refreshed.
MOST_ACTIVE = 2
DEFAULT_CLIENT_ID = "1234567890.9876543210"
DEFAULT_CLIENT_SECRET = "playground-client-secret"


@dataclass(slots=True)
class Code:
    """What somebody brings back to the app. `issued` is monotonic seconds."""

    team: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    asked_uri: str | None
    issued: float
    used: bool = False


@dataclass(slots=True)
class Token:
    """An access token and the refresh token that came with it. `ends` is unix seconds; `refusal`
    is Slack's word for a token that works no more."""

    team: str
    text: str
    refresh: str | None
    ends: float | None
    refreshed: bool = False
    refusal: str = ""


class Office:
    """All workspaces of one playground, and the app's installations in them."""

    def __init__(self, app: App, client_id: str, client_secret: str) -> None:
        self.app = app
        self.client_id = client_id
        self._secret = client_secret
        self.workspaces: dict[str, Playground] = {}
        self.token_seconds = TOKEN_SECONDS
        self._codes: dict[str, Code] = {}
        self._tokens: dict[str, Token] = {}

    def add(self, pg: Playground) -> None:
        """A workspace in which the app is not installed yet."""
        pg.office = self
        pg.granted = set()
        self.workspaces[pg.workspace.team_id] = pg

    def workspace_of(self, token: str | None) -> Playground | None:
        """Which workspace gave a token."""
        known = self._tokens.get(token or "")
        return self.workspaces[known.team] if known else None

    def check(self, token: str) -> None:
        """Raises ApiError where a token isn't, or no longer, good."""
        known = self._tokens.get(token)
        if known is None:
            raise ApiError("invalid_auth")
        if known.refusal:
            raise ApiError(known.refusal)
        if known.ends is not None and time.time() > known.ends:
            raise ApiError("token_expired")

    def redirect_uri(self, asked: str | None) -> str:
        """Where to send somebody back: what was asked for, if it lies at one of the app's own, or
        the first of those. Raises ApiError."""
        known = self.app.redirect_urls
        if asked is None and known:
            return known[0]
        if asked is None or not any(asked == url or asked.startswith(f"{url}/") for url in known):
            raise ApiError("bad_redirect_uri")
        return asked

    def allow(self, team: str, user: str, scopes: tuple[str, ...], asked_uri: str | None) -> str:
        """Somebody lets the app in; the code for it."""
        code = f"{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        uri = self.redirect_uri(asked_uri)
        self._codes[code] = Code(team, user, scopes, uri, asked_uri, time.monotonic())
        return code

    def access(self, args: Json) -> Json:
        """oauth.v2.access. Raises ApiError."""
        if args.get("client_id") != self.client_id:
            raise ApiError("invalid_client_id")
        if args.get("client_secret") != self._secret:
            raise ApiError("bad_client_secret")
        grant = args.get("grant_type") or "authorization_code"
        if grant == "refresh_token":
            return self._refresh(str(args.get("refresh_token") or ""))
        if grant != "authorization_code":
            raise ApiError("invalid_grant_type")
        return self._install(str(args.get("code") or ""), args.get("redirect_uri") or None)

    def _install(self, text: str, redirect_uri: str | None) -> Json:
        code = self._codes.get(text)
        if code is None or code.used or time.monotonic() - code.issued > CODE_SECONDS:
            raise ApiError("invalid_code")
        if redirect_uri != code.asked_uri:
            raise ApiError("bad_redirect_uri")
        code.used = True
        pg = self.workspaces[code.team]
        pg.granted = set(code.scopes)
        self._set_bot(pg, there=True)
        return self._given(pg, self._new_token(code.team)) | {"authed_user": {"id": code.user}}

    def _refresh(self, text: str) -> Json:
        token = next((t for t in self._tokens.values() if t.refresh == text), None)
        if token is None or token.refreshed or token.refusal:
            raise ApiError("invalid_refresh_token")
        token.refreshed = True
        renewed = self._new_token(token.team)
        active = [t for t in self._tokens.values() if t.team == token.team and not t.refusal]
        for old in active[:-MOST_ACTIVE]:
            old.refusal = "token_revoked"
        return self._given(self.workspaces[token.team], renewed)

    def _new_token(self, team: str) -> Token:
        rotates = self.app.token_rotation
        kind = "xoxe.xoxb-" if rotates else "xoxb-"
        refresh = f"xoxe-1-{secrets.token_hex(60)}" if rotates else None
        ends = time.time() + self.token_seconds if rotates else None
        token = Token(team, f"{kind}{team}-{secrets.token_hex(16)}", refresh, ends)
        self._tokens[token.text] = token
        return token

    def _given(self, pg: Playground, token: Token) -> Json:
        given: Json = {
            "app_id": APP_ID,
            "access_token": token.text,
            "token_type": "bot",
            "scope": ",".join(sorted(pg.granted)),
            "bot_user_id": BOT_USER_ID,
            "team": {"id": pg.workspace.team_id, "name": pg.workspace.name},
            "enterprise": None,
            "is_enterprise_install": False,
        }
        if token.refresh:
            given |= {"refresh_token": token.refresh, "expires_in": int(self.token_seconds)}
        return given

    def revoke(self, pg: Playground, token: str) -> None:
        """auth.revoke: this token works no more, and the bot loses its channels."""
        self._tokens[token].refusal = "token_revoked"
        self._revoked(pg)

    def uninstall(self, pg: Playground) -> None:
        """Somebody removes the app from the workspace. It hears of it by two events."""
        for token in self._tokens.values():
            if token.team == pg.workspace.team_id and not token.refusal:
                token.refusal = "account_inactive"
        publish(pg, {"type": "app_uninstalled", "event_ts": pg.workspace.next_ts()})
        self._revoked(pg)

    def revoke_all(self, pg: Playground, *, quietly: bool = False) -> None:
        """An admin revokes the app's tokens; `quietly`: the event of it is lost."""
        for token in self._tokens.values():
            if token.team == pg.workspace.team_id and not token.refusal:
                token.refusal = "token_revoked"
        if not quietly:
            self._revoked(pg)

    def expire(self, pg: Playground, seconds_left: float) -> None:
        """The workspace's tokens run out in so many seconds."""
        for token in self._tokens.values():
            if token.team == pg.workspace.team_id and token.ends is not None:
                token.ends = time.time() + seconds_left

    def is_installed(self, pg: Playground) -> bool:
        """Whether any token of the workspace would be taken."""
        return any(
            token.team == pg.workspace.team_id and not token.refusal
            for token in self._tokens.values()
        )

    def _revoked(self, pg: Playground) -> None:
        tokens = {"oauth": [], "bot": [BOT_USER_ID]}
        event_ts = pg.workspace.next_ts()
        publish(pg, {"type": "tokens_revoked", "tokens": tokens, "event_ts": event_ts})
        if not self.is_installed(pg):
            self._set_bot(pg, there=False)

    def _set_bot(self, pg: Playground, *, there: bool) -> None:
        """A bot that is gone is deactivated, and in no channel; one that comes must be invited."""
        bot = pg.workspace.people[BOT_USER_ID]
        pg.workspace.people[BOT_USER_ID] = replace(bot, deleted=not there)
        if not there:
            for channel in pg.workspace.channels.values():
                if channel.kind in ("public", "private") and BOT_USER_ID in channel.members:
                    channel.members.remove(BOT_USER_ID)
        pg.changed("state")


def numbered(workspace: Workspace, number: int) -> Workspace:
    """The same people and channels, by the same ids, as another workspace."""
    if number == 1:
        return workspace
    team_id = f"{workspace.team_id}{number}"
    people = {
        key: replace(person, team_id=team_id) if person.team_id == workspace.team_id else person
        for key, person in workspace.people.items()
    }
    return replace(
        workspace,
        team_id=team_id,
        name=f"{workspace.name} {number}",
        domain=f"{workspace.domain}{number}",
        people=people,
    )
