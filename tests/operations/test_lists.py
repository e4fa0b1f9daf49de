"""What lists and searches find, and for whom."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from operations import campaigns, drafts, endings, lists, posts, publishing
from operations.lists import Page
from rules.access import check_may_see
from rules.contents import Content
from rules.networks import Network
from rules.people import Person
from rules.posts import Post, Status
from rules.refused import Refused
from rules.reviews import Verdict
from storage import reviews
from storage.lists import Filter
from storage.tables import posts as posts_table
from tests.newsroom import LATER, NOW, TEAM, Newsroom

EVERYTHING = Filter(desks=())


def page(
    team: Newsroom,
    who: Person,
    wanted: Filter = EVERYTHING,
    number: int = 0,
    channels: Iterable[str] = ("C1", "C2"),
) -> Page:
    return lists.page(team.store, who, channels, wanted, number)


def listed(
    team: Newsroom,
    who: Person,
    wanted: Filter = EVERYTHING,
    channels: Iterable[str] = ("C1", "C2"),
) -> set[int]:
    return {post.post_id for post in page(team, who, wanted, channels=channels).posts}


def written(team: Newsroom, who: Person, text: str, channel: str = "C1") -> Post:
    """A draft with this text, in the desk of a channel."""
    desk = next(iter(page(team, who, channels=[channel]).desks.values()))

    return drafts.create(team.store, who, desk.id, team.form(text), NOW).post


def test_a_draft_is_listed_for_its_owner_and_the_managers(team: Newsroom) -> None:
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    admin = team.person("admin", is_admin=True)
    desk = team.desk(ann, ben)
    draft, sent = team.draft(cleo, desk), team.sent(cleo, desk)
    everything = {draft.id, sent.post_id}
    assert listed(team, cleo) == everything
    assert listed(team, ann) == listed(team, admin) == everything
    assert listed(team, ben) == {sent.post_id}


def test_a_draft_that_was_sent_before_is_the_desks(team: Newsroom) -> None:
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    desk = team.desk(ann, ben)
    review = team.sent(ann, desk)
    endings.back_to_draft(team.store, ann, review.post_id, NOW)
    assert listed(team, cleo) == {review.post_id}


def test_a_draft_that_is_cancelled_stays_private(team: Newsroom) -> None:
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    desk = team.desk(ben, ben)
    draft, sent = team.draft(ann, desk), team.sent(ann, desk)
    for post_id in (draft.id, sent.post_id):
        endings.cancel(team.store, ann, post_id, NOW)
    assert listed(team, cleo) == {sent.post_id}
    assert listed(team, ann) == {draft.id, sent.post_id}


def test_lists_show_what_open_shows(team: Newsroom) -> None:
    """Every post of a desk where everything happens: who sees it listed may open it."""
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    people = [ann, ben, cleo, team.person("admin", is_admin=True)]
    desk = team.desk(ann, ben)
    for owner in (ann, cleo):
        for verdict in Verdict:
            team.decide(ben, team.sent(owner, desk), verdict)
        team.draft(owner, desk)
        team.sent(owner, desk)
        endings.cancel(team.store, owner, team.draft(owner, desk).id, NOW)
        endings.back_to_draft(team.store, owner, team.sent(owner, desk).post_id, NOW)
    with team.store.read() as tx:
        every = list(tx.execute(sa.select(posts_table.c.id)).scalars())
    for who in people:
        found = page(team, who).posts + page(team, who, number=1).posts
        assert {post.post_id for post in found} == {i for i in every if _may_open(team, who, i)}


def _may_open(team: Newsroom, who: Person, post_id: int) -> bool:
    shown = posts.show(team.store, TEAM, post_id)
    with team.store.read() as tx:
        review = reviews.latest(tx, post_id)
    try:
        check_may_see(shown.post, shown.desk, review, who, in_channel=True)
    except Refused:
        return False
    return True


def test_nothing_of_a_desk_for_who_is_not_in_its_channel(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    first, second = team.desk(ann, ben), team.desk(ann, ben, channel="C2")
    one, two = team.sent(ann, first).post_id, team.sent(ann, second).post_id
    assert listed(team, ann) == {one, two}
    assert listed(team, ann, channels=["C2"]) == {two}
    assert listed(team, ann, Filter(desks=(first.id,)), channels=["C2"]) == set()
    assert listed(team, ann, Filter(desks=(first.id, second.id)), channels=["C2"]) == {two}
    assert listed(team, ann, channels=[]) == set()
    elsewhere = page(team, ann, Filter(desks=(first.id,)), channels=["C2"])
    assert list(elsewhere.desks) == [second.id]
    assert elsewhere.wanted.desks == ()


def test_nothing_of_another_workspace(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    team.sent(ann, team.desk(ann, ben))
    stranger = team.person("ann", team_id="T2")
    assert page(team, stranger).desks == {}
    assert listed(team, stranger) == set()


def test_campaigns_to_choose_from_are_those_of_the_desks_shown(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    first, second = team.desk(ann, ben), team.desk(ann, ben, channel="C2")
    for desk, name in ((first, "Spring"), (second, "Secret")):
        campaigns.set_campaign(team.store, ann, team.draft(ann, desk).id, name, NOW)
    assert set(page(team, ann, channels=["C1"]).campaigns.values()) == {"Spring"}
    assert set(page(team, ann).campaigns.values()) == {"Spring", "Secret"}


def test_each_filter(team: Newsroom) -> None:
    ann, ben, cleo = (team.person(name) for name in ("ann", "ben", "cleo"))
    desk = team.desk(ann, ben)

    form = team.form("In bloom", networks=(Network.BLUESKY, Network.X), send=True)
    both = drafts.create(team.store, cleo, desk.id, form, NOW).post.id
    approved = team.sent(ann, desk, publish_at=LATER)
    team.decide(ben, approved)
    draft = team.draft(ann, desk).id
    campaigns.set_campaign(team.store, ann, draft, "Spring", NOW)
    campaign = next(iter(page(team, ann).campaigns))

    def found(**wanted: object) -> set[int]:
        return listed(team, ann, Filter(desks=(), **wanted))  # type: ignore[arg-type]

    assert found(network=Network.BLUESKY) == {both}
    assert found(network=Network.X) == {both, approved.post_id, draft}
    assert found(network=Network.BLOG) == set()
    assert found(statuses=(Status.IN_REVIEW,)) == {both}
    assert found(statuses=(Status.APPROVED, Status.SCHEDULED)) == {approved.post_id}
    assert found(statuses=(Status.DRAFT, Status.IN_REVIEW)) == {both, draft}
    assert found(owner_id=cleo.id) == {both}
    assert found(owner_id=0) == set()
    assert found(campaign_id=campaign) == {draft}
    assert found(campaign_id=campaign + 1) == set()
    assert found(number=2) == {approved.post_id}
    assert found(number=4) == set()
    assert found(words=("bloom",)) == {both}
    assert found(owner_id=ann.id, statuses=(Status.DRAFT,), network=Network.X) == {draft}
    assert found(owner_id=cleo.id, statuses=(Status.DRAFT,)) == set()


def test_pages_are_the_newest_first_and_whole(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    places = [team.desk(ann, ben), team.desk(ann, ben, channel="C2")]
    for number in range(2 * lists.PAGE + 1):
        team.draft(ann, places[number % 2])
    pages = [page(team, ann, number=number) for number in range(4)]
    assert [len(found.posts) for found in pages] == [lists.PAGE, lists.PAGE, 1, 0]
    assert [found.has_more for found in pages] == [True, True, False, False]
    numbers = [post.number for found in pages for post in found.posts]
    assert numbers == list(range(2 * lists.PAGE + 1, 0, -1))


def test_a_line_says_what_stands(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    review = team.sent(ann, desk, publish_at=LATER)
    team.decide(ben, review)
    (line,) = page(team, ben).posts
    assert (line.owner, line.status, line.publish_at) == ("ann", Status.SCHEDULED, LATER)
    assert (line.text, line.networks, line.desk_id) == ("Hello", (Network.X,), desk.id)


def test_the_text_is_the_current_versions(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    team.edit(ann, team.draft(ann, desk), team.form("Goodbye"))
    (line,) = page(team, ann).posts
    assert line.text == "Goodbye"
    assert listed(team, ann, Filter(desks=(), words=("hello",))) == set()


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Spring Sale", "spring sale", True),
        ("Spring Sale", "sale spring", True),
        ("Spring Sale", "ring", True),
        ("Spring Sale", "spring winter", False),
        ("ÉTÉ À PARIS", "été à", True),
        ("STRASSE", "straße", True),
        ("Е́сть ЧАЙ", "чай", True),
        ("緑茶と紅茶", "緑茶", True),
        ("شاي أخضر", "شاي", True),
        ("Cafe\u0301", "caf\u00e9", True),
        ("Caf\u00e9", "cafe\u0301", True),
        ("100% tea", "100%", True),
        ("100 tea", "100%", False),
        ("green_tea", "n_t", True),
        ("green-tea", "n_t", False),
        ("a\\b", "a\\b", True),
        ("a/b", "a\\b", False),
        ("it's", "it's", True),
        ("'; DROP TABLE posts; --", "drop table", True),
        ("🎉 party", "🎉", True),
        ("ﬁne", "fine", True),
        ("x" * 3000, "x" * 150, True),
    ],
)
def test_words_are_found_as_they_are_read(
    team: Newsroom, text: str, words: str, found: bool
) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    team.desk(ann, ben)
    post = written(team, ann, text)
    wanted = Filter(desks=(), words=tuple(words.split()))
    assert listed(team, ann, wanted) == ({post.id} if found else set())


def test_a_networks_own_text_is_found_too(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)

    content = Content("Hello", (Network.X,), texts={Network.X: "Howdy"})
    form = replace(team.form(), content=content)
    drafts.create(team.store, ann, desk.id, form, NOW)
    assert len(listed(team, ann, Filter(desks=(), words=("HOWDY",)))) == 1


def test_a_posts_status_is_what_its_targets_come_to(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    for verdict in Verdict:
        team.decide(ben, team.sent(ann, desk), verdict)
    publishing.mark_published(team.store, ann, 1, "", NOW)
    endings.cancel(team.store, ann, team.draft(ann, desk).id, NOW)
    with team.store.read() as tx:
        kept = {row.id: row.status for row in tx.execute(sa.select(posts_table))}
    assert kept == {post_id: team.post(post_id).status for post_id in kept}
    assert len(set(kept.values())) == len(kept) == 4
