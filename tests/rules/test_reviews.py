"""Who may decide on a review, what their word does, and what can be taken back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.refused import Refused
from rules.reviews import (
    COMMENT_LIMIT,
    Review,
    ReviewRefusal,
    ReviewState,
    Step,
    Verdict,
    check_comment,
    decide,
    steps_of,
    undo,
)
from tests.rules.desk_at_work import (
    ANA,
    APPROVE,
    BEN,
    CHANGES,
    CLEO,
    DAN,
    EDIT,
    OWNER,
    REJECT,
    UNDO,
    Word,
    all_of,
    any_of,
    at_least,
    played,
    review,
)

OPEN, APPROVED, CHANGES_REQUESTED, REJECTED, ENDED = ReviewState


@pytest.mark.parametrize(
    ("steps", "words", "state", "step"),
    [
        pytest.param([any_of(ANA, BEN)], [], OPEN, 0, id="nobody has spoken"),
        pytest.param([any_of(ANA, BEN)], [(BEN, APPROVE)], APPROVED, 0, id="any one"),
        pytest.param([all_of(ANA, BEN)], [(BEN, APPROVE)], OPEN, 0, id="all: one is missing"),
        pytest.param(
            [all_of(ANA, BEN)], [(BEN, APPROVE), (ANA, APPROVE)], APPROVED, 0, id="all: both"
        ),
        pytest.param(
            [at_least(2, ANA, BEN, CLEO)], [(CLEO, APPROVE)], OPEN, 0, id="two of three: one"
        ),
        pytest.param(
            [at_least(2, ANA, BEN, CLEO)],
            [(CLEO, APPROVE), (ANA, APPROVE)],
            APPROVED,
            0,
            id="two of three: two",
        ),
        pytest.param(
            [at_least(5, ANA, BEN)],
            [(BEN, APPROVE), (ANA, APPROVE)],
            APPROVED,
            0,
            id="more than there are: all of them",
        ),
        pytest.param([all_of(ANA, BEN)], [(ANA, CHANGES)], CHANGES_REQUESTED, 0, id="changes"),
        pytest.param(
            [all_of(ANA, BEN)], [(ANA, APPROVE), (BEN, REJECT)], REJECTED, 0, id="a late no"
        ),
        pytest.param(
            [any_of(ANA), any_of(BEN)], [(ANA, APPROVE)], OPEN, 1, id="on to the next step"
        ),
        pytest.param(
            [any_of(ANA), any_of(BEN)],
            [(ANA, APPROVE), (BEN, APPROVE)],
            APPROVED,
            1,
            id="the last step",
        ),
        pytest.param(
            [any_of(ANA), any_of(BEN)],
            [(ANA, APPROVE), (BEN, CHANGES)],
            CHANGES_REQUESTED,
            1,
            id="changes at the second step",
        ),
        pytest.param(
            [any_of(ANA), all_of(ANA, BEN)],
            [(ANA, APPROVE), (ANA, APPROVE)],
            OPEN,
            1,
            id="who was asked twice counts once at each step",
        ),
        pytest.param(
            [all_of(ANA, BEN)],
            [(ANA, APPROVE), (ANA, UNDO), (BEN, APPROVE)],
            OPEN,
            0,
            id="what was taken back doesn't count",
        ),
        pytest.param(
            [any_of(ANA)], [(ANA, REJECT), (ANA, UNDO)], OPEN, 0, id="a no that was taken back"
        ),
        pytest.param(
            [any_of(ANA), any_of(BEN)],
            [(ANA, APPROVE), (ANA, UNDO)],
            OPEN,
            0,
            id="back to the step it was decided at",
        ),
        pytest.param(
            [any_of(ANA)],
            [(ANA, APPROVE), (ANA, UNDO), (ANA, REJECT)],
            REJECTED,
            0,
            id="another word after an undo",
        ),
        pytest.param([any_of(ANA, BEN)], [(BEN, EDIT)], APPROVED, 0, id="an edit: any one"),
        pytest.param([all_of(ANA, BEN)], [(BEN, EDIT)], OPEN, 0, id="an edit: one of all"),
        pytest.param(
            [all_of(ANA, BEN)], [(ANA, APPROVE), (BEN, EDIT)], OPEN, 0, id="an edit ends a yes"
        ),
        pytest.param(
            [all_of(ANA, BEN)],
            [(ANA, APPROVE), (BEN, EDIT), (ANA, APPROVE)],
            APPROVED,
            0,
            id="an edit, and all of them again",
        ),
        pytest.param(
            [at_least(2, ANA, BEN, CLEO)],
            [(BEN, EDIT), (CLEO, EDIT), (ANA, APPROVE)],
            APPROVED,
            0,
            id="an edit of an edit, and one more",
        ),
        pytest.param(
            [any_of(ANA), any_of(BEN)],
            [(ANA, APPROVE), (BEN, EDIT)],
            OPEN,
            0,
            id="an edit at the second step: the first is asked again",
        ),
        pytest.param(
            [any_of(ANA), any_of(BEN)],
            [(ANA, APPROVE), (BEN, EDIT), (ANA, APPROVE)],
            APPROVED,
            1,
            id="an edit at the last step: the first ends it",
        ),
        pytest.param(
            [any_of(ANA), any_of(BEN), any_of(CLEO)],
            [(ANA, APPROVE), (BEN, EDIT), (ANA, APPROVE)],
            OPEN,
            2,
            id="the editor's step is not asked again",
        ),
        pytest.param(
            [any_of(ANA), all_of(BEN, CLEO)],
            [(ANA, APPROVE), (BEN, EDIT), (ANA, APPROVE)],
            OPEN,
            1,
            id="the rest of the editor's step is",
        ),
        pytest.param(
            [any_of(ANA), all_of(ANA, BEN)],
            [(ANA, APPROVE), (ANA, EDIT), (ANA, APPROVE)],
            OPEN,
            1,
            id="who edited and is asked at an earlier step too",
        ),
        pytest.param(
            [any_of(ANA), any_of(BEN)],
            [(ANA, APPROVE), (BEN, EDIT), (BEN, UNDO), (ANA, APPROVE)],
            OPEN,
            1,
            id="a yes ahead of its turn that was taken back doesn't count",
        ),
        pytest.param(
            [any_of(ANA), any_of(BEN), any_of(CLEO)],
            [(ANA, APPROVE), (BEN, EDIT), (ANA, APPROVE), (ANA, UNDO)],
            OPEN,
            0,
            id="back over the step that was not asked",
        ),
        pytest.param(
            [any_of(ANA), any_of(BEN)],
            [(ANA, APPROVE), (BEN, EDIT), (ANA, REJECT)],
            REJECTED,
            0,
            id="a no before the editor's step",
        ),
    ],
)
def test_what_words_do(steps: list[Step], words: list[Word], state: ReviewState, step: int) -> None:
    after = played(review(*steps), *words)
    assert (after.state, after.step) == (state, step)


@pytest.mark.parametrize(
    ("before", "who", "current", "reason"),
    [
        pytest.param(review(any_of(ANA)), DAN, 1, ReviewRefusal.NOT_APPROVER, id="not asked"),
        pytest.param(review(any_of(ANA)), OWNER, 1, ReviewRefusal.OWN_POST, id="their own"),
        pytest.param(
            review(any_of(ANA), any_of(BEN)), BEN, 1, ReviewRefusal.NOT_APPROVER, id="not yet asked"
        ),
        pytest.param(
            played(review(any_of(ANA, CLEO), any_of(BEN)), (ANA, APPROVE)),
            CLEO,
            1,
            ReviewRefusal.NOT_APPROVER,
            id="not asked any more",
        ),
        pytest.param(review(any_of(ANA)), ANA, 2, ReviewRefusal.OLDER_VERSION, id="older version"),
        pytest.param(
            review(any_of(ANA)),
            DAN,
            2,
            ReviewRefusal.NOT_APPROVER,
            id="a stranger learns nothing of versions",
        ),
        pytest.param(
            played(review(any_of(ANA, BEN)), (ANA, APPROVE)),
            BEN,
            1,
            ReviewRefusal.OVER,
            id="it is over",
        ),
        pytest.param(
            replace(review(any_of(ANA)), state=ENDED), ANA, 1, ReviewRefusal.OVER, id="it was ended"
        ),
        pytest.param(
            played(review(any_of(ANA)), (ANA, APPROVE)),
            ANA,
            1,
            ReviewRefusal.OVER,
            id="a second click of whoever ended it",
        ),
        pytest.param(
            played(review(all_of(ANA, BEN)), (ANA, APPROVE)),
            ANA,
            1,
            ReviewRefusal.ALREADY_DECIDED,
            id="a second click while it is open",
        ),
        pytest.param(
            played(review(any_of(ANA), all_of(ANA, BEN)), (ANA, APPROVE), (ANA, APPROVE)),
            ANA,
            1,
            ReviewRefusal.ALREADY_DECIDED,
            id="a second click at the second step",
        ),
        pytest.param(
            played(review(any_of(ANA), any_of(BEN)), (ANA, APPROVE), (BEN, EDIT)),
            BEN,
            2,
            ReviewRefusal.ALREADY_DECIDED,
            id="the editor, before their turn",
        ),
        pytest.param(
            played(
                review(any_of(ANA), all_of(ANA, BEN)), (ANA, APPROVE), (ANA, EDIT), (ANA, APPROVE)
            ),
            ANA,
            2,
            ReviewRefusal.ALREADY_DECIDED,
            id="the editor, when their turn comes",
        ),
    ],
)
@pytest.mark.parametrize("verdict", list(Verdict))
def test_who_may_not_decide(
    before: Review, who: int, current: int, reason: ReviewRefusal, verdict: Verdict
) -> None:
    with pytest.raises(Refused) as refused:
        decide(before, who, verdict, current)
    assert refused.value.reason is reason


def test_a_refusal_says_whose_word_ended_it_and_what_one_said_oneself() -> None:
    before = played(review(all_of(ANA, BEN)), (ANA, APPROVE), (BEN, REJECT))
    with pytest.raises(Refused) as refused:
        decide(before, ANA, APPROVE, 1)
    assert refused.value.values["last"] == before.decisions[1]
    assert refused.value.values["mine"] == before.decisions[0]


@pytest.mark.parametrize(
    ("before", "who", "current", "out", "reason"),
    [
        pytest.param(
            review(any_of(ANA)), ANA, 1, False, ReviewRefusal.NOTHING_TO_UNDO, id="said nothing"
        ),
        pytest.param(
            played(review(any_of(ANA)), (ANA, APPROVE), (ANA, UNDO)),
            ANA,
            1,
            False,
            ReviewRefusal.NOTHING_TO_UNDO,
            id="taken back already",
        ),
        pytest.param(
            played(review(any_of(ANA)), (ANA, APPROVE)),
            BEN,
            1,
            False,
            ReviewRefusal.NOTHING_TO_UNDO,
            id="somebody else's",
        ),
        pytest.param(
            played(review(any_of(ANA)), (ANA, APPROVE)),
            ANA,
            1,
            True,
            ReviewRefusal.OUT_ALREADY,
            id="it went out",
        ),
        pytest.param(
            played(review(any_of(ANA)), (ANA, CHANGES)),
            ANA,
            2,
            False,
            ReviewRefusal.EDITED_SINCE,
            id="there is a newer version",
        ),
        pytest.param(
            replace(played(review(all_of(ANA, BEN)), (ANA, APPROVE)), state=ENDED),
            ANA,
            1,
            False,
            ReviewRefusal.EDITED_SINCE,
            id="an edit ended it",
        ),
        pytest.param(
            played(review(all_of(ANA, BEN)), (ANA, APPROVE), (BEN, APPROVE)),
            ANA,
            1,
            False,
            ReviewRefusal.DECIDED_AFTER,
            id="somebody decided after them",
        ),
        pytest.param(
            played(review(any_of(ANA), all_of(BEN, CLEO)), (ANA, APPROVE), (BEN, APPROVE)),
            ANA,
            1,
            False,
            ReviewRefusal.DECIDED_AFTER,
            id="the next step has begun",
        ),
    ],
)
def test_what_cannot_be_undone(
    before: Review, who: int, current: int, out: bool, reason: ReviewRefusal
) -> None:
    with pytest.raises(Refused) as refused:
        undo(before, who, current, out)
    assert refused.value.reason is reason


def test_undo_takes_back_the_latest_word_of_whoever_was_asked_twice() -> None:
    before = played(review(any_of(ANA), all_of(ANA, BEN)), (ANA, APPROVE), (ANA, APPROVE))
    assert undo(before, ANA, 1, out=False) == before.decisions[1]


@pytest.mark.parametrize(
    ("steps", "own_posts", "held"),
    [
        pytest.param([all_of(ANA, BEN)], False, [all_of(ANA, BEN)], id="not among them"),
        pytest.param([all_of(OWNER, BEN)], False, [all_of(BEN)], id="one of them"),
        pytest.param([all_of(OWNER, BEN)], True, [all_of(BEN)], id="others can, so they do"),
        pytest.param([any_of(OWNER)], True, [any_of(OWNER)], id="the only one, and may"),
        pytest.param(
            [at_least(2, OWNER, ANA)], False, [at_least(2, ANA)], id="fewer left than wanted"
        ),
        pytest.param([], False, [], id="nobody has to approve"),
    ],
)
def test_nobody_decides_on_their_own_post(
    steps: list[Step], own_posts: bool, held: list[Step]
) -> None:
    assert steps_of(steps, OWNER, own_posts) == tuple(held)


@pytest.mark.parametrize("steps", [[any_of(OWNER)], [any_of(ANA), all_of(OWNER)]])
def test_a_step_without_anybody_left_is_refused_before_it_is_sent(steps: list[Step]) -> None:
    with pytest.raises(Refused) as refused:
        steps_of(steps, OWNER, own_posts=False)
    assert refused.value.reason is ReviewRefusal.NOBODY_MAY_APPROVE


def test_the_only_approver_may_approve_their_own_where_the_desk_says_so() -> None:
    steps = steps_of([any_of(OWNER)], OWNER, own_posts=True)
    assert played(review(*steps), (OWNER, APPROVE)).state is APPROVED


@pytest.mark.parametrize(
    ("step", "needed"),
    [
        (any_of(ANA, BEN, CLEO), 1),
        (all_of(ANA, BEN, CLEO), 3),
        (at_least(2, ANA, BEN, CLEO), 2),
        (at_least(9, ANA, BEN, CLEO), 3),
    ],
)
def test_how_many_it_takes(step: Step, needed: int) -> None:
    assert step.needed == needed


@pytest.mark.parametrize(
    ("verdict", "comment", "reason"),
    [
        (Verdict.REQUEST_CHANGES, "", ReviewRefusal.NO_COMMENT),
        (Verdict.REJECT, " \n\t", ReviewRefusal.NO_COMMENT),
        (Verdict.APPROVE, "x" * (COMMENT_LIMIT + 1), ReviewRefusal.COMMENT_TOO_LONG),
        (Verdict.REJECT, "x" * (COMMENT_LIMIT + 1), ReviewRefusal.COMMENT_TOO_LONG),
    ],
)
def test_comments_that_are_refused(verdict: Verdict, comment: str, reason: ReviewRefusal) -> None:
    with pytest.raises(Refused) as refused:
        check_comment(verdict, comment)
    assert (refused.value.reason, refused.value.field) == (reason, "comment")


@pytest.mark.parametrize(
    ("verdict", "comment"),
    [(Verdict.APPROVE, ""), (Verdict.REJECT, "no"), (Verdict.REQUEST_CHANGES, "x" * COMMENT_LIMIT)],
)
def test_comments_that_will_do(verdict: Verdict, comment: str) -> None:
    check_comment(verdict, comment)


def test_who_is_waited_for() -> None:
    open_review = review(all_of(ANA, BEN), any_of(CLEO))
    assert open_review.waiting_for == (ANA, BEN)
    assert played(open_review, (ANA, APPROVE)).waiting_for == (BEN,)
    assert played(open_review, (ANA, APPROVE), (BEN, APPROVE)).waiting_for == (CLEO,)
    assert played(open_review, (ANA, REJECT)).waiting_for == ()


PEOPLE = st.sampled_from([ANA, BEN, CLEO, DAN, OWNER])
STEPS = st.lists(
    st.builds(
        lambda who, make: make(who),
        st.lists(st.sampled_from([ANA, BEN, CLEO]), min_size=1, unique=True).map(tuple),
        st.sampled_from(
            [
                lambda who: any_of(*who),
                lambda who: all_of(*who),
                lambda who: at_least(2, *who),
            ]
        ),
    ),
    min_size=1,
    max_size=3,
)
WORDS = st.lists(st.tuples(PEOPLE, st.sampled_from([*Verdict, APPROVE, APPROVE, UNDO, EDIT])))


@given(STEPS, WORDS)
def test_whatever_is_said_a_review_is_approved_by_its_quorum_and_nothing_else(
    steps: list[Step], words: list[Word]
) -> None:
    state = review(*steps)
    for who, word in words:
        waited_for = state.waiting_for
        try:
            state = played(state, (who, word))
        except Refused:
            assert word == UNDO or who not in waited_for
        else:
            assert word == UNDO or who in waited_for
        yes = [(d.step, d.person_id) for d in state.standing if d.verdict is APPROVE]
        no = [d for d in state.standing if d.verdict is not APPROVE]
        assert len(set(yes)) == len(yes), "somebody counts twice at a step"
        counts = [sum(step == position for step, _ in yes) for position in range(len(steps))]
        assert all(who in steps[step].approvers for step, who in yes)
        full = [count >= step.needed for count, step in zip(counts, steps, strict=True)]
        assert (state.state is APPROVED) == (all(full) and not no)
        assert (state.state in (CHANGES_REQUESTED, REJECTED)) == (len(no) == 1)
        if state.state is OPEN:
            assert state.waiting_for, "open, and nobody can go on"
            assert full.index(False) == state.step, "the first that has not enough is asked"
