"""Setting a desk up, changing it, and what happens when the bot comes and goes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from operations import digest_news, digests, nudges
from operations.reminding import KINDS
from operations.standups.planning import plan_members
from operations.tries import decided, guard
from rules import desks as rules
from rules.desks import Desk, DeskForm, DeskRefusal
from rules.occurrences import Skipped
from rules.people import RULE, Actor, Person
from rules.refused import Refused
from storage import Store, desks, history, messages, occurrences, people, posts, reviews
from storage.history import Event


def find(store: Store, team_id: str, channel_id: str) -> Desk | None:
    """The desk of a channel, awake or asleep."""
    with store.read() as tx:
        return desks.by_channel(tx, team_id, channel_id)


def by_id(store: Store, team_id: str, desk_id: int) -> Desk:
    """A desk by its id. Raises Refused(NO_DESK)."""
    with store.read() as tx:
        desk = desks.by_id(tx, team_id, desk_id)
    if desk is None:
        raise Refused(DeskRefusal.NO_DESK)
    return desk


def among(store: Store, team_id: str, channel_ids: list[str]) -> list[Desk]:
    """The desks that are awake in these channels."""
    with store.read() as tx:
        return desks.by_channels(tx, team_id, channel_ids)


def set_up(
    store: Store,
    who: Person,
    channel_id: str,
    name: str,
    form: DeskForm,
    now: datetime,
    *,
    outsiders: bool = False,
) -> Desk:
    """Makes a channel's desk. Submitted twice, it is made once. `outsiders`: people from outside
    read along there.

    Raises Refused: see rules.desks.check_may_change and check_form; CHANGED_MEANWHILE when
    somebody else set it up while the form was open.
    """

    form = rules.tidy(form)

    def work(tx: sa.Connection) -> Desk:
        people.ensure_workspace(tx, who.team_id, now)
        desk = desks.by_channel(tx, who.team_id, channel_id, lock=True)
        rules.check_may_change(desk, who)
        _check(tx, form)
        if desk is None:
            language = who.locale
            place = (who.team_id, channel_id, name)
            desk_id = desks.add(tx, *place, language, form, now, outsiders)
            if desk_id is not None:
                return _first_state(tx, who, desk_id, form, now)
            desk = desks.by_channel(tx, who.team_id, channel_id, lock=True)
        if desk is None or form_of(desk) != form:
            raise Refused(DeskRefusal.CHANGED_MEANWHILE, field="approvers")
        return desk

    return decided(store, work)


def change(
    store: Store, who: Person, desk_id: int, seen: int, form: DeskForm, now: datetime
) -> Desk:
    """Changes a desk that was read at the revision `seen`. Reviews under way keep their steps.

    Raises Refused: see rules.desks; CHANGED_MEANWHILE when somebody else was faster.
    """

    form = rules.tidy(form)

    def work(tx: sa.Connection) -> Desk:
        desk = desks.by_id(tx, who.team_id, desk_id)
        if desk is None:
            raise Refused(DeskRefusal.NO_DESK)
        rules.check_may_change(desk, who)
        _check(tx, form)
        if form_of(desk) == form:
            return desk
        if desk.revision != seen:
            raise Refused(DeskRefusal.CHANGED_MEANWHILE, field="approvers")
        guard(desks.change(tx, desk, form))
        desks.set_managers(tx, desk.id, form.managers)
        _add_policy(tx, who, desk.id, desk.policy.number + 1, form, now)
        _note(tx, desk, Actor.person(who.id), Event.DESK_CHANGED, now)
        plan_members(tx, desk.team_id, desk.id, now)
        changed = desks.by_id(tx, who.team_id, desk_id)
        assert changed is not None
        digests.plan(tx, changed, now)
        nudges.plan_desk(tx, changed, now)
        if changed.time_zone != desk.time_zone:
            _show_times_anew(tx, changed, now)
        return changed

    return decided(store, work)


def _show_times_anew(tx: sa.Connection, desk: Desk, now: datetime) -> None:
    """What shows a time says it in the desk's zone."""
    for post_id in posts.with_times(tx, desk.id):
        messages.refresh(tx, post_id)
    digest_news.refresh(tx, desk.team_id, desk.id, now)


def rename(store: Store, desk: Desk, name: str) -> bool:
    """Notes what a desk's channel is called by now; False where it was known."""
    if desk.name == name:
        return False
    with store.write() as tx:
        desks.set_name(tx, desk.id, name)
    return True


def set_outsiders(store: Store, desk: Desk, outsiders: bool) -> None:
    """Notes whether people from outside read along at a desk, as its cards are to know."""
    if desk.outsiders == outsiders:
        return
    decided(store, lambda tx: noted_outsiders(tx, desk, outsiders))


def noted_outsiders(tx: sa.Connection, desk: Desk, outsiders: bool) -> None:
    """As `set_outsiders`, within a transaction."""
    if desks.set_outsiders(tx, desk.id, outsiders):
        for post_id in reviews.open_posts(tx, desk.id):
            messages.refresh(tx, post_id)
        digest_news.reads_along(tx, desk.id)


def form_of(desk: Desk) -> DeskForm:
    """What the desk's forms would show as set."""
    return DeskForm(
        approvers=desk.policy.approvers,
        need=desk.policy.need,
        networks=desk.networks,
        managers=desk.managers,
        time_zone=desk.time_zone,
        working_days=desk.working_days,
        work_from=desk.work_from,
        work_to=desk.work_to,
        country=desk.country,
        region=desk.region,
        own_posts=desk.policy.own_posts,
        reminders=desk.reminders,
    )


def bot_added(
    store: Store, team_id: str, channel_id: str, inviter: Person, event_id: str, now: datetime
) -> None:
    """Wakes the channel's desk, and shows there what it could not; or greets whoever added the
    bot, once, with the next step."""
    with store.write() as tx:
        if not history.first_sight(tx, team_id, event_id, now):
            return
        desk = desks.by_channel(tx, team_id, channel_id)
        if desk is None:
            messages.add(
                tx,
                team_id,
                f"welcome:{channel_id}:{event_id}",
                messages.Kind.WELCOME,
                now,
                person_id=inviter.id,
                data={"channel_id": channel_id},
            )
            return
        _wake(tx, desk, inviter, now)


def channel_restored(
    store: Store, team_id: str, channel_id: str, who: Person, event_id: str, now: datetime
) -> None:
    """Wakes the desk of a channel that is no longer archived."""
    with store.write() as tx:
        desk = desks.by_channel(tx, team_id, channel_id)
        if history.first_sight(tx, team_id, event_id, now) and desk is not None:
            _wake(tx, desk, who, now)


def bot_removed(
    store: Store,
    team_id: str,
    channel_id: str,
    event_id: str,
    now: datetime,
    *,
    archived: bool = False,
) -> None:
    """Puts the channel's desk to sleep and tells its managers; so it does where the channel was
    `archived`, in which nothing can be posted either."""
    with store.write() as tx:
        if not history.first_sight(tx, team_id, event_id, now):
            return
        desk = desks.by_channel(tx, team_id, channel_id)
        if desk is None or not desks.set_asleep(tx, desk.id, True):
            return
        _note(tx, desk, RULE, Event.DESK_ASLEEP, now)
        for manager in desk.managers:
            messages.add(
                tx,
                team_id,
                f"asleep:{desk.id}:{event_id}:{manager}",
                messages.Kind.DESK_ASLEEP,
                now,
                desk_id=desk.id,
                person_id=manager,
                data={"channel_id": channel_id, "archived": archived},
            )


def _wake(tx: sa.Connection, desk: Desk, who: Person, now: datetime) -> None:
    messages.revive(tx, desk.team_id, desk.channel_id)
    if desks.set_asleep(tx, desk.id, False):
        _note(tx, desk, Actor.person(who.id), Event.DESK_AWAKE, now)
        plan_members(tx, desk.team_id, desk.id, now)
        # Nobody was told what fell due meanwhile; of that, planning ends what has other times now.
        occurrences.put_back(tx, KINDS, Skipped.ASLEEP, desk_id=desk.id)
        nudges.plan_desk(tx, desk, now)


def _check(tx: sa.Connection, form: DeskForm) -> None:
    named = people.by_ids(tx, (*form.approvers, *form.managers))
    rules.check_form(form, named.values())


def _first_state(
    tx: sa.Connection, who: Person, desk_id: int, form: DeskForm, now: datetime
) -> Desk:
    desks.set_managers(tx, desk_id, form.managers)
    _add_policy(tx, who, desk_id, 1, form, now)
    desk = desks.by_id(tx, who.team_id, desk_id)
    assert desk is not None
    _note(tx, desk, Actor.person(who.id), Event.DESK_SET_UP, now)
    return desk


def _add_policy(
    tx: sa.Connection, who: Person, desk_id: int, number: int, form: DeskForm, now: datetime
) -> None:
    steps = rules.steps_for(form.need, form.approvers)
    desks.add_policy(tx, desk_id, number, steps, form.own_posts, who.id, now)


def _note(tx: sa.Connection, desk: Desk, actor: Actor, event: Event, now: datetime) -> None:
    history.add(tx, desk.team_id, desk.id, None, actor, event, now)


def help_wanted(store: Store, team_id: str, person: Person, event_id: str, now: datetime) -> None:
    """Notes help for somebody who wrote to the bot, once for each of their messages."""
    with store.write() as tx:
        messages.add(tx, team_id, f"help:{event_id}", messages.Kind.HELP, now, person_id=person.id)
