"""Where a draft begins: a command, a button, a shortcut, a message, a post to copy."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers import shapes
from handlers.answers import Answer
from handlers.contents import words as content_words
from handlers.desks.listeners import no_desk
from handlers.door import Door, Services
from handlers.drafts import views, words
from handlers.drafts.views import Filled
from handlers.ids import Action, Command, Shortcut
from handlers.incoming import Incoming
from handlers.shapes import NotOurs
from operations import desks, drafts, lists, mentions
from operations.posts import Shown
from rules.attachments import ATTACHMENTS_LIMIT, Attachment
from rules.contents import Content
from rules.desks import Desk, DeskRefusal
from rules.drafting import TEXT_LIMIT
from rules.refused import Refused
from rules.slack_text import Converted, clean, from_slack, mentioned, unescape
from rules.text_length import beginning

_EMPTY = Converted("", ())


def register(door: Door) -> None:
    """Attaches what is here."""
    door.command(Command.DRAFT, draft_command, lambda incoming: _written(incoming).text)
    door.click(Action.NEW_DRAFT, new_draft_clicked)
    door.click(Action.WRITE, asked_for_clicked)
    door.shortcut(Shortcut.NEW_DRAFT, new_draft_anywhere)
    door.shortcut(Shortcut.DRAFT_FROM_MESSAGE, draft_from_message)


def draft_command(incoming: Incoming, services: Services) -> Answer:
    """`/draft [text]`."""
    return open_new_draft(incoming, services, incoming.channel_id, _written(incoming))


def _written(incoming: Incoming) -> Converted:
    return Converted(unescape(incoming.text), ())


def new_draft_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button New draft."""
    return open_new_draft(incoming, services, incoming.value, _EMPTY)


def new_draft_anywhere(incoming: Incoming, services: Services) -> Answer:
    """The shortcut New draft, which knows of no channel."""
    return open_new_draft(incoming, services, "", _EMPTY)


def open_new_draft(
    incoming: Incoming, services: Services, channel_id: str, text: Converted
) -> Answer:
    """Opens the form for a channel's desk, with the text filled in; where there is none that is
    theirs, for one of their other desks."""
    memory = _memory(incoming)
    here = desks.find(services.store, incoming.team_id, channel_id)
    if here is not None and services.is_in(incoming, channel_id):
        if here.asleep:
            raise Refused(DeskRefusal.ASLEEP)
        return _form(incoming, services, [here], text, {**memory, "desk": here.id})
    choices = own_desks(incoming, services)
    if choices:
        return _form(incoming, services, choices, text, memory)
    if not channel_id or incoming.is_direct(channel_id):
        raise Refused(DeskRefusal.NO_DESK_OF_YOURS)
    return no_desk(channel_id)


def open_copy(incoming: Incoming, shown: Shown) -> Answer:
    """Opens the form with what a post has, for a new one."""
    desk, content = shown.desk, shown.version.content
    if desk.asleep:
        raise Refused(DeskRefusal.ASLEEP)
    base = [shown.post.id, shown.version.number]
    memory = {**_memory(incoming), "desk": desk.id, "base": base}
    networks = tuple(n for n in content.networks if n in desk.networks)
    filled = Filled(replace(content, networks=networks), notes=shown.post.notes)
    return Answer(opens=views.new_draft([desk], filled, memory, [words.copies(shown.post.code)]))


def draft_from_message(incoming: Incoming, services: Services) -> Answer:
    """The shortcut Turn into a draft; it works in channels without a desk, and without the bot."""
    message = incoming.message
    ts = shapes.text(message.get("ts"))
    memory = {**_memory(incoming), "source": [incoming.channel_id, ts]}
    text = clean(shapes.text(message.get("text")))
    return _from_message(incoming, services, text, files_of(message), memory)


def asked_for_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Write the draft, under a message that asked us for one."""
    asked = mentions.asked(services.store, incoming.team_id, incoming.number)
    if asked is None or asked.channel_id != incoming.channel_id:
        raise NotOurs("no draft was asked for there")
    if asked.became is not None:
        return Answer(words.became_before(asked.became))
    source = [asked.channel_id, asked.thread_ts]
    memory = {**_memory(incoming), "source": source, "asked": asked.id}
    return _from_message(incoming, services, asked.text, asked.files, memory)


def files_of(message: Mapping[str, Any]) -> list[str]:
    """The ids of the files that a message of Slack's carries."""
    files = map(shapes.mapping, shapes.several(message.get("files")))
    return [shapes.text(one.get("id")) for one in files]


def choices_for(incoming: Incoming, services: Services, memory: Mapping[str, Any]) -> list[Desk]:
    """The desks that a form offers: the one it was opened for, or all that are its reader's.

    Raises Refused: NO_DESK_OF_YOURS.
    """
    if "desk" in memory:
        return [desks.by_id(services.store, incoming.team_id, shapes.number(memory["desk"]))]
    choices = own_desks(incoming, services)
    if not choices:
        raise Refused(DeskRefusal.NO_DESK_OF_YOURS)
    return choices


def own_desks(incoming: Incoming, services: Services) -> list[Desk]:
    """The desks that are awake in somebody's channels; the one they last wrote for stands first."""
    channels = services.directory.channels_of(incoming.team_id, incoming.user_id)
    choices = desks.among(services.store, incoming.team_id, sorted(channels))
    if len(choices) > 1:
        last = lists.last_desk(services.store, services.person(incoming))
        choices.sort(key=lambda desk: desk.id != last)
    return choices


def _from_message(
    incoming: Incoming,
    services: Services,
    text: str,
    files: Sequence[str],
    memory: dict[str, Any],
) -> Answer:
    """The form with what a message says: for the desk of its channel, or one of their own."""
    here = desks.find(services.store, incoming.team_id, incoming.channel_id)
    if here is not None and not here.asleep:
        memory = {**memory, "desk": here.id}
    choices = choices_for(incoming, services, memory)
    names = services.directory.names(incoming.team_id, mentioned(text))
    attached, said = _taken_over(incoming, services, files)
    return _form(incoming, services, choices, from_slack(text, names), memory, attached, said)


def _taken_over(
    incoming: Incoming, services: Services, ids: Sequence[str]
) -> tuple[tuple[Attachment, ...], list[str]]:
    """The files of the message that a draft starts from, and what to say of the others."""
    found = services.files.look_up(incoming.team_id, ids[:ATTACHMENTS_LIMIT]).values()
    attached = tuple(one for one in found if isinstance(one, Attachment))
    said = []
    if len(ids) > ATTACHMENTS_LIMIT:
        said.append(content_words.only_some(len(ids), ATTACHMENTS_LIMIT))
    if len(attached) < len(found):
        said.append(content_words.left_behind(len(found) - len(attached)))
    return attached, said


def _form(
    incoming: Incoming,
    services: Services,
    choices: list[Desk],
    text: Converted,
    memory: dict[str, Any],
    attached: tuple[Attachment, ...] = (),
    said: Sequence[str] = (),
) -> Answer:
    who = services.person(incoming)
    networks = drafts.networks_for(services.store, choices[0], who)
    cut = [words.CUT] if len(text.text) > TEXT_LIMIT else []
    handles = [content_words.handles_needed(text.mentions)] if text.mentions else []
    content = Content(beginning(text.text, TEXT_LIMIT), networks, attachments=attached)
    form = views.new_draft(choices, Filled(content), memory, [*cut, *handles, *said])
    return Answer(opens=form)


def _memory(incoming: Incoming) -> dict[str, Any]:
    """What a form for a new post remembers: its key, so that it makes one post, and its place."""
    return {"key": uuid.uuid4().hex, **incoming.place}
