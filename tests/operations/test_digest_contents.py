"""What a digest tells, and that it stays true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from operations import absences as days_off
from operations import (
    deliveries,
    desks,
    digest_contents,
    publishing,
    reviews,
)
from rules.desks import Weekday
from rules.digest_parts import parts
from rules.digests import DigestRefusal, Topic
from rules.people import Person
from rules.refused import Refused
from rules.reviews import Verdict
from storage import messages
from storage.messages import Kind
from tests.newsroom import Newsroom, at_once
from tests.operations.digest_day import (
    DAY,
    DIGEST,
    KNOW,
    LONG,
    MONDAY,
    answer,
    away,
    courier,
    of_kind,
    shown,
    standup,
    tick,
    wanted,
)


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


def test_what_it_tells_in_its_order(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    cleo = team.person("cleo")
    standup(team, desk, ann, ann, ben, cleo)
    away(team, cleo, MONDAY + 4 * DAY)
    team.sent(ann, desk, publish_at=DIGEST + timedelta(hours=3))
    team.decide(ben, team.sent(ann, desk, publish_at=DIGEST + DAY))
    team.draft(ann, desk, publish_at=DIGEST + timedelta(hours=4))
    answer(team, ben, desk, "The blend arrives", "No pictures")
    answer(team, ann, desk, "Nothing!", "-")
    tick(team, DIGEST)
    digest = shown(team).digest
    [part] = parts(digest)
    assert [section.topic for section in part] == [
        Topic.BLOCKERS,
        Topic.TODAY,
        Topic.COMING,
        Topic.WAITING,
        Topic.QUESTION,
        Topic.AWAY,
    ]
    assert [(b.person_id, b.text) for b in digest.blockers] == [(ben.id, "No pictures")]
    assert [post.code for post in digest.today] == ["P-1"]  # a draft is its owner's business
    assert [post.code for post in digest.coming] == ["P-2"]
    assert [post.code for post in digest.waiting] == ["P-1"]
    assert [(q.text, len(q.words), q.nothing) for q in digest.questions] == [(KNOW, 1, 1)]
    assert [(each.person_id, each.until) for each in digest.away] == [(cleo.id, MONDAY + 4 * DAY)]
    assert digest.answers == 2


def test_a_quiet_day(team: Newsroom, ann: Person) -> None:
    standup(team, team.desk(ann, ann), ann, ann)
    tick(team, DIGEST)
    courier(team)
    assert shown(team).digest.is_quiet
    assert of_kind(team, Kind.DIGEST_DETAIL) == []


def test_who_answers_late_or_anew_is_in_it_and_its_thread_grows(
    team: Newsroom, ann: Person
) -> None:
    crowd = [team.person(f"p{number}") for number in range(10)]
    desk = team.desk(ann, ann)
    standup(team, desk, ann, *crowd)
    tick(team, DIGEST)
    courier(team)
    answer(team, crowd[0], desk, LONG, now=DIGEST)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 2}
    courier(team)
    assert len(of_kind(team, Kind.DIGEST_DETAIL)) == 1
    for who in crowd[1:]:
        answer(team, who, desk, LONG, now=DIGEST)
    courier(team)
    root = of_kind(team, Kind.DIGEST)[0]
    there = of_kind(team, Kind.DIGEST_DETAIL)
    assert [(m.thread_of, m.channel_id, m.data["part"]) for m in there] == [
        (root.id, "C1", 0),
        (root.id, "C1", 1),
    ]
    for who in crowd:
        answer(team, who, desk, "In short", now=DIGEST)
    courier(team)
    assert len(parts(shown(team).digest)) == 1
    # What stood in the second message has moved up into the first.
    assert [bool(m.data["print"]) for m in of_kind(team, Kind.DIGEST_DETAIL)] == [True, False]


def test_only_what_shows_something_else_is_drawn_anew(team: Newsroom, ann: Person) -> None:
    crowd = [team.person(f"p{number}") for number in range(10)]
    desk = team.desk(ann, ann)
    standup(team, desk, ann, *crowd)
    for who in crowd:
        answer(team, who, desk, LONG)
    tick(team, DIGEST)
    courier(team)
    before = wanted(team, Kind.DIGEST_DETAIL)
    assert len(before) == 2
    answer(team, crowd[-1], desk, "Other", now=DIGEST)
    courier(team)
    after = wanted(team, Kind.DIGEST_DETAIL)
    assert [after[key] - before[key] for key in before] == [0, 1]


def test_a_post_that_changes_is_changed_in_it(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    standup(team, desk, ann, ann)
    review = team.sent(ann, desk, publish_at=DIGEST + timedelta(hours=3))
    tick(team, DIGEST)
    courier(team)
    key = f"digest:{desk.id}:2026-03-02"
    team.decide(ben, review)
    assert wanted(team, Kind.DIGEST) == {key: 2}
    courier(team)
    assert wanted(team, Kind.DIGEST_DETAIL) == {f"{key}:0": 2}
    assert shown(team).digest.waiting == ()
    publishing.mark_published(team.store, ann, review.post_id, "", DIGEST + timedelta(hours=3))
    assert wanted(team, Kind.DIGEST) == {key: 3}


def test_who_goes_away_after_it_was_posted_is_in_it(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, ben)
    tick(team, DIGEST)
    wished = days_off.Wanted(MONDAY, MONDAY)
    days_off.note(team.store, ben, ben, ["C1"], wished, DIGEST)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 2}
    assert [each.person_id for each in shown(team).digest.away] == [ben.id]


def test_yesterdays_digest_is_left_alone(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    standup(team, desk, ann, ann, days=(Weekday.MONDAY,))
    review = team.sent(ann, desk)
    tick(team, DIGEST)
    reviews.decide(team.store, ben, review.id, Verdict.APPROVE, "", DIGEST + DAY)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 1}


def test_answers_at_the_same_instant_are_all_in_it(team: Newsroom, ann: Person) -> None:
    crowd = [team.person(f"p{number}") for number in range(6)]
    desk = team.desk(ann, ann)
    standup(team, desk, ann, *crowd)

    def says(who: Person) -> None:
        answer(team, who, desk, LONG, LONG)

    at_once(*[lambda who=who: says(who) for who in crowd], lambda: tick(team, DIGEST))
    courier(team)
    digest = shown(team).digest
    assert digest.answers == 6
    assert len(of_kind(team, Kind.DIGEST_DETAIL)) == len(parts(digest))


# Where people from outside read along.


def test_outsiders_read_posts_and_counts_alone(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ben)
    standup(team, desk, ann, ann, ben)
    team.sent(ann, desk, publish_at=DIGEST + timedelta(hours=3))
    answer(team, ben, desk, "Between us", "No pictures")
    tick(team, DIGEST)
    desks.set_outsiders(team.store, desk, True)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 2}
    seen = shown(team)
    assert "Between us" not in repr(seen.digest)
    assert "No pictures" not in repr(seen.digest)
    assert seen.digest.today
    assert seen.digest.answers == 1
    found = digest_contents.inside(team.store, ben, seen.round.id, True)
    assert "Between us" in repr(found.digest)


def test_the_answers_are_for_the_teams_own_people(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann)
    tick(team, DIGEST)
    round_id = shown(team).round.id
    guest = replace(team.person("guest"), is_guest=True)
    with pytest.raises(Refused) as refused:
        digest_contents.inside(team.store, guest, round_id, True)
    assert refused.value.reason is DigestRefusal.FOR_THE_TEAM
    with pytest.raises(Refused):
        digest_contents.inside(team.store, team.person("ben"), round_id, False)
    assert digest_contents.inside(team.store, ann, round_id, False).round.id == round_id
    with pytest.raises(Refused):
        digest_contents.inside(team.store, replace(ann, team_id="T2"), round_id, True)


def test_many_posts_and_answers_cost_as_many_queries_as_few(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben)
    crowd = [team.person(f"p{number}") for number in range(12)]
    standup(team, desk, ann, *crowd)
    tick(team, DIGEST)
    texts: list[str] = []

    @sa.event.listens_for(team.store.engine, "before_cursor_execute")
    def keep(_c: object, _cur: object, text: str, *_: object) -> None:
        texts.append(text)

    def queries() -> int:
        texts.clear()
        shown(team)
        return len(texts)

    def fill(posts_: int, who: Sequence[Person]) -> None:
        for number in range(posts_):
            team.sent(ann, desk, publish_at=DIGEST + timedelta(hours=1 + number))
        for one in who:
            answer(team, one, desk, "Known", "Blocked", now=DIGEST)

    fill(1, crowd[:1])
    few = queries()
    fill(15, crowd[1:])
    assert queries() == few < 25


def test_what_can_not_be_delivered_is_told_to_the_managers(team: Newsroom, ann: Person) -> None:
    standup(team, team.desk(ann, ann), ann, ann)
    tick(team, DIGEST)
    [message] = of_kind(team, Kind.DIGEST)
    deliveries.fail(team.store, message, messages.State.FAILED, "is_archived", DIGEST)
    assert [m.person_id for m in of_kind(team, Kind.TROUBLE)] == [ann.id]
