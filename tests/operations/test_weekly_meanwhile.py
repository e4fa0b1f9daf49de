"""The weekly digest is edited while it is being posted: what is acknowledged is what is posted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest

from operations import weekly
from operations.standups import settings as standup_settings
from rules.desks import Weekday
from rules.people import Person
from rules.refused import Refused
from rules.standups import Standup, Weekly
from rules.weekly import WeeklyRefusal
from storage import messages
from storage.messages import Kind
from tests.newsroom import NOW, Newsroom, somebody_waits
from tests.operations.digest_day import of_kind, tick
from tests.player import wait_until

# In Rome it is 16:00 then.
POSTED = datetime(2026, 3, 4, 15, tzinfo=UTC)

Meanwhile = Callable[[Callable[[], object], str, Callable[[], object]], Refused | None]

# SQLite lets one writer in at a time.
pytestmark = pytest.mark.parametrize("store", ["postgresql"], indirect=True)


@pytest.fixture
def ben(team: Newsroom) -> Person:
    """Has the draft of a weekly digest, which is all that is due by now."""
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    week = Weekly(Weekday.WEDNESDAY, time(16), ben.id)
    wanted = Standup(desk.id, is_on=True, members=(ann.id, ben.id), weekly=week)
    standup_settings.save(team.store, ann, wanted, NOW)
    tick(team, POSTED - timedelta(minutes=1))
    return ben


@pytest.fixture(params=["by hand", "by the clock"])
def post(request: pytest.FixtureRequest, team: Newsroom, ben: Person) -> Callable[[], object]:
    """Has it posted."""
    if request.param == "by the clock":
        return partial(tick, team, POSTED)
    [draft] = of_kind(team, Kind.WEEKLY_DRAFT)
    return partial(weekly.post_now, team.store, ben, draft.id, POSTED)


@pytest.fixture
def edit(team: Newsroom, ben: Person) -> Callable[[], object]:
    """Gives it a note."""
    [draft] = of_kind(team, Kind.WEEKLY_DRAFT)
    return partial(weekly.edit, team.store, ben, draft.id, "Well done", "")


@pytest.fixture
def meanwhile(team: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Makes two calls. The first has read when the second begins, and writes, by this function of
    `messages`, when that is done or waits for it; what the second was refused with."""

    def both(
        first: Callable[[], object], writes: str, second: Callable[[], object]
    ) -> Refused | None:
        has_read, may_write = threading.Event(), threading.Event()
        write = getattr(messages, writes)

        def held(*values: object, **more: object) -> object:
            if not has_read.is_set():
                has_read.set()
                assert may_write.wait(30)
            return write(*values, **more)

        monkeypatch.setattr(messages, writes, held)
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(first)
            assert has_read.wait(30)
            other = pool.submit(second)
            try:
                wait_until(
                    lambda: other.done() or somebody_waits(team.store), "the second gets somewhere"
                )
            finally:
                may_write.set()
            one.result(30)
            refused = other.exception(30)
        assert refused is None or isinstance(refused, Refused)
        return refused

    return both


def note(team: Newsroom) -> str:
    """What stands on top of it in the channel."""
    [posted] = of_kind(team, Kind.WEEKLY)
    return weekly.show(team.store, posted).note


def test_posted_while_it_is_edited_it_has_the_new_words(
    team: Newsroom,
    meanwhile: Meanwhile,
    edit: Callable[[], object],
    post: Callable[[], object],
) -> None:
    assert meanwhile(edit, "answer", post) is None
    assert note(team) == "Well done"


def test_edited_while_it_is_posted_it_is_posted_already(
    team: Newsroom,
    meanwhile: Meanwhile,
    edit: Callable[[], object],
    post: Callable[[], object],
) -> None:
    refused = meanwhile(post, "add", edit)
    assert refused is not None
    assert refused.reason is WeeklyRefusal.POSTED_ALREADY
    assert note(team) == ""
