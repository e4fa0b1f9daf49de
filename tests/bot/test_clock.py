"""The bot goes by a playground's calendar."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import PlaygroundClock, utc_now
from bot.errors import CannotStart
from tests.bot_process import BotProcess, slack_settings
from tests.handlers.world import SOCIAL, setup, values
from tests.local_slack import client_of
from tests.player import Playground, wait_until
from tests.playground.conftest import BesideTheTest

FRIDAY = datetime(2030, 8, 2, 7, tzinfo=UTC)


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(seconds=30)


@pytest.fixture
def playground() -> Iterator[Playground]:
    with BesideTheTest() as started:
        yield started


def test_the_time_of_this_machine() -> None:
    assert near(utc_now(), datetime.now(UTC))


def test_an_app_goes_by_it_once_the_move_is_answered(playground: Playground) -> None:
    """Nothing is waited for: who moves the calendar is answered when the app knows."""
    clock = PlaygroundClock(playground.clock_url)
    clock.follow()
    for n in range(20):
        playground.move_clock(to=FRIDAY + timedelta(days=n))
        assert near(clock.now(), FRIDAY + timedelta(days=n))
    clock.stop()


def test_many_apps_go_by_it(playground: Playground) -> None:
    clocks = [PlaygroundClock(playground.clock_url) for _ in range(3)]
    for clock in clocks:
        clock.follow()
    playground.move_clock(to=FRIDAY)
    assert all(near(clock.now(), FRIDAY) for clock in clocks)
    for clock in clocks:
        clock.stop()


def test_an_app_that_starts_later(playground: Playground) -> None:
    playground.move_clock(to=FRIDAY)
    assert near(PlaygroundClock(playground.clock_url).now(), FRIDAY)


def test_an_app_that_is_gone_holds_nobody_up(playground: Playground) -> None:
    """Its connection is cut, as by kill -9."""
    gone = PlaygroundClock(playground.clock_url)
    gone.follow()
    playground.move_clock(by=timedelta(0))
    gone.stop()
    stays = PlaygroundClock(playground.clock_url)
    stays.follow()
    playground.move_clock(to=FRIDAY)
    assert near(stays.now(), FRIDAY)
    stays.stop()


def test_an_app_goes_on_by_the_last_it_heard() -> None:
    with BesideTheTest() as playground:
        playground.move_clock(to=FRIDAY)
        clock = PlaygroundClock(playground.clock_url)
        clock.follow()
    assert near(clock.now(), FRIDAY)
    clock.stop()


@pytest.mark.parametrize("address", ["/", "/control/workspace", "/nowhere"])
def test_an_address_that_is_no_clock(playground: Playground, address: str) -> None:
    with pytest.raises(CannotStart, match="does not answer with a time"):
        PlaygroundClock(playground.url + address)


def test_nobody_at_the_address() -> None:
    with pytest.raises(CannotStart, match="does not answer with a time"):
        PlaygroundClock("http://127.0.0.1:9/clock")


def draft_for(playground: Playground, publish_at: datetime) -> str | None:
    """What the bot says against a post to be published then."""
    tom = playground.player("U0TOM")
    tom.command(SOCIAL, "/draft Hello")
    form = tom.wait_for_view("New draft")
    done = tom.submit(form, values(publish_at=int(publish_at.timestamp())))
    said: str | None = (done["errors"] or {}).get("publish_at")
    return said


def check_that_the_bot_goes_by(playground: Playground) -> None:
    maya = playground.player("U0MAYA")
    maya.command(SOCIAL, "/desk setup")
    form = maya.wait_for_view("Set up this desk")
    assert maya.submit(form, setup((maya,), "any", ("linkedin",)))["errors"] is None
    playground.move_clock(to=FRIDAY)
    assert "has passed" in (draft_for(playground, FRIDAY - timedelta(hours=1)) or "")
    assert draft_for(playground, FRIDAY + timedelta(hours=1)) is None


def test_the_bot_goes_by_the_clock_it_is_given(playground: Playground, tmp_path: Path) -> None:
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        playground.wait_for_app()
        check_that_the_bot_goes_by(playground)
        assert bot.stop() == 0
    assert "WARNING" not in bot.stderr


def test_the_bot_goes_by_the_clock_of_its_own_playground(tmp_path: Path) -> None:
    with BotProcess(tmp_path, {"PLAYGROUND_PORT": "0"}) as bot:
        found = wait_until(lambda: re.search(r"Open (\S+) in", bot.stdout), "it says where")
        own = Playground()
        own.url = found[1]
        own.http = client_of(own.url)
        with own.http:
            check_that_the_bot_goes_by(own)
        assert bot.stop() == 0
    assert "ERROR" not in bot.stderr


def test_a_clock_that_is_not_there_is_one_sentence(playground: Playground, tmp_path: Path) -> None:
    settings = {**slack_settings(playground), "CLOCK_URL": f"{playground.url}/clocks"}
    with BotProcess(tmp_path, settings) as bot:
        assert bot.wait() == 2
    assert "CLOCK_URL" in bot.stderr
    assert bot.stderr.count("\n") == 1
