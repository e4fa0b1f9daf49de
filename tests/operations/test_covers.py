"""What waits for somebody who is away goes to whoever stands in, and comes back."""

from datetime import timedelta
from functools import partial

import pytest

from operations import absences, comings, owners, people, posts, reviews, timetable
from rules.absences import Absence, AbsenceRefusal
from rules.desks import Need
from rules.people import Person
from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import (
    Away,
    Quorum,
    QuorumKind,
    Review,
    ReviewRefusal,
    ReviewState,
    Step,
    Verdict,
)
from storage.desks import add_policy
from storage.history import Event
from storage.people import Profile
from tests.newsroom import NOW, TEAM, Newsroom, at_once
from tests.operations.away import (
    A_DAY,
    FRIDAY,
    TODAY,
    WEDNESDAY,
    days_off,
    due,
    midnight,
    queue,
    refusal,
    tick,
)

ROUNDS = 6


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


@pytest.fixture
def cleo(team: Newsroom) -> Person:
    return team.person("cleo")


@pytest.fixture
def dan(team: Newsroom) -> Person:
    return team.person("dan")


def test_what_waits_goes_to_the_cover_and_comes_back(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    review = team.sent(ann, desk)
    team.told()
    absence = team.away(ben, WEDNESDAY, FRIDAY, cleo)
    assert team.told() == {("covering", "cleo")}
    assert team.review(review).asked == (ben.id,)

    tick(team, midnight(WEDNESDAY))
    found = team.review(review)
    assert found.current.away == {ben.id: Away(absence.id, FRIDAY, cleo.id)}
    assert (found.asked, queue(team, cleo)) == ((cleo.id,), [review.post_id])
    cards = {("DRAFT_CARD", "ann"), ("CHANNEL_CARD", "C1"), ("APPROVER_CARD", "ben")}
    assert team.told() == {*cards, ("approver_card", "cleo"), ("COVERING", "cleo")}
    tick(team, midnight(FRIDAY))
    assert team.told() == set()

    tick(team, midnight(FRIDAY + A_DAY))
    assert team.review(review).current.away == {}
    assert team.review(review).asked == (ben.id,)
    assert queue(team, cleo) == []
    assert team.told() == {*cards, ("APPROVER_CARD", "cleo"), ("COVERING", "cleo")}
    assert refusal(lambda: team.decide(cleo, review)).reason is ReviewRefusal.NOT_APPROVER
    assert absences.told(team.store, TEAM, absence.id)[1], "it is over"


def test_away_from_today_is_at_once(team: Newsroom, ann: Person, ben: Person, cleo: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.away(ben, TODAY, None, cleo)
    assert team.review(review).asked == (cleo.id,)
    assert due(team, ben) == [], "without a last day until they say so"
    team.back(ben)
    assert team.review(review).asked == (ben.id,)
    assert days_off(team, ben).current is None


def test_who_stays_away_for_longer_gives_the_cover_no_second_card(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.away(ben, TODAY, WEDNESDAY, cleo)
    team.told()
    for last in (FRIDAY, FRIDAY + A_DAY):
        absence = team.away(ben, TODAY, last, cleo)
        assert team.review(review).current.away == {ben.id: Away(absence.id, last, cleo.id)}
        assert {kind for kind, who in team.told() if who == "cleo"} == {
            "APPROVER_CARD",
            "COVERING",
            "covering",
        }
    team.back(ben)
    team.told()
    team.away(ben, TODAY, FRIDAY, cleo)
    assert ("approver_card", "cleo") in team.told(), "asked anew: the first one is far up"


def test_a_cover_has_a_card_for_what_is_asked_again(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    """When the absence began there was nothing to do for the cover."""
    review = team.sent(ann, team.desk(ann, ben, dan, need=Need.ALL))
    team.decide(ben, review)
    team.away(ben, TODAY, FRIDAY, cleo)
    assert ("approver_card", "cleo") not in team.told()
    team.undo(ben, review)
    assert ("approver_card", "cleo") in team.told()


def test_what_is_sent_meanwhile_goes_to_the_cover_at_once(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    absence = team.away(ben, TODAY, FRIDAY, cleo)
    team.told()
    review = team.sent(ann, desk)
    assert review.current.away == {ben.id: Away(absence.id, FRIDAY, cleo.id)}, "the answer says so"
    assert ("approver_card", "cleo") in team.told()
    tick(team, midnight(FRIDAY + A_DAY))
    assert ("approver_card", "ben") in team.told(), "who was away is asked when they are back"


def test_a_cover_decides_in_their_place_and_the_record_says_for_whom(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    team.away(ben, TODAY, FRIDAY, cleo)
    review = team.sent(ann, desk)
    assert team.decide(cleo, review).post.status is Status.APPROVED
    decision = team.review(review).decisions[0]
    assert (decision.person_id, decision.in_place_of) == (cleo.id, (ben.id,))
    said = team.entries(review.post_id)[-1]
    assert (said.event, said.actor.person_id) == (Event.DECIDED, cleo.id)
    assert said.data["for"] == [ben.id]
    team.undo(cleo, review)
    assert queue(team, cleo) == queue(team, ben) == [review.post_id]


def test_whoever_is_away_may_decide_all_the_same(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    desk = team.desk(ann, ben, dan, need=Need.ALL)
    team.away(ben, TODAY, FRIDAY, cleo)
    review = team.sent(ann, desk)
    team.decide(ben, review)
    assert queue(team, cleo) == []
    late = refusal(lambda: team.decide(cleo, review))
    assert late.reason is ReviewRefusal.PLACE_FILLED
    assert team.decide(dan, review).post.status is Status.APPROVED


def test_one_yes_fills_every_place_that_its_author_holds(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    """Two who are away with one cover, who is an approver too."""
    desk = team.desk(ann, ben, cleo, dan, need=Need.ALL)
    team.away(ben, TODAY, FRIDAY, dan)
    team.away(cleo, TODAY, FRIDAY, dan)
    team.told()
    review = team.sent(ann, desk)
    cards = [told for told in team.told() if told[0] == "approver_card"]
    assert cards == [("approver_card", "dan")], "one card for all three"
    assert team.decide(dan, review).post.status is Status.APPROVED
    assert team.review(review).decisions[0].in_place_of == (ben.id, cleo.id)


def test_who_has_said_yes_is_asked_again_for_who_goes_away_then(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben, cleo, need=Need.ALL))
    team.decide(cleo, review)
    team.told()
    team.away(ben, TODAY, FRIDAY, cleo)
    assert ("approver_card", "cleo") in team.told(), "a new card: the first is far up"
    assert queue(team, cleo) == [review.post_id]
    assert team.decide(cleo, review).post.status is Status.APPROVED
    assert [d.in_place_of for d in team.review(review).decisions] == [(), (ben.id,)]


def test_a_cover_who_goes_away_too_is_covered(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.away(ben, TODAY, FRIDAY, cleo)
    team.away(cleo, WEDNESDAY, WEDNESDAY, dan)
    assert team.review(review).asked == (cleo.id,)
    tick(team, midnight(WEDNESDAY))
    assert team.review(review).asked == (dan.id,)
    tick(team, midnight(WEDNESDAY + A_DAY))
    assert team.review(review).asked == (cleo.id,)


def test_the_managers_hear_once_where_nobody_covers(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(cleo, ben)
    for _ in range(2):
        team.sent(ann, desk)
    team.told()
    team.away(ben, WEDNESDAY, FRIDAY)
    assert team.told() == set()
    tick(team, midnight(WEDNESDAY))
    assert [told for told in team.told() if told[0] == "no_cover"] == [("no_cover", "cleo")]
    team.sent(ann, desk)
    assert "no_cover" not in {kind for kind, _ in team.told()}
    team.away(ben, WEDNESDAY, FRIDAY, cleo, now=midnight(WEDNESDAY))
    assert ("NO_COVER", "cleo") in team.told(), "and that it is settled"


@pytest.mark.parametrize("need", [Need.ANY, Need.ALL])
def test_the_managers_hear_nothing_where_the_others_are_enough(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person, need: Need
) -> None:
    team.sent(ann, team.desk(dan, ben, cleo, need=need))
    team.told()
    team.away(ben, TODAY, FRIDAY)
    assert (("no_cover", "dan") in team.told()) == (need is Need.ALL)


def test_nobody_covers_for_their_own_post(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    team.away(ben, TODAY, FRIDAY, cleo)
    team.told()
    own, other = team.sent(cleo, desk), team.sent(ann, desk)
    assert own.current.away[ben.id].cover_id is None
    assert other.asked == (cleo.id,)
    assert queue(team, cleo) == [other.post_id]
    assert ("no_cover", "ann") in team.told()
    assert refusal(lambda: team.decide(cleo, own)).reason is ReviewRefusal.OWN_POST


def test_whoever_owns_a_post_by_now_covers_for_nobody_in_it(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    review = team.sent(ann, desk)
    owners.hand_over(team.store, ann, review.post_id, cleo, True, NOW)
    team.away(ben, TODAY, FRIDAY, cleo)
    assert team.review(review).asked == ()
    owners.hand_over(team.store, ann, review.post_id, ann, True, NOW)
    assert team.review(review).asked == (cleo.id,)


def test_a_post_is_not_handed_over_to_who_covers(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    team.away(ben, TODAY, FRIDAY, cleo)
    review = team.sent(ann, desk)
    hand_over = partial(owners.hand_over, team.store, ann, review.post_id, cleo, True, NOW)
    assert refusal(hand_over).reason is PostRefusal.OWNER_APPROVES


def test_of_a_desk_that_they_are_not_in_nothing_reaches_the_cover(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    team.desk(ann, ben)
    team.desk(ann, ben, channel="C2")
    elsewhere = refusal(lambda: team.away(ben, TODAY, FRIDAY, cleo))
    assert elsewhere.reason is AbsenceRefusal.COVER_ELSEWHERE
    assert elsewhere.values["desks"] == ("social-C2",)
    assert days_off(team, ben).current is None
    # The cover of their cover may be there or not.
    team.away(ben, TODAY, FRIDAY, cleo, channels=("C1", "C2"))
    team.away(cleo, TODAY, FRIDAY, dan)
    assert team.sent(ann, team.desk(ann, ben)).asked == (dan.id,)
    other = team.sent(ann, team.desk(ann, ben, channel="C2"))
    assert other.asked == ()
    assert ("no_cover", "ann") in team.told()

    joined = partial(comings.cover_moved, team.store, TEAM, "U-dan", "C2", now=NOW)
    joined(joined=True)
    assert team.review(other).asked == (dan.id,)
    joined(joined=False)
    assert team.review(other).asked == ()


def test_a_cover_who_left_the_workspace_is_none(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    team.away(ben, TODAY, FRIDAY, cleo)
    review = team.sent(ann, desk)
    people.remember(team.store, TEAM, Profile("U-cleo", "cleo", "UTC", "en", is_gone=True), NOW)
    assert team.review(review).asked == ()
    assert team.sent(ann, desk).asked == ()


def test_they_cover_for_each_other(team: Newsroom, ann: Person, ben: Person, cleo: Person) -> None:
    desk = team.desk(ann, ben, cleo)
    team.away(ben, TODAY, FRIDAY, cleo)
    team.away(cleo, WEDNESDAY, FRIDAY + A_DAY, ben)
    review = team.sent(ann, desk)
    assert review.asked == (cleo.id,)
    team.told()
    tick(team, midnight(WEDNESDAY))
    assert team.review(review).asked == ()
    assert ("no_cover", "ann") in team.told()
    tick(team, midnight(FRIDAY + A_DAY))
    assert team.review(review).asked == (ben.id,)


def test_the_next_step_asks_who_is_there_then(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    desk = team.desk(ann, ben)
    steps = (Step((ben.id,), Quorum(QuorumKind.ANY)), Step((cleo.id,), Quorum(QuorumKind.ANY)))
    with team.store.write() as tx:
        add_policy(tx, desk.id, 2, steps, False, ann.id, NOW)
    review = team.sent(ann, desk)
    team.away(cleo, WEDNESDAY, FRIDAY, dan)
    team.told()
    team.decide(ben, review, now=midnight(WEDNESDAY))
    assert team.review(review).asked == (dan.id,)
    assert ("approver_card", "dan") in team.told()
    assert team.decide(dan, review).post.status is Status.APPROVED
    # What is taken back goes to who is there by then.
    team.undo(dan, review, now=midnight(FRIDAY + A_DAY))
    assert team.review(review).asked == (cleo.id,)


def test_a_cover_edits_and_approves(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    desk = team.desk(ann, ben, dan, need=Need.ALL)
    team.away(ben, TODAY, FRIDAY, cleo)
    review = team.sent(ann, desk)
    team.edit_and_approve(cleo, review, "Hello from the cover")
    shown = posts.show(team.store, TEAM, review.post_id)
    assert shown.review is not None
    assert shown.review.decisions[0].in_place_of == (ben.id,)
    assert shown.review.open_places == (dan.id,)
    assert team.decide(dan, shown.review).post.status is Status.APPROVED


def outcome(team: Newsroom, review: Review) -> tuple[ReviewState, set[int]]:
    found = team.review(review)
    return found.state, {d.person_id for d in found.standing}


def test_an_approver_and_their_cover_at_the_same_instant(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    desk = team.desk(ann, ben, dan, need=Need.ALL)
    team.away(ben, TODAY, FRIDAY, cleo)
    for _ in range(ROUNDS):
        review = team.sent(ann, desk)
        answers = at_once(partial(team.decide, ben, review), partial(team.decide, cleo, review))
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        assert [each.reason for each in refused] == [ReviewRefusal.PLACE_FILLED]
        assert len(team.review(review).decisions) == 1
        assert outcome(team, review)[0] is ReviewState.OPEN, "the place counts once"


def test_the_cover_decides_while_they_come_back(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    for _ in range(ROUNDS):
        team.away(ben, TODAY, FRIDAY, cleo)
        review = team.sent(ann, desk)
        decided, back = at_once(
            partial(team.decide, cleo, review, Verdict.REJECT), partial(team.back, ben)
        )
        assert isinstance(back, Absence)
        if isinstance(decided, Refused):
            assert decided.reason is ReviewRefusal.NOT_APPROVER
            assert team.review(review).asked == (ben.id,)
        else:
            assert outcome(team, review) == (ReviewState.REJECTED, {cleo.id})
            assert team.review(review).decisions[0].in_place_of == (ben.id,)


def test_it_is_sent_while_the_approver_goes_away(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    for _ in range(ROUNDS):
        post = team.draft(ann, desk)
        send = partial(reviews.send, team.store, ann, post.id, 1, NOW)
        at_once(send, partial(team.away, ben, TODAY, FRIDAY, cleo))
        review = posts.show(team.store, TEAM, post.id).review
        assert review is not None
        # PostgreSQL may show neither of them the other.
        tick(team, NOW + timedelta(minutes=1))
        assert team.review(review).asked == (cleo.id,)
        team.back(ben)


def test_it_begins_in_two_processes_at_once(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    desk = team.desk(ann, ben)
    made = [team.sent(ann, desk) for _ in range(5)]
    team.told()
    team.away(ben, WEDNESDAY, FRIDAY, cleo)
    team.told()
    run = partial(timetable.run_due, team.store, midnight(WEDNESDAY))
    at_once(run, run, run)
    assert queue(team, cleo) == [review.post_id for review in made]
    cards = [told for told in team.told() if told == ("approver_card", "cleo")]
    assert cards, "they are a set: one for each is what their keys are for"
