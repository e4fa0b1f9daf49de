"""A desk: a Slack channel with its people, networks, approval rules and working hours."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum

from rules import places
from rules.networks import Network
from rules.nudges import DEFAULT_OFFSETS, Offset
from rules.people import Person
from rules.refused import Refused
from rules.reviews import Quorum, QuorumKind, Step
from rules.working_time import Hours
from rules.working_time import Weekday as Weekday


class Need(StrEnum):
    """What the form calls "Approval needs"."""

    ANY = "any"
    ALL = "all"
    NOBODY = "nobody"


MONDAY_TO_FRIDAY = tuple(Weekday)[:5]


class DeskRefusal(StrEnum):
    """Why a desk can't be set up, changed or used."""

    NO_DESK = "no_desk"
    NO_DESK_OF_YOURS = "no_desk_of_yours"
    NOT_IN_CHANNEL = "not_in_channel"
    ASLEEP = "asleep"
    GUEST = "guest"
    NOT_MANAGER = "not_manager"
    DIRECT_MESSAGE = "direct_message"
    BOT_NOT_IN_CHANNEL = "bot_not_in_channel"
    ARCHIVED = "archived"
    NO_APPROVERS = "no_approvers"
    APPROVER_CANNOT = "approver_cannot"
    MANAGER_CANNOT = "manager_cannot"
    NO_MANAGERS = "no_managers"
    NO_NETWORKS = "no_networks"
    NO_WORKING_DAYS = "no_working_days"
    HOURS_BACKWARDS = "hours_backwards"
    UNKNOWN_ZONE = "unknown_zone"
    UNKNOWN_PLACE = "unknown_place"
    CHANGED_MEANWHILE = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Policy:
    """One state of a desk's approval rules; a new one is made by every change.

    `own_posts`: the only approver may approve their own.
    """

    id: int
    number: int
    steps: tuple[Step, ...]
    own_posts: bool

    @property
    def need(self) -> Need:
        """The rules as the form says them."""
        if not self.steps:
            return Need.NOBODY
        return Need.ALL if self.steps[0].quorum.kind is QuorumKind.ALL else Need.ANY

    @property
    def approvers(self) -> tuple[int, ...]:
        """Everybody named in any step, each once, in order."""
        return tuple(dict.fromkeys(who for step in self.steps for who in step.approvers))


@dataclass(frozen=True, slots=True)
class Desk:
    """A channel that has been set up. `time_zone` is an IANA name; work hours are local to it.

    `outsiders`: guests or people of another workspace read along in its channel. `country` and
    `region` say whose public holidays it keeps (see `Hours`).
    """

    id: int
    team_id: str
    channel_id: str
    name: str
    time_zone: str
    language: str
    working_days: tuple[Weekday, ...]
    work_from: time
    work_to: time
    networks: tuple[Network, ...]
    managers: tuple[int, ...]
    policy: Policy
    asleep: bool
    revision: int
    outsiders: bool = False
    country: str | None = None
    region: str | None = None
    reminders: tuple[Offset, ...] = DEFAULT_OFFSETS

    @property
    def hours(self) -> Hours:
        """When it works."""
        return Hours(
            zone=self.time_zone,
            days=self.working_days,
            start=self.work_from,
            end=self.work_to,
            country=self.country,
            region=self.region,
        )


@dataclass(frozen=True, slots=True)
class DeskForm:
    """What a person says of a desk in its forms; people by their ids."""

    approvers: tuple[int, ...]
    need: Need
    networks: tuple[Network, ...]
    managers: tuple[int, ...]
    time_zone: str
    working_days: tuple[Weekday, ...] = MONDAY_TO_FRIDAY
    work_from: time = time(9)
    work_to: time = time(18)
    country: str | None = None
    region: str | None = None
    own_posts: bool = False
    reminders: tuple[Offset, ...] = DEFAULT_OFFSETS


def tidy(form: DeskForm) -> DeskForm:
    """The same form in the one way it is kept: nobody twice, no approvers where none are needed."""
    return replace(
        form,
        approvers=() if form.need is Need.NOBODY else tuple(dict.fromkeys(form.approvers)),
        managers=tuple(sorted(set(form.managers))),
        reminders=tuple(offset for offset in Offset if offset in form.reminders),
    )


def steps_for(need: Need, approvers: tuple[int, ...]) -> tuple[Step, ...]:
    """The form's answer as steps: one, or none where nobody has to approve."""
    if need is Need.NOBODY:
        return ()
    kind = QuorumKind.ALL if need is Need.ALL else QuorumKind.ANY
    return (Step(approvers=approvers, quorum=Quorum(kind)),)


def check_may_change(desk: Desk | None, who: Person) -> None:
    """Any full member may set up a channel; afterwards its managers and workspace admins.

    Raises Refused(GUEST) or Refused(NOT_MANAGER).
    """
    if desk is None and not who.is_full_member:
        raise Refused(DeskRefusal.GUEST)
    if desk is not None and not may_manage(desk, who):
        raise Refused(DeskRefusal.NOT_MANAGER, managers=desk.managers)


def may_manage(desk: Desk, who: Person) -> bool:
    """A manager of the desk, or an admin of its workspace."""
    return who.is_full_member and (who.id in desk.managers or who.is_admin)


def managed(desks: Iterable[Desk], who: Person) -> list[int]:
    """The ids of those that somebody may manage."""
    return [desk.id for desk in desks if may_manage(desk, who)]


def check_form(form: DeskForm, people: Iterable[Person]) -> None:
    """What a desk must have to work; `people` are those the form names.

    Raises Refused with the field it belongs to.
    """
    by_id = {person.id: person for person in people}
    if not form.approvers and form.need is not Need.NOBODY:
        raise Refused(DeskRefusal.NO_APPROVERS, field="approvers")
    for person_id in form.approvers:
        if by_id[person_id].is_bot or by_id[person_id].is_gone:
            raise Refused(DeskRefusal.APPROVER_CANNOT, field="approvers", who=person_id)
    if not form.managers:
        raise Refused(DeskRefusal.NO_MANAGERS, field="managers")
    for person_id in form.managers:
        if not by_id[person_id].is_full_member:
            raise Refused(DeskRefusal.MANAGER_CANNOT, field="managers", who=person_id)
    if not form.networks:
        raise Refused(DeskRefusal.NO_NETWORKS, field="networks")
    if not form.working_days:
        raise Refused(DeskRefusal.NO_WORKING_DAYS, field="working_days")
    if form.work_from >= form.work_to:
        raise Refused(DeskRefusal.HOURS_BACKWARDS, field="work_to")
    if form.time_zone not in zoneinfo.available_timezones():
        raise Refused(DeskRefusal.UNKNOWN_ZONE, field="time_zone", time_zone=form.time_zone)
    if form.country is not None and places.place(form.country, form.region) is None:
        raise Refused(DeskRefusal.UNKNOWN_PLACE, field="holidays")
