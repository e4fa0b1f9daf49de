"""Random people at work for days, in four zones, with a bot that is down, crashes and starts anew:
each morning, digest and reminder comes once, when it may, and nothing that is due is forgotten."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import event

import storage
from handlers.courier.drawing import draw, prepare
from handlers.courier.slack import as_content
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
    timetable,
)
from operations.standups import answers, rounds
from operations.standups import settings as standup_settings
from rules.desks import MONDAY_TO_FRIDAY, Desk, Need
from rules.local_time import today
from rules.people import Person
from rules.refused import Refused
from rules.reviews import Review, Verdict
from rules.standups import QuestionKind, Said, Standup, Weekly
from rules.working_time import Weekday
from storage import messages, occurrences, standups
from storage.messages import Kind, Message
from storage.people import Profile
from storage.tables import messages as messages_table
from tests.newsroom import TEAM, Newsroom
from tests.operations.days_off import DaysOff
from tests.operations.watch import Watch

ZONES = {
    "ann": "Europe/Rome",  # manages both desks
    "ben": "America/New_York",
    "cleo": "Asia/Tokyo",
    "dan": "Europe/Rome",
}
# A Friday and a Saturday before the clocks change, in New York and in Rome; an ordinary Monday.
BEGIN = st.sampled_from(
    [
        datetime(2026, 3, 2, 5, tzinfo=UTC),
        datetime(2026, 3, 6, 12, tzinfo=UTC),
        datetime(2026, 3, 27, 20, tzinfo=UTC),
    ]
)
WHO = st.sampled_from(list(ZONES))
PLACES = st.sampled_from([*ZONES.values(), "Pacific/Auckland", "America/Los_Angeles"])
MINUTES = st.sampled_from([1, 14, 60, 110, 130, 420, 1440, 3 * 1440])
AHEAD = st.none() | st.sampled_from([20, 90, 300, 1440, 4000])
NUMBERS = st.integers(0, 5)
DESK = st.integers(0, 1)
AT = st.sampled_from([time(7), time(9), time(9, 30), time(13)])
LATER = st.sampled_from([time(10, 30), time(16), time(17, 59), time(22)])
MEMBERS = st.sets(WHO, min_size=1)
CHANNELS = ("C1", "C2")
CARDS = (Kind.DRAFT_CARD, Kind.CHANNEL_CARD, Kind.APPROVER_CARD)
WAYS = ("hold", "off", "urgent", "cancel", "restore", "out")


class Crash(BaseException):
    """The process ends here."""


@cache
def empty_database() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="copydesk-mornings-")
    storage.migrate(f"sqlite:///{folder.name}/copydesk.db")
    return folder


def _do_not_wait_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class LifeOfTheMornings(RuleBasedStateMachine):
    """What a rule refuses is left; nothing else may go wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="copydesk-mornings-")
        shutil.copy(Path(empty_database().name, "copydesk.db"), self.folder.name)
        self.open()
        self.days_off = DaysOff()
        self.watch = Watch(self.days_off)
        self.post_ids: list[int] = []
        self.shown: dict[int, str] = {}

    def open(self) -> None:
        self.store = storage.open_store(f"sqlite:///{self.folder.name}/copydesk.db")
        self.store.close()  # the one connection that was made before this:
        event.listen(self.store.engine, "connect", _do_not_wait_for_the_disk)
        self.team = Newsroom(self.store)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @initialize(begin=BEGIN, need=st.sampled_from([Need.ANY, Need.ALL]), digest_at=LATER)
    def is_set_up(self, begin: datetime, need: Need, digest_at: time) -> None:
        self.now = begin
        for name, zone in ZONES.items():
            self.team.person(name, zone=zone, now=begin)
        ann, ben, cleo, dan = map(self.person, ZONES)
        first = self.team.desk(ann, ben, cleo, need=need)
        second = self.team.desk(ann, dan, channel="C2")
        self.desk_ids = [first.id, second.id]
        self.set_standup(0, set(ZONES), time(9), digest_at)

    def person(self, name: str) -> Person:
        found = people.remembered(self.store, TEAM, f"U-{name}")
        assert found is not None
        return found

    def desk(self, number: int) -> Desk:
        return desks.by_id(self.store, TEAM, self.desk_ids[number])

    def tried(self, act: Callable[..., object], *args: Any) -> None:
        with suppress(Refused):
            act(self.store, *args, self.now)

    # The calendar, and the bot.

    @rule(minutes=MINUTES)
    def the_bot_is_down(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.tick()

    @rule(minutes=MINUTES)
    def time_passes(self, minutes: int) -> None:
        """Each thing is done when it falls due."""
        end = self.now + timedelta(minutes=minutes)
        while (due := self.earliest()) is not None and due <= end:
            self.now = max(self.now, due)
            self.tick()
        self.now = end
        self.tick()

    @rule(statement=st.integers(1, 40), minutes=MINUTES)
    def the_bot_crashes_and_starts_again(self, statement: int, minutes: int) -> None:
        """In the middle of a tick."""
        self.now += timedelta(minutes=minutes)
        left = iter(range(statement))

        def count(_c: object, _cur: object, text: str, *_: object) -> None:
            if text.startswith(("INSERT", "UPDATE")) and next(left, None) is None:
                event.remove(self.store.engine, "before_cursor_execute", count)
                raise Crash

        event.listen(self.store.engine, "before_cursor_execute", count)
        with suppress(Crash):
            self.tick()
        self.store.close()
        self.open()
        self.tick()

    def earliest(self) -> datetime | None:
        with self.store.read() as tx:
            return occurrences.earliest(tx)

    def tick(self) -> None:
        for _ in range(500):
            if not timetable.run_due(self.store, self.now):
                break
        else:
            raise AssertionError("a tick that never ends")
        self.watch.look(self.store, self.now)

    @rule()
    def the_courier_delivers(self) -> None:
        """Everything can be drawn, and what has no reason any more isn't sent; the cards that stand
        in Slack then are those that would be drawn now."""
        with self.store.read() as tx:
            query = sa.select(messages_table.c.id).filter_by(pending=True)
            ids = tx.execute(query.where(messages_table.c.kind != Kind.HOME)).scalars().all()
        for message_id in ids:
            self.deliver(self.message(message_id))
        for message_id, shown in self.shown.items():
            message = self.message(message_id)
            if message.live and message.kind in CARDS:
                assert self.drawn(message) == shown

    def deliver(self, message: Message) -> None:
        prepare(self.store, message, self.now)
        drawn = self.drawn(message)
        row = {"state": "sent", "posted_ts": "1", "sent_at": self.now}
        if drawn is None and message.state == "waiting":
            row = {"state": "dropped"}
        elif drawn is not None:
            self.shown[message.id] = drawn
        with self.store.write() as tx:
            said = messages_table.update().filter_by(id=message.id)
            tx.execute(said.values(pending=False, shown=message.wanted, **row))

    def drawn(self, message: Message) -> str | None:
        drawn = draw(self.store, message)
        return None if drawn is None else repr(as_content(drawn))

    def message(self, message_id: int) -> Message:
        with self.store.read() as tx:
            return messages.by_id(tx, message_id)

    # People.

    @rule(who=WHO, zone=PLACES)
    def fly(self, who: str, zone: str) -> None:
        self.becomes(who, time_zone=zone)

    @rule(who=st.sampled_from(["ben", "cleo", "dan"]), is_gone=st.booleans())
    def leave_or_return(self, who: str, is_gone: bool) -> None:
        self.becomes(who, is_gone=is_gone)

    def becomes(self, name: str, **new: Any) -> None:
        one = self.person(name)
        before = Profile(f"U-{name}", name, one.time_zone, "en-US", is_gone=one.is_gone)
        people.remember(self.store, TEAM, replace(before, **new), self.now)

    @rule(
        who=WHO,
        days=st.integers(0, 3),
        length=st.none() | st.integers(0, 3),
        cover=st.none() | WHO,
    )
    def go_away(self, who: str, days: int, length: int | None, cover: str | None) -> None:
        person = self.person(who)
        here = today(self.now, person.time_zone)
        first = here + timedelta(days)
        last = None if length is None else first + timedelta(length)
        stands_in = self.person(cover) if cover else None
        with suppress(Refused):
            self.team.away(person, first, last, stands_in, now=self.now, channels=CHANNELS)
            self.days_off.go(person.id, here, first, last, stands_in.id if stands_in else None)

    @rule(who=WHO)
    def come_back(self, who: str) -> None:
        person = self.person(who)
        with suppress(Refused):
            self.team.back(person, now=self.now)
            self.days_off.back(person.id, today(self.now, person.time_zone))

    # Standups.

    @rule(
        number=DESK,
        on=st.sampled_from([True, True, True, False]),
        members=MEMBERS,
        at=AT,
        digest_at=LATER,
        weekend=st.booleans(),
        weekly=st.none() | st.sampled_from(Weekday),
    )
    def change_a_standup(
        self,
        number: int,
        on: bool,
        members: set[str],
        at: time,
        digest_at: time,
        weekend: bool,
        weekly: Weekday | None,
    ) -> None:
        days = (*MONDAY_TO_FRIDAY, Weekday.SATURDAY) if weekend else MONDAY_TO_FRIDAY
        ann = self.person("ann")
        more = {"days": days, "weekly": Weekly(weekly, time(15), ann.id) if weekly else None}
        with suppress(Refused):
            self.set_standup(number, members, at, digest_at, is_on=on, **more)

    def set_standup(
        self, number: int, members: set[str], at: time, digest_at: time, **more: Any
    ) -> None:
        desk_id = self.desk_ids[number]
        with self.store.read() as tx:
            before = standups.by_desk(tx, desk_id) or Standup(desk_id)
        ids = tuple(self.person(name).id for name in sorted(members))
        new = {"is_on": True, "members": ids, "duty": ids[:2], **more}
        wanted = replace(before, prompt_at=at, digest_at=digest_at, **new)
        standup_settings.save(self.store, self.person("ann"), wanted, self.now)

    @rule(number=DESK, weekend=st.booleans(), zone=PLACES, begins=st.integers(7, 10))
    def change_a_desk(self, number: int, weekend: bool, zone: str, begins: int) -> None:
        desk = self.desk(number)
        days = tuple(Weekday) if weekend else MONDAY_TO_FRIDAY
        form = replace(desks.form_of(desk), time_zone=zone, working_days=days)
        form = replace(form, work_from=time(begins), country="IT")
        self.tried(desks.change, self.person("ann"), desk.id, desk.revision, form)

    @rule(who=WHO, know=st.sampled_from(["", "News", "More news"]), too_much=st.booleans())
    def answer(self, who: str, know: str, too_much: bool) -> None:
        person = self.person(who)
        said = (Said("What should the team know?", know, QuestionKind.ANY),)
        parts = dict.fromkeys(self.desk_ids, said)
        self.tried(answers.answer, person, today(self.now, person.time_zone), parts, too_much)

    @rule(who=WHO)
    def skip(self, who: str) -> None:
        self.tried(answers.skip, self.person(who), None)

    @rule(number=DESK)
    def ask_now(self, number: int) -> None:
        self.tried(rounds.ask_everybody, self.person("ann"), self.desk(number))
        self.watch.look_at_new(self.store, self.now)

    # Posts.

    @rule(owner=WHO, number=DESK, out=AHEAD, needed=AHEAD, count=st.integers(1, 3))
    def write(
        self, owner: str, number: int, out: int | None, needed: int | None, count: int
    ) -> None:
        for _ in range(count):
            form = replace(
                self.team.form(publish_at=self.ahead(out), send=True), needed_by=self.ahead(needed)
            )
            with suppress(Refused):
                saved = drafts.create(
                    self.store, self.person(owner), self.desk_ids[number], form, self.now
                )
                self.post_ids.append(saved.post.id)

    def ahead(self, minutes: int | None) -> datetime | None:
        return None if minutes is None else self.now + timedelta(minutes=minutes)

    def post_id(self, number: int) -> int:
        return self.post_ids[-1 - number % len(self.post_ids)]

    def review(self, number: int) -> Review | None:
        return posts.show(self.store, TEAM, self.post_id(number)).review

    @precondition(lambda self: self.post_ids)
    @rule(number=NUMBERS, who=st.none() | WHO, verdict=st.sampled_from(Verdict))
    def decide(self, number: int, who: str | None, verdict: Verdict) -> None:
        review = self.review(number)
        if review is None:
            return
        for name in [who] if who else list(ZONES):
            self.tried(reviews.decide, self.person(name), review.id, verdict, "so")

    @precondition(lambda self: self.post_ids)
    @rule(number=NUMBERS, text=st.sampled_from(["Hello", "Bye"]), out=AHEAD)
    def edit(self, number: int, text: str, out: int | None) -> None:
        post = self.team.post(self.post_id(number))
        form = self.team.form(text, publish_at=self.ahead(out), send=True)
        self.tried(drafts.edit, self.person("ann"), post.id, post.version, form)

    @precondition(lambda self: self.post_ids)
    @rule(number=NUMBERS, way=st.sampled_from(WAYS))
    def go_another_way(self, number: int, way: str) -> None:
        ann, post_id = self.person("ann"), self.post_id(number)
        ways: dict[str, tuple[Callable[..., object], tuple[str, ...]]] = {
            "hold": (holds.hold, ("a crisis",)),
            "off": (holds.take_off_hold, ()),
            "urgent": (holds.make_urgent, ("a crisis",)),
            "cancel": (endings.cancel, ()),
            "restore": (endings.restore, ()),
            "out": (publishing.mark_published, ("",)),
        }
        act, more = ways[way]
        self.tried(act, ann, post_id, *more)

    @precondition(lambda self: self.post_ids)
    @rule(number=NUMBERS, at=AHEAD)
    def set_a_time(self, number: int, at: int | None) -> None:
        ann, post_id = self.person("ann"), self.post_id(number)
        self.tried(details.new_time, ann, post_id, self.ahead(at))
        self.tried(publishing.not_now, ann, post_id, self.ahead(at))

    @precondition(lambda self: self.post_ids)
    @rule(number=NUMBERS, place=WHO, instead=st.none() | WHO)
    def escalate(self, number: int, place: str, instead: str | None) -> None:
        review, ann = self.review(number), self.person("ann")
        if review is None:
            return
        if instead is None:
            self.tried(escalations.remind_again, ann, review.id)
        else:
            whose, other = self.person(place).id, self.person(instead)
            self.tried(escalations.reassign, ann, review.id, whose, other)

    @rule(who=WHO, text=st.sampled_from(["", "until 11:00", "until tomorrow"]))
    def snooze_or_be_quiet(self, who: str, text: str) -> None:
        person = self.person(who)
        if text:
            self.tried(reminders.be_quiet, person, text)
            return
        with self.store.read() as tx:
            own = [m for m in messages.about(tx, Kind.REMINDERS) if m.person_id == person.id]
        if own:
            self.tried(reminders.snooze, person, own[-1].id, True)


TestLifeOfTheMornings = LifeOfTheMornings.TestCase
# Each step is several transactions and many queries: half a minute, and too slow to look for the
# shortest failure.
TestLifeOfTheMornings.settings = settings(
    max_examples=12, stateful_step_count=30, phases=set(Phase) - {Phase.shrink, Phase.explain}
)
