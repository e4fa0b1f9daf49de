"""Queries that run at each click find their rows by an index, however long the history is."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from operations import homes as homes_operations
from operations import lists as lists_operations
from operations import reviews as operations
from rules.desks import Need
from rules.networks import Network
from rules.occurrences import OccurrenceKind
from rules.people import Person
from rules.posts import UNDER_WAY, Status
from storage import (
    Store,
    campaigns,
    comments,
    desks,
    digests,
    history,
    homes,
    lists,
    messages,
    occurrences,
    outbox,
    people,
    posts,
    reviews,
    standups,
)
from storage.lists import Filter
from storage.tables import metadata
from tests.archive import fill
from tests.newsroom import NOW, TEAM, Newsroom

QUERIES: dict[str, Callable[[sa.Connection], object]] = {
    "messages to deliver": lambda tx: outbox.claim(tx, "one", NOW, timedelta(0), frozenset({"C1"})),
    "cards of a post": lambda tx: messages.refresh(tx, 1),
    "a person's direct channel": lambda tx: messages.direct_channel(tx, 1),
    "what waits for somebody": lambda tx: reviews.waiting_for(tx, TEAM, 2, 20),
    "the latest review": lambda tx: reviews.latest(tx, 1),
    "a review": lambda tx: reviews.by_id(tx, TEAM, 1),
    "a post": lambda tx: posts.by_id(tx, TEAM, 1),
    "a post by its number": lambda tx: posts.by_number(tx, TEAM, 1),
    "a post by its form": lambda tx: posts.by_creation_key(tx, TEAM, "form"),
    "a version": lambda tx: posts.version(tx, 1, 1),
    "networks used last": lambda tx: posts.last_networks(tx, 1, 1),
    "a list": lambda tx: lists.page(tx, 1, (), Filter((1, 2)), 8, 9),
    "a list by status": lambda tx: lists.page(
        tx, 1, (1,), Filter((1, 2), statuses=(Status.DRAFT, Status.IN_REVIEW)), 0, 9
    ),
    "a list by network": lambda tx: lists.page(tx, 1, (), Filter((1,), network=Network.X), 0, 9),
    "a list of one's own": lambda tx: lists.page(
        tx, 1, (), Filter((1, 2), owner_id=1, statuses=UNDER_WAY), 0, 9
    ),
    "a campaign's list": lambda tx: lists.page(tx, 1, (), Filter((1, 2), campaign_id=1), 0, 9),
    "a post by its code in a list": lambda tx: lists.page(tx, 1, (), Filter((1,), number=1), 0, 9),
    "a search": lambda tx: lists.page(tx, 1, (), Filter((1, 2), words=("tea",)), 0, 9),
    "counts of what is under way": lambda tx: lists.counts(tx, 1, (2,), (1, 2), UNDER_WAY),
    "campaigns to choose from": lambda tx: lists.campaigns_of(tx, (1, 2), 50),
    "a campaign": lambda tx: campaigns.by_ids(tx, [1]),
    "somebody's last desk": lambda tx: lists.last_desk_id(tx, TEAM, 1),
    "Homes to draw anew": lambda tx: homes.refresh(tx, TEAM, 1, {1}, NOW),
    "who has a card of a post": lambda tx: messages.readers(tx, 1),
    "several posts": lambda tx: posts.by_ids(tx, TEAM, [1, 2]),
    "several versions": lambda tx: posts.versions_of(tx, {1: 1, 2: 1}),
    "a desk": lambda tx: desks.by_channel(tx, TEAM, "C1"),
    "what happened to a post": lambda tx: history.page(tx, 1, (), 20, 21),
    "what somebody may read of it": lambda tx: history.page(tx, 1, (1, 2), 0, 21),
    "one thing that happened": lambda tx: history.by_id(tx, 1),
    "the versions of a page of history": lambda tx: posts.versions_in(tx, 1, {1, 2}),
    "the message at an address": lambda tx: messages.at(tx, TEAM, "C1", "1.0"),
    "a message of a kind": lambda tx: messages.of_kind(tx, TEAM, 1, messages.Kind.ASKED_FOR),
    "the latest comments": lambda tx: comments.latest(tx, 1, 5),
    "whether somebody wrote in a thread": lambda tx: comments.has_written_in(tx, 1, 1, "C1"),
    "a desk's posts in review": lambda tx: reviews.open_posts(tx, 1),
    "people by their Slack ids": lambda tx: people.by_slack_ids(tx, TEAM, ["U-ann", "U-ben"]),
    "posts by publish time": lambda tx: digests.due_posts(tx, 1, NOW, NOW + timedelta(days=2)),
    "what waits at a desk": lambda tx: reviews.open_at(tx, 1, 30),
    "reviews of posts": lambda tx: reviews.of_posts(tx, [1, 2]),
    "a desk's newest digest": lambda tx: digests.latest_round(tx, 1),
    "a desk's rounds": lambda tx: digests.rounds_between(tx, 1, NOW.date(), NOW.date()),
    "who offered help": lambda tx: digests.offers(tx, [1, 2]),
    "a message's thread": lambda tx: messages.thread(tx, 1),
    "what happened at a desk": lambda tx: history.of_desk(
        tx, 1, NOW, NOW + timedelta(days=7), [history.Event.PUBLISHED]
    ),
    "somebody's posts at hand": lambda tx: lists.at_hand(tx, 1, NOW, 5),
    "somebody's newest morning": lambda tx: messages.latest(tx, messages.Kind.PROMPT, 1),
    "notices to a desk's managers": lambda tx: messages.about(
        tx, messages.Kind.UNREACHABLE, person_ids=[1, 2], desk_id=1
    ),
    "messages by their keys": lambda tx: messages.by_keys(tx, TEAM, ["a", "b"]),
    "mornings to draw anew": lambda tx: messages.redraw_prompts(tx, [1, 2], NOW),
    "the last day somebody was asked": lambda tx: occurrences.last_day(
        tx, OccurrenceKind.PROMPT, 1
    ),
    "somebody's standups": lambda tx: standups.of_person(tx, 1),
    "a desk's standup": lambda tx: standups.by_desk(tx, 1),
    "what was said in a round": lambda tx: standups.answers_of(
        tx, standups.round_of(tx, 1, NOW.date(), NOW).id
    ),
    "an event seen before": lambda tx: history.first_sight(tx, TEAM, "E1", NOW),
}


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_reads_a_whole_table(team: Newsroom, name: str) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    team.sent(ann, team.desk(ann, ben))
    statements: list[tuple[str, Any]] = []
    with team.store.write() as tx:
        if tx.dialect.name == "postgresql":
            # On so few rows it would read the table; what is asked is whether it has to.
            tx.exec_driver_sql("SET LOCAL enable_seqscan = off")

        @event.listens_for(tx, "before_cursor_execute")
        def keep(_c: object, _cur: object, text: str, values: object, *_: object) -> None:
            statements.append((text, values))

        QUERIES[name](tx)
        event.remove(tx, "before_cursor_execute", keep)
        for text, values in statements:
            if text.startswith("INSERT"):
                continue
            plan = _plan(tx, text, values)
            # What it makes for itself, such as the parts of a union, it may read from end to end.
            scanned = set(re.findall(r"SCAN (\w+)", plan)) & set(metadata.tables)
            assert not scanned, f"{text}\n{plan}"
            assert "Seq Scan" not in plan, f"{text}\n{plan}"
    assert statements


def _plan(tx: sa.Connection, text: str, values: Any) -> str:
    explain = "EXPLAIN QUERY PLAN" if tx.dialect.name == "sqlite" else "EXPLAIN"
    cursor = tx.connection.cursor()
    cursor.execute(f"{explain} {text}", values)
    return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_many_reviews_cost_as_many_queries_as_one(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)

    def queries() -> int:
        with team.store.read() as tx:
            texts = _texts(tx)
            reviews.waiting_for(tx, TEAM, ben.id, 20)
        return len(texts)

    team.sent(ann, desk)
    before = queries()
    for _ in range(4):
        team.sent(ann, desk)
    assert queries() == before > 0


def test_many_posts_cost_as_many_queries_as_few(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desks = [team.desk(ann, ben, channel=channel) for channel in ("C1", "C2")]
    spring = Filter((), words=("spring", "tea"))
    calls: dict[str, Callable[[], object]] = {
        "list": lambda: lists_operations.page(team.store, ann, ["C1", "C2"], Filter(()), 0),
        "search": lambda: lists_operations.page(team.store, ann, ["C1", "C2"], spring, 0),
        "queue": lambda: operations.queue(team.store, ben),
        "home": lambda: homes_operations.show(team.store, TEAM, ben.id, [d.id for d in desks]),
    }
    texts: list[str] = []

    @event.listens_for(team.store.engine, "before_cursor_execute")
    def keep(_c: object, _cur: object, text: str, *_: object) -> None:
        texts.append(text)

    def queries(call: Callable[[], object]) -> int:
        texts.clear()
        call()
        return len(texts)

    fill(team.store, desks, [ann, ben], ben, 300)
    few = {name: queries(call) for name, call in calls.items()}
    fill(team.store, desks, [ann, ben], ben, 3_000, first=301)
    assert {name: queries(call) for name, call in calls.items()} == few
    assert max(few.values()) < 25


def _texts(tx: sa.Connection) -> list[str]:
    texts: list[str] = []

    @event.listens_for(tx, "before_cursor_execute")
    def keep(_c: object, _cur: object, text: str, *_: object) -> None:
        texts.append(text)

    return texts


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_what_waits_for_somebody_comes_oldest_first(team: Newsroom, limit: int) -> None:
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    desk = team.desk(ann, ben)
    sent = [team.sent(ann, desk).id for _ in range(4)]
    assert _waiting(team.store, ben, limit) == sent[:limit]
    assert _waiting(team.store, cleo, limit) == []
    assert _waiting(team.store, ben, limit, team_id="T2") == []


def test_what_somebody_decided_does_not_wait_for_them(team: Newsroom) -> None:
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    review = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    team.decide(ben, review)
    assert _waiting(team.store, ben, 20) == []
    assert _waiting(team.store, cleo, 20) == [review.id]
    operations.undo(team.store, ben, review.id, NOW)
    assert _waiting(team.store, ben, 20) == [review.id]


def _waiting(store: Store, who: Person, limit: int, team_id: str = TEAM) -> list[int]:
    with store.read() as tx:
        return [review.id for review in reviews.waiting_for(tx, team_id, who.id, limit)]


def test_an_event_is_new_once_and_forgotten_after_two_days(store: Store) -> None:
    with store.write() as tx:
        assert history.first_sight(tx, TEAM, "E1", NOW)
        assert not history.first_sight(tx, TEAM, "E1", NOW + timedelta(hours=25))
        assert history.first_sight(tx, "T2", "E1", NOW)
        assert history.first_sight(tx, TEAM, "E1", NOW + timedelta(hours=49))


def test_the_record_is_only_added_to() -> None:
    """Nothing but `add` writes history; the table has no other door."""
    writers = [name for name in vars(history) if "update" in name or "delete" in name]
    assert writers == []
