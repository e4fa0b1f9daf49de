"""Three bots on one PostgreSQL go through mornings of prompts, digests and reminders, and are
killed at random: everything that falls due comes once, and each message is in Slack once.

COPYDESK_MORNINGS=20 goes through as many mornings instead of one, COPYDESK_SEED=7 kills at other
moments.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from typing import Any

import pytest
import sqlalchemy as sa

from operations import desks, drafts, people
from operations.drafts import DraftForm
from operations.standups import settings
from rules.contents import Content
from rules.desks import Desk, DeskForm, Need
from rules.local_time import instant
from rules.networks import Network
from rules.occurrences import OccurrenceKind, OccurrenceState
from rules.people import Person
from rules.standups import Standup
from storage.messages import Kind, State
from storage.people import Profile
from storage.tables import messages, occurrences
from tests.flows.house import SOCIAL, TEAM, House
from tests.flows.launcher import Pace
from tests.player import wait_until

MORNINGS = int(os.environ.get("COPYDESK_MORNINGS", "1"))
SEED = int(os.environ.get("COPYDESK_SEED", "1"))
MONDAY = date(2026, 3, 2)
ZONE = "Europe/Rome"
# The prompts, the approvers' reminders, the digest, what the posts' time brings, the evening.
STOPS = (time(9), time(10, 30), time(14), time(16), time(17, 30))
POSTS_A_DAY = 4
BOTS = 3
# What a killed bot had claimed is taken over after four seconds.
HASTY = Pace(lease=4.0, courier_timeout=1.0, click_timeout=1.0, settle=0.2, tick=0.05)

pytestmark = pytest.mark.timeout(120 + 120 * MORNINGS)


@pytest.mark.only(database="postgresql")
def test_everything_comes_once_however_often_they_are_killed(house: House) -> None:
    chance = random.Random(SEED)
    everybody = (house.maya, house.tom, house.ines, house.kenji)
    for player in everybody:
        house.playground.change_person(player.id, tz=ZONE)
    days = list(islice(_working_days(), MORNINGS))
    house.playground.move_clock(to=_moment(days[0], time(8)))
    maya, tom, ines, kenji = (_person(house, player.id, days[0]) for player in everybody)
    desk = _desk(house, maya, (tom, ines, kenji), days[0])
    with ExitStack() as stack:
        bots = [stack.enter_context(house.bot(pace=HASTY)) for _ in range(BOTS)]
        house.wait_for_bots(BOTS)
        for day in days:
            for number in range(POSTS_A_DAY):
                _write(house, desk, tom, day, number)
            for stop in STOPS:
                _go_on(house, _moment(day, stop), chance)
                which = chance.randrange(BOTS)
                bots[which].kill()
                bots[which] = stack.enter_context(house.bot(pace=HASTY))
                _wait_done(house, _moment(day, stop))
        house.check()
    _check_occurrences(house, days)


def _working_days() -> Iterator[date]:
    for number in count():
        day = MONDAY + timedelta(number)
        if day.weekday() < 5:
            yield day


def _moment(day: date, at: time) -> datetime:
    return instant(day, at, ZONE)


def _person(house: House, slack_id: str, day: date) -> Person:
    profile = Profile(slack_id, slack_id, ZONE, "en-US")
    return people.remember(house.store, TEAM, profile, _moment(day, time(8)))


def _desk(house: House, maya: Person, others: tuple[Person, ...], day: date) -> Desk:
    now = _moment(day, time(8))
    form = DeskForm(tuple(p.id for p in others[1:]), Need.ALL, (Network.X,), (maya.id,), ZONE)
    desk = desks.set_up(house.store, maya, SOCIAL, "social", form, now)
    members = tuple(person.id for person in (maya, *others))
    settings.save(house.store, maya, Standup(desk.id, is_on=True, members=members), now)
    return desk


def _write(house: House, desk: Desk, owner: Person, day: date, number: int) -> None:
    """A post that is sent for approval, and whose time comes in the evening."""
    content = Content(f"Spring in a cup, {day} {number}", (Network.X,))
    publish_at = _moment(day, time(17))
    form = DraftForm(f"{day}-{number}", content, publish_at, "", send=True)
    drafts.create(house.store, owner, desk.id, form, _moment(day, time(8, 30)))


def _progress(house: House) -> int:
    """How much was done and told so far."""
    ended = sa.select(sa.func.count()).where(occurrences.c.state != OccurrenceState.WAITING)
    told = sa.select(sa.func.count()).where(messages.c.state == State.SENT)
    with house.store.read() as tx:
        done: int = tx.execute(ended).scalar_one() + tx.execute(told).scalar_one()
        return done


def _go_on(house: House, moment: datetime, chance: random.Random) -> None:
    """The calendar shows `moment`, and the bots have done a part of what is due by then."""
    enough = _progress(house) + chance.randrange(1, 12)
    house.playground.move_clock(to=moment)
    wait_until(lambda: _progress(house) >= enough or _is_done(house, moment), "a part", 60)


def _wait_done(house: House, moment: datetime) -> None:
    wait_until(lambda: _is_done(house, moment), "all that is due is done and told", 60)


def _is_done(house: House, moment: datetime) -> bool:
    """Whether all that fell due until then is done, and told."""
    waits = (occurrences.c.state == OccurrenceState.WAITING) & (occurrences.c.due_at <= moment)
    with house.store.read() as tx:
        due = tx.execute(sa.select(sa.func.count()).where(waits)).scalar_one()
        pending = messages.c.pending.is_(True)
        return not due and not tx.execute(sa.select(sa.func.count()).where(pending)).scalar_one()


def _check_occurrences(house: House, days: list[date]) -> None:
    """Each ended well, by a message that was sent."""
    with house.store.read() as tx:
        found: list[sa.Row[Any]] = list(tx.execute(sa.select(occurrences)))
    assert [row.key for row in found if row.state == OccurrenceState.FAILED] == []
    done = [row for row in found if row.state == OccurrenceState.DONE]
    kinds = {kind: [row for row in done if row.kind == kind] for kind in OccurrenceKind}
    assert len(kinds[OccurrenceKind.PROMPT]) == 4 * len(days)
    assert {row.local_date for row in kinds[OccurrenceKind.PROMPT]} == set(days)
    assert [row.local_date for row in kinds[OccurrenceKind.DIGEST]] == days
    assert len(kinds[OccurrenceKind.PUBLISH_TIME]) == POSTS_A_DAY * len(days)
    assert kinds[OccurrenceKind.REMINDER]
    assert kinds[OccurrenceKind.ESCALATION]
    states = {row.id: row.state for row in house.rows()}
    assert len(house.rows(Kind.PROMPT)) == 4 * len(days)
    assert len(house.rows(Kind.DIGEST)) == len(days)
    by_message = [row.message_id for row in done if row.message_id is not None]
    assert {states[number] for number in by_message} <= {State.SENT, State.DROPPED}
