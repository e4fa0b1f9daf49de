"""The App Home: a person's own day."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock, PlainTextObject
from slack_sdk.models.views import View

from handlers import draw
from handlers.absences import views as absences
from handlers.ids import Action
from handlers.lists import words
from handlers.lists.views import listed
from handlers.reviews.views import waiting_line
from operations.homes import DESKS, MINE, WAITING, Home
from rules.desks import Desk
from rules.posts import UNDER_WAY
from storage.lists import Listed


def home(found: Home) -> View:
    """What waits for them, and each of their desks, with how it stands and what is theirs."""
    blocks = absences.at_home(found.days_off)
    blocks += [*_header("Waits for you"), *_waiting(found)]
    blocks += [*_header("Your desks"), *_desks(found)]
    return View(type="home", blocks=blocks)


def _waiting(found: Home) -> list[Block]:
    if not found.waiting:
        return [draw.line(words.NOTHING_WAITS)]
    blocks: list[Block] = []
    for shown in found.waiting[:WAITING]:
        blocks += waiting_line(shown, found.person.id)
    if len(found.waiting) > WAITING:
        blocks += draw.row(draw.button(Action.QUEUE, "All that waits for you", "all"))
    return blocks


def _desks(found: Home) -> list[Block]:
    if not found.desks:
        return [draw.line(words.NO_DESKS)]
    mine = found.mine[:MINE]
    # Where something of theirs is under way comes first.
    busy = {post.desk_id for post in mine}
    desks = sorted(found.desks, key=lambda desk: desk.id not in busy)
    blocks: list[Block] = []
    for desk in desks[:DESKS]:
        blocks += _desk(found, desk, [post for post in mine if post.desk_id == desk.id])
    if len(desks) > DESKS:
        blocks += draw.small(words.more_desks(len(desks) - DESKS))
    if not mine:
        blocks += draw.small(words.NOTHING_OF_YOURS)
    buttons = [draw.button(Action.TOO_MUCH, words.TOO_MUCH, "", asks=words.TOO_MUCH_ASKS)]
    if len(found.mine) > MINE:
        buttons.insert(0, draw.button(Action.LIST_MINE, "All my posts", "mine"))
    return [*blocks, *draw.row(*buttons)]


def _desk(found: Home, desk: Desk, mine: list[Listed]) -> list[Block]:
    counts = found.counts[desk.id]
    said = words.under_way([(s, counts[s]) for s in UNDER_WAY if s in counts])
    posts = draw.button(Action.LIST, "Posts", desk.id, says=f"Posts of {desk.name}")
    blocks: list[Block] = [DividerBlock(), draw.line(f"<#{desk.channel_id}>\n{said}", posts)]
    for post in mine:
        blocks += listed(post, words.YOURS)
    new = draw.button(
        Action.NEW_DRAFT, "New draft", desk.channel_id, says=f"New draft for {desk.name}"
    )
    return [*blocks, *draw.row(new)]


def _header(text: str) -> list[Block]:
    return [HeaderBlock(text=PlainTextObject(text=text, emoji=False))]
