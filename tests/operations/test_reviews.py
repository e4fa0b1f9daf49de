"""Sending for approval, deciding and undoing: what the record holds then, and who is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from operations import desks, drafts, history, posts, publishing, reviews
from operations.reviews import Decided
from rules.desks import Need
from rules.people import Person
from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import ReviewRefusal, ReviewState, Verdict
from storage.history import Event
from tests.newsroom import LATER, NOW, TEAM, Newsroom

DRAFT_CARD, CHANNEL_CARD, APPROVER_CARD = "draft_card", "channel_card", "approver_card"
OUTCOME, TAKEN_BACK = "outcome", "taken_back"
REDRAWN_DRAFT = ("DRAFT_CARD", "ann")
REDRAWN_CHANNEL = ("CHANNEL_CARD", "C1")


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


def test_sending_asks_the_channel_and_each_approver(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    post = team.draft(ann, team.desk(ann, ben, cleo))
    assert team.told() == {(DRAFT_CARD, "ann")}
    sent = reviews.send(team.store, ann, post.id, post.version, NOW)
    assert sent.post.status is Status.IN_REVIEW
    assert sent.review is not None
    assert sent.review.waiting_for == (ben.id, cleo.id)
    assert team.told() == {
        REDRAWN_DRAFT,
        (CHANNEL_CARD, "C1"),
        (APPROVER_CARD, "ben"),
        (APPROVER_CARD, "cleo"),
    }
    assert team.events(post.id) == [Event.DRAFTED, Event.SENT]


def test_a_second_click_on_send_is_refused_and_sends_nothing(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.told()
    again = refusal(reviews.send, team.store, ann, review.post_id, 1, NOW)
    assert again.reason is PostRefusal.WRONG_STATUS
    assert team.told() == set()


def test_where_nobody_has_to_approve_it_is_approved(team: Newsroom, ann: Person) -> None:
    post = team.draft(ann, team.desk(ann, need=Need.NOBODY))
    team.told()
    sent = reviews.send(team.store, ann, post.id, 1, NOW)
    assert (sent.post.status, sent.review) == (Status.APPROVED, None)
    assert team.told() == {REDRAWN_DRAFT}
    assert team.events(post.id) == [Event.DRAFTED, Event.PASSED]


def test_an_approval_tells_the_owner_and_redraws_every_card(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo))
    team.told()
    shown = team.decide(ben, review)
    assert shown.post.status is Status.APPROVED
    assert shown.review is not None
    assert (shown.review.state, shown.review.approved_by) == (ReviewState.APPROVED, (ben.id,))
    assert shown.review.ended_at == NOW
    assert team.told() == {
        REDRAWN_DRAFT,
        REDRAWN_CHANNEL,
        ("APPROVER_CARD", "ben"),
        ("APPROVER_CARD", "cleo"),
        (OUTCOME, "ann"),
    }


def test_with_a_publish_time_it_is_scheduled(team: Newsroom, ann: Person, ben: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben), publish_at=LATER)
    assert team.decide(ben, review).post.status is Status.SCHEDULED


def test_approved_after_its_time_it_is_not_scheduled(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben), publish_at=LATER)
    after = LATER + timedelta(hours=1)
    shown = reviews.decide(team.store, ben, review.id, Verdict.APPROVE, "", after)
    assert shown.post.status is Status.APPROVED
    # A note that is added then doesn't schedule it in the past either.
    form = team.form(publish_at=LATER, notes="sorry")
    saved = drafts.edit(team.store, ann, shown.post.id, 1, form, after)
    assert (saved.post.status, saved.post.notes) == (Status.APPROVED, "sorry")


def test_one_of_all_is_not_enough_and_the_owner_is_left_in_peace(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    team.told()
    shown = team.decide(ben, review)
    assert shown.post.status is Status.IN_REVIEW
    assert (OUTCOME, "ann") not in team.told()
    assert team.decide(cleo, review).post.status is Status.APPROVED
    assert (OUTCOME, "ann") in team.told()


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.REQUEST_CHANGES, Status.CHANGES_REQUESTED),
        (Verdict.REJECT, Status.REJECTED),
    ],
)
def test_a_no_ends_it_with_its_comment(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, verdict: Verdict, status: Status
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    shown = reviews.decide(team.store, ben, review.id, verdict, "too long", NOW)
    assert shown.post.status is status
    assert shown.review is not None
    assert shown.review.last is not None
    assert shown.review.last.comment == "too long"
    told = team.entries(review.post_id)[-1]
    assert told.event is Event.DECIDED
    assert told.actor.person_id == ben.id
    assert told.data == {"verdict": verdict, "comment": "too long", "version": 1}


def test_without_a_comment_a_no_is_not_taken(team: Newsroom, ann: Person, ben: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    no = refusal(reviews.decide, team.store, ben, review.id, Verdict.REJECT, " ", NOW)
    assert no.reason is ReviewRefusal.NO_COMMENT
    assert team.review(review).decisions == ()


def test_permission_is_judged_before_the_comment(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    no = refusal(reviews.decide, team.store, cleo, review.id, Verdict.REJECT, "", NOW)
    assert no.reason is ReviewRefusal.NOT_APPROVER


def test_nobody_decides_twice_nor_on_their_own_post(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ann, ben, cleo, need=Need.ALL))
    assert review.steps[0].approvers == (ben.id, cleo.id)
    own = refusal(team.decide, ann, review)
    team.decide(ben, review)
    again = refusal(team.decide, ben, review)
    assert own.reason is ReviewRefusal.OWN_POST
    assert again.reason is ReviewRefusal.ALREADY_DECIDED
    assert len(team.review(review).decisions) == 1


def test_the_only_approver_of_their_own_post(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    post = team.draft(ann, desk)
    no = refusal(reviews.send, team.store, ann, post.id, 1, NOW)
    assert no.reason is ReviewRefusal.NOBODY_MAY_APPROVE
    assert team.post(post.id).status is Status.DRAFT

    own = team.sent(ann, team.desk(ann, ann, own_posts=True, channel="C2"))
    team.told()
    assert team.decide(ann, own).post.status is Status.APPROVED
    assert OUTCOME not in {kind for kind, _ in team.told()}, "she knows: she did it"


def test_another_workspace_sees_and_decides_nothing(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    eve = team.person("eve", team_id="T2", is_admin=True)
    for refused in (
        refusal(team.decide, eve, review),
        refusal(team.undo, eve, review),
        refusal(reviews.check_may_decide, team.store, eve, review.id),
    ):
        assert refused.reason is ReviewRefusal.UNKNOWN
    for refused in (
        refusal(reviews.send, team.store, eve, review.post_id, 1, NOW),
        refusal(posts.show, team.store, "T2", review.post_id),
        refusal(posts.open_for, team.store, eve, review.post_id, True),
        refusal(history.page, team.store, eve, review.post_id, True, 0),
        refusal(publishing.mark_published, team.store, eve, review.post_id, "", NOW),
    ):
        assert refused.reason is PostRefusal.UNKNOWN


def test_a_form_is_opened_only_for_who_may_decide(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    assert reviews.check_may_decide(team.store, ben, review.id).post.id == review.post_id
    no = refusal(reviews.check_may_decide, team.store, cleo, review.id)
    assert no.reason is ReviewRefusal.NOT_APPROVER


def test_an_undo_brings_the_review_back_and_says_so(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo))
    team.decide(ben, review)
    team.told()
    shown = team.undo(ben, review)
    assert shown.post.status is Status.IN_REVIEW
    assert shown.review is not None
    assert shown.review.waiting_for == (ben.id, cleo.id)
    assert shown.review.ended_at is None
    assert team.told() == {
        REDRAWN_DRAFT,
        REDRAWN_CHANNEL,
        ("APPROVER_CARD", "ben"),
        ("APPROVER_CARD", "cleo"),
        ("OUTCOME", "ann"),
        (TAKEN_BACK, "ann"),
    }
    assert team.events(review.post_id)[-2:] == [Event.DECIDED, Event.UNDONE]
    assert refusal(team.undo, ben, review).reason is ReviewRefusal.NOTHING_TO_UNDO


def test_after_an_undo_the_other_word_counts_and_is_told(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    team.undo(ben, review)
    team.told()
    assert team.decide(ben, review, Verdict.REJECT).post.status is Status.REJECTED
    assert (OUTCOME, "ann") in team.told()
    assert [d.verdict for d in team.review(review).standing] == [Verdict.REJECT]


def test_an_undo_that_ends_nothing_leaves_the_owner_in_peace(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    team.decide(ben, review)
    team.told()
    team.undo(ben, review)
    assert not {(OUTCOME, "ann"), (TAKEN_BACK, "ann")} & team.told()


def test_what_went_out_is_not_undone(team: Newsroom, ann: Person, ben: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review)
    publishing.mark_published(team.store, ann, review.post_id, "", NOW)
    assert refusal(team.undo, ben, review).reason is ReviewRefusal.OUT_ALREADY


def test_a_word_on_what_was_sent_again_is_not_undone(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.decide(ben, review, Verdict.REQUEST_CHANGES)
    again = reviews.send(team.store, ann, review.post_id, 1, NOW)
    assert again.review is not None
    assert refusal(team.undo, ben, review).reason is ReviewRefusal.SENT_AGAIN
    assert refusal(team.decide, ben, review).reason is ReviewRefusal.OVER
    assert team.decide(ben, again.review).post.status is Status.APPROVED


def test_the_queue_holds_what_waits_and_nothing_else(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben, cleo, need=Need.ALL)
    sent = [team.sent(ann, desk) for _ in range(3)]
    team.decide(ben, sent[0])
    team.decide(cleo, sent[1], Verdict.REJECT)

    def waits_for(who: Person) -> list[int]:
        return [s.post.id for s in reviews.queue(team.store, who)]

    assert waits_for(ben) == [sent[2].post_id]
    assert waits_for(cleo) == [sent[0].post_id, sent[2].post_id]
    assert waits_for(ann) == []


def test_a_change_of_the_rules_leaves_reviews_under_way_alone(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    review = team.sent(ann, desk)
    form = replace(desks.form_of(desk), approvers=(cleo.id,))
    changed = desks.change(team.store, ann, desk.id, desk.revision, form, NOW)
    assert changed.policy.number == desk.policy.number + 1
    assert refusal(team.decide, cleo, review).reason is ReviewRefusal.NOT_APPROVER
    assert team.decide(ben, review).post.status is Status.APPROVED
    assert team.sent(ann, changed).steps[0].approvers == (cleo.id,)


def test_the_version_that_was_sent_is_what_a_review_shows(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.edit(ann, team.post(review.post_id), team.form("another text"))
    old = posts.show(team.store, TEAM, review.post_id, review.id)
    new = posts.show(team.store, TEAM, review.post_id)
    assert (old.version.content.text, old.is_current) == ("Hello", False)
    assert (new.version.content.text, new.is_current) == ("another text", True)
    assert new.review is None


@pytest.mark.parametrize("verdict", Verdict)
def test_what_a_decision_returns_is_what_stands(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, verdict: Verdict
) -> None:
    """It isn't read again: what the answer and the reminders go by must not differ."""
    dan = team.person("dan")
    desk = team.desk(ann, ben, cleo, dan, need=Need.ALL)
    team.away(cleo, NOW.date(), None, cover=ben)
    sent = team.sent(ann, desk)
    for who in (ben, dan):
        decided = team.decide(who, sent, verdict)
        stands = posts.show(team.store, TEAM, sent.post_id, sent.id)
        assert stands.review is not None
        assert decided == Decided(stands.post, stands.desk, stands.review)
        if verdict is not Verdict.APPROVE:
            return


def test_what_sending_returns_is_what_stands(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben, cleo, need=Need.ALL)
    team.away(cleo, NOW.date(), None, cover=ben)
    saved = drafts.create(team.store, ann, desk.id, team.form(send=True), NOW)
    assert saved.review is not None
    assert saved.review == team.review(saved.review)
    assert saved.post == team.post(saved.post.id)
