"""What a person does about a draft."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.answers import Answer
from handlers.desks.listeners import no_desk
from handlers.door import Door, Services
from handlers.drafts import views, words
from handlers.drafts.views import Filled
from handlers.ids import Action, Command, Field, Form, Shortcut
from handlers.incoming import Incoming
from handlers.words import Reader
from operations import desks, drafts, posts, reviews
from operations.drafts import DraftForm
from operations.posts import Shown
from rules import access
from rules import posts as rules
from rules.desks import Desk, DeskRefusal
from rules.networks import Network, room
from rules.people import Person
from rules.posts import TEXT_LIMIT, Content, Event, Post, PostRefusal, Status, Version
from rules.refused import Refused
from rules.reviews import ReviewRefusal, ReviewState
from rules.slack_text import clean, from_slack, mentioned, unescape


def register(door: Door) -> None:
    """Attaches what is here."""
    door.command(Command.DRAFT, draft_command)
    door.click(Action.NEW_DRAFT, new_draft_clicked)
    door.click(Action.EDIT, edit_clicked)
    door.shortcut(Shortcut.DRAFT_FROM_MESSAGE, draft_from_message)
    door.form(Form.NEW_DRAFT, new_draft_submitted)
    door.form(Form.EDIT, edit_submitted)
    door.click(Action.EDIT_AND_APPROVE, edit_and_approve_clicked)
    door.form(Form.EDIT_AND_APPROVE, edit_and_approve_submitted)


def draft_command(incoming: Incoming, services: Services) -> Answer:
    """`/draft [text]`."""
    return open_new_draft(incoming, services, incoming.channel_id, unescape(incoming.text))


def new_draft_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button New draft."""
    return open_new_draft(incoming, services, incoming.value, "")


def open_new_draft(incoming: Incoming, services: Services, channel_id: str, text: str) -> Answer:
    """Opens the form for a channel's desk, with the text filled in."""
    if incoming.is_direct(channel_id):
        raise Refused(DeskRefusal.DIRECT_MESSAGE)
    desk = desks.find(services.store, incoming.team_id, channel_id)
    if desk is None:
        return no_desk(channel_id)
    if desk.asleep:
        raise Refused(DeskRefusal.ASLEEP)
    memory = {"key": _key(), **incoming.place, "desk": desk.id}
    return _form(incoming, services, [desk], text, memory)


def open_copy(incoming: Incoming, shown: Shown) -> Answer:
    """Opens the form with what a post has, for a new one."""
    content = shown.version.content
    memory = {**incoming.place, "key": _key(), "desk": shown.desk.id, "copied": shown.post.code}
    networks = tuple(n for n in content.networks if n in shown.desk.networks)
    filled = Filled(content.text, networks, notes=shown.post.notes)
    said = [words.copies(shown.post.code)]
    return Answer(opens=views.new_draft([shown.desk], filled, memory, said))


def draft_from_message(incoming: Incoming, services: Services) -> Answer:
    """The shortcut Turn into a draft; it works in channels without a desk, and without the bot."""
    here = desks.find(services.store, incoming.team_id, incoming.channel_id)
    source = [incoming.channel_id, incoming.message["ts"]]
    memory: dict[str, Any] = {"key": _key(), **incoming.place, "source": source}
    if here is not None and not here.asleep:
        choices = [here]
        memory["desk"] = here.id
    else:
        channels = services.directory.channels_of(incoming.team_id, incoming.user_id)
        choices = desks.among(services.store, incoming.team_id, sorted(channels))
        if not choices:
            raise Refused(DeskRefusal.NO_DESK_OF_YOURS)
    text = clean(incoming.message.get("text") or "")
    names = services.directory.names(incoming.team_id, mentioned(text))
    return _form(incoming, services, choices, from_slack(text, names).text, memory)


def new_draft_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form New draft."""
    who = services.person(incoming)
    desk_id = incoming.memory.get("desk") or int(incoming.fields.option(Field.DESK))
    desk = desks.by_id(services.store, incoming.team_id, desk_id)
    if "desk" not in incoming.memory and not services.is_in(incoming, desk.channel_id):
        raise Refused(DeskRefusal.NO_DESK, field=Field.DESK)
    form = views.parse(incoming.fields, incoming.memory["key"])
    source = incoming.memory.get("source")
    link = services.directory.permalink(*source) if source else None
    saved = drafts.create(services.store, who, desk.id, form, services.now(), link)
    return Answer(words.saved(saved, services.reader(incoming), _over(form.content), is_new=True))


def edit_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Edit, on a card or in Open."""
    who = services.person(incoming)
    shown = posts.show(services.store, incoming.team_id, incoming.number)
    access.check_may_change(shown.post, shown.desk, who)
    rules.advance(shown.post.status, Event.EDIT)
    post, said = shown.post, _would_end(services.reader(incoming), shown)
    ids = {"post": post.id, "version": post.version}
    marks = {"time": _mark(post.publish_at), "notes": _mark(post.notes)}
    memory = {"key": _key(), **incoming.place, **ids, **marks}
    return Answer(opens=views.edit(shown, _filled(post, shown.version), memory, said))


def edit_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Edit."""
    who = services.person(incoming)
    memory = incoming.memory
    form = views.parse(incoming.fields, memory["key"])
    form = replace(
        form,
        keeps_time=_mark(form.publish_at) == memory.get("time"),
        keeps_notes=_mark(form.notes) == memory.get("notes"),
    )
    store, now = services.store, services.now()
    try:
        saved = drafts.edit(store, who, memory["post"], memory["version"], form, now)
    except Refused as refused:
        if refused.reason is not PostRefusal.OLDER_VERSION:
            raise
        return _edit_anew(incoming, services, form)
    return Answer(words.saved(saved, services.reader(incoming), _over(form.content), is_new=False))


def _edit_anew(incoming: Incoming, services: Services, form: DraftForm) -> Answer:
    """The form once more, with what was typed, below what somebody else changed meanwhile."""
    shown = posts.show(services.store, incoming.team_id, incoming.memory["post"])
    content = form.content
    typed = Filled(content.text, content.networks, form.publish_at, form.notes, form.send)
    memory = {**incoming.memory, "key": _key(), "version": shown.post.version}
    reader, since = services.reader(incoming), incoming.memory["version"]
    said = [_overtaken(reader, shown), *_would_end(reader, shown)]
    before = posts.version(services.store, shown, since)
    return Answer(updates=views.edit(shown, typed, memory, said, before))


def edit_and_approve_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Edit and approve, in Open."""
    who, review_id = services.person(incoming), incoming.number
    shown = reviews.check_may_decide(services.store, who, review_id)
    said = [_your_yes(services.reader(incoming), shown, who)]
    memory = {**incoming.place, **_memory_of(shown)}
    return Answer(opens=views.edit_and_approve(shown, shown.version.content, memory, said))


def edit_and_approve_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Edit and approve."""
    who, memory = services.person(incoming), incoming.memory
    content = views.parse(incoming.fields, memory["key"]).content
    store, now = services.store, services.now()
    try:
        saved = drafts.edit_and_approve(store, who, memory["review"], memory["key"], content, now)
    except Refused as refused:
        shown = posts.show(store, incoming.team_id, memory["post"])
        if refused.reason is not ReviewRefusal.OLDER_VERSION or shown.review is None:
            raise
        return _edit_and_approve_anew(incoming, services, shown.review.id, content)
    return Answer(words.edited_and_approved(saved.post))


def _edit_and_approve_anew(
    incoming: Incoming, services: Services, review_id: int, content: Content
) -> Answer:
    """The form once more, for the review of the newer version, if they may decide on that one."""
    who, reader = services.person(incoming), services.reader(incoming)
    shown = reviews.check_may_decide(services.store, who, review_id)
    said = [_overtaken(reader, shown), _your_yes(reader, shown, who)]
    before = posts.version(services.store, shown, incoming.memory["version"])
    memory = {**incoming.memory, **_memory_of(shown)}
    return Answer(updates=views.edit_and_approve(shown, content, memory, said, before))


def _memory_of(shown: Shown) -> dict[str, Any]:
    """What Edit and approve has to remember: the version that is on the screen, and its review."""
    assert shown.review is not None
    ids = {"post": shown.post.id, "version": shown.version.number, "review": shown.review.id}
    return {"key": _key(), **ids}


def _would_end(reader: Reader, shown: Shown) -> list[str]:
    """Before an edit: whose approval it would end."""
    review = shown.review
    if review is None or review.state not in (ReviewState.OPEN, ReviewState.APPROVED):
        return []
    return [words.ends(shown.post.code, review.version, reader.names(review.approved_by))]


def _your_yes(reader: Reader, shown: Shown, who: Person) -> str:
    owner = shown.post.owner_id
    approved_by = shown.review.approved_by if shown.review else ()
    return words.your_yes(
        "" if owner == who.id else reader.name(owner),
        shown.version.number,
        reader.names(approved_by),
    )


def _overtaken(reader: Reader, shown: Shown) -> str:
    return words.overtaken(reader.name(shown.version.author_id), shown.post.version)


def _form(
    incoming: Incoming, services: Services, choices: list[Desk], text: str, memory: dict[str, Any]
) -> Answer:
    who = services.person(incoming)
    networks = drafts.networks_for(services.store, choices[0], who)
    said = [words.CUT] if len(text) > TEXT_LIMIT else []
    filled = Filled(text[:TEXT_LIMIT], networks)
    return Answer(opens=views.new_draft(choices, filled, memory, said))


def _filled(post: Post, version: Version) -> Filled:
    again = post.status is Status.CHANGES_REQUESTED
    content = version.content
    return Filled(content.text, content.networks, post.publish_at, post.notes, send=again)


def _over(content: Content) -> dict[Network, int]:
    rooms = {n: room(n, content.texts.get(n, content.text)) for n in content.networks}
    return {network: found.over for network, found in rooms.items() if found.over}


def _mark(detail: datetime | str | None) -> str:
    """What a form remembers of a detail as it showed it, to know whether it was changed there."""
    return hashlib.sha256(str(detail).encode()).hexdigest()[:16]


def _key() -> str:
    return uuid.uuid4().hex
