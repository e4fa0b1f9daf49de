"""Reminders as messages, and the forms that managers get with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block, DividerBlock
from slack_sdk.models.blocks.block_elements import (
    DateTimePickerElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from handlers import draw, times
from handlers.answers import Drawn
from handlers.ids import Action, Field, Form
from handlers.nudges import words
from handlers.posts import parts
from handlers.words import in_a_row
from operations.escalations import Unreachable
from operations.posts import Shown
from operations.reminders import Reminder, Reminders
from rules.occurrences import OccurrenceKind
from rules.posts import Post
from rules.reviews import Review

# A select has 100 options. https://docs.slack.dev/reference/block-kit/block-elements/
_MOST_CHOICES = 100


def reminders(found: Reminders) -> Drawn | None:
    """One message with all that somebody is reminded of; None where there was nothing left to say
    before it was sent."""
    still = [each for each in found.reminders if each.is_open]
    if not still and not found.was_sent:
        return None
    shown = found.reminders if found.was_sent else still
    blocks: list[Block] = [draw.line(_title(found, still))]
    for each in shown:
        blocks += reminder(each, found.person_id)
    if found.more:
        queue = draw.button(Action.QUEUE, "What waits for me", "all")
        blocks += [draw.line(f"And {found.more:,} more.", queue)]
    if found.snoozed_until is not None:
        until = times.in_readers_zone(found.snoozed_until)
        blocks += draw.small(f"You wanted these brought up again {until}.")
    elif still:
        blocks += [DividerBlock(), *_snooze(found)]
    return Drawn(_notification(found, still), blocks)


def reminder(found: Reminder, person_id: int) -> list[Block]:
    """One line of such a message, with what can be done about it; of what was dealt with, how it
    stands."""
    if not found.is_open:
        return [DividerBlock(), in_a_line(found)]
    short = draw.in_short(found.shown.version.content.text)
    return [DividerBlock(), in_a_line(found), *short, *_buttons(found, person_id)]


def in_a_line(found: Reminder) -> Block:
    """What it is about, with Open."""
    shown = found.shown
    says = _SAYS[found.kind](found) if found.is_open else parts.status(shown)
    urgent = "🔥 " if shown.post.urgent_reason is not None else ""
    said = f"{urgent}*{shown.post.code}* {parts.whose(shown)}\n{says}"
    return draw.line(said, parts.open_button(shown))


def _title(found: Reminders, still: Sequence[Reminder]) -> str:
    if not still:
        return "*Reminders*: nothing of this waits for you any more"
    return "*The last reminders for today*" if found.is_last else "*Reminders*"


def _notification(found: Reminders, still: Sequence[Reminder]) -> str:
    codes = [each.shown.post.code for each in still]
    if not codes:
        return "Nothing of these reminders waits for you any more"
    if found.more:
        return f"Reminders of {len(codes) + found.more:,} posts"
    return f"{'Reminder' if len(codes) == 1 else 'Reminders'}: {in_a_row(codes)}"


def _asked(found: Reminder) -> str:
    return f"Your decision {_due(found)}"


def _undecided(found: Reminder) -> str:
    shown = found.shown
    assert shown.review is not None
    late = [_whom(shown, shown.review, place) for place in shown.review.open_places]
    return f"A decision {_due(found)}; it {words.waits_for(late)}"


def _whom(shown: Shown, review: Review, place: int) -> str:
    """An approver, with who stands in for them."""
    if place not in review.current.away:
        return parts.name(shown, place)
    cover = review.cover_of(place)
    return words.is_away(parts.name(shown, place), parts.name(shown, cover) if cover else "")


def _missed(found: Reminder) -> str:
    at = found.shown.post.publish_at
    when = times.in_readers_zone(at) if at else "by now"
    return f"⏰ It was to go out {when}, and isn't approved"


def _due(found: Reminder) -> str:
    assert found.due is not None
    when = times.in_readers_zone(found.due)
    return f"was due {when}" if found.was_due else f"is due {when}"


_SAYS = {
    OccurrenceKind.REMINDER: _asked,
    OccurrenceKind.ESCALATION: _undecided,
    OccurrenceKind.MISSED: _missed,
}


def _buttons(found: Reminder, person_id: int) -> list[Block]:
    shown, review, code = found.shown, found.shown.review, found.shown.post.code
    if found.kind is OccurrenceKind.MISSED:
        return draw.row(
            draw.button(Action.NEW_TIME, words.NEW_TIME, shown.post.id, style="primary"),
            draw.button(Action.CANCEL, "Cancel post", shown.post.id, says=f"Cancel {code}"),
        )
    assert review is not None
    approve = draw.button(
        Action.APPROVE, "Approve", review.id, style="primary", says=f"Approve {code}"
    )
    if found.kind is OccurrenceKind.REMINDER:
        return draw.row(approve)
    buttons = [
        draw.button(Action.REMIND_AGAIN, "Remind again", review.id, says=f"Remind of {code}"),
        draw.button(Action.REASSIGN, words.REASSIGN, f"{review.id}:0", says=f"Reassign {code}"),
    ]
    if person_id in review.waiting_for:
        buttons.append(approve)
    elif found.may_approve_instead:
        buttons.append(
            draw.button(
                Action.APPROVE_INSTEAD,
                words.APPROVE_INSTEAD,
                review.id,
                says=f"Approve {code} instead",
            )
        )
    return draw.row(*buttons)


def _snooze(found: Reminders) -> list[Block]:
    return draw.row(
        draw.button(Action.SNOOZE, words.IN_AN_HOUR, found.message_id),
        draw.button(Action.SNOOZE_TOMORROW, words.TOMORROW, found.message_id),
    )


def unreachable(found: Unreachable) -> Drawn:
    """For managers: somebody who left is still asked, with **Reassign** for each post."""
    name, where = draw.name(found.person.name), f"<#{found.desk.channel_id}>"
    said = f"*{name}* can't be reached: {words.why_unreachable(found.error)}."
    if not found.waiting:
        return Drawn(said, [draw.line(f"{said} Nothing in {where} waits for them any more.")])
    blocks: list[Block] = [draw.line(f"{said} These posts in {where} wait for them:")]
    for shown in found.waiting:
        assert shown.review is not None
        code, value = shown.post.code, f"{shown.review.id}:{found.person.id}"
        ask = draw.button(Action.REASSIGN, words.REASSIGN, value, says=f"Reassign {code}")
        blocks += [draw.line(f"*{code}* {parts.whose(shown)}", ask)]
        blocks += draw.in_short(shown.version.content.text)
    return Drawn(said, blocks)


def reassign(shown: Shown, place: int, memory: dict[str, Any]) -> View:
    """Asks who is to decide. `place` is in whose place; 0 where several haven't decided, and it is
    asked too."""
    element = UserSelectElement(action_id=Field.APPROVER, placeholder="A colleague")
    instead = draw.field(Field.APPROVER, "Who decides instead?", element)
    blocks: list[Block] = [*_places(shown), instead]
    if place:
        memory = {**memory, "place": place}
        blocks = [draw.line(f"{_version(shown)}, waits for {parts.name(shown, place)}"), instead]
    return draw.form(Form.REASSIGN, words.REASSIGN, words.REASSIGN, memory, blocks)


def approve_instead(shown: Shown, memory: dict[str, Any]) -> View:
    """Asks in whose place a manager approves, where it takes several."""
    return draw.form(Form.APPROVE_INSTEAD, words.APPROVE_INSTEAD, "Approve", memory, _places(shown))


def _places(shown: Shown) -> list[Block]:
    review = shown.review
    assert review is not None
    options = [draw.option(str(who), shown.people[who].name) for who in review.open_places]
    element = StaticSelectElement(
        action_id=Field.PLACE, options=options[:_MOST_CHOICES], initial_option=options[0]
    )
    return [draw.line(_version(shown)), draw.field(Field.PLACE, "In whose place?", element)]


def _version(shown: Shown) -> str:
    return f"*{shown.post.code}*, version {shown.version.number}"


def new_time(post: Post, memory: dict[str, Any]) -> View:
    """Asks for another publish time."""
    hint = words.NEW_TIME_HINT
    blocks = [draw.line(f"*{post.code}*"), _moment("Publish at", None, hint)]
    return draw.form(Form.NEW_TIME, words.NEW_TIME, "Save", memory, blocks)


def not_now(post: Post, in_an_hour: datetime, memory: dict[str, Any]) -> View:
    """Asks when to hand a post over again."""
    hint = words.NOT_NOW_HINT
    blocks = [draw.line(f"*{post.code}*"), _moment("When then?", in_an_hour, hint)]
    return draw.form(Form.NOT_NOW, words.NOT_NOW, "Save", memory, blocks)


def _moment(label: str, at: datetime | None, hint: str) -> Block:
    element = DateTimePickerElement(
        action_id=Field.PUBLISH_AT, initial_date_time=int(at.timestamp()) if at else None
    )
    return draw.field(Field.PUBLISH_AT, label, element, hint=hint)
