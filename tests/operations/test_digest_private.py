"""What comes of a digest in private: help, the recap, and who said nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from operations import (
    digest_contents,
    helping,
    people,
    recaps,
)
from operations.standups import answers
from rules.desks import Desk, DeskRefusal
from rules.digests import DigestRefusal, fingerprint
from rules.people import Person
from rules.refused import Refused
from rules.standups import QuestionKind, Said
from storage.messages import Kind
from storage.people import Profile
from tests.newsroom import NOW, TEAM, Newsroom, at_once
from tests.operations.digest_day import (
    DIGEST,
    KNOW,
    MONDAY,
    answer,
    away,
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


# I can help.


def blocked(team: Newsroom, who: Person, desk: Desk) -> int:
    answer(team, who, desk, blocks="No pictures")
    tick(team, DIGEST)
    return shown(team).digest.blockers[0].answer_id


def test_who_offers_help_and_who_is_blocked_hear_of_each_other_once(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, ben)
    answer_id = blocked(team, ben, desk)
    helping.offer_help(team.store, ann, answer_id, True, DIGEST)
    told = of_kind(team, Kind.INTRODUCTION)
    assert {message.person_id for message in told} == {ann.id, ben.id}
    assert shown(team).digest.blockers[0].helpers == (ann.id,)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 2}
    with pytest.raises(Refused) as refused:
        helping.offer_help(team.store, ann, answer_id, True, DIGEST)
    assert refused.value.reason is DigestRefusal.OFFERED_ALREADY
    assert len(of_kind(team, Kind.INTRODUCTION)) == 2


def test_twice_at_the_same_instant_is_one_offer(team: Newsroom, ann: Person, ben: Person) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, ben)
    answer_id = blocked(team, ben, desk)
    done = at_once(*[lambda: helping.offer_help(team.store, ann, answer_id, True, DIGEST)] * 3)
    assert sum(isinstance(one, Refused) for one in done) == 2


def test_nobody_helps_themselves_or_who_is_not_blocked_any_more(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, ben)
    answer_id = blocked(team, ben, desk)
    stranger = replace(team.person("sam"), is_stranger=True)
    for who, in_channel, reason in [
        (ben, True, DigestRefusal.OWN_BLOCKER),
        (team.person("cleo"), False, DigestRefusal.FOR_THE_TEAM),
        (stranger, True, DigestRefusal.FOR_THE_TEAM),
    ]:
        with pytest.raises(Refused) as refused:
            helping.offer_help(team.store, who, answer_id, in_channel, DIGEST)
        assert refused.value.reason is reason
    answer(team, ben, desk, blocks="Nothing any more, none", now=DIGEST)
    answer(team, ben, desk, "Solved", "none", now=DIGEST)
    for wrong in (answer_id, 999):
        with pytest.raises(Refused) as refused:
            helping.offer_help(team.store, ann, wrong, True, DIGEST)
        assert refused.value.reason is DigestRefusal.NOT_BLOCKED
    assert of_kind(team, Kind.INTRODUCTION) == []


# The recap.


def test_a_manager_writes_a_recap_before_and_after(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann, ben)
    none = fingerprint("")
    recaps.set_recap(team.store, ann, desk.id, MONDAY, " Ship it ", none, NOW)
    tick(team, DIGEST)
    assert (shown(team).digest.recap, shown(team).digest.recap_by) == ("Ship it", ann.id)
    _, recap = recaps.recap_at(team.store, ann, desk.id, MONDAY)
    recaps.set_recap(team.store, ann, desk.id, MONDAY, "", fingerprint(recap), DIGEST)
    assert (shown(team).digest.recap, shown(team).digest.recap_by) == ("", None)
    assert wanted(team, Kind.DIGEST) == {f"digest:{desk.id}:2026-03-02": 2}


def test_a_recap_is_not_written_over_another_unseen(team: Newsroom, ann: Person) -> None:
    desk = team.desk(ann, ann)
    standup(team, desk, ann, ann)
    seen = fingerprint("")

    def write(text: str) -> None:
        recaps.set_recap(team.store, ann, desk.id, MONDAY, text, seen, NOW)

    done = at_once(lambda: write("one"), lambda: write("two"))
    [refused] = [one for one in done if isinstance(one, Refused)]
    assert (refused.reason, refused.field) == (DigestRefusal.RECAP_CHANGED, "recap")


def test_only_managers_write_one_and_not_without_a_standup(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    with pytest.raises(Refused) as refused:
        recaps.recap_at(team.store, ann, desk.id, MONDAY)
    assert refused.value.reason is DigestRefusal.NO_STANDUP
    standup(team, desk, ann, ann, ben)
    for call in (
        lambda: recaps.recap_at(team.store, ben, desk.id, MONDAY),
        lambda: recaps.set_recap(team.store, ben, desk.id, MONDAY, "x", fingerprint(""), NOW),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.reason is DeskRefusal.NOT_MANAGER
    with pytest.raises(Refused) as refused:
        recaps.set_recap(team.store, ann, desk.id, MONDAY, "x" * 1501, fingerprint(""), NOW)
    assert refused.value.field == "recap"


# The managers' note.


def test_managers_hear_once_a_day_who_said_nothing_at_all_of_their_desks(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    one, two = team.desk(ann, ann, channel="C1"), team.desk(ann, ann, channel="C2")
    cleo = team.person("cleo")
    standup(team, one, ann, ben, cleo)
    standup(team, two, ann, ben, digest_at=time(11))
    answers.skip(team.store, cleo, MONDAY, NOW)
    tick(team, DIGEST)
    [note] = of_kind(team, Kind.SILENT)
    assert note.person_id == ann.id
    tick(team, DIGEST + timedelta(minutes=30))
    [note] = of_kind(team, Kind.SILENT)
    assert note.wanted == 2
    found = digest_contents.silent(team.store, TEAM, note.data["rounds"])
    assert [each.desk.id for each in found] == [one.id, two.id]
    assert [(each.attendance.silent, each.attendance.skipped) for each in found] == [
        ((ben.id,), (cleo.id,)),
        ((ben.id,), ()),
    ]
    said = {
        one.id: (Said(KNOW, "Late", QuestionKind.ANY),),
        two.id: (Said(KNOW, "Late", QuestionKind.ANY),),
    }
    answers.answer(team.store, ben, MONDAY, said, False, DIGEST + timedelta(hours=1))
    [note] = of_kind(team, Kind.SILENT)
    assert note.wanted > 2
    found = digest_contents.silent(team.store, TEAM, note.data["rounds"])
    assert [each.is_told for each in found] == [True, False]


def test_who_is_away_or_has_their_morning_later_is_not_silent(
    team: Newsroom, ann: Person, ben: Person
) -> None:
    desk = team.desk(ann, ann)
    tom = people.remember(
        team.store, TEAM, Profile("U-tom", "tom", "America/New_York", "en-US"), NOW
    )
    standup(team, desk, ann, ann, ben, tom)
    away(team, ben, None)
    answer(team, ann, desk, "Here")
    tick(team, DIGEST)
    [found] = digest_contents.silent(team.store, TEAM, [shown(team).round.id])
    assert not found.is_told
    assert (found.attendance.away, found.attendance.later) == ((ben.id,), (tom.id,))
