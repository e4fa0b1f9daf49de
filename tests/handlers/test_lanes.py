"""How fast Slack may be told things."""

import pytest

from handlers.courier.lanes import Lanes, Roads
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


def test_one_workspace_holds_up_no_other() -> None:
    time = Time()
    roads = Roads(time)
    for number in range(240):
        roads.of("T1").take(f"C{number}")
    roads.of("T2").take("C1")
    assert roads.full() == {"T1"}
    roads.of("T2").close(5)
    assert roads.full() == {"T1", "T2"}
    time.now += 5
    assert roads.full() == {"T1"}
    assert {"T1:C1", "T2:C1"} <= roads.busy()
    roads.of("T2").leave("C1")
    time.now += 1
    assert "T2:C1" not in roads.busy()
    assert "T1:C1" in roads.busy()
