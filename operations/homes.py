"""A person's Home: their own day, over all of their desks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from operations.absences import DaysOff, found_days_off
from operations.posts import Shown
from operations.reviews import waiting
from rules.desks import Desk, managed
from rules.people import Person
from rules.posts import UNDER_WAY, Status
from storage import Store, desks, lists, people
from storage import homes as storage
from storage.lists import Filter, Listed

WAITING = 5
MINE = 8
# Slack takes 100 blocks: a post that waits has up to eleven, one of theirs two, a desk three.
DESKS = 6


@dataclass(frozen=True, slots=True)
class Home:
    """What a person's Home shows. There is more of something where it is longer than its limit
    above; `counts` are the posts under way, by desk."""

    person: Person
    days_off: DaysOff
    waiting: tuple[Shown, ...]
    mine: tuple[Listed, ...]
    desks: tuple[Desk, ...]
    counts: dict[int, dict[Status, int]]


def opened(store: Store, who: Person, channels: Iterable[str], now: datetime) -> None:
    """Notes that somebody looks at their Home, which is then drawn and kept up to date."""
    with store.write() as tx:
        own = [desk.id for desk in desks.by_channels(tx, who.team_id, channels)]
        storage.opened(tx, who.team_id, who.id, own, now)


def used(store: Store, team_id: str, slack_id: str, now: datetime) -> None:
    """Notes that somebody clicked in their Home, which is drawn anew whatever comes of it."""
    with store.write() as tx:
        who = people.by_slack_id(tx, team_id, slack_id)
        if who is not None:
            storage.used(tx, team_id, who.id, now)


def left(store: Store, team_id: str, slack_id: str, channel_id: str) -> None:
    """Takes a desk out of the Home of somebody who left its channel."""
    with store.write() as tx:
        who = people.by_slack_id(tx, team_id, slack_id)
        desk = desks.by_channel(tx, team_id, channel_id)
        if who is not None and desk is not None:
            storage.leave(tx, team_id, who.id, desk.id)


def show(store: Store, team_id: str, person_id: int, desk_ids: Iterable[int]) -> Home:
    """What a person's Home shows of these desks."""
    with store.read() as tx:
        who = people.by_ids(tx, [person_id])[person_id]
        own = [desk for desk in desks.by_ids(tx, team_id, desk_ids) if not desk.asleep]
        ids = tuple(desk.id for desk in own)
        mine = Filter(desks=ids, statuses=UNDER_WAY, owner_id=who.id)
        return Home(
            person=who,
            days_off=found_days_off(tx, who),
            waiting=tuple(waiting(tx, who, WAITING + 1)),
            mine=tuple(lists.page(tx, who.id, (), mine, 0, MINE + 1)),
            desks=tuple(own),
            counts=lists.counts(tx, who.id, managed(own, who), ids, UNDER_WAY),
        )
