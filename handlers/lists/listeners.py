"""Looking through posts: lists and search."""

from __future__ import annotations

from dataclasses import replace

from handlers import shapes
from handlers.answers import IGNORED, Answer
from handlers.door import Door, Services
from handlers.ids import Action, Form
from handlers.incoming import Incoming
from handlers.lists import views, words
from handlers.shapes import NotOurs
from operations import comings, desks, homes, lists, people
from operations.lists import Page
from rules.networks import Network
from rules.posts import number_of
from storage.lists import Filter

# What is looked for travels with the view, which has room for so much.
LENGTH = 150
_WORDS = 8
# Words are looked for wherever they stand; who quotes them doesn't look for the quotes.
_QUOTES = "\"'“”„‟‘’‚‛«»‹›"
_PAGES = 10_000


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.LIST, desk_chosen)
    door.click(Action.LIST_MINE, mine_chosen)
    for action in (Action.LIST_SET, Action.LIST_NETWORK, Action.LIST_CAMPAIGN, Action.LIST_PERSON):
        door.click(action, filters_changed)
    door.click(Action.LIST_CLEAR, filters_cleared)
    door.click(Action.LIST_BACK, turned)
    door.click(Action.LIST_ON, turned)
    door.event("app_home_opened", home_opened)
    door.event("member_left_channel", somebody_left)


def show_posts(incoming: Incoming, services: Services) -> Answer:
    """`/desk posts`: this desk's, or those of all their desks where the channel is none."""
    desk = desks.find(services.store, incoming.team_id, incoming.channel_id)
    return _opened(incoming, services, [desk.id] if desk else [])


def find_posts(incoming: Incoming, services: Services, typed: str) -> Answer:
    """`/desk find words`: in all of their desks."""
    bare = (word.strip(_QUOTES) for word in typed[:LENGTH].split())
    wanted = [word for word in bare if word][:_WORDS]
    if not wanted:
        return Answer(words.WHAT_WORDS)
    incoming = replace(incoming, memory={"words": wanted})
    return Answer(opens=_found(incoming, services, 0).updates)


def desk_chosen(incoming: Incoming, services: Services) -> Answer:
    """The button Posts, in the Home."""
    return _opened(incoming, services, [incoming.number])


def mine_chosen(incoming: Incoming, services: Services) -> Answer:
    """The button All my posts, in the Home."""
    return _opened(incoming, services, [], owner=incoming.user_id)


def filters_changed(incoming: Incoming, services: Services) -> Answer:
    """Another choice above the list."""
    return _list(incoming, services)


def filters_cleared(incoming: Incoming, services: Services) -> Answer:
    """The button Clear filters."""
    memory = {**incoming.memory, "cleared": _cleared(incoming) + 1}
    fields = replace(incoming.fields, values={})
    return _list(replace(incoming, fields=fields, memory=memory), services)


def turned(incoming: Incoming, services: Services) -> Answer:
    """The buttons Newer and Older."""
    number = min(incoming.number, _PAGES)
    if incoming.view_form == Form.FOUND:
        return _found(incoming, services, number)
    return _list(incoming, services, number)


def home_opened(incoming: Incoming, services: Services) -> Answer:
    """Somebody looks at their Home."""
    if incoming.event.get("tab") == "home":
        who = services.person(incoming)
        channels = services.directory.channels_of(incoming.team_id, incoming.user_id)
        homes.opened(services.store, who, channels, services.now())
    return Answer()


def somebody_left(incoming: Incoming, services: Services) -> Answer:
    """Somebody left a channel: its desk is none of their business any more."""
    services.directory.forget(incoming.team_id, incoming.user_id)
    desk = desks.find(services.store, incoming.team_id, incoming.channel_id)
    if desk is None or services.is_there(incoming, False):
        return IGNORED
    place = (incoming.team_id, incoming.user_id, incoming.channel_id)
    homes.left(services.store, *place)
    comings.cover_moved(services.store, *place, joined=False, now=services.now())
    return Answer()


def _opened(incoming: Incoming, services: Services, desk_ids: list[int], owner: str = "") -> Answer:
    begun = replace(incoming, memory={**incoming.memory, "desks": desk_ids})
    return Answer(opens=_list(begun, services, owner=owner).updates)


def _list(incoming: Incoming, services: Services, number: int = 0, owner: str = "") -> Answer:
    chosen = incoming.fields.chosen(Action.LIST_SET)
    chosen = chosen if chosen in words.SETS else words.ALL
    person = owner or incoming.fields.chosen(Action.LIST_PERSON)
    desk_ids = [shapes.number(one) for one in shapes.several(incoming.memory.get("desks"))]
    wanted = Filter(
        desks=tuple(desk_ids),
        statuses=words.SETS[chosen][1],
        network=_network(incoming.fields.chosen(Action.LIST_NETWORK)),
        campaign_id=_number(incoming.fields.chosen(Action.LIST_CAMPAIGN)),
        owner_id=_owner(incoming, services, person),
    )
    page = _page(incoming, services, wanted, number)
    cleared = _cleared(incoming)
    memory = {**incoming.place, "desks": desk_ids, "cleared": cleared}
    return Answer(updates=views.posts(page, chosen, person, memory))


def _found(incoming: Incoming, services: Services, number: int) -> Answer:
    typed = tuple(shapes.text(one) for one in shapes.several(incoming.memory.get("words")))
    if not all(typed) or not typed:
        raise NotOurs("a search for nothing")
    # A number alone may well be a year.
    is_code = len(typed) == 1 and typed[0][0] in "pP"
    code = number_of(typed[0]) if is_code else None
    wanted = Filter(desks=(), number=code) if code else Filter(desks=(), words=typed)
    page = _page(incoming, services, wanted, number)
    memory = {**incoming.place, "words": typed}
    return Answer(updates=views.found(page, " ".join(typed), memory))


def _page(incoming: Incoming, services: Services, wanted: Filter, number: int) -> Page:
    who = services.person(incoming)
    channels = services.directory.channels_of(incoming.team_id, incoming.user_id)
    # What they do in a channel proves that they are in it, sooner than Slack is asked again.
    return lists.page(services.store, who, {*channels, incoming.channel_id}, wanted, number)


def _network(value: str) -> Network | None:
    return None if value in ("", views.ANY) else shapes.member(Network, value)


def _number(value: str) -> int | None:
    return None if value in ("", views.ANY) else shapes.digits(value)


def _cleared(incoming: Incoming) -> int:
    """How often the filters were cleared: then their fields have to be others, to be empty."""
    return incoming.kept_number("cleared") if "cleared" in incoming.memory else 0


def _owner(incoming: Incoming, services: Services, slack_id: str) -> int | None:
    if not slack_id:
        return None
    person = people.remembered(services.store, incoming.team_id, slack_id)
    return person.id if person else 0
