"""Held, urgent, cancelled, restored, taken back, handed over, in a campaign."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from operations import endings, holds, owners, posts, reviews
from operations.campaigns import set_campaign
from operations.endings import Ended
from rules.access import May
from rules.desks import Need
from rules.people import Person
from rules.posts import Post, PostRefusal, Status
from rules.refused import Refused
from rules.reviews import Review, ReviewRefusal, ReviewState, Verdict
from storage import Store, tables
from storage.history import Event
from tests.newsroom import NOW, TEAM, Newsroom, at_once

Way = Callable[[Store, Person, int, datetime], Ended]


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


@pytest.fixture
def cleo(team: Newsroom) -> Person:
    return team.person("cleo")


@pytest.mark.parametrize("decided", [False, True])
@pytest.mark.parametrize(
    ("way", "status", "event"),
    [
        (endings.cancel, Status.CANCELLED, Event.CANCELLED),
        (endings.back_to_draft, Status.DRAFT, Event.BACK_TO_DRAFT),
    ],
)
def test_another_way_ends_the_review(
    team: Newsroom,
    ann: Person,
    ben: Person,
    way: Way,
    status: Status,
    event: Event,
    decided: bool,
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    if decided:
        team.decide(ben, review)
    team.told()
    ended = way(team.store, ann, review.post_id, NOW)
    assert ended.post.status is status
    assert ended.review is not None
    assert ended.review.approved_by == ((ben.id,) if decided else ())
    assert team.review(review).state is ReviewState.ENDED
    assert {("CHANNEL_CARD", "C1"), ("APPROVER_CARD", "ben")} <= team.told()
    assert team.events(review.post_id)[-2:] == [event, Event.REVIEW_ENDED]
    with pytest.raises(Refused) as refused:
        team.decide(ben, review)
    assert refused.value.reason is ReviewRefusal.OVER
    with pytest.raises(Refused):
        team.undo(ben, review)


def test_what_was_cancelled_comes_back_as_a_draft_and_needs_its_approval_again(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    endings.cancel(team.store, ann, review.post_id, NOW)
    restored = endings.restore(team.store, ann, review.post_id, NOW)
    assert (restored.post.status, restored.review) == (Status.DRAFT, None)
    sent = reviews.send(team.store, ann, review.post_id, 1, NOW)
    assert sent.post.status is Status.IN_REVIEW
    assert sent.review is not None
    assert sent.review.waiting_for == (ben.id,)


@pytest.mark.parametrize("way", [endings.cancel, endings.back_to_draft])
def test_a_request_for_changes_is_not_undone_once_the_post_went_another_way(
    team: Newsroom, ann: Person, ben: Person, way: Way
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review, Verdict.REQUEST_CHANGES)
    assert May.UNDO in posts.open_for(team.store, ben, review.post_id, True)[1]
    way(team.store, ann, review.post_id, NOW)
    assert May.UNDO not in posts.open_for(team.store, ben, review.post_id, True)[1]
    with pytest.raises(Refused):
        team.undo(ben, review)


def test_a_cancelled_draft_is_still_nobody_elses_business(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    endings.cancel(team.store, ann, post.id, NOW)
    with pytest.raises(Refused) as refused:
        posts.open_for(team.store, ben, post.id, True)
    assert refused.value.reason is PostRefusal.UNKNOWN


@pytest.mark.parametrize("way", [endings.cancel, endings.back_to_draft, endings.restore])
def test_what_is_out_goes_no_other_way(team: Newsroom, ann: Person, ben: Person, way: Way) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    posts.mark_published(team.store, ann, review.post_id, "", NOW)
    with pytest.raises(Refused) as refused:
        way(team.store, ann, review.post_id, NOW)
    assert refused.value.reason is PostRefusal.WRONG_STATUS


def test_only_owners_and_managers_go_these_ways(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    post = team.draft(cleo, team.desk(ann, ben))
    store = team.store
    for call in (
        lambda: endings.cancel(store, ben, post.id, NOW),
        lambda: endings.restore(store, ben, post.id, NOW),
        lambda: endings.back_to_draft(store, ben, post.id, NOW),
        lambda: holds.hold(store, ben, post.id, "crisis", NOW),
        lambda: holds.take_off_hold(store, ben, post.id, NOW),
        lambda: holds.make_urgent(store, ben, post.id, "today", NOW),
        lambda: holds.make_not_urgent(store, ben, post.id, NOW),
        lambda: owners.hand_over(store, ben, post.id, ben, NOW),
        lambda: set_campaign(store, ben, post.id, "Spring", NOW),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.reason is PostRefusal.NOT_YOURS
    assert team.events(post.id) == [Event.DRAFTED]
    assert team.count(tables.campaigns) == 0


def test_what_is_held_is_neither_sent_nor_published(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    draft, review = team.draft(ann, desk), team.sent(ann, desk)
    for post_id in (draft.id, review.post_id):
        held = holds.hold(team.store, ann, post_id, " a crisis ", NOW)
        assert held.hold_reason == "a crisis"
    with pytest.raises(Refused) as refused:
        reviews.send(team.store, ann, draft.id, 1, NOW)
    assert refused.value.reason is PostRefusal.ON_HOLD
    team.decide(ben, review)
    with pytest.raises(Refused) as refused:
        posts.mark_published(team.store, ann, review.post_id, "", NOW)
    assert refused.value.reason is PostRefusal.ON_HOLD

    holds.take_off_hold(team.store, ann, review.post_id, NOW)
    published = posts.mark_published(team.store, ann, review.post_id, "", NOW)
    assert published.status is Status.PUBLISHED


@pytest.mark.parametrize(
    ("on", "off", "noted"),
    [
        (holds.hold, holds.take_off_hold, [Event.HELD, Event.TAKEN_OFF_HOLD]),
        (holds.make_urgent, holds.make_not_urgent, [Event.MADE_URGENT, Event.NOT_URGENT]),
    ],
)
def test_a_flag_is_set_and_taken_away_once(
    team: Newsroom,
    ann: Person,
    ben: Person,
    on: Callable[..., Post],
    off: Callable[..., Post],
    noted: list[Event],
) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    team.told()
    on(team.store, ann, post.id, "a reason", NOW)
    assert team.told() == {("DRAFT_CARD", "ann")}
    on(team.store, ann, post.id, "a reason", NOW)
    assert team.told() == set(), "the same once more changes nothing"
    off(team.store, ann, post.id, NOW)
    off(team.store, ann, post.id, NOW)
    assert team.events(post.id) == [Event.DRAFTED, *noted]
    with pytest.raises(Refused) as refused:
        on(team.store, ann, post.id, " ", NOW)
    assert refused.value.field == "reason"


def test_a_post_handed_over_is_the_others(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    post = team.draft(cleo, team.desk(ann, ben))
    team.told()
    dan = team.person("dan")
    assert owners.hand_over(team.store, ann, post.id, dan, NOW).owner_id == dan.id
    assert team.told() == {("DRAFT_CARD", "cleo"), ("draft_card", "dan")}
    with pytest.raises(Refused) as refused:
        team.edit(cleo, post, team.form("not mine any more"))
    assert refused.value.reason is PostRefusal.NOT_YOURS
    owners.hand_over(team.store, dan, post.id, cleo, NOW)
    assert team.told() == {("DRAFT_CARD", "cleo"), ("DRAFT_CARD", "dan")}
    assert team.events(post.id) == [Event.DRAFTED, Event.HANDED_OVER, Event.HANDED_OVER]


def test_it_is_not_handed_to_whoever_decides_on_it(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo))
    with pytest.raises(Refused) as refused:
        owners.hand_over(team.store, ann, review.post_id, ben, NOW)
    assert refused.value.reason is PostRefusal.OWNER_APPROVES
    assert refused.value.field == "owner"


def test_whoever_took_it_over_has_no_more_say_on_it(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    """Else an approver could ask for changes, take the post over, undo, and approve it."""
    review = team.sent(ann, team.desk(ann, ben, cleo))
    team.decide(ben, review, Verdict.REQUEST_CHANGES)
    owners.hand_over(team.store, ann, review.post_id, ben, NOW)
    calls: list[Callable[[], object]] = [
        partial(team.undo, ben, review),
        partial(team.decide, ben, review),
        partial(reviews.check_may_decide, team.store, ben, review.id),
    ]
    for call in calls:
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.reason is ReviewRefusal.OWN_POST
    sent = reviews.send(team.store, ben, review.post_id, 1, NOW)
    assert sent.review is not None
    assert sent.review.waiting_for == (cleo.id,)


def test_the_news_goes_to_whose_post_it_is_now(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, need=Need.ALL))
    owners.hand_over(team.store, ann, review.post_id, cleo, NOW)
    team.told()
    team.decide(ben, review)
    news = {told for told in team.told() if told[0] == "outcome"}
    assert news == {("outcome", "cleo")}


def test_a_campaign_is_one_however_it_is_written(team: Newsroom, ann: Person, ben: Person) -> None:
    desk, other = team.desk(ann, ben), team.desk(ann, ben, channel="C2")
    made = [team.draft(ann, desk), team.draft(ann, desk), team.draft(ann, other)]
    for post, name in zip(made, ["Spring  Sale", " spring sale", "Spring Sale"], strict=True):
        set_campaign(team.store, ann, post.id, name, NOW)
    of = [team.post(post.id).campaign_id for post in made]
    assert of[0] == of[1] != of[2], "each desk has its own"
    shown = posts.show(team.store, TEAM, made[1].id)
    assert shown.campaign is not None
    assert (shown.campaign.name, shown.campaign.published, shown.campaign.posts) == (
        "Spring Sale",
        0,
        2,
    )
    set_campaign(team.store, ann, made[1].id, "", NOW)
    assert team.post(made[1].id).campaign_id is None


def test_a_campaign_named_by_many_at_once_is_made_once(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    made = [team.draft(ann, desk) for _ in range(6)]
    answers = at_once(
        *[partial(set_campaign, team.store, ann, post.id, "Spring", NOW) for post in made]
    )
    assert not [answer for answer in answers if isinstance(answer, Refused)]
    assert team.count(tables.campaigns) == 1


def test_progress_counts_what_still_counts(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    sent = [team.sent(ann, desk) for _ in range(4)]
    for review in sent:
        set_campaign(team.store, ann, review.post_id, "Spring", NOW)
    team.decide(ben, sent[0])
    posts.mark_published(team.store, ann, sent[0].post_id, "", NOW)
    team.decide(ben, sent[1], Verdict.REJECT)
    endings.cancel(team.store, ann, sent[2].post_id, NOW)
    campaign = posts.show(team.store, TEAM, sent[3].post_id).campaign
    assert campaign is not None
    assert (campaign.published, campaign.posts) == (1, 2)


def test_a_cancellation_and_the_approval_at_once(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    for _ in range(6):
        review = team.sent(ann, desk)
        answers = at_once(
            partial(_cancel, team, ann, review.post_id),
            partial(_approve, team, ben, review),
        )
        assert team.post(review.post_id).status is Status.CANCELLED
        assert team.review(review).state is ReviewState.ENDED
        late = [answer.reason for answer in answers if isinstance(answer, Refused)]
        assert late in ([], [ReviewRefusal.OVER])


def _cancel(team: Newsroom, who: Person, post_id: int) -> None:
    endings.cancel(team.store, who, post_id, NOW)


def _approve(team: Newsroom, who: Person, review: Review) -> None:
    team.decide(who, review)
