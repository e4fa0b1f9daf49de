"""What Copydesk logs, line by line, as whoever runs it reads it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.logs import OneLine, WhatGoesOn


class Logged:
    """The lines so far."""

    def __init__(self, text: io.StringIO) -> None:
        self._text = text

    def lines(self, says: str = "") -> list[str]:
        """Those with these words in them."""
        return [line for line in self._text.getvalue().splitlines() if says in line]

    @property
    def text(self) -> str:
        """All of them."""
        return self._text.getvalue()


FLOORS = ("bot", "handlers", "operations", "storage")


@contextmanager
def logged(level: int = logging.INFO) -> Iterator[Logged]:
    """Listens in this process until the end of the block."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(OneLine())
    handler.addFilter(WhatGoesOn())
    loggers = [logging.getLogger(floor) for floor in FLOORS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(level)
    try:
        yield Logged(text)
    finally:
        for logger, old in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(old)


def value(line: str, name: str) -> str:
    """What a field says in a line: the field `click` of "... click=ab12 ..."."""
    found = [part for part in line.split() if part.startswith(f"{name}=")]
    assert len(found) == 1, f"{name} in {line}"
    return found[0].partition("=")[2]
