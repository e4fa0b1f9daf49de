"""A write that somebody else overtook is decided anew on what stands then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from storage import Store
from storage.troubles import is_deadlock

TRIES = 3

T = TypeVar("T")


class Overtaken(Exception):
    """The row changed between reading and writing it."""


def decided(store: Store, work: Callable[[sa.Connection], T]) -> T:
    """Runs `work` in a write transaction, again when it was Overtaken or waited in a circle with
    others, three times at the most.

    Only rules refuse: being second is no reason to be sent away.
    """
    for _ in range(TRIES - 1):
        try:
            with store.write() as tx:
                return work(tx)
        except Overtaken:
            continue
        except sa.exc.DBAPIError as error:
            if not is_deadlock(error):
                raise
    with store.write() as tx:
        return work(tx)


def guard(touched: bool) -> None:
    """Raises Overtaken where a guarded write touched no row."""
    if not touched:
        raise Overtaken
