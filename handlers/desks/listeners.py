"""What a person does about a desk."""

from __future__ import annotations

from handlers import draw, shapes
from handlers.answers import IGNORED, Answer
from handlers.desks import views, words
from handlers.door import Door, Services
from handlers.ids import Action, Field, Form
from handlers.incoming import Incoming
from operations import comings, desks
from operations import people as people_operations
from rules import desks as rules
from rules.comments import is_outsider
from rules.desks import Desk, DeskForm, DeskRefusal, Need
from rules.people import Person
from rules.refused import Refused


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.SETUP, setup_clicked)
    door.click(Action.SETTINGS, settings_clicked)
    door.form(Form.SETUP, setup_submitted)
    door.form(Form.SETTINGS, settings_submitted)
    door.options(Action.ZONES, zones_wanted)
    door.options(Action.PLACES, places_wanted)
    door.event("member_joined_channel", somebody_joined)
    door.event("channel_left", bot_left)
    door.event("group_left", bot_left)
    for kind in ("channel", "group"):
        door.event(f"{kind}_archive", channel_archived)
        door.event(f"{kind}_unarchive", channel_restored)
        door.event(f"{kind}_rename", channel_renamed)


def open_help(incoming: Incoming, services: Services) -> Answer:
    """`/desk` and `/desk help`."""
    if incoming.is_direct(incoming.channel_id):
        return Answer("What Copydesk can do", blocks=views.help_blocks("", False))
    desk = desks.find(services.store, incoming.team_id, incoming.channel_id)
    channel = incoming.channel_id
    blocks = views.help_blocks(channel, desk is not None)
    if desk is not None and desk.outsiders:
        blocks += draw.small(words.READ_ALONG)
    return Answer("What Copydesk can do here", blocks=blocks)


def no_desk(channel_id: str) -> Answer:
    """For what needs a desk in a channel that has none."""
    return Answer("This channel has no desk yet.", blocks=views.help_blocks(channel_id, False))


def open_setup(incoming: Incoming, services: Services, channel_id: str) -> Answer:
    """Opens the form that makes a desk, or shows what is set."""
    if incoming.is_direct(channel_id):
        raise Refused(DeskRefusal.DIRECT_MESSAGE)
    who = services.person(incoming)
    desk = desks.find(services.store, incoming.team_id, channel_id)
    rules.check_may_change(desk, who)
    channel = services.directory.channel(incoming.team_id, channel_id)
    form = desks.form_of(desk) if desk else _defaults(who)
    memory = _memory(incoming, desk, channel_id, channel.name)
    outsiders = services.directory.outsiders(incoming.team_id, channel)
    memory["outsiders"] = bool(outsiders)
    if desk is not None:
        desks.set_outsiders(services.store, desk, bool(outsiders))
    names = [person.name for person in outsiders.people]
    warning = words.reads_along(names, outsiders.shared) if outsiders else ""
    approvers = _slack_ids(services, form.approvers)
    return Answer(opens=views.setup(form, approvers, memory, desk is None, warning))


def open_settings(incoming: Incoming, services: Services, channel_id: str) -> Answer:
    """Opens the rest of what a desk has."""
    if incoming.is_direct(channel_id):
        raise Refused(DeskRefusal.DIRECT_MESSAGE)
    desk = desks.find(services.store, incoming.team_id, channel_id)
    if desk is None:
        return no_desk(channel_id)
    rules.check_may_change(desk, services.person(incoming))
    form = desks.form_of(desk)
    managers = _slack_ids(services, form.managers)
    memory = _memory(incoming, desk, channel_id, desk.name)
    warning = words.READ_ALONG if desk.outsiders else ""
    return Answer(opens=views.settings(form, managers, memory, warning))


def setup_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Set up this desk."""
    return open_setup(incoming, services, incoming.value)


def settings_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Settings."""
    return open_settings(incoming, services, incoming.value)


def setup_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Set up this desk."""
    who = services.person(incoming)
    approvers = _chosen(services, incoming, Field.APPROVERS)
    memory = incoming.memory
    if "desk" not in memory:
        form = views.parse_setup(incoming.fields, _defaults(who), approvers)
        channel, name = incoming.kept_text("channel"), incoming.kept_text("name")
        now, outsiders = services.now(), shapes.flag(memory.get("outsiders"))
        desks.set_up(services.store, who, channel, name, form, now, outsiders=outsiders)
        return Answer(words.saved(is_new=True))
    desk = desks.by_id(services.store, incoming.team_id, incoming.kept_number("desk"))
    form = views.parse_setup(incoming.fields, desks.form_of(desk), approvers)
    seen = incoming.kept_number("seen")
    desks.change(services.store, who, desk.id, seen, form, services.now())
    return Answer(words.saved(is_new=False))


def settings_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Desk settings."""
    who = services.person(incoming)
    managers = _chosen(services, incoming, Field.MANAGERS)
    desk = desks.by_id(services.store, incoming.team_id, incoming.kept_number("desk"))
    form = views.parse_settings(incoming.fields, desks.form_of(desk), managers)
    seen = incoming.kept_number("seen")
    desks.change(services.store, who, desk.id, seen, form, services.now())
    return Answer(words.saved(is_new=False))


def zones_wanted(incoming: Incoming, services: Services) -> Answer:
    """What the field Time zone offers."""
    return Answer(options=views.zones(incoming.text))


def places_wanted(incoming: Incoming, services: Services) -> Answer:
    """What the field Public holidays offers."""
    return Answer(options=views.places(incoming.text))


def somebody_joined(incoming: Incoming, services: Services) -> Answer:
    """Somebody came into a channel: the bot, or one who from now on reads along at its desk."""
    inviter = shapes.text(incoming.event.get("inviter"))
    if incoming.user_id != incoming.bot_user_id:
        return _person_joined(incoming, services)
    if inviter and _may_post(incoming, services):
        person = services.directory.person(incoming.team_id, inviter)
        desks.bot_added(
            services.store,
            incoming.team_id,
            incoming.channel_id,
            person,
            incoming.event_id,
            services.now(),
        )
    return Answer()


def _person_joined(incoming: Incoming, services: Services) -> Answer:
    services.directory.forget(incoming.team_id, incoming.user_id)
    desk = desks.find(services.store, incoming.team_id, incoming.channel_id)
    if desk is None or not services.is_there(incoming, True):
        return IGNORED
    place = (incoming.team_id, incoming.user_id, incoming.channel_id)
    covers = comings.cover_moved(services.store, *place, joined=True, now=services.now())
    reads_along = _may_read_along(incoming, services, desk)
    return Answer() if covers or reads_along else IGNORED


def _may_read_along(incoming: Incoming, services: Services, desk: Desk) -> bool:
    if desk.outsiders or not is_outsider(services.person(incoming)):
        return False
    desks.set_outsiders(services.store, desk, True)
    return True


def bot_left(incoming: Incoming, services: Services) -> Answer:
    """The bot was removed from a channel, and hasn't been added again meanwhile."""
    if _may_post(incoming, services):
        return IGNORED
    desks.bot_removed(
        services.store, incoming.team_id, incoming.channel_id, incoming.event_id, services.now()
    )
    return Answer()


def channel_archived(incoming: Incoming, services: Services) -> Answer:
    """A channel was archived: nothing can be posted there."""
    if not _is_archived(incoming, services):
        return IGNORED
    team_id, channel_id, event_id = incoming.team_id, incoming.channel_id, incoming.event_id
    now = services.now()
    desks.bot_removed(services.store, team_id, channel_id, event_id, now, archived=True)
    return Answer()


def channel_restored(incoming: Incoming, services: Services) -> Answer:
    """A channel is no longer archived; the bot may not be in it any more."""
    if not _may_post(incoming, services):
        return IGNORED
    who, event_id = services.person(incoming), incoming.event_id
    team_id, channel_id = incoming.team_id, incoming.channel_id
    desks.channel_restored(services.store, team_id, channel_id, who, event_id, services.now())
    return Answer()


def channel_renamed(incoming: Incoming, services: Services) -> Answer:
    """A channel has another name; its desk is called as Slack calls the channel now."""
    desk = desks.find(services.store, incoming.team_id, incoming.channel_id)
    if desk is None:
        return IGNORED
    try:
        channel = services.directory.channel(incoming.team_id, incoming.channel_id)
    except Refused:  # archived by now, or without the bot
        return IGNORED
    return Answer() if desks.rename(services.store, desk, channel.name) else IGNORED


def _may_post(incoming: Incoming, services: Services) -> bool:
    return _is_archived(incoming, services) is False


def _is_archived(incoming: Incoming, services: Services) -> bool | None:
    """As Slack says now, because an event may come minutes late; None where the bot isn't in."""
    try:
        services.directory.channel(incoming.team_id, incoming.channel_id)
    except Refused as refused:
        return True if refused.reason is DeskRefusal.ARCHIVED else None
    return False


def wrote_to_bot(incoming: Incoming, services: Services) -> Answer:
    """Somebody wrote a direct message to the bot."""
    by_a_person = incoming.user_id and "bot_id" not in incoming.event
    if by_a_person and "subtype" not in incoming.event:
        person = services.person(incoming)
        now = services.now()
        desks.help_wanted(services.store, incoming.team_id, person, incoming.event_id, now)
    return Answer()


def _defaults(who: Person) -> DeskForm:
    return DeskForm((), Need.ANY, (), (who.id,), who.time_zone)


def _memory(incoming: Incoming, desk: Desk | None, channel_id: str, name: str) -> dict[str, object]:
    memory = {**incoming.place, "channel": channel_id, "name": name}
    return memory | {"desk": desk.id, "seen": desk.revision} if desk else memory


def _slack_ids(services: Services, ids: tuple[int, ...]) -> list[str]:
    known = people_operations.by_ids(services.store, ids)
    return [person.slack_id for i in ids if (person := known[i]).slack_id and not person.is_gone]


def _chosen(services: Services, incoming: Incoming, name: Field) -> tuple[int, ...]:
    chosen = services.directory.persons(incoming.team_id, incoming.fields.users(name))
    return tuple(person.id for person in chosen)
