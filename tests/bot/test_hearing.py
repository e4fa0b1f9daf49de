"""A session that hears nothing any more is replaced; if that doesn't help, the process ends."""

import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from slack_sdk.socket_mode.builtin.frame_header import FrameHeader
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from bot.hearing import (
    AGAIN_SECONDS,
    LONGEST_AGAIN_SECONDS,
    QUIET_SECONDS,
    SILENT_SECONDS,
    Hearing,
    Remedy,
)
from bot.socket_client import frame
from tests.bot_process import BotProcess, slack_settings
from tests.player import Playground, wait_until

SOCIAL = "C0SOCIAL"
HASTY = ("tests.bot.hasty",)
A_MOMENT = 0.01


@pytest.mark.parametrize(
    ("connected", "heard", "told", "remedy"),
    [
        (0.0, 0.0, 0.0, Remedy.NONE),
        (0.0, 0.0, SILENT_SECONDS, Remedy.NONE),
        (0.0, 0.0, SILENT_SECONDS + A_MOMENT, Remedy.REPLACE),
        # Of a session that was made a moment ago nothing can have been heard yet.
        (1.0, 0.0, SILENT_SECONDS + 1, Remedy.NONE),
        (0.0, QUIET_SECONDS, QUIET_SECONDS, Remedy.NONE),
        (0.0, QUIET_SECONDS, QUIET_SECONDS + A_MOMENT, Remedy.RENEW),
        (1.0, QUIET_SECONDS, QUIET_SECONDS + 1, Remedy.NONE),
        (0.0, 0.0, QUIET_SECONDS + A_MOMENT, Remedy.REPLACE),
    ],
)
def test_what_a_session_needs(connected: float, heard: float, told: float, remedy: Remedy) -> None:
    """`told`: how late it is now, when nobody has done anything since 0."""
    assert Hearing(connected, heard, told_at=0.0).remedy(now=told) is remedy


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(1, AGAIN_SECONDS), (2, 2 * AGAIN_SECONDS), (100, LONGEST_AGAIN_SECONDS)],
)
def test_what_could_not_be_made_is_tried_again_soon_and_then_less_often(
    failures: int, seconds: float
) -> None:
    failed = 1000.0
    later = failed + seconds
    hearing = Hearing(failed, later, later, failures, failed)
    assert hearing.remedy(later) is Remedy.NONE
    assert hearing.remedy(later + A_MOMENT) is Remedy.RENEW


def test_a_handshake_is_no_proof_that_anything_is_heard() -> None:
    hearing = Hearing(connected_at=100.0, heard_at=0.0, told_at=0.0)
    assert hearing.remedy(101.0) is Remedy.NONE
    assert hearing.seconds_deaf(101.0) == 101.0
    assert Hearing(0.0, 100.0, 0.0).seconds_deaf(101.0) == 0.0


@pytest.fixture
def playground() -> Iterator[Playground]:
    with Playground() as started:
        yield started


def connections(playground: Playground) -> int:
    """How many there have been."""
    return sum(entry["name"] == "connected" for entry in playground.log())


def at_least(playground: Playground, wanted: int) -> bool:
    return connections(playground) >= wanted


def comings(playground: Playground) -> list[str]:
    """Which connections came and went, in order."""
    names = [entry["name"] for entry in playground.log()]
    return [name for name in names if name in ("connected", "disconnected")]


@pytest.mark.parametrize("answers_pings", [True, False], ids=["deaf", "half-open"])
def test_a_session_that_hears_nothing_is_renewed(
    playground: Playground, tmp_path: Path, answers_pings: bool
) -> None:
    maya = playground.player("U0MAYA")
    with BotProcess(tmp_path, slack_settings(playground), HASTY) as bot:
        playground.wait_for_app(timeout=60)
        assert maya.command(SOCIAL, "/desk")["acked"]
        playground.deafen_sockets(answers_pings=answers_pings)
        before = connections(playground)
        wait_until(lambda: connections(playground) > before, "another connection")
        wait_until(lambda: maya.command(SOCIAL, "/desk")["acked"], "it hears again")
        assert bot.stop() == 0


def test_a_quiet_session_is_renewed_and_nothing_is_lost_on_the_way(
    playground: Playground, tmp_path: Path
) -> None:
    maya = playground.player("U0MAYA")
    with BotProcess(tmp_path, slack_settings(playground), HASTY) as bot:
        playground.wait_for_app(timeout=60)
        for wanted in (2, 3):
            wait_until(partial(at_least, playground, wanted), "another connection")
            for _ in range(10):
                assert maya.command(SOCIAL, "/desk")["acked"]
        wait_until(lambda: playground.connected() == 1, "the old ones are let go of")
        assert bot.stop() == 0
    assert playground.problems() == []


@pytest.mark.parametrize("asked", [True, False], ids=["asked-by-slack", "quiet"])
def test_a_session_is_kept_until_the_next_one_is_made(
    playground: Playground, tmp_path: Path, asked: bool
) -> None:
    maya = playground.player("U0MAYA")
    arguments = ("bot",) if asked else HASTY
    with BotProcess(tmp_path, slack_settings(playground), arguments) as bot:
        playground.wait_for_app(timeout=60)
        playground.refuse_sockets()
        if asked:
            playground.refresh_sockets(warning_seconds=30)
        wait_until(lambda: "Connecting anew failed" in bot.stderr, "a first try fails")
        assert maya.command(SOCIAL, "/desk")["acked"]
        wait_until(partial(at_least, playground, 2), "the next try")
        assert maya.command(SOCIAL, "/desk")["acked"]
        wait_until(lambda: "disconnected" in comings(playground), "the old one is let go of")
        assert comings(playground)[:3] == ["connected", "connected", "disconnected"]
        assert bot.stop() == 0
    assert playground.problems() == []


def test_while_it_hears_it_keeps_its_session(playground: Playground, tmp_path: Path) -> None:
    maya = playground.player("U0MAYA")
    with BotProcess(tmp_path, slack_settings(playground), HASTY) as bot:
        playground.wait_for_app(timeout=60)
        gone_on = threading.Event()
        threading.Timer(6, gone_on.set).start()
        while not gone_on.is_set():
            assert maya.command(SOCIAL, "/desk")["acked"]
        assert connections(playground) == 1
        assert bot.stop() == 0


def test_what_never_hears_again_ends_for_a_restart(playground: Playground, tmp_path: Path) -> None:
    """Each new connection is made, and then says nothing: behind a proxy that lost its way, say."""
    with BotProcess(tmp_path, slack_settings(playground), HASTY) as bot:
        playground.wait_for_app(timeout=60)
        playground.deafen_sockets(answers_pings=False, new_ones=True)
        assert bot.wait() == 1
        assert connections(playground) >= 2
    assert bot.stderr.splitlines()[-1].startswith("Copydesk: The connection to Slack was lost")
    assert "Traceback" not in bot.stderr


@pytest.mark.parametrize("kind", ["429", "slow"])
def test_it_can_be_stopped_while_slack_asks_for_patience(
    playground: Playground, tmp_path: Path, kind: str
) -> None:
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        playground.wait_for_app(timeout=60)
        playground.fault("apps.connections.open", kind, count=1000, retry_after=120, seconds=9)
        playground.drop_sockets()
        asked = len(playground.calls("apps.connections.open"))
        wait_until(lambda: len(playground.calls("apps.connections.open")) >= asked, "it asks")
        bot.process.send_signal(signal.SIGTERM)
        assert bot.process.wait(8) == 0


def test_clicks_are_answered_while_slack_is_slow_to_give_a_new_connection(
    playground: Playground, tmp_path: Path
) -> None:
    maya = playground.player("U0MAYA")
    with BotProcess(tmp_path, slack_settings(playground)) as bot:
        playground.wait_for_app(timeout=60)
        playground.hold("apps.connections.open", "before")
        playground.refresh_sockets(warning_seconds=30)
        playground.wait_for_held()
        assert maya.command(SOCIAL, "/desk")["acked"]
        playground.release()
        wait_until(lambda: connections(playground) == 2, "the new connection")
        wait_until(lambda: playground.connected() == 1, "the old one is let go of")
        assert maya.command(SOCIAL, "/desk")["acked"]
        assert bot.stop() == 0
    assert playground.problems() == []


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 300_000])
def test_a_message_of_any_size_is_one_frame(size: int) -> None:
    data = os.urandom(size)
    reader = StreamReader()
    reader.feed_data(frame(FrameHeader.OPCODE_TEXT, data, os.urandom(4)))
    reader.feed_eof()
    parsing = Frame.parse(reader.read_exact, mask=True)
    with pytest.raises(StopIteration) as parsed:
        next(parsing)
    assert parsed.value.value == Frame(Opcode.TEXT, data)
