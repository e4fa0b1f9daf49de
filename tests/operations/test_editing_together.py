"""Edit and approve, notes to a yes, two editors: what the record holds then, and who is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from operations import desks, drafts, posts, reviews
from rules.contents import Content
from rules.desks import Desk, DeskRefusal, Need
from rules.networks import Network
from rules.people import Person
from rules.posts import Post, PostRefusal, Status
from rules.refused import Refused
from rules.reviews import Quorum, QuorumKind, Review, ReviewRefusal, ReviewState, Step, Verdict
from storage import tables
from storage.history import Event
from tests.newsroom import LATER, NOW, TEAM, Newsroom

OUTCOME, APPROVER_CARD = "outcome", "approver_card"


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


@pytest.fixture
def cleo(team: Newsroom) -> Person:
    return team.person("cleo")


def refusal(call: Callable[..., object], *args: object) -> Refused:
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value


def in_steps(team: Newsroom, post: Post, *steps: Step) -> Review:
    """Sends a post through steps that no form can set yet."""
    desk, owner = desks.by_id(team.store, TEAM, post.desk_id), team.person("ann")
    with team.store.write() as tx:
        return reviews.start(tx, owner, post, desk, steps, desk.policy.id, NOW)


def any_of(*who: Person) -> Step:
    return Step(tuple(person.id for person in who), Quorum(QuorumKind.ANY))


def all_of(*who: Person) -> Step:
    return Step(tuple(person.id for person in who), Quorum(QuorumKind.ALL))


def card_was_posted(team: Newsroom, who: Person, review: Review) -> None:
    """As the courier does it."""
    key = f"review:{review.id}:approver:{who.id}"
    with team.store.write() as tx:
        posted = tables.messages.update().filter_by(key=key).values(posted_ts="1.2")
        assert tx.execute(posted).rowcount == 1


# Edit and approve.


def test_the_only_yes_it_takes_is_given_with_the_edit(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo), publish_at=LATER)
    team.told()
    saved = team.edit_and_approve(ben, review, "Hello you")
    assert (saved.post.version, saved.post.status) == (2, Status.SCHEDULED)
    assert team.review(review).state is ReviewState.ENDED
    assert saved.review is not None
    after = team.review(saved.review)
    assert (after.version, after.state, after.approved_by) == (2, ReviewState.APPROVED, (ben.id,))
    shown = posts.show(team.store, TEAM, review.post_id)
    assert (shown.version.content.text, shown.version.author_id) == ("Hello you", ben.id)
    assert shown.post.publish_at == LATER
    assert (OUTCOME, "ann") in team.told()
    assert team.events(review.post_id) == [
        Event.DRAFTED,
        Event.SENT,
        Event.EDITED,
        Event.REVIEW_ENDED,
        Event.SENT,
        Event.DECIDED,
    ]


def test_the_others_are_asked_again_and_the_owner_is_told(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    team.decide(cleo, review)
    team.told()
    saved = team.edit_and_approve(ben, review, "Hello you")
    assert saved.post.status is Status.IN_REVIEW
    assert saved.ended is not None
    assert saved.ended.approved_by == (cleo.id,)
    assert saved.review is not None
    again = team.review(saved.review)
    assert (again.approved_by, again.waiting_for) == ((ben.id,), (cleo.id,))
    told = team.told()
    assert {(OUTCOME, "ann"), (APPROVER_CARD, "cleo"), ("channel_card", "C1")} <= told
    assert team.decide(cleo, again).post.status is Status.APPROVED
    assert refusal(team.decide, cleo, review).reason is ReviewRefusal.OLDER_VERSION


def test_earlier_steps_are_asked_again_and_the_editors_is_not(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    post = team.draft(ann, team.desk(ann, ben, cleo))
    review = in_steps(team, post, any_of(ben), any_of(cleo), all_of(ben, cleo))
    team.decide(ben, review)
    team.told()
    saved = team.edit_and_approve(cleo, review, "Hello you")
    assert saved.review is not None
    again = team.review(saved.review)
    assert (again.step, again.waiting_for, again.steps) == (0, (ben.id,), review.steps)
    assert (APPROVER_CARD, "ben") in team.told()
    twice = refusal(team.decide, cleo, again)
    assert twice.reason is ReviewRefusal.ALREADY_DECIDED

    team.decide(ben, again)
    after = team.review(again)
    assert (after.step, after.waiting_for) == (2, (ben.id, cleo.id))
    team.decide(cleo, again)
    assert team.decide(ben, again).post.status is Status.APPROVED


def test_who_edited_and_is_asked_at_an_earlier_step_too_counts_once_at_each(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    post = team.draft(ann, team.desk(ann, ben, cleo))
    review = in_steps(team, post, any_of(ben), all_of(ben, cleo))
    team.decide(ben, review)
    saved = team.edit_and_approve(ben, review, "Hello you")
    assert saved.review is not None
    team.decide(ben, saved.review)
    after = team.review(saved.review)
    assert (after.step, after.waiting_for) == (1, (cleo.id,))
    assert refusal(team.decide, ben, saved.review).reason is ReviewRefusal.ALREADY_DECIDED


def test_an_editors_yes_is_taken_back_like_any_other(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    saved = team.edit_and_approve(ben, review, "Hello you")
    assert saved.review is not None
    team.told()
    shown = team.undo(ben, saved.review)
    assert shown.review is not None
    assert shown.review.waiting_for == (ben.id, cleo.id)
    assert shown.post.version == 2
    told = team.told()
    assert ("OUTCOME", "ann") in told, "what she was told is put right"
    assert ("APPROVER_CARD", "ben") in told, "he is asked now"


def test_a_yes_ahead_of_its_turn_is_taken_back_to_the_step_that_is_asked(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    post = team.draft(ann, team.desk(ann, ben, cleo))
    review = in_steps(team, post, any_of(ben), any_of(cleo))
    team.decide(ben, review)
    saved = team.edit_and_approve(cleo, review, "Hello you")
    assert saved.review is not None
    team.undo(cleo, saved.review)
    after = team.review(saved.review)
    assert (after.step, after.waiting_for) == (0, (ben.id,))
    team.decide(ben, saved.review)
    assert team.review(saved.review).waiting_for == (cleo.id,)


@pytest.mark.parametrize("text", ["Hello", "Hello "])
def test_without_a_change_it_is_a_plain_yes(
    team: Newsroom, ann: Person, ben: Person, text: str
) -> None:
    """Also where the desk sleeps: a yes needs no channel."""
    review = team.sent(ann, team.desk(ann, ben))
    desks.bot_removed(team.store, TEAM, "C1", "e1", NOW)
    if text != "Hello":
        asleep = refusal(team.edit_and_approve, ben, review, text)
        assert (asleep.reason, asleep.field) == (DeskRefusal.ASLEEP, "text")
        assert team.post(review.post_id).version == 1
        return
    saved = team.edit_and_approve(ben, review, text)
    assert (saved.post.version, saved.post.status) == (1, Status.APPROVED)
    assert (saved.review, saved.ended) == (None, None)
    assert team.review(review).approved_by == (ben.id,)


def test_networks_alone_are_a_change(team: Newsroom, ann: Person, ben: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    both = (Network.BLUESKY, Network.X)
    saved = team.edit_and_approve(ben, review, "Hello", networks=both)
    assert (saved.post.version, saved.post.status) == (2, Status.APPROVED)
    assert {target.network for target in saved.post.targets} == set(both)


def test_the_same_form_submitted_twice_is_one_version_and_one_yes(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    first = team.edit_and_approve(ben, review, "Hello you", key="once")
    again = team.edit_and_approve(ben, review, "Hello you", key="once")
    assert again.post == first.post
    assert first.review is not None
    assert len(team.review(first.review).decisions) == 1
    assert team.count(tables.versions) == 2


def test_who_may_not_decide_may_not_edit_and_approve(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, need=Need.ALL))
    eve = team.person("eve", team_id="T2", is_admin=True)
    for who, reason in [
        (ann, ReviewRefusal.OWN_POST),
        (cleo, ReviewRefusal.NOT_APPROVER),
        (eve, ReviewRefusal.UNKNOWN),
    ]:
        assert refusal(team.edit_and_approve, who, review, "Mine").reason is reason
    assert team.post(review.post_id).version == 1

    team.decide(ben, review)
    assert refusal(team.edit_and_approve, ben, review, "Mine").reason is ReviewRefusal.OVER
    team.edit(ann, team.post(review.post_id), team.form("Other"))
    older = refusal(team.edit_and_approve, ben, review, "Mine")
    assert older.reason is ReviewRefusal.OLDER_VERSION
    assert team.post(review.post_id).version == 2


@pytest.mark.parametrize(
    ("content", "reason", "field"),
    [
        (Content(" ", (Network.X,)), PostRefusal.NO_TEXT, "text"),
        (Content("a" * 3001, (Network.BLOG,)), PostRefusal.TEXT_TOO_LONG, "text"),
        (Content("a" * 281, (Network.X,)), PostRefusal.TOO_LONG_FOR, "text"),
        (Content("Hello you", ()), PostRefusal.NO_NETWORKS, "networks"),
        (Content("Hello you", (Network.TIKTOK,)), PostRefusal.NETWORK_NOT_OF_DESK, "networks"),
    ],
)
def test_what_could_not_be_sent_is_refused_at_its_field(
    team: Newsroom, ann: Person, ben: Person, content: Content, reason: PostRefusal, field: str
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    before = team.entries(review.post_id)
    refused = refusal(drafts.edit_and_approve, team.store, ben, review.id, "form-key", content, NOW)
    assert (refused.reason, refused.field) == (reason, field)
    assert team.entries(review.post_id) == before
    assert team.review(review).state is ReviewState.OPEN


def test_a_publish_time_that_has_passed_is_no_matter_of_the_approvers(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben), publish_at=LATER)
    content, after = Content("Hello you", (Network.X,)), LATER + timedelta(hours=1)
    saved = drafts.edit_and_approve(team.store, ben, review.id, "form-key", content, after)
    assert saved.post.status is Status.APPROVED


def test_the_only_approver_of_their_own_post_may_do_both(team: Newsroom, ann: Person) -> None:
    review = team.sent(ann, team.desk(ann, ann, own_posts=True))
    team.told()
    saved = team.edit_and_approve(ann, review, "Hello you")
    assert (saved.post.version, saved.post.status) == (2, Status.APPROVED)
    assert OUTCOME not in {kind for kind, _ in team.told()}, "she knows: she did it"


def test_a_change_of_the_rules_leaves_the_steps_alone(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben, cleo, need=Need.ALL)
    review = team.sent(ann, desk)
    form = replace(desks.form_of(desk), approvers=(ann.id,), need=Need.ANY)
    desks.change(team.store, ann, desk.id, desk.revision, form, NOW)
    saved = team.edit_and_approve(ben, review, "Hello you")
    assert saved.review is not None
    assert team.review(saved.review).steps == review.steps
    assert saved.post.status is Status.IN_REVIEW


# Notes.


def test_a_note_to_a_yes_reaches_the_owner_also_while_others_are_waited_for(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    team.told()
    reviews.decide(team.store, ben, review.id, Verdict.APPROVE, " Lovely \n", NOW)
    assert (OUTCOME, "ann") in team.told()
    assert team.review(review).decisions[0].comment == "Lovely"
    assert team.post(review.post_id).status is Status.IN_REVIEW
    team.undo(ben, review)
    assert ("OUTCOME", "ann") in team.told()


def test_a_blank_note_is_none(team: Newsroom, ann: Person, ben: Person, cleo: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    team.told()
    reviews.decide(team.store, ben, review.id, Verdict.APPROVE, " \n", NOW)
    assert (OUTCOME, "ann") not in team.told()


# What an approver knows already.


def seen(team: Newsroom, who: Person, review: Review) -> int | None:
    shown = posts.show(team.store, TEAM, review.post_id, review.id)
    found = posts.last_seen(team.store, shown, who.id)
    return found.number if found else None


def sent_again(team: Newsroom, owner: Person, review: Review, text: str) -> Review:
    saved = team.edit(owner, team.post(review.post_id), team.form(text, send=True))
    assert saved.review is not None
    return saved.review


def test_an_approver_knows_what_their_last_card_showed(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    first = team.sent(ann, team.desk(ann, ben, cleo))
    assert seen(team, ben, first) is None
    card_was_posted(team, ben, first)
    second = sent_again(team, ann, first, "Hello you")
    third = sent_again(team, ann, second, "Hello them")  # before any card of the second came
    assert seen(team, ben, second) == seen(team, ben, third) == 1
    assert seen(team, cleo, third) is None, "she saw none of them"
    card_was_posted(team, ben, third)
    assert seen(team, ben, third) == 1, "drawn once more, it says the same"


def test_the_same_version_again_holds_nothing_new(team: Newsroom, ann: Person, ben: Person) -> None:
    first = team.sent(ann, team.desk(ann, ben))
    card_was_posted(team, ben, first)
    team.decide(ben, first, Verdict.REQUEST_CHANGES)
    again = reviews.send(team.store, ann, first.post_id, 1, NOW).review
    assert again is not None
    assert seen(team, ben, again) is None


def test_an_approver_knows_what_they_wrote_themselves(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    first = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    for who in (ben, cleo):
        card_was_posted(team, who, first)
    edited = team.edit_and_approve(ben, first, "Hello you").review
    assert edited is not None
    assert (seen(team, ben, edited), seen(team, cleo, edited)) == (None, 1)
    third = sent_again(team, ann, edited, "Hello them")
    assert (seen(team, ben, third), seen(team, cleo, third)) == (2, 1)


# Two editors.


@pytest.fixture
def desk(team: Newsroom, ann: Person, ben: Person) -> Desk:
    return team.desk(ann, ben)


def test_what_a_second_editor_left_alone_stays_as_the_first_changed_it(
    team: Newsroom, ann: Person, desk: Desk
) -> None:
    opened = team.draft(ann, desk)
    team.edit(ann, opened, team.form("Hello", publish_at=LATER, notes="see the picture"))
    form = replace(team.form("Hello you"), keeps_time=True, keeps_notes=True)
    saved = team.edit(ann, opened, form)
    assert (saved.post.publish_at, saved.post.notes) == (LATER, "see the picture")
    assert saved.post.version == 2


def test_what_a_second_editor_changed_counts(team: Newsroom, ann: Person, desk: Desk) -> None:
    opened = team.draft(ann, desk)
    team.edit(ann, opened, team.form("Hello", publish_at=LATER, notes="see the picture"))
    form = replace(team.form("Hello", notes="never mind"), keeps_time=True)
    saved = team.edit(ann, opened, form)
    assert (saved.post.publish_at, saved.post.notes) == (LATER, "never mind")
    changed = [e for e in team.entries(opened.id) if e.event is Event.DETAILS_CHANGED]
    assert len(changed) == 2
