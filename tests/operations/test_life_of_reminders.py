"""Random people do random things while the calendar moves on, on a real database: everybody is
reminded once, in their hours, and of no more than a day holds."""

import shutil
import sqlite3
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import event

import storage
from operations import (
    desks,
    details,
    drafts,
    endings,
    escalations,
    holds,
    people,
    posts,
    publishing,
    reminders,
    reviews,
)
from operations.nudges import hours_of
from rules.desks import Need
from rules.nudges import MOST_A_DAY, Offset, day_of, quarter_of
from rules.occurrences import OccurrenceState
from rules.people import Person
from rules.posts import Status
from rules.refused import Refused
from rules.reviews import Review, Verdict
from rules.working_time import is_open
from storage import messages, occurrences
from storage.messages import Kind, Message
from storage.tables import messages as messages_table
from storage.tables import occurrences as occurrences_table
from tests.newsroom import NOW, TEAM, Newsroom
from tests.operations.reminded import tick

ZONES = {
    "ann": "Europe/Rome",  # manages the desk
    "ben": "Europe/Rome",
    "cleo": "America/New_York",
    "dan": "Asia/Tokyo",
}
WHO = st.sampled_from(list(ZONES))
MINUTES = st.sampled_from([1, 7, 15, 50, 60, 180, 420, 1440, 3 * 1440])
AHEAD = st.none() | st.sampled_from([20, 90, 300, 1440, 4000])
NUMBERS = st.integers(0, 5)


@cache
def empty_database() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="copydesk-reminders-")
    storage.migrate(f"sqlite:///{folder.name}/copydesk.db")
    return folder


def _do_not_wait_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class LifeOfReminders(RuleBasedStateMachine):
    """What falls due is told, or ends with a reason; looked at after whatever anybody does."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="copydesk-reminders-")
        shutil.copy(Path(empty_database().name, "copydesk.db"), self.folder.name)
        self.store = storage.open_store(f"sqlite:///{self.folder.name}/copydesk.db")
        self.store.close()  # the one connection that was made before this:
        event.listen(self.store.engine, "connect", _do_not_wait_for_the_disk)
        self.team = Newsroom(self.store)
        self.people = {name: self.team.person(name, zone=zone) for name, zone in ZONES.items()}
        self.now = NOW
        self.post_ids: list[int] = []
        self.known: set[int] = set()
        self.seen = 0

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @initialize(
        need=st.sampled_from([Need.ANY, Need.ALL]), offsets=st.sets(st.sampled_from(Offset))
    )
    def is_set_up(self, need: Need, offsets: set[Offset]) -> None:
        ann, ben, cleo, dan = self.people.values()
        desk = self.team.desk(ann, ben, cleo, dan, need=need)
        form = replace(desks.form_of(desk), reminders=tuple(offsets))
        self.desk = desks.change(self.store, ann, desk.id, desk.revision, form, NOW)

    @rule(owner=WHO, out=AHEAD, needed=AHEAD, count=st.integers(1, 3))
    def write(self, owner: str, out: int | None, needed: int | None, count: int) -> None:
        for _ in range(count):
            form = self.team.form(publish_at=self.ahead(out), send=True)
            form = replace(form, needed_by=self.ahead(needed))
            with suppress(Refused):
                who = self.people[owner]
                saved = drafts.create(self.store, who, self.desk.id, form, self.now)
                self.post_ids.append(saved.post.id)

    def ahead(self, minutes: int | None) -> datetime | None:
        return None if minutes is None else self.now + timedelta(minutes=minutes)

    def post(self, number: int) -> int:
        return self.post_ids[number % len(self.post_ids)]

    def review(self, number: int) -> Review | None:
        return posts.show(self.store, TEAM, self.post(number)).review

    @precondition(lambda self: self.post_ids)
    @rule(who=WHO, number=NUMBERS, verdict=st.sampled_from(Verdict))
    def decide(self, who: str, number: int, verdict: Verdict) -> None:
        review = self.review(number)
        if review is not None:
            with suppress(Refused):
                reviews.decide(self.store, self.people[who], review.id, verdict, "so", self.now)

    @precondition(lambda self: self.post_ids)
    @rule(who=WHO, number=NUMBERS)
    def undo(self, who: str, number: int) -> None:
        review = self.review(number)
        if review is not None:
            with suppress(Refused):
                reviews.undo(self.store, self.people[who], review.id, self.now)

    @precondition(lambda self: self.post_ids)
    @rule(number=NUMBERS, text=st.sampled_from(["Hello", "Bye"]), out=AHEAD, send=st.booleans())
    def edit(self, number: int, text: str, out: int | None, send: bool) -> None:
        form = self.team.form(text, publish_at=self.ahead(out), send=send)
        post = self.team.post(self.post(number))
        with suppress(Refused):
            drafts.edit(self.store, self.people["ann"], post.id, post.version, form, self.now)

    @precondition(lambda self: self.post_ids)
    @rule(
        number=NUMBERS, way=st.sampled_from(["hold", "off", "urgent", "cancel", "restore", "out"])
    )
    def go_another_way(self, number: int, way: str) -> None:
        ann, post_id = self.people["ann"], self.post(number)
        with suppress(Refused):
            match way:
                case "hold":
                    holds.hold(self.store, ann, post_id, "a crisis", self.now)
                case "off":
                    holds.take_off_hold(self.store, ann, post_id, self.now)
                case "urgent":
                    holds.make_urgent(self.store, ann, post_id, "a crisis", self.now)
                case "cancel":
                    endings.cancel(self.store, ann, post_id, self.now)
                case "restore":
                    endings.restore(self.store, ann, post_id, self.now)
                case _:
                    publishing.mark_published(self.store, ann, post_id, "", self.now)

    @precondition(lambda self: self.post_ids)
    @rule(number=NUMBERS, out=AHEAD, again=AHEAD)
    def its_time(self, number: int, out: int | None, again: int | None) -> None:
        ann, post_id = self.people["ann"], self.post(number)
        with suppress(Refused):
            details.new_time(self.store, ann, post_id, self.ahead(out), self.now)
        with suppress(Refused):
            publishing.not_now(self.store, ann, post_id, self.ahead(again), self.now)

    @precondition(lambda self: self.post_ids)
    @rule(number=NUMBERS, place=WHO, instead=WHO, way=st.integers(0, 2))
    def escalate(self, number: int, place: str, instead: str, way: int) -> None:
        review, ann = self.review(number), self.people["ann"]
        if review is None:
            return
        whose = self.people[place].id
        with suppress(Refused):
            if way == 0:
                escalations.remind_again(self.store, ann, review.id, self.now)
            elif way == 1:
                who = self.people[instead]
                escalations.reassign(self.store, ann, review.id, whose, who, self.now)
            else:
                escalations.approve_instead(self.store, ann, review.id, whose, self.now)

    @rule(who=WHO, in_an_hour=st.booleans())
    def snooze(self, who: str, in_an_hour: bool) -> None:
        own = [m for m in self.told() if m.person_id == self.people[who].id]
        if own:
            reminders.snooze(self.store, self.people[who], own[-1].id, in_an_hour, self.now)

    @rule(who=WHO, text=st.sampled_from(["until 11:00", "until tomorrow", "off"]))
    def be_quiet(self, who: str, text: str) -> None:
        if text == "off":
            reminders.be_loud(self.store, self.people[who])
        else:
            reminders.be_quiet(self.store, self.people[who], text, self.now)

    @rule(minutes=MINUTES)
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        tick(self.team, self.now)
        assert not self.waiting_by_now(), "nothing that is due is left lying"
        for message in self.told():
            if message.id not in self.known:
                self.look_at(message)
                self.known.add(message.id)

    @precondition(lambda self: self.post_ids)
    @rule(late=st.sampled_from([0, 0, 4, 200]), times=st.integers(1, 4))
    def the_next_things_fall_due(self, late: int, times: int) -> None:
        for _ in range(times):
            with self.store.read() as tx:
                earliest = occurrences.earliest(tx)
            if earliest is not None:
                self.now = max(self.now, earliest)
                self.time_passes(late)

    def waiting_by_now(self) -> list[str]:
        table = occurrences_table.c
        query = sa.select(table.key).where(
            table.state == OccurrenceState.WAITING, table.due_at <= self.now
        )
        with self.store.read() as tx:
            return list(tx.execute(query).scalars())

    def look_at(self, message: Message) -> None:
        """A message of reminders that was made just now."""
        found = reminders.of_message(self.store, message)
        person = self.person(message)
        if not any(each.is_open for each in found.reminders):
            return  # missed in the same moment: it is drawn as nothing, and never sent
        self.seen += 1
        if "at-once" in message.key:
            assert any(each.shown.post.urgent_reason for each in found.reminders)
            return
        assert is_open(hours_of(self.desk, person), self.now)
        assert person.quiet_until is None or person.quiet_until <= self.now
        began, _ = day_of(self.now, person.time_zone)
        with self.store.read() as tx:
            told = messages.told_since(tx, person.id, began)
        assert told <= MOST_A_DAY or self.made_since(person, began, message) < MOST_A_DAY
        assert found.is_last == (self.made_since(person, began, message) == MOST_A_DAY - 1)

    def made_since(self, person: Person, began: datetime, before: Message) -> int:
        """How many messages somebody had got that day when this one was made."""
        query = sa.select(sa.func.count()).select_from(messages_table)
        query = query.filter_by(person_id=person.id).where(messages_table.c.id < before.id)
        with self.store.read() as tx:
            return tx.execute(query.where(messages_table.c.created_at >= began)).scalar_one()

    def person(self, message: Message) -> Person:
        assert message.person_id is not None
        return people.by_ids(self.store, [message.person_id])[message.person_id]

    def told(self) -> list[Message]:
        with self.store.read() as tx:
            return messages.about(tx, Kind.REMINDERS)

    @invariant()
    def nobody_gets_two_in_a_quarter_of_an_hour(self) -> None:
        in_turn = [m for m in self.told() if "at-once" not in m.key]
        quarters = [
            (m.person_id, quarter_of(datetime.fromisoformat(m.data["at"]))) for m in in_turn
        ]
        assert len(quarters) == len(set(quarters))

    @invariant()
    def what_is_missed_or_scheduled_has_a_time(self) -> None:
        for post_id in self.post_ids:
            post = self.team.post(post_id)
            assert post.publish_at or post.status not in (Status.MISSED, Status.SCHEDULED)


TestLifeOfReminders = LifeOfReminders.TestCase
TestLifeOfReminders.settings = settings(
    max_examples=25, stateful_step_count=30, phases=set(Phase) - {Phase.shrink, Phase.explain}
)
