"""What happened to a post, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from operations.posts import desk_of, post_by_id
from rules import access
from rules.comments import is_outsider
from rules.desks import Desk
from rules.people import Person
from rules.posts import Post, Version
from storage import Store, comments, history, people, posts, reviews
from storage.history import Entry, Event

PAGE = 20

# Where an entry names people.
_ONE = ("owner", "before", "approver")
_MANY = ("approved_by", "for")


@dataclass(frozen=True, slots=True)
class Record:
    """A page of what happened to a post, oldest first; page 0 has the newest. `versions`, by
    number, are those that its entries are about, with the ones they replaced."""

    post: Post
    desk: Desk
    entries: tuple[Entry, ...]
    versions: dict[int, Version]
    people: dict[int, Person]
    number: int = 0
    has_more: bool = False


def page(store: Store, who: Person, post_id: int, in_channel: bool, number: int) -> Record:
    """A page of a post's history, as this reader may see it. Raises Refused(UNKNOWN)."""
    with store.read() as tx:
        post = post_by_id(tx, who.team_id, post_id)
        desk, latest = desk_of(tx, post), reviews.latest(tx, post_id)
        access.check_may_see(post, desk, latest, who, in_channel)
        may_read = access.may_read_notes(post, latest, who)
        hidden = _hidden(tx, post, who)
        found = history.page(tx, post_id, hidden, number * PAGE, PAGE + 1)
        entries = [entry if may_read else _unsaid(entry) for entry in found[:PAGE]]
        record = _record(tx, post, desk, entries[::-1])
    return replace(record, number=number, has_more=len(found) > PAGE)


def of_entry(store: Store, team_id: str, post_id: int, entry_id: int) -> Record:
    """One entry of a post's history. Raises Refused(UNKNOWN)."""
    with store.read() as tx:
        post = post_by_id(tx, team_id, post_id)
        return _record(tx, post, desk_of(tx, post), [history.by_id(tx, entry_id)])


def _hidden(tx: sa.Connection, post: Post, who: Person) -> list[int]:
    """The comments that this reader must not read."""
    if not is_outsider(who):
        return []
    every = comments.of_post(tx, post.id)
    return [one.id for one in every if not access.may_read_comment(post, one, who)]


def _unsaid(entry: Entry) -> Entry:
    """The same without what the team says among itself."""
    if entry.event is Event.COMMENTED:
        return entry
    return replace(entry, data={**entry.data, "comment": "", "reason": ""})


def _record(tx: sa.Connection, post: Post, desk: Desk, entries: Sequence[Entry]) -> Record:
    named, numbers = {post.owner_id}, set[int]()
    for entry in entries:
        named |= {entry.actor.person_id or post.owner_id}
        named |= {entry.data[role] for role in _ONE if role in entry.data}
        named |= {who for role in _MANY for who in entry.data.get(role, ())}
        if entry.event in (Event.DRAFTED, Event.EDITED):
            numbers |= {entry.data["version"], entry.data["version"] - 1}
    versions = {one.number: one for one in posts.versions_in(tx, post.id, numbers)}
    return Record(post, desk, tuple(entries), versions, people.by_ids(tx, named))
