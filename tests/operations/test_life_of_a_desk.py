"""Random people do random things at a desk, on a real database: nothing gets past its approval,
and the record tells all of it."""

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
)
from sqlalchemy import event

import storage
from operations import (
    desks,
    drafts,
    endings,
    holds,
    owners,
    posts,
    publishing,
    reviews,
    timetable,
)
from rules.access import May
from rules.desks import Need
from rules.local_time import today
from rules.networks import Network
from rules.people import Person
from rules.posts import Status
from rules.refused import Refused
from rules.reviews import Decision, Quorum, QuorumKind, Review, ReviewState, Step, Verdict
from storage.desks import add_policy
from storage.history import Event
from tests.newsroom import NOW, TEAM, Newsroom, Record
from tests.operations.days_off import DaysOff

NAMES = ("ann", "ben", "cleo", "dan")  # ann manages the desk

WHO = st.sampled_from(NAMES)
SOMEBODY = st.sampled_from([None, None, None, *NAMES])  # None: somebody who can
BACK = st.sampled_from([1, 1, 1, 2])  # 2: an older card that is still on somebody's screen
APPROVERS = st.sets(WHO, min_size=1)
FORMS = st.builds(
    lambda text, networks, publish_at, send: (text, networks, publish_at, send),
    st.sampled_from(["Hello", "Hello again", "<!channel>", "x" * 300]),  # the last is too long
    st.sampled_from([(Network.X,), (Network.BLUESKY, Network.X)]),
    st.sampled_from([None, NOW + timedelta(hours=1), NOW + timedelta(days=2)]),
    st.sampled_from([True, True, False]),
)
# Mostly yes, plain or with an edit (None), or few reviews would live to their last step.
VERDICTS = st.sampled_from(
    [*[Verdict.APPROVE] * 4, None, None, Verdict.REQUEST_CHANGES, Verdict.REJECT]
)
Way = Callable[[storage.Store, Person, int, datetime], object]
WAYS = st.sampled_from(
    [
        endings.cancel,
        endings.restore,
        endings.restore,
        endings.back_to_draft,
        lambda store, who, post_id, now: holds.hold(store, who, post_id, "a crisis", now),
        holds.take_off_hold,
        holds.take_off_hold,
    ]
)
QUORUMS = st.sampled_from(
    [
        Quorum(QuorumKind.ANY),
        Quorum(QuorumKind.ANY),
        Quorum(QuorumKind.ALL),
        Quorum(QuorumKind.AT_LEAST, 2),
    ]
)
AWAY = st.tuples(WHO, st.integers(0, 2), st.none() | st.integers(0, 3), st.none() | WHO)
YES, EDITED_YES = (None, Verdict.APPROVE, 1), (None, None, 1)
WORDS = st.one_of(
    st.lists(st.tuples(SOMEBODY, VERDICTS, BACK), min_size=1, max_size=5),
    # An edit at any step, and whoever is asked then.
    st.integers(0, 5).map(lambda count: [YES] * count + [EDITED_YES] + [YES] * 3),
)

Form = tuple[str, tuple[Network, ...], datetime | None, bool]
Words = list[tuple[str | None, Verdict | None, int]]


@cache
def empty_database() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="copydesk-life-")
    storage.migrate(f"sqlite:///{folder.name}/copydesk.db")
    return folder


def _do_not_wait_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class LifeOfADesk(RuleBasedStateMachine):
    """Whoever may not do a thing is refused by the rules; nothing else may go wrong."""

    post_ids = Bundle("post_ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="copydesk-life-")
        shutil.copy(Path(empty_database().name, "copydesk.db"), self.folder.name)
        self.store = storage.open_store(f"sqlite:///{self.folder.name}/copydesk.db")
        self.store.close()  # the one connection that was made before this:
        event.listen(self.store.engine, "connect", _do_not_wait_for_the_disk)
        self.team = Newsroom(self.store)
        self.people = {name: self.team.person(name) for name in NAMES}
        self.desk = self.team.desk(self.people["ann"], self.people["ben"])
        self.now = NOW
        self.records: dict[int, Record] = {}
        self.days_off = DaysOff()

    @property
    def today(self) -> date:
        return today(self.now, "Europe/Rome")

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def look_at(self, post_id: int) -> Record:
        found = self.team.record(post_id)
        self.records[post_id] = found
        return found

    def tried(self, post_id: int, act: Callable[[], object]) -> bool:
        """Does it, if the rules let it happen, and looks at the post then."""
        before = self.records[post_id]
        try:
            act()
        except Refused:
            after = replace(self.look_at(post_id), desk=before.desk)
            assert after == before, "a refusal leaves everything as it was"
            return False
        check(self.look_at(post_id))
        self.check_covers()
        return True

    def check_covers(self) -> None:
        """Who is away of those who are asked, and who stands in, is as people said."""
        away = self.days_off.away(self.today)
        for record in self.records.values():
            for review in record.reviews[-1:]:
                if review.state is ReviewState.OPEN:
                    cannot = {review.owner_id, record.post.owner_id}
                    assert {who: each.cover_id for who, each in review.current.away.items()} == {
                        who: self.days_off.cover_of(who, self.today, cannot)
                        for who in review.current.approvers
                        if who in away
                    }

    @initialize(
        need=st.sampled_from(Need),
        approvers=APPROVERS,
        own_posts=st.booleans(),
        steps=st.none() | st.lists(st.tuples(APPROVERS, QUORUMS), min_size=2, max_size=3),
    )
    def is_set_up(
        self,
        need: Need,
        approvers: set[str],
        own_posts: bool,
        steps: list[tuple[set[str], Quorum]] | None,
    ) -> None:
        self.change_rules(need, approvers, own_posts)
        if steps:
            self.ask_step_by_step(steps, own_posts)

    @rule(need=st.sampled_from(Need), approvers=APPROVERS, own_posts=st.booleans())
    def change_rules(self, need: Need, approvers: set[str], own_posts: bool) -> None:
        ids = tuple(self.people[name].id for name in sorted(approvers))
        form = desks.form_of(self.desk)
        form = replace(form, need=need, approvers=ids, own_posts=own_posts)
        seen = self.desk.revision
        ann = self.people["ann"]
        self.desk = desks.change(self.store, ann, self.desk.id, seen, form, self.now)

    def ask_step_by_step(self, steps: list[tuple[set[str], Quorum]], own_posts: bool) -> None:
        """No form sets this yet."""
        asked = tuple(
            Step(tuple(self.people[name].id for name in sorted(names)), quorum)
            for names, quorum in steps
        )
        number, ann = self.desk.policy.number + 1, self.people["ann"]
        with self.store.write() as tx:
            add_policy(tx, self.desk.id, number, asked, own_posts, ann.id, self.now)
        self.desk = desks.by_id(self.store, TEAM, self.desk.id)

    @initialize(target=post_ids, owners=st.lists(WHO, min_size=2, max_size=2))
    def two_posts_are_drafted(self, owners: list[str]) -> MultipleResults[int]:
        return multiple(*[self.draft(self.people[owner]) for owner in owners])

    def draft(self, owner: Person) -> int:
        form = self.team.form()
        saved = drafts.create(self.store, owner, self.desk.id, form, self.now)
        again = drafts.create(self.store, owner, self.desk.id, form, self.now)
        assert again.post == saved.post, "submitted twice it is one post"
        check(self.look_at(saved.post.id))
        return saved.post.id

    @rule(post_id=post_ids, name=SOMEBODY, form=FORMS)
    def edit(self, post_id: int, name: str | None, form: Form) -> None:
        post = self.records[post_id].post
        who = self.somebody(name, (post.owner_id,))
        text, networks, publish_at, send = form
        filled = self.team.form(text, networks=networks, publish_at=publish_at, send=send)
        edited = partial(drafts.edit, self.store, who, post_id, post.version, filled, self.now)
        self.tried(post_id, edited)

    @rule(post_id=post_ids, name=SOMEBODY)
    def send(self, post_id: int, name: str | None) -> None:
        post = self.records[post_id].post
        who = self.somebody(name, (post.owner_id,))
        sent = partial(reviews.send, self.store, who, post_id, post.version, self.now)
        self.tried(post_id, sent)

    @rule(post_id=post_ids, words=WORDS)
    def decide(self, post_id: int, words: Words) -> None:
        for name, verdict, back in words:
            record = self.records[post_id]
            if verdict is None:
                form = (f"Hello once more, {len(record.entries)}", (Network.X,), None, True)
                self.edit_and_approve(post_id, name, back, form)
                continue
            for review in record.reviews[-back:][:1]:
                who = self.somebody(name, review.waiting_for)
                offered = self.is_offered(May.APPROVE, who, review)
                assert offered == self.tried(post_id, partial(self.say, who, verdict, review))
                assert not offered or who.id in review.waiting_for

    def say(self, who: Person, verdict: Verdict, review: Review) -> None:
        reviews.decide(self.store, who, review.id, verdict, "because", self.now)

    @rule(post_id=post_ids, name=SOMEBODY, back=BACK, form=FORMS)
    def edit_and_approve(self, post_id: int, name: str | None, back: int, form: Form) -> None:
        text, networks, *_ = form
        for review in self.records[post_id].reviews[-back:][:1]:
            who = self.somebody(name, review.waiting_for)
            offered = self.is_offered(May.APPROVE, who, review)
            filled = self.team.form(text, networks=networks)
            args = (self.store, who, review.id, filled.key, filled.content, self.now)
            if not self.tried(post_id, partial(drafts.edit_and_approve, *args)):
                continue
            assert offered
            after = self.records[post_id].reviews[-1]
            last = after.decisions[-1]
            assert (last.person_id, last.verdict) == (who.id, Verdict.APPROVE)
            assert last.step == review.step, "their word counts at the step they were asked at"
            if after.id != review.id:
                before = self.records[post_id]
                drafts.edit_and_approve(*args)
                assert self.look_at(post_id) == before, "submitted twice it is one version"

    @rule(post_id=post_ids, name=SOMEBODY, form=FORMS, words=WORDS)
    def go_round_once_more(
        self,
        post_id: int,
        name: str | None,
        form: Form,
        words: Words,
    ) -> None:
        self.edit(post_id, name, form)
        self.send(post_id, None)
        self.decide(post_id, words)

    @rule(post_id=post_ids, name=SOMEBODY, back=BACK)
    def undo(self, post_id: int, name: str | None, back: int) -> None:
        record = self.records[post_id]
        for review in record.reviews[-back:][:1]:
            last = review.last
            who = self.somebody(name, (last.person_id,) if last else ())
            offered = self.is_offered(May.UNDO, who, review)
            undone = partial(reviews.undo, self.store, who, review.id, self.now)
            assert offered == self.tried(post_id, undone)
            assert not offered or (last is not None and who.id == last.person_id)

    def is_offered(self, what: May, who: Person, review: Review) -> bool:
        allowed = posts.open_for(self.store, who, review.post_id, in_channel=True)[1]
        return what in allowed and review == self.records[review.post_id].reviews[-1]

    @rule(post_id=post_ids, name=SOMEBODY, way=WAYS)
    def go_another_way(self, post_id: int, name: str | None, way: Way) -> None:
        who = self.somebody(name, (self.records[post_id].post.owner_id,))
        self.tried(post_id, partial(way, self.store, who, post_id, self.now))

    @rule(post_id=post_ids, name=SOMEBODY, to=WHO)
    def hand_over(self, post_id: int, name: str | None, to: str) -> None:
        who = self.somebody(name, (self.records[post_id].post.owner_id,))
        owner = self.people[to]
        handed = partial(owners.hand_over, self.store, who, post_id, owner, True, self.now)
        self.tried(post_id, handed)

    @rule(post_id=post_ids, who=WHO)
    def publish(self, post_id: int, who: str) -> None:
        person = self.people[who]
        published = partial(publishing.mark_published, self.store, person, post_id, "", self.now)
        self.tried(post_id, published)

    @rule(all_of_them=st.lists(AWAY, min_size=1, max_size=3))
    def go_away(self, all_of_them: list[tuple[str, int, int | None, str | None]]) -> None:
        for name, days, length, named in all_of_them:
            who, cover = self.people[name], self.people[named] if named else None
            first = self.today + timedelta(days)
            last = None if length is None else first + timedelta(length)
            try:
                self.team.away(who, first, last, cover, now=self.now)
            except Refused as refused:
                if refused.field != "cover":
                    raise
                continue
            cover_id = cover.id if cover else None
            self.days_off.go(who.id, self.today, first, last, cover_id)
        self.look_at_all()

    @rule(
        post_id=post_ids,
        words=st.lists(st.just(YES), max_size=3),
        all_of_them=st.lists(AWAY, min_size=1, max_size=3),
    )
    def go_away_in_the_middle_of_it(
        self,
        post_id: int,
        words: Words,
        all_of_them: list[tuple[str, int, int | None, str | None]],
    ) -> None:
        self.send(post_id, None)
        self.decide(post_id, words)
        self.go_away(all_of_them)
        self.undo(post_id, None, 1)
        self.decide(post_id, [YES])

    @rule(name=WHO)
    def come_back(self, name: str) -> None:
        who = self.people[name]
        was_away = self.days_off.back(who.id, self.today)
        try:
            self.team.back(who, now=self.now)
        except Refused:
            assert not was_away
        else:
            assert was_away
        self.look_at_all()

    def look_at_all(self) -> None:
        for post_id in self.records:
            check(self.look_at(post_id))
        self.check_covers()

    @rule(who=WHO, hours=st.integers(1, 30))
    def time_passes_and_somebody_looks_at_their_queue(self, who: str, hours: int) -> None:
        self.now += timedelta(hours=hours)
        while timetable.run_due(self.store, self.now):
            pass
        self.look_at_all()
        queue = {shown.post.id for shown in reviews.queue(self.store, self.people[who])}
        waiting = set()
        for number in (1, 2):
            latest = self.records[number].reviews[-1:]
            if any(self.people[who].id in review.waiting_for for review in latest):
                waiting.add(number)
        assert queue == waiting

    def somebody(self, name: str | None, those: tuple[int, ...]) -> Person:
        """The person of this name; without a name, one of those, for things to go on."""
        return next(
            person
            for person in self.people.values()
            if person.name == name or (name is None and (person.id in those or not those))
        )


def check(record: Record) -> None:
    """What must be true of a post and its record, whatever happened."""
    post, current = record.post, record.versions[-1]
    assert [version.number for version in record.versions] == list(range(1, post.version + 1))
    assert {target.network for target in post.targets} == set(current.content.networks)
    assert {target.status for target in post.targets} == {post.status}, "all move together"

    is_open = [review for review in record.reviews if review.state is ReviewState.OPEN]
    # What was missed may still be decided on, where it was in review.
    assert len(is_open) == 1 or post.status is not Status.IN_REVIEW
    assert not is_open or post.status in (Status.IN_REVIEW, Status.MISSED)
    for review in is_open:
        assert review == record.reviews[-1]
        assert review.version == post.version
        assert review.waiting_for, "it waits for somebody who can go on"
        their_own = review.owner_id == post.owner_id  # where the desk lets the only approver
        assert post.owner_id not in review.waiting_for or their_own
    if post.status in (Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED):
        assert passed(record) or approved_by_quorum(record.reviews[-1], post.version)
    if post.status is Status.SCHEDULED:
        assert post.publish_at is not None

    taken = [decision for review in record.reviews for decision in review.decisions]
    assert Counter(map(word, taken)) == told(record, Event.DECIDED)
    undone = [decision for decision in taken if decision.undone_at]
    assert Counter(map(word, undone)) == told(record, Event.UNDONE)
    for review in record.reviews:
        for decision in review.decisions:
            approvers = review.steps[decision.step].approvers
            assert decision.person_id in approvers or decision.in_place_of
            assert set(decision.in_place_of) <= set(approvers)
            assert decision.person_id != review.owner_id or approvers == (review.owner_id,)


def passed(record: Record) -> bool:
    """Whether nobody had to approve this version when it was sent."""
    sent = [e for e in record.entries if e.event in (Event.SENT, Event.PASSED)]
    last = sent[-1] if sent else None
    is_this = last is not None and last.data["version"] == record.post.version
    return is_this and last is not None and last.event is Event.PASSED


def approved_by_quorum(review: Review, version: int) -> bool:
    given = [d for d in review.standing if d.verdict is Verdict.APPROVE]
    places = {(d.step, who) for d in given for who in (d.person_id, *d.in_place_of)}
    enough = all(
        sum((number, who) in places for who in step.approvers) >= step.needed
        for number, step in enumerate(review.steps)
    )
    return review.version == version and review.state is ReviewState.APPROVED and enough


def word(decision: Decision) -> tuple[int | None, object]:
    return decision.person_id, decision.verdict


def told(record: Record, what: Event) -> Counter[tuple[int | None, object]]:
    entries = [entry for entry in record.entries if entry.event is what]
    return Counter((entry.actor.person_id, entry.data["verdict"]) for entry in entries)


TestLifeOfADesk = LifeOfADesk.TestCase
# Each step is several transactions and looks at the whole record: ten seconds, and too slow to
# look for the shortest failure.
TestLifeOfADesk.settings = settings(
    max_examples=30, stateful_step_count=30, phases=set(Phase) - {Phase.shrink, Phase.explain}
)
