"""What a listener answers the person who acted, before Slack's ways of saying it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View


@dataclass(frozen=True, slots=True)
class Answer:
    """A private sentence, a view to open or to show in place, errors at a form's fields.

    `text` is plain: it is escaped where it is said. With `blocks` it is what a notification and
    a screen reader say. An empty answer acknowledges, and the changed card is what one sees.
    `replaces`: it takes the place of the private message that was clicked. `ignored`: it was none
    of our business, and nothing changed.
    """

    text: str = ""
    blocks: Sequence[Block] = ()
    opens: View | None = None
    updates: View | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[Option] = ()
    replaces: bool = False
    ignored: bool = False


IGNORED = Answer(ignored=True)


class NotYet(Exception):
    """What an event is about isn't known yet: it isn't acknowledged, and Slack sends it again."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message as Slack gets it. `text` is mrkdwn: what a notification and a screen reader say."""

    text: str
    blocks: Sequence[Block]
