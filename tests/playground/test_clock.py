"""The calendar that can be moved."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.player import NotPossible, Player, Playground
from tests.playground.raw import call

SOON = timedelta(seconds=30)
FRIDAY = datetime(2030, 8, 2, 7, tzinfo=UTC)


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < SOON


def test_it_begins_with_real_time(playground: Playground) -> None:
    assert near(playground.now(), datetime.now(UTC))


def test_it_is_moved_and_goes_on(playground: Playground) -> None:
    assert near(playground.move_clock(to=FRIDAY), FRIDAY)
    first = playground.now()
    assert playground.now() > first >= FRIDAY
    playground.move_clock(by=timedelta(hours=1))
    assert near(playground.now(), FRIDAY + timedelta(hours=1))
    playground.real_time()
    assert near(playground.now(), datetime.now(UTC))


def test_the_next_morning_is_the_one_where_the_person_is(playground: Playground) -> None:
    # It is Friday 23:00 in New York, and Saturday 12:00 in Tokyo.
    evening = datetime(2030, 8, 2, 23, tzinfo=ZoneInfo("America/New_York"))
    for user, morning in (("U0TOM", "2030-08-03T13:00"), ("U0KENJI", "2030-08-04T00:00")):
        playground.move_clock(to=evening)
        playground.post("/play/clock", tomorrow=True, **{"as": user})
        assert playground.now().isoformat().startswith(morning)


@pytest.mark.parametrize(
    "given", [{}, {"to": "soon"}, {"to": "2030-08-02T07:00"}, {"by": "much"}, {"by": 1e300}]
)
def test_a_move_that_is_none(playground: Playground, given: dict[str, object]) -> None:
    with pytest.raises(NotPossible):
        playground.post("/control/clock", **given)
    assert near(playground.now(), datetime.now(UTC))


def test_slacks_own_time_is_not_moved(playground: Playground, maya: Player) -> None:
    playground.move_clock(to=FRIDAY)
    ts = maya.say("C0SOCIAL", "Hello")
    [said] = [m for m in maya.messages("C0SOCIAL") if m["ts"] == ts]
    assert near(datetime.fromtimestamp(float(ts), UTC), datetime.now(UTC))
    assert near(datetime.fromtimestamp(said["said_at"], UTC), FRIDAY)


def test_what_was_said_before_is_dated_as_before(playground: Playground, maya: Player) -> None:
    playground.move_clock(to=FRIDAY)
    assert all(m["said_at"] == float(m["ts"]) for m in maya.messages("C0SOCIAL"))


def test_it_is_kept_with_the_workspace(tmp_path: Path) -> None:
    kept = tmp_path / "state.json"
    with Playground(state=kept) as before:
        before.move_clock(to=FRIDAY)
    with Playground(state=kept) as after:
        assert near(after.now(), FRIDAY)


def test_the_app_posts_in_real_time(playground: Playground) -> None:
    playground.move_clock(to=FRIDAY)
    ts = call(playground, "chat.postMessage", channel="U0MAYA", text="a")["ts"]
    assert near(datetime.fromtimestamp(float(ts), UTC), datetime.now(UTC))
