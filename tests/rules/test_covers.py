"""Who may decide in the place of somebody who is away, and what their word counts for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.absences import (
    Absence,
    AbsenceRefusal,
    check_cover_desks,
    check_days,
    check_may_note,
    leaning_on,
    standing_in,
)
from rules.comments import concerned
from rules.refused import Refused
from rules.reviews import Away, Review, ReviewRefusal, ReviewState, Step, Verdict
from rules.typed_dates import DateRefusal
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
    person,
    played,
    post,
    review,
)
from tests.rules.test_desks import desk

OPEN, APPROVED, CHANGES_REQUESTED, REJECTED, ENDED = ReviewState
MONDAY = date(2026, 8, 3)
SUNDAY = date(2026, 8, 9)


def away(step: Step, covers: dict[int, int | None]) -> Step:
    """The step while some of its approvers are away, each with their cover."""
    found = {who: Away(number, None, covers[who]) for number, who in enumerate(covers)}
    return replace(step, away=found)


@pytest.mark.parametrize(
    ("steps", "words", "state", "step"),
    [
        pytest.param(
            [away(any_of(ANA), {ANA: DAN})], [(DAN, APPROVE)], APPROVED, 0, id="the cover alone"
        ),
        pytest.param(
            [away(any_of(ANA), {ANA: DAN})], [(ANA, APPROVE)], APPROVED, 0, id="they themselves"
        ),
        pytest.param(
            [away(all_of(ANA, BEN), {ANA: DAN})],
            [(DAN, APPROVE)],
            OPEN,
            0,
            id="a cover is one of all",
        ),
        pytest.param(
            [away(all_of(ANA, BEN), {ANA: DAN})],
            [(DAN, APPROVE), (BEN, APPROVE)],
            APPROVED,
            0,
            id="all, one of them by a cover",
        ),
        pytest.param(
            [away(all_of(ANA, BEN), {ANA: BEN})],
            [(BEN, APPROVE)],
            APPROVED,
            0,
            id="an approver who covers fills both places",
        ),
        pytest.param(
            [away(all_of(ANA, BEN, CLEO), {ANA: DAN, BEN: DAN})],
            [(DAN, APPROVE)],
            OPEN,
            0,
            id="a cover of two fills two places of three",
        ),
        pytest.param(
            [away(at_least(2, ANA, BEN, CLEO), {ANA: BEN})],
            [(BEN, APPROVE)],
            APPROVED,
            0,
            id="two places of three",
        ),
        pytest.param(
            [away(all_of(ANA, BEN), {ANA: BEN})],
            [(ANA, APPROVE), (BEN, APPROVE)],
            APPROVED,
            0,
            id="a place is filled once, by whoever is first",
        ),
        pytest.param(
            [away(all_of(ANA, BEN), {ANA: DAN})], [(DAN, REJECT)], REJECTED, 0, id="a cover's no"
        ),
        pytest.param(
            [away(any_of(ANA), {ANA: DAN})],
            [(DAN, CHANGES)],
            CHANGES_REQUESTED,
            0,
            id="a cover asks for changes",
        ),
        pytest.param(
            [away(any_of(ANA), {ANA: DAN})],
            [(DAN, APPROVE), (DAN, UNDO)],
            OPEN,
            0,
            id="a cover takes it back",
        ),
        pytest.param(
            [away(all_of(ANA, BEN), {ANA: BEN})],
            [(BEN, APPROVE), (BEN, UNDO), (ANA, APPROVE)],
            OPEN,
            0,
            id="taken back in both places",
        ),
        pytest.param(
            [away(any_of(ANA), {ANA: DAN}), any_of(DAN)],
            [(DAN, APPROVE), (DAN, APPROVE)],
            APPROVED,
            1,
            id="a cover who is an approver later on is asked again",
        ),
        pytest.param(
            [any_of(ANA), away(any_of(BEN), {BEN: DAN}), any_of(CLEO)],
            [(ANA, APPROVE), (DAN, EDIT), (ANA, APPROVE)],
            OPEN,
            2,
            id="a cover's edit is a yes in the other's place",
        ),
        pytest.param(
            [away(all_of(ANA, BEN), {ANA: BEN})],
            [(ANA, APPROVE), (BEN, EDIT)],
            APPROVED,
            0,
            id="of a new version the other has said nothing yet",
        ),
    ],
)
def test_what_a_covers_word_does(
    steps: list[Step], words: list[Word], state: ReviewState, step: int
) -> None:
    after = played(review(*steps), *words)
    assert (after.state, after.step) == (state, step)


@pytest.mark.parametrize(
    ("steps", "words", "who", "reason"),
    [
        pytest.param(
            [away(all_of(ANA, BEN), {ANA: DAN})],
            [(ANA, APPROVE)],
            DAN,
            ReviewRefusal.PLACE_FILLED,
            id="they decided themselves",
        ),
        pytest.param(
            [away(all_of(ANA, BEN), {ANA: DAN})],
            [(DAN, APPROVE)],
            ANA,
            ReviewRefusal.PLACE_FILLED,
            id="the cover decided",
        ),
        pytest.param(
            [away(all_of(ANA, BEN), {ANA: DAN})],
            [(DAN, APPROVE)],
            DAN,
            ReviewRefusal.ALREADY_DECIDED,
            id="twice",
        ),
        pytest.param(
            [away(any_of(ANA), {ANA: DAN})],
            [(DAN, APPROVE)],
            ANA,
            ReviewRefusal.OVER,
            id="it is over",
        ),
        pytest.param([any_of(ANA)], [], DAN, ReviewRefusal.NOT_APPROVER, id="a cover no more"),
        pytest.param(
            [away(any_of(ANA), {ANA: OWNER})], [], OWNER, ReviewRefusal.OWN_POST, id="their own"
        ),
        pytest.param(
            [any_of(BEN), away(any_of(ANA), {ANA: DAN})],
            [],
            DAN,
            ReviewRefusal.NOT_APPROVER,
            id="not their step",
        ),
    ],
)
def test_whose_word_is_refused(
    steps: list[Step], words: list[Word], who: int, reason: ReviewRefusal
) -> None:
    before = played(review(*steps), *words)
    with pytest.raises(Refused) as refused:
        played(before, (who, APPROVE))
    assert refused.value.reason is reason
    assert who not in before.waiting_for


def test_the_refusal_says_whose_word_it_was_and_in_whose_place() -> None:
    before = played(review(away(all_of(ANA, BEN), {ANA: DAN})), (DAN, APPROVE))
    with pytest.raises(Refused) as refused:
        played(before, (ANA, APPROVE))
    assert refused.value.values == {
        "other": before.decisions[0],
        "place": ANA,
        "own": True,
    }


def test_whose_word_it_was_in_whose_place_stays_when_they_are_back() -> None:
    covered = played(review(away(all_of(ANA, BEN), {ANA: DAN})), (DAN, APPROVE))
    back = replace(covered, steps=(replace(covered.steps[0], away={}),))
    assert back.decisions[0].in_place_of == (ANA,)
    assert back.open_places == (BEN,)
    assert played(back, (BEN, APPROVE)).state is APPROVED
    assert played(back, (DAN, UNDO)).open_places == (ANA, BEN)


def test_who_decided_already_is_asked_again_for_who_goes_away() -> None:
    before = played(review(all_of(ANA, BEN)), (BEN, APPROVE))
    gone = replace(before, steps=(away(before.steps[0], {ANA: BEN}),))
    assert gone.asked == (BEN,)
    after = played(gone, (BEN, APPROVE))
    assert after.state is APPROVED
    assert after.approved_by == (BEN,), "named once"
    assert played(after, (BEN, UNDO)).open_places == (ANA,), "their own word stands"


@pytest.mark.parametrize(
    ("step", "asked", "waiting_for", "is_stuck"),
    [
        (any_of(ANA, BEN), (ANA, BEN), (ANA, BEN), False),
        (away(any_of(ANA, BEN), {ANA: DAN}), (DAN, BEN), (ANA, DAN, BEN), False),
        (away(any_of(ANA, BEN), {ANA: BEN}), (BEN,), (ANA, BEN), False),
        (away(any_of(ANA, BEN), {ANA: None}), (BEN,), (ANA, BEN), False),
        (away(any_of(ANA), {ANA: None}), (), (ANA,), True),
        (away(all_of(ANA, BEN), {ANA: None}), (BEN,), (ANA, BEN), True),
        (away(at_least(2, ANA, BEN, CLEO), {ANA: None}), (BEN, CLEO), (ANA, BEN, CLEO), False),
        (away(any_of(ANA), {ANA: OWNER}), (), (ANA,), True),
    ],
)
def test_who_is_asked(
    step: Step, asked: tuple[int, ...], waiting_for: tuple[int, ...], is_stuck: bool
) -> None:
    found = review(step)
    assert (found.asked, found.waiting_for, found.is_stuck) == (asked, waiting_for, is_stuck)


def test_a_comment_concerns_the_cover() -> None:
    asked = review(away(all_of(ANA, BEN), {ANA: DAN, BEN: None}))
    assert concerned(post(), asked) == (OWNER, DAN, BEN)


PEOPLE = st.sampled_from([ANA, BEN, CLEO, DAN, OWNER])
STEPS = st.lists(
    st.builds(
        lambda who, make, covers: away(
            make(*who), {a: covers[a] for a in who if a in covers and covers[a] != a}
        ),
        st.lists(st.sampled_from([ANA, BEN, CLEO]), min_size=1, unique=True),
        st.sampled_from([any_of, all_of, lambda *who: at_least(2, *who)]),
        st.dictionaries(st.sampled_from([ANA, BEN, CLEO]), st.none() | PEOPLE),
    ),
    min_size=1,
    max_size=3,
)
WORDS = st.lists(st.tuples(PEOPLE, st.sampled_from([*Verdict, APPROVE, APPROVE, UNDO, EDIT])))


def places(found: Review) -> list[set[int]]:
    """In whose places each step was approved."""
    yes = [d for d in found.standing if d.verdict is APPROVE]
    return [
        {who for d in yes if d.step == number for who in (d.person_id, *d.in_place_of)}
        & set(step.approvers)
        for number, step in enumerate(found.steps)
    ]


@given(STEPS, WORDS)
def test_whatever_is_said_it_is_approved_by_enough_places_and_by_nobody_else(
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
        assert set(state.asked) <= set(state.waiting_for)
        no = [d for d in state.standing if d.verdict is not APPROVE]
        filled = places(state)
        full = [len(have) >= s.needed for have, s in zip(filled, state.steps, strict=True)]
        assert (state.state is APPROVED) == (all(full) and not no)
        for decision in state.decisions:
            step = state.steps[decision.step]
            own = decision.person_id in step.approvers
            assert own or decision.in_place_of
            assert all(step.cover_of(a) == decision.person_id for a in decision.in_place_of)
            assert decision.person_id != OWNER, "nobody decides on their own post"
        if state.state is OPEN:
            assert state.waiting_for
            assert full.index(False) == state.step
            assert state.asked or state.is_stuck, "somebody is asked, or the managers are told"


def absence(
    who: int, cover: int | None, *, desks: frozenset[int] = frozenset(), number: int = 0
) -> Absence:
    return Absence(who, MONDAY, SUNDAY, cover, desks, number)


@pytest.mark.parametrize(
    ("covers", "found"),
    [
        ({}, None),
        ({ANA: None}, None),
        ({ANA: BEN}, BEN),
        ({ANA: BEN, BEN: CLEO}, CLEO),
        ({ANA: BEN, BEN: None}, None),
        ({ANA: BEN, BEN: ANA}, None),
        ({ANA: BEN, BEN: CLEO, CLEO: BEN}, None),
        ({ANA: DAN}, None),
        ({ANA: DAN, DAN: CLEO}, CLEO),
    ],
)
def test_who_stands_in_right_now(covers: dict[int, int | None], found: int | None) -> None:
    away = {who: absence(who, cover) for who, cover in covers.items()}
    assert standing_in(away, ANA, lambda each: each.cover_id != DAN) == found


def test_who_leans_on_somebody() -> None:
    covers = {ANA: BEN, BEN: CLEO, DAN: None}
    away = {who: absence(who, cover) for who, cover in covers.items()}
    assert leaning_on(away, {CLEO}) == {ANA, BEN, CLEO}
    assert leaning_on(away, {DAN}) == {DAN}


def test_days_that_overlap() -> None:
    this = absence(ANA, None)
    for first, last, overlaps in [
        (-3, -1, False),
        (-3, 0, True),
        (6, 9, True),
        (7, 9, False),
        (2, 3, True),
        (-1, None, True),
        (7, None, False),
        (0, -1, False),  # one that was taken back
    ]:
        until = None if last is None else MONDAY + timedelta(last)
        other = Absence(ANA, MONDAY + timedelta(first), until, None)
        assert this.overlaps(other) == other.overlaps(this) == overlaps, (first, last)


@pytest.mark.parametrize(
    ("first", "last", "reason", "field"),
    [
        (-1, 3, DateRefusal.IN_THE_PAST, "first_day"),
        (3, 2, DateRefusal.BACKWARDS, "last_day"),
        (0, 400, DateRefusal.TOO_LONG, "last_day"),
        (400, None, DateRefusal.TOO_LONG, "first_day"),
    ],
)
def test_days_that_are_refused(
    first: int, last: int | None, reason: DateRefusal, field: str
) -> None:
    until = None if last is None else MONDAY + timedelta(last)
    with pytest.raises(Refused) as refused:
        check_days(MONDAY + timedelta(first), until, MONDAY)
    assert (refused.value.reason, refused.value.field) == (reason, field)


def test_days_that_will_do() -> None:
    check_days(MONDAY, MONDAY, MONDAY)
    check_days(MONDAY, None, MONDAY)
    check_days(MONDAY + timedelta(300), MONDAY + timedelta(366), MONDAY)


def test_a_cover_is_at_every_desk_where_there_is_something_to_do() -> None:
    one, two = replace(desk(CLEO), id=1, name="social"), replace(desk(), id=2, name="brand")
    check_cover_desks(absence(ANA, BEN, desks=frozenset({1, 2, 3})), [one, two])
    check_cover_desks(absence(ANA, None), [one, two])
    with pytest.raises(Refused) as refused:
        check_cover_desks(absence(ANA, BEN, desks=frozenset({1})), [one, two])
    assert refused.value.reason is AbsenceRefusal.COVER_ELSEWHERE
    assert refused.value.field == "cover"
    assert refused.value.values["desks"] == ("brand",)


def test_who_may_say_that_somebody_is_away() -> None:
    managed = replace(desk(CLEO), managers=(BEN,))
    check_may_note(person(ANA), person(ANA), [])
    check_may_note(person(BEN), person(ANA), [managed])
    check_may_note(person(CLEO, is_admin=True), person(ANA), [managed])
    for who, whom, desks, reason in [
        (CLEO, person(ANA), [managed], AbsenceRefusal.NOT_THEIR_MANAGER),
        (BEN, person(ANA), [], AbsenceRefusal.NOT_THEIR_MANAGER),
        (BEN, replace(person(ANA), is_bot=True), [managed], AbsenceRefusal.CANNOT_BE_AWAY),
        (BEN, replace(person(ANA), is_gone=True), [managed], AbsenceRefusal.CANNOT_BE_AWAY),
    ]:
        with pytest.raises(Refused) as refused:
            check_may_note(person(who), whom, desks)
        assert refused.value.reason is reason
