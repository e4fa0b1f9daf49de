"""Campaigns: which posts belong to one, and how far it got."""

import pytest

from operations import campaigns, endings, posts, publishing
from rules.people import Person
from rules.posts import Campaign, PostRefusal
from rules.refused import Refused
from rules.reviews import Verdict
from storage import tables
from storage.history import Event
from tests.newsroom import NOW, TEAM, Newsroom


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


def put(team: Newsroom, who: Person, post_id: int, name: str = "Spring sale") -> None:
    campaigns.set_campaign(team.store, who, post_id, name, NOW)


def campaign(team: Newsroom, post_id: int) -> Campaign | None:
    return posts.show(team.store, TEAM, post_id).campaign


def progress(team: Newsroom, post_id: int) -> tuple[int, int]:
    found = campaign(team, post_id)
    assert found is not None
    return found.published, found.posts


def test_a_post_is_put_into_a_campaign_and_taken_out(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.told()
    put(team, ann, review.post_id, " Spring \n sale <!channel> ")
    found = campaign(team, review.post_id)
    assert found is not None
    assert found.name == "Spring sale <!channel>"
    cards = {("DRAFT_CARD", "ann"), ("CHANNEL_CARD", "C1"), ("APPROVER_CARD", "ben")}
    assert team.told() == cards
    put(team, ann, review.post_id, " ")
    assert campaign(team, review.post_id) is None
    entries = team.entries(review.post_id)[-2:]
    assert [entry.event for entry in entries] == [Event.CAMPAIGN_SET] * 2
    assert [entry.data for entry in entries] == [
        {"campaign": "Spring sale <!channel>"},
        {"campaign": ""},
    ]


def test_the_same_campaign_again_changes_nothing(team: Newsroom, ann: Person, ben: Person) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    put(team, ann, post.id, "Café")
    team.told()
    put(team, ann, post.id, "CAFÉ")
    assert team.told() == set()
    assert team.events(post.id) == [Event.DRAFTED, Event.CAMPAIGN_SET]


def test_the_name_is_the_same_in_capitals_and_another_at_another_desk(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk, other = team.desk(ann, ben), team.desk(ann, ben, channel="C2")
    first, second, third = team.draft(ann, desk), team.draft(ann, desk), team.draft(ann, other)
    for post in (first, second, third):
        put(team, ann, post.id, "Spring sale" if post is first else "SPRING SALE")
    assert campaign(team, first.id) == campaign(team, second.id)
    elsewhere = campaign(team, third.id)
    assert elsewhere is not None
    assert (elsewhere.name, elsewhere.posts) == ("SPRING SALE", 1)
    assert team.count(tables.campaigns) == 2


def test_how_far_a_campaign_got(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    sent = [team.sent(ann, desk) for _ in range(4)]
    for review in sent:
        put(team, ann, review.post_id)
    team.draft(ann, desk)
    seen = sent[3].post_id
    assert progress(team, seen) == (0, 4)
    team.decide(ben, sent[0])
    publishing.mark_published(team.store, ann, sent[0].post_id, "", NOW)
    assert progress(team, seen) == (1, 4)
    team.decide(ben, sent[1], Verdict.REJECT)
    assert progress(team, seen) == (1, 3)
    endings.cancel(team.store, ann, sent[2].post_id, NOW)
    assert progress(team, seen) == (1, 2)
    endings.restore(team.store, ann, sent[2].post_id, NOW)
    assert progress(team, seen) == (1, 3)
    put(team, ann, sent[2].post_id, "Another")
    assert progress(team, seen) == (1, 2)
    assert progress(team, sent[2].post_id) == (0, 1)


def test_campaigns_that_are_refused(team: Newsroom, ann: Person, ben: Person) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    for who, name, reason in (
        (ben, "Spring sale", PostRefusal.NOT_YOURS),
        (team.person("eve", team_id="T2"), "Spring sale", PostRefusal.UNKNOWN),
        (ann, "x" * 3000, PostRefusal.CAMPAIGN_TOO_LONG),
    ):
        with pytest.raises(Refused) as refused:
            put(team, who, post.id, name)
        assert refused.value.reason is reason
    endings.cancel(team.store, ann, post.id, NOW)
    with pytest.raises(Refused) as refused:
        put(team, ann, post.id)
    assert refused.value.reason is PostRefusal.IS_OVER
    assert team.count(tables.campaigns) == 0
