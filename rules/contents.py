"""What an approval is about: a post's text, its networks, its link and what is attached."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rules.attachments import Attachment
from rules.networks import Network, Room, room


@dataclass(frozen=True, slots=True)
class Content:
    """What an approval is about. `texts` are a network's own text where it has one."""

    text: str
    networks: tuple[Network, ...]
    texts: dict[Network, str] = field(default_factory=dict)
    link: str | None = None
    attachments: tuple[Attachment, ...] = ()


# Where the link is part of the text and counts; elsewhere it makes a card, or has its own field.
_LINK_IN_TEXT = frozenset({Network.X, Network.MASTODON})


def tidy(content: Content) -> Content:
    """The same content in the one way it is kept: naming the networks in another order, or a
    text for a network that it doesn't go to, changes nothing that was approved.
    """
    networks = tuple(n for n in Network if n in content.networks)
    texts = {n: content.texts[n] for n in networks if content.texts.get(n, "").strip()}
    texts = {n: text for n, text in texts.items() if text != content.text}
    return replace(content, networks=networks, texts=texts)


def published_text(content: Content, network: Network) -> str:
    """The text that goes to a network, with the link where it has to stand in the text."""
    text = content.texts.get(network, content.text)
    if content.link and network in _LINK_IN_TEXT and content.link not in text:
        return f"{text.rstrip()}\n{content.link}"
    return text


def rooms(content: Content) -> dict[Network, Room]:
    """What the post uses of each network's limit."""
    return {n: room(n, published_text(content, n)) for n in content.networks}


def over_limits(content: Content) -> dict[Network, int]:
    """By how much the text is too long, for the networks where it is."""
    return {n: found.over for n, found in rooms(content).items() if found.over}
