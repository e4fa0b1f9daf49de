"""Showing a post, its record, and the end of its life."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import event

from operations import history, posts, publishing, reviews
from rules.access import May
from rules.people import Person
from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import ReviewState, Verdict
from storage import posts as rows
from storage.history import Event
from tests.newsroom import NOW, TEAM, Newsroom


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


def test_published_it_stays_as_it_is(team: Newsroom, ann: Person, ben: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    team.told()
    link = "https://social.example/1"
    post = publishing.mark_published(team.store, ann, review.post_id, link, NOW)
    assert post.status is Status.PUBLISHED
    assert [(t.published_at, t.published_link) for t in post.targets] == [(NOW, link)]
    assert ("CHANNEL_CARD", "C1") in team.told()
    with pytest.raises(Refused) as refused:
        publishing.mark_published(team.store, ann, review.post_id, "", NOW)
    assert refused.value.reason is PostRefusal.WRONG_STATUS
    assert team.post(post.id) == post
    assert team.events(post.id)[-1] is Event.PUBLISHED
    assert team.entries(post.id)[-1].data == {"link": link, "version": 1}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.REJECTED])
def test_what_is_not_approved_is_not_published(
    team: Newsroom, ann: Person, ben: Person, status: Status
) -> None:
    desk = team.desk(ann, ben)
    if status is Status.DRAFT:
        post_id = team.draft(ann, desk).id
    else:
        review = team.sent(ann, desk)
        post_id = review.post_id
        if status is Status.REJECTED:
            team.decide(ben, review, Verdict.REJECT)
    with pytest.raises(Refused) as refused:
        publishing.mark_published(team.store, ann, post_id, "", NOW)
    assert refused.value.reason is PostRefusal.WRONG_STATUS
    assert team.post(post_id).status is status


def test_a_wrong_link_leaves_it_unpublished(team: Newsroom, ann: Person, ben: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    with pytest.raises(Refused) as refused:
        publishing.mark_published(team.store, ann, review.post_id, "nothing", NOW)
    assert refused.value.field == "link"
    assert team.post(review.post_id).status is Status.APPROVED


def test_only_owners_and_managers_mark_it(team: Newsroom, ann: Person, ben: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    with pytest.raises(Refused) as refused:
        publishing.mark_published(team.store, ben, review.post_id, "", NOW)
    assert refused.value.reason is PostRefusal.NOT_YOURS


def test_a_code_leads_to_its_post(team: Newsroom, ann: Person, ben: Person) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    assert posts.code_to_id(team.store, TEAM, post.number) == post.id
    for team_id, number in ((TEAM, 99), ("T2", post.number)):
        with pytest.raises(Refused) as refused:
            posts.code_to_id(team.store, team_id, number)
        assert refused.value.values == {"code": f"P-{number}"}


def test_everybody_is_offered_what_they_may_do(team: Newsroom, ann: Person, ben: Person) -> None:
    dan = team.person("dan")
    review = team.sent(ann, team.desk(ann, ben))

    def offered(who: Person, in_channel: bool = True) -> frozenset[May]:
        return posts.open_for(team.store, who, review.post_id, in_channel)[1]

    read = {May.DUPLICATE}
    own = read | {May.EDIT, May.BACK_TO_DRAFT, May.CANCEL, May.HOLD, May.URGENT}
    own |= {May.CAMPAIGN, May.HAND_OVER}
    decide = {May.APPROVE, May.REQUEST_CHANGES, May.REJECT}
    assert offered(ann) == own | {May.REASSIGN}
    assert offered(ben) == read | decide
    assert offered(ben, in_channel=False) == decide
    assert offered(dan) == read
    with pytest.raises(Refused):
        offered(dan, in_channel=False)
    team.decide(ben, review)
    assert offered(ben) == read | {May.UNDO}
    assert offered(ann) == own | {May.PUBLISH}


def test_a_draft_is_nobody_elses_business(team: Newsroom, ann: Person, ben: Person) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    for call in (posts.open_for, partial(history.page, number=0)):
        with pytest.raises(Refused) as refused:
            call(team.store, ben, post.id, True)
        assert refused.value.reason is PostRefusal.UNKNOWN


def test_the_record_holds_all_of_it(team: Newsroom, ann: Person, ben: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review, Verdict.REQUEST_CHANGES)
    team.undo(ben, review)
    team.decide(ben, review, Verdict.REQUEST_CHANGES)
    saved = team.edit(ann, team.post(review.post_id), team.form("better", send=True))
    assert saved.review is not None
    team.decide(ben, saved.review)
    publishing.mark_published(team.store, ann, review.post_id, "", NOW)

    record = team.record(review.post_id)
    assert [entry.event for entry in record.entries] == [
        Event.DRAFTED,
        Event.SENT,
        Event.DECIDED,
        Event.UNDONE,
        Event.DECIDED,
        Event.EDITED,
        Event.SENT,
        Event.DECIDED,
        Event.PUBLISHED,
    ]
    assert [version.number for version in record.versions] == [1, 2]
    assert [one.state for one in record.reviews] == [
        ReviewState.CHANGES_REQUESTED,
        ReviewState.APPROVED,
    ]
    shown = history.page(team.store, ben, review.post_id, True, 0)
    assert shown.entries == record.entries
    assert tuple(shown.versions.values()) == record.versions
    actors = {entry.actor.person_id for entry in record.entries}
    assert actors == {ann.id, ben.id} == set(shown.people)


def test_a_long_history_has_pages(team: Newsroom, ann: Person, ben: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    for number in range(history.PAGE):
        saved = team.edit(ann, team.post(review.post_id), team.form(f"take {number}"))
    every = team.entries(saved.post.id)
    assert len(every) > history.PAGE
    pages = [history.page(team.store, ann, saved.post.id, True, number) for number in range(3)]
    assert [page.has_more for page in pages] == [True, False, False]
    assert pages[0].entries == tuple(every[-history.PAGE :])
    assert pages[1].entries + pages[0].entries == tuple(every)
    assert pages[2].entries == ()
    assert set(pages[1].versions) < set(range(1, saved.post.version))
    for page in pages:
        edited = [e.data["version"] for e in page.entries if e.event is Event.EDITED]
        assert {*edited, *(version - 1 for version in edited)} <= set(page.versions)


def test_what_is_shown_costs_the_same_however_long_its_history(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    review = team.sent(ann, desk)
    post_id = review.post_id
    looks: dict[str, Callable[[], object]] = {
        "show": lambda: posts.show(team.store, TEAM, post_id),
        "open": lambda: posts.open_for(team.store, ann, post_id, True),
        "history": lambda: history.page(team.store, ann, post_id, True, 0),
        "queue": lambda: reviews.queue(team.store, ben),
    }
    before = {name: _queries(team, look) for name, look in looks.items()}
    for _ in range(4):
        latest = reviews.queue(team.store, ben)[0].review
        assert latest is not None
        team.decide(ben, latest, Verdict.REQUEST_CHANGES)
        team.undo(ben, latest)
        team.edit(ann, team.post(post_id), team.form(f"take {latest.id}", send=True))
    assert len(team.entries(post_id)) > history.PAGE
    assert {name: _queries(team, look) for name, look in looks.items()} == before
    assert before["show"] <= 13


def _queries(team: Newsroom, call: Callable[[], object]) -> int:
    texts: list[str] = []

    def keep(_c: object, _cur: object, text: str, *_: object) -> None:
        texts.append(text)

    event.listen(team.store.engine, "before_cursor_execute", keep)
    try:
        call()
    finally:
        event.remove(team.store.engine, "before_cursor_execute", keep)
    return len(texts)


def test_another_workspace_finds_no_channel_and_no_post(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    """By themselves, whatever is asked after them."""
    review = team.sent(ann, team.desk(ann, ben))
    assert posts.channel_of(team.store, TEAM, review.post_id) == "C1"
    with pytest.raises(Refused) as refused:
        posts.channel_of(team.store, "T-other", review.post_id)
    assert refused.value.reason is PostRefusal.UNKNOWN
    with team.store.write() as tx:
        assert rows.of_review(tx, TEAM, review.id) == team.post(review.post_id)
        assert rows.of_review(tx, "T-other", review.id) is None
