"""People who act at the same instant: one outcome, everybody answered, nothing lost.

Each race is run several times, for the threads to meet in several orders.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial

import pytest

from operations import campaigns, desks, drafts, endings, holds, owners, posts, publishing, reviews
from operations.reviews import Decided
from rules.desks import Desk, DeskRefusal, Need
from rules.people import Person
from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import Review, ReviewRefusal, ReviewState, Verdict
from storage import Store, tables
from storage.history import Event
from tests.newsroom import NOW, TEAM, Newsroom, at_once

ROUNDS = 6


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def approvers(team: Newsroom) -> list[Person]:
    return [team.person(f"approver {number}") for number in range(8)]


def reasons(answers: Sequence[object]) -> list[StrEnum]:
    return [answer.reason for answer in answers if isinstance(answer, Refused)]


def outcomes(team: Newsroom) -> list[str]:
    return [kind for kind, _ in team.told() if kind in ("outcome", "taken_back")]


def test_all_of_them_at_once(team: Newsroom, ann: Person, approvers: list[Person]) -> None:
    desk = team.desk(ann, *approvers, need=Need.ALL)
    for _ in range(ROUNDS):
        review = team.sent(ann, desk)
        team.told()
        answers = at_once(*[partial(team.decide, who, review) for who in approvers])
        assert reasons(answers) == []
        after = team.review(review)
        assert after.state is ReviewState.APPROVED
        assert sorted(after.approved_by) == sorted(who.id for who in approvers)
        assert team.post(review.post_id).status is Status.APPROVED
        assert outcomes(team) == ["outcome"]
        ended = [a for a in answers if isinstance(a, Decided) and a.post.status is Status.APPROVED]
        assert len(ended) == 1, "one of them was the last"
        assert team.events(review.post_id).count(Event.DECIDED) == len(approvers)


def test_any_one_of_them_at_once(team: Newsroom, ann: Person, approvers: list[Person]) -> None:
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        review = team.sent(ann, desk)
        team.told()
        verdicts = [Verdict.APPROVE, Verdict.REJECT] * 4
        answers = at_once(
            *[
                partial(team.decide, who, review, verdict)
                for who, verdict in zip(approvers, verdicts, strict=True)
            ]
        )
        assert reasons(answers) == [ReviewRefusal.OVER] * 7
        after = team.review(review)
        assert len(after.decisions) == 1
        assert outcomes(team) == ["outcome"]
        won = after.decisions[0].verdict
        assert after.state is (
            ReviewState.APPROVED if won is Verdict.APPROVE else ReviewState.REJECTED
        )
        for answer in answers:
            if isinstance(answer, Refused):
                assert answer.values["last"] == after.decisions[0], "told whose word it was"


def test_one_person_clicks_many_times(team: Newsroom, ann: Person, approvers: list[Person]) -> None:
    desk = team.desk(ann, *approvers, need=Need.ALL)
    for _ in range(ROUNDS):
        review = team.sent(ann, desk)
        answers = at_once(*[partial(team.decide, approvers[0], review)] * 5)
        assert reasons(answers) == [ReviewRefusal.ALREADY_DECIDED] * 4
        assert len(team.review(review).decisions) == 1


def test_the_same_form_at_once_makes_one_post(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    for number in range(1, ROUNDS + 1):
        form = team.form(send=True)
        answers = at_once(*[partial(drafts.create, team.store, ann, desk.id, form, NOW)] * 5)
        assert reasons(answers) == []
        assert len({a.post.id for a in answers if not isinstance(a, Refused)}) == 1
        assert team.count(tables.posts) == team.count(tables.reviews) == number


def test_many_drafts_at_once_get_a_number_each(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    answers = at_once(*[partial(team.draft, who, desk) for who in approvers])
    numbers = [answer.number for answer in answers if not isinstance(answer, Refused)]
    assert sorted(numbers) == list(range(1, len(approvers) + 1))


def test_the_same_edit_at_once_is_one_version(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        post = team.draft(ann, desk)
        form = team.form("Hello again", send=True)
        answers = at_once(*[partial(team.edit, ann, post, form)] * 4)
        assert reasons(answers) == []
        assert team.post(post.id).version == 2
        assert team.events(post.id) == [Event.DRAFTED, Event.EDITED, Event.SENT]


def test_two_people_edit_at_once_and_one_is_told(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    owner = approvers[0]
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        post = team.draft(owner, desk)
        answers = at_once(
            partial(team.edit, owner, post, team.form("mine")),
            partial(team.edit, ann, post, team.form("the manager's")),
        )
        assert reasons(answers) == [PostRefusal.OLDER_VERSION]
        assert team.post(post.id).version == 2


def test_an_edit_and_the_approval_at_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    """Whoever was first: what is approved afterwards is never the version nobody saw."""
    desk = team.desk(ann, *approvers)
    for _ in range(2 * ROUNDS):
        review = team.sent(ann, desk)
        post = team.post(review.post_id)
        edited, decided = at_once(
            partial(team.edit, ann, post, team.form("Hello again")),
            partial(team.decide, approvers[0], review),
        )
        assert isinstance(edited, drafts.Saved)
        assert edited.ended is not None
        after = team.post(post.id)
        assert (after.status, after.version) == (Status.DRAFT, 2)
        assert team.review(review).state is ReviewState.ENDED
        if isinstance(decided, Refused):
            assert decided.reason is ReviewRefusal.OLDER_VERSION
            assert edited.ended.approved_by == ()
        else:
            assert edited.ended.approved_by == (approvers[0].id,)


def test_two_approvers_edit_and_approve_at_once_and_one_is_told(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers, need=Need.ALL)
    for _ in range(ROUNDS):
        review = team.sent(ann, desk)
        answers = at_once(
            *[
                partial(team.edit_and_approve, who, review, f"as {who.name} has it")
                for who in approvers[:2]
            ]
        )
        assert reasons(answers) == [ReviewRefusal.OLDER_VERSION]
        shown = posts.show(team.store, TEAM, review.post_id)
        assert (shown.post.version, shown.post.status) == (2, Status.IN_REVIEW)
        assert shown.review is not None
        assert shown.review.approved_by == (shown.version.author_id,)


def test_the_same_edit_and_approval_at_once_is_one(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers, need=Need.ALL)
    for number in range(ROUNDS):
        review = team.sent(ann, desk)
        edited = partial(team.edit_and_approve, approvers[0], review, "Hello you", key=f"k{number}")
        answers = at_once(*[edited] * 4)
        assert reasons(answers) == []
        shown = posts.show(team.store, TEAM, review.post_id)
        assert shown.post.version == 2
        assert shown.review is not None
        assert shown.review.approved_by == (approvers[0].id,)
        assert team.events(review.post_id).count(Event.DECIDED) == 1


def test_an_edit_with_approval_and_another_decision_at_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    """A yes that came before ends with its version; one that came after is for an older one."""
    ben, cleo = approvers[:2]
    desk = team.desk(ann, ben, cleo, need=Need.ALL)
    for _ in range(2 * ROUNDS):
        review = team.sent(ann, desk)
        edited, decided = at_once(
            partial(team.edit_and_approve, ben, review, "Hello you"),
            partial(team.decide, cleo, review),
        )
        assert isinstance(edited, drafts.Saved)
        assert edited.ended is not None
        if isinstance(decided, Refused):
            assert decided.reason is ReviewRefusal.OLDER_VERSION
            assert edited.ended.approved_by == ()
        else:
            assert edited.ended.approved_by == (cleo.id,)
        shown = posts.show(team.store, TEAM, review.post_id)
        assert shown.post.status is Status.IN_REVIEW
        assert shown.review is not None
        assert (shown.review.approved_by, shown.review.waiting_for) == ((ben.id,), (cleo.id,))


def test_an_edit_with_approval_and_a_rejection_at_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    ben, cleo = approvers[:2]
    desk = team.desk(ann, ben, cleo)
    for _ in range(2 * ROUNDS):
        review = team.sent(ann, desk)
        edited, rejected = at_once(
            partial(team.edit_and_approve, ben, review, "Hello you"),
            partial(team.decide, cleo, review, Verdict.REJECT),
        )
        post = team.post(review.post_id)
        if isinstance(rejected, Refused):
            assert rejected.reason is ReviewRefusal.OLDER_VERSION
            assert (post.version, post.status) == (2, Status.APPROVED)
        else:
            assert isinstance(edited, Refused)
            assert edited.reason is ReviewRefusal.OVER
            assert (post.version, post.status) == (1, Status.REJECTED)


def test_an_edit_with_approval_and_the_owners_edit_at_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    """Whoever is second is told; the owner's text is never approved unseen."""
    desk = team.desk(ann, *approvers)
    for _ in range(2 * ROUNDS):
        review = team.sent(ann, desk)
        post = team.post(review.post_id)
        approved, edited = at_once(
            partial(team.edit_and_approve, approvers[0], review, "the approver's"),
            partial(team.edit, ann, post, team.form("the owner's")),
        )
        shown = posts.show(team.store, TEAM, review.post_id)
        assert shown.post.version == 2
        if isinstance(edited, Refused):
            assert edited.reason is PostRefusal.OLDER_VERSION
            assert shown.version.content.text == "the approver's"
            assert shown.post.status is Status.APPROVED
        else:
            assert isinstance(approved, Refused)
            assert approved.reason is ReviewRefusal.OLDER_VERSION
            assert shown.version.content.text == "the owner's"
            assert shown.post.status is Status.DRAFT


def test_an_undo_and_another_decision_at_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    ben, cleo = approvers[:2]
    desk = team.desk(ann, ben, cleo, need=Need.ALL)
    for _ in range(2 * ROUNDS):
        review = team.sent(ann, desk)
        team.decide(ben, review)
        undone, decided = at_once(
            partial(team.undo, ben, review), partial(team.decide, cleo, review)
        )
        assert isinstance(decided, Decided)
        after = team.review(review)
        status = team.post(review.post_id).status
        if isinstance(undone, Refused):
            assert undone.reason is ReviewRefusal.DECIDED_AFTER
            assert (after.state, status) == (ReviewState.APPROVED, Status.APPROVED)
        else:
            assert (after.state, status) == (ReviewState.OPEN, Status.IN_REVIEW)
            assert after.approved_by == (cleo.id,)


def test_an_undo_clicked_twice_at_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        review = team.sent(ann, desk)
        team.decide(approvers[0], review)
        team.told()
        answers = at_once(*[partial(team.undo, approvers[0], review)] * 3)
        assert reasons(answers) == [ReviewRefusal.NOTHING_TO_UNDO] * 2
        assert team.post(review.post_id).status is Status.IN_REVIEW
        assert outcomes(team) == ["taken_back"]


def test_an_undo_and_the_publication_at_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        review = team.sent(ann, desk)
        team.decide(approvers[0], review)
        answers = at_once(
            partial(_undo, team, approvers[0], review),
            partial(_publish, team, ann, review),
        )
        status = team.post(review.post_id).status
        if status is Status.PUBLISHED:
            assert reasons(answers) == [ReviewRefusal.OUT_ALREADY]
        else:
            assert status is Status.IN_REVIEW
            assert reasons(answers) == [PostRefusal.WRONG_STATUS]


def _undo(team: Newsroom, who: Person, review: Review) -> None:
    team.undo(who, review)


def _edit(team: Newsroom, who: Person, review: Review) -> None:
    team.edit(who, team.post(review.post_id), team.form("another text"))


def _edit_and_approve(team: Newsroom, who: Person, review: Review) -> None:
    present = posts.show(team.store, TEAM, review.post_id).review
    team.edit_and_approve(who, present or review, f"as {who.name} has it")


def _publish(team: Newsroom, who: Person, review: Review) -> None:
    publishing.mark_published(team.store, who, review.post_id, "", NOW)


@pytest.mark.parametrize("away", [endings.cancel, endings.back_to_draft])
def test_another_way_out_and_the_approval_at_once(
    team: Newsroom,
    ann: Person,
    approvers: list[Person],
    away: Callable[[Store, Person, int, datetime], endings.Ended],
) -> None:
    """Whoever was first: afterwards nothing is approved, and whose approval it ended is said."""
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        review = team.sent(ann, desk)
        ended, decided = at_once(
            partial(away, team.store, ann, review.post_id, NOW),
            partial(team.decide, approvers[0], review),
        )
        assert isinstance(ended, endings.Ended)
        assert ended.review is not None
        assert team.post(review.post_id).status in (Status.CANCELLED, Status.DRAFT)
        assert team.review(review).state is ReviewState.ENDED
        if isinstance(decided, Refused):
            assert decided.reason is ReviewRefusal.OVER
            assert ended.review.approved_by == ()
        else:
            assert ended.review.approved_by == (approvers[0].id,)


def test_a_cancellation_and_the_publication_at_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        review = team.sent(ann, desk)
        team.decide(approvers[0], review)
        answers = at_once(partial(_cancel, team, ann, review), partial(_publish, team, ann, review))
        assert reasons(answers) == [PostRefusal.WRONG_STATUS]
        won = Event.PUBLISHED if answers[1] is None else Event.CANCELLED
        status = Status.PUBLISHED if answers[1] is None else Status.CANCELLED
        assert team.post(review.post_id).status is status
        assert won in team.events(review.post_id)


def _cancel(team: Newsroom, who: Person, review: Review) -> None:
    endings.cancel(team.store, who, review.post_id, NOW)


def test_held_and_sent_at_once(team: Newsroom, ann: Person, approvers: list[Person]) -> None:
    """Whoever was first: it is held; it is in review only where that came before."""
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        post = team.draft(ann, desk)
        _, sent = at_once(
            partial(holds.hold, team.store, ann, post.id, "Legal asks", NOW),
            partial(reviews.send, team.store, ann, post.id, 1, NOW),
        )
        after = team.post(post.id)
        assert after.hold_reason == "Legal asks"
        if isinstance(sent, Refused):
            assert (sent.reason, after.status) == (PostRefusal.ON_HOLD, Status.DRAFT)
        else:
            assert team.events(post.id)[-2:] == [Event.SENT, Event.HELD]


def test_held_twice_at_once_is_held_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        post = team.draft(ann, desk)
        held = partial(holds.hold, team.store, ann, post.id, "Legal asks", NOW)
        assert reasons(at_once(*[held] * 4)) == []
        assert team.events(post.id) == [Event.DRAFTED, Event.HELD]


def test_handed_over_to_an_approver_and_undone_at_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    """Nobody owns a post that waits for them."""
    ben, cleo = approvers[:2]
    desk = team.desk(ann, ben, cleo)
    for _ in range(2 * ROUNDS):
        review = team.sent(ann, desk)
        team.decide(cleo, review)
        answers = at_once(
            partial(_hand_over, team, ann, review, ben), partial(_undo, team, cleo, review)
        )
        after = team.post(review.post_id)
        if after.owner_id == ben.id:
            assert reasons(answers) == [ReviewRefusal.TAKEN_OVER]
            assert after.status is Status.APPROVED
        else:
            assert reasons(answers) == [PostRefusal.OWNER_APPROVES]
            assert after.status is Status.IN_REVIEW


def _hand_over(team: Newsroom, who: Person, review: Review, owner: Person) -> None:
    owners.hand_over(team.store, who, review.post_id, owner, in_channel=True, now=NOW)


def test_the_same_campaign_named_by_many_at_once_is_one(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    for number in range(1, ROUNDS + 1):
        made = [team.draft(who, desk) for who in approvers]
        name = f"Campaign {number}"
        answers = at_once(
            *[
                partial(campaigns.set_campaign, team.store, who, post.id, name, NOW)
                for who, post in zip(approvers, made, strict=True)
            ]
        )
        assert reasons(answers) == []
        assert team.count(tables.campaigns) == number
        assert len({team.post(post.id).campaign_id for post in made}) == 1


def test_sent_twice_at_once_it_is_one_review(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        post = team.draft(ann, desk)
        answers = at_once(*[partial(reviews.send, team.store, ann, post.id, 1, NOW)] * 4)
        assert reasons(answers) == [PostRefusal.WRONG_STATUS] * 3
        assert team.events(post.id) == [Event.DRAFTED, Event.SENT]


def test_a_desk_set_up_by_two_people_at_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    for number in range(ROUNDS):
        answers = at_once(
            partial(team.desk, ann, ann, channel=f"C{number}"),
            partial(team.desk, approvers[0], approvers[0], channel=f"C{number}"),
        )
        made = [answer for answer in answers if isinstance(answer, Desk)]
        (refused,) = reasons(answers)
        # Whether it was there before the form was judged, or came while it was.
        assert refused in (DeskRefusal.NOT_MANAGER, DeskRefusal.CHANGED_MEANWHILE)
        found = desks.find(team.store, TEAM, f"C{number}")
        assert found is not None
        assert found == made[0]
        assert found.managers == found.policy.approvers


def test_a_desk_set_up_twice_at_once_is_made_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    for number in range(ROUNDS):
        answers = at_once(*[partial(team.desk, ann, *approvers, channel=f"C{number}")] * 4)
        assert reasons(answers) == []
        assert len({a.id for a in answers if isinstance(a, Desk)}) == 1
    assert team.count(tables.policies) == team.count(tables.history) == ROUNDS


def test_settings_saved_twice_at_once_are_saved_once(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    for need in [Need.ALL, Need.ANY] * (ROUNDS // 2):
        form = replace(desks.form_of(desk), need=need)
        change = partial(desks.change, team.store, ann, desk.id, desk.revision, form, NOW)
        answers = at_once(*[change] * 4)
        assert reasons(answers) == []
        after = desks.by_id(team.store, TEAM, desk.id)
        assert after.revision == desk.revision + 1
        assert after.policy.number == desk.policy.number + 1
        desk = after


def test_two_managers_change_different_things_at_once_and_one_is_told(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    desk = team.desk(ann, *approvers)
    for _ in range(ROUNDS):
        form = desks.form_of(desk)
        answers = at_once(
            *[
                partial(desks.change, team.store, ann, desk.id, desk.revision, changed, NOW)
                for changed in (
                    replace(form, own_posts=not form.own_posts),
                    replace(form, approvers=form.approvers[::-1]),
                )
            ]
        )
        assert reasons(answers) == [DeskRefusal.CHANGED_MEANWHILE]
        desk = desks.by_id(team.store, TEAM, desk.id)


def test_a_person_is_remembered_by_many_at_once(team: Newsroom) -> None:
    answers = at_once(*[partial(team.person, "ben")] * 8)
    assert len({answer.id for answer in answers if isinstance(answer, Person)}) == 1


def test_a_busy_desk_comes_to_no_standstill(
    team: Newsroom, ann: Person, approvers: list[Person]
) -> None:
    """Everything at once on a few posts, on PostgreSQL above all: no two wait for each other."""
    desk = team.desk(ann, *approvers, need=Need.ALL)
    sent = [team.sent(ann, desk) for _ in range(3)]

    def work(who: Person) -> None:
        for review in sent:
            calls: list[Callable[[], object]] = [
                partial(team.decide, who, review),
                partial(team.undo, who, review),
                partial(_edit, team, ann, review),
                partial(_edit_and_approve, team, who, review),
                partial(_cancel, team, ann, review),
                partial(endings.restore, team.store, ann, review.post_id, NOW),
                partial(_hand_over, team, ann, review, who),
                partial(campaigns.set_campaign, team.store, ann, review.post_id, who.name, NOW),
                partial(team.draft, who, desk),
                partial(team.person, who.name),
                partial(desks.bot_removed, team.store, TEAM, "C1", who.name, NOW),
                partial(desks.bot_added, team.store, TEAM, "C1", who, f"{who.name}+", NOW),
                partial(reviews.queue, team.store, who),
            ]
            for call in calls:
                try:
                    call()
                except Refused:
                    continue

    assert at_once(*[partial(work, who) for who in approvers]) == [None] * len(approvers)
