"""What is on somebody's plate, for their manager."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from handlers import draw
from handlers.answers import Drawn
from handlers.lists.views import due, listed
from handlers.posts import parts
from operations.posts import Shown
from operations.standups.plates import REVIEWS_SHOWN, UNDER_WAY_SHOWN, Plate
from rules.slack_text import escape


def too_much(plate: Plate) -> Drawn:
    """The private note to a manager."""
    who = parts.mention(plate.person)
    said = f"{who} has too much, and asks what could wait or go to somebody else."
    blocks: list[Block] = [draw.line(said)]
    if plate.under_way:
        blocks.append(draw.line("*Their posts under way*"))
    for post in plate.under_way[:UNDER_WAY_SHOWN]:
        blocks += listed(post, due(post))
    if plate.reviews:
        blocks.append(draw.line("*Waits for their approval*"))
    for shown in plate.reviews[:REVIEWS_SHOWN]:
        blocks += _review(shown)
    is_more = len(plate.under_way) > UNDER_WAY_SHOWN or len(plate.reviews) > REVIEWS_SHOWN
    blocks += draw.small("There is more than fits here.") if is_more else []
    if not (plate.under_way or plate.reviews):
        blocks += draw.small("Nothing of theirs is under way at the desks that you manage.")
    return Drawn(f"{escape(plate.person.name)} has too much", blocks)


def _review(shown: Shown) -> list[Block]:
    said = f"*{shown.post.code}* {parts.whose(shown)}\n{parts.publish_time(shown)}"
    text = draw.in_short(shown.version.content.text)
    return [draw.line(said, parts.open_button(shown)), *text]
