"""The weekly digest: what it tells, who sees it before, and that it is posted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from operations import deliveries, desks, publishing, weekly
from operations.standups import answers
from operations.standups import settings as standup_settings
from operations.weekly import Shown
from rules.desks import Desk, Weekday
from rules.occurrences import OccurrenceKind, OccurrenceState, Skipped
from rules.people import Person
from rules.refused import Refused
from rules.standups import QuestionKind, Said, Standup, Weekly
from rules.weekly import WeeklyRefusal
from storage.messages import Kind, Message, State
from tests.newsroom import NOW, Newsroom, at_once
from tests.operations.digest_day import due, of_kind, tick

# NOW is a Monday at 10:00 in Rome; the week is looked back on on Wednesdays at 16:00.
MONDAY = date(2026, 3, 2)
POSTED = datetime(2026, 3, 4, 15, tzinfo=UTC)
DRAFTED = POSTED - timedelta(hours=1)
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


@pytest.fixture
def desk(team: Newsroom, ann: Person, ben: Person) -> Desk:
    """A desk of Ann's; Ben reads its week first."""
    found = team.desk(ann, ben)
    wanted = Standup(
        found.id,
        is_on=True,
        members=(ann.id, ben.id),
        weekly=Weekly(Weekday.WEDNESDAY, time(16), ben.id),
    )
    standup_settings.save(team.store, ann, wanted, NOW)
    return found


def draft(team: Newsroom) -> Message:
    [message] = of_kind(team, Kind.WEEKLY_DRAFT)
    return message


def shown(team: Newsroom, kind: Kind = Kind.WEEKLY_DRAFT) -> Shown:
    return weekly.show(team.store, of_kind(team, kind)[-1])


def test_one_person_sees_it_an_hour_before_and_the_channel_at_its_hour(
    team: Newsroom, desk: Desk, ben: Person
) -> None:
    tick(team, DRAFTED - timedelta(seconds=1))
    assert of_kind(team, Kind.WEEKLY_DRAFT) == []
    tick(team, DRAFTED)
    assert draft(team).person_id == ben.id
    assert of_kind(team, Kind.WEEKLY) == []
    assert not shown(team).is_posted
    tick(team, POSTED)
    tick(team, POSTED + HOUR)
    [posted] = of_kind(team, Kind.WEEKLY)
    assert posted.channel_id == "C1"
    assert shown(team).is_posted
    assert draft(team).wanted == 2
    tick(team, POSTED + WEEK)
    assert len(of_kind(team, Kind.WEEKLY)) == 2
    assert [d.state for d in due(team, OccurrenceKind.WEEKLY)[:2]] == [OccurrenceState.DONE] * 2


def test_what_a_week_comes_to(team: Newsroom, desk: Desk, ann: Person, ben: Person) -> None:
    on_time = team.sent(ann, desk, publish_at=NOW + 3 * HOUR)
    team.sent(ann, desk, publish_at=NOW + 4 * HOUR)  # nobody approves it
    team.draft(ann, desk, publish_at=NOW + HOUR)  # never sent, so it is her own business
    team.decide(ben, on_time)
    publishing.mark_published(team.store, ann, on_time.post_id, "", NOW + 3 * HOUR)
    said = (Said("Trending?", "Cold brew", QuestionKind.DUTY),)
    answers.answer(team.store, ben, MONDAY, {desk.id: said}, False, NOW)
    tick(team, DRAFTED)
    week = shown(team).week
    assert (week.published, dict(week.networks)) == (1, {"x": 1})
    assert [post.code for post in week.slipped] == ["P-2"]
    assert week.approvals is not None
    assert (week.approvals.number, week.approvals.median) == (1, timedelta())
    by_person = {
        each.person_id: (each.wrote, each.decided, each.published) for each in week.carried
    }
    assert by_person == {ann.id: (3, 0, 1), ben.id: (0, 1, 0)}
    assert [(f.person_id, f.text) for f in week.findings] == [(ben.id, "Cold brew")]


def test_what_was_before_the_week_is_not_in_it(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    old = team.sent(ann, desk, publish_at=NOW + HOUR)
    team.decide(ben, old)
    publishing.mark_published(team.store, ann, old.post_id, "", NOW + HOUR)
    tick(team, DRAFTED + WEEK)
    assert weekly.show(team.store, of_kind(team, Kind.WEEKLY_DRAFT)[-1]).week.is_quiet


def published(team: Newsroom, desk: Desk, owner: Person, approver: Person, at: datetime) -> None:
    """A post that goes out at this time."""
    review = team.sent(owner, desk, publish_at=at)
    team.decide(approver, review)
    publishing.mark_published(team.store, owner, review.post_id, "", at)


def counts(team: Newsroom) -> list[int]:
    """How many posts went out by each digest in the channel."""
    posted = of_kind(team, Kind.WEEKLY)
    return [weekly.show(team.store, message).week.published for message in posted]


def findings(team: Newsroom) -> list[list[str]]:
    """What came up by each digest in the channel."""
    posted = [weekly.show(team.store, message) for message in of_kind(team, Kind.WEEKLY)]
    return [[finding.text for finding in shown.week.findings] for shown in posted]


def on_duty(team: Newsroom, who: Person, desk: Desk, text: str, now: datetime) -> None:
    said = (Said("Trending?", text, QuestionKind.DUTY),)
    answers.answer(team.store, who, now.date(), {desk.id: said}, False, now)


def test_where_a_holiday_moves_it_nothing_is_left_out_or_told_twice(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    """Easter Monday is 6 April 2026; in Rome it is summer then, and 9:00 is 7:00 in UTC."""
    friday = datetime(2026, 3, 27, 12, tzinfo=UTC)
    form = replace(desks.form_of(desk), country="IT")
    desks.change(team.store, ann, desk.id, desk.revision, form, friday)
    known = standup_settings.show(team.store, ann, desk)
    monday = Weekly(Weekday.MONDAY, time(9), ben.id)
    standup_settings.save(team.store, ann, replace(known, weekly=monday), friday)
    first = datetime(2026, 3, 30, 7, tzinfo=UTC)
    tick(team, first)
    published(team, desk, ann, ben, first + 3 * HOUR)
    published(team, desk, ann, ben, first + WEEK + 3 * HOUR)
    tick(team, first + WEEK)
    assert counts(team) == [0]
    tick(team, first + WEEK + timedelta(days=1))
    tick(team, first + 2 * WEEK)
    assert counts(team) == [0, 2, 0]


def test_what_was_posted_to_nobody_is_told_by_the_next_one(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    tick(team, POSTED)
    published(team, desk, ann, ben, POSTED + HOUR)
    tick(team, POSTED + WEEK)
    unposted = of_kind(team, Kind.WEEKLY)[-1]
    deliveries.fail(team.store, unposted, State.FAILED, "is_archived", POSTED + WEEK)
    tick(team, POSTED + 2 * WEEK)
    tick(team, POSTED + 3 * WEEK)
    assert counts(team) == [0, 1, 1, 0]


def test_what_came_up_after_its_hour_is_told_by_the_next_one(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    answers.skip(team.store, ann, POSTED.date(), POSTED - 2 * HOUR)
    on_duty(team, ben, desk, "Cold brew", POSTED - HOUR)
    tick(team, POSTED)
    on_duty(team, ann, desk, "Hot milk", POSTED + HOUR)
    tick(team, POSTED + WEEK)
    tick(team, POSTED + 2 * WEEK)
    assert findings(team) == [["Cold brew"], ["Hot milk"], []]


def test_what_is_due_in_its_last_hour_and_stays_there_slipped_by_the_next_one(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    for due_at in (POSTED - HOUR - MINUTE, POSTED - HOUR, POSTED - HOUR / 2):
        team.decide(ben, team.sent(ann, desk, publish_at=due_at))
    for number in range(3):
        tick(team, POSTED + number * WEEK)
    posted = [weekly.show(team.store, message) for message in of_kind(team, Kind.WEEKLY)]
    slipped = [[post.code for post in shown.week.slipped] for shown in posted]
    assert slipped == [["P-1"], ["P-2", "P-3"], []]


def test_what_happens_after_it_was_posted_by_hand_is_told_by_the_next_one(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    tick(team, DRAFTED)
    published(team, desk, ann, ben, DRAFTED + MINUTE)
    weekly.post_now(team.store, ben, draft(team).id, DRAFTED + 2 * MINUTE)
    published(team, desk, ann, ben, DRAFTED + 3 * MINUTE)
    on_duty(team, ben, desk, "Cold brew", DRAFTED + 3 * MINUTE)
    tick(team, POSTED + WEEK)
    assert (counts(team), findings(team)) == ([1, 1], [[], ["Cold brew"]])


def test_whoever_posts_it_late_by_hand_posts_what_they_were_shown(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    tick(team, DRAFTED)
    published(team, desk, ann, ben, POSTED + HOUR)
    weekly.post_now(team.store, ben, draft(team).id, POSTED + 2 * HOUR)
    tick(team, POSTED + WEEK)
    assert counts(team) == [0, 1]


def test_the_named_person_edits_and_posts_it_and_then_it_stays(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    tick(team, DRAFTED)
    weekly.edit(team.store, ben, draft(team).id, " Well done ", "Rain\n")
    assert (shown(team).note, shown(team).findings) == ("Well done", "Rain")
    weekly.post_now(team.store, ben, draft(team).id, DRAFTED)
    assert (shown(team, Kind.WEEKLY).note, shown(team, Kind.WEEKLY).findings) == (
        "Well done",
        "Rain",
    )
    for call in (
        lambda: weekly.post_now(team.store, ben, draft(team).id, DRAFTED),
        lambda: weekly.edit(team.store, ben, draft(team).id, "x", ""),
        lambda: weekly.to_edit(team.store, ben, draft(team).id),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.reason is WeeklyRefusal.POSTED_ALREADY
    tick(team, POSTED)
    assert len(of_kind(team, Kind.WEEKLY)) == 1
    tick(team, POSTED + WEEK)
    assert len(of_kind(team, Kind.WEEKLY)) == 2


def test_posted_by_hand_and_by_the_clock_at_once_it_is_posted_once(
    team: Newsroom, desk: Desk, ben: Person
) -> None:
    tick(team, DRAFTED)
    number = draft(team).id
    at_once(
        lambda: tick(team, POSTED),
        lambda: weekly.post_now(team.store, ben, number, POSTED),
        lambda: tick(team, POSTED),
    )
    assert len(of_kind(team, Kind.WEEKLY)) == 1


def test_nobody_else_posts_or_edits_it(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    tick(team, DRAFTED)
    number = draft(team).id
    for who, wanted in [(ann, number), (ben, 999), (replace(ben, team_id="T2"), number)]:
        with pytest.raises(Refused) as refused:
            weekly.post_now(team.store, who, wanted, DRAFTED)
        assert refused.value.reason is WeeklyRefusal.NOT_READER
    assert of_kind(team, Kind.WEEKLY) == []


def test_after_an_hour_without_the_bot_it_is_posted_without_a_draft_and_not_at_night(
    team: Newsroom, desk: Desk
) -> None:
    tick(team, POSTED + HOUR)
    assert of_kind(team, Kind.WEEKLY_DRAFT) == []
    assert due(team, OccurrenceKind.WEEKLY_DRAFT)[0].reason == Skipped.TOO_LATE
    assert len(of_kind(team, Kind.WEEKLY)) == 1
    tick(team, POSTED + WEEK + 4 * HOUR)
    assert len(of_kind(team, Kind.WEEKLY)) == 1
    assert due(team, OccurrenceKind.WEEKLY)[1].reason == Skipped.TOO_LATE
    tick(team, POSTED + 2 * WEEK)
    assert len(of_kind(team, Kind.WEEKLY)) == 2


def test_without_a_weekly_digest_none_is_planned(team: Newsroom, desk: Desk, ann: Person) -> None:
    known = standup_settings.show(team.store, ann, desk)
    standup_settings.save(team.store, ann, replace(known, weekly=None), NOW)
    tick(team, POSTED)
    assert of_kind(team, Kind.WEEKLY) == of_kind(team, Kind.WEEKLY_DRAFT) == []
    assert {d.reason for d in due(team, OccurrenceKind.WEEKLY)} == {Skipped.SWITCHED_OFF}


def test_people_from_outside_do_not_read_who_carried_what(
    team: Newsroom, desk: Desk, ann: Person, ben: Person
) -> None:
    team.draft(ann, desk)
    desks.set_outsiders(team.store, desk, True)
    tick(team, DRAFTED)
    assert shown(team).week.carried
    weekly.edit(team.store, ben, draft(team).id, "", "Between us")
    tick(team, POSTED)
    posted = shown(team, Kind.WEEKLY)
    assert (posted.week.carried, posted.findings) == ((), None)
