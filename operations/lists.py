"""Posts in lists: a desk's, somebody's own, and those found by words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rules.desks import Desk, managed
from rules.people import Person
from storage import Store, desks, lists
from storage.lists import Filter, Listed

PAGE = 8
# Slack takes 100 options, of which one is "All campaigns".
CAMPAIGNS = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, counted from 0. `desks` are those that its reader may see, by id; the
    list is about `wanted.desks` of them."""

    wanted: Filter
    number: int
    posts: tuple[Listed, ...]
    has_more: bool
    desks: dict[int, Desk]
    campaigns: dict[int, str]


def page(store: Store, who: Person, channels: Iterable[str], wanted: Filter, number: int) -> Page:
    """The posts that match, of the desks in these channels alone; of all of them where the filter
    names no desk."""
    with store.read() as tx:
        own = {desk.id: desk for desk in desks.by_channels(tx, who.team_id, channels)}
        allowed = tuple(i for i in own if i in wanted.desks or not wanted.desks)
        wanted = replace(wanted, desks=allowed)
        drafts_of = managed(own.values(), who)
        found = lists.page(tx, who.id, drafts_of, wanted, number * PAGE, PAGE + 1)
        named = lists.campaigns_of(tx, allowed, CAMPAIGNS)
    return Page(wanted, number, tuple(found[:PAGE]), len(found) > PAGE, own, named)


def last_desk(store: Store, who: Person) -> int | None:
    """The desk that this person last wrote a post for."""
    with store.read() as tx:
        return lists.last_desk_id(tx, who.team_id, who.id)
