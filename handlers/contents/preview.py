"""A post as one network would show it."""

from __future__ import annotations

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import StaticSelectElement
from slack_sdk.models.views import View

from handlers import draw
from handlers.answers import Answer
from handlers.contents import words
from handlers.door import Door, Services
from handlers.ids import Action, Form
from handlers.incoming import Incoming
from handlers.shapes import NotOurs
from operations import posts
from operations.posts import Shown
from rules.attachments import images, lacking_alt, misfits
from rules.diff import Kind, Piece
from rules.networks import Network
from rules.previews import Preview, preview

_TAGS_SHOWN = 500


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.PREVIEW, preview_chosen)


def preview_chosen(incoming: Incoming, services: Services) -> Answer:
    """A network chosen in the menu Preview, in Open."""
    who = services.person(incoming)
    chosen, post_id = incoming.choice
    if chosen not in set(Network):
        raise NotOurs("an unknown network")
    shown = posts.show(services.store, incoming.team_id, post_id)
    in_channel = services.is_in(incoming, shown.desk.channel_id)
    shown, _ = posts.open_for(services.store, who, shown.post.id, in_channel)
    return Answer(opens=sheet(shown, Network(chosen)))


def choice(shown: Shown) -> StaticSelectElement:
    """The menu Preview: one entry for each network of the post."""
    options = [
        draw.option(f"{network}:{shown.post.id}", words.preview_on(network))
        for network in shown.version.content.networks
    ]
    return StaticSelectElement(action_id=Action.PREVIEW, placeholder="Preview", options=options)


def sheet(shown: Shown, network: Network) -> View:
    """What the network would take of the text, and what it would do with the rest."""
    content = shown.version.content
    found = preview(network, content)
    pieces = [Piece(Kind.SAME, found.fits), Piece(Kind.GONE, found.cut)]
    blocks: list[Block] = [
        *draw.plain(words.counted(found)),
        *draw.changes([piece for piece in pieces if piece.text]),
        *draw.plain("A text of its own" if found.is_own_text else ""),
        *_tags(found),
        *_link(found),
        *_images(shown, network),
    ]
    return draw.sheet(Form.PREVIEW, f"{shown.post.code} on {network.label}", blocks)


def _tags(found: Preview) -> list[Block]:
    lines = [draw.excerpt(line, _TAGS_SHOWN) for line in words.tags(found).split("\n")]
    trouble = words.tag_trouble(found)
    return [*draw.plain(*lines), *draw.plain(f"⚠️ {trouble}" if trouble else "")]


def _link(found: Preview) -> list[Block]:
    if found.link is None:
        return []
    return [
        *draw.plain(f"Link: {draw.excerpt(found.link, _TAGS_SHOWN)}"),
        *draw.plain(words.link_fate(found)),
    ]


def _images(shown: Shown, network: Network) -> list[Block]:
    attached = shown.version.content.attachments
    count = len(images(attached))
    trouble = [words.misfits(misfits(attached, [network]))]
    trouble.append(words.lacking_alt([one.name for one in lacking_alt(attached)]))
    said = f"{count} image{'' if count == 1 else 's'}" if count else ""
    return [*draw.plain(said), *draw.plain(*(f"⚠️ {line}" for line in trouble if line))]
