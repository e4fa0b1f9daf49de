"""A post's time has come: missed, handed over, or put off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from operations import (
    absences,
    details,
    drafts,
    endings,
    holds,
    owners,
    people,
    posts,
    publishing,
    reviews,
)
from operations.absences import Wanted
from operations.standups import settings as standup_settings
from rules.contents import Content
from rules.desks import Desk
from rules.networks import Network
from rules.occurrences import OccurrenceKind
from rules.people import ActorKind, Person
from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import ReviewRefusal, Verdict
from rules.standups import Standup
from storage import Store, standups
from storage.history import Event
from storage.messages import Kind
from storage.people import Profile
from storage.tables import occurrences
from tests.newsroom import NOW, TEAM, Newsroom, at_once
from tests.operations.digest_day import wanted
from tests.operations.reminded import at, due, ended, lines, one, tick, told, written

MISSED, PUBLISH_TIME = OccurrenceKind.MISSED, OccurrenceKind.PUBLISH_TIME
HAND_OFF = OccurrenceKind.HAND_OFF
THEN = at("04 15:00")
LATER = at("05 15:00")

Way = Callable[[Store, Person, int, datetime], object]


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


def approved(team: Newsroom, owner: Person, desk: Desk, by: Person) -> int:
    """A post that is to go out THEN."""
    review = team.sent(owner, desk, THEN)
    team.decide(by, review)
    return review.post_id


def handed(team: Newsroom, who: Person) -> list[int | None]:
    return [message.post_id for message in told(team, who, Kind.HAND_OFF)]


def test_what_is_not_approved_in_time_is_missed(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    post, review = written(team, cleo, desk, NOW, publish_at=THEN)
    assert due(team, PUBLISH_TIME) == [THEN]
    tick(team, THEN - timedelta(seconds=1))
    assert team.post(post.id).status is Status.IN_REVIEW
    tick(team, THEN)
    assert team.post(post.id).status is Status.MISSED
    entry = team.entries(post.id)[-1]
    assert (entry.event, entry.actor.kind) == (Event.MISSED, ActorKind.CLOCK)
    assert one(team, cleo).kind is MISSED
    assert lines(team, told(team, ann)[-1])[0] == (MISSED, "P-1", True)
    assert due(team, OccurrenceKind.REMINDER) == []
    assert review is not None
    assert team.review(review).waiting_for == (ben.id,)


def test_the_digest_and_the_owners_morning_say_that_it_was_missed(
    team: Newsroom, desk: Desk, ann: Person, cleo: Person
) -> None:
    standup = Standup(desk.id, is_on=True, members=(cleo.id,))
    standup_settings.save(team.store, ann, standup, NOW)
    written(team, cleo, desk, NOW, publish_at=THEN)
    tick(team, at("04 09:00"))
    tick(team, at("04 10:30"))
    before = wanted(team, Kind.DIGEST, Kind.PROMPT)
    tick(team, THEN)
    after = wanted(team, Kind.DIGEST, Kind.PROMPT)
    assert len(before) == 2
    assert all(after[key] > before[key] for key in before)


def test_with_a_new_time_it_is_where_it_was(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    post, review = written(team, cleo, desk, NOW, publish_at=THEN)
    tick(team, THEN)
    (message,) = told(team, cleo)
    assert details.new_time(team.store, ann, post.id, LATER, THEN).status is Status.IN_REVIEW
    assert lines(team, message) == [(MISSED, "P-1", False)]
    assert due(team, PUBLISH_TIME) == [LATER]
    assert due(team, OccurrenceKind.ESCALATION) == []  # the managers heard of it, once
    assert review is not None
    reviews.decide(team.store, ben, review.id, Verdict.APPROVE, "", THEN)
    assert team.post(post.id).status is Status.SCHEDULED


def test_with_a_new_time_it_is_needed_anew(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    by = THEN - timedelta(hours=3)
    post, _ = written(team, cleo, desk, NOW, publish_at=THEN, needed_by=by)
    tick(team, THEN)
    details.new_time(team.store, cleo, post.id, at("13 15:00"), THEN)
    assert team.post(post.id).needed_by is None
    assert due(team, OccurrenceKind.REMINDER, ben)[-1] == at("12 15:00")


def test_a_time_it_is_needed_by_that_lies_ahead_stays(
    team: Newsroom, desk: Desk, cleo: Person
) -> None:
    post, _ = written(team, cleo, desk, NOW, publish_at=at("06 15:00"), needed_by=LATER)
    earlier = replace(team.form(publish_at=THEN), keeps_needed_by=True)
    drafts.edit(team.store, cleo, post.id, 1, earlier, NOW)
    tick(team, THEN)
    assert details.new_time(team.store, cleo, post.id, at("13 15:00"), THEN).needed_by == LATER


def test_a_late_approval_counts(team: Newsroom, desk: Desk, ben: Person, cleo: Person) -> None:
    post, review = written(team, cleo, desk, NOW, publish_at=THEN)
    tick(team, THEN)
    assert review is not None
    reviews.decide(team.store, ben, review.id, Verdict.APPROVE, "", THEN + timedelta(minutes=5))
    assert team.post(post.id).status is Status.APPROVED
    tick(team, LATER)
    assert handed(team, cleo) == []  # whoever owns it chooses another time, or says it is out


@pytest.mark.parametrize("sent", [True, False])
def test_a_draft_that_missed_its_time_is_its_owners_business(
    team: Newsroom, desk: Desk, ann: Person, cleo: Person, sent: bool
) -> None:
    post, _ = written(team, cleo, desk, NOW, publish_at=THEN, send=sent)
    if sent:
        endings.back_to_draft(team.store, cleo, post.id, NOW)
    tick(team, THEN)
    assert one(team, cleo).kind is MISSED
    assert bool(told(team, ann)) is sent
    dan = team.person("dan")
    if not sent:
        with pytest.raises(Refused):
            posts.open_for(team.store, dan, post.id, in_channel=True)
    assert details.new_time(team.store, cleo, post.id, LATER, THEN).status is Status.DRAFT


@pytest.mark.parametrize("ways", [[endings.back_to_draft], [endings.cancel, endings.restore]])
def test_what_was_taken_back_after_a_no_and_missed_is_a_draft_all_the_same(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person, ways: list[Way]
) -> None:
    post, review = written(team, cleo, desk, NOW, publish_at=THEN)
    assert review is not None
    team.decide(ben, review, Verdict.REQUEST_CHANGES)
    for way in ways:
        way(team.store, cleo, post.id, NOW)
    tick(team, THEN)
    with pytest.raises(Refused) as refused:
        team.undo(ben, review)
    assert refused.value.reason is ReviewRefusal.EDITED_SINCE
    assert details.new_time(team.store, cleo, post.id, LATER, THEN).status is Status.DRAFT


def test_changes_that_are_still_asked_for_are_so_after_a_new_time(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post, review = written(team, cleo, desk, NOW, publish_at=THEN)
    assert review is not None
    team.decide(ben, review, Verdict.REQUEST_CHANGES)
    tick(team, THEN)
    new_time = details.new_time(team.store, cleo, post.id, LATER, THEN)
    assert new_time.status is Status.CHANGES_REQUESTED
    team.undo(ben, review)
    assert team.post(post.id).status is Status.IN_REVIEW


def test_a_missed_post_is_not_sent_before_it_has_a_new_time(
    team: Newsroom, desk: Desk, cleo: Person
) -> None:
    post, _ = written(team, cleo, desk, NOW, publish_at=THEN, send=False)
    tick(team, THEN)
    for form in (
        team.form("Hello", publish_at=THEN, send=True),
        team.form("Hello again", publish_at=THEN, send=True),
    ):
        with pytest.raises(Refused) as refused:
            drafts.edit(team.store, cleo, post.id, 1, form, THEN)
        assert refused.value.reason is PostRefusal.TIME_PASSED
    form = team.form("Hello", publish_at=LATER, send=True)
    assert drafts.edit(team.store, cleo, post.id, 1, form, THEN).post.status is Status.IN_REVIEW


def test_a_new_time_lies_ahead_and_is_for_what_was_missed(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post, _ = written(team, cleo, desk, NOW, publish_at=THEN)
    for when, time, reason in (
        (NOW, LATER, PostRefusal.WRONG_STATUS),
        (THEN, THEN, PostRefusal.TIME_PASSED),
        (THEN, None, PostRefusal.NO_TIME),
    ):
        tick(team, when)
        with pytest.raises(Refused) as refused:
            details.new_time(team.store, cleo, post.id, time, when)
        assert refused.value.reason is reason
    with pytest.raises(Refused) as refused:
        details.new_time(team.store, ben, post.id, LATER, THEN)
    assert refused.value.reason is PostRefusal.NOT_YOURS


def test_an_approved_post_is_handed_to_its_owner_at_its_time(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN - timedelta(seconds=1))
    assert handed(team, cleo) == []
    tick(team, THEN)
    assert handed(team, cleo) == [post_id]
    assert handed(team, ann) == []
    (text,) = told(team, cleo, Kind.HAND_OFF_TEXT)
    assert text.id > told(team, cleo, Kind.HAND_OFF)[0].id
    assert team.post(post_id).status is Status.SCHEDULED
    publishing.mark_published(team.store, cleo, post_id, "", THEN)
    tick(team, LATER)
    assert handed(team, cleo) == [post_id]


def test_each_text_is_handed_over_alone(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    networks = (Network.LINKEDIN, Network.X, Network.BLUESKY)
    content = Content("Hello", networks, texts={Network.BLUESKY: "Hi"}, link=None)
    assert publishing.alike(content) == [(Network.LINKEDIN, Network.X), (Network.BLUESKY,)]
    # The link stands in X's text alone.
    content = Content("Hello", networks, link="https://example.com")
    assert publishing.alike(content) == [(Network.LINKEDIN, Network.BLUESKY), (Network.X,)]


def test_not_now_hands_it_over_again(team: Newsroom, desk: Desk, ben: Person, cleo: Person) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    for when in (at("04 16:00"), at("04 17:00")):
        publishing.not_now(team.store, cleo, post_id, when, THEN)
    assert told(team, cleo, Kind.HAND_OFF)[0].data["again_at"] == at("04 17:00").isoformat()
    tick(team, at("04 16:59"))
    assert len(handed(team, cleo)) == 1
    tick(team, at("04 17:00"))
    assert len(handed(team, cleo)) == 2
    assert ended(team, HAND_OFF) == ["replaced", "done"]


def test_not_now_clicked_twice_hands_it_over_once(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    for _ in range(2):
        publishing.not_now(team.store, cleo, post_id, at("04 17:00"), THEN)
    tick(team, at("04 17:00"))
    assert len(handed(team, cleo)) == 2


def test_what_went_out_meanwhile_is_not_handed_over_again(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    publishing.not_now(team.store, cleo, post_id, at("04 17:00"), THEN)
    publishing.mark_published(team.store, cleo, post_id, "", at("04 16:00"))
    tick(team, at("04 17:00"))
    assert len(handed(team, cleo)) == 1
    with pytest.raises(Refused):
        publishing.not_now(team.store, cleo, post_id, LATER, at("04 17:00"))


def test_what_was_moved_to_another_day_is_not_handed_over_before_that(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    publishing.not_now(team.store, cleo, post_id, at("04 17:00"), THEN)
    move(team, cleo, post_id, at("06 11:00"), at("04 15:30"))
    tick(team, at("04 17:00"))
    assert len(handed(team, cleo)) == 1
    assert ended(team, HAND_OFF) == ["replaced"]
    tick(team, at("06 11:00"))
    assert len(handed(team, cleo)) == 2


def move(team: Newsroom, who: Person, post_id: int, to: datetime, now: datetime) -> None:
    drafts.edit(team.store, who, post_id, 1, team.form(publish_at=to), now)


def test_what_was_moved_to_an_earlier_hour_than_it_was_put_off_to_comes_once_more_only(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    publishing.not_now(team.store, cleo, post_id, at("04 17:00"), THEN)
    move(team, cleo, post_id, at("04 16:00"), at("04 15:30"))
    for clock in ("16:00", "17:00"):
        tick(team, at(f"04 {clock}"))
        assert len(handed(team, cleo)) == 2


@pytest.mark.parametrize(("moved", "times"), [(False, 2), (True, 1)])
def test_what_was_put_off_before_its_time_was_kept_with_it(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person, moved: bool, times: int
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    publishing.not_now(team.store, cleo, post_id, at("04 17:00"), THEN)
    with team.store.write() as tx:
        tx.execute(occurrences.update().filter_by(kind=HAND_OFF).values(data={}))
    if moved:
        move(team, cleo, post_id, at("06 11:00"), at("04 15:30"))
    tick(team, at("04 17:00"))
    assert len(handed(team, cleo)) == times


def test_what_is_held_waits_until_it_is_not(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    scheduled = approved(team, cleo, desk, ben)
    waiting, _ = written(team, cleo, desk, NOW, publish_at=THEN)
    for post_id in (scheduled, waiting.id):
        holds.hold(team.store, ann, post_id, "a crisis", NOW)
    tick(team, THEN)
    assert handed(team, cleo) == []
    assert told(team, cleo) == []
    assert team.post(waiting.id).status is Status.IN_REVIEW
    for post_id in (scheduled, waiting.id):
        holds.take_off_hold(team.store, ann, post_id, LATER)
    tick(team, LATER)
    assert handed(team, cleo) == [scheduled]
    assert one(team, cleo).kind is MISSED
    assert team.post(waiting.id).status is Status.MISSED


def test_not_now_outlasts_a_hold(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    publishing.not_now(team.store, cleo, post_id, at("04 17:00"), THEN)
    holds.hold(team.store, ann, post_id, "a crisis", at("04 16:00"))
    tick(team, at("04 17:00"))
    assert ended(team, HAND_OFF) == ["on_hold"]
    holds.take_off_hold(team.store, ann, post_id, at("04 18:00"))
    holds.hold(team.store, ann, post_id, "another one", at("04 18:00"))
    tick(team, at("04 18:00"))
    assert len(handed(team, cleo)) == 1
    for _ in range(2):
        holds.take_off_hold(team.store, ann, post_id, at("04 19:00"))
        tick(team, at("04 19:00"))
        assert len(handed(team, cleo)) == 2
    holds.hold(team.store, ann, post_id, "a third one", at("04 20:00"))
    holds.take_off_hold(team.store, ann, post_id, at("04 20:00"))
    tick(team, LATER)
    assert len(handed(team, cleo)) == 2


def test_a_hold_that_is_over_by_then_changes_nothing_about_not_now(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    publishing.not_now(team.store, cleo, post_id, at("04 17:00"), THEN)
    holds.hold(team.store, ann, post_id, "a crisis", at("04 15:30"))
    holds.take_off_hold(team.store, ann, post_id, at("04 16:00"))
    tick(team, at("04 16:59"))
    assert len(handed(team, cleo)) == 1
    tick(team, at("04 17:00"))
    assert len(handed(team, cleo)) == 2


@pytest.mark.parametrize("held_until", [at("05 15:00"), at("06 15:00")])
def test_what_was_moved_while_it_was_held_comes_at_its_new_time_alone(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person, held_until: datetime
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    publishing.not_now(team.store, cleo, post_id, at("04 17:00"), THEN)
    holds.hold(team.store, ann, post_id, "a crisis", at("04 16:00"))
    tick(team, at("04 17:00"))
    move(team, cleo, post_id, at("06 11:00"), at("04 18:00"))
    holds.take_off_hold(team.store, ann, post_id, held_until)
    tick(team, held_until)
    tick(team, at("06 15:00"))
    assert len(handed(team, cleo)) == 2
    assert ended(team, HAND_OFF) == ["replaced"]


def test_not_now_in_the_moment_of_the_end_of_a_hold_comes_once(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    post_id, then = approved(team, cleo, desk, ben), at("04 17:00")
    tick(team, THEN)
    publishing.not_now(team.store, cleo, post_id, then, THEN)
    holds.hold(team.store, ann, post_id, "a crisis", at("04 16:00"))
    at_once(lambda: tick(team, then), lambda: holds.take_off_hold(team.store, ann, post_id, then))
    tick(team, then)
    assert len(handed(team, cleo)) == 2


def test_a_hold_between_the_time_and_its_tick_is_kept(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    holds.hold(team.store, cleo, post_id, "a crisis", THEN)
    tick(team, THEN)
    assert handed(team, cleo) == []
    assert ended(team, PUBLISH_TIME) == ["reason_gone"]


def test_another_time_is_the_one_that_counts(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    post = team.post(post_id)
    drafts.edit(team.store, cleo, post_id, 1, team.form(publish_at=LATER), NOW)
    tick(team, THEN)
    assert handed(team, cleo) == []
    tick(team, LATER)
    assert handed(team, cleo) == [post_id]
    assert post.publish_at == THEN


def test_who_gets_a_post_whose_time_has_come_is_handed_it_too(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    owners.hand_over(team.store, cleo, post_id, ann, True, NOW)
    owners.hand_over(team.store, ann, post_id, cleo, True, NOW)
    assert handed(team, ann) == handed(team, cleo) == []
    tick(team, THEN)
    for _ in range(2):
        owners.hand_over(team.store, ann, post_id, ann, True, THEN)
        owners.hand_over(team.store, ann, post_id, cleo, True, THEN)
    assert handed(team, ann) == handed(team, cleo) == [post_id]


def test_what_is_held_is_handed_to_its_new_owner_afterwards(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    holds.hold(team.store, ann, post_id, "a crisis", THEN)
    owners.hand_over(team.store, ann, post_id, ann, True, THEN)
    assert handed(team, ann) == []
    holds.take_off_hold(team.store, ann, post_id, LATER)
    assert (handed(team, ann), handed(team, cleo)) == ([post_id], [post_id])


def test_who_is_away_does_not_publish_but_their_cover_does(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    dan = team.person("dan")
    post_id = approved(team, cleo, desk, ben)
    away(team, cleo, dan, desk)
    tick(team, THEN)
    assert (handed(team, cleo), handed(team, dan)) == ([], [post_id])
    assert publishing.mark_published(team.store, dan, post_id, "", THEN).status is Status.PUBLISHED


def away(team: Newsroom, who: Person, cover: Person | None, desk: Desk) -> None:
    wanted = Wanted(date(2026, 3, 2), date(2026, 3, 6), cover, frozenset({desk.channel_id}))
    absences.note(team.store, who, who, {desk.channel_id}, wanted, NOW)


def test_without_a_cover_who_is_on_duty_publishes(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    away(team, cleo, None, desk)
    put_on_duty(team, desk, ben)
    tick(team, THEN)
    assert handed(team, ben) == [post_id]


def put_on_duty(team: Newsroom, desk: Desk, who: Person) -> None:
    monday, only = date(2026, 3, 2), (who.id,)
    standup = Standup(desk.id, is_on=True, members=only, duty=only, duty_from=monday)
    with team.store.write() as tx:
        standups.save(tx, standup)


def test_otherwise_the_managers_do(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    assert cleo.slack_id is not None
    gone = Profile(cleo.slack_id, "cleo", "Europe/Rome", "en-US", is_gone=True)
    people.remember(team.store, TEAM, gone, NOW)
    tick(team, THEN)
    assert handed(team, ann) == [post_id]


def test_nobody_else_says_that_it_is_out(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    post_id = approved(team, cleo, desk, ben)
    tick(team, THEN)
    for act in (publishing.to_publish, not_now):
        with pytest.raises(Refused) as refused:
            act(team.store, ben, post_id)
        assert refused.value.reason is PostRefusal.NOT_YOURS


def not_now(store: object, who: Person, post_id: int) -> datetime:
    return publishing.not_now(store, who, post_id, LATER, THEN)  # type: ignore[arg-type]


@pytest.mark.parametrize("act", [holds.hold, holds.make_urgent])
def test_what_is_urgent_or_held_is_told_at_once_to_who_is_on_duty(
    team: Newsroom, desk: Desk, ann: Person, ben: Person, cleo: Person, act: object
) -> None:
    put_on_duty(team, desk, ben)
    review = team.sent(cleo, desk)
    draft = team.draft(cleo, desk)
    for post_id in (review.post_id, draft.id):
        assert callable(act)
        act(team.store, ann, post_id, "a crisis", at("02 22:00"))
    assert [message.post_id for message in told(team, ben, Kind.DONE)] == [review.post_id]
    assert len(told(team, cleo, Kind.DONE)) == 2


def test_a_time_is_done_once_by_two_processes(
    team: Newsroom, desk: Desk, ben: Person, cleo: Person
) -> None:
    ids = {approved(team, cleo, desk, ben) for _ in range(4)}
    ids |= {written(team, cleo, desk, NOW, publish_at=THEN)[0].id for _ in range(4)}
    at_once(lambda: tick(team, THEN), lambda: tick(team, THEN))
    tick(team, THEN)
    assert len(handed(team, cleo)) == 4
    missed = [post_id for post_id in ids if team.post(post_id).status is Status.MISSED]
    assert len(missed) == 4
    events = [team.events(post_id).count(Event.MISSED) for post_id in missed]
    assert events == [1] * 4
