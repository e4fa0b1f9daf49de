"""One day of a desk, as its script has it: people act at once, and things go wrong meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day

import sqlalchemy as sa

from operations import desks, people
from operations.standups import settings
from rules.desks import DeskForm, Need
from rules.local_time import instant
from rules.networks import Network
from rules.occurrences import OccurrenceState
from rules.standups import Standup
from storage.people import Profile
from storage.tables import messages, occurrences
from tests.faults.persona import Persona
from tests.faults.script import PEOPLE, Act, Scene, Script
from tests.faults.trouble import Fleet, Progress, Troubles, Window
from tests.flows.house import SOCIAL, TEAM, House
from tests.player import wait_until

ZONE = "Europe/Rome"
MONDAY = date(2026, 3, 2)
# Slack waits for three; a busy machine is no failure.
ACK_SECONDS = 5
# As Slack does over HTTP, only sooner.
EVENT_RETRIES = [0, 1, 4]
SETTLE_SECONDS = 40.0
# Processes that want to run, for each core.
_TOO_BUSY = 3
# What waits for an act that was left without an answer.
_SCENE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Day:
    """What came of it: when it `began` in unix seconds, what went wrong when, how many acts there
    was something to do them with, and the exit codes of the bots at its end. `was_slow`: the
    machine had far more to do than it has cores for, and nobody can be held to three seconds."""

    script: Script
    began: float
    windows: Sequence[Window]
    acts_done: int
    exit_codes: Sequence[int]
    was_slow: bool


def live(house: House, script: Script) -> Day:
    """Goes through a day, and ends with all quiet: nothing due, nothing left to tell, no bot.

    Raises AssertionError where it doesn't come to that.
    """
    _set_up(house, script)
    fleet = Fleet(house, script.bots)
    try:
        fleet.wait_connected()
        house.playground.limits(event_retries=EVENT_RETRIES)
        began = time.time()
        troubles = Troubles(house, fleet)
        players = {who: house.playground.player(who) for who in PEOPLE}
        personas = {who: Persona(player, house.playground.now) for who, player in players.items()}
        done = sum(_scene(house, troubles, personas, scene) for scene in script.scenes)
        house.playground.clear_faults()
        fleet.wait_connected()
        _wait_quiet(house)
        was_slow = os.getloadavg()[0] > _TOO_BUSY * (os.cpu_count() or 1)
        return Day(script, began, troubles.windows, done, fleet.stop(), was_slow)
    finally:
        fleet.end()


def _set_up(house: House, script: Script) -> None:
    """A desk with a standup, of which all are members."""
    now = _moment(0, time_of_day(7, 30))
    if not script.reads_history:
        house.without_history()
    house.playground.move_clock(to=now)
    house.playground.limits(event_retries=[], ack_seconds=ACK_SECONDS)
    members = []
    for slack_id in PEOPLE:
        house.playground.change_person(slack_id, tz=ZONE)
        profile = Profile(slack_id, house.names[slack_id], ZONE, "en-US")
        members.append(people.remember(house.store, TEAM, profile, now))
    maya, _, ines, kenji = members
    need = Need.ALL if script.needs_all else Need.ANY
    networks = (Network.LINKEDIN, Network.X)
    form = DeskForm((ines.id, kenji.id), need, networks, (maya.id,), ZONE)
    desk = desks.set_up(house.store, maya, SOCIAL, "social", form, now)
    ids = tuple(person.id for person in members)
    standup = Standup(desk.id, is_on=True, members=ids, duty=ids[1:3])
    settings.save(house.store, maya, standup, now)


def _moment(day: int, at: time_of_day) -> datetime:
    return instant(MONDAY + timedelta(day), at, ZONE)


def _scene(house: House, troubles: Troubles, personas: dict[str, Persona], scene: Scene) -> int:
    """How many acts there was something to do with."""

    house.playground.move_clock(to=_moment(scene.day, scene.at))
    progress = Progress()

    def go_through(acts: Sequence[Act]) -> int:
        done = 0
        for act in acts:
            done += personas[act.who].do(act)
            progress.one_more()
        return done

    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        each = [tuple(act for act in scene.acts if act.who == who) for who in PEOPLE]
        under_way = [pool.submit(go_through, acts) for acts in each]
        for wrong in sorted(scene.wrong, key=lambda wrong: wrong.after):
            progress.wait(wrong.after, _SCENE_SECONDS)
            troubles.begin(wrong)
        progress.wait(len(scene.acts), _SCENE_SECONDS)
        troubles.end()
        done = sum(future.result() for future in under_way)
    if scene.settles:
        # After seven failures in a row a message waits for two minutes, as it should.
        house.playground.clear_faults()
        _wait_quiet(house)
    return done


def _wait_quiet(house: House) -> None:
    try:
        wait_until(lambda: not _left(house), "all that is due is done and told", SETTLE_SECONDS)
    except AssertionError as error:
        raise AssertionError(f"{error}; left: {_left(house)}") from None


def _left(house: House) -> list[str]:
    """What is due and isn't done, and what isn't told."""
    now = house.playground.now()
    waits = (occurrences.c.state == OccurrenceState.WAITING) & (occurrences.c.due_at <= now)
    with house.store.read() as tx:
        due = tx.execute(sa.select(occurrences.c.key).where(waits)).scalars()
        pending = tx.execute(sa.select(messages.c.key).where(messages.c.pending)).scalars()
        return [*due, *pending]
