"""Asks Slack what the doctor wants to know. Nothing is changed there."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime

import yaml
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.access import ByInstallation, SlackAccess, SocketMode
from bot.doctor.facts import DeskFacts, Mode, Reach, SlackFacts, WorkspaceFacts
from bot.errors import CannotStart
from bot.manifest import MANIFEST
from bot.slack_check import (
    ask,
    ask_for_socket,
    check_client,
    granted_scopes,
    header,
    quiet_client,
)
from rules.desks import Desk
from storage import Store, desks

_OK = 200
_HIDDEN = "channel_not_found"


def look(access: SlackAccess | None, store: Store | None) -> SlackFacts:
    """What the tokens open; without a `store` that can be read, nothing of desks and installations
    is known."""
    if access is None:
        return SlackFacts(Mode.PLAYGROUND)
    scopes = yaml.safe_load(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]
    required, optional = frozenset(scopes["bot"]), frozenset(scopes.get("bot_optional", []))
    tokens = access.tokens
    if isinstance(tokens, ByInstallation):
        found = _installed(access, tokens, store) if store is not None else None
        trouble = _trouble(lambda: check_client(access, tokens))
        return SlackFacts(Mode.SEVERAL, found, trouble, required, optional)
    workspace = _workspace(access, tokens.bot_token.reveal(), "", store)
    if not isinstance(access.door, SocketMode):
        return SlackFacts(Mode.HTTP, (workspace,), required=required, optional=optional)
    client, door = quiet_client(access, tokens.bot_token.reveal()), access.door
    trouble = "" if workspace.trouble else _trouble(lambda: ask_for_socket(access, door, client))
    return SlackFacts(Mode.SOCKET_MODE, (workspace,), trouble, required, optional)


def _trouble(check: Callable[[], object]) -> str:
    try:
        check()
    except CannotStart as error:
        return str(error)
    return ""


def _installed(
    access: SlackAccess, tokens: ByInstallation, store: Store
) -> Sequence[WorkspaceFacts]:
    from storage.installations import Installations  # see bot.workspaces

    installations = Installations(tokens.client_id, store)
    bots = [installations.of(team_id) for team_id in installations.teams()]
    return [
        _workspace(access, bot.bot_token, bot.team_name or bot.team_id or "", store)
        for bot in bots
        if bot is not None
    ]


def _workspace(access: SlackAccess, token: str, name: str, store: Store | None) -> WorkspaceFacts:
    client = quiet_client(access, token)
    try:
        me = ask(access, "SLACK_BOT_TOKEN", client.auth_test)
    except CannotStart as error:
        refused = _refused(error) if isinstance(access.tokens, ByInstallation) else ""
        # What is in no setting can't be put right there.
        return WorkspaceFacts(name, trouble="" if refused else str(error), refused=refused)
    team_id = str(me.get("team_id"))
    return WorkspaceFacts(
        name=str(me.get("team")),
        bot_name=str(me.get("user")),
        granted=granted_scopes(me.headers),
        clock_ahead=_clock_ahead(me),
        desks=_desks(client, team_id, store) if store is not None else None,
    )


def _refused(error: CannotStart) -> str:
    """What Slack said to the token; nothing, where it said nothing of the kind."""
    cause = error.__cause__
    if isinstance(cause, SlackApiError) and cause.response.status_code == _OK:
        return str(cause.response.get("error", ""))
    return ""


def _clock_ahead(answer: SlackResponse) -> float | None:
    """By the answer's Date, which knows no less than a second."""
    date = header(answer.headers, "date")
    try:
        return time.time() - parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return None


def _desks(client: WebClient, team_id: str, store: Store) -> list[DeskFacts]:
    with store.read() as tx:
        found = desks.of_team(tx, team_id)
    return [DeskFacts(desk.name, desk.asleep, _reach(client, desk)) for desk in found]


def _reach(client: WebClient, desk: Desk) -> Reach:
    try:
        channel = client.conversations_info(channel=desk.channel_id)["channel"]
    except SlackApiError as error:
        said = error.response.get("error")
        if said == _HIDDEN:
            return Reach.HIDDEN
        return Reach.NO_SCOPE if said == "missing_scope" else Reach.NOT_ASKED
    except OSError:
        return Reach.NOT_ASKED
    if channel.get("is_archived"):
        return Reach.ARCHIVED
    return Reach.FINE if channel.get("is_member") else Reach.NOT_IN
