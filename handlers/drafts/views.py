"""The form a post is written in, and the card of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.blocks.block_elements import (
    DateTimePickerElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from handlers import draw
from handlers.answers import Drawn
from handlers.contents.inputs import content_inputs
from handlers.drafts import words
from handlers.ids import Action, Field, Form
from handlers.incoming import Fields
from handlers.nudges.words import NEW_TIME
from handlers.posts import parts
from operations.drafts import DraftForm
from operations.posts import Shown
from operations.reminders import Reminded
from rules.attachments import lacking_alt
from rules.contents import Content
from rules.desks import Desk, Need
from rules.drafting import NOTES_LIMIT
from rules.networks import Network
from rules.posts import OVER, Status, Version
from rules.reviews import ReviewState
from rules.slack_text import escape

# A select has 100 options. https://docs.slack.dev/reference/block-kit/block-elements/
_MOST_CHOICES = 100
_SEND = "send"
_KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form shows when it opens."""

    content: Content
    publish_at: datetime | None = None
    needed_by: datetime | None = None
    notes: str = ""
    send: bool = False


def new_draft(
    desks: Sequence[Desk], filled: Filled, memory: dict[str, Any], said: Sequence[str] = ()
) -> View:
    """The form New draft; it asks for the desk when there is more than one to choose from."""
    networks = tuple(n for n in Network if any(n in desk.networks for desk in desks))
    need = desks[0].policy.need if len(desks) == 1 else Need.ANY
    blocks: list[Block] = [draw.line(escape(sentence)) for sentence in said]
    if "desk" not in memory:
        choices = [draw.option(str(desk.id), f"#{desk.name}") for desk in desks[:_MOST_CHOICES]]
        blocks.append(
            draw.field(
                Field.DESK,
                "Desk",
                StaticSelectElement(
                    action_id=Field.DESK, options=choices, initial_option=choices[0]
                ),
            )
        )
    labels = (words.KEEP, words.send_label(need, again=False))
    blocks += _inputs(filled, networks, labels, memory)
    return draw.form(Form.NEW_DRAFT, words.TITLE, "Save", memory, blocks)


def edit(
    shown: Shown,
    filled: Filled,
    memory: dict[str, Any],
    said: Sequence[str],
    since: Version | None = None,
) -> View:
    """The form Edit. `since` is the version it was opened on, where somebody was faster: what
    they changed is shown above what was typed."""
    sent = shown.post.status not in (Status.DRAFT,)
    send = words.send_label(shown.desk.policy.need, again=sent)
    labels = (words.KEEP_EDIT if sent else words.KEEP, send)
    networks = _networks(shown, filled.content)
    blocks = [*_above(shown, said, since), *_inputs(filled, networks, labels, memory)]
    title = f"{words.EDIT_TITLE} {shown.post.code}"
    return draw.form(Form.EDIT, title, "Save", memory, blocks)


def edit_and_approve(
    shown: Shown,
    content: Content,
    memory: dict[str, Any],
    said: Sequence[str],
    since: Version | None = None,
) -> View:
    """The form Edit and approve: the content alone, because a yes is about nothing else. `since`
    as in `edit`."""
    about = draw.line(f"*{shown.post.code}*, version {shown.version.number}")
    inputs = content_inputs(content, _networks(shown, content), memory)
    blocks = [about, *_above(shown, said, since), *inputs]
    return draw.form(Form.EDIT_AND_APPROVE, words.EDIT_AND_APPROVE, "Approve", memory, blocks)


def _above(shown: Shown, said: Sequence[str], since: Version | None) -> list[Block]:
    return [*(draw.line(escape(sentence)) for sentence in said), *parts.changed(shown, since)]


def _networks(shown: Shown, filled: Content) -> tuple[Network, ...]:
    """The desk's, those that the post has, and those that are chosen in the form: the desk, and a
    version that was saved meanwhile, may have them no more."""
    offered = {*shown.desk.networks, *shown.version.content.networks, *filled.networks}
    return tuple(network for network in Network if network in offered)


def parse(fields: Fields, key: str, content: Content) -> DraftForm:
    """What was written besides the content."""
    return DraftForm(
        key=key,
        content=content,
        publish_at=fields.moment(Field.PUBLISH_AT),
        needed_by=fields.moment(Field.NEEDED_BY),
        notes=fields.text(Field.NOTES),
        send=fields.option(Field.WHEN_SAVED) == _SEND,
    )


def _inputs(
    filled: Filled, networks: Sequence[Network], labels: tuple[str, str], memory: dict[str, Any]
) -> list[Block]:
    keep, send = draw.option(_KEEP, labels[0]), draw.option(_SEND, labels[1])
    return [
        *content_inputs(filled.content, networks, memory),
        _moment(Field.PUBLISH_AT, "Publish at", filled.publish_at),
        _moment(Field.NEEDED_BY, "Needed by", filled.needed_by, words.NEEDED_BY_HINT),
        draw.field(
            Field.NOTES,
            "Notes for reviewers",
            PlainTextInputElement(
                action_id=Field.NOTES,
                multiline=True,
                max_length=NOTES_LIMIT,
                initial_value=filled.notes or None,
            ),
            optional=True,
        ),
        draw.field(
            Field.WHEN_SAVED,
            "When saved",
            RadioButtonsElement(
                action_id=Field.WHEN_SAVED,
                options=[keep, send],
                initial_option=send if filled.send else keep,
            ),
        ),
    ]


def _moment(name: Field, label: str, at: datetime | None, hint: str = "") -> Block:
    picker = DateTimePickerElement(
        action_id=name, initial_date_time=int(at.timestamp()) if at else None
    )
    return draw.field(name, label, picker, optional=True, hint=hint)


def draft_card(
    shown: Shown, person_id: int, handed_over_by: str = "", reminded: Sequence[Reminded] = ()
) -> Drawn:
    """The owner's own card: where the post stands, who was `reminded` of it, and the next step.
    Whoever owned it before sees no more than that.
    """
    post = shown.post
    if person_id != post.owner_id:
        said = words.belongs(post.code, parts.name(shown, post.owner_id))
        return Drawn(said, [draw.line(said)])
    blocks: list[Block] = [parts.title(shown)]
    if handed_over_by:
        blocks += draw.small(words.handed_over_by(draw.name(handed_over_by)))
    if post.status in OVER:
        blocks += [*parts.published(shown), *draw.in_short(shown.version.content.text)]
        return Drawn(parts.notification(shown, "is yours"), blocks)
    blocks += [*parts.away(shown), *parts.text(shown), *parts.details(shown), *parts.flags(shown)]
    blocks += [*parts.notes(shown), *parts.source(shown)]
    waits = shown.review is not None and shown.review.state is ReviewState.OPEN
    blocks += draw.small(words.reminded(reminded)) if waits and reminded else []
    blocks += draw.row(*_next_steps(shown))
    return Drawn(parts.notification(shown, "is yours"), blocks)


def asked_for(message_id: int) -> Drawn:
    """In the thread where somebody asked us for a draft."""
    button = draw.button(Action.WRITE, "Write the draft", message_id, style="primary")
    return Drawn(words.ASKED_FOR, [draw.line(words.ASKED_FOR), *draw.row(button)])


def became(shown: Shown, channel_id: str) -> Drawn:
    """The same, once there is a post. Everybody reads it, so it says the code alone; in the desk's
    own channel there is Open for those who may see more."""
    said = words.became(shown.post.code)
    in_desk = shown.desk.channel_id == channel_id
    return Drawn(said, [draw.line(said, parts.open_button(shown) if in_desk else None)])


def _next_steps(shown: Shown) -> list[ButtonElement]:
    post = shown.post
    asked = post.status is Status.CHANGES_REQUESTED  # then the next step is to change something
    if post.hold_reason is not None:
        off = draw.button(Action.TAKE_OFF_HOLD, "Take off hold", post.id, style="primary")
        return [off, draw.button(Action.EDIT, "Edit", post.id, says=f"Edit {post.code}")]
    edit_style = "primary" if asked else None
    edit = draw.button(Action.EDIT, "Edit", post.id, style=edit_style, says=f"Edit {post.code}")
    if post.status is Status.MISSED:
        time = draw.button(Action.NEW_TIME, NEW_TIME, post.id, style="primary")
        return [time, edit, draw.button(Action.CANCEL, "Cancel post", post.id)]
    if post.status is not Status.DRAFT and not asked:
        return [edit]
    own = shown.desk.policy.need is Need.NOBODY
    label = "Mark as approved" if own else "Send for approval"
    value = f"{post.id}:{post.version}"
    send = draw.button(Action.SEND, label, value, style=None if asked else "primary")
    return [*([edit, send] if asked else [send, edit]), *_describe(shown)]


def _describe(shown: Shown) -> list[ButtonElement]:
    if not lacking_alt(shown.version.content.attachments):
        return []
    code = shown.post.code
    return [draw.button(Action.ALT_TEXT, "Add alt text", shown.post.id, says=f"Alt text of {code}")]
