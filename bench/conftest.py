"""What the measurements work on, and the table of what they found."""

from __future__ import annotations

import pytest

from bench.report import Report
from tests.databases import database_url, postgres_server, postgres_url

__all__ = ["database_url", "postgres_server", "postgres_url"]

_REPORT = pytest.StashKey[Report]()


def pytest_configure(config: pytest.Config) -> None:
    """One table for the whole run."""
    config.stash[_REPORT] = Report()


@pytest.fixture
def report(pytestconfig: pytest.Config) -> Report:
    """Where a measurement puts its lines."""
    return pytestconfig.stash[_REPORT]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Prints the table."""
    report = config.stash[_REPORT]
    if report:
        terminalreporter.section("one run: ratios count, not times")
        terminalreporter.line(str(report))
