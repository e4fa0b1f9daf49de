"""Who sees a post, and what they may do with it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.access import May, check_may_change, check_may_see, may
from rules.people import Person
from rules.posts import Event, Post, PostRefusal, Status, advance
from rules.refused import Refused
from rules.reviews import Review, ReviewState, Verdict, decide, undo
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
            post(Status.CANCELLED), None, person(DAN), True, False, id="cancelled, never sent"
        ),
        pytest.param(
            post(version=2), IN_REVIEW, person(DAN), True, True, id="edited after it was sent"
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
        pytest.param(
            Status.PUBLISHED, played(IN_REVIEW, (ANA, APPROVE)), OWNER, READ, id="published"
        ),
    ],
)
def test_what_a_reader_may_do(
    status: Status, sent: Review | None, who: int, allowed: set[May]
) -> None:
    assert may(post(status), DESK, sent, person(who)) == allowed


@given(
    st.sampled_from([s for s in Status if s is not Status.CANCELLED]),
    st.sampled_from(ReviewState),
    st.sampled_from([OWNER, ANA, BEN, CLEO, DAN]),
    st.integers(1, 2),
)
def test_what_is_offered_is_not_refused(
    status: Status, state: ReviewState, who: int, version: int
) -> None:
    sent = replace(played(review(all_of(ANA, BEN)), (ANA, APPROVE)), state=state)
    offered = may(post(status, version=version), DESK, sent, person(who))
    for act, offer in (
        (lambda: decide(sent, who, APPROVE, version), May.APPROVE),
        (lambda: _undone(sent, who, version, status), May.UNDO),
    ):
        try:
            act()
        except Refused:
            assert offer not in offered
        else:
            assert offer in offered


def _undone(sent: Review, who: int, version: int, status: Status) -> None:
    undo(sent, who, version, status is Status.PUBLISHED)
    if sent.state is not ReviewState.OPEN:
        advance(status, Event.UNDO)


@pytest.mark.parametrize(
    ("sent", "who", "allowed"),
    [
        (IN_REVIEW, ANA, False),
        (IN_REVIEW, BEN, False),
        (replace(IN_REVIEW, owner_id=ANA), ANA, True),
    ],
)
def test_whoever_took_a_post_over_decides_nothing_on_it(
    sent: Review, who: int, allowed: bool
) -> None:
    """The last one is the only approver of their own post, where the desk says so."""
    taken_over = post(Status.IN_REVIEW, owner=ANA)
    assert (May.APPROVE in may(taken_over, DESK, sent, person(who))) == allowed
