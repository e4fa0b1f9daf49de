"""Writing and changing a post: what is a new version, what it ends, and what voids nothing."""

from dataclasses import replace
from datetime import datetime

import pytest

from operations import desks, drafts, publishing, reviews
from rules.desks import DeskRefusal
from rules.networks import Network
from rules.people import Person
from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import ReviewRefusal, ReviewState, Verdict
from storage import tables
from storage.history import Event
from tests.newsroom import LATER, NOW, TEAM, Newsroom


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


def test_posts_are_numbered_in_their_workspace(team: Newsroom, ann: Person, ben: Person) -> None:
    desk, other = team.desk(ann, ben), team.desk(ann, ben, channel="C2")
    made = [team.draft(ann, desk), team.draft(ann, other), team.draft(ben, desk)]
    assert [post.code for post in made] == ["P-1", "P-2", "P-3"]
    eve = team.person("eve", team_id="T2")
    form = replace(desks.form_of(desk), approvers=(eve.id,), managers=(eve.id,))
    elsewhere = desks.set_up(team.store, eve, "C1", "social", form, NOW)
    assert team.draft(eve, elsewhere).code == "P-1"


def test_a_draft_is_its_owners_alone(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    team.draft(ben, desk)
    assert team.told() == {("draft_card", "ben")}


def test_the_same_form_makes_one_post(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    form = team.form(send=True)
    first = drafts.create(team.store, ann, desk.id, form, NOW)
    team.told()
    again = drafts.create(team.store, ann, desk.id, form, NOW)
    assert again.post.id == first.post.id
    assert team.told() == set()
    assert team.count(tables.posts) == team.count(tables.versions) == 1
    assert team.draft(ann, desk).number == 2, "no number is lost"


@pytest.mark.parametrize("networks", [(), (Network.TIKTOK,)])
def test_a_form_that_is_refused_leaves_nothing(
    team: Newsroom, ann: Person, ben: Person, networks: tuple[Network, ...]
) -> None:
    desk = team.desk(ann, ben)
    with pytest.raises(Refused) as refused:
        drafts.create(team.store, ann, desk.id, team.form(networks=networks), NOW)
    assert refused.value.field == "networks"
    assert team.count(tables.posts) == 0
    assert team.draft(ann, desk).number == 1


def test_what_cannot_be_sent_is_not_saved_half(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    with pytest.raises(Refused) as refused:
        drafts.create(team.store, ann, desk.id, team.form("x" * 300, send=True), NOW)
    assert refused.value.reason is PostRefusal.TOO_LONG_FOR
    assert team.count(tables.posts) == team.count(tables.messages) == 0
    saved = drafts.create(team.store, ann, desk.id, team.form("x" * 300), NOW)
    with pytest.raises(Refused):
        reviews.send(team.store, ann, saved.post.id, 1, NOW)
    with pytest.raises(Refused):
        team.edit(ann, saved.post, team.form("y" * 300, send=True))
    assert team.post(saved.post.id).version == 1


def test_a_sleeping_desk_takes_nothing(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    draft = team.draft(ann, desk)
    desks.bot_removed(team.store, TEAM, desk.channel_id, "E1", NOW)
    for call in (
        lambda: team.draft(ann, desk),
        lambda: reviews.send(team.store, ann, draft.id, 1, NOW),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.reason is DeskRefusal.ASLEEP
    assert team.edit(ann, draft, team.form("still mine to write")).post.version == 2


def test_new_content_is_a_new_version(team: Newsroom, ann: Person, ben: Person) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    team.told()
    saved = team.edit(ann, post, team.form("Hello again", networks=(Network.BLUESKY,)))
    assert (saved.post.version, saved.post.status) == (2, Status.DRAFT)
    assert [target.network for target in saved.post.targets] == [Network.BLUESKY]
    assert (saved.review, saved.ended) == (None, None)
    assert team.told() == {("DRAFT_CARD", "ann")}
    record = team.record(post.id)
    assert [v.content.text for v in record.versions] == ["Hello", "Hello again"]
    assert team.events(post.id) == [Event.DRAFTED, Event.EDITED]


def test_an_edit_form_submitted_twice_is_one_version(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    form = team.form("Hello again", send=True)
    first = team.edit(ann, post, form)
    again = team.edit(ann, post, form)
    assert first.review is not None
    assert again.post.version == 2
    assert (again.review, again.ended) == (None, None)
    assert team.count(tables.reviews) == 1


def test_an_edit_of_an_older_version_is_refused(team: Newsroom, ann: Person, ben: Person) -> None:
    post = team.draft(ben, team.desk(ann, ben))
    team.edit(ann, post, team.form("the manager's"))
    with pytest.raises(Refused) as refused:
        team.edit(ben, post, team.form("mine"))
    assert refused.value.reason is PostRefusal.OLDER_VERSION
    assert refused.value.values == {"version": 1, "current": 2}


@pytest.mark.parametrize("decided", [False, True])
def test_an_edit_ends_the_review_and_says_whose_approval_it_ended(
    team: Newsroom, ann: Person, ben: Person, decided: bool
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    if decided:
        team.decide(ben, review)
    team.told()
    saved = team.edit(ann, team.post(review.post_id), team.form("Hello again"))
    assert saved.post.status is Status.DRAFT
    assert saved.ended is not None
    assert saved.ended.approved_by == ((ben.id,) if decided else ())
    assert team.review(review).state is ReviewState.ENDED
    cards = {("DRAFT_CARD", "ann"), ("CHANNEL_CARD", "C1"), ("APPROVER_CARD", "ben")}
    assert team.told() == cards | ({("OUTCOME", "ann")} if decided else set())
    last = team.entries(review.post_id)[-1]
    assert last.event is Event.REVIEW_ENDED
    assert last.data == {"version": 1, "approved_by": [ben.id] if decided else []}
    with pytest.raises(Refused) as refused:
        team.decide(ben, review)
    assert refused.value.reason is ReviewRefusal.OLDER_VERSION
    with pytest.raises(Refused):
        team.undo(ben, review)


def test_an_edit_can_be_sent_at_once_and_every_approval_starts_anew(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    saved = team.edit(ann, team.post(review.post_id), team.form("Hello again", send=True))
    assert saved.review is not None
    assert saved.review.id != review.id
    assert (saved.review.version, saved.review.waiting_for) == (2, (ben.id,))
    assert saved.post.status is Status.IN_REVIEW
    assert team.decide(ben, saved.review).post.status is Status.APPROVED


@pytest.mark.parametrize(("when", "status"), [(LATER, Status.SCHEDULED), (None, Status.APPROVED)])
def test_a_time_or_notes_void_nothing(
    team: Newsroom, ann: Person, ben: Person, when: datetime | None, status: Status
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    team.told()
    saved = team.edit(ann, team.post(review.post_id), team.form(publish_at=when, notes="soon"))
    assert (saved.post.version, saved.post.status) == (1, status)
    assert (saved.post.publish_at, saved.post.notes) == (when, "soon")
    assert saved.ended is None
    assert team.review(review).state is ReviewState.APPROVED
    assert ("CHANNEL_CARD", "C1") in team.told()
    back = team.edit(ann, saved.post, team.form(notes="soon"))
    assert back.post.status is Status.APPROVED


def test_what_changes_with_the_text_is_in_the_record_too(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    post = team.draft(ann, team.desk(ann, ben))
    team.edit(ann, post, team.form("Hello again", publish_at=LATER, notes="see the picture"))
    _, edited, changed = team.entries(post.id)
    assert (edited.event, edited.data) == (Event.EDITED, {"version": 2})
    assert (changed.event, changed.actor.person_id) == (Event.DETAILS_CHANGED, ann.id)
    details = {"publish_at": LATER.isoformat(), "needed_by": None, "notes": "see the picture"}
    assert changed.data == details


def test_a_form_that_changes_nothing_does_nothing(team: Newsroom, ann: Person, ben: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.told()
    before = team.record(review.post_id)
    saved = team.edit(ann, team.post(review.post_id), team.form(send=True))
    assert saved.post.status is Status.IN_REVIEW
    assert team.told() == set()
    assert team.record(review.post_id) == before


def test_networks_in_another_order_are_the_same_content(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    both = (Network.X, Network.BLUESKY)
    form = team.form(networks=both, send=True)
    made = drafts.create(team.store, ann, team.desk(ann, ben).id, form, NOW)
    assert made.review is not None
    team.decide(ben, made.review)
    saved = team.edit(ann, made.post, team.form(networks=both[::-1]))
    assert (saved.post.version, saved.post.status) == (1, Status.APPROVED)


def test_after_changes_were_requested_it_is_sent_again(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review, Verdict.REQUEST_CHANGES)
    saved = team.edit(ann, team.post(review.post_id), team.form("better", send=True))
    assert (saved.post.version, saved.post.status) == (2, Status.IN_REVIEW)
    assert saved.ended is None, "nothing was under way"


@pytest.mark.parametrize("final", [Status.REJECTED, Status.PUBLISHED])
def test_what_is_final_is_not_edited(
    team: Newsroom, ann: Person, ben: Person, final: Status
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    if final is Status.PUBLISHED:
        team.decide(ben, review)
        publishing.mark_published(team.store, ann, review.post_id, "", NOW)
    else:
        team.decide(ben, review, Verdict.REJECT)
    with pytest.raises(Refused) as refused:
        team.edit(ann, team.post(review.post_id), team.form("Hello again"))
    assert refused.value.reason is PostRefusal.WRONG_STATUS


def test_who_may_edit(team: Newsroom, ann: Person, ben: Person) -> None:
    cleo, dan = team.person("cleo"), team.person("dan", is_admin=True)
    desk = team.desk(ann, cleo)
    post = team.draft(ben, desk)
    with pytest.raises(Refused) as refused:
        team.edit(cleo, post, team.form("not mine"))
    assert refused.value.reason is PostRefusal.NOT_YOURS
    for who in (ben, ann, dan):
        post = team.edit(who, team.post(post.id), team.form(f"by {who.name}")).post
    assert post.version == 4
    assert post.owner_id == ben.id


def test_the_networks_used_last_are_offered(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    assert drafts.networks_for(team.store, desk, ann) == desk.networks
    post = team.draft(ann, desk)
    assert drafts.networks_for(team.store, desk, ann) == (Network.X,)
    team.edit(ann, post, team.form(networks=(Network.BLUESKY,)))
    assert drafts.networks_for(team.store, desk, ann) == (Network.BLUESKY,)
    assert drafts.networks_for(team.store, desk, ben) == desk.networks
    without = replace(desk, networks=(Network.X,))
    assert drafts.networks_for(team.store, without, ann) == (Network.X,)


@pytest.mark.parametrize(
    "text",
    [
        "<!channel> &lt;!here&gt; *bold* `code`",
        "\u202eright to left\u202c \ufffd",
        "\U0001f469\u200d\U0001f680 e\u0301",
        "'; DROP TABLE posts; --",
        '{"a": "\\u0000"}',
    ],
)
def test_hostile_text_comes_back_as_it_was(
    team: Newsroom, ann: Person, ben: Person, text: str
) -> None:
    desk = team.desk(ann, ben)
    form = team.form(text, notes=text, send=True)
    made = drafts.create(team.store, ann, desk.id, form, NOW)
    assert made.review is not None
    reviews.decide(team.store, ben, made.review.id, Verdict.REJECT, text, NOW)
    record = team.record(made.post.id)
    assert record.versions[0].content.text == record.post.notes == text
    assert record.reviews[0].decisions[0].comment == text
    assert record.entries[-1].data["comment"] == text
