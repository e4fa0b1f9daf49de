"""The form that sets a desk's standup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import (
    CheckboxesElement,
    PlainTextInputElement,
    StaticSelectElement,
    TimePickerElement,
    UserMultiSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from handlers import draw, shapes, times
from handlers.desks.words import DAYS
from handlers.ids import Field, Form
from handlers.incoming import Fields
from handlers.standups import words
from rules.desks import Desk
from rules.refused import Refused
from rules.standups import MOST_MEMBERS, Standup, StandupRefusal, Weekly
from rules.working_time import Weekday

_ON = "on"
_NEVER = "never"
_WEEKLY_AT = time(16)


@dataclass(frozen=True, slots=True)
class Named:
    """The people of a standup by their Slack ids, because pickers know no others."""

    members: Sequence[str]
    duty: Sequence[str]
    reader: str


def build(standup: Standup, desk: Desk, named: Named, memory: dict[str, object]) -> View:
    """What is set, to be changed. A standup is held on days on which its desk works."""
    return draw.form(
        Form.STANDUP_SETTINGS,
        "Standup",
        "Save",
        memory,
        [
            draw.line(words.ABOUT),
            *_when(standup, desk),
            *_what(standup),
            *_who(named),
            *_weekly(standup, named),
        ],
    )


def parse(fields: Fields, before: Standup, people: Mapping[str, int]) -> Standup:
    """What was chosen, over what was set; `people` are ids by Slack ids.

    Raises Refused(WEEKLY_IN_PART).
    """
    return replace(
        before,
        is_on=_ON in fields.options(Field.IS_ON),
        days=tuple(shapes.member(Weekday, day) for day in fields.options(Field.DAYS)),
        prompt_at=fields.time(Field.PROMPT_AT) or before.prompt_at,
        digest_at=fields.time(Field.DIGEST_AT) or before.digest_at,
        questions=tuple(fields.text(Field.QUESTIONS).splitlines()),
        duty_questions=tuple(fields.text(Field.DUTY_QUESTIONS).splitlines()),
        duty=tuple(people[who] for who in fields.users(Field.DUTY)),
        members=tuple(people[who] for who in fields.users(Field.MEMBERS)),
        weekly=_parse_weekly(fields, people),
    )


def chosen(fields: Fields) -> tuple[str, ...]:
    """The Slack ids of everybody whom the form names."""
    reader = fields.user(Field.WEEKLY_READER)
    named = (*fields.users(Field.MEMBERS), *fields.users(Field.DUTY), *([reader] if reader else ()))
    return tuple(dict.fromkeys(named))


def _parse_weekly(fields: Fields, people: Mapping[str, int]) -> Weekly | None:
    day, reader = fields.option(Field.WEEKLY_DAY), fields.user(Field.WEEKLY_READER)
    if day in ("", _NEVER):
        return None
    if not reader:
        raise Refused(StandupRefusal.WEEKLY_IN_PART, field=Field.WEEKLY_READER)
    return Weekly(
        shapes.member(Weekday, day), fields.time(Field.WEEKLY_AT) or _WEEKLY_AT, people[reader]
    )


def _when(standup: Standup, desk: Desk) -> list[Block]:
    on = draw.option(_ON, words.ON)
    names = zip(Weekday, DAYS, strict=True)
    days = [draw.option(day, name) for day, name in names if day in desk.working_days]
    return [
        draw.field(
            Field.IS_ON,
            "On",
            CheckboxesElement(
                action_id=Field.IS_ON,
                options=[on],
                initial_options=[on] if standup.is_on else None,
            ),
            optional=True,
        ),
        draw.field(
            Field.DAYS,
            "Days",
            CheckboxesElement(
                action_id=Field.DAYS,
                options=days,
                initial_options=[o for o in days if o.value in standup.days] or None,
            ),
            hint=words.DAYS_HINT,
        ),
        draw.field(
            Field.PROMPT_AT,
            "Prompt at",
            TimePickerElement(
                action_id=Field.PROMPT_AT, initial_time=standup.prompt_at.isoformat("minutes")
            ),
            hint=words.PROMPT_HINT,
        ),
        draw.field(
            Field.DIGEST_AT,
            "Digest at",
            TimePickerElement(
                action_id=Field.DIGEST_AT, initial_time=standup.digest_at.isoformat("minutes")
            ),
            hint=words.digest_hint(times.place(desk.time_zone)),
        ),
    ]


def _what(standup: Standup) -> list[Block]:
    def lines(name: Field, questions: tuple[str, ...]) -> PlainTextInputElement:
        typed = "\n".join(questions) or None
        return PlainTextInputElement(action_id=name, multiline=True, initial_value=typed)

    return [
        draw.field(
            Field.QUESTIONS,
            "Questions",
            lines(Field.QUESTIONS, standup.questions),
            hint=words.QUESTIONS_HINT,
        ),
        draw.field(
            Field.DUTY_QUESTIONS,
            "Questions for who is on duty",
            lines(Field.DUTY_QUESTIONS, standup.duty_questions),
            optional=True,
            hint=words.DUTY_QUESTIONS_HINT,
        ),
    ]


def _who(named: Named) -> list[Block]:
    def people(name: Field, ids: Sequence[str]) -> UserMultiSelectElement:
        return UserMultiSelectElement(
            action_id=name, initial_users=list(ids) or None, max_selected_items=MOST_MEMBERS
        )

    return [
        draw.field(
            Field.DUTY,
            "On duty",
            people(Field.DUTY, named.duty),
            optional=True,
            hint=words.DUTY_HINT,
        ),
        draw.field(Field.MEMBERS, "Members", people(Field.MEMBERS, named.members), optional=True),
    ]


def _weekly(standup: Standup, named: Named) -> list[Block]:
    weekly = standup.weekly
    days = [draw.option(_NEVER, words.NO_WEEKLY)]
    days += [draw.option(day, name) for day, name in zip(Weekday, DAYS, strict=True)]
    day = weekly.day if weekly else _NEVER
    at = weekly.at if weekly else _WEEKLY_AT
    return [
        draw.field(
            Field.WEEKLY_DAY,
            "Weekly digest on",
            StaticSelectElement(
                action_id=Field.WEEKLY_DAY,
                options=days,
                initial_option=next(o for o in days if o.value == day),
            ),
        ),
        draw.field(
            Field.WEEKLY_AT,
            "Weekly digest at",
            TimePickerElement(action_id=Field.WEEKLY_AT, initial_time=at.isoformat("minutes")),
        ),
        draw.field(
            Field.WEEKLY_READER,
            "Weekly digest, seen before by",
            UserSelectElement(action_id=Field.WEEKLY_READER, initial_user=named.reader or None),
            optional=True,
            hint=words.READER_HINT,
        ),
    ]
