"""Back to draft, cancel, restore: what ends, who is told, and that no approval survives it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from operations import endings, posts, publishing, reviews
from operations.endings import Ended
from rules.desks import Need
from rules.people import Person
from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import ReviewRefusal, ReviewState, Verdict
from storage import Store
from storage.history import Event
from tests.newsroom import LATER, NOW, Newsroom

Way = Callable[[Store, Person, int, datetime], Ended]

AWAY = pytest.mark.parametrize(
    ("away", "status", "event"),
    [
        pytest.param(endings.back_to_draft, Status.DRAFT, Event.BACK_TO_DRAFT, id="back to draft"),
        pytest.param(endings.cancel, Status.CANCELLED, Event.CANCELLED, id="cancel"),
    ],
)


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


@AWAY
@pytest.mark.parametrize("publish_at", [None, LATER])
@pytest.mark.parametrize("decided", [False, True])
def test_it_ends_what_was_under_way_or_approved(
    team: Newsroom,
    ann: Person,
    ben: Person,
    away: Way,
    status: Status,
    event: Event,
    publish_at: datetime | None,
    decided: bool,
) -> None:
    review = team.sent(ann, team.desk(ann, ben), publish_at)
    if decided:
        team.decide(ben, review)
    team.told()
    ended = away(team.store, ann, review.post_id, NOW)
    assert (ended.post.status, ended.post.version) == (status, 1)
    assert ended.post.publish_at == publish_at
    assert ended.review is not None
    assert ended.review.approved_by == ((ben.id,) if decided else ())
    assert team.review(review).state is ReviewState.ENDED
    assert team.events(review.post_id)[-2:] == [event, Event.REVIEW_ENDED]
    cards = {("DRAFT_CARD", "ann"), ("CHANNEL_CARD", "C1"), ("APPROVER_CARD", "ben")}
    assert team.told() == cards | ({("OUTCOME", "ann")} if decided else set())
    with pytest.raises(Refused) as refused:
        team.decide(ben, review)
    assert refused.value.reason is ReviewRefusal.OVER
    with pytest.raises(Refused) as refused:
        team.undo(ben, review)
    no_more = ReviewRefusal.EDITED_SINCE if decided else ReviewRefusal.NOTHING_TO_UNDO
    assert refused.value.reason is no_more


@AWAY
def test_after_a_no_it_ends_nothing_and_the_no_stays(
    team: Newsroom, ann: Person, ben: Person, away: Way, status: Status, event: Event
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review, Verdict.REQUEST_CHANGES)
    ended = away(team.store, ann, review.post_id, NOW)
    assert (ended.post.status, ended.review) == (status, None)
    assert team.events(review.post_id)[-1] is event
    with pytest.raises(Refused) as refused:
        team.undo(ben, review)
    assert refused.value.reason is PostRefusal.WRONG_STATUS
    assert team.review(review).state is ReviewState.CHANGES_REQUESTED


def test_a_restored_post_is_a_draft_that_is_asked_for_anew(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    endings.cancel(team.store, ann, review.post_id, NOW)
    restored = endings.restore(team.store, ann, review.post_id, NOW)
    assert (restored.post.status, restored.review) == (Status.DRAFT, None)
    assert team.events(review.post_id)[-1] is Event.RESTORED
    with pytest.raises(Refused):
        publishing.mark_published(team.store, ann, review.post_id, "", NOW)
    again = reviews.send(team.store, ann, review.post_id, 1, NOW).review
    assert again is not None
    assert (again.version, again.waiting_for) == (1, (ben.id,))
    with pytest.raises(Refused) as refused:
        team.undo(ben, review)
    assert refused.value.reason is ReviewRefusal.SENT_AGAIN
    assert team.decide(ben, again).post.status is Status.APPROVED


def test_what_nobody_had_to_approve_ends_no_review(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    post = team.draft(ann, team.desk(ann, need=Need.NOBODY))
    reviews.send(team.store, ann, post.id, 1, NOW)
    ended = endings.back_to_draft(team.store, ann, post.id, NOW)
    assert (ended.post.status, ended.review) == (Status.DRAFT, None)


def test_a_draft_that_was_never_sent_stays_its_owners_alone(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    post = team.draft(ben, team.desk(ann, ben))
    endings.cancel(team.store, ben, post.id, NOW)
    cleo = team.person("cleo")
    with pytest.raises(Refused) as refused:
        posts.open_for(team.store, cleo, post.id, in_channel=True)
    assert refused.value.reason is PostRefusal.UNKNOWN


def test_the_owner_is_told_what_a_manager_did(team: Newsroom, ann: Person, ben: Person) -> None:
    post = team.draft(ben, team.desk(ann, ben))
    team.told()
    endings.cancel(team.store, ann, post.id, NOW)
    assert team.told() == {("DRAFT_CARD", "ben"), ("done", "ben")}
    endings.restore(team.store, ben, post.id, NOW)
    assert team.told() == {("DRAFT_CARD", "ben")}


@pytest.mark.parametrize("way", [endings.back_to_draft, endings.cancel, endings.restore])
def test_ways_that_are_refused(team: Newsroom, ann: Person, ben: Person, way: Way) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    cancelled = team.draft(ann, team.desk(ann, ben, channel="C2"))
    endings.cancel(team.store, ann, cancelled.id, NOW)
    elsewhere = team.person("eve", team_id="T2")
    their_own = cancelled.id if way is endings.restore else review.post_id
    other = review.post_id if way is endings.restore else cancelled.id
    for who, post_id, reason in (
        (ben, their_own, PostRefusal.NOT_YOURS),
        (elsewhere, their_own, PostRefusal.UNKNOWN),
        (ann, 999, PostRefusal.UNKNOWN),
        (ann, other, PostRefusal.WRONG_STATUS),
    ):
        before = team.events(post_id)
        with pytest.raises(Refused) as refused:
            way(team.store, who, post_id, NOW)
        assert refused.value.reason is reason
        assert team.events(post_id) == before


@pytest.mark.parametrize("way", [endings.back_to_draft, endings.cancel, endings.restore])
def test_what_is_out_stays_out(team: Newsroom, ann: Person, ben: Person, way: Way) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    publishing.mark_published(team.store, ann, review.post_id, "", NOW)
    with pytest.raises(Refused) as refused:
        way(team.store, ann, review.post_id, NOW)
    assert refused.value.reason is PostRefusal.WRONG_STATUS
    assert team.review(review).state is ReviewState.APPROVED
