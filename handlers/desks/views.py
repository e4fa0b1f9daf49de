"""The desk's forms, and help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from zoneinfo import available_timezones

from slack_sdk.models.blocks import Block, ButtonElement, Option
from slack_sdk.models.blocks.block_elements import (
    CheckboxesElement,
    ExternalDataSelectElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    TimePickerElement,
    UserMultiSelectElement,
)
from slack_sdk.models.views import View

from handlers import draw, shapes
from handlers.desks.words import DAYS, NEEDS, NO_HOLIDAYS
from handlers.ids import Action, Field, Form
from handlers.incoming import Fields
from handlers.nudges.words import OFFSETS, OFFSETS_HINT
from rules.desks import DeskForm, Need, Weekday
from rules.networks import Network
from rules.nudges import Offset
from rules.places import Place, place, search
from rules.slack_text import escape

_OWN_POSTS = "own_posts"
_NOWHERE = "none"
# As many as Slack shows.
_SHOWN = 100


def setup(
    form: DeskForm,
    approvers: Sequence[str],
    memory: dict[str, object],
    new: bool,
    warning: str = "",
) -> View:
    """The form that makes a desk: three questions, the rest has defaults.

    `approvers` are Slack ids, because the picker knows no others.
    """
    needs = [draw.option(need, label) for need, label in NEEDS.items()]
    return draw.form(
        Form.SETUP,
        "Set up this desk",
        "Save",
        memory,
        [
            draw.line(
                "A desk makes this channel the place where posts are drafted and approved."
                if new
                else "What is set now. Time zone, working hours and managers: */desk settings*."
            ),
            *_warned(warning),
            draw.field(
                Field.APPROVERS,
                "Approvers",
                UserMultiSelectElement(
                    action_id=Field.APPROVERS,
                    placeholder="Who says yes to a post",
                    initial_users=list(approvers) or None,
                ),
                optional=True,
                hint="Leave this empty only where nobody has to approve.",
            ),
            draw.field(
                Field.NEED,
                "Approval needs",
                RadioButtonsElement(
                    action_id=Field.NEED,
                    options=needs,
                    initial_option=next(o for o in needs if o.value == form.need),
                ),
            ),
            draw.field(
                Field.NETWORKS,
                "Networks",
                StaticMultiSelectElement(
                    action_id=Field.NETWORKS,
                    placeholder="Where you publish",
                    options=draw.network_options(tuple(Network)),
                    initial_options=draw.network_options(form.networks) or None,
                ),
            ),
        ],
    )


def parse_setup(fields: Fields, before: DeskForm, approvers: tuple[int, ...]) -> DeskForm:
    """What was chosen, over what was set. `approvers` are the chosen people's ids."""
    return replace(
        before,
        approvers=approvers,
        need=shapes.member(Need, fields.option(Field.NEED)),
        networks=tuple(shapes.member(Network, name) for name in fields.options(Field.NETWORKS)),
    )


def _warned(warning: str) -> list[Block]:
    return [draw.line(f"⚠️ {escape(warning)}")] if warning else []


def settings(
    form: DeskForm, managers: Sequence[str], memory: dict[str, object], warning: str = ""
) -> View:
    """The rest of what a desk has. `managers` are Slack ids."""
    days = [draw.option(day, label) for day, label in zip(Weekday, DAYS, strict=True)]
    offsets = [draw.option(offset, label) for offset, label in OFFSETS.items()]
    own = draw.option(_OWN_POSTS, "The only approver may approve their own")
    return draw.form(
        Form.SETTINGS,
        "Desk settings",
        "Save",
        memory,
        [
            draw.line("Approvers and networks: */desk setup*."),
            *_warned(warning),
            draw.field(
                Field.MANAGERS,
                "Managers",
                UserMultiSelectElement(
                    action_id=Field.MANAGERS, initial_users=list(managers) or None
                ),
            ),
            draw.field(
                Field.TIME_ZONE,
                "Time zone",
                ExternalDataSelectElement(
                    action_id=Action.ZONES,
                    placeholder="Type a city",
                    initial_option=draw.option(form.time_zone, _label(form.time_zone)),
                    min_query_length=2,
                ),
            ),
            draw.field(
                Field.WORKING_DAYS,
                "Working days",
                CheckboxesElement(
                    action_id=Field.WORKING_DAYS,
                    options=days,
                    initial_options=[o for o in days if o.value in form.working_days] or None,
                ),
            ),
            draw.field(
                Field.WORK_FROM,
                "Working hours, from",
                TimePickerElement(
                    action_id=Field.WORK_FROM, initial_time=form.work_from.isoformat("minutes")
                ),
            ),
            draw.field(
                Field.WORK_TO,
                "Working hours, to",
                TimePickerElement(
                    action_id=Field.WORK_TO, initial_time=form.work_to.isoformat("minutes")
                ),
            ),
            draw.field(
                Field.REMINDERS,
                "Reminders of a deadline",
                CheckboxesElement(
                    action_id=Field.REMINDERS,
                    options=offsets,
                    initial_options=[o for o in offsets if o.value in form.reminders] or None,
                ),
                optional=True,
                hint=OFFSETS_HINT,
            ),
            draw.field(
                Field.HOLIDAYS,
                "Public holidays",
                ExternalDataSelectElement(
                    action_id=Action.PLACES,
                    placeholder="Type a country or a region",
                    initial_option=_place_option(place(form.country, form.region)),
                    min_query_length=0,
                ),
                optional=True,
                hint="Days off for the whole desk: nobody is asked for anything.",
            ),
            draw.field(
                Field.OWN_POSTS,
                "Own posts",
                CheckboxesElement(
                    action_id=Field.OWN_POSTS,
                    options=[own],
                    initial_options=[own] if form.own_posts else None,
                ),
                optional=True,
                hint="Otherwise nobody decides on a post of their own.",
            ),
        ],
    )


def parse_settings(fields: Fields, before: DeskForm, managers: tuple[int, ...]) -> DeskForm:
    """What was chosen, over what was set. `managers` are the chosen people's ids."""
    country, _, region = fields.option(Field.HOLIDAYS).removeprefix(_NOWHERE).partition("/")
    days, offsets = fields.options(Field.WORKING_DAYS), fields.options(Field.REMINDERS)
    return replace(
        before,
        managers=managers,
        time_zone=fields.option(Field.TIME_ZONE),
        working_days=tuple(shapes.member(Weekday, day) for day in days),
        work_from=fields.time(Field.WORK_FROM) or time(0),
        work_to=fields.time(Field.WORK_TO) or time(0),
        reminders=tuple(shapes.member(Offset, offset) for offset in offsets),
        country=country or None,
        region=region or None,
        own_posts=_OWN_POSTS in fields.options(Field.OWN_POSTS),
    )


def zones(query: str) -> list[Option]:
    """The time zones that what was typed may mean."""
    words = query.lower().replace("_", " ").split()
    found = [
        zone
        for zone in sorted(available_timezones())
        if "/" in zone or zone == "UTC"
        if all(word in _label(zone).lower() for word in words)
        if not zone.startswith(("posix", "right", "Etc/", "SystemV"))
    ]
    return [draw.option(zone, _label(zone)) for zone in found[:_SHOWN]]


def places(query: str) -> list[Option]:
    """The countries and regions that what was typed may mean, and none of them: not before the
    others, because Enter takes the first."""
    nowhere = _place_option(None)
    if not query.strip():
        return [nowhere, *map(_place_option, search(""))][:_SHOWN]
    return [*map(_place_option, search(query)[: _SHOWN - 1]), nowhere]


def _place_option(place: Place | None) -> Option:
    if place is None:
        return draw.option(_NOWHERE, NO_HOLIDAYS)
    value = f"{place.country}/{place.region}" if place.region else place.country
    return draw.option(value, place.name)


def _label(zone: str) -> str:
    return zone.replace("_", " ")


def help_blocks(channel_id: str, has_desk: bool) -> list[Block]:
    """What can be done, as buttons. `channel_id` is empty outside of a channel."""
    if not channel_id:
        return [
            draw.line(
                "*Copydesk* drafts posts and gets them approved, in your team's channel.\n"
                "*/draft* your text: write a post\n"
                "*/desk*: what can be done in a channel\n"
                "*/desk setup*: make a channel a desk\n"
                "*/standup*: answer your standup; */standup help* says more\n"
                "The “…” menu of any message has *Turn into a draft*; Slack's shortcuts have *New"
                " draft*, wherever you are."
            ),
            *draw.row(
                draw.button(Action.NEW_DRAFT, "New draft", ""),
                draw.button(Action.QUEUE, "What waits for me", ""),
            ),
        ]
    if not has_desk:
        return [
            draw.line(
                "This channel has no desk yet. A desk is a channel where a team drafts its posts"
                " and the right people approve them, by a click."
            ),
            *draw.row(setup_button(channel_id)),
        ]
    return [
        draw.line(
            "*Copydesk*, the desk of this channel\n"
            "*/draft* your text: write a post\n"
            "*/desk queue*: what waits for you\n"
            "*/desk posts*, */desk find* words: what there is\n"
            "*/desk history P-12*: what happened to a post\n"
            "*/desk quiet until 15:00*: no reminders until then\n"
            "*/standup*: answer your standup; */standup help* says more\n"
            "*/desk setup*, */desk settings*, */desk standup*: what its managers set\n"
            "In a thread, write *@Copydesk draft* your text, or *@Copydesk queue* and so on.\n"
            "The “…” menu of any message has *Turn into a draft*."
        ),
        *draw.row(
            draw.button(Action.NEW_DRAFT, "New draft", channel_id, style="primary"),
            draw.button(Action.QUEUE, "What waits for me", channel_id),
            draw.button(Action.SETTINGS, "Settings", channel_id),
        ),
    ]


def setup_button(channel_id: str) -> ButtonElement:
    """The button that opens the form for a channel."""
    return draw.button(Action.SETUP, "Set up this desk", channel_id, style="primary")


def welcome(channel_id: str) -> list[Block]:
    """For whoever added the bot to a channel: the next step."""
    return [
        draw.line(
            f"Thank you for adding me to <#{channel_id}>. Three questions make it a desk: who"
            " approves, how many of them it takes, and where you publish."
        ),
        *draw.row(setup_button(channel_id)),
    ]


def asleep(channel_id: str, archived: bool) -> list[Block]:
    """For the managers of a desk whose channel was archived, or the bot removed from it."""
    said = f"I was removed from <#{channel_id}>"
    helps = "Add me again with */invite @Copydesk*"
    if archived:
        said, helps = f"<#{channel_id}> was archived", "Unarchive the channel"
    return [
        draw.line(
            f"{said}, so its desk sleeps: its posts are kept, and nothing more is posted there."
            f" {helps} and it wakes up."
        )
    ]
