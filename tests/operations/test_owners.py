"""Handing a post over: whose card, who is told, and that nobody comes to decide on their own."""

from dataclasses import replace

import pytest

from operations import endings, owners, people, posts, publishing, reviews
from rules.desks import Need
from rules.people import Person
from rules.posts import Post, PostRefusal, Status
from rules.refused import Refused
from rules.reviews import ReviewRefusal, Verdict
from storage.history import Event
from storage.people import Profile
from tests.newsroom import NOW, TEAM, Newsroom


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


@pytest.fixture
def cleo(team: Newsroom) -> Person:
    return team.person("cleo")


def hand_over(
    team: Newsroom, who: Person, post_id: int, owner: Person, *, in_channel: bool = True
) -> Post:
    return owners.hand_over(team.store, who, post_id, owner, in_channel, NOW)


def test_the_new_owner_gets_the_card(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    post = team.draft(ben, team.desk(ann, ann))
    team.told()
    assert hand_over(team, ben, post.id, cleo).owner_id == cleo.id
    assert team.told() == {("DRAFT_CARD", "ben"), ("draft_card", "cleo")}
    entry = team.entries(post.id)[-1]
    assert (entry.event, entry.data) == (Event.HANDED_OVER, {"owner": cleo.id})
    with pytest.raises(Refused) as refused:
        team.edit(ben, post, team.form("still mine"))
    assert refused.value.reason is PostRefusal.NOT_YOURS
    with pytest.raises(Refused):
        posts.open_for(team.store, ben, post.id, in_channel=True)
    assert team.edit(cleo, post, team.form("mine")).post.version == 2


def test_a_manager_takes_it_over_and_the_owner_is_told(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    post = team.draft(ben, team.desk(ann, ann))
    team.told()
    hand_over(team, ann, post.id, ann)
    assert team.told() == {("DRAFT_CARD", "ben"), ("done", "ben"), ("draft_card", "ann")}


def test_who_gets_it_back_is_told_although_the_card_is_there(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    post = team.draft(ben, team.desk(ann, ann))
    hand_over(team, ben, post.id, cleo)
    team.told()
    hand_over(team, cleo, post.id, ben)
    assert team.told() == {("DRAFT_CARD", "ben"), ("DRAFT_CARD", "cleo"), ("done", "ben")}


def test_handed_to_who_owns_it_nothing_happens(team: Newsroom, ann: Person, ben: Person) -> None:
    post = team.draft(ben, team.desk(ann, ann))
    team.told()
    assert hand_over(team, ann, post.id, ben, in_channel=False) == post
    assert (team.told(), team.events(post.id)) == (set(), [Event.DRAFTED])


def test_in_review_the_outcome_goes_to_the_new_owner(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    hand_over(team, ann, review.post_id, cleo)
    team.told()
    team.decide(ben, review)
    assert ("outcome", "cleo") in team.told()


def test_an_owner_who_left_is_replaced_by_the_manager(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    post = team.draft(ben, team.desk(ann, ann))
    gone = Profile("U-ben", "ben", "Europe/Rome", "en-US", is_gone=True)
    left = people.remember(team.store, TEAM, gone, NOW)
    assert hand_over(team, ann, post.id, cleo).owner_id == cleo.id
    with pytest.raises(Refused) as refused:
        hand_over(team, ann, post.id, left)
    assert (refused.value.reason, refused.value.field) == (PostRefusal.OWNER_CANNOT, "owner")


def test_hand_overs_that_are_refused(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    for who, owner, in_channel, reason in (
        (cleo, cleo, True, PostRefusal.NOT_YOURS),
        (ann, cleo, False, PostRefusal.OWNER_ELSEWHERE),
        (ann, ben, True, PostRefusal.OWNER_APPROVES),
        (ann, replace(cleo, is_bot=True), True, PostRefusal.OWNER_CANNOT),
        (team.person("eve", team_id="T2"), cleo, True, PostRefusal.UNKNOWN),
    ):
        with pytest.raises(Refused) as refused:
            hand_over(team, who, review.post_id, owner, in_channel=in_channel)
        assert refused.value.reason is reason
    endings.cancel(team.store, ann, review.post_id, NOW)
    with pytest.raises(Refused) as refused:
        hand_over(team, ann, review.post_id, cleo)
    assert refused.value.reason is PostRefusal.IS_OVER
    assert team.post(review.post_id).owner_id == ann.id


def test_who_approved_it_may_take_it_over_and_the_approval_stands(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    post = hand_over(team, ann, review.post_id, ben)
    assert (post.owner_id, post.status) == (ben.id, Status.APPROVED)
    with pytest.raises(Refused) as refused:
        team.undo(ben, review)
    assert refused.value.reason is ReviewRefusal.TAKEN_OVER
    assert publishing.mark_published(team.store, ben, post.id, "", NOW).status is Status.PUBLISHED


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REQUEST_CHANGES])
def test_nobody_elses_undo_asks_the_new_owner_either(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, verdict: Verdict
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo))
    team.decide(cleo, review, verdict)
    hand_over(team, ann, review.post_id, ben)
    with pytest.raises(Refused) as refused:
        team.undo(cleo, review)
    assert refused.value.reason is ReviewRefusal.TAKEN_OVER
    assert refused.value.values == {"owner": ben.id}


def test_sent_by_its_new_owner_it_asks_everybody_else(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    post = team.draft(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    hand_over(team, ann, post.id, ben)
    review = reviews.send(team.store, ben, post.id, 1, NOW).review
    assert review is not None
    assert review.waiting_for == (cleo.id,)


@pytest.mark.parametrize("own_posts", [False, True])
def test_a_new_owner_who_is_the_only_approver_sends_it_where_the_desk_lets_them(
    team: Newsroom, ann: Person, ben: Person, own_posts: bool
) -> None:
    post = team.draft(ann, team.desk(ann, ben, own_posts=own_posts))
    hand_over(team, ann, post.id, ben)
    if own_posts:
        review = reviews.send(team.store, ben, post.id, 1, NOW).review
        assert review is not None
        assert review.waiting_for == (ben.id,)
        return
    with pytest.raises(Refused) as refused:
        reviews.send(team.store, ben, post.id, 1, NOW)
    assert refused.value.reason is ReviewRefusal.NOBODY_MAY_APPROVE
