"""Faults on order: the next calls of a method answer badly, or are held until released."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """`nothing`: not done, connection cut. `lost_reply`: done, then cut. `slow`: done late."""

    RATELIMITED = "429"
    ERROR = "500"
    HTML = "html"
    NOTHING = "nothing"
    LOST_REPLY = "lost_reply"
    SLOW = "slow"


@dataclass(slots=True)
class Pending:
    """`retry_after` and `seconds` are seconds."""

    method: str
    kind: Fault
    count: int = 1
    retry_after: int = 1
    seconds: float = 1.0


@dataclass(slots=True)
class Hold:
    """A call that waits `before` it is done or `after`. `arrived` once a call has reached it."""

    method: str
    at: str
    released: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: bool = False


class Faults:
    """`*` stands for every method; the first that fits is taken. `changed` is called after each
    change of what is ordered or held."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.pending: list[Pending] = []
        self.holds: list[Hold] = []
        self._changed = changed

    def order(self, fault: Pending) -> None:
        self.pending.append(fault)
        self._changed()

    def call_off(self) -> None:
        """Forgets what was ordered and hasn't happened."""
        self.pending.clear()
        self._changed()

    def hold(self, hold: Hold) -> None:
        self.holds.append(hold)
        self._changed()

    def take(self, method: str) -> Pending | None:
        """The fault for this call, used up by it."""
        for fault in self.pending:
            if fault.method in (method, "*"):
                fault.count -= 1
                if fault.count <= 0:
                    self.pending.remove(fault)
                self._changed()
                return fault
        return None

    async def wait(self, method: str, at: str) -> None:
        """Returns at once unless a hold was ordered for this point."""
        for hold in self.holds:
            if hold.method in (method, "*") and hold.at == at and not hold.arrived:
                hold.arrived = True
                self._changed()
                await hold.released.wait()
                return

    def release(self, method: str | None) -> int:
        """Lets held calls go on and forgets holds not reached; how many calls were held."""
        chosen = [hold for hold in self.holds if method in (None, hold.method)]
        for hold in chosen:
            hold.released.set()
            self.holds.remove(hold)
        self._changed()
        return sum(hold.arrived for hold in chosen)
