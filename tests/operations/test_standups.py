"""A desk's standup: set by its managers, asked each morning, answered or skipped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from operations import desks, duty, people, timetable
from operations.standups import answers, mornings, planning, plates, rounds, settings
from rules.absences import Absence
from rules.desks import Desk
from rules.occurrences import OccurrenceKind, OccurrenceState, Skipped
from rules.people import Person
from rules.refused import Refused
from rules.reviews import Verdict
from rules.standups import (
    AnswerState,
    QuestionKind,
    Said,
    Standup,
    StandupRefusal,
)
from rules.working_time import Weekday
from storage import absences, messages, occurrences, standups
from storage.messages import Kind
from storage.people import Profile
from storage.tables import answers as answers_table
from storage.tables import messages as messages_table
from storage.tables import occurrences as occurrences_table
from tests.newsroom import TEAM, Newsroom, at_once

# A Monday, 6:00 in Rome.
DAWN = datetime(2026, 3, 2, 5, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
NINE = DAWN + timedelta(hours=3)  # in Rome
DAY = timedelta(1)
HOUR = timedelta(hours=1)
GONE = Profile("U-ben", "ben", "Europe/Rome", "en", is_gone=True)
WORDS = (Said("What blocks you?", "The logo", QuestionKind.BLOCKER),)


def standup(team: Newsroom, desk: Desk, *members: Person, **more: object) -> Standup:
    """Sets a desk's standup, as its manager does."""
    with team.store.read() as tx:
        before = standups.by_desk(tx, desk.id) or Standup(desk.id)
    manager = people.by_ids(team.store, desk.managers)[desk.managers[0]]
    wanted = replace(before, is_on=True, members=tuple(m.id for m in members), **more)  # type: ignore[arg-type]
    return settings.save(team.store, manager, wanted, DAWN)


def tick(team: Newsroom, now: datetime) -> None:
    while timetable.run_due(team.store, now):
        pass


def prompts(team: Newsroom, who: Person) -> list[tuple[str, str]]:
    """What became of somebody's mornings: the day, and how it ended."""
    table = occurrences_table
    query = sa.select(table).filter_by(person_id=who.id, kind=OccurrenceKind.PROMPT)
    with team.store.read() as tx:
        rows = tx.execute(query.order_by(table.c.local_date)).all()
    return [(row.local_date.strftime("%a %d"), row.reason or row.state) for row in rows]


def due(team: Newsroom, who: Person) -> datetime | None:
    with team.store.write() as tx:
        found = occurrences.waiting(tx, [OccurrenceKind.PROMPT], person_id=who.id)
    assert len(found) < 2
    return found[0].due_at if found else None


def prompts_of(tx: sa.Connection, who: Person) -> list[sa.Row[tuple[object, ...]]]:
    query = sa.select(messages_table).filter_by(person_id=who.id, kind=Kind.PROMPT)
    return list(tx.execute(query.order_by(messages_table.c.id)))


def got(team: Newsroom, who: Person) -> int:
    with team.store.read() as tx:
        return len(prompts_of(tx, who))


def moves(team: Newsroom, who: Person, zone: str, now: datetime) -> Person:
    return people.remember(team.store, TEAM, Profile(f"U-{who.name}", who.name, zone, "en"), now)


def is_away(team: Newsroom, who: Person, first: date, last: date | None) -> None:
    with team.store.write() as tx:
        absences.add(tx, TEAM, Absence(who.id, first, last, None), who.id, DAWN)


def refused(call: Callable[[], object]) -> StandupRefusal:
    with pytest.raises(Refused) as found:
        call()
    assert isinstance(found.value.reason, StandupRefusal)
    return found.value.reason


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    return team.person("ben")


@pytest.fixture
def desk(team: Newsroom, ann: Person, ben: Person) -> Desk:
    return team.desk(ann, ben)


# Settings.


def test_it_is_off_until_asked_for(team: Newsroom, ann: Person, desk: Desk) -> None:
    found = settings.show(team.store, ann, desk)
    assert (found.is_on, found.members, found.revision) == (False, (), 0)
    assert found.questions == ("What should the team know?", "What blocks you?")
    tick(team, NINE)
    assert team.count(occurrences_table) == 0


def test_only_managers_set_it(team: Newsroom, ben: Person, desk: Desk) -> None:
    for call in (
        lambda: settings.show(team.store, ben, desk),
        lambda: settings.save(team.store, ben, Standup(desk.id), DAWN),
        lambda: rounds.who_answered(team.store, ben, desk, DAWN),
        lambda: rounds.ask_everybody(team.store, ben, desk, DAWN),
    ):
        with pytest.raises(Refused, match="NOT_MANAGER"):
            call()


def test_a_sleeping_desk_has_none(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    desks.bot_removed(team.store, TEAM, desk.channel_id, "E1", DAWN)
    asleep = desks.by_id(team.store, TEAM, desk.id)
    with pytest.raises(Refused, match="ASLEEP"):
        settings.show(team.store, ann, asleep)
    with pytest.raises(Refused, match="ASLEEP"):
        settings.save(team.store, ann, Standup(desk.id, revision=1), DAWN)
    tick(team, NINE)
    assert prompts(team, ann) == [("Mon 02", Skipped.SWITCHED_OFF)]
    desks.bot_added(team.store, TEAM, desk.channel_id, ann, "E2", NINE)
    assert due(team, ann) == NINE + DAY


def test_the_second_of_two_changes_is_told(team: Newsroom, ann: Person, desk: Desk) -> None:
    seen = standup(team, desk, ann)
    settings.save(team.store, ann, replace(seen, prompt_at=time(8)), DAWN)
    late = replace(seen, prompt_at=time(7))
    told = refused(lambda: settings.save(team.store, ann, late, DAWN))
    assert told is StandupRefusal.CHANGED_MEANWHILE
    # The same form twice, as a lost answer makes of it, is no change.
    again = replace(seen, prompt_at=time(8))
    assert settings.save(team.store, ann, again, DAWN).revision == 2


def test_the_duty_begins_with_the_first_of_the_list(
    team: Newsroom, ann: Person, ben: Person, desk: Desk
) -> None:
    kept = standup(team, desk, ann, ben, duty=(ben.id, ann.id))
    assert kept.duty_from == MONDAY
    assert mornings.to_answer(team.store, ben, MONDAY, DAWN).asked[0].on_duty
    assert not mornings.to_answer(team.store, ann, MONDAY, DAWN).asked[0].on_duty
    is_away(team, ben, MONDAY, None)
    assert mornings.to_answer(team.store, ann, MONDAY, DAWN).asked[0].on_duty


def test_who_has_left_has_the_duty_no_more(
    team: Newsroom, ann: Person, ben: Person, desk: Desk
) -> None:
    standup(team, desk, ann, ben, duty=(ben.id, ann.id))
    people.remember(team.store, TEAM, GONE, DAWN)
    assert mornings.to_answer(team.store, ann, MONDAY, DAWN).asked[0].on_duty
    with team.store.read() as tx:
        assert duty.on_duty(tx, desk, DAWN) == ann.id


# Being asked.


def test_each_is_asked_once_in_their_own_morning(
    team: Newsroom, ann: Person, ben: Person, desk: Desk
) -> None:
    ben = moves(team, ben, "America/New_York", DAWN)
    standup(team, desk, ann, ben)
    assert due(team, ann) == NINE
    assert due(team, ben) == datetime(2026, 3, 2, 14, tzinfo=UTC)
    tick(team, NINE - timedelta(seconds=1))
    assert (got(team, ann), got(team, ben)) == (0, 0)
    tick(team, NINE)
    tick(team, NINE)
    assert (got(team, ann), got(team, ben)) == (1, 0)
    assert due(team, ann) == NINE + DAY
    tick(team, NINE + 6 * HOUR)
    assert (got(team, ann), got(team, ben)) == (1, 1)


def test_all_of_somebodys_desks_ask_in_one_message(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    for number in range(3):
        desk = team.desk(ann, ben, channel=f"C{number}")
        standup(team, desk, ann, prompt_at=time(9 - number), digest_at=time(11))
    assert due(team, ann) == NINE - 2 * HOUR
    tick(team, NINE)
    assert got(team, ann) == 1
    assert len(mornings.to_answer(team.store, ann, None, NINE).asked) == 3


@pytest.mark.parametrize(("late", "ends"), [(2 * HOUR, "done"), (2.1 * HOUR, Skipped.TOO_LATE)])
def test_a_late_one_is_sent_or_skipped(
    team: Newsroom, ann: Person, desk: Desk, late: timedelta, ends: str
) -> None:
    standup(team, desk, ann)
    tick(team, NINE + late)
    assert prompts(team, ann) == [("Mon 02", ends), ("Tue 03", OccurrenceState.WAITING)]
    assert got(team, ann) == (ends == "done")


def test_days_without_the_bot_are_accounted_for(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    tick(team, NINE + 3 * DAY + HOUR)
    late = Skipped.TOO_LATE
    days = [("Mon 02", late), ("Tue 03", late), ("Wed 04", late), ("Thu 05", "done")]
    assert prompts(team, ann) == [*days, ("Fri 06", "waiting")]
    assert got(team, ann) == 1


def test_weekends_and_absences_pass_in_silence(
    team: Newsroom, ann: Person, ben: Person, desk: Desk
) -> None:
    standup(team, desk, ann, ben)
    is_away(team, ann, MONDAY, MONDAY + 8 * DAY)
    tick(team, NINE)
    assert prompts(team, ann) == [("Mon 02", Skipped.AWAY), ("Wed 11", "waiting")]
    tick(team, NINE + 4 * DAY)
    assert prompts(team, ben)[-2:] == [("Fri 06", "done"), ("Mon 09", "waiting")]


def test_a_day_that_became_none_is_skipped(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    form = replace(desks.form_of(desk), working_days=(Weekday.TUESDAY,))
    desks.change(team.store, ann, desk.id, desk.revision, form, DAWN)
    assert due(team, ann) == NINE + DAY
    assert prompts(team, ann)[0] == ("Mon 02", Skipped.REPLACED)
    # And it comes back when it is one again.
    changed = desks.by_id(team.store, TEAM, desk.id)
    desks.change(team.store, ann, desk.id, changed.revision, desks.form_of(desk), DAWN)
    assert due(team, ann) == NINE


def test_nobody_is_asked_what_is_off(team: Newsroom, ann: Person, desk: Desk) -> None:
    kept = standup(team, desk, ann)
    off = settings.save(team.store, ann, replace(kept, is_on=False), DAWN)
    assert due(team, ann) is None
    settings.save(team.store, ann, replace(off, is_on=True), DAWN)
    assert due(team, ann) == NINE


def test_another_time_or_member_counts_from_now_on(
    team: Newsroom, ann: Person, ben: Person, desk: Desk
) -> None:
    kept = standup(team, desk, ann)
    later = replace(kept, prompt_at=time(10), members=(ann.id, ben.id))
    kept = settings.save(team.store, ann, later, DAWN)
    assert due(team, ann) == due(team, ben) == NINE + HOUR
    # What would have been earlier today is tomorrow's.
    kept = settings.save(team.store, ann, replace(kept, members=(ben.id,)), NINE)
    assert due(team, ann) is None
    kept = replace(kept, prompt_at=time(8), members=(ann.id, ben.id))
    settings.save(team.store, ann, kept, NINE)
    assert due(team, ann) == due(team, ben) == NINE + DAY - HOUR


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Pacific/Midway", "UTC"])
def test_who_flies_in_the_middle_of_a_day_is_asked_once_on_it(
    team: Newsroom, ann: Person, desk: Desk, zone: str
) -> None:
    standup(team, desk, ann)
    tick(team, NINE)
    ann = moves(team, ann, zone, NINE + HOUR)
    for hours in range(1, 64):
        tick(team, NINE + hours * HOUR)
    with team.store.read() as tx:
        days = [m.data["day"] for m in prompts_of(tx, ann)]
    assert days == ["2026-03-02", "2026-03-03", "2026-03-04"]


def test_flying_west_over_midnight_gives_no_day_twice(
    team: Newsroom, ann: Person, desk: Desk
) -> None:
    ann = moves(team, ann, "Pacific/Kiritimati", DAWN - DAY)
    standup(team, desk, ann)
    assert due(team, ann) == datetime(2026, 3, 2, 19, tzinfo=UTC)  # 9:00 of the 3rd there
    tick(team, datetime(2026, 3, 2, 19, tzinfo=UTC))
    ann = moves(team, ann, "Pacific/Midway", datetime(2026, 3, 2, 19, 1, tzinfo=UTC))
    # It is the morning of the 2nd there, and the 3rd has been asked already.
    assert due(team, ann) == datetime(2026, 3, 4, 20, tzinfo=UTC)


def test_a_morning_that_fails_is_not_the_last(
    team: Newsroom, ann: Person, ben: Person, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    standup(team, desk, ann, ben)

    def fails(*_: object) -> None:
        raise RuntimeError("no")

    with monkeypatch.context() as patch:
        patch.setattr(planning, "note_prompt", fails)
        tick(team, NINE)
    tick(team, NINE + DAY)
    assert [state for _, state in prompts(team, ben)[1:]] == ["done", "waiting"]
    assert got(team, ben) == 1


def test_somebody_who_left_is_not_asked(
    team: Newsroom, ann: Person, ben: Person, desk: Desk
) -> None:
    standup(team, desk, ann, ben)
    people.remember(team.store, TEAM, GONE, DAWN)
    assert due(team, ben) is None
    tick(team, NINE)
    assert got(team, ben) == 0


def test_a_hundred_thousand_seconds_and_two_processes_ask_once(
    team: Newsroom, ann: Person, ben: Person, desk: Desk
) -> None:
    everybody = [team.person(f"p{n}") for n in range(20)]
    standup(team, desk, ann, ben, *everybody)
    at_once(*[lambda: tick(team, NINE)] * 3)
    assert [got(team, who) for who in everybody] == [1] * 20
    assert all(due(team, who) == NINE + DAY for who in everybody)


# Answering.


def test_an_answer_is_kept_and_can_be_changed(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    tick(team, NINE)
    team.told()
    found = answers.answer(team.store, ann, MONDAY, {desk.id: WORDS}, False, NINE)
    assert ([d.id for d in found.desks], found.again, found.told) == ([desk.id], False, ())
    assert team.told() == {("PROMPT", "ann")}
    asked = mornings.to_answer(team.store, ann, None, NINE).asked[0]
    assert asked.answer is not None
    assert (asked.answer.said, asked.answer.state) == (WORDS, AnswerState.ANSWERED)
    other = (replace(WORDS[0], answer="Nothing"),)
    found = answers.answer(team.store, ann, MONDAY, {desk.id: other}, False, NINE + HOUR)
    assert found.again
    assert team.count(answers_table) == 1


def test_the_same_answer_twice_changes_nothing(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    for _ in range(2):
        answers.answer(team.store, ann, MONDAY, {desk.id: WORDS}, False, NINE)
    asked = mornings.to_answer(team.store, ann, None, NINE).asked[0]
    assert asked.answer is not None
    assert asked.answer.revision == 1


def test_who_answered_early_is_not_asked(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    answers.answer(team.store, ann, MONDAY, {desk.id: WORDS}, False, DAWN)
    tick(team, NINE)
    assert prompts(team, ann) == [("Mon 02", Skipped.ANSWERED), ("Tue 03", "waiting")]
    assert got(team, ann) == 0


def test_a_late_answer_has_the_digest_drawn_anew(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    with team.store.write() as tx:
        held = standups.round_of(tx, desk.id, MONDAY, NINE)
        messages.add(tx, TEAM, "digest", Kind.PROMPT, NINE, channel_id="C1")
        noted = messages.by_key(tx, TEAM, "digest")
        assert noted is not None
        standups.set_message(tx, held.id, noted.id)
    team.told()
    answers.answer(team.store, ann, MONDAY, {desk.id: WORDS}, False, NINE + 9 * HOUR)
    assert ("PROMPT", "C1") in team.told()


def test_what_can_be_answered_is_today_and_what_was_asked_last(
    team: Newsroom, ann: Person, ben: Person, desk: Desk
) -> None:
    standup(team, desk, ann)
    tick(team, NINE)
    night = NINE + 16 * HOUR  # 1:00 on Tuesday
    assert mornings.to_answer(team.store, ann, MONDAY, night).day == MONDAY
    assert mornings.to_answer(team.store, ann, None, night).day == MONDAY + DAY
    tick(team, NINE + DAY)

    def told(who: Person, day: date | None, now: datetime) -> StandupRefusal:
        return refused(lambda: mornings.to_answer(team.store, who, day, now))

    assert told(ann, MONDAY, NINE + DAY) is StandupRefusal.OVER
    assert told(ann, MONDAY + 9 * DAY, NINE + DAY) is StandupRefusal.OVER
    assert told(ben, None, NINE) is StandupRefusal.NOT_A_MEMBER
    assert told(ann, None, NINE + 5 * DAY) is StandupRefusal.NOT_TODAY


def test_nothing_is_no_answer(team: Newsroom, ann: Person, ben: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    nothing = (replace(WORDS[0], answer=""),)
    long = (replace(WORDS[0], answer="x" * 1001),)

    def told(who: Person, desk_id: int, said: tuple[Said, ...]) -> StandupRefusal:
        return refused(
            lambda: answers.answer(team.store, who, MONDAY, {desk_id: said}, False, NINE)
        )

    assert told(ann, desk.id, nothing) is StandupRefusal.NOTHING_SAID
    assert told(ann, desk.id, long) is StandupRefusal.ANSWER_TOO_LONG
    assert told(ann, desk.id + 1, WORDS) is StandupRefusal.NOT_A_MEMBER
    assert told(ben, desk.id, WORDS) is StandupRefusal.NOT_A_MEMBER
    assert team.count(answers_table) == 0


def test_skipping_is_an_answer_that_can_be_changed(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    tick(team, NINE)
    team.told()
    assert answers.skip(team.store, ann, None, NINE) == MONDAY
    assert answers.skip(team.store, ann, MONDAY, NINE) == MONDAY
    assert team.told() == {("PROMPT", "ann")}
    answers.answer(team.store, ann, MONDAY, {desk.id: WORDS}, False, NINE)
    said = refused(lambda: answers.skip(team.store, ann, None, NINE))
    assert said is StandupRefusal.ANSWERED_ALREADY


def test_the_morning_before_is_drawn_as_over(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    tick(team, NINE)
    with team.store.read() as tx:
        first = messages.latest(tx, Kind.PROMPT, ann.id)
    assert first is not None
    assert not mornings.show(team.store, first).is_over
    team.told()
    tick(team, NINE + DAY)
    assert team.told() == {("prompt", "ann"), ("PROMPT", "ann")}
    assert mornings.show(team.store, first).is_over


def test_a_morning_shows_what_waits_and_what_is_theirs(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ben, ann)
    standup(team, desk, ann, ben)
    waits = team.sent(ann, desk)
    soon, tomorrow, later = (
        team.draft(ben, desk, publish_at=NINE + days * DAY + 2 * HOUR) for days in (0, 1, 2)
    )
    team.draft(ben, desk)
    back = team.sent(ben, desk)
    team.decide(ann, back, Verdict.REQUEST_CHANGES)
    found = mornings.to_answer(team.store, ben, None, NINE)
    assert [shown.post.id for shown in found.waiting] == [waits.post_id]
    assert [post.post_id for post in found.at_hand] == [soon.id, tomorrow.id, back.post_id]
    assert later.id not in [post.post_id for post in found.at_hand]


def test_a_morning_changes_with_what_it_shows(
    team: Newsroom, ann: Person, ben: Person, desk: Desk
) -> None:
    standup(team, desk, ann, ben)
    review = team.sent(ann, desk)
    tick(team, NINE)
    team.told()
    team.decide(ben, review)
    assert ("PROMPT", "ben") in team.told()
    team.sent(ann, desk)
    assert ("PROMPT", "ben") in team.told()


def test_two_answers_at_once_leave_one(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    tick(team, NINE)
    said = [(replace(WORDS[0], answer=text),) for text in ("one", "two")]
    found = at_once(
        *(
            lambda s=s: answers.answer(team.store, ann, MONDAY, {desk.id: s}, False, NINE)
            for s in said
        ),
    )
    assert not [each for each in found if isinstance(each, Refused)]
    assert team.count(answers_table) == 1


# For managers.


def test_who_answered(team: Newsroom, ann: Person, ben: Person, desk: Desk) -> None:
    names = ("answers", "skips", "off", "silent")
    answers_it, skips, off, silent = (team.person(name) for name in names)
    late = moves(team, team.person("late"), "America/New_York", DAWN)
    standup(team, desk, answers_it, skips, off, silent, late)
    is_away(team, off, MONDAY, MONDAY)
    tick(team, NINE)
    answers.answer(team.store, answers_it, MONDAY, {desk.id: WORDS}, False, NINE)
    answers.skip(team.store, skips, None, NINE)
    stands = rounds.who_answered(team.store, ann, desk, NINE)
    assert stands.day == MONDAY
    assert (stands.answered, stands.skipped) == ((answers_it.id,), (skips.id,))
    assert (stands.away, stands.silent, stands.later) == ((off.id,), (silent.id,), (late.id,))


def test_everybody_is_asked_once_more(team: Newsroom, ann: Person, ben: Person, desk: Desk) -> None:
    silent, early, asleep = (team.person(name) for name in ("silent", "early", "asleep"))
    early = moves(team, early, "Europe/London", DAWN)
    asleep = moves(team, asleep, "America/New_York", DAWN)
    standup(team, desk, ann, silent, early, asleep, prompt_at=time(10))
    now = NINE + timedelta(hours=1, minutes=30)  # 9:30 in London
    tick(team, now)
    answers.answer(team.store, ann, MONDAY, {desk.id: WORDS}, False, now)
    asked, stands = rounds.ask_everybody(team.store, ann, desk, now)
    assert set(asked) == {silent.id, early.id}
    assert stands.later == (asleep.id, early.id)
    again = refused(lambda: rounds.ask_everybody(team.store, ann, desk, now))
    assert again is StandupRefusal.ASKED_ALREADY
    tick(team, now + HOUR)
    everybody = (ann, silent, early, asleep)
    assert [got(team, who) for who in everybody] == [1, 2, 1, 0]
    assert due(team, early) == now + DAY + timedelta(minutes=30)
    tick(team, now + 6 * HOUR)
    assert got(team, asleep) == 1


@pytest.mark.parametrize("how", ["answered", "skipped"])
def test_who_was_asked_twice_sees_it_in_both(
    team: Newsroom, ann: Person, desk: Desk, how: str
) -> None:
    standup(team, desk, ann)
    tick(team, NINE)
    rounds.ask_everybody(team.store, ann, desk, NINE + HOUR)
    before = wanted(team)
    if how == "answered":
        answers.answer(team.store, ann, MONDAY, {desk.id: WORDS}, False, NINE + HOUR)
    else:
        answers.skip(team.store, ann, MONDAY, NINE + HOUR)
    assert len(before) == 2
    assert all(wanted(team)[prompt] > times for prompt, times in before.items())


def wanted(team: Newsroom) -> dict[str, int]:
    """How often each prompt was to be drawn."""
    query = sa.select(messages_table.c.key, messages_table.c.wanted).filter_by(kind=Kind.PROMPT)
    with team.store.read() as tx:
        return {row.key: row.wanted for row in tx.execute(query)}


def test_nobody_is_asked_at_night(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    asked, stands = rounds.ask_everybody(team.store, ann, desk, DAWN)
    assert (asked, stands.later) == ((), (ann.id,))
    # Nor was that the one time.
    asked, _ = rounds.ask_everybody(team.store, ann, desk, NINE)
    assert asked == (ann.id,)
    tick(team, NINE)
    assert got(team, ann) == 1


def test_what_is_not_held_asks_nobody(team: Newsroom, ann: Person, desk: Desk) -> None:
    def told(now: datetime) -> StandupRefusal:
        return refused(lambda: rounds.ask_everybody(team.store, ann, desk, now))

    assert told(NINE) is StandupRefusal.NOT_ON
    standup(team, desk, ann)
    assert told(NINE + 5 * DAY) is StandupRefusal.NOT_TODAY


# I have too much.


def test_managers_hear_what_is_on_somebodys_plate(
    team: Newsroom, ann: Person, ben: Person, desk: Desk
) -> None:
    other = team.desk(team.person("eve"), ben, channel="C9")
    standup(team, desk, ben)
    mine, waits = team.draft(ben, desk), team.sent(ann, desk)
    team.sent(ann, other)
    team.told()
    found = answers.answer(team.store, ben, MONDAY, {desk.id: ()}, True, NINE)
    assert found.told == (ann.id,)
    assert team.told() == {("too_much", "ann")}
    plate = plates.show(team.store, TEAM, ben.id, [desk.id])
    assert [post.post_id for post in plate.under_way] == [mine.id]
    assert [shown.post.id for shown in plate.reviews] == [waits.post_id]
    again = refused(lambda: plates.tell(team.store, ben, [], NINE))
    assert again is StandupRefusal.TOLD_ALREADY
    assert plates.tell(team.store, ben, [], NINE + DAY) == (ann.id,)


def test_who_manages_alone_has_nobody_to_tell(team: Newsroom, ann: Person, desk: Desk) -> None:
    standup(team, desk, ann)
    said = refused(lambda: plates.tell(team.store, ann, [desk.channel_id], NINE))
    assert said is StandupRefusal.NOBODY_TO_TELL
    said = refused(lambda: plates.tell(team.store, team.person("new"), ["C404"], NINE))
    assert said is StandupRefusal.NOBODY_TO_TELL
