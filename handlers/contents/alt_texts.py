"""The form that asks what images show."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import PlainTextInputElement
from slack_sdk.models.views import View

from handlers import draw, shapes
from handlers.answers import Answer
from handlers.contents import parts, words
from handlers.door import Door, Services
from handlers.drafts import words as draft_words
from handlers.ids import Action, Field, Form, part
from handlers.incoming import Incoming
from operations import drafts, posts
from operations.posts import Shown
from rules import access, life
from rules.attachments import ALT_LIMIT, Attachment, images
from rules.contents import over_limits
from rules.life import Event
from rules.slack_text import escape

# A view may have 250 KB.
_ASKED = 10


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.ALT_TEXT, alt_text_clicked)
    door.form(Form.ALT_TEXT, alt_text_submitted)


def alt_text_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Add alt text, on the owner's card and in Open."""
    who = services.person(incoming)
    shown = posts.show(services.store, incoming.team_id, incoming.number)
    access.check_may_change(shown.post, shown.desk, who)
    life.advance(shown.post.status, Event.EDIT)
    said = draft_words.ends_of(shown, services.reader(incoming))
    return Answer(opens=asking(shown, incoming.place, said))


def alt_text_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form behind Add alt text, and the second step of a form with new images."""
    who, key = services.person(incoming), incoming.kept_text("key")
    post_id, number = incoming.kept_numbers("base", 2)
    send = shapes.flag(incoming.memory.get("send"))
    content = posts.content(services.store, incoming.team_id, post_id, number)
    asked = _asked(content.attachments)
    alts = {one.key: incoming.fields.text(part(Field.ALT, n)) for n, one in enumerate(asked)}
    saved = drafts.describe(services.store, who, post_id, number, key, alts, send, services.now())
    reader = services.reader(incoming)
    return Answer(draft_words.saved(saved, reader, over_limits(content), is_new=False))


def asking(
    shown: Shown, memory: dict[str, Any], said: Sequence[str], *, send: bool = False
) -> View:
    """A field for each image, those without alt text first; with `send` the post is sent next."""
    version = shown.version
    memory = {
        **memory,
        "key": uuid.uuid4().hex,
        "base": [shown.post.id, version.number],
        "send": send,
    }
    blocks: list[Block] = [draw.line(escape(sentence)) for sentence in said]
    for n, one in enumerate(_asked(version.content.attachments)):
        blocks += [parts.picture(one)] if parts.is_drawable(one) else []
        blocks.append(_field(n, one))
    title = f"{words.ALT_TITLE} {shown.post.code}"
    return draw.form(Form.ALT_TEXT, title, "Send" if send else "Save", memory, blocks)


def _field(n: int, one: Attachment) -> Block:
    field = part(Field.ALT, n)
    element = PlainTextInputElement(
        action_id=field, multiline=True, max_length=ALT_LIMIT, initial_value=one.alt or None
    )
    label = draw.excerpt(f"What {words.quoted(one.name)} shows", 150)
    return draw.field(field, label, element, optional=True, hint=words.ALT_HINT)


def _asked(attachments: tuple[Attachment, ...]) -> list[Attachment]:
    return sorted(images(attachments), key=lambda one: not one.lacks_alt)[:_ASKED]
