"""Standups are kept as they were said, and nobody writes over what they haven't seen."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from operations import desks as desk_operations
from rules.desks import Weekday
from rules.standups import AnswerState, QuestionKind, Said, Standup, Weekly
from storage import standups
from tests.newsroom import NOW, TEAM, Newsroom

DAY = date(2026, 3, 2)
SAID = (Said("What blocks you?", "The *logo*, <!channel>\n", QuestionKind.BLOCKER),)


def everything(desk_id: int, *people: int) -> Standup:
    return Standup(
        desk_id=desk_id,
        is_on=True,
        days=(Weekday.MONDAY, Weekday.FRIDAY),
        prompt_at=time(8, 45),
        digest_at=time(11),
        questions=("Où en es-tu ?",),
        duty_questions=(),
        duty=tuple(reversed(people)),
        duty_from=DAY,
        members=tuple(people),
        weekly=Weekly(Weekday.FRIDAY, time(16), people[0]),
    )


def test_settings_come_back_as_they_were_saved(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    wanted = everything(desk.id, ann.id, ben.id)
    with team.store.write() as tx:
        assert standups.by_desk(tx, desk.id) is None
        assert standups.save(tx, wanted)
        kept = standups.by_desk(tx, desk.id)
        assert kept == replace(wanted, revision=1)
        fewer = replace(kept, members=(ann.id,), duty=(), weekly=None, is_on=False)
        assert standups.save(tx, fewer)
        assert standups.by_desk(tx, desk.id) == replace(fewer, revision=2)


@pytest.mark.parametrize("seen", [0, 1])
def test_what_somebody_else_changed_is_not_written_over(team: Newsroom, seen: int) -> None:
    ann = team.person("ann")
    desk = team.desk(ann, ann, own_posts=True)
    with team.store.write() as tx:
        standups.save(tx, everything(desk.id, ann.id))
        kept = standups.by_desk(tx, desk.id)
        assert kept is not None
        standups.save(tx, kept)
        assert not standups.save(tx, replace(kept, members=(), duty=(), revision=seen))
        assert standups.by_desk(tx, desk.id) == replace(kept, revision=2)


def test_somebodys_standups_are_those_that_take_place(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    here, off, asleep = (team.desk(ann, ben, channel=f"C{n}") for n in range(3))
    with team.store.write() as tx:
        for desk in (here, off, asleep):
            standups.save(tx, replace(everything(desk.id, ann.id), is_on=desk is not off))
    desk_operations.bot_removed(team.store, TEAM, asleep.channel_id, "E1", NOW)
    with team.store.read() as tx:
        assert [standup.desk_id for standup in standups.of_person(tx, ann.id)] == [here.id]
        assert standups.of_person(tx, ben.id) == []


def test_a_day_has_one_round_and_a_member_one_answer_in_it(team: Newsroom) -> None:
    ann, ben = team.person("ann"), team.person("ben")
    desk = team.desk(ann, ben)
    later = NOW + timedelta(hours=1)
    with team.store.write() as tx:
        assert standups.find_round(tx, desk.id, DAY) is None
        today = standups.round_of(tx, desk.id, DAY, NOW)
        assert standups.round_of(tx, desk.id, DAY, later) == today
        assert standups.round_of(tx, desk.id, DAY + timedelta(1), NOW) != today
        skip, answered = AnswerState.SKIPPED, AnswerState.ANSWERED
        assert standups.keep_answer(tx, today.id, ben.id, skip, False, (), None, NOW)
        assert standups.keep_answer(tx, today.id, ann.id, answered, True, SAID, None, later)
        assert not standups.keep_answer(tx, today.id, ann.id, skip, False, (), None, later)
        of_ben, of_ann = standups.answers_of(tx, today.id)
        assert (of_ben.person_id, of_ben.state, of_ben.said) == (ben.id, skip, ())
        assert (of_ann.said, of_ann.on_duty, of_ann.changed_at) == (SAID, True, None)
        assert standups.keep_answer(tx, today.id, ben.id, answered, False, SAID, of_ben, later)
        assert not standups.keep_answer(tx, today.id, ben.id, skip, False, (), of_ben, later)
        changed = standups.answer_of(tx, today.id, ben.id)
        assert changed == standups.answer_by_id(tx, TEAM, of_ben.id)
        assert changed is not None
        assert (changed.said, changed.answered_at, changed.changed_at) == (SAID, later, later)
        again = later + timedelta(hours=1)
        assert standups.keep_answer(tx, today.id, ben.id, answered, False, SAID, changed, again)
        changed = standups.answer_of(tx, today.id, ben.id)
        assert changed is not None
        assert (changed.answered_at, changed.changed_at) == (later, again)
