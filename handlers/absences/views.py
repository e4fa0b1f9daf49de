"""The form that asks for days off and who covers, and the messages that tell of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import DatePickerElement, UserSelectElement
from slack_sdk.models.views import View

from handlers import draw
from handlers.absences import words
from handlers.answers import Drawn
from handlers.ids import Action, Field, Form
from handlers.incoming import Fields
from handlers.shapes import NotOurs
from operations.absences import DaysOff
from operations.posts import Shown
from rules.absences import Absence
from rules.people import Person
from rules.reviews import Away, Review
from rules.slack_text import escape


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form shows when it opens. `cover` is a Slack id, or empty."""

    first: date
    last: date | None
    cover: str = ""


def form(filled: Filled, said: Sequence[str], memory: dict[str, Any]) -> View:
    """Asks for the days, and who covers; `said` stands above."""
    first = DatePickerElement(action_id=Field.FIRST_DAY, initial_date=filled.first.isoformat())
    last = DatePickerElement(
        action_id=Field.LAST_DAY, initial_date=filled.last.isoformat() if filled.last else None
    )
    cover = UserSelectElement(
        action_id=Field.COVER, placeholder="A colleague", initial_user=filled.cover or None
    )
    blocks = [
        *(draw.line(escape(sentence)) for sentence in said),
        draw.field(Field.FIRST_DAY, words.FIRST, first),
        draw.field(Field.LAST_DAY, words.LAST, last, optional=True, hint=words.LAST_HINT),
        draw.field(Field.COVER, words.COVER, cover, optional=True, hint=words.COVER_HINT),
    ]
    return draw.form(Form.AWAY, words.TITLE, "Save", memory, blocks)


def parse(fields: Fields) -> Filled:
    """What was chosen. Raises NotOurs without a first day, which the form asks for."""
    first = fields.date(Field.FIRST_DAY)
    if first is None:
        raise NotOurs("an absence without a first day")
    return Filled(first, fields.date(Field.LAST_DAY), fields.user(Field.COVER))


def waits_for(shown: Shown, review: Review, approver: int) -> Away | None:
    """The absence because of which a post can't be approved, None where that isn't so."""
    gone = review.current.away.get(approver)
    is_stuck = approver in review.open_places and review.is_stuck and shown.is_current
    return gone if gone and gone.cover_id is None and is_stuck else None


def at_home(found: DaysOff) -> list[Block]:
    """On top of the Home: that they are away, or will be next, and for whom they cover."""
    names = {i: draw.name(person.name) for i, person in found.people.items()}
    blocks: list[Block] = []
    if found.current is not None:
        cover = names[found.current.cover_id] if found.current.cover_id else ""
        back = draw.button(Action.BACK, words.BACK, found.current.id, style="primary")
        blocks.append(draw.line(words.at_home(found.current, cover), back))
    elif found.coming:
        absence = found.coming[0]
        cover = names[absence.cover_id] if absence.cover_id else ""
        asks = words.cancel_asks(absence)
        cancel = draw.button(Action.BACK, words.CANCEL, absence.id, asks=asks)
        blocks.append(draw.line(words.coming(absence, cover), cancel))
    covered = [words.covered(names[each.person_id], each) for each in found.covering]
    if covered:
        blocks.append(draw.line(words.covers_now(covered)))
    return blocks


def covering(absence: Absence, is_over: bool, people: Mapping[int, Person]) -> Drawn:
    """For the cover, kept up to date."""
    name = draw.name(people[absence.person_id].name)
    if is_over:
        said = words.covering_no_more(name)
        return Drawn(said, draw.small(said))
    said = words.covering(name, absence)
    return Drawn(said, [draw.line(said)])


def marked(absence: Absence, by: Person, people: Mapping[int, Person], is_back: bool) -> Drawn:
    """For whom somebody else said it."""
    who, cover = draw.name(by.name), ""
    if absence.cover_id:
        cover = draw.name(people[absence.cover_id].name)
    said = words.marked_back(who) if is_back else words.marked(who, absence, cover)
    back = draw.button(Action.BACK, words.BACK, absence.id)
    return Drawn(said, [draw.line(said, None if is_back else back)])


def no_cover(shown: Shown, review: Review, approver: Person) -> Drawn:
    """For a desk's managers: nobody covers. Small once it is settled, as it is when somebody else
    was asked instead, and the review names `approver` no more."""
    name = draw.name(approver.name)
    gone = waits_for(shown, review, approver.id)
    code = f"*{shown.post.code}*"
    if gone is None:
        said = words.settled(name, code)
        return Drawn(said, draw.small(said))
    said = words.no_cover(words.is_away(name, gone.until), code)
    where = f"<#{shown.desk.channel_id}>"
    choose = draw.button(Action.COVER, words.CHOOSE_COVER, gone.absence_id)
    return Drawn(said, [draw.line(said), *draw.small(where), *draw.row(choose)])
