"""A list of posts to look through: filters above, a page of posts, and the way to the next."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, DividerBlock, Option
from slack_sdk.models.blocks.block_elements import (
    InteractiveElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from handlers import draw, times
from handlers.ids import Action, Field, Form
from handlers.lists import words
from handlers.posts.parts import status_said
from operations.lists import Page
from rules.networks import Network
from rules.posts import Status
from storage.lists import Listed

ANY = "any"


def posts(page: Page, chosen: str, person: str, memory: dict[str, Any]) -> View:
    """The list. `chosen` is the key of the set of statuses, `person` a Slack id or empty."""
    # A select goes on showing what was chosen in it, unless its block is another one.
    cleared = memory.get("cleared", 0)
    filters = ActionsBlock(block_id=f"{Field.FILTERS}:{cleared}", elements=_filters(page, chosen))
    blocks: list[Block] = [filters]
    people = UserSelectElement(
        action_id=Action.LIST_PERSON, placeholder="By anybody", initial_user=person or None
    )
    wanted = page.wanted
    is_all = chosen == words.ALL and not (wanted.network or wanted.campaign_id or person)
    clear = [] if is_all else [draw.button(Action.LIST_CLEAR, "Clear filters", "all")]
    blocks.append(ActionsBlock(block_id=f"{Field.PERSON}:{cleared}", elements=[people, *clear]))
    nothing = words.NO_POSTS if is_all else words.NOTHING
    nowhere = words.NOT_HERE if memory.get("desks") else words.NO_DESKS
    return draw.sheet(Form.POSTS, "Posts", [*blocks, *_page(page, nothing, nowhere)], memory)


def found(page: Page, typed: str, memory: dict[str, Any]) -> View:
    """What was found by words, or by a post's code."""
    blocks = [*draw.plain(f"“{typed}”"), *_page(page, words.FOUND_NOTHING, words.NO_DESKS)]
    return draw.sheet(Form.FOUND, "Found posts", blocks, memory)


def listed(post: Listed, whose: str = "") -> list[Block]:
    """One line of a list, with Open beside it. `whose` is mrkdwn."""
    flags = ("⏸️ " if post.on_hold else "") + ("🔥 " if post.urgent else "")
    networks = draw.network_names(post.networks)
    state = f"{flags}{status_said(post.status, post.publish_at)} · {networks}"
    code = f"P-{post.number}"
    said = f"*{code}*{whose}\n{state}"
    beside = draw.button(Action.OPEN, "Open", post.post_id, says=f"Open {code}")
    return [draw.line(said, beside), *draw.in_short(post.text)]


def due(post: Listed) -> str:
    """When it goes out, where its status doesn't say so; in mrkdwn, to stand behind its code."""
    if post.publish_at is None or post.status is Status.SCHEDULED:
        return ""
    return f" · {times.in_readers_zone(post.publish_at)}"


def _page(page: Page, nothing: str, nowhere: str) -> list[Block]:
    """`nothing` is said where no post is there, `nowhere` where no desk is that they may see."""
    if not page.wanted.desks:
        return [draw.line(nowhere)]
    buttons = []
    if page.number > 0:
        buttons.append(draw.button(Action.LIST_BACK, "Newer", page.number - 1))
    if page.has_more:
        buttons.append(draw.button(Action.LIST_ON, "Older", page.number + 1))
    several = len(page.wanted.desks) > 1
    blocks: list[Block] = []
    for post in page.posts:
        where = f" in <#{page.desks[post.desk_id].channel_id}>" if several else ""
        blocks += [DividerBlock(), *listed(post, f" by {draw.name(post.owner)}{where}")]
    return [*(blocks or [draw.line(nothing)]), *draw.row(*buttons)]


def _filters(page: Page, chosen: str) -> list[InteractiveElement]:
    sets = [draw.option(key, label) for key, (label, _) in words.SETS.items()]
    networks = [draw.option(ANY, "All networks"), *draw.network_options(tuple(Network))]
    network = page.wanted.network or ANY
    elements: list[InteractiveElement] = [
        _select(Action.LIST_SET, sets, chosen),
        _select(Action.LIST_NETWORK, networks, network),
    ]
    if page.campaigns:
        campaigns = [
            draw.option(ANY, "All campaigns"),
            *(draw.option(str(i), name) for i, name in page.campaigns.items()),
        ]
        wanted = page.wanted.campaign_id
        elements.append(_select(Action.LIST_CAMPAIGN, campaigns, str(wanted or ANY)))
    return elements


def _select(action: Action, options: list[Option], value: str) -> StaticSelectElement:
    initial = next((o for o in options if o.value == value), options[0])
    return StaticSelectElement(action_id=action, options=options, initial_option=initial)
