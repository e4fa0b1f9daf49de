"""How Slack's requests come in: a door is one of the ways, and the bot treats them alike."""

import threading
import time
from collections.abc import Callable
from typing import Protocol


class Door(Protocol):
    """Takes what people do to a Bolt app, from when it was made."""

    def seconds_without_connection(self) -> float:
        """How long it has not been able to take anything; 0.0 while it can. Called every second."""

    def is_open(self) -> bool:
        """Whether something would be taken now."""

    def drain(self) -> None:
        """Takes nothing new, and returns once what was begun is answered."""

    def close(self) -> None:
        """Lets go of what it holds, once or again. After it nothing comes any more."""


class NoDoor:
    """Of a process that only delivers, and does what falls due."""

    def seconds_without_connection(self) -> float:
        """It needs none."""
        return 0.0

    def is_open(self) -> bool:
        """Nothing more is to be had."""
        return True

    def drain(self) -> None:
        """It took nothing."""

    def close(self) -> None:
        """It holds nothing."""


def finish(works: list[Callable[[], None]], seconds: float) -> bool:
    """Lets each finish what it has, one after the other, for `seconds` in all.

    Returns whether all did. Each may still hand work to those after it.
    """
    ends = time.monotonic() + seconds
    return all(_within(work, ends - time.monotonic()) for work in works)


def _within(work: Callable[[], None], seconds: float) -> bool:
    thread = threading.Thread(target=work, daemon=True, name="finish")
    thread.start()
    thread.join(max(seconds, 0))
    return not thread.is_alive()
