"""The digest is posted once, on the days it takes place, and kept true after that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from operations import (
    deliveries,
    desks,
    digests,
    helping,
    people,
    posts,
    recaps,
    reviews,
    timetable,
)
from operations.digests import Shown
from operations.standups import answers
from operations.standups import settings as standup_settings
from rules.absences import Absence
from rules.desks import Desk, DeskRefusal, Weekday
from rules.digests import DigestRefusal, Topic, fingerprint, parts
from rules.occurrences import Occurrence, OccurrenceKind, OccurrenceState, Skipped
from rules.people import Person
from rules.refused import Refused
from rules.reviews import Verdict
from rules.standups import LONGEST_ANSWER, QuestionKind, Said, Standup
from storage import absences, messages, occurrences
from storage.messages import Kind, Message
from storage.people import Profile
from storage.tables import messages as messages_table
from storage.tables import occurrences as occurrences_table
from tests.newsroom import NOW, TEAM, Newsroom, at_once

# A Monday, as NOW is; the desk and its people are in Rome, an hour ahead of UTC.
MONDAY = date(2026, 3, 2)
DIGEST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BEFORE = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAY = timedelta(days=1)

LONG = "x" * LONGEST_ANSWER
KNOW, BLOCKS = "What should the team know?", "What blocks you?"


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


def standup(
    team: Newsroom,
    desk: Desk,
    manager: Person,
    *members: Person,
    now: datetime = BEFORE,
    **more: object,
) -> Standup:
    wanted = Standup(desk.id, is_on=True, members=tuple(p.id for p in members), **more)  # type: ignore[arg-type]
    return standup_settings.save(team.store, manager, wanted, now)


def answer(
    team: Newsroom,
    who: Person,
    desk: Desk,
    know: str = "",
    blocks: str = "",
    day: date = MONDAY,
    now: datetime = NOW,
) -> None:
    said = (Said(KNOW, know, QuestionKind.ANY), Said(BLOCKS, blocks, QuestionKind.BLOCKER))
    answers.answer(team.store, who, day, {desk.id: said}, False, now)


def tick(team: Newsroom, now: datetime) -> None:
    while timetable.run_due(team.store, now):
        pass


def of_kind(team: Newsroom, kind: Kind) -> list[Message]:
    query = sa.select(messages_table.c.key).filter_by(kind=kind).order_by(messages_table.c.id)
    with team.store.read() as tx:
        keys = list(tx.execute(query).scalars())
        found = [messages.by_key(tx, TEAM, key) for key in keys]
    return [message for message in found if message]


def due(team: Newsroom, kind: OccurrenceKind = OccurrenceKind.DIGEST) -> list[Occurrence]:
    query = sa.select(occurrences_table.c.key).filter_by(kind=kind).order_by("due_at")
    with team.store.read() as tx:
        keys = list(tx.execute(query).scalars())
        found = [occurrences.by_key(tx, TEAM, key) for key in keys]
    return [occurrence for occurrence in found if occurrence]


def courier(team: Newsroom, now: datetime = DIGEST) -> None:
    """What it does before it draws a digest."""
    for message in of_kind(team, Kind.DIGEST):
        digests.spread(team.store, message, now)


def wanted(team: Newsroom, *kinds: Kind) -> dict[str, int]:
    """How often each message was to be drawn, by its key."""
    return {message.key: message.wanted for kind in kinds for message in of_kind(team, kind)}


def shown(team: Newsroom) -> Shown:
    message = of_kind(team, Kind.DIGEST)[-1]
    return digests.show(team.store, TEAM, message.data["round"])


def away(team: Newsroom, who: Person, last: date | None) -> None:
    with team.store.write() as tx:
        absences.add(tx, TEAM, Absence(who.id, MONDAY, last, None), who.id, NOW)


def test_a_digest_is_posted_at_its_time_once(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann)
    tick(team, DIGEST - timedelta(seconds=1))
    assert of_kind(team, Kind.DIGEST) == []
    tick(team, DIGEST)
    tick(team, DIGEST + timedelta(hours=1))
    [message] = of_kind(team, Kind.DIGEST)
    assert (message.channel_id, message.key) == ("C1", f"digest:{desk.id}:2026-03-02")
    first, second, *_ = due(team)
    assert (first.state, first.message_id) == (OccurrenceState.DONE, message.id)
    assert (second.state, second.local_date) == (OccurrenceState.WAITING, MONDAY + DAY)


def test_two_processes_post_it_once(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann)
    at_once(*[lambda: tick(team, DIGEST)] * 3)
    assert len(of_kind(team, Kind.DIGEST)) == 1


def test_it_is_posted_on_the_standups_days_that_the_desk_works_on(
    team: Newsroom, ann: Person
) -> None:
    days = (Weekday.MONDAY, Weekday.THURSDAY, Weekday.SATURDAY)
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, days=days)
    for number in range(8):
        tick(team, DIGEST + number * DAY)
    posted = [message.key.rpartition(":")[2] for message in of_kind(team, Kind.DIGEST)]
    assert posted == ["2026-03-02", "2026-03-05", "2026-03-09"]


@pytest.mark.parametrize(
    ("late", "state", "reason"),
    [
        (timedelta(hours=7, minutes=29), OccurrenceState.DONE, None),
        (timedelta(hours=7, minutes=30), OccurrenceState.SKIPPED, Skipped.TOO_LATE),
    ],
)
def test_it_is_posted_late_until_the_working_day_ends(
    team: Newsroom, ann: Person, late: timedelta, state: OccurrenceState, reason: str | None
) -> None:
    standup(team, team.desk(ann, ann), ann, ann)
    tick(team, DIGEST + late)
    assert (due(team)[0].state, due(team)[0].reason) == (state, reason)
    assert due(team)[-1].state is OccurrenceState.WAITING


def test_after_days_without_the_bot_todays_is_posted_and_each_other_has_its_reason(
    team: Newsroom, ann: Person
) -> None:
    standup(team, team.desk(ann, ann), ann, ann)
    tick(team, DIGEST + 3 * DAY + timedelta(hours=1))
    ended = {d.local_date: (d.state, d.reason) for d in due(team)}
    assert ended[MONDAY] == ended[MONDAY + DAY] == (OccurrenceState.SKIPPED, Skipped.TOO_LATE)
    assert ended[MONDAY + 3 * DAY] == (OccurrenceState.DONE, None)
    assert len(of_kind(team, Kind.DIGEST)) == 1


def test_other_settings_move_it_and_switching_off_stops_it(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    before = standup(team, desk, ann, ann)
    later = replace(before, digest_at=time(15))
    moved = standup_settings.save(team.store, ann, later, NOW)
    tick(team, DIGEST)
    assert of_kind(team, Kind.DIGEST) == []
    off = standup_settings.save(team.store, ann, replace(moved, is_on=False), NOW)
    tick(team, DIGEST + timedelta(hours=6))
    assert of_kind(team, Kind.DIGEST) == []
    assert {d.reason for d in due(team)} == {Skipped.SWITCHED_OFF}
    standup_settings.save(team.store, ann, replace(off, is_on=True), NOW)
    tick(team, DIGEST + timedelta(hours=6))
    assert len(of_kind(team, Kind.DIGEST)) == 1


def test_a_digest_moved_to_later_today_is_not_posted_twice_and_tomorrows_comes(
    team: Newsroom, ann: Person
) -> None:
    desk = team.desk(ann, ann)
    before = standup(team, desk, ann, ann)
    tick(team, DIGEST)
    later = replace(before, digest_at=time(15))
    standup_settings.save(team.store, ann, later, DIGEST)
    tick(team, DIGEST + timedelta(hours=6))
    assert len(of_kind(team, Kind.DIGEST)) == 1
    tick(team, DIGEST + DAY + timedelta(hours=6))
    assert len(of_kind(team, Kind.DIGEST)) == 2


def test_one_that_cannot_be_worked_out_does_not_end_all_others(
    team: Newsroom, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    standup(team, team.desk(ann, ann), ann, ann)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(digests, "_tell_managers", broken)
        tick(team, DIGEST)
    assert due(team)[0].state is OccurrenceState.FAILED
    tick(team, DIGEST + DAY)
    assert [m.key.rpartition(":")[2] for m in of_kind(team, Kind.DIGEST)] == ["2026-03-03"]
    tick(team, DIGEST + 2 * DAY)
    assert len(of_kind(team, Kind.DIGEST)) == 2


def test_a_sleeping_desk_has_none_and_one_that_wakes_has_its_next(
    team: Newsroom, ann: Person
) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann)
    desks.bot_removed(team.store, TEAM, "C1", "E1", NOW)
    tick(team, DIGEST)
    assert due(team)[0].reason == Skipped.ASLEEP
    desks.bot_added(team.store, TEAM, "C1", ann, "E2", DIGEST)
    tick(team, DIGEST + DAY)
    assert len(of_kind(team, Kind.DIGEST)) == 1


def test_where_everybody_is_away_nothing_is_said_unless_something_goes_out(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    standup(team, desk, ann, ann, ben)
    for who in (ann, ben):
        away(team, who, None)
    tick(team, DIGEST)
    assert due(team)[0].reason == Skipped.AWAY
    team.sent(ann, desk)
    tick(team, DIGEST + DAY)
    assert len(of_kind(team, Kind.DIGEST)) == 1


def test_what_it_tells_in_its_order(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    cleo = team.person("cleo")
    standup(team, desk, ann, ann, ben, cleo)
    away(team, cleo, MONDAY + 4 * DAY)
    team.sent(ann, desk, publish_at=DIGEST + timedelta(hours=3))
    team.decide(ben, team.sent(ann, desk, publish_at=DIGEST + DAY))
    team.draft(ann, desk, publish_at=DIGEST + timedelta(hours=4))
    answer(team, ben, desk, "The blend arrives", "No pictures")
    answer(team, ann, desk, "Nothing!", "-")
    tick(team, DIGEST)
    digest = shown(team).digest
    [part] = parts(digest)
    assert [section.topic for section in part] == [
        Topic.BLOCKERS,
        Topic.TODAY,
        Topic.COMING,
        Topic.WAITING,
        Topic.QUESTION,
        Topic.AWAY,
    ]
    assert [(b.person_id, b.text) for b in digest.blockers] == [(ben.id, "No pictures")]
    assert [post.code for post in digest.today] == ["P-1"]  # a draft is its owner's business
    assert [post.code for post in digest.coming] == ["P-2"]
    assert [post.code for post in digest.waiting] == ["P-1"]
    assert [(q.text, len(q.words), q.nothing) for q in digest.questions] == [(KNOW, 1, 1)]
    assert [(each.person_id, each.until) for each in digest.away] == [(cleo.id, MONDAY + 4 * DAY)]
    assert digest.answers == 2


def test_a_quiet_day(team: Newsroom, ann: Person) -> None:
    standup(team, team.desk(ann, ann), ann, ann)
    tick(team, DIGEST)
    courier(team)
    assert shown(team).digest.is_quiet
    assert of_kind(team, Kind.DIGEST_DETAIL) == []


def test_who_answers_late_or_anew_is_in_it_and_its_thread_grows(
    team: Newsroom, ann: Person
) -> None:
    crowd = [team.person(f"p{number}") for number in range(10)]
    desk = team.desk(ann, ann)
    standup(team, desk, ann, *crowd)
    tick(team, DIGEST)
    courier(team)
    answer(team, crowd[0], desk, LONG, now=DIGEST)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 2}
    courier(team)
    assert len(of_kind(team, Kind.DIGEST_DETAIL)) == 1
    for who in crowd[1:]:
        answer(team, who, desk, LONG, now=DIGEST)
    courier(team)
    root = of_kind(team, Kind.DIGEST)[0]
    there = of_kind(team, Kind.DIGEST_DETAIL)
    assert [(m.thread_of, m.channel_id, m.data["part"]) for m in there] == [
        (root.id, "C1", 0),
        (root.id, "C1", 1),
    ]
    for who in crowd:
        answer(team, who, desk, "In short", now=DIGEST)
    courier(team)
    assert len(parts(shown(team).digest)) == 1
    # What stood in the second message has moved up into the first.
    assert [bool(m.data["print"]) for m in of_kind(team, Kind.DIGEST_DETAIL)] == [True, False]


def test_only_what_shows_something_else_is_drawn_anew(team: Newsroom, ann: Person) -> None:
    crowd = [team.person(f"p{number}") for number in range(10)]
    desk = team.desk(ann, ann)
    standup(team, desk, ann, *crowd)
    for who in crowd:
        answer(team, who, desk, LONG)
    tick(team, DIGEST)
    courier(team)
    before = wanted(team, Kind.DIGEST_DETAIL)
    assert len(before) == 2
    answer(team, crowd[-1], desk, "Other", now=DIGEST)
    courier(team)
    after = wanted(team, Kind.DIGEST_DETAIL)
    assert [after[key] - before[key] for key in before] == [0, 1]


def test_a_post_that_changes_is_changed_in_it(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    standup(team, desk, ann, ann)
    review = team.sent(ann, desk, publish_at=DIGEST + timedelta(hours=3))
    tick(team, DIGEST)
    courier(team)
    key = f"digest:{desk.id}:2026-03-02"
    team.decide(ben, review)
    assert wanted(team, Kind.DIGEST) == {key: 2}
    courier(team)
    assert wanted(team, Kind.DIGEST_DETAIL) == {f"{key}:0": 2}
    assert shown(team).digest.waiting == ()
    posts.mark_published(team.store, ann, review.post_id, "", DIGEST + timedelta(hours=3))
    assert wanted(team, Kind.DIGEST) == {key: 3}


def test_yesterdays_digest_is_left_alone(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    standup(team, desk, ann, ann, days=(Weekday.MONDAY,))
    review = team.sent(ann, desk)
    tick(team, DIGEST)
    reviews.decide(team.store, ben, review.id, Verdict.APPROVE, "", DIGEST + DAY)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 1}


def test_answers_at_the_same_instant_are_all_in_it(team: Newsroom, ann: Person) -> None:
    crowd = [team.person(f"p{number}") for number in range(6)]
    desk = team.desk(ann, ann)
    standup(team, desk, ann, *crowd)

    def says(who: Person) -> None:
        answer(team, who, desk, LONG, LONG)

    at_once(*[lambda who=who: says(who) for who in crowd], lambda: tick(team, DIGEST))
    courier(team)
    digest = shown(team).digest
    assert digest.answers == 6
    assert len(of_kind(team, Kind.DIGEST_DETAIL)) == len(parts(digest))


# Where people from outside read along.


def test_outsiders_read_posts_and_counts_alone(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    standup(team, desk, ann, ann, ben)
    team.sent(ann, desk, publish_at=DIGEST + timedelta(hours=3))
    answer(team, ben, desk, "Between us", "No pictures")
    tick(team, DIGEST)
    desks.set_outsiders(team.store, desk, True)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 2}
    seen = shown(team)
    assert "Between us" not in repr(seen.digest)
    assert "No pictures" not in repr(seen.digest)
    assert seen.digest.today
    assert seen.digest.answers == 1
    found = digests.inside(team.store, ben, seen.round.id, True)
    assert "Between us" in repr(found.digest)


def test_the_answers_are_for_the_teams_own_people(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann)
    tick(team, DIGEST)
    round_id = shown(team).round.id
    guest = replace(team.person("guest"), is_guest=True)
    with pytest.raises(Refused) as refused:
        digests.inside(team.store, guest, round_id, True)
    assert refused.value.reason is DigestRefusal.FOR_THE_TEAM
    with pytest.raises(Refused):
        digests.inside(team.store, team.person("ben"), round_id, False)
    assert digests.inside(team.store, ann, round_id, False).round.id == round_id
    with pytest.raises(Refused):
        digests.inside(team.store, replace(ann, team_id="T2"), round_id, True)


# I can help.


def blocked(team: Newsroom, who: Person, desk: Desk) -> int:
    answer(team, who, desk, blocks="No pictures")
    tick(team, DIGEST)
    return shown(team).digest.blockers[0].answer_id


def test_who_offers_help_and_who_is_blocked_hear_of_each_other_once(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, ben)
    answer_id = blocked(team, ben, desk)
    helping.offer_help(team.store, ann, answer_id, True, DIGEST)
    told = of_kind(team, Kind.INTRODUCTION)
    assert {message.person_id for message in told} == {ann.id, ben.id}
    assert shown(team).digest.blockers[0].helpers == (ann.id,)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 2}
    with pytest.raises(Refused) as refused:
        helping.offer_help(team.store, ann, answer_id, True, DIGEST)
    assert refused.value.reason is DigestRefusal.OFFERED_ALREADY
    assert len(of_kind(team, Kind.INTRODUCTION)) == 2


def test_twice_at_the_same_instant_is_one_offer(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, ben)
    answer_id = blocked(team, ben, desk)
    done = at_once(*[lambda: helping.offer_help(team.store, ann, answer_id, True, DIGEST)] * 3)
    assert sum(isinstance(one, Refused) for one in done) == 2


def test_nobody_helps_themselves_or_who_is_not_blocked_any_more(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, ben)
    answer_id = blocked(team, ben, desk)
    stranger = replace(team.person("sam"), is_stranger=True)
    for who, in_channel, reason in [
        (ben, True, DigestRefusal.OWN_BLOCKER),
        (team.person("cleo"), False, DigestRefusal.FOR_THE_TEAM),
        (stranger, True, DigestRefusal.FOR_THE_TEAM),
    ]:
        with pytest.raises(Refused) as refused:
            helping.offer_help(team.store, who, answer_id, in_channel, DIGEST)
        assert refused.value.reason is reason
    answer(team, ben, desk, blocks="Nothing any more, none", now=DIGEST)
    answer(team, ben, desk, "Solved", "none", now=DIGEST)
    for wrong in (answer_id, 999):
        with pytest.raises(Refused) as refused:
            helping.offer_help(team.store, ann, wrong, True, DIGEST)
        assert refused.value.reason is DigestRefusal.NOT_BLOCKED
    assert of_kind(team, Kind.INTRODUCTION) == []


# The recap.


def test_a_manager_writes_a_recap_before_and_after(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, ben)
    none = fingerprint("")
    recaps.set_recap(team.store, ann, desk.id, MONDAY, " Ship it ", none, NOW)
    tick(team, DIGEST)
    assert (shown(team).digest.recap, shown(team).digest.recap_by) == ("Ship it", ann.id)
    _, recap = recaps.recap_at(team.store, ann, desk.id, MONDAY)
    recaps.set_recap(team.store, ann, desk.id, MONDAY, "", fingerprint(recap), DIGEST)
    assert (shown(team).digest.recap, shown(team).digest.recap_by) == ("", None)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 2}


def test_a_recap_is_not_written_over_another_unseen(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann)
    seen = fingerprint("")

    def write(text: str) -> None:
        recaps.set_recap(team.store, ann, desk.id, MONDAY, text, seen, NOW)

    done = at_once(lambda: write("one"), lambda: write("two"))
    [refused] = [one for one in done if isinstance(one, Refused)]
    assert (refused.reason, refused.field) == (DigestRefusal.RECAP_CHANGED, "recap")


def test_only_managers_write_one_and_not_without_a_standup(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    with pytest.raises(Refused) as refused:
        recaps.recap_at(team.store, ann, desk.id, MONDAY)
    assert refused.value.reason is DigestRefusal.NO_STANDUP
    standup(team, desk, ann, ann, ben)
    for call in (
        lambda: recaps.recap_at(team.store, ben, desk.id, MONDAY),
        lambda: recaps.set_recap(team.store, ben, desk.id, MONDAY, "x", fingerprint(""), NOW),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.reason is DeskRefusal.NOT_MANAGER
    with pytest.raises(Refused) as refused:
        recaps.set_recap(team.store, ann, desk.id, MONDAY, "x" * 1501, fingerprint(""), NOW)
    assert refused.value.field == "recap"


# The managers' note.


def test_managers_hear_once_a_day_who_said_nothing_at_all_of_their_desks(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    one, two = team.desk(ann, ann, channel="C1"), team.desk(ann, ann, channel="C2")
    cleo = team.person("cleo")
    standup(team, one, ann, ben, cleo)
    standup(team, two, ann, ben, digest_at=time(11))
    answers.skip(team.store, cleo, MONDAY, NOW)
    tick(team, DIGEST)
    [note] = of_kind(team, Kind.SILENT)
    assert note.person_id == ann.id
    tick(team, DIGEST + timedelta(minutes=30))
    [note] = of_kind(team, Kind.SILENT)
    assert note.wanted == 2
    found = digests.silent(team.store, TEAM, note.data["rounds"])
    assert [each.desk.id for each in found] == [one.id, two.id]
    assert [(each.attendance.silent, each.attendance.skipped) for each in found] == [
        ((ben.id,), (cleo.id,)),
        ((ben.id,), ()),
    ]
    said = {
        one.id: (Said(KNOW, "Late", QuestionKind.ANY),),
        two.id: (Said(KNOW, "Late", QuestionKind.ANY),),
    }
    answers.answer(team.store, ben, MONDAY, said, False, DIGEST + timedelta(hours=1))
    [note] = of_kind(team, Kind.SILENT)
    assert note.wanted > 2
    found = digests.silent(team.store, TEAM, note.data["rounds"])
    assert [each.is_told for each in found] == [True, False]


def test_who_is_away_or_has_their_morning_later_is_not_silent(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    tom = people.remember(
        team.store, TEAM, Profile("U-tom", "tom", "America/New_York", "en-US"), NOW
    )
    standup(team, desk, ann, ann, ben, tom)
    away(team, ben, None)
    answer(team, ann, desk, "Here")
    tick(team, DIGEST)
    [found] = digests.silent(team.store, TEAM, [shown(team).round.id])
    assert not found.is_told
    assert (found.attendance.away, found.attendance.later) == ((ben.id,), (tom.id,))


def test_many_posts_and_answers_cost_as_many_queries_as_few(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    crowd = [team.person(f"p{number}") for number in range(12)]
    standup(team, desk, ann, *crowd)
    tick(team, DIGEST)
    texts: list[str] = []

    @sa.event.listens_for(team.store.engine, "before_cursor_execute")
    def keep(_c: object, _cur: object, text: str, *_: object) -> None:
        texts.append(text)

    def queries() -> int:
        texts.clear()
        shown(team)
        return len(texts)

    def fill(posts_: int, who: Sequence[Person]) -> None:
        for number in range(posts_):
            team.sent(ann, desk, publish_at=DIGEST + timedelta(hours=1 + number))
        for one in who:
            answer(team, one, desk, "Known", "Blocked", now=DIGEST)

    fill(1, crowd[:1])
    few = queries()
    fill(15, crowd[1:])
    assert queries() == few < 25


def test_what_can_not_be_delivered_is_told_to_the_managers(team: Newsroom, ann: Person) -> None:
    standup(team, team.desk(ann, ann), ann, ann)
    tick(team, DIGEST)
    [message] = of_kind(team, Kind.DIGEST)
    deliveries.fail(team.store, message, messages.State.FAILED, "is_archived", DIGEST)
    assert [m.person_id for m in of_kind(team, Kind.TROUBLE)] == [ann.id]
