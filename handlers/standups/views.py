"""Somebody's morning: the message that asks them, and the form in which they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, DividerBlock
from slack_sdk.models.blocks.block_elements import CheckboxesElement, PlainTextInputElement
from slack_sdk.models.views import View

from handlers import draw, shapes, times
from handlers.answers import Drawn
from handlers.ids import Action, Field, Form, part
from handlers.incoming import Fields
from handlers.lists.views import due, listed
from handlers.nudges.views import in_a_line
from handlers.posts.words import STATUSES
from handlers.reviews.views import waiting_line
from handlers.standups import words
from operations.standups.mornings import AT_HAND, REMINDED, WAITING, Morning
from operations.standups.planning import Asked
from rules.slack_text import escape
from rules.standups import LONGEST_ANSWER, AnswerState, QuestionKind, Said, kind_of
from storage.lists import Listed

_TOO_MUCH = "too_much"
# A form takes 100 blocks and 250 KB.
_MOST_FIELDS = 30


def prompt(morning: Morning) -> Drawn:
    """The one message of somebody's morning, as things stand; what is over is small."""
    title = f"*{times.day(morning.day)}*"
    if morning.is_over:
        said = words.over(_answered(morning), _skipped(morning))
        return Drawn(f"{times.day(morning.day)}. {said}", [draw.line(f"{title}\n{said}")])
    blocks: list[Block] = [draw.line(f"{title}\n{words.in_short(*_counts(morning))}")]
    # A message has 50 blocks: what they manage takes the room of one post that waits.
    most = WAITING - 1 if morning.reminded else WAITING
    for shown in morning.waiting[:most]:
        blocks += waiting_line(shown, morning.person.id)
    if len(morning.waiting) > most:
        blocks += draw.row(draw.button(Action.QUEUE, "All that waits for you", "all"))
    if morning.at_hand:
        blocks += [DividerBlock(), draw.line(words.YOURS)]
    for post in morning.at_hand[:AT_HAND]:
        blocks += listed(post, due(post))
    if len(morning.at_hand) > AT_HAND:
        blocks += draw.row(draw.button(Action.LIST_MINE, "All my posts", "mine"))
    blocks += _reminded(morning)
    return Drawn(escape(_notification(morning)), [*blocks, *_standup(morning)])


def _reminded(morning: Morning) -> list[Block]:
    found = morning.reminded
    if not found:
        return []
    blocks: list[Block] = [DividerBlock(), draw.line(words.YOU_MANAGE)]
    blocks += [in_a_line(each) for each in found[:REMINDED]]
    more = len(found) - REMINDED
    return [*blocks, *draw.small(words.and_more(more))] if more > 0 else blocks


def answer_form(morning: Morning, memory: dict[str, Any]) -> View:
    """A field for each question, below what the record knows of their day. Those that don't fit
    come when these are answered."""
    asked, left = _fitting(morning)
    several = len(morning.asked) > 1
    blocks: list[Block] = [draw.line(f"*{times.day(morning.day)}*"), *_their_day(morning)]
    for each in asked:
        blocks += [draw.line(f"*<#{each.desk.channel_id}>*")] if several else []
        blocks += _fields(each)
    blocks += draw.small(words.left(left)) if left else []
    too_much = draw.option(_TOO_MUCH, words.TOO_MUCH)
    blocks.append(
        draw.field(
            Field.TOO_MUCH,
            "Your load",
            CheckboxesElement(action_id=Field.TOO_MUCH, options=[too_much]),
            optional=True,
            hint=words.TOO_MUCH_HINT,
        )
    )
    return draw.form(
        Form.STANDUP_ANSWER,
        "Standup",
        "Send",
        {**memory, "day": morning.day.isoformat()},
        blocks,
    )


def parse_answer(fields: Fields, asked: Mapping[str, str]) -> dict[int, tuple[Said, ...]]:
    """What was typed, by desk; `asked` are the labels of the fields. Raises NotOurs."""
    found: dict[int, tuple[Said, ...]] = {}
    for name, typed in fields.several(Field.SAID).items():
        where, _, rest = name.partition(":")
        desk, kind = shapes.digits(where), shapes.member(QuestionKind, rest.partition(":")[0])
        question = asked.get(part(Field.SAID, name), "")
        found[desk] = (*found.get(desk, ()), Said(question, typed.strip(), kind))
    return found


def wants_less(fields: Fields) -> bool:
    """Whether they say that it is too much."""
    return _TOO_MUCH in fields.options(Field.TOO_MUCH)


def _standup(morning: Morning) -> list[Block]:
    """What they are asked, and what came of it."""
    if not morning.asked:
        return []
    day = morning.day.isoformat()
    open_ones = [each for each in morning.asked if each.answer is None]
    answer = draw.button(Action.STANDUP_ANSWER, "Answer", day, style="primary")
    skip = draw.button(Action.STANDUP_SKIP, "Skip today", day)
    edit = draw.button(Action.STANDUP_ANSWER, "Edit", day, says="Edit what you answered")
    anyway = draw.button(Action.STANDUP_ANSWER, "Answer", day)
    buttons = [edit] if _answered(morning) else [anyway]
    said = words.over(_answered(morning), _skipped(morning))
    if open_ones:
        said, buttons = words.asked(_channels(open_ones)), [answer, skip]
    duty = [each for each in morning.asked if each.on_duty]
    on_duty = draw.small(words.on_duty(_channels(duty))) if duty else []
    return [DividerBlock(), draw.line(said), *on_duty, *draw.row(*buttons)]


def _channels(asked: Sequence[Asked]) -> list[str]:
    return [f"<#{each.desk.channel_id}>" for each in asked]


def _answered(morning: Morning) -> bool:
    states = [each.answer.state for each in morning.asked if each.answer]
    return AnswerState.ANSWERED in states


def _skipped(morning: Morning) -> bool:
    states = [each.answer.state for each in morning.asked if each.answer]
    return AnswerState.SKIPPED in states


def _counts(morning: Morning) -> tuple[str, str]:
    def said(found: Sequence[object], most: int) -> str:
        return f"more than {most}" if len(found) > most else str(len(found))

    return said(morning.waiting, WAITING), said(morning.at_hand, AT_HAND)


def _notification(morning: Morning) -> str:
    said = f"{times.day(morning.day)}. {words.in_short(*_counts(morning))}"
    waits = any(each.answer is None for each in morning.asked)
    return f"{said} {words.ANSWER_IT}" if waits else said


def _their_day(morning: Morning) -> list[Block]:
    waits = words.in_short(*_counts(morning))
    zone = morning.person.time_zone
    theirs = [_due(post, zone) for post in morning.at_hand[:AT_HAND]]
    return draw.small_lines([waits]) + draw.plain(*theirs)


def _due(post: Listed, zone: str) -> str:
    state = STATUSES[post.status].lower()
    at = "" if post.publish_at is None else f", {times.plain(post.publish_at, zone)}"
    return f"P-{post.number} ({state}{at}): {draw.excerpt(post.text)}"


def _fitting(morning: Morning) -> tuple[list[Asked], int]:
    """The desks whose questions the form has room for, those without an answer first, in the
    order of their names; and how many are left."""
    urgent = sorted(morning.asked, key=lambda each: each.answer is not None)
    taken: list[Asked] = []
    room = _MOST_FIELDS
    for each in urgent:
        room -= len(_questions(each))
        if room < 0:
            break
        taken.append(each)
    fitting = [each for each in morning.asked if each in taken]
    return fitting, len(morning.asked) - len(fitting)


def _questions(asked: Asked) -> list[tuple[str, QuestionKind]]:
    """What is asked now, then what was asked when they answered and isn't any more."""
    now = [(question, kind_of(question)) for question in asked.standup.questions]
    if asked.on_duty:
        now += [(question, QuestionKind.DUTY) for question in asked.standup.duty_questions]
    before = asked.answer.said if asked.answer else ()
    known = {question for question, _ in now}
    return now + [(each.question, each.kind) for each in before if each.question not in known]


def _fields(asked: Asked) -> list[Block]:
    before = {each.question: each.answer for each in (asked.answer.said if asked.answer else ())}
    return [
        _field(part(Field.SAID, f"{asked.desk.id}:{kind}:{index}"), question, before.get(question))
        for index, (question, kind) in enumerate(_questions(asked))
    ]


def _field(name: str, question: str, said: str | None) -> Block:
    element = PlainTextInputElement(
        action_id=name, multiline=True, max_length=LONGEST_ANSWER, initial_value=said
    )
    return draw.field(name, question, element, optional=True)
