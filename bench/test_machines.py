"""Several processes on one PostgreSQL: what each one more adds.

Their clicks go round, as a balancer's do, with a Slack that takes its time for each call: what is
measured is how much they do at once, on a machine that has few cores for all of them together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import storage
from bench import work
from bench.processes import SlackProcess, over_http, workers
from bench.report import Report
from bench.slack import TEAM
from storage import Store, messages, people
from storage.messages import Kind
from storage.people import Profile
from tests.player import wait_until

PROCESSES = (1, 2, 3)
CALL_SECONDS = 0.5
PEOPLE = 30
CLICKS = 180
MESSAGES = 90


def test_clicks(postgres_url: str, tmp_path: Path, report: Report) -> None:
    """Approve, which is all database, and Open, which waits for Slack."""
    all_clicks = len(PROCESSES) * CLICKS
    done = work.fill(postgres_url, all_clicks)
    approvals = work.write(tmp_path / "approvals", work.approvals(done), all_clicks)
    openings = work.write(tmp_path / "openings", work.openings(done), CLICKS)
    alone: dict[str, float] = {}
    for number, count in enumerate(PROCESSES):
        with (
            SlackProcess(CALL_SECONDS) as slack,
            over_http(slack, tmp_path, postgres_url, "bot", count=count) as bots,
        ):
            ports = [port for bot in bots for port in bot.ports]
            slack.click(openings, 0, 10 * count, 10, ports)
            for what, file, first in (
                ("Open, Slack takes 0.5 s", openings, 0),
                ("Approve", approvals, number * CLICKS),
            ):
                speed = slack.click(file, first, CLICKS, PEOPLE, ports).per_second
                _add(report, f"{what}, {PEOPLE} at once: clicks per s", count, speed, alone)


def test_deliveries(postgres_url: str, tmp_path: Path, report: Report) -> None:
    """Messages to many people, with a Slack that takes its time."""
    storage.migrate(postgres_url)
    store = storage.open_store(postgres_url)
    alone: dict[str, float] = {}
    for count in PROCESSES:
        with (
            SlackProcess(CALL_SECONDS) as slack,
            workers(slack, tmp_path, postgres_url, count=count),
        ):
            _note(store, count)
            wait_until(lambda slack=slack: len(slack.told()) >= MESSAGES, "all are told", 120)  # type: ignore[misc]
            told = [one["at"] for one in slack.told()]
        assert len(told) == MESSAGES
        speed = (MESSAGES - 1) / (max(told) - min(told))
        _add(report, "deliveries, Slack takes 0.5 s: per s", count, speed, alone)
    store.close()


def _add(report: Report, what: str, count: int, speed: float, alone: dict[str, float]) -> None:
    before = alone.setdefault(what, speed)
    if count > 1:
        name = f"PostgreSQL, {count} processes beside one: {what}"
        report.add(name, f"{speed:.0f}", f"{before:.0f}", speed / before)


def _note(store: Store, number: int) -> None:
    """A message for each of many people, at once."""
    now = datetime.now(UTC)
    with store.write() as tx:
        for n in range(MESSAGES):
            profile = Profile(f"U{number}{n:04}", f"Member {n}", "Europe/Rome", "en-US")
            person = people.save(tx, TEAM, profile, now)
            key = f"bench:{number}:{n}"
            messages.add(tx, TEAM, key, Kind.HELP, now, person_id=person.id)
