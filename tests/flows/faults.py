"""What can go wrong with a call to Slack, and how it is ordered from the playground."""

from __future__ import annotations

from typing import Any

from tests.flows.house import House
from tests.flows.launcher import Pace
from tests.player import Json

FAULTS: list[dict[str, Any]] = [
    {"kind": "429", "retry_after": 1},
    {"kind": "500"},
    {"kind": "html"},
    {"kind": "nothing"},
    {"kind": "lost_reply"},
]
"""Those that are over at once."""

HASTY = Pace(settle=0.2, click_timeout=1.0)
SLOW: dict[str, Any] = {"kind": "slow", "seconds": 1.6}
"""Longer than the click's timeout above; an answer after that is still within Slack's three."""


def order(house: House, method: str, count: int = 1) -> None:
    """The next calls of a method meet each of the faults, `count` times."""
    for fault in FAULTS:
        house.playground.fault(method, count=count, **fault)


def all_met(house: House) -> bool:
    """Whether every fault that was ordered has been met."""
    pending: list[Json] = house.playground.get("/control/faults")["faults"]
    return not pending
