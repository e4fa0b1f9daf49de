"""Who sees a post, and what they may do with it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.access import (
    May,
    check_may_change,
    check_may_own,
    check_may_see,
    check_may_undo,
    may,
)
from rules.people import Person
from rules.posts import Post, PostRefusal, Status
from rules.refused import Refused
from rules.reviews import Review, ReviewRefusal, ReviewState, Verdict, decide
from tests.rules.desk_at_work import (
    ANA,
    APPROVE,
    BEN,
    CLEO,
    DAN,
    OWNER,
    all_of,
    any_of,
    person,
    played,
    post,
    review,
)
from tests.rules.test_desks import desk

DESK = desk(CLEO)
IN_REVIEW = review(any_of(ANA))


@pytest.mark.parametrize(
    ("seen", "sent", "who", "in_channel", "sees"),
    [
        pytest.param(post(), None, person(OWNER), False, True, id="a draft: its owner"),
        pytest.param(post(), None, person(CLEO), False, True, id="a draft: the manager"),
        pytest.param(post(), None, person(DAN), True, False, id="a draft: the channel"),
        pytest.param(post(), None, person(ANA), True, False, id="a draft: an approver"),
        pytest.param(post(Status.IN_REVIEW), IN_REVIEW, person(DAN), True, True, id="sent"),
        pytest.param(
            post(Status.IN_REVIEW), IN_REVIEW, person(DAN), False, False, id="sent: elsewhere"
        ),
        pytest.param(
            post(Status.IN_REVIEW),
            IN_REVIEW,
            person(ANA),
            False,
            True,
            id="sent: an approver who isn't in the channel",
        ),
        pytest.param(
            post(Status.APPROVED), None, person(DAN), True, True, id="nobody had to approve"
        ),
        pytest.param(
            post(Status.APPROVED), None, person(DAN), False, False, id="nobody had to: elsewhere"
        ),
        pytest.param(
            post(version=2), IN_REVIEW, person(DAN), True, True, id="edited after it was sent"
        ),
        pytest.param(
            post(Status.CANCELLED), None, person(DAN), True, False, id="cancelled, never sent"
        ),
        pytest.param(
            post(Status.CANCELLED), IN_REVIEW, person(DAN), True, True, id="sent, then cancelled"
        ),
        pytest.param(
            post(), None, replace(person(CLEO), is_gone=True), True, False, id="a manager who left"
        ),
    ],
)
def test_who_sees_a_post(
    seen: Post, sent: Review | None, who: Person, in_channel: bool, sees: bool
) -> None:
    if sees:
        check_may_see(seen, DESK, sent, who, in_channel)
        return
    with pytest.raises(Refused) as refused:
        check_may_see(seen, DESK, sent, who, in_channel)
    assert refused.value.reason is PostRefusal.UNKNOWN


@pytest.mark.parametrize(
    ("who", "changes"),
    [
        (person(OWNER), True),
        (person(CLEO), True),
        (person(DAN, is_admin=True), True),
        (person(ANA), False),
        (person(DAN), False),
        (person(CLEO, is_guest=True), False),
        (person(OWNER, is_guest=True), True),
    ],
)
def test_who_may_change_a_post(who: Person, changes: bool) -> None:
    if changes:
        check_may_change(post(), DESK, who)
        return
    with pytest.raises(Refused) as refused:
        check_may_change(post(), DESK, who)
    assert refused.value.reason is PostRefusal.NOT_YOURS


READ = {May.DUPLICATE}
DECIDE = READ | {May.APPROVE, May.REQUEST_CHANGES, May.REJECT}
OWN = READ | {May.HOLD, May.CANCEL, May.HAND_OVER, May.CAMPAIGN, May.URGENT, May.EDIT}


@pytest.mark.parametrize(
    ("status", "sent", "who", "allowed"),
    [
        pytest.param(Status.DRAFT, None, OWNER, OWN | {May.SEND}, id="a draft: its owner"),
        pytest.param(Status.DRAFT, None, CLEO, OWN | {May.SEND}, id="a draft: the manager"),
        pytest.param(
            Status.IN_REVIEW, IN_REVIEW, OWNER, OWN | {May.BACK_TO_DRAFT}, id="in review: its owner"
        ),
        pytest.param(Status.IN_REVIEW, IN_REVIEW, ANA, DECIDE, id="in review: the approver"),
        pytest.param(Status.IN_REVIEW, IN_REVIEW, DAN, READ, id="in review: somebody else"),
        pytest.param(
            Status.IN_REVIEW,
            played(review(all_of(ANA, BEN)), (ANA, APPROVE)),
            ANA,
            READ | {May.UNDO},
            id="in review: who has spoken",
        ),
        pytest.param(
            Status.APPROVED,
            played(IN_REVIEW, (ANA, APPROVE)),
            ANA,
            READ | {May.UNDO},
            id="approved: who approved it",
        ),
        pytest.param(
            Status.SCHEDULED,
            played(IN_REVIEW, (ANA, APPROVE)),
            OWNER,
            OWN | {May.BACK_TO_DRAFT, May.PUBLISH},
            id="scheduled: its owner",
        ),
        pytest.param(
            Status.CHANGES_REQUESTED,
            played(IN_REVIEW, (ANA, Verdict.REQUEST_CHANGES)),
            OWNER,
            OWN | {May.BACK_TO_DRAFT, May.SEND},
            id="changes requested: its owner",
        ),
        pytest.param(
            Status.REJECTED,
            played(IN_REVIEW, (ANA, Verdict.REJECT)),
            OWNER,
            READ,
            id="rejected: its owner",
        ),
        pytest.param(
            Status.PUBLISHED,
            played(IN_REVIEW, (ANA, APPROVE)),
            ANA,
            READ,
            id="published: who approved it",
        ),
        pytest.param(Status.CANCELLED, None, OWNER, READ | {May.RESTORE}, id="cancelled"),
        pytest.param(
            Status.CANCELLED,
            played(IN_REVIEW, (ANA, Verdict.REQUEST_CHANGES)),
            ANA,
            READ,
            id="cancelled: who had asked for changes",
        ),
        pytest.param(
            Status.DRAFT,
            played(IN_REVIEW, (ANA, Verdict.REQUEST_CHANGES)),
            ANA,
            READ,
            id="taken back to draft: who had asked for changes",
        ),
        pytest.param(
            Status.PUBLISHED, played(IN_REVIEW, (ANA, APPROVE)), OWNER, READ, id="published"
        ),
    ],
)
def test_what_a_reader_may_do(
    status: Status, sent: Review | None, who: int, allowed: set[May]
) -> None:
    assert may(post(status), DESK, sent, person(who), in_channel=True) == allowed
    assert may(post(status), DESK, sent, person(who), in_channel=False) == allowed - READ


@given(
    st.sampled_from(Status),
    st.sampled_from(ReviewState),
    st.sampled_from([OWNER, ANA, BEN, CLEO, DAN]),
    st.integers(1, 2),
)
def test_what_is_offered_is_not_refused(
    status: Status, state: ReviewState, who: int, version: int
) -> None:
    sent = replace(played(review(all_of(ANA, BEN)), (ANA, APPROVE)), state=state)
    seen = post(status, version=version)
    offered = may(seen, DESK, sent, person(who), in_channel=True)
    for act, offer in (
        (lambda: decide(sent, who, APPROVE, version), May.APPROVE),
        (lambda: check_may_undo(seen, sent, person(who)), May.UNDO),
    ):
        try:
            act()
        except Refused:
            assert offer not in offered
        else:
            assert offer in offered


@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED, Status.SCHEDULED])
def test_what_is_held_neither_goes_on_nor_out(status: Status) -> None:
    free = may(post(status), DESK, None, person(OWNER), in_channel=True)
    held = replace(post(status), hold_reason="Legal asks")
    on_hold = may(held, DESK, None, person(OWNER), in_channel=True)
    assert free - on_hold == {May.HOLD} | (free & {May.SEND, May.PUBLISH})
    assert on_hold - free == {May.TAKE_OFF_HOLD}


def test_what_is_urgent_can_stop_being_so() -> None:
    urgent = replace(post(), urgent_reason="A launch")
    offered = may(urgent, DESK, None, person(OWNER), in_channel=True)
    assert May.NOT_URGENT in offered
    assert May.URGENT not in offered


APPROVED = played(IN_REVIEW, (ANA, APPROVE))


@pytest.mark.parametrize(
    ("sent", "who", "in_channel", "reason"),
    [
        pytest.param(None, person(BEN), True, None, id="a colleague"),
        pytest.param(None, person(BEN, is_guest=True), True, None, id="a guest of the channel"),
        pytest.param(
            None, replace(person(BEN), is_gone=True), True, PostRefusal.OWNER_CANNOT, id="who left"
        ),
        pytest.param(
            None, replace(person(BEN), is_bot=True), True, PostRefusal.OWNER_CANNOT, id="an app"
        ),
        pytest.param(
            None,
            replace(person(BEN), is_stranger=True),
            True,
            PostRefusal.OWNER_CANNOT,
            id="somebody of another workspace",
        ),
        pytest.param(
            None, person(BEN), False, PostRefusal.OWNER_ELSEWHERE, id="not in the channel"
        ),
        pytest.param(
            IN_REVIEW, person(ANA), True, PostRefusal.OWNER_APPROVES, id="who is asked to approve"
        ),
        pytest.param(
            review(any_of(BEN), any_of(ANA)),
            person(ANA),
            True,
            PostRefusal.OWNER_APPROVES,
            id="who will be asked at a later step",
        ),
        pytest.param(IN_REVIEW, person(BEN), True, None, id="in review: somebody else"),
        pytest.param(APPROVED, person(ANA), True, None, id="who has approved it"),
        pytest.param(
            replace(IN_REVIEW, state=ReviewState.ENDED), person(ANA), True, None, id="ended"
        ),
    ],
)
def test_who_may_take_a_post_over(
    sent: Review | None, who: Person, in_channel: bool, reason: PostRefusal | None
) -> None:
    if reason is None:
        check_may_own(DESK, sent, who, in_channel)
        return
    with pytest.raises(Refused) as refused:
        check_may_own(DESK, sent, who, in_channel)
    assert (refused.value.reason, refused.value.field) == (reason, "owner")


@pytest.mark.parametrize("owner", [ANA, BEN])
def test_nobody_comes_to_decide_on_their_own_post_by_an_undo(owner: int) -> None:
    """Whoever was asked may own it once it is decided, and then it is not opened again."""
    decided = played(review(any_of(ANA, BEN)), (ANA, APPROVE))
    with pytest.raises(Refused) as refused:
        check_may_undo(post(Status.APPROVED, owner=owner), decided, person(ANA))
    assert refused.value.reason is ReviewRefusal.TAKEN_OVER
    assert refused.value.values == {"owner": owner}
    check_may_undo(post(Status.APPROVED, owner=CLEO), decided, person(ANA))


def test_the_only_approver_may_still_undo_what_they_decided_on_their_own() -> None:
    own = played(review(any_of(OWNER)), (OWNER, APPROVE))
    check_may_undo(post(Status.APPROVED), own, person(OWNER))


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED])
def test_a_no_is_not_taken_back_once_the_post_went_another_way(status: Status) -> None:
    asked = played(IN_REVIEW, (ANA, Verdict.REQUEST_CHANGES))
    with pytest.raises(Refused) as refused:
        check_may_undo(post(status), asked, person(ANA))
    assert refused.value.reason is PostRefusal.WRONG_STATUS


def test_whoever_is_in_the_channel_may_start_a_post_from_another() -> None:
    stranger = replace(person(DAN), is_stranger=True)
    found = post(Status.IN_REVIEW)
    assert may(found, DESK, IN_REVIEW, stranger, in_channel=True) == {May.DUPLICATE}
    assert may(found, DESK, IN_REVIEW, stranger, in_channel=False) == frozenset()
