"""Whatever comes in from Slack, as the log and the meters know it: its id, what it was, how it
ended, and never a word that somebody typed."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from slack_bolt import App
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse

from operations import log_fields

log = logging.getLogger(__name__)

# What an id of ours looks like; anything else that comes in its place is not worth a log line.
_ID = re.compile(r"/?[a-z0-9_.:]{1,60}")
_NOT_AN_ID = "?"


class ClickKind(StrEnum):
    """What somebody did. OPTIONS: they typed into a searchable select."""

    COMMAND = "command"
    CLICK = "click"
    FORM = "form"
    SHORTCUT = "shortcut"
    OPTIONS = "options"
    EVENT = "event"
    OTHER = "other"


class ClickOutcome(StrEnum):
    """How it ended. SENT_BACK: a form with errors at its fields. NOT_YET: an event that Slack is to
    send again. UNAVAILABLE: the database can't be used for now. TROUBLE: nobody foresaw it."""

    DONE = "done"
    REFUSED = "refused"
    SENT_BACK = "sent_back"
    NOT_OURS = "not_ours"
    NOBODY_LISTENS = "nobody_listens"
    IGNORED = "ignored"
    NOT_YET = "not_yet"
    SLACK_FAILED = "slack_failed"
    UNAVAILABLE = "unavailable"
    TROUBLE = "trouble"


_KINDS = {
    "block_actions": ClickKind.CLICK,
    "view_submission": ClickKind.FORM,
    "view_closed": ClickKind.FORM,
    "shortcut": ClickKind.SHORTCUT,
    "message_action": ClickKind.SHORTCUT,
    "block_suggestion": ClickKind.OPTIONS,
}

# Of each message in a channel, and each letter in a searchable select: too many for every day.
_QUIET_OUTCOMES = frozenset({ClickOutcome.IGNORED})
_QUIET_KINDS = frozenset({ClickKind.OPTIONS})


@dataclass(slots=True)
class Click:
    """One command, click, form, shortcut or event. `seconds` is how long its answer took."""

    id: str
    kind: ClickKind
    action: str
    team: str = ""
    user: str = ""
    outcome: ClickOutcome = ClickOutcome.DONE
    reason: str = ""
    seconds: float = 0.0


_click: ContextVar[Click | None] = ContextVar("click", default=None)


def current() -> Click:
    """The click that is being answered."""
    return _click.get() or Click(secrets.token_hex(4), ClickKind.OTHER, _NOT_AN_ID)


Watch = Callable[[Click], None]
"""Is told of each click once it is answered."""


class ClickedApp(App):
    """Bolt's app, which logs one line for each click.

    Not by a middleware of Bolt's: its `next()` only sets a flag, so that a block around it has
    ended before the listener runs.
    """

    def __init__(self, watch: Watch, **settings: Any) -> None:
        super().__init__(**settings)
        self._watch = watch

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answers it, under an id that each record logged meanwhile carries."""
        with _noted(req, self._watch):
            return super().dispatch(req)


@contextmanager
def _noted(request: BoltRequest, watch: Watch) -> Iterator[None]:
    kind, action = what(request.body)
    team, user = request.context.team_id or "", request.context.user_id or ""
    click = Click(secrets.token_hex(4), kind, action, team, user)
    token = _click.set(click)
    began = time.perf_counter()
    try:
        with log_fields.bound(click=click.id):
            try:
                yield
            except BaseException:
                click.outcome = ClickOutcome.TROUBLE
                raise
            finally:
                click.seconds = time.perf_counter() - began
                _log(click)
                watch(click)
    finally:
        _click.reset(token)


def _log(click: Click) -> None:
    quiet = click.outcome in _QUIET_OUTCOMES or click.kind in _QUIET_KINDS
    fields = {
        "kind": click.kind.value,
        "action": click.action,
        "outcome": click.outcome.value,
        **({"reason": click.reason} if click.reason else {}),
        "ms": round(click.seconds * 1000),
        "team": click.team,
        "user": click.user,
    }
    log.log(logging.DEBUG if quiet else logging.INFO, "Answered.", extra=fields)


def what(body: Mapping[str, Any]) -> tuple[ClickKind, str]:
    """What kind of thing came in, and the id of what was clicked, typed or subscribed to. Whatever
    Slack, or somebody in its name, sent."""
    if "event" in body:
        return ClickKind.EVENT, _id(body["event"], "type")
    if "command" in body:
        return ClickKind.COMMAND, _id(body, "command")
    sent = body.get("type")
    kind = _KINDS.get(sent, ClickKind.OTHER) if isinstance(sent, str) else ClickKind.OTHER
    if kind is ClickKind.CLICK:
        actions = body.get("actions")
        return kind, _id(actions[0] if isinstance(actions, list) and actions else {}, "action_id")
    if kind is ClickKind.FORM:
        return kind, _id(body.get("view"), "callback_id")
    if kind is ClickKind.OTHER:
        return kind, _id(body, "type")
    return kind, _id(body, "action_id" if kind is ClickKind.OPTIONS else "callback_id")


def _id(of: object, name: str) -> str:
    found = of.get(name) if isinstance(of, Mapping) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else _NOT_AN_ID
