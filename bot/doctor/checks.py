"""What the facts mean: values in, findings out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, StrEnum
from typing import Any

from bot.doctor.facts import (
    DatabaseFacts,
    Facts,
    Mode,
    Reach,
    SlackFacts,
    Tables,
    WorkFacts,
    WorkspaceFacts,
)
from storage.messages import State

# Slack refuses what was signed 5 minutes ago; certificates and people's times bear less.
_CLOCK_SECONDS = 60
# Leases last 60 s by the clock of whoever takes them.
_DATABASE_CLOCK_SECONDS = 10
# The timer ticks each second, and a message a second goes to each channel.
_LATE = timedelta(minutes=2)
_LEAST_FREE_BYTES = 200 * 1024 * 1024


class Mark(Enum):
    """WELL; NOTE: as it may be, and worth knowing; TO_DO: somebody has something to do."""

    WELL = "✓"
    NOTE = "·"
    TO_DO = "✗"


class Found(StrEnum):
    """What was found; each has its sentence in `words`."""

    PLAYGROUND = "playground"
    SIGNING_SECRET = "signing_secret"
    NO_INSTALLATIONS = "no_installations"
    TOKEN = "token"
    TOKEN_TROUBLE = "token_trouble"
    TOKEN_REFUSED = "token_refused"
    APP_TOKEN = "app_token"
    APP_TROUBLE = "app_trouble"
    SCOPES = "scopes"
    SCOPES_MISSING = "scopes_missing"
    SCOPE_OPTIONAL = "scope_optional"
    SCOPES_UNKNOWN = "scopes_unknown"
    CLOCK = "clock"
    CLOCK_WRONG = "clock_wrong"
    NO_DESKS = "no_desks"
    DESKS = "desks"
    DESK_NOT_IN = "desk_not_in"
    DESK_ARCHIVED = "desk_archived"
    DESK_ASLEEP = "desk_asleep"
    DESK_HIDDEN = "desk_hidden"
    DESK_NO_SCOPE = "desk_no_scope"
    DESK_NOT_ASKED = "desk_not_asked"
    DATABASE = "database"
    DATABASE_TROUBLE = "database_trouble"
    DATABASE_MISSING = "database_missing"
    TABLES_NONE = "tables_none"
    TABLES_OLDER = "tables_older"
    TABLES_NEWER = "tables_newer"
    DISK_FULL = "disk_full"
    DAMAGED = "damaged"
    NOT_CHECKED = "not_checked"
    DATABASE_CLOCK = "database_clock"
    NOTHING_OVERDUE = "nothing_overdue"
    OVERDUE = "overdue"
    NOTHING_UNSENT = "nothing_unsent"
    UNSENT = "unsent"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's, with the values that its sentence needs."""

    mark: Mark
    found: Found
    values: dict[str, Any] = field(default_factory=dict)


def _well(found: Found, **values: Any) -> Finding:
    return Finding(Mark.WELL, found, values)


def _note(found: Found, **values: Any) -> Finding:
    return Finding(Mark.NOTE, found, values)


def _to_do(found: Found, **values: Any) -> Finding:
    return Finding(Mark.TO_DO, found, values)


def judge(facts: Facts) -> list[Finding]:
    """Everything that is to be said, in the order in which it is best put right."""
    return [
        *_slack(facts.slack),
        *_database(facts.database),
        *(_work(facts.work) if facts.work else ()),
    ]


def _slack(slack: SlackFacts) -> Iterator[Finding]:
    if slack.mode is Mode.PLAYGROUND:
        yield _note(Found.PLAYGROUND)
        return
    workspaces = slack.workspaces or ()
    if slack.workspaces is not None and not workspaces:
        yield _note(Found.NO_INSTALLATIONS)
    for workspace in workspaces:
        yield from _workspace(workspace, slack)
    if slack.app_trouble:
        yield _to_do(Found.APP_TROUBLE, sentence=slack.app_trouble)
    if slack.mode is not Mode.SOCKET_MODE:
        yield _well(Found.SIGNING_SECRET)
    elif not slack.app_trouble and not any(each.trouble for each in workspaces):
        yield _well(Found.APP_TOKEN)


def _workspace(workspace: WorkspaceFacts, slack: SlackFacts) -> Iterator[Finding]:
    if workspace.refused:
        yield _to_do(Found.TOKEN_REFUSED, workspace=workspace.name, error=workspace.refused)
        return
    if workspace.trouble:
        yield _to_do(Found.TOKEN_TROUBLE, workspace=workspace.name, sentence=workspace.trouble)
        return
    yield _well(Found.TOKEN, workspace=workspace.name, bot=workspace.bot_name)
    yield from _scopes(workspace, slack)
    if workspace.clock_ahead is not None:
        is_right = abs(workspace.clock_ahead) <= _CLOCK_SECONDS
        finding = _well(Found.CLOCK) if is_right else _to_do(Found.CLOCK_WRONG)
        yield Finding(finding.mark, finding.found, {"ahead": workspace.clock_ahead})
    yield from _desks(workspace)


def _scopes(workspace: WorkspaceFacts, slack: SlackFacts) -> Iterator[Finding]:
    if workspace.granted is None:
        yield _note(Found.SCOPES_UNKNOWN)
        return
    missing = sorted(slack.required - workspace.granted)
    if missing:
        yield _to_do(Found.SCOPES_MISSING, scopes=missing)
    for scope in sorted(slack.optional - workspace.granted):
        yield _note(Found.SCOPE_OPTIONAL, scope=scope)
    if slack.required | slack.optional <= workspace.granted:
        yield _well(Found.SCOPES)


_REACHES = {
    Reach.NOT_IN: Found.DESK_NOT_IN,
    Reach.ARCHIVED: Found.DESK_ARCHIVED,
    Reach.HIDDEN: Found.DESK_HIDDEN,
    Reach.NO_SCOPE: Found.DESK_NO_SCOPE,
}


def _desks(workspace: WorkspaceFacts) -> Iterator[Finding]:
    if workspace.desks is None:
        return
    if not workspace.desks:
        yield _note(Found.NO_DESKS, workspace=workspace.name)
    for desk in workspace.desks:
        if desk.asleep and desk.reach is Reach.ARCHIVED:
            yield _note(Found.DESK_ASLEEP, desk=desk.name)
        elif desk.reach in _REACHES:
            yield _to_do(_REACHES[desk.reach], desk=desk.name)
    unasked = sum(desk.reach is Reach.NOT_ASKED for desk in workspace.desks)
    if unasked:
        yield _note(Found.DESK_NOT_ASKED, count=unasked)
    fine = sum(desk.reach is Reach.FINE for desk in workspace.desks)
    if fine:
        yield _well(Found.DESKS, count=fine)


_TABLES = {
    Tables.NONE: Found.TABLES_NONE,
    Tables.OLDER: Found.TABLES_OLDER,
    Tables.NEWER: Found.TABLES_NEWER,
}


def _database(database: DatabaseFacts) -> Iterator[Finding]:
    if not database.exists:
        yield _note(Found.DATABASE_MISSING, name=database.name)
        return
    if database.trouble:
        yield _to_do(Found.DATABASE_TROUBLE, sentence=database.trouble)
        yield from _room(database)  # which may be why
        return
    if database.tables is Tables.CURRENT:
        yield _well(Found.DATABASE, name=database.name, size=database.size)
    else:
        yield _to_do(_TABLES[database.tables], on_sqlite=database.on_sqlite)
    yield from _room(database)
    if database.damage:
        yield _to_do(Found.DAMAGED, said=database.damage[0], count=len(database.damage))
    if database.on_sqlite and database.damage is None:
        yield _note(Found.NOT_CHECKED)
    ahead = database.clock_ahead
    if ahead is not None and abs(ahead) > _DATABASE_CLOCK_SECONDS:
        yield _to_do(Found.DATABASE_CLOCK, ahead=ahead)


def _room(database: DatabaseFacts) -> Iterator[Finding]:
    if database.free is not None and database.free < max(_LEAST_FREE_BYTES, database.size):
        yield _to_do(Found.DISK_FULL, free=database.free, size=database.size)


def _work(work: WorkFacts) -> Iterator[Finding]:
    overdue = work.overdue
    if overdue is not None and work.now - overdue.due_at > _LATE:
        late = work.now - overdue.due_at
        yield _to_do(Found.OVERDUE, kind=overdue.kind, key=overdue.key, late=late)
    else:
        yield _well(Found.NOTHING_OVERDUE)
    unsent = work.unsent
    if unsent is not None and work.now - unsent.since > _LATE:
        wait = unsent.retry_at - work.real_now if unsent.retry_at else timedelta()
        age = work.now - unsent.since
        yield _to_do(Found.UNSENT, message=unsent, age=age, wait=max(wait, timedelta()))
    else:
        yield _well(Found.NOTHING_UNSENT)
    for state, found in ((State.UNKNOWN, Found.UNKNOWN), (State.FAILED, Found.FAILED)):
        count = work.ended.get(state, 0)
        last = next((told for told in work.last if told.state is state), None)
        if count:
            yield _to_do(found, count=count, last=last)
