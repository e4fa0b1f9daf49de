"""How a method is declared and called: the token first, then the scope, then the arguments.

Source: docs.slack.dev/apis/web-api (evaluating responses, warnings and errors).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.core import ApiError, Playground
from playground.workspace import Channel, Json, Person

# Slack cuts an absurd request before it reads it; this is ours, for a local server.
MOST_LIMIT = 1_000

SECRETS = frozenset({"token", "client_secret", "code", "refresh_token"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its arguments as they came, and the token, if any."""

    pg: Playground
    method: str
    args: Json
    token: str | None

    def text(self, name: str) -> str:
        """A required argument. Raises ApiError."""
        value = self.args.get(name)
        if value in (None, ""):
            raise ApiError("invalid_arguments", f"[ERROR] missing required field: {name}")
        return str(value)

    def structure(self, name: str, error: str) -> Any:
        """An argument that is JSON, in a form as its text. None when absent. Raises ApiError."""
        value = self.args.get(name)
        if isinstance(value, str) and value:
            try:
                return json.loads(value)
            except ValueError as broken:
                raise ApiError(error) from broken
        return value if value != "" else None

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in ("true", "1")

    def limit(self, usual: int) -> int:
        """`limit`, between 1 and 1,000. Raises ApiError."""
        given = self.args.get("limit") or usual
        if not str(given).isdigit() or not 1 <= int(given) <= MOST_LIMIT:
            raise ApiError("invalid_limit")
        return int(given)

    def person(self, name: str = "user") -> Person:
        """Raises ApiError."""
        person = self.pg.person(self.text(name))
        if person is None:
            raise ApiError("user_not_found")
        return person

    def channel(self, name: str = "channel") -> Channel:
        """A conversation the bot can know of. Raises ApiError.

        A private channel the bot is not in is not found, as if there were none.
        """
        channel = self.pg.workspace.channels.get(self.text(name))
        if channel is None or not self.knows(channel):
            raise ApiError("channel_not_found")
        return channel

    def knows(self, channel: Channel) -> bool:
        return channel.kind == "public" or self.pg.bot_is_in(channel)

    def need(self, *scopes: str) -> None:
        """Any one of them. Raises ApiError."""
        if not self.pg.granted.intersection(scopes):
            raise ApiError(
                "missing_scope",
                needed=",".join(scopes),
                provided=",".join(sorted(self.pg.granted)),
            )


Run = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """`scopes`: any one of them is enough. `app_level`: called with the xapp- token.
    `is_open`: with none."""

    run: Run
    scopes: tuple[str, ...]
    app_level: bool
    is_open: bool


METHODS: dict[str, Method] = {}


def method(
    name: str, *scopes: str, app_level: bool = False, is_open: bool = False
) -> Callable[[Run], Run]:
    """Declares a Web API method."""

    def declare(run: Run) -> Run:
        METHODS[name] = Method(run, scopes, app_level, is_open)
        return run

    return declare


def answer_call(
    pg: Playground, name: str, args: Json, token: str | None
) -> tuple[Json, dict[str, str]]:
    """Does one call, and notes it; the answer's body, and its headers about scopes."""
    known = METHODS.get(name)
    try:
        if known is None:
            raise ApiError("unknown_method", req_method=name)
        call = Call(pg, name, args, token)
        if not known.is_open:
            _check_token(call, known)
        if known.scopes:
            call.need(*known.scopes)
        body = {"ok": True, **known.run(call)}
    except ApiError as refused:
        body = {"ok": False, "error": refused.code, **refused.extra}
        if refused.messages:
            body["response_metadata"] = {"messages": refused.messages}
    pg.traffic.called(name, {k: v for k, v in args.items() if k not in SECRETS}, body)
    pg.changed("log")
    headers = {"x-oauth-scopes": ",".join(sorted(pg.granted))}
    if known and known.scopes:
        headers["x-accepted-oauth-scopes"] = ",".join(known.scopes)
    return body, headers


def _check_token(call: Call, known: Method) -> None:
    pg = call.pg
    if not call.token:
        raise ApiError("not_authed")
    if pg.office is not None and call.token != pg.app_token:
        pg.office.check(call.token)
        if known.app_level:
            raise ApiError("not_allowed_token_type")
        return
    if call.token not in (pg.bot_token, pg.app_token):
        raise ApiError("invalid_auth")
    if pg.revoked:
        raise ApiError("token_revoked")
    if known.app_level != (call.token == pg.app_token):
        raise ApiError("not_allowed_token_type")


def page(items: list[Any], call: Call, usual: int) -> tuple[list[Any], Json]:
    """One page of a list and the `response_metadata` that leads to the next. Raises ApiError.

    Source: docs.slack.dev/apis/web-api/pagination.
    """
    cursor = str(call.args.get("cursor") or "")
    if cursor and not cursor.startswith("next:"):
        raise ApiError("invalid_cursor")
    start = int(cursor.removeprefix("next:")) if cursor else 0
    end = start + call.limit(usual)
    following = f"next:{end}" if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": following}}
