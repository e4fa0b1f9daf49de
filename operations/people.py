"""Who somebody is, as Slack last said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from operations import comings
from operations.tries import decided
from rules.people import Person
from storage import Store, people
from storage.people import Profile

# Zones, names and roles change rarely; a person's click must not wait for Slack each time.
FRESH_FOR = timedelta(hours=12)


def known(store: Store, team_id: str, slack_id: str, now: datetime) -> Person | None:
    """The person, if Slack was asked about them lately."""
    with store.read() as tx:
        person = people.by_slack_id(tx, team_id, slack_id)
    return person if person and now - person.seen_at < FRESH_FOR else None


def remember(store: Store, team_id: str, profile: Profile, now: datetime) -> Person:
    """Keeps what Slack said of somebody. In another zone their days begin at other moments, and
    who has left stands in for nobody."""

    def work(tx: sa.Connection) -> Person:
        before = people.by_slack_id(tx, team_id, profile.slack_id)
        after = people.save(tx, team_id, profile, now)
        known = None if before is None else (before.time_zone, before.is_gone)
        if known not in (None, (after.time_zone, after.is_gone)):
            comings.moved(tx, after, now)
        return after

    return decided(store, work)


def remembered(store: Store, team_id: str, slack_id: str) -> Person | None:
    """The person as last seen, however long ago."""
    with store.read() as tx:
        return people.by_slack_id(tx, team_id, slack_id)


def among(store: Store, team_id: str, slack_ids: Iterable[str]) -> list[Person]:
    """Those who are known, among these Slack ids."""
    with store.read() as tx:
        return people.by_slack_ids(tx, team_id, slack_ids)


def by_ids(store: Store, ids: Iterable[int]) -> dict[int, Person]:
    """The people with these ids."""
    with store.read() as tx:
        return people.by_ids(tx, ids)


def name(store: Store, team_id: str, person_id: int) -> str:
    """How somebody of a workspace is called; empty where nobody there has this id."""
    found = by_ids(store, [person_id]).get(person_id)
    return found.name if found and found.team_id == team_id else ""
