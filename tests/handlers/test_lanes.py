"""How fast Slack may be told things."""

import pytest

from handlers.courier.lanes import Lanes
from handlers.courier.verdicts import Paused


class Time:
    """Real time, as these tests want it."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_slack_is_asked_of_so_many_people_a_minute() -> None:
    time = Time()
    lanes = Lanes(time)
    for _ in range(80):
        lanes.check("users.info")
    time.now += 20
    with pytest.raises(Paused) as paused:
        lanes.check("users.info")
    assert paused.value.seconds == 40
    lanes.check("chat.postMessage")
    time.now += 40
    lanes.check("users.info")
