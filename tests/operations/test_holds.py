"""Hold and urgent: flags on a post, each with its reason."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from operations import holds, publishing, reviews
from rules.people import Person
from rules.posts import Post, PostRefusal, Status
from rules.refused import Refused
from storage import Store
from storage.history import Event
from tests.newsroom import NOW, Newsroom

Raise = Callable[[Store, Person, int, str, datetime], Post]
Lower = Callable[[Store, Person, int, datetime], Post]


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


def hold(team: Newsroom, who: Person, post_id: int, reason: str = "Legal asks") -> Post:
    return holds.hold(team.store, who, post_id, reason, NOW)


FLAGS = pytest.mark.parametrize(
    ("raised", "lowered", "field", "events"),
    [
        pytest.param(
            holds.hold,
            holds.take_off_hold,
            "hold_reason",
            [Event.HELD, Event.TAKEN_OFF_HOLD],
            id="hold",
        ),
        pytest.param(
            holds.make_urgent,
            holds.make_not_urgent,
            "urgent_reason",
            [Event.MADE_URGENT, Event.NOT_URGENT],
            id="urgent",
        ),
    ],
)


@FLAGS
def test_a_flag_is_raised_with_a_reason_and_lowered(
    team: Newsroom,
    ann: Person,
    ben: Person,
    raised: Raise,
    lowered: Lower,
    field: str,
    events: list[Event],
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.told()
    post = raised(team.store, ann, review.post_id, " Legal & <!channel> \n", NOW)
    assert getattr(post, field) == "Legal & <!channel>"
    assert post.status is Status.IN_REVIEW, "a flag is no status"
    cards = {("DRAFT_CARD", "ann"), ("CHANNEL_CARD", "C1"), ("APPROVER_CARD", "ben")}
    assert team.told() == cards
    assert team.entries(post.id)[-1].data == {"reason": "Legal & <!channel>"}
    assert getattr(lowered(team.store, ann, post.id, NOW), field) is None
    assert team.told() == cards
    assert team.events(post.id)[-2:] == events


@FLAGS
def test_a_flag_that_is_so_already_is_left_alone(
    team: Newsroom,
    ann: Person,
    ben: Person,
    raised: Raise,
    lowered: Lower,
    field: str,
    events: list[Event],
) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    assert lowered(team.store, ann, post.id, NOW) == post
    first = raised(team.store, ann, post.id, "because", NOW)
    team.told()
    assert raised(team.store, ann, post.id, "because ", NOW) == first
    assert team.told() == set()
    another = raised(team.store, ann, post.id, "for another reason", NOW)
    assert getattr(another, field) == "for another reason"
    assert team.events(post.id)[1:] == [events[0], events[0]]


@FLAGS
def test_the_owner_is_told_what_a_manager_did(
    team: Newsroom,
    ann: Person,
    ben: Person,
    raised: Raise,
    lowered: Lower,
    field: str,
    events: list[Event],
) -> None:
    post = team.draft(ben, team.desk(ann, ben))
    team.told()
    raised(team.store, ann, post.id, "because", NOW)
    assert team.told() == {("DRAFT_CARD", "ben"), ("done", "ben")}
    lowered(team.store, ben, post.id, NOW)
    assert team.told() == {("DRAFT_CARD", "ben")}


@FLAGS
def test_flags_that_are_refused(
    team: Newsroom,
    ann: Person,
    ben: Person,
    raised: Raise,
    lowered: Lower,
    field: str,
    events: list[Event],
) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    elsewhere = team.person("eve", team_id="T2")
    cases: list[tuple[Person, int, str, Any]] = [
        (ben, post.id, "because", PostRefusal.NOT_YOURS),
        (elsewhere, post.id, "because", PostRefusal.UNKNOWN),
        (ann, 999, "because", PostRefusal.UNKNOWN),
        (ann, post.id, " ", PostRefusal.NO_REASON),
        (ann, post.id, "x" * 3000, PostRefusal.REASON_TOO_LONG),
    ]
    for who, post_id, reason, why in cases:
        with pytest.raises(Refused) as refused:
            raised(team.store, who, post_id, reason, NOW)
        assert refused.value.reason is why
    with pytest.raises(Refused) as refused:
        lowered(team.store, ben, post.id, NOW)
    assert refused.value.reason is PostRefusal.NOT_YOURS
    assert team.post(post.id) == post
    review = team.sent(ann, team.desk(ann, ben, channel="C2"))
    team.decide(ben, review)
    publishing.mark_published(team.store, ann, review.post_id, "", NOW)
    with pytest.raises(Refused) as refused:
        raised(team.store, ann, review.post_id, "because", NOW)
    assert refused.value.reason is PostRefusal.IS_OVER


def test_what_is_held_is_not_sent(team: Newsroom, ann: Person, ben: Person) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    held = hold(team, ann, post.id)
    with pytest.raises(Refused) as refused:
        reviews.send(team.store, ann, post.id, 1, NOW)
    assert refused.value.reason is PostRefusal.ON_HOLD
    with pytest.raises(Refused):
        team.edit(ann, held, team.form("Hello again", send=True))
    assert team.post(post.id) == held, "an edit that can't be sent isn't saved half"
    assert team.edit(ann, held, team.form("Hello again")).post.hold_reason == "Legal asks"
    holds.take_off_hold(team.store, ann, post.id, NOW)
    assert reviews.send(team.store, ann, post.id, 2, NOW).post.status is Status.IN_REVIEW


def test_what_is_held_is_decided_on_and_does_not_go_out(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    hold(team, ann, review.post_id)
    assert team.decide(ben, review).post.status is Status.APPROVED
    with pytest.raises(Refused) as refused:
        publishing.mark_published(team.store, ann, review.post_id, "", NOW)
    assert refused.value.reason is PostRefusal.ON_HOLD
    holds.take_off_hold(team.store, ann, review.post_id, NOW)
    post = publishing.mark_published(team.store, ann, review.post_id, "", NOW)
    assert post.status is Status.PUBLISHED
