"""What the doctor makes of what it found, case by case; what it says is looked at with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.doctor import words
from bot.doctor.checks import Finding, Found, Mark, judge
from bot.doctor.facts import (
    DatabaseFacts,
    DeskFacts,
    Facts,
    Mode,
    Reach,
    SlackFacts,
    Tables,
    WorkFacts,
    WorkspaceFacts,
)
from rules.occurrences import Occurrence, OccurrenceKind
from storage.condition import Told
from storage.messages import State
from tests.bot_process import BotProcess
from tests.newsroom import sqlite_with_tables

__all__ = ["sqlite_with_tables"]

NOW = datetime(2030, 3, 4, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GIGA = 1024**3

DESK = DeskFacts("social", False, Reach.FINE)
WORKSPACE = WorkspaceFacts(
    "Acme", "copydesk", granted=frozenset({"a", "b", "c"}), clock_ahead=1.0, desks=(DESK,)
)
SLACK = SlackFacts(
    Mode.SOCKET_MODE, (WORKSPACE,), "", frozenset({"a", "b"}), frozenset({"reactions:read", "c"})
)
DATABASE = DatabaseFacts(True, "data/copydesk.db", size=GIGA, free=10 * GIGA, damage=())
WORK = WorkFacts(NOW, NOW, None, None, {}, ())
TOLD = Told(7, "channel_card", "C1", State.WAITING, NOW - 3 * MINUTE, "ratelimited", NOW + MINUTE)
DUE = Occurrence(1, "T1", "digest:1", OccurrenceKind.DIGEST, NOW - 3 * MINUTE)


def judged(facts: Facts) -> dict[Found, Finding]:
    return {finding.found: finding for finding in judge(facts)}


def workspace(**changed: Any) -> Facts:
    return Facts(replace(SLACK, workspaces=(replace(WORKSPACE, **changed),)), DATABASE, WORK)


def database(**changed: Any) -> Facts:
    return Facts(SLACK, replace(DATABASE, **changed), WORK)


def work(**changed: Any) -> Facts:
    return Facts(SLACK, DATABASE, replace(WORK, **changed))


def desk(reach: Reach, asleep: bool = False) -> Facts:
    return workspace(desks=(DeskFacts("social", asleep, reach),))


def test_where_all_is_well_there_is_nothing_to_do() -> None:
    scopes = frozenset({"a", "b", "c", "reactions:read"})
    findings = judge(workspace(granted=scopes))
    assert {finding.mark for finding in findings} == {Mark.WELL}
    assert [finding.found for finding in findings] == [
        Found.TOKEN,
        Found.SCOPES,
        Found.CLOCK,
        Found.DESKS,
        Found.APP_TOKEN,
        Found.DATABASE,
        Found.NOTHING_OVERDUE,
        Found.NOTHING_UNSENT,
    ]


@pytest.mark.parametrize(
    ("facts", "found", "mark"),
    [
        (Facts(SlackFacts(Mode.PLAYGROUND), DATABASE, WORK), Found.PLAYGROUND, Mark.NOTE),
        (Facts(SlackFacts(Mode.SEVERAL), DATABASE, WORK), Found.NO_INSTALLATIONS, Mark.NOTE),
        (Facts(replace(SLACK, mode=Mode.HTTP), DATABASE, WORK), Found.SIGNING_SECRET, Mark.WELL),
        (
            Facts(replace(SLACK, app_trouble="No."), DATABASE, WORK),
            Found.APP_TROUBLE,
            Mark.TO_DO,
        ),
        (workspace(trouble="No."), Found.TOKEN_TROUBLE, Mark.TO_DO),
        (workspace(refused="token_revoked"), Found.TOKEN_REFUSED, Mark.TO_DO),
        (workspace(granted=None), Found.SCOPES_UNKNOWN, Mark.NOTE),
        (workspace(granted=frozenset({"a", "c"})), Found.SCOPES_MISSING, Mark.TO_DO),
        (workspace(), Found.SCOPE_OPTIONAL, Mark.NOTE),
        (workspace(clock_ahead=61.0), Found.CLOCK_WRONG, Mark.TO_DO),
        (workspace(clock_ahead=-61.0), Found.CLOCK_WRONG, Mark.TO_DO),
        (workspace(clock_ahead=60.0), Found.CLOCK, Mark.WELL),
        (workspace(desks=()), Found.NO_DESKS, Mark.NOTE),
        (desk(Reach.NOT_IN), Found.DESK_NOT_IN, Mark.TO_DO),
        (desk(Reach.ARCHIVED), Found.DESK_ARCHIVED, Mark.TO_DO),
        (desk(Reach.ARCHIVED, asleep=True), Found.DESK_ASLEEP, Mark.NOTE),
        (desk(Reach.HIDDEN), Found.DESK_HIDDEN, Mark.TO_DO),
        (desk(Reach.NO_SCOPE), Found.DESK_NO_SCOPE, Mark.TO_DO),
        (desk(Reach.NOT_ASKED), Found.DESK_NOT_ASKED, Mark.NOTE),
        (database(exists=False), Found.DATABASE_MISSING, Mark.NOTE),
        (database(trouble="It can't"), Found.DATABASE_TROUBLE, Mark.TO_DO),
        (database(tables=Tables.NONE), Found.TABLES_NONE, Mark.TO_DO),
        (database(tables=Tables.OLDER), Found.TABLES_OLDER, Mark.TO_DO),
        (database(tables=Tables.OLDER, on_sqlite=False), Found.TABLES_OLDER, Mark.TO_DO),
        (database(tables=Tables.NEWER), Found.TABLES_NEWER, Mark.TO_DO),
        (database(free=GIGA - 1), Found.DISK_FULL, Mark.TO_DO),
        (database(free=100 * 1024**2, size=1), Found.DISK_FULL, Mark.TO_DO),
        (database(trouble="It can't", free=0), Found.DISK_FULL, Mark.TO_DO),
        (database(damage=("page 3",)), Found.DAMAGED, Mark.TO_DO),
        (database(damage=None), Found.NOT_CHECKED, Mark.NOTE),
        (
            database(on_sqlite=False, damage=None, free=None, clock_ahead=11.0),
            Found.DATABASE_CLOCK,
            Mark.TO_DO,
        ),
        (work(overdue=DUE), Found.OVERDUE, Mark.TO_DO),
        (work(overdue=replace(DUE, due_at=NOW - 2 * MINUTE)), Found.NOTHING_OVERDUE, Mark.WELL),
        (work(unsent=TOLD), Found.UNSENT, Mark.TO_DO),
        (work(unsent=replace(TOLD, retry_at=None, error="")), Found.UNSENT, Mark.TO_DO),
        (work(unsent=replace(TOLD, since=NOW)), Found.NOTHING_UNSENT, Mark.WELL),
        (
            work(ended={State.UNKNOWN: 2}, last=(replace(TOLD, state=State.UNKNOWN),)),
            Found.UNKNOWN,
            Mark.TO_DO,
        ),
        (work(ended={State.FAILED: 1}), Found.FAILED, Mark.TO_DO),
    ],
)
def test_what_is_found_and_what_it_means(facts: Facts, found: Found, mark: Mark) -> None:
    findings = judged(facts)
    assert found in findings
    finding = findings[found]
    assert finding.mark is mark
    says, do = words.say(finding.found, finding.values)
    assert says.endswith(".")
    assert "{" not in says + do
    assert do == "" or do.endswith(".")
    # A sentence of the settings' or Slack's says itself what to do.
    said_by_others = found in (Found.TOKEN_TROUBLE, Found.APP_TROUBLE)
    assert bool(do) is (mark is Mark.TO_DO and not said_by_others)


def test_each_thing_that_may_be_found_has_a_sentence() -> None:
    assert set(words._SAID) == set(Found)


def test_what_was_not_looked_at_is_not_said_to_be_none() -> None:
    """The database has the installations and the desks."""
    no_database = replace(DATABASE, trouble="It can't")
    findings = judged(Facts(SlackFacts(Mode.SEVERAL, None), no_database, None))
    assert set(findings) == {Found.SIGNING_SECRET, Found.DATABASE_TROUBLE}
    slack = replace(SLACK, workspaces=(replace(WORKSPACE, desks=None),))
    findings = judged(Facts(slack, no_database, None))
    assert Found.TOKEN in findings
    assert Found.NO_DESKS not in findings


def test_what_a_token_does_not_open_hides_nothing_else() -> None:
    findings = judged(workspace(trouble="No."))
    assert Found.TOKEN not in findings
    assert Found.APP_TOKEN not in findings
    assert Found.DATABASE in findings


@pytest.mark.parametrize(
    ("facts", "found", "says"),
    [
        (work(overdue=DUE), Found.OVERDUE, "due 3 minutes ago"),
        (workspace(clock_ahead=-7200.0), Found.CLOCK_WRONG, "2 hours behind Slack's"),
        (workspace(clock_ahead=0.3), Found.CLOCK, "less than a second"),
        (database(), Found.DATABASE, "data/copydesk.db, 1.0 GB"),
        (
            work(unsent=TOLD),
            Found.UNSENT,
            "channel_card to C1, message 7. The last try: rate",
        ),
        (workspace(), Found.SCOPE_OPTIONAL, "reactions:read is not granted: a check mark"),
    ],
)
def test_the_sentence_has_what_somebody_needs(facts: Facts, found: Found, says: str) -> None:
    finding = judged(facts)[found]
    assert says in words.say(found, finding.values)[0]


@pytest.mark.parametrize(("count", "says"), [(0, "well"), (1, "One thing"), (3, "3 things")])
def test_the_last_line(count: int, says: str) -> None:
    assert says in words.summary(count)


def test_what_a_terminal_cannot_show_is_replaced(tmp_path: Path, sqlite_with_tables: Path) -> None:
    """It was a traceback, with the code that means that there is something to do."""
    settings = {"DATABASE_URL": f"sqlite:///{sqlite_with_tables}", "PYTHONIOENCODING": "latin-1"}
    with BotProcess(tmp_path, settings, ("bot", "doctor")) as asked:
        assert asked.wait() == 0
    assert "? Slack was told everything" in (tmp_path / "stdout").read_text("latin-1")
    assert asked.stderr == ""
