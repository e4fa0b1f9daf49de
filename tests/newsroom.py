"""A team at work on a real database, for tests of storage and operations."""

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
import sqlalchemy as sa

import storage
from operations import absences, desks, drafts, people, posts, reviews
from operations.absences import Wanted
from operations.drafts import DraftForm, Saved
from operations.posts import Shown
from operations.reviews import Decided
from rules.absences import Absence
from rules.contents import Content
from rules.desks import Desk, DeskForm, Need
from rules.networks import Network
from rules.people import Person
from rules.posts import Post, Version
from rules.refused import Refused
from rules.reviews import Review, Verdict
from storage import history
from storage import posts as stored_posts
from storage import reviews as stored_reviews
from storage.people import Profile
from storage.tables import messages, metadata
from storage.tables import people as people_table
from storage.tables import reviews as reviews_table
from tests.databases import patient_store

TEAM = "T1"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

_numbers = count(1)

T = TypeVar("T")


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "copydesk.db"
    storage.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_server: str) -> str:
    """A migrated database, to be emptied before each use: much faster than a new one."""
    name = f"newsroom_{next(_numbers)}"  # each folder of tests has one
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = postgres_server.replace("/postgres?", f"/{name}?").replace(":@", "@", 1)
    storage.migrate(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[storage.Store]:
    """An open database with the present tables, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "copydesk.db"
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), path)
        opened = patient_store(f"sqlite:///{path}")
    else:
        opened = patient_store(request.getfixturevalue("postgres_with_tables"))
        with opened.write() as tx:
            names = ", ".join(metadata.tables)
            tx.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
    yield opened
    opened.close()


@pytest.fixture
def team(store: storage.Store) -> "Newsroom":
    """A workspace where nobody is yet."""
    return Newsroom(store)


@dataclass(frozen=True, slots=True)
class Record:
    """All there is about a post, oldest first."""

    post: Post
    desk: Desk
    entries: tuple[history.Entry, ...]
    versions: tuple[Version, ...]
    reviews: tuple[Review, ...]


class Newsroom:
    """A workspace; its methods do with defaults what a test only needs done."""

    def __init__(self, store: storage.Store) -> None:
        self.store = store
        self._seen: dict[str, int] = {}

    def person(
        self,
        name: str,
        *,
        team_id: str = TEAM,
        is_admin: bool = False,
        zone: str = "Europe/Rome",
        now: datetime = NOW,
    ) -> Person:
        profile = Profile(f"U-{name}", name, zone, "en-US", is_admin=is_admin)
        return people.remember(self.store, team_id, profile, now)

    def desk(
        self,
        manager: Person,
        *approvers: Person,
        need: Need = Need.ANY,
        own_posts: bool = False,
        channel: str = "C1",
        networks: tuple[Network, ...] = (Network.X, Network.BLUESKY),
    ) -> Desk:
        form = DeskForm(
            approvers=tuple(person.id for person in approvers),
            need=need,
            networks=networks,
            managers=(manager.id,),
            time_zone="Europe/Rome",
            own_posts=own_posts,
        )
        return desks.set_up(self.store, manager, channel, f"social-{channel}", form, NOW)

    def form(
        self,
        text: str = "Hello",
        *,
        networks: tuple[Network, ...] = (Network.X,),
        publish_at: datetime | None = None,
        notes: str = "",
        send: bool = False,
        key: str | None = None,
    ) -> DraftForm:
        key = key or f"form-{next(_numbers)}"
        return DraftForm(key, Content(text, networks), publish_at, notes, send)

    def draft(self, owner: Person, desk: Desk, publish_at: datetime | None = None) -> Post:
        form = self.form(publish_at=publish_at)
        return drafts.create(self.store, owner, desk.id, form, NOW).post

    def sent(self, owner: Person, desk: Desk, publish_at: datetime | None = None) -> Review:
        """A new post that was sent for approval."""
        form = self.form(publish_at=publish_at, send=True)
        review = drafts.create(self.store, owner, desk.id, form, NOW).review
        assert review is not None
        return review

    def edit(self, who: Person, post: Post, form: DraftForm) -> Saved:
        return drafts.edit(self.store, who, post.id, post.version, form, NOW)

    def edit_and_approve(
        self,
        who: Person,
        review: Review,
        text: str,
        *,
        networks: tuple[Network, ...] = (Network.X,),
        key: str | None = None,
    ) -> Saved:
        form = self.form(text, networks=networks, key=key)
        return drafts.edit_and_approve(self.store, who, review.id, form.key, form.content, NOW)

    def decide(
        self,
        who: Person,
        review: Review,
        verdict: Verdict = Verdict.APPROVE,
        *,
        now: datetime = NOW,
    ) -> Decided:
        comment = "" if verdict is Verdict.APPROVE else "because"
        return reviews.decide(self.store, who, review.id, verdict, comment, now)

    def away(
        self,
        who: Person,
        first: date,
        last: date | None,
        cover: Person | None = None,
        *,
        by: Person | None = None,
        now: datetime = NOW,
        channels: Iterable[str] = ("C1",),
    ) -> Absence:
        """Notes that somebody is away; they and their cover are in these channels."""
        wanted = Wanted(first, last, cover, frozenset(channels))
        return absences.note(self.store, by or who, who, channels, wanted, now)

    def back(self, who: Person, *, by: Person | None = None, now: datetime = NOW) -> Absence:
        return absences.back(self.store, by or who, who, ("C1",), now)

    def undo(self, who: Person, review: Review, *, now: datetime = NOW) -> Shown:
        return reviews.undo(self.store, who, review.id, now)

    def told(self) -> set[tuple[str, str]]:
        """What was noted since this was last asked, with the name or channel it is for. A card
        that is only drawn anew has the kind's name in capitals: ("OUTCOME", "ann").
        """
        query = sa.select(messages, people_table.c.name).outerjoin(
            people_table, people_table.c.id == messages.c.person_id
        )
        with self.store.read() as tx:
            rows = tx.execute(query).all()
        found = set()
        for row in rows:
            before = self._seen.get(row.key)
            if before != row.wanted:
                kind = row.kind if before is None else row.kind.upper()
                found.add((kind, row.name or row.channel_id))
            self._seen[row.key] = row.wanted
        return found

    def post(self, post_id: int) -> Post:
        return posts.show(self.store, TEAM, post_id).post

    def entries(self, post_id: int) -> list[history.Entry]:
        with self.store.read() as tx:
            return history.page(tx, post_id, (), 0, 10**6)[::-1]

    def record(self, post_id: int) -> Record:
        """All there is about a post."""
        every = sa.select(reviews_table.c.id).filter_by(post_id=post_id).order_by("id")
        shown = posts.show(self.store, TEAM, post_id)
        with self.store.read() as tx:
            found = [stored_reviews.by_id(tx, TEAM, i) for i in tx.execute(every).scalars().all()]
            numbers = range(1, shown.post.version + 1)
            versions = stored_posts.versions_in(tx, post_id, numbers)
        return Record(
            shown.post,
            shown.desk,
            tuple(self.entries(post_id)),
            tuple(versions),
            tuple(review for review in found if review is not None),
        )

    def events(self, post_id: int) -> list[history.Event]:
        return [entry.event for entry in self.entries(post_id)]

    def review(self, review: Review) -> Review:
        """The review as it stands."""
        found = posts.show(self.store, TEAM, review.post_id, review.id).review
        assert found is not None
        return found

    def count(self, table: sa.Table) -> int:
        with self.store.read() as tx:
            return tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def at_once(*calls: Callable[[], T]) -> list[T | Refused]:
    """Makes the calls at the same instant, each on a thread; their answers, in order."""
    ready = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T | Refused:
        ready.wait(30)
        try:
            return call()
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(60) for future in [pool.submit(run, call) for call in calls]]


def somebody_waits(store: storage.Store) -> bool:
    """Whether a transaction waits for what another one has locked (PostgreSQL)."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with store.read() as tx:
        return bool(tx.execute(sa.text(query)).scalar())
