"""How a version's content is drawn: on a card in short, in Open in full."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ImageBlock, RichTextBlock
from slack_sdk.models.blocks.basic_components import SlackFile
from slack_sdk.models.blocks.block_elements import (
    RichTextElement,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from handlers import draw
from handlers.contents import words
from rules.attachments import Attachment, Kind, lacking_alt, misfits
from rules.contents import Content
from rules.diff import changes, in_short
from rules.networks import Network
from rules.slack_text import escape

# https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object/
_DRAWN = frozenset({"image/png", "image/jpeg", "image/gif"})

_IMAGES_ON_CARD = 4
_IMAGES_IN_OPEN = 10
_LINES_ON_CARD = 5
# All text of a message together is limited, and the common text may take a quarter of that.
_OWN_TEXTS_ON_CARD = 1500
# A view may have 250 KB, of which a character can take 12 bytes.
_OWN_TEXTS_IN_OPEN = 4000
_ALTS_IN_OPEN = 4000
_ALT_BESIDE = 150
_CHANGES_SHOWN = 300
_OWN_CHANGES_SHOWN = 3


def on_card(content: Content) -> list[Block]:
    """Below the common text: what a decision needs to see; Open has the rest."""
    return [
        *_own_texts(content, _OWN_TEXTS_ON_CARD),
        *_pictures(content, _IMAGES_ON_CARD),
        *_lines(content, _LINES_ON_CARD, _IMAGES_ON_CARD),
        *warnings(content),
    ]


def in_queue(content: Content) -> list[Block]:
    """Below the common text in a long list of posts: the first picture, and that there is more."""
    pictures = _pictures(content, 1)
    more = words.more_in_open(tuple(content.texts), len(content.attachments) - len(pictures))
    return [*pictures, *draw.plain(more), *warnings(content)]


def in_full(content: Content) -> list[Block]:
    """Below the common text, in Open: everything, with the alt texts."""
    blocks = _own_texts(content, _OWN_TEXTS_IN_OPEN)
    images = _drawable(content)[:_IMAGES_IN_OPEN]
    room = _ALTS_IN_OPEN // max(1, len(images))
    for one in images:
        blocks.append(picture(one))
        blocks += draw.plain(f"Alt text: {draw.excerpt(one.alt, room)}" if one.alt else "")
    return [
        *blocks,
        *_lines(content, len(content.attachments) + 1, _IMAGES_IN_OPEN),
        *warnings(content),
    ]


def besides_text(content: Content) -> list[Block]:
    """What has to be published besides the text: all images, files and the link."""
    drawn = _pictures(content, _IMAGES_IN_OPEN)
    return [*drawn, *_lines(content, len(content.attachments) + 1, _IMAGES_IN_OPEN)]


def warnings(content: Content) -> list[Block]:
    """What an approver should know: images without alt text, or that a network won't take."""
    undescribed = words.lacking_alt([one.name for one in lacking_alt(content.attachments)])
    unfit = words.misfits(misfits(content.attachments, content.networks))
    return draw.plain(*(f"⚠️ {said}" for said in (undescribed, unfit) if said))


def picture(image: Attachment) -> ImageBlock:
    """An image as it is; Slack wants an alt text, so its name stands in where there is none."""
    return ImageBlock(
        slack_file=SlackFile(id=image.file_id),
        alt_text=draw.excerpt(image.alt, _ALT_BESIDE) or words.short(image.name),
    )


def is_drawable(one: Attachment) -> bool:
    """Whether Slack draws it as a picture."""
    return one.kind is Kind.IMAGE and one.file_id is not None and one.mime in _DRAWN


def changed(was: Content, now: Content) -> list[Block]:
    """What is different in all but the common text."""
    said = []
    if was.networks != now.networks:
        networks = draw.network_names(was.networks), draw.network_names(now.networks)
        said.append(f"Networks: ~{networks[0]}~ {networks[1]}")
    if was.link != now.link:
        links = [escape(draw.excerpt(link)) for link in (was.link, now.link) if link]
        said.append(f"Link: {' → '.join(links)}" if now.link else f"Link taken away: {links[0]}")
    blocks = draw.small_lines(said)
    blocks += draw.plain(*_changed_files(was.attachments, now.attachments))
    own = [n for n in Network if was.texts.get(n) != now.texts.get(n)]
    for network in own[:_OWN_CHANGES_SHOWN]:
        before, after = was.texts.get(network, was.text), now.texts.get(network, now.text)
        pieces = in_short(changes(before, after), _CHANGES_SHOWN)
        blocks += [*draw.plain(f"Text for {network.label}"), *draw.changes(pieces)]
    return blocks


def what_changed(was: Content, now: Content) -> list[str]:
    """What is different in all but the common text and the networks, in a few words each."""
    said = ["another link"] if was.link != now.link else []
    if [one.key for one in was.attachments] != [one.key for one in now.attachments]:
        said.append("other images or files")
    elif was.attachments != now.attachments:
        said.append("other alt texts")
    own = [n for n in Network if was.texts.get(n) != now.texts.get(n)]
    return said + [f"another text for {network.label}" for network in own]


def _changed_files(was: Sequence[Attachment], now: Sequence[Attachment]) -> list[str]:
    before, after = {one.key: one for one in was}, {one.key: one for one in now}
    come = [after[key].name for key in after if key not in before]
    gone = [before[key].name for key in before if key not in after]
    other = [after[key].name for key in after if key in before and after[key] != before[key]]
    said = []
    for what, names in (("Added", come), ("Taken out", gone), ("New alt text", other)):
        if names:
            said.append(draw.excerpt(f"{what}: {', '.join(map(words.quoted, names))}", 300))
    if not said and list(before) != list(after):
        said.append("The images are in another order")
    return said


def _drawable(content: Content) -> list[Attachment]:
    return [one for one in content.attachments if is_drawable(one)]


def _pictures(content: Content, most: int) -> list[Block]:
    return [picture(one) for one in _drawable(content)[:most]]


def _own_texts(content: Content, room: int) -> list[Block]:
    """Each network's own text, set off below its name; shortened where there are too many."""
    if not content.texts:
        return []
    each = room // len(content.texts)
    parts: list[RichTextElement] = []
    for network, text in content.texts.items():
        shown = text if len(text) <= each else draw.excerpt(text, each)
        parts += [
            RichTextSectionElement(elements=[_bold(f"Text for {network.label}")]),
            RichTextQuoteElement(elements=[RichTextElementParts.Text(text=shown)]),
        ]
    return [RichTextBlock(elements=parts)]


def _lines(content: Content, most: int, drawn: int) -> list[Block]:
    """The link, and what is attached but not drawn, a line each."""
    shown = {one.key for one in _drawable(content)[:drawn]}
    lines = [_link("🔗 ", content.link, draw.excerpt(content.link))] if content.link else []
    lines += [_line(one) for one in content.attachments if one.key not in shown]
    if len(lines) > most:
        more = len(lines) - most
        lines = [*lines[:most], [RichTextElementParts.Text(text=f"and {more} more in Open")]]
    parts: list[RichTextElement] = [RichTextSectionElement(elements=line) for line in lines]
    return [RichTextBlock(elements=parts)] if parts else []


def _line(one: Attachment) -> list[RichTextElement]:
    if one.url is not None:
        return _link(f"🔗 {words.short(one.name)}: ", one.url, draw.excerpt(one.url, 60))
    sign = "🖼️" if one.kind is Kind.IMAGE else "📎"
    said = f"{sign} {words.short(one.name)}"
    return [
        RichTextElementParts.Text(text=f"{said} ({words.size(one.size)})" if one.size else said)
    ]


def _link(before: str, address: str, shown: str) -> list[RichTextElement]:
    return [
        RichTextElementParts.Text(text=before),
        RichTextElementParts.Link(url=address, text=shown),
    ]


def _bold(text: str) -> RichTextElement:
    return RichTextElementParts.Text(text=text, style=RichTextElementParts.TextStyle(bold=True))
