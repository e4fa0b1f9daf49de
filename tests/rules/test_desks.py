"""What a desk needs to work, and who may change it."""

from dataclasses import replace
from datetime import time

import pytest

from rules.desks import (
    Desk,
    DeskForm,
    DeskRefusal,
    Need,
    Policy,
    Weekday,
    check_form,
    check_may_change,
    may_manage,
    steps_for,
    tidy,
)
from rules.networks import Network
from rules.people import Person
from rules.refused import Refused
from tests.rules.desk_at_work import ANA, BEN, CLEO, DAN, all_of, any_of, person

FORM = DeskForm(
    approvers=(ANA, BEN),
    need=Need.ANY,
    networks=(Network.X,),
    managers=(CLEO,),
    time_zone="Europe/Rome",
)
PEOPLE = [person(ANA), person(BEN), person(CLEO)]


def desk(*managers: int) -> Desk:
    return Desk(
        id=1,
        team_id="T1",
        channel_id="C1",
        name="social",
        time_zone="Europe/Rome",
        language="en-US",
        working_days=(Weekday.MONDAY,),
        work_from=time(9),
        work_to=time(18),
        networks=(Network.X,),
        managers=managers,
        policy=Policy(1, 1, (any_of(ANA),), own_posts=False),
        asleep=False,
        revision=1,
    )


@pytest.mark.parametrize(
    ("form", "reason", "field"),
    [
        (replace(FORM, approvers=()), DeskRefusal.NO_APPROVERS, "approvers"),
        (replace(FORM, approvers=(), need=Need.ALL), DeskRefusal.NO_APPROVERS, "approvers"),
        (replace(FORM, managers=()), DeskRefusal.NO_MANAGERS, "managers"),
        (replace(FORM, networks=()), DeskRefusal.NO_NETWORKS, "networks"),
        (replace(FORM, working_days=()), DeskRefusal.NO_WORKING_DAYS, "working_days"),
        (replace(FORM, work_from=time(18)), DeskRefusal.HOURS_BACKWARDS, "work_to"),
        (replace(FORM, work_from=time(22)), DeskRefusal.HOURS_BACKWARDS, "work_to"),
        (replace(FORM, time_zone="Rome"), DeskRefusal.UNKNOWN_ZONE, "time_zone"),
        (replace(FORM, time_zone=""), DeskRefusal.UNKNOWN_ZONE, "time_zone"),
        (replace(FORM, time_zone="../etc/passwd"), DeskRefusal.UNKNOWN_ZONE, "time_zone"),
        (replace(FORM, country="ZZ"), DeskRefusal.UNKNOWN_PLACE, "holidays"),
        (replace(FORM, country="fr"), DeskRefusal.UNKNOWN_PLACE, "holidays"),
        (replace(FORM, country="FR", region="BY"), DeskRefusal.UNKNOWN_PLACE, "holidays"),
    ],
)
def test_forms_that_are_refused(form: DeskForm, reason: DeskRefusal, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_form(form, PEOPLE)
    assert (refused.value.reason, refused.value.field) == (reason, field)


@pytest.mark.parametrize(
    "form",
    [
        FORM,
        replace(FORM, approvers=(), need=Need.NOBODY),
        replace(FORM, working_days=(Weekday.SUNDAY,), work_from=time(0), work_to=time(23, 59)),
        replace(FORM, time_zone="America/Argentina/Buenos_Aires"),
    ],
)
def test_forms_that_will_do(form: DeskForm) -> None:
    check_form(form, PEOPLE)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (person(ANA), True),
        (person(ANA, is_guest=True), True),
        (replace(person(ANA), is_stranger=True), True),
        (replace(person(ANA), is_bot=True), False),
        (replace(person(ANA), is_gone=True), False),
    ],
)
def test_who_can_be_an_approver(who: Person, may: bool) -> None:
    people = [who, person(BEN), person(CLEO)]
    if may:
        check_form(FORM, people)
        return
    with pytest.raises(Refused) as refused:
        check_form(FORM, people)
    assert refused.value.reason is DeskRefusal.APPROVER_CANNOT
    assert refused.value.values["who"] == ANA


@pytest.mark.parametrize(
    "who",
    [
        person(CLEO, is_guest=True),
        replace(person(CLEO), is_stranger=True),
        replace(person(CLEO), is_bot=True),
        replace(person(CLEO), is_gone=True),
    ],
)
def test_only_full_members_manage(who: Person) -> None:
    with pytest.raises(Refused) as refused:
        check_form(FORM, [person(ANA), person(BEN), who])
    assert refused.value.reason is DeskRefusal.MANAGER_CANNOT
    assert not may_manage(desk(CLEO), who)
    with pytest.raises(Refused) as refused:
        check_may_change(None, who)
    assert refused.value.reason is DeskRefusal.GUEST


@pytest.mark.parametrize(
    ("found", "who", "may"),
    [
        pytest.param(None, person(DAN), True, id="a channel without a desk: anybody"),
        pytest.param(desk(CLEO), person(CLEO), True, id="its manager"),
        pytest.param(desk(CLEO), person(DAN), False, id="somebody else"),
        pytest.param(desk(CLEO), person(ANA), False, id="its approver"),
        pytest.param(desk(CLEO), person(DAN, is_guest=True), False, id="a guest"),
        pytest.param(desk(CLEO), person(DAN, is_admin=True), True, id="an admin"),
    ],
)
def test_who_may_change_a_desk(found: Desk | None, who: Person, may: bool) -> None:
    if may:
        check_may_change(found, who)
        return
    with pytest.raises(Refused) as refused:
        check_may_change(found, who)
    assert refused.value.reason is DeskRefusal.NOT_MANAGER
    assert refused.value.values["managers"] == (CLEO,)


@pytest.mark.parametrize("need", list(Need))
def test_what_the_form_says_comes_back_from_the_rules_it_made(need: Need) -> None:
    approvers = () if need is Need.NOBODY else (BEN, ANA)
    policy = Policy(1, 1, steps_for(need, approvers), own_posts=False)
    assert (policy.need, policy.approvers) == (need, approvers)


def test_everybody_of_all_steps_is_an_approver_once() -> None:
    policy = Policy(1, 1, (any_of(BEN, ANA), all_of(ANA, CLEO)), own_posts=False)
    assert policy.approvers == (BEN, ANA, CLEO)


def test_a_form_is_kept_in_one_way() -> None:
    kept = tidy(replace(FORM, approvers=(BEN, ANA, BEN), managers=(CLEO, ANA, CLEO)))
    assert kept.approvers == (BEN, ANA)
    assert kept.managers == (ANA, CLEO)
    assert tidy(kept) == kept


def test_nobody_is_an_approver_where_nobody_has_to_approve() -> None:
    assert tidy(replace(FORM, need=Need.NOBODY)).approvers == ()
