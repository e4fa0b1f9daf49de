"""Five hundred people's morning messages that fall due at once, in real time.

The bound is what the courier allows itself of Slack's rates: 240 messages in any minute, so that
the last of five hundred can't come sooner than after two. The playground holds Slack's own rates to
the letter, for `users.info` too: nobody was asked about since yesterday.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import yaml

import storage
from bench.report import Report
from operations import desks, people
from operations.standups import settings
from rules.desks import DeskForm, Need
from rules.networks import Network
from rules.people import Person
from rules.standups import MOST_MEMBERS, Standup
from storage import Store
from storage.people import Profile
from tests.bot_process import BotProcess, slack_settings
from tests.player import Playground, wait_until

TEAM, ZONE = "T0MORNING", "Europe/Rome"
PEOPLE = 500
PER_MINUTE = 240
BOUND_SECONDS = (PEOPLE - 1) // PER_MINUTE * 60
AT_MOST = 1.2
# A Monday, at the time of the prompt.
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_five_hundred_prompts(tmp_path: Path, report: Report) -> None:
    url = f"sqlite:///{tmp_path / 'copydesk.db'}"
    storage.migrate(url)
    store = storage.open_store(url)
    _fill(store, MORNING - timedelta(days=1))
    with Playground(people=_workspace(tmp_path)) as playground:
        playground.limits(strict_rates=True)
        playground.move_clock(to=MORNING - timedelta(minutes=5))
        environment = {**slack_settings(playground), "DATABASE_URL": url}
        with BotProcess(tmp_path, environment) as bot:
            playground.wait_for_app()
            playground.move_clock(to=MORNING)

            def all_told() -> bool:
                return len(playground.calls("chat.postMessage")) >= PEOPLE

            wait_until(all_told, "everybody has their morning", 4 * BOUND_SECONDS)
            calls = playground.calls()
            assert bot.stop() == 0
    store.close()
    posted = [call for call in calls if call["method"] == "chat.postMessage"]
    seconds = posted[-1]["at"] - posted[0]["at"]
    asked = sum(call["method"] == "users.info" for call in calls)
    what = f"{PEOPLE} prompts and {asked} questions who somebody is, beside their bound: s"
    goal = f"< {AT_MOST}"
    report.add(what, f"{seconds:.0f}", f"{BOUND_SECONDS}", seconds / BOUND_SECONDS, goal)
    assert [call for call in calls if call["error"]] == []
    assert len({call["args"]["channel"] for call in posted}) == len(posted) == PEOPLE
    assert seconds < AT_MOST * BOUND_SECONDS


def _ids() -> list[str]:
    return [f"U0{number:04}" for number in range(PEOPLE)]


def _workspace(folder: Path) -> Path:
    """As many people, and a channel for each desk."""
    ids = _ids()
    described = {
        "team": {"id": TEAM, "name": "Morning Press", "domain": "morning-press"},
        "people": [
            {"id": i, "name": i.lower(), "real_name": f"Member {i}", "tz": ZONE} for i in ids
        ],
        "channels": [
            {"id": f"C{n}", "name": f"desk-{n}", "kind": "public", "members": ["app", *ids]}
            for n in range(_desks())
        ],
    }
    path = folder / "people.yml"
    path.write_text(yaml.safe_dump(described), encoding="utf-8")
    return path


def _desks() -> int:
    return math.ceil(PEOPLE / MOST_MEMBERS)


def _fill(store: Store, now: datetime) -> None:
    """Desks with a standup that all of them are in, as noted the day before."""
    known = [_person(store, slack_id, now) for slack_id in _ids()]
    for number in range(_desks()):
        members = known[number * MOST_MEMBERS : (number + 1) * MOST_MEMBERS]
        manager = members[0]
        form = DeskForm((manager.id,), Need.ANY, (Network.X,), (manager.id,), ZONE)
        desk = desks.set_up(store, manager, f"C{number}", f"desk-{number}", form, now)
        ids = tuple(member.id for member in members)
        wanted = Standup(desk.id, is_on=True, members=ids, prompt_at=time(9), digest_at=time(17))
        settings.save(store, manager, wanted, now)


def _person(store: Store, slack_id: str, now: datetime) -> Person:
    profile = Profile(slack_id, f"Member {slack_id}", ZONE, "en-US")
    return people.remember(store, TEAM, profile, now)
