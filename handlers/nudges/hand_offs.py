"""A post that is to go out now, for whoever publishes it: what to do, and the text alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from handlers import draw, times
from handlers.answers import Drawn
from handlers.contents import parts as contents
from handlers.ids import Action
from handlers.nudges import words
from handlers.posts import parts
from operations.nudges import stamp
from operations.posts import Shown
from rules.contents import published_text
from rules.networks import Network
from rules.posts import Status
from rules.slack_text import escape

# https://docs.slack.dev/reference/methods/chat.update/
_UPDATE_TEXT_MAX = 4000


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over: a version, at the publish time `planned` (operations.nudges.stamp).
    Older messages don't say which time that was."""

    version: int
    planned: str | None


def hand_off(
    shown: Shown, handed: Handed, texts: Sequence[Sequence[Network]], again_at: datetime | None
) -> Drawn:
    """What to publish where, with **Published** and **Not now**; `texts` are the networks that
    each of the messages below is for."""
    post = shown.post
    if not _is_to_go_out(shown, handed):
        said = f"*{post.code}* {parts.whose(shown)}\n{parts.status(shown)}"
        line = draw.line(said, parts.open_button(shown))
        return Drawn(f"{post.code} is not to be published now", [line, *parts.published(shown)])
    networks = draw.network_names(shown.version.content.networks)
    said = f"📣 *{post.code}* {parts.whose(shown)} is to go out now on {networks}"
    blocks: list[Block] = [draw.line(said, parts.open_button(shown)), *parts.flags(shown)]
    blocks += [draw.line(escape(words.where_the_texts_are(texts)))]
    blocks += contents.besides_text(shown.version.content)
    if again_at is not None:
        blocks += draw.small(f"You get it again {times.in_readers_zone(again_at)}.")
    published = draw.button(
        Action.PUBLISH, "Published", post.id, style="primary", says=f"{post.code} is published"
    )
    not_now = draw.button(Action.NOT_NOW, words.NOT_NOW, post.id, says=f"{post.code}, not now")
    blocks += draw.row(published, not_now)
    return Drawn(parts.notification(shown, "is to go out now"), blocks)


def text(shown: Shown, handed: Handed, network: Network) -> Drawn:
    """A text and nothing else, so that it can be copied whole on a phone."""
    if shown.post.status is not Status.PUBLISHED and not _is_to_go_out(shown, handed):
        said = words.no_longer(shown.post.code)
        return Drawn(said, [draw.line(said)])
    said = published_text(shown.version.content, network)
    notified = escape(said)
    if len(notified) > _UPDATE_TEXT_MAX:
        notified = escape(draw.excerpt(said, draw.NOTIFICATION))
    return Drawn(notified, draw.typed(said))


def _is_to_go_out(shown: Shown, handed: Handed) -> bool:
    post = shown.post
    if post.status is not Status.SCHEDULED or post.hold_reason is not None:
        return False
    moved = post.publish_at is None or handed.planned not in (None, stamp(post.publish_at))
    return post.version == handed.version and not moved
