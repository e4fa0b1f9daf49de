"""I have too much: told to somebody's managers in private, with what is on their plate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from operations.posts import Shown
from operations.reviews import waiting
from operations.tries import decided
from rules.local_time import today
from rules.people import Person
from rules.posts import UNDER_WAY
from rules.refused import Refused
from rules.standups import StandupRefusal
from storage import Store, desks, lists, messages, people, standups
from storage.lists import Filter, Listed
from storage.messages import Kind

UNDER_WAY_SHOWN = 8
REVIEWS_SHOWN = 5
_REVIEWS_READ = 50


@dataclass(frozen=True, slots=True)
class Plate:
    """What somebody has to do at some desks: their posts under way, the newest first, and what
    waits for their approval, the oldest first. There is more of something where it is longer than
    its limit above."""

    person: Person
    under_way: tuple[Listed, ...]
    reviews: tuple[Shown, ...]


def tell(store: Store, who: Person, channels: Collection[str], now: datetime) -> tuple[int, ...]:
    """Tells the managers of the desks in whose standups somebody is, or whose channels they are
    in; returns whom.

    Raises Refused: TOLD_ALREADY today, NOBODY_TO_TELL.
    """

    def work(tx: sa.Connection) -> tuple[int, ...]:
        own = {standup.desk_id for standup in standups.of_person(tx, who.id)}
        own |= {desk.id for desk in desks.by_channels(tx, who.team_id, channels)}
        return tell_managers(tx, who, own, now)

    return decided(store, work)


def tell_managers(
    tx: sa.Connection, who: Person, desk_ids: Collection[int], now: datetime
) -> tuple[int, ...]:
    """As `tell`, of these desks. A manager hears only of the desks they manage."""
    managed: dict[int, list[int]] = {}
    for desk in desks.by_ids(tx, who.team_id, desk_ids):
        for manager in desk.managers:
            managed.setdefault(manager, []).append(desk.id)
    managed.pop(who.id, None)
    there = people.by_ids(tx, managed)
    managed = {i: of for i, of in managed.items() if there[i].is_full_member}
    if not managed:
        raise Refused(StandupRefusal.NOBODY_TO_TELL, field="too_much")
    told = []
    for manager, of in managed.items():
        key = f"too_much:{who.id}:{today(now, who.time_zone)}:{manager}"
        data = {"person_id": who.id, "desks": sorted(of)}
        if messages.add(
            tx, who.team_id, key, Kind.TOO_MUCH, now, desk_id=of[0], person_id=manager, data=data
        ):
            told.append(manager)
    if not told:
        raise Refused(StandupRefusal.TOLD_ALREADY, field="too_much", managers=tuple(managed))
    return tuple(told)


def show(store: Store, team_id: str, person_id: int, desk_ids: Collection[int]) -> Plate:
    """What somebody has to do at these desks, as things stand."""
    with store.read() as tx:
        who = people.by_ids(tx, [person_id])[person_id]
        wanted = Filter(desks=tuple(desk_ids), statuses=UNDER_WAY, owner_id=who.id)
        asked = waiting(tx, who, _REVIEWS_READ)
        return Plate(
            person=who,
            under_way=tuple(lists.page(tx, who.id, (), wanted, 0, UNDER_WAY_SHOWN + 1)),
            reviews=tuple(s for s in asked if s.desk.id in desk_ids)[: REVIEWS_SHOWN + 1],
        )
