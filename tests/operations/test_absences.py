"""Who is away, and what goes to whoever stands in, at the moments when it begins and ends."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from operations import absences, comings, owners, posts, reviews, timetable
from operations.absences import DaysOff, Wanted
from rules.absences import Absence, AbsenceRefusal
from rules.desks import Desk, Need
from rules.occurrences import Occurrence, OccurrenceKind, OccurrenceState
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
from rules.typed_dates import DateRefusal
from storage import occurrences
from storage.desks import add_policy
from storage.history import Event
from storage.people import Profile, save
from storage.tables import absences as absences_table
from tests.newsroom import NOW, TEAM, Newsroom, at_once

ROUNDS = 6
TODAY = date(2026, 3, 2)  # a Monday, in Rome an hour ahead of UTC
FRIDAY = date(2026, 3, 6)
WEDNESDAY = date(2026, 3, 4)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


def midnight(day: date, hours_ahead: int = 1) -> datetime:
    """When a day begins in Rome in winter, or that many hours ahead of UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=hours_ahead)


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


def refusal(call: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value


def tick(team: Newsroom, now: datetime) -> None:
    """The clock shows `now`, and all that is due is done."""
    while timetable.run_due(team.store, now):
        pass


def days_off(team: Newsroom, who: Person) -> DaysOff:
    return absences.days_off(team.store, who)


def due(team: Newsroom, who: Person) -> list[tuple[OccurrenceKind, datetime]]:
    with team.store.write() as tx:
        found = occurrences.waiting(tx, tuple(OccurrenceKind), person_id=who.id)
    return [(each.kind, each.due_at) for each in found if "again" not in each.data]


def occurrence(team: Newsroom, key: str) -> Occurrence:
    with team.store.read() as tx:
        found = occurrences.by_key(tx, TEAM, key)
    assert found is not None
    return found


def queue(team: Newsroom, who: Person) -> list[int]:
    return [shown.post.id for shown in reviews.queue(team.store, who)]


def test_an_absence_begins_and_ends_at_their_own_midnight(team: Newsroom, ann: Person) -> None:
    far = team.person("far", zone="America/New_York")
    near = team.away(ann, WEDNESDAY, FRIDAY)
    team.away(far, WEDNESDAY, FRIDAY)
    assert due(team, ann) == [
        (OccurrenceKind.AWAY, midnight(WEDNESDAY)),
        (OccurrenceKind.BACK, midnight(FRIDAY + A_DAY)),
    ]
    assert due(team, far) == [
        (OccurrenceKind.AWAY, midnight(WEDNESDAY, -5)),
        (OccurrenceKind.BACK, midnight(FRIDAY + A_DAY, -5)),
    ]
    for at, current, coming in [
        (midnight(WEDNESDAY) - AN_HOUR, None, (near,)),
        (midnight(WEDNESDAY), near, ()),
        (midnight(FRIDAY + A_DAY) - AN_HOUR, near, ()),
        (midnight(FRIDAY + A_DAY), None, ()),
    ]:
        tick(team, at)
        found = days_off(team, ann)
        assert (found.current, found.coming) == (current, coming)


def test_the_clocks_change_while_they_are_away(team: Newsroom, ann: Person) -> None:
    team.away(ann, date(2026, 3, 27), date(2026, 3, 29))  # to summer time on the 29th
    back = datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert due(team, ann)[1] == (OccurrenceKind.BACK, back)


def test_in_another_zone_the_same_days_begin_at_another_moment(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    review = team.sent(ben, team.desk(ben, ann))
    team.away(ann, WEDNESDAY, FRIDAY, cleo)
    moved = team.person("ann", zone="Asia/Tokyo")
    assert due(team, moved) == [
        (OccurrenceKind.AWAY, midnight(WEDNESDAY, 9)),
        (OccurrenceKind.BACK, midnight(FRIDAY + A_DAY, 9)),
    ]
    tick(team, midnight(WEDNESDAY, 9))
    assert queue(team, cleo) == [review.post_id]
    # Further west it isn't Wednesday yet, and then it is once more.
    night = midnight(WEDNESDAY, 9)
    moved = team.person("ann", zone="America/New_York", now=night)
    assert queue(team, cleo) == []
    assert due(team, moved)[0] == (OccurrenceKind.AWAY, midnight(WEDNESDAY, -5))
    tick(team, midnight(WEDNESDAY, -5))
    assert queue(team, cleo) == [review.post_id]
    # Back in the east their Friday is over already.
    evening = midnight(FRIDAY + A_DAY, -5) - AN_HOUR
    team.person("ann", zone="Asia/Tokyo", now=evening)
    assert queue(team, cleo) == []
    tick(team, evening)
    assert due(team, moved) == []


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
    assert absences.told(team.store, absence.id)[1], "it is over"


def test_away_from_today_is_at_once(team: Newsroom, ann: Person, ben: Person, cleo: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.away(ben, TODAY, None, cleo)
    assert team.review(review).asked == (cleo.id,)
    assert due(team, ben) == [], "without a last day until they say so"
    team.back(ben)
    assert team.review(review).asked == (ben.id,)
    assert days_off(team, ben).current is None


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
    with team.store.write() as tx:
        save(tx, TEAM, Profile("U-cleo", "cleo", "UTC", "en", is_gone=True), NOW)
    assert team.sent(ann, desk).asked == ()


@pytest.mark.parametrize(
    ("said", "held"),
    [
        pytest.param([(2, 4), (6, 8)], [(2, 4), (6, 8)], id="two that lie apart"),
        pytest.param([(0, 4), (0, 9)], [(0, 9)], id="longer"),
        pytest.param([(0, 9), (0, 4)], [(0, 4)], id="shorter"),
        pytest.param([(2, 9), (4, 9)], [(4, 9)], id="one that had not begun goes later"),
        pytest.param([(0, 6), (4, 9)], [(0, 3), (4, 9)], id="goes on after one that has begun"),
        pytest.param([(2, 4), (6, 8), (3, 7)], [(3, 7)], id="over two of them"),
        pytest.param([(0, None), (0, 4)], [(0, 4)], id="now it has an end"),
        pytest.param([(5, 9), (0, None)], [(0, None)], id="without an end, over what was to come"),
        pytest.param([(0, 4), (0, 4)], [(0, 4)], id="submitted twice"),
    ],
)
def test_what_was_said_last_holds(
    team: Newsroom,
    ann: Person,
    said: list[tuple[int, int | None]],
    held: list[tuple[int, int | None]],
) -> None:
    def day(number: int | None) -> date | None:
        return None if number is None else TODAY + timedelta(number)

    for first, last in said:
        team.away(ann, TODAY + timedelta(first), day(last))
    own = days_off(team, ann).own
    assert [(each.first, each.last) for each in own] == [(day(f), day(t)) for f, t in held]
    assert len(due(team, ann)) == sum((first > 0) + (last is not None) for first, last in held)
    tick(team, midnight(TODAY + timedelta(12)))
    if all(last is not None for _, last in held):
        assert due(team, ann) == []
        assert days_off(team, ann).own == ()


def test_the_same_form_twice_is_one_absence(team: Newsroom, ann: Person, ben: Person) -> None:
    first = team.away(ann, TODAY, FRIDAY, ben)
    team.told()
    assert team.away(ann, TODAY, FRIDAY, ben) == first
    assert team.told() == set()
    assert team.count(absences_table) == 1


def test_another_cover_is_told_and_the_first_one_too(
    team: Newsroom, ann: Person, ben: Person, cleo: Person, dan: Person
) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    team.away(ben, TODAY, FRIDAY, cleo)
    team.told()
    team.away(ben, TODAY, FRIDAY, dan)
    told = team.told()
    assert {("covering", "dan"), ("COVERING", "cleo"), ("approver_card", "dan")} <= told
    assert team.review(review).asked == (dan.id,)
    assert queue(team, cleo) == []


def test_back_before_the_time(team: Newsroom, ann: Person, ben: Person, cleo: Person) -> None:
    review = team.sent(ann, team.desk(ann, ben))
    absence = team.away(ben, TODAY, FRIDAY, cleo)
    later = NOW + 2 * A_DAY
    team.back(ben, now=later)
    assert team.review(review).asked == (ben.id,)
    assert due(team, ben) == []
    assert occurrence(team, f"back:{absence.id}").state is OccurrenceState.SKIPPED
    found = absences.told(team.store, absence.id)[0]
    assert found.last == TODAY + A_DAY, "the days that they were away stay noted"
    again = refusal(lambda: team.back(ben, now=later))
    assert again.reason is AbsenceRefusal.NOT_AWAY
    # And off again on the same day.
    team.away(ben, WEDNESDAY, FRIDAY, cleo, now=later)
    assert team.review(review).asked == (cleo.id,)


def test_one_that_is_to_come_can_be_cancelled(team: Newsroom, ann: Person, ben: Person) -> None:
    absence = team.away(ann, WEDNESDAY, FRIDAY, ben)
    not_now = refusal(lambda: team.back(ann))
    assert not_now.values["coming"] == [absence]
    absences.back(team.store, ann, ann, (), NOW, absence.id)
    assert days_off(team, ann) == DaysOff(None, (), (), {ann.id: ann})
    assert due(team, ann) == []
    gone = refusal(lambda: absences.back(team.store, ann, ann, (), NOW, absence.id))
    assert gone.reason is AbsenceRefusal.NOT_AWAY


def test_a_manager_says_it_for_them_and_they_are_told(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    team.desk(ann, ben)
    team.away(ben, TODAY, FRIDAY, cleo, by=ann)
    assert {("marked_away", "ben"), ("covering", "cleo")} <= team.told()
    team.back(ben, by=ann)
    assert ("marked_away", "ben") in team.told()
    for act in (
        lambda: team.away(ann, TODAY, FRIDAY, by=ben),
        lambda: team.back(ann, by=ben),
        lambda: absences.note(team.store, ann, ben, ("C9",), Wanted(TODAY, FRIDAY), NOW),
    ):
        assert refusal(act).reason is AbsenceRefusal.NOT_THEIR_MANAGER


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (TODAY - A_DAY, FRIDAY, DateRefusal.IN_THE_PAST),
        (FRIDAY, TODAY, DateRefusal.BACKWARDS),
        (TODAY, TODAY + timedelta(400), DateRefusal.TOO_LONG),
    ],
)
def test_days_that_are_refused(
    team: Newsroom, ann: Person, first: date, last: date, reason: DateRefusal
) -> None:
    assert refusal(lambda: team.away(ann, first, last)).reason is reason
    assert team.count(absences_table) == 0


def test_covers_that_are_refused(team: Newsroom, ann: Person, ben: Person) -> None:
    team.away(ben, TODAY, FRIDAY)
    for cover, reason in [
        (ann, AbsenceRefusal.COVER_IS_ONESELF),
        (ben, AbsenceRefusal.COVER_AWAY),
    ]:
        refused = refusal(partial(team.away, ann, TODAY, WEDNESDAY, cover))
        assert (refused.reason, refused.field) == (reason, "cover")
    team.away(ann, TODAY, FRIDAY + A_DAY, ben)  # who is there for a part of it


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


def test_two_say_at_the_same_instant_that_one_is_away(
    team: Newsroom, ann: Person, ben: Person, cleo: Person
) -> None:
    team.desk(ann, ben)
    for _ in range(ROUNDS):
        at_once(
            partial(team.away, ben, TODAY, FRIDAY, cleo),
            partial(team.away, ben, TODAY, WEDNESDAY, ann, by=ann),
        )
        found = days_off(team, ben)
        assert found.current is not None
        assert found.coming == ()
        assert due(team, ben) == [
            (OccurrenceKind.BACK, midnight((found.current.last or FRIDAY) + A_DAY))
        ]
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


def test_desks_of_other_workspaces_are_no_matter(team: Newsroom, ann: Person) -> None:
    other = team.person("zoe", team_id="T2")
    desk: Desk = team.desk(ann, team.person("ben"))
    team.away(other, TODAY, FRIDAY)
    assert team.sent(ann, desk).current.away == {}
