"""A text as one network takes it: what fits, what it counts, what it does with the link."""

from __future__ import annotations

import re
from dataclasses import dataclass

import regex

from rules.contents import Content, published_text
from rules.networks import Network, Room, room

_GRAPHEMES = regex.compile(r"\X")
_HASHTAG = re.compile(r"(?<![\w&/#])#(?=\w*[^\W\d_])\w+")
_MENTION = re.compile(r"(?<![\w@/.])@\w(?:[\w.-]*\w)?(?:@[\w-]+(?:\.[\w-]+)+)?")

# developers.facebook.com, Instagram Platform, IG User media, "caption".
INSTAGRAM_HASHTAGS = 30
INSTAGRAM_MENTIONS = 20

# Where an address in the text leads nowhere. Third parties only.
NO_LINKS = frozenset({Network.INSTAGRAM, Network.TIKTOK})


@dataclass(frozen=True, slots=True)
class Preview:
    """What a network would make of a post. `fits` and `cut` together are the whole text."""

    network: Network
    fits: str
    cut: str
    room: Room
    hashtags: tuple[str, ...]
    mentions: tuple[str, ...]
    link: str | None
    is_own_text: bool


def preview(network: Network, content: Content) -> Preview:
    """How a network would count and cut the text that goes there."""
    text = published_text(content, network)
    end = _end(network, text)
    return Preview(
        network=network,
        fits=text[:end],
        cut=text[end:],
        room=room(network, text),
        hashtags=tuple(_HASHTAG.findall(text)),
        mentions=tuple(_MENTION.findall(text)),
        link=content.link,
        is_own_text=network in content.texts,
    )


def _end(network: Network, text: str) -> int:
    """Where the network would cut: no character, as a reader sees them, is cut in two."""
    if not room(network, text).over:
        return len(text)
    ends = [0, *(match.end() for match in _GRAPHEMES.finditer(text))]
    low, high = 0, len(ends) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if room(network, text[: ends[middle]]).over:
            high = middle - 1
        else:
            low = middle
    return ends[low]
