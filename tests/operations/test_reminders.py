"""Who is reminded of what, when, in how many messages; and what becomes of it in the end."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from operations import desks, drafts, endings, holds, posts, reminders, reviews
from operations.standups import mornings, settings
from rules.desks import Desk, Need
from rules.nudges import Offset
from rules.occurrences import OccurrenceKind
from rules.people import Person
from rules.refused import Refused
from rules.reviews import Quorum, QuorumKind, Step, Verdict
from rules.standups import Standup
from storage import occurrences
from storage.desks import add_policy
from storage.messages import Kind
from storage.tables import messages as messages_table
from tests.newsroom import NOW, TEAM, Newsroom, at_once
from tests.operations.reminded import (
    at,
    deliver,
    due,
    ended,
    lines,
    one,
    said,
    tick,
    told,
    written,
)

REMINDER, ESCALATION = OccurrenceKind.REMINDER, OccurrenceKind.ESCALATION


@pytest.fixture
def ann(team: Newsroom) -> Person:
    """Manages the desk."""
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


@pytest.fixture
def cleo(team: Newsroom) -> Person:
    return team.person("cleo")


@pytest.fixture
def desk(team: Newsroom, ann: Person, ben: Person) -> Desk:
    """Ben approves what Cleo writes."""
    return team.desk(ann, ben)


def test_an_approver_is_reminded_before_the_deadline_and_at_it_then_the_managers_hear(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    team.sent(cleo, desk)  # on Monday at 10:00, so it is due on Tuesday at 10:00
    assert due(team, REMINDER, ben) == [at("02 17:00"), at("03 10:00")]
    assert due(team, ESCALATION, ann) == [at("03 11:00")]
    tick(team, at("02 16:59"))
    assert told(team, ben) == []
    tick(team, at("02 17:00"))
    found = one(team, ben)
    assert (found.kind, found.due, found.was_due) == (REMINDER, at("03 10:00"), False)
    tick(team, at("03 11:00"))
    _, second = told(team, ben)
    assert said(team, second).reminders[0].was_due
    assert one(team, ann).kind is ESCALATION
    tick(team, at("06 17:00"))
    assert len(told(team, ben)) == 2
    assert len(told(team, ann)) == 1


def test_what_was_decided_is_not_reminded_of(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(cleo, desk)
    team.decide(ben, review)
    assert due(team, REMINDER) == due(team, ESCALATION) == []
    tick(team, at("06 17:00"))
    assert told(team, ben) == told(team, ann) == []
    assert set(ended(team, REMINDER)) == {"reason_gone"}


def test_a_decision_that_is_taken_back_is_waited_for_again(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    review = team.sent(cleo, desk)
    team.decide(ben, review)
    team.undo(ben, review)
    assert due(team, REMINDER, ben) == [at("02 17:00"), at("03 10:00")]


def test_only_who_still_has_to_decide_is_reminded(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    dan = team.person("dan")
    review = team.sent(cleo, team.desk(ann, ben, dan, need=Need.ALL))
    team.decide(ben, review)
    tick(team, at("03 10:00"))
    assert told(team, ben) == []
    assert len(told(team, dan)) == 1  # both of theirs, at once


def test_a_reminder_that_was_dealt_with_says_so(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    review = team.sent(cleo, desk)
    tick(team, at("02 17:00"))
    (message,) = told(team, ben)
    deliver(team, message, at("02 17:00"))
    assert lines(team, message) == [(REMINDER, "P-1", True)]
    before = message.wanted
    team.decide(ben, review)
    (message,) = told(team, ben)
    assert lines(team, message) == [(REMINDER, "P-1", False)]
    assert message.wanted > before


def test_what_falls_due_together_is_one_message(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    for _ in range(3):
        team.sent(cleo, desk)
    tick(team, at("02 17:00"))
    (message,) = told(team, ben)
    assert [code for _, code, _ in lines(team, message)] == ["P-1", "P-2", "P-3"]


def test_after_hours_of_downtime_there_is_one_message_and_one_line_for_each_post(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    for number in range(60):  # more than a tick takes at once
        written(team, cleo, desk, NOW + timedelta(seconds=number))
    tick(team, at("03 12:00"))
    (message,) = told(team, ben)
    found = said(team, message)
    assert len(found.reminders) + found.more == 60
    assert all(each.was_due for each in found.reminders)
    assert set(ended(team, REMINDER)) == {"done"}


def test_what_waits_for_the_next_quarter_of_an_hour_comes_then(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(cleo, desk)
    tick(team, at("02 17:00"))
    noted(team, desk, ben, review.post_id, review.id, at("02 17:05"))
    tick(team, at("02 17:05"))
    assert len(told(team, ben)) == 1
    tick(team, at("02 17:15"))
    assert len(told(team, ben)) == 2


def noted(
    team: Newsroom, desk: Desk, who: Person, post_id: int, review_id: int, now: datetime
) -> None:
    """A reminder of their own that falls due now."""
    with team.store.write() as tx:
        occurrences.add(
            tx,
            TEAM,
            f"test:{now}:{review_id}",
            REMINDER,
            now,
            now,
            desk_id=desk.id,
            person_id=who.id,
            post_id=post_id,
            review_id=review_id,
            data={"place": who.id, "step": 0},
        )


def test_reminders_come_in_the_readers_own_hours(team: Newsroom, ann: Person, cleo: Person) -> None:
    yuki = team.person("yuki", zone="Asia/Tokyo")
    team.sent(cleo, team.desk(ann, yuki))
    # Due on Tuesday at 10:00 in Rome, which is 18:00 in Tokyo: their day is just over.
    assert due(team, REMINDER, yuki) == [at("03 08:00"), at("04 01:00")]


def test_who_moved_hears_of_it_when_their_day_begins(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    team.sent(cleo, desk)
    team.person("ben", zone="America/New_York")
    tick(team, at("03 10:00"))  # 4:00 there
    assert told(team, ben) == []
    tick(team, at("03 15:00"))
    assert one(team, ben).was_due


def test_quiet_is_kept_until_its_end(team: Newsroom, desk: Desk, ben: Person, cleo: Person) -> None:
    team.sent(cleo, desk)
    until = reminders.be_quiet(team.store, ben, "until 17:40", at("02 16:00"))
    assert until == at("02 17:40")
    tick(team, at("02 17:00"))
    tick(team, at("02 17:39"))
    assert told(team, ben) == []
    tick(team, at("02 17:40"))
    assert len(told(team, ben)) == 1


def test_quiet_can_be_ended(team: Newsroom, desk: Desk, ben: Person, cleo: Person) -> None:
    team.sent(cleo, desk)
    reminders.be_quiet(team.store, ben, "until friday", NOW)
    reminders.be_loud(team.store, ben)
    tick(team, at("02 17:00"))
    assert len(told(team, ben)) == 1


def test_a_snooze_brings_back_what_is_still_open(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    first, second = team.sent(cleo, desk), team.sent(cleo, desk)
    tick(team, at("02 16:30"))
    tick(team, at("02 17:00"))
    (message,) = told(team, ben)
    deliver(team, message, at("02 17:00"))
    assert reminders.snooze(team.store, ben, message.id, True, at("02 17:00")) == at("02 18:00")
    until = reminders.snooze(team.store, ben, message.id, False, at("02 17:00"))
    assert until == at("03 09:00")
    team.decide(ben, first)
    tick(team, at("02 17:59"))
    tick(team, at("03 09:00"))
    _, again = told(team, ben)
    assert lines(team, again) == [(REMINDER, second_code(team, second.post_id), True)]
    assert said(team, told(team, ben)[0]).snoozed_until == at("03 09:00")


def second_code(team: Newsroom, post_id: int) -> str:
    return posts.show(team.store, TEAM, post_id).post.code


def test_a_snooze_is_its_readers_alone(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(cleo, desk)
    tick(team, at("02 17:00"))
    (message,) = told(team, ben)
    for who, message_id in ((ann, message.id), (ben, 10**6), (ben, 1)):
        with pytest.raises(Refused):
            reminders.snooze(team.store, who, message_id, True, NOW)
    team.decide(ben, review)
    assert reminders.snooze(team.store, ben, message.id, True, at("02 17:00")) is None


def test_a_change_of_its_times_moves_the_reminders(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    post, _ = written(team, cleo, desk, NOW, publish_at=at("06 15:00"))
    assert due(team, REMINDER, ben) == [at("04 15:00"), at("05 13:00"), at("05 15:00")]
    form = replace(team.form(publish_at=at("06 15:00"), key="other"), needed_by=at("04 12:00"))
    team.edit(cleo, post, form)
    assert due(team, REMINDER, ben) == [at("03 12:00"), at("04 10:00"), at("04 12:00")]
    assert due(team, ESCALATION, ann) == [at("04 13:00")]
    team.edit(cleo, post, team.form(publish_at=at("06 15:00"), key="back"))
    assert due(team, REMINDER, ben) == [at("04 15:00"), at("05 13:00"), at("05 15:00")]


def test_what_was_told_is_not_told_again_when_a_time_comes_back(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post, _ = written(team, cleo, desk, NOW, publish_at=at("06 15:00"))
    tick(team, at("04 15:00"))
    for key, time in (("1", at("10 15:00")), ("2", at("06 15:00"))):
        form = team.form(publish_at=time, key=key)
        posts_now = posts.show(team.store, TEAM, post.id).post
        team.edit(cleo, posts_now, form)
    assert due(team, REMINDER, ben) == [at("05 13:00"), at("05 15:00")]


def test_other_settings_move_the_reminders(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    team.sent(cleo, desk)
    dan = team.person("dan")
    form = replace(desks.form_of(desk), reminders=(Offset.FOUR_HOURS,), managers=(ann.id, dan.id))
    desks.change(team.store, ann, desk.id, desk.revision, form, NOW)
    assert due(team, REMINDER) == [at("02 15:00")]
    assert due(team, ESCALATION, dan) == [at("03 11:00")]


def test_a_held_post_is_not_asked_about(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(cleo, desk)
    holds.hold(team.store, cleo, review.post_id, "a crisis", NOW)
    assert due(team, REMINDER) == due(team, ESCALATION) == []
    later = at("03 16:00")  # its deadline has passed meanwhile
    holds.take_off_hold(team.store, cleo, review.post_id, later)
    assert due(team, REMINDER) == []
    assert due(team, ESCALATION, ann) == [at("03 17:00")]


def test_each_step_is_asked_in_its_turn(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    dan = team.person("dan")
    any_one = Quorum(QuorumKind.ANY)
    steps = (Step((ben.id,), any_one), Step((dan.id,), any_one))
    with team.store.write() as tx:
        add_policy(tx, desk.id, 2, steps, False, ann.id, NOW)
    review = team.sent(cleo, desk)
    assert due(team, REMINDER, dan) == []
    reviews.decide(team.store, ben, review.id, Verdict.APPROVE, "", at("03 09:30"))
    assert due(team, REMINDER, ben) == []
    # The second has a working day of their own.
    assert due(team, REMINDER, dan) == [at("03 16:30"), at("04 09:30")]
    assert due(team, ESCALATION, ann) == [at("04 10:30")]


def test_what_is_taken_back_to_draft_is_not_asked_about(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    review = team.sent(cleo, desk)
    endings.back_to_draft(team.store, cleo, review.post_id, NOW)
    assert due(team, REMINDER) == []
    reviews.send(team.store, cleo, review.post_id, 1, at("02 11:00"))
    assert due(team, REMINDER, ben) == [at("03 09:00"), at("03 11:00")]


def test_the_sixth_message_of_a_day_is_the_last(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    """Ben gets a card for each post, which counts; the rest of the day comes with the last one."""
    for _ in range(5):
        team.sent(cleo, desk)
    written(team, cleo, desk, at("02 09:00"), needed_by=at("02 17:45"))
    with team.store.write() as tx:
        tx.execute(dropped(ben))
    tick(team, at("02 15:45"))  # two hours before the one that is needed today
    (message,) = told(team, ben)
    found = said(team, message)
    assert found.is_last
    assert len(found.reminders) == 6
    tick(team, at("02 17:50"))
    assert len(told(team, ben)) == 1
    tick(team, at("03 10:00"))
    assert len(told(team, ben)) == 2


def dropped(who: Person) -> sa.Update:
    """Takes back one of the cards, so that there are five."""
    cards = sa.select(sa.func.min(messages_table.c.id))
    card = cards.filter_by(person_id=who.id, kind=Kind.APPROVER_CARD).scalar_subquery()
    chosen = messages_table.update().where(messages_table.c.id == card)
    return chosen.values(state="dropped", pending=False)


def test_past_the_budget_it_waits_for_the_morning(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    for _ in range(7):
        team.sent(cleo, desk)
    tick(team, at("02 17:00"))
    assert told(team, ben) == []
    tick(team, at("03 08:59"))
    assert told(team, ben) == []
    tick(team, at("03 09:00"))
    (message,) = told(team, ben)
    assert len(said(team, message).reminders) == 7


def test_what_is_held_is_carried_by_the_mornings_message(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    """Ann, who manages the desk, has written six posts that Ben says no to; then nobody decides."""
    for _ in range(6):
        review = team.sent(ann, desk)
        reviews.decide(team.store, ben, review.id, Verdict.REJECT, "no", at("03 09:30"))
    team.sent(cleo, desk)
    standup = Standup(desk.id, is_on=True, members=(ann.id,))
    settings.save(team.store, ann, standup, NOW)
    tick(team, at("03 09:00"))
    tick(team, at("03 11:00"))
    assert told(team, ann) == []
    tick(team, at("04 09:00"))
    assert told(team, ann) == []
    prompt = told(team, ann, Kind.PROMPT)[-1]
    morning = mornings.show(team.store, prompt)
    assert [(each.kind, each.shown.post.code) for each in morning.reminded] == [(ESCALATION, "P-7")]
    seventh = posts.code_to_id(team.store, TEAM, 7)
    endings.cancel(team.store, cleo, seventh, at("04 09:30"))
    assert told(team, ann, Kind.PROMPT)[-1].wanted > prompt.wanted
    assert mornings.show(team.store, prompt).reminded == ()
    tick(team, at("04 12:00"))
    assert told(team, ann) == []


def test_a_morning_and_the_reminders_of_that_hour_are_one_message(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    team.sent(cleo, desk)
    settings.save(team.store, ann, Standup(desk.id, is_on=True, members=(ben.id,)), NOW)
    reminders.be_quiet(team.store, ben, "until tomorrow", NOW)
    tick(team, at("02 17:00"))
    tick(team, at("03 09:00"))
    assert len(told(team, ben, Kind.PROMPT)) == 1
    assert told(team, ben) == []
    tick(team, at("03 10:00"))
    assert len(told(team, ben)) == 1


def test_a_covers_morning_carries_what_was_anothers_until_then(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    settings.save(team.store, ann, Standup(desk.id, is_on=True, members=(ann.id,)), NOW)
    team.away(ben, NOW.date(), NOW.date() + timedelta(5), ann)
    tick(team, at("03 09:00"))
    written(team, cleo, desk, at("03 10:00"), needed_by=at("04 11:00"))
    tick(team, at("03 11:00"))
    tick(team, at("04 09:00"))
    morning = mornings.show(team.store, told(team, ann, Kind.PROMPT)[-1])
    assert [each.post.code for each in morning.waiting] == ["P-1"]
    assert set(ended(team, REMINDER)) == {"done"}
    assert len(told(team, ann)) == 1  # on the day before


def test_an_urgent_post_comes_through_to_who_owns_it_at_any_hour(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    night = at("02 22:00")
    post, _ = written(team, cleo, desk, NOW, publish_at=night)
    holds.make_urgent(team.store, ann, post.id, "The shop is closed", at("02 20:00"))
    reminders.be_quiet(team.store, cleo, "until friday", at("02 20:00"))
    tick(team, night)
    assert one(team, cleo).kind is OccurrenceKind.MISSED
    assert told(team, ann) == []
    tick(team, at("03 09:00"))
    assert OccurrenceKind.MISSED in {kind for kind, *_ in lines(team, told(team, ann)[0])}


def test_a_sleeping_desk_reminds_nobody(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    team.sent(cleo, desk)
    desks.bot_removed(team.store, TEAM, "C1", "E1", NOW)
    tick(team, at("03 10:00"))
    assert told(team, ben) == []
    assert set(ended(team, REMINDER)) == {"asleep"}


def test_what_fell_due_while_a_desk_slept_comes_when_it_is_awake(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    """Archived on Monday at 10:00 for 27 hours, over the deadline of P-1 and the time of P-2."""
    team.sent(cleo, desk)
    written(team, cleo, desk, NOW, publish_at=at("02 18:00"))
    desks.bot_removed(team.store, TEAM, "C1", "E1", NOW, archived=True)
    tick(team, at("03 12:59"))
    assert told(team, ann) == told(team, ben) == told(team, cleo) == []
    awake = at("03 13:00")
    for event_id in ("E2", "E3"):
        desks.channel_restored(team.store, TEAM, "C1", ann, event_id, awake)
        tick(team, awake)
    assert [(one(team, ben).kind, one(team, ben).was_due)] == [(REMINDER, True)]
    assert one(team, cleo).kind is OccurrenceKind.MISSED
    (message,) = told(team, ann)
    found = lines(team, message)
    assert sorted(found) == [(ESCALATION, "P-1", True), (OccurrenceKind.MISSED, "P-2", True)]
    desks.bot_removed(team.store, TEAM, "C1", "E4", at("03 14:00"))
    desks.bot_added(team.store, TEAM, "C1", ann, "E5", at("03 15:00"))
    tick(team, at("06 17:00"))
    assert [len(told(team, who)) for who in (ann, ben, cleo)] == [1, 1, 1]


def test_what_changed_while_a_desk_slept_is_told_as_it_is_then(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    decided = team.sent(cleo, desk)
    moved, _ = written(team, cleo, desk, NOW, needed_by=at("03 10:00"))
    desks.bot_removed(team.store, TEAM, "C1", "E1", NOW)
    tick(team, at("03 12:00"))
    team.decide(ben, decided, now=at("03 12:00"))
    later = replace(team.form(), needed_by=at("06 15:00"))
    drafts.edit(team.store, cleo, moved.id, 1, later, at("03 12:00"))
    desks.bot_added(team.store, TEAM, "C1", ann, "E2", at("03 13:00"))
    tick(team, at("03 13:00"))
    assert told(team, ben) == told(team, ann) == []
    assert due(team, REMINDER, ben) == [at("05 15:00"), at("06 13:00"), at("06 15:00")]
    assert due(team, ESCALATION, ann) == [at("06 16:00")]


def test_what_was_snoozed_until_a_desk_slept_comes_too(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    team.sent(cleo, desk)
    tick(team, at("03 10:00"))
    message = told(team, ben)[-1]
    reminders.snooze(team.store, ben, message.id, True, at("03 10:00"))
    desks.bot_removed(team.store, TEAM, "C1", "E1", at("03 10:30"))
    tick(team, at("03 12:00"))
    desks.bot_added(team.store, TEAM, "C1", ann, "E2", at("03 14:00"))
    before = len(told(team, ben))
    tick(team, at("03 14:00"))
    assert len(told(team, ben)) == before + 1


def test_the_owner_sees_who_was_reminded_and_when(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    review = team.sent(cleo, desk)
    assert reminders.reminded(team.store, review.id) == ()
    (before,) = told(team, cleo, Kind.DRAFT_CARD)
    tick(team, at("02 17:00"))
    (found,) = reminders.reminded(team.store, review.id)
    assert (found.name, found.at) == ("ben", at("02 17:00"))
    (after,) = told(team, cleo, Kind.DRAFT_CARD)
    assert after.wanted > before.wanted


def test_the_owner_sees_who_was_reminded_by_their_morning(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    """Found by a day of tests/faults."""
    team.sent(cleo, desk)
    settings.save(team.store, ann, Standup(desk.id, is_on=True, members=(ben.id,)), NOW)
    reminders.be_quiet(team.store, ben, "until tomorrow", NOW)
    tick(team, at("02 17:00"))
    (before,) = told(team, cleo, Kind.DRAFT_CARD)
    tick(team, at("03 09:00"))
    assert told(team, ben) == []
    assert "done" in ended(team, REMINDER)
    (after,) = told(team, cleo, Kind.DRAFT_CARD)
    assert after.wanted > before.wanted


def test_two_processes_tell_one_person_once(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    for number in range(80):
        written(team, cleo, desk, NOW + timedelta(seconds=number))
    now = at("03 12:00")
    at_once(lambda: tick(team, now), lambda: tick(team, now))
    tick(team, now)
    (message,) = told(team, ben)
    found = said(team, message)
    assert len(found.reminders) + found.more == 80


def test_what_was_decided_in_the_same_moment_is_not_said(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    review = team.sent(cleo, desk)
    tick(team, at("02 17:00"))
    (message,) = told(team, ben)
    reviews.decide(team.store, ben, review.id, Verdict.APPROVE, "", at("02 17:00"))
    assert not any(each.is_open for each in said(team, message).reminders)
