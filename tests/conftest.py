"""What holds for every test: hypothesis's profiles, and no skipping in CI."""

import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import database_url, postgres_server, postgres_url

__all__ = ["database_url", "postgres_server", "postgres_url"]

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

# A deadline measures the machine, not the code. Function-scoped fixtures are made once for all of a
# test's examples: a test that needs them anew says so itself.
settings.register_profile(
    "dev", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50
)
settings.load_profile("dev")


# Where files are held in memory. A commit waits for the disk: 0.3 ms, and 160 ms were seen beside a
# program that writes much. No test is about that.
_IN_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 4 * 1024**3


def _let_children_hear() -> None:
    """Who is started in the background, or by nohup, ignores these signals, and so do its children,
    unless it has handlers of its own. Tests send them."""
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def pytest_configure(config: pytest.Config) -> None:
    """Puts what tests write there, where there is room; not with a TMPDIR of one's own."""
    _let_children_hear()
    if "TMPDIR" in os.environ or not os.access(_IN_MEMORY, os.W_OK):
        return
    if shutil.disk_usage(_IN_MEMORY).free > _ROOM_BYTES:
        os.environ["TMPDIR"] = str(_IN_MEMORY)
        tempfile.tempdir = None  # it may have looked already


def _refuse_skips(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI a skipped test is a failed one: what isn't run there is run nowhere."""
    if IN_CI and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, and nothing may be skipped in CI."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skips itself."""
    report = yield
    _refuse_skips(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole file that skips itself."""
    report = yield
    _refuse_skips(report)
    return report


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see none of the developer's own settings, Slack tokens above all."""
    for name in list(os.environ):
        if name.startswith(("SLACK_", "PLAYGROUND_", "CLOCK_", "DATABASE_", "LOG_", "PORT")):
            monkeypatch.delenv(name)


@pytest.fixture
def root() -> Path:
    """The repository's folder."""
    return Path(__file__).parent.parent


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as there are cores: half of the time tests wait, for a process or a page."""
    return 2 * (os.cpu_count() or 1)
