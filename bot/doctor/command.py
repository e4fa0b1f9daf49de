"""The command: looks, judges, says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from bot.clock import PlaygroundClock, utc_now
from bot.doctor import ask_database, ask_slack, words
from bot.doctor.checks import Finding, Mark, judge
from bot.doctor.facts import Facts, Tables
from bot.errors import CannotStart
from bot.logs import masked
from bot.settings import Settings
from bot.terminal import do

_SOMETHING_TO_DO = 1


@click.command()
def doctor() -> None:
    """Looks at everything that Copydesk depends on, and says what to do.

    It asks Slack about the tokens, their scopes and the desks' channels, and looks at the database,
    the clocks, and what waits or could not be delivered. It changes nothing, and may be run whether
    Copydesk runs or not. It ends with code 1 where there is something to do.
    """
    do(_doctor)


def _doctor(settings: Settings) -> None:
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # marks, desks' names
    findings = judge(_facts(settings))
    for finding in findings:
        _show(finding)
    to_do = sum(finding.mark is Mark.TO_DO for finding in findings)
    click.echo(words.summary(to_do))
    if to_do:
        sys.exit(_SOMETHING_TO_DO)


def _show(finding: Finding) -> None:
    says, do_this = words.say(finding.found, finding.values)
    click.echo(masked(f"{finding.mark.value} {says}"))
    if do_this:
        click.echo(masked(f"  → {do_this}"))


def _facts(settings: Settings) -> Facts:
    url = settings.database_url.reveal()
    store, trouble = ask_database.open_it(url)
    try:
        database = ask_database.look(url, store, trouble)
        readable = store if database.tables is Tables.CURRENT and not database.trouble else None
        slack = ask_slack.look(settings.slack, readable)
        if readable is None or database.damage:
            return Facts(slack, database, None)
        with _now(settings) as now:
            return Facts(slack, database, ask_database.work(readable, now))
    finally:
        if store is not None:
            store.close()


@contextmanager
def _now(settings: Settings) -> Iterator[datetime]:
    """The calendar's time: a playground's, where there is one that answers."""
    if settings.clock_url is None:
        yield utc_now()
        return
    try:
        clock = PlaygroundClock(settings.clock_url)
    except CannotStart:
        yield utc_now()
        return
    try:
        yield clock.now()
    finally:
        clock.stop()
