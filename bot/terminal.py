"""What every command does: settings, logs, and one sentence where something is in the way."""

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

import storage
from bot.errors import CannotStart, Ended, NotNow
from bot.logs import masked, set_up_logging
from bot.settings import Settings, load_settings

# A supervisor can tell them apart: starting again may help after the second only.
_PUT_RIGHT_FIRST = 2
_START_AGAIN = 1


def do(work: Callable[[Settings], None], *, until_ended: bool = False) -> None:
    """Does what a command is for, with the settings of this folder and the environment.

    `until_ended`: it goes on until somebody ends it, so that this is no failure.
    """
    with one_sentence():
        _unwind_on_signals(until_ended)
        settings = load_settings(Path.cwd())
        set_up_logging(settings.log_level, as_json=settings.log_as_json)
        _hide_from_bolt()
        work(settings)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Ends the process with a sentence on stderr, and its code, where something is in the way."""
    try:
        yield
    except (NotNow, Ended, storage.Unavailable) as error:
        _say(error)
        sys.exit(_START_AGAIN)
    except (CannotStart, storage.StorageError) as error:
        _say(error)
        sys.exit(_PUT_RIGHT_FIRST)
    finally:
        logging.shutdown()


def hangup_is_ignored() -> bool:
    """Whether it was started to outlive its terminal, by `nohup`."""
    return signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def _unwind_on_signals(until_ended: bool) -> None:
    """Whoever ends a command, or closes its terminal, gets what Ctrl-C does: what is unfinished,
    such as a backup under its hidden name, is removed on the way out."""

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(0 if until_ended else 128 + number)

    signal.signal(signal.SIGTERM, end)
    if until_ended:
        signal.signal(signal.SIGINT, end)
    if not hangup_is_ignored():
        signal.signal(signal.SIGHUP, end)


def _hide_from_bolt() -> None:
    """Bolt reads tokens and OAuth settings of its own accord, past what was checked here."""
    for name in [name for name in os.environ if name.startswith("SLACK_")]:
        del os.environ[name]


def _say(error: Exception) -> None:
    sentence = masked(str(error)).rstrip(".")  # a driver's own words, at the end, have no full stop
    click.echo(f"Copydesk: {sentence}.", err=True)
