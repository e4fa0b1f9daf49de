"""What managers do when nobody decides, and who can't be reached."""

from contextlib import suppress
from datetime import date

import pytest

from operations import absences, deliveries, escalations, holds, people
from operations.absences import Wanted
from rules.desks import Desk, DeskRefusal, Need
from rules.nudges import NudgeRefusal
from rules.occurrences import OccurrenceKind, Skipped
from rules.people import Person
from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import Quorum, QuorumKind, ReviewRefusal, Step
from storage import occurrences
from storage.desks import add_policy
from storage.history import Event
from storage.messages import Kind, State
from storage.people import Profile
from tests.newsroom import NOW, TEAM, Newsroom
from tests.operations.reminded import at, due, ended, lines, one, tick, told, written

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
def dan(team: Newsroom) -> Person:
    return team.person("dan")


@pytest.fixture
def desk(team: Newsroom, ann: Person, ben: Person) -> Desk:
    """Ben approves what Cleo writes."""
    return team.desk(ann, ben)


def left(team: Newsroom, who: Person) -> None:
    """Somebody is deactivated, and Slack was asked about it."""
    assert who.slack_id is not None
    profile = Profile(who.slack_id, who.name, who.time_zone, who.locale, is_gone=True)
    people.remember(team.store, TEAM, profile, NOW)


def test_everybody_is_reminded_once_more(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    review = team.sent(cleo, team.desk(ann, ben, dan, need=Need.ALL))
    team.decide(dan, review)
    for _ in range(2):
        found = escalations.remind_again(team.store, ann, review.id, at("02 12:00"))
        assert found == {team_person(team, ben): at("02 12:00")}
    tick(team, at("02 12:00"))
    assert one(team, ben).kind is REMINDER
    assert told(team, dan) == []


def team_person(team: Newsroom, who: Person) -> Person:
    return people.by_ids(team.store, [who.id])[who.id]


def test_who_does_not_work_now_is_reminded_when_they_do(
    team: Newsroom, desk: Desk, ann: Person, cleo: Person, ben: Person
) -> None:
    review = team.sent(cleo, desk)
    (when,) = escalations.remind_again(team.store, ann, review.id, at("02 20:00")).values()
    assert when == at("03 09:00")
    tick(team, at("02 20:00"))
    assert told(team, ben) == []
    tick(team, at("03 09:00"))
    assert one(team, ben).kind is REMINDER


def test_only_managers_remind_again(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(cleo, desk)
    for who in (ben, cleo):
        with pytest.raises(Refused) as refused:
            escalations.remind_again(team.store, who, review.id, NOW)
        assert refused.value.reason is DeskRefusal.NOT_MANAGER
    team.decide(ben, review)
    with pytest.raises(Refused) as refused:
        escalations.remind_again(team.store, ann, review.id, NOW)
    assert refused.value.reason is ReviewRefusal.OVER


def test_of_what_is_held_or_missed_nobody_is_said_to_be_reminded(
    team: Newsroom, desk: Desk, ann: Person, cleo: Person
) -> None:
    """The button may still be on somebody's screen."""
    post, review = written(team, cleo, desk, NOW, publish_at=at("04 15:00"))
    assert review is not None
    holds.hold(team.store, ann, post.id, "a crisis", NOW)
    with pytest.raises(Refused) as refused:
        escalations.remind_again(team.store, ann, review.id, NOW)
    assert refused.value.reason is PostRefusal.ON_HOLD
    holds.take_off_hold(team.store, ann, post.id, NOW)
    tick(team, at("04 15:00"))
    with pytest.raises(Refused) as refused:
        escalations.remind_again(team.store, ann, review.id, at("04 15:00"))
    assert refused.value.reason is PostRefusal.WRONG_STATUS


def test_somebody_else_is_asked(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    review = team.sent(cleo, desk)
    team.told()
    shown = escalations.reassign(team.store, ann, review.id, ben.id, dan, NOW)
    assert shown.review is not None
    assert shown.review.waiting_for == (dan.id,)
    assert team.told() >= {
        ("approver_card", "dan"),
        ("APPROVER_CARD", "ben"),
        ("done", "ben"),
        ("done", "cleo"),
    }
    assert due(team, REMINDER, ben) == []
    assert due(team, REMINDER, dan) == [at("02 17:00"), at("03 10:00")]
    entry = team.entries(review.post_id)[-1]
    assert entry.event is Event.REASSIGNED
    assert (entry.data["before"], entry.data["approver"]) == (ben.id, dan.id)
    with pytest.raises(Refused):
        team.decide(ben, review)
    team.decide(dan, review)
    assert team.post(review.post_id).status is Status.APPROVED


def test_who_was_asked_before_is_told_that_they_are_asked_again(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    review = team.sent(cleo, desk)
    escalations.reassign(team.store, ann, review.id, ben.id, dan, NOW)
    team.told()
    escalations.reassign(team.store, ann, review.id, dan.id, ben, NOW)
    assert ("done", "ben") in team.told()
    assert due(team, REMINDER, ben) == [at("02 17:00"), at("03 10:00")]


def test_who_may_not_be_asked_instead(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    eve = team.person("eve")
    left(team, eve)
    review = team.sent(cleo, team.desk(ann, ben, dan, need=Need.ALL))
    team.decide(dan, review)
    gone = team_person(team, eve)
    for place, instead, reason in (
        (ben, cleo, NudgeRefusal.OWNS_IT),
        (ben, dan, NudgeRefusal.ASKED_ALREADY),
        (ben, gone, NudgeRefusal.CANNOT_APPROVE),
        (dan, ann, NudgeRefusal.NOT_WAITING),
        (cleo, ann, NudgeRefusal.NOT_WAITING),
    ):
        with pytest.raises(Refused) as refused:
            escalations.reassign(team.store, ann, review.id, place.id, instead, NOW)
        assert refused.value.reason is reason
    with pytest.raises(Refused) as refused:
        escalations.reassign(team.store, ben, review.id, ben.id, ann, NOW)
    assert refused.value.reason is DeskRefusal.NOT_MANAGER


def test_a_cover_who_has_decided_is_not_asked_instead_of_another(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    """Their word would fill both places, and the step have nobody who could end it."""
    review = team.sent(cleo, team.desk(ann, ben, dan, need=Need.ALL))
    team.away(ben, NOW.date(), None, ann)
    team.decide(ann, review)
    with pytest.raises(Refused) as refused:
        escalations.reassign(team.store, ann, review.id, dan.id, ann, NOW)
    assert refused.value.reason is NudgeRefusal.ASKED_ALREADY
    with pytest.raises(Refused) as refused:
        escalations.approve_instead(team.store, ann, review.id, dan.id, NOW)
    assert refused.value.reason is NudgeRefusal.ASKED_ALREADY
    assert team.review(review).waiting_for == (dan.id,)
    team.undo(ann, review)
    escalations.reassign(team.store, ann, review.id, dan.id, ann, NOW)
    assert team.decide(ann, review).post.status is Status.APPROVED


def test_a_manager_approves_in_the_place_of_somebody(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    review = team.sent(cleo, team.desk(ann, ben, dan, need=Need.ALL))
    tick(team, at("03 11:00"))
    assert one(team, ann).may_approve_instead
    shown = escalations.approve_instead(team.store, ann, review.id, ben.id, at("03 11:00"))
    assert shown.review is not None
    assert shown.review.waiting_for == (dan.id,)
    assert [d.person_id for d in shown.review.standing] == [ann.id]
    team.decide(dan, review)
    assert team.post(review.post_id).status is Status.APPROVED
    assert lines(team, told(team, ann)[0]) == [(ESCALATION, "P-1", False)]


def test_nobody_approves_their_own_post_instead(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, desk)
    tick(team, at("03 11:00"))
    assert not one(team, ann).may_approve_instead
    with pytest.raises(Refused) as refused:
        escalations.approve_instead(team.store, ann, review.id, ben.id, NOW)
    assert refused.value.reason is NudgeRefusal.OWNS_IT


def test_who_left_is_told_to_the_managers_once_with_all_that_waits(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    first, second = team.sent(cleo, desk), team.sent(cleo, desk)
    left(team, ben)
    tick(team, at("03 10:00"))
    (message,) = told(team, ann, Kind.UNREACHABLE)
    assert told(team, ben) == []
    assert set(ended(team, REMINDER)) == {"gone"}
    found = escalations.unreachable(team.store, TEAM, desk.id, ben.id, "user_disabled")
    assert [shown.post.id for shown in found.waiting] == [first.post_id, second.post_id]
    escalations.reassign(team.store, ann, first.id, ben.id, dan, at("03 10:00"))
    found = escalations.unreachable(team.store, TEAM, desk.id, ben.id, "user_disabled")
    assert [shown.post.id for shown in found.waiting] == [second.post_id]
    assert told(team, ann, Kind.UNREACHABLE)[0].wanted > message.wanted


def test_a_card_that_reaches_nobody_is_told_with_reassign(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    for _ in range(2):
        team.sent(cleo, desk)
    for card in told(team, ben, Kind.APPROVER_CARD):
        deliveries.fail(team.store, card, State.FAILED, "user_disabled", NOW)
    assert len(told(team, ann, Kind.UNREACHABLE)) == 1
    assert told(team, ann, Kind.TROUBLE) == []


def test_a_message_of_reminders_that_reaches_nobody_is_told_too(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    team.sent(cleo, desk)
    tick(team, at("02 17:00"))
    (message,) = told(team, ben)
    deliveries.fail(team.store, message, State.FAILED, "user_disabled", NOW)
    assert len(told(team, ann, Kind.UNREACHABLE)) == 1


def test_what_is_no_ones_to_reassign_is_told_as_trouble(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    """The owner left, not an approver."""
    review = team.sent(cleo, desk)
    team.decide(ben, review)
    (outcome,) = told(team, cleo, Kind.OUTCOME)
    deliveries.fail(team.store, outcome, State.FAILED, "user_disabled", NOW)
    assert len(told(team, ann, Kind.TROUBLE)) == 1


def test_a_cover_is_reminded_instead_of_who_is_away(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    review = team.sent(cleo, desk)
    away(team, ben, dan, desk)
    tick(team, at("02 17:00"))
    assert told(team, ben) == []
    assert one(team, dan).kind is REMINDER
    team.decide(dan, review)
    assert team.post(review.post_id).status is Status.APPROVED


def away(team: Newsroom, who: Person, cover: Person | None, desk: Desk) -> None:
    """From today until Friday."""
    wanted = Wanted(date(2026, 3, 2), date(2026, 3, 6), cover, frozenset({desk.channel_id}))
    absences.note(team.store, who, who, {desk.channel_id}, wanted, NOW)


def test_who_is_away_without_a_cover_is_left_alone(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    team.sent(cleo, desk)
    away(team, ben, None, desk)
    tick(team, at("03 12:00"))
    assert told(team, ben) == []
    assert set(ended(team, REMINDER)) == {"away"}
    assert one(team, ann).kind is ESCALATION


@pytest.mark.parametrize("last", [date(2026, 3, 3), None])
def test_a_manager_hears_when_they_are_back_of_what_nobody_decided_meanwhile(
    team: Newsroom, desk: Desk, ann: Person, cleo: Person, last: date | None
) -> None:
    """Off on Tuesday, or until she says; the second of two was decided by Wednesday."""
    for _ in range(2):
        review = team.sent(cleo, desk)
    team.away(ann, date(2026, 3, 3), last)
    tick(team, at("03 11:00"))
    assert told(team, ann) == []
    assert ended(team, ESCALATION) == ["away", "away"]
    team.decide(team.person("ben"), review, now=at("03 16:00"))
    if last is None:
        team.back(ann, now=at("03 22:00"))
    tick(team, at("04 08:59"))
    assert told(team, ann) == []
    assert due(team, ESCALATION, ann) == [at("04 09:00")]
    tick(team, at("04 09:00"))
    assert lines(team, told(team, ann)[0]) == [(ESCALATION, "P-1", True)]
    team.away(ann, date(2026, 3, 5), date(2026, 3, 5), now=at("04 10:00"))
    tick(team, at("06 17:00"))
    assert len(told(team, ann)) == 1


def test_who_goes_on_being_away_is_left_alone_until_then(
    team: Newsroom, desk: Desk, ann: Person, cleo: Person
) -> None:
    team.sent(cleo, desk)
    team.away(ann, date(2026, 3, 3), date(2026, 3, 3))
    tick(team, at("03 11:00"))
    team.away(ann, date(2026, 3, 4), None, now=at("03 12:00"))
    tick(team, at("05 11:00"))
    assert told(team, ann) == []
    assert ended(team, ESCALATION) == ["away"]
    for _ in range(2):
        with suppress(Refused):
            team.back(ann, now=at("05 11:00"))
        tick(team, at("05 11:00"))
        assert one(team, ann).kind is ESCALATION


def test_a_manager_hears_of_what_was_left_out_in_the_moment_they_came_back(
    team: Newsroom, desk: Desk, ann: Person, cleo: Person
) -> None:
    """Another process looked who is away before that, and wrote after it."""
    team.sent(cleo, desk)
    team.away(ann, date(2026, 3, 3), None)
    team.back(ann, now=at("03 11:00"))
    with team.store.write() as tx:
        waiting = occurrences.waiting(tx, [ESCALATION], person_id=ann.id)
        occurrences.skip(tx, [each.id for each in waiting], Skipped.AWAY, at("03 11:00"))
    tick(team, at("03 11:01"))
    assert one(team, ann).kind is ESCALATION


def test_an_owner_hears_when_they_are_back_of_what_was_missed(
    team: Newsroom, desk: Desk, ann: Person, cleo: Person
) -> None:
    written(team, cleo, desk, NOW, publish_at=at("03 15:00"), send=False)
    team.away(cleo, date(2026, 3, 3), date(2026, 3, 3))
    tick(team, at("03 15:00"))
    assert told(team, cleo) == []
    tick(team, at("04 09:00"))
    assert one(team, cleo).kind is OccurrenceKind.MISSED


def test_later_steps_go_along(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    any_one = Quorum(QuorumKind.ANY)
    steps = (Step((ben.id,), any_one), Step((ben.id, cleo.id), any_one), Step((dan.id,), any_one))
    with team.store.write() as tx:
        add_policy(tx, desk.id, 2, steps, False, ann.id, NOW)
    review = team.sent(ann, desk)
    shown = escalations.reassign(
        team.store, team.person("root", is_admin=True), review.id, ben.id, dan, NOW
    )
    assert shown.review is not None
    asked = [step.approvers for step in shown.review.steps]
    assert asked == [(dan.id,), (dan.id, cleo.id), (dan.id,)]
