"""What comes of a digest in private: a manager's recap, an introduction, who said nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import PlainTextInputElement
from slack_sdk.models.views import View

from handlers import draw
from handlers.answers import Drawn
from handlers.digests import words
from handlers.ids import Action, Field, Form
from handlers.posts.parts import mention
from operations.digest_contents import Silent
from rules.desks import Desk
from rules.digests import RECAP_LIMIT
from rules.people import Person

_SHORT_NAME = 24
_QUOTED = 2000
# A line takes 3,000 characters, a message 12,000; a mention has about 15 of them.
_MENTIONED = 80
_DESKS = 10


def recap_form(desk: Desk, recap: str, memory: dict[str, Any]) -> View:
    """Asks a manager for their recap."""
    typed = PlainTextInputElement(
        action_id=Field.RECAP,
        multiline=True,
        max_length=RECAP_LIMIT,
        initial_value=recap or None,
    )
    blocks: list[Block] = [draw.line(f"For the digest in <#{desk.channel_id}>")]
    blocks += draw.small(words.RECAP_READ_ALONG if desk.outsiders else "")
    blocks.append(
        draw.field(Field.RECAP, words.RECAP_LABEL, typed, optional=True, hint=words.RECAP_HINT)
    )
    return draw.form(Form.RECAP, words.RECAP, "Save", memory, blocks)


def introduction(blocked: Person, helper: Person, reader_id: int, desk: Desk, by: str) -> Drawn:
    """To who is blocked, and to who offered to help: who the other one is, and what it is about."""
    channel = f"<#{desk.channel_id}>"
    if reader_id == blocked.id:
        said = words.can_help(mention(helper), channel)
    else:
        said = words.you_offered(mention(blocked), channel)
    return Drawn(said, [draw.line(said), *draw.quoted(draw.excerpt(by, _QUOTED))])


def silent(found: Sequence[Silent], *, is_new: bool) -> Drawn | None:
    """For managers: who said nothing, desk by desk; None where there is nobody to tell of."""
    told = [each for each in found if each.is_told]
    if not told and is_new:
        return None
    blocks: list[Block] = [draw.line(words.SILENT if told else words.ALL_ANSWERED)]
    desks = (told or found)[:_DESKS]
    for each in desks:
        value = f"{each.desk.id}:{each.day.toordinal()}"
        recap = draw.button(Action.RECAP, words.RECAP, value, says=f"Recap for {each.desk.name}")
        lines = [f"<#{each.desk.channel_id}>", *_silence(each, _MENTIONED // len(desks))]
        blocks.append(draw.line("\n".join(lines), recap))
    blocks += draw.small(words.SILENT_ONLY)
    count = sum(len(each.attendance.silent) for each in told)
    return Drawn(words.silent_aloud(count) if told else words.ALL_ANSWERED, blocks)


def _silence(each: Silent, most: int) -> list[str]:
    stands = each.attendance
    lines = [
        (words.SILENT_NO_ANSWER, stands.silent),
        (words.SILENT_SKIPPED, stands.skipped),
        (words.SILENT_LATER, stands.later),
        (words.SILENT_AWAY, stands.away),
    ]
    return [
        f"{label}: {_all([_called(each, i) for i in ids], most)}" for label, ids in lines if ids
    ]


def _called(each: Silent, person_id: int) -> str:
    person = each.people[person_id]
    return mention(person) if person.slack_id else draw.name(draw.excerpt(person.name, _SHORT_NAME))


def _all(names: Sequence[str], most: int) -> str:
    left = len(names) - most
    shown = ", ".join(names[:most])
    return f"{shown} and {left} more" if left > 0 else shown
