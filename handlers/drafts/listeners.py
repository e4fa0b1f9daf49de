"""What a person does with the forms in which a post is written."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from handlers import shapes
from handlers.answers import Answer
from handlers.contents import alt_texts, chosen
from handlers.contents import words as content_words
from handlers.door import Door, Services
from handlers.drafts import views, words
from handlers.drafts.begin import choices_for
from handlers.drafts.views import Filled
from handlers.ids import Action, Field, Form, part
from handlers.incoming import Incoming
from handlers.posts.words import ended_approval
from handlers.shapes import NotOurs
from handlers.words import Reader
from operations import desks, drafts, posts, reviews
from operations.drafts import DraftForm, Saved
from operations.posts import Shown
from rules import access, life
from rules.attachments import lacking_alt
from rules.contents import Content, over_limits
from rules.desks import DeskRefusal
from rules.life import Event
from rules.networks import Network
from rules.people import Person
from rules.posts import Post, PostRefusal, Status, Version
from rules.refused import Refused
from rules.reviews import ReviewRefusal


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.EDIT, edit_clicked)
    door.form(Form.NEW_DRAFT, new_draft_submitted)
    door.form(Form.EDIT, edit_submitted)
    door.click(Action.EDIT_AND_APPROVE, edit_and_approve_clicked)
    door.form(Form.EDIT_AND_APPROVE, edit_and_approve_submitted)


def new_draft_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form New draft."""
    who = services.person(incoming)
    desk_id = _desk_id(incoming)
    desk = desks.by_id(services.store, incoming.team_id, desk_id)
    if "desk" not in incoming.memory and not services.is_in(incoming, desk.channel_id):
        raise Refused(DeskRefusal.NOT_IN_CHANNEL, field=Field.DESK)
    form = _parsed(incoming, services)
    source = [shapes.text(one) for one in shapes.several(incoming.memory.get("source"))]
    link = services.directory.permalink(incoming.team_id, *source) if len(source) == 2 else None
    asked = incoming.kept_number("asked") if "asked" in incoming.memory else None
    store, now = services.store, services.now()
    try:
        saved = drafts.create(store, who, desk.id, form, now, link, asked)
    except Refused as refused:
        memory, said = _shorter(incoming, refused)
        choices = choices_for(incoming, services, memory)
        return Answer(updates=views.new_draft(choices, _typed(form), memory, said))
    return _saved(incoming, services, saved, form, is_new=True)


def edit_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Edit, on a card or in Open."""
    who = services.person(incoming)
    shown = posts.show(services.store, incoming.team_id, incoming.number)
    access.check_may_change(shown.post, shown.desk, who)
    life.advance(shown.post.status, Event.EDIT)
    post, said = shown.post, words.ends_of(shown, services.reader(incoming))
    marks = {"time": _mark(post.publish_at), "notes": _mark(post.notes)}
    marks |= {"needed_by": _mark(post.needed_by)}
    memory = {"key": _key(), **incoming.place, "base": [post.id, post.version], **marks}
    return Answer(opens=views.edit(shown, _filled(post, shown.version), memory, said))


def edit_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Edit."""
    who, memory = services.person(incoming), incoming.memory
    post_id, version = incoming.kept_numbers("base", 2)
    form = _parsed(incoming, services)
    form = replace(
        form,
        keeps_time=_mark(form.publish_at) == memory.get("time"),
        keeps_needed_by=_mark(form.needed_by) == memory.get("needed_by"),
        keeps_notes=_mark(form.notes) == memory.get("notes"),
    )
    store, now = services.store, services.now()
    try:
        saved = drafts.edit(store, who, post_id, version, form, now)
    except Refused as refused:
        if refused.reason is PostRefusal.OLDER_VERSION:
            return _edit_anew(incoming, services, form)
        anew, said = _shorter(incoming, refused)
        shown = posts.show(store, incoming.team_id, post_id)
        return Answer(updates=views.edit(shown, _typed(form), anew, said))
    return _saved(incoming, services, saved, form, is_new=False)


def _edit_anew(incoming: Incoming, services: Services, form: DraftForm) -> Answer:
    """The form once more, with what was typed, below what somebody else changed meanwhile."""
    post_id, since = incoming.kept_numbers("base", 2)
    shown = posts.show(services.store, incoming.team_id, post_id)
    memory = {**_anew(incoming), "key": _key(), "base": [post_id, shown.post.version]}
    reader = services.reader(incoming)
    said = [_overtaken(reader, shown), *words.ends_of(shown, reader)]
    before = posts.version(services.store, shown, since)
    return Answer(updates=views.edit(shown, _typed(form), memory, said, before))


def edit_and_approve_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Edit and approve, in Open."""
    who, review_id = services.person(incoming), incoming.number
    shown = reviews.check_may_decide(services.store, who, review_id)
    said = [_your_yes(services.reader(incoming), shown, who)]
    memory = {**incoming.place, **_memory_of(shown)}
    return Answer(opens=views.edit_and_approve(shown, shown.version.content, memory, said))


def edit_and_approve_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Edit and approve."""
    who, review_id = services.person(incoming), incoming.kept_number("review")
    content, key = chosen.content(incoming, services), _kept_key(incoming)
    store, now = services.store, services.now()
    try:
        saved = drafts.edit_and_approve(store, who, review_id, key, content, now)
    except Refused as refused:
        shown = posts.show(store, incoming.team_id, incoming.kept_numbers("base", 2)[0])
        if refused.reason is ReviewRefusal.OLDER_VERSION and shown.review is not None:
            return _edit_and_approve_anew(incoming, services, shown.review.id, content)
        anew, said = _shorter(incoming, refused)
        return Answer(updates=views.edit_and_approve(shown, content, anew, said))
    return Answer(words.edited_and_approved(saved.post))


def _edit_and_approve_anew(
    incoming: Incoming, services: Services, review_id: int, content: Content
) -> Answer:
    """The form once more, for the review of the newer version, if they may decide on that one."""
    who = services.person(incoming)
    reader = services.reader(incoming, who)
    shown = reviews.check_may_decide(services.store, who, review_id)
    said = [_overtaken(reader, shown), _your_yes(reader, shown, who)]
    before = posts.version(services.store, shown, incoming.kept_numbers("base", 2)[1])
    memory = {**_anew(incoming), **_memory_of(shown)}
    return Answer(updates=views.edit_and_approve(shown, content, memory, said, before))


def _memory_of(shown: Shown) -> dict[str, Any]:
    """What Edit and approve has to remember: the version that is on the screen, and its review."""
    assert shown.review is not None
    base = [shown.post.id, shown.version.number]
    return {"key": _key(), "base": base, "review": shown.review.id}


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


def _shorter(incoming: Incoming, refused: Refused) -> tuple[dict[str, Any], list[str]]:
    """The memory and the words of a form that offers texts for the networks that need one.

    Raises what was refused where that is not it, or the form has those fields already.
    """
    if refused.reason is not PostRefusal.TOO_LONG_FOR:
        raise refused
    over = cast(Mapping[Network, int], refused.values["over"])
    if all(part(Field.TEXT, network) in incoming.fields.values for network in over):
        raise refused
    return _anew(incoming), [content_words.too_long(over)]


def _anew(incoming: Incoming) -> dict[str, Any]:
    shown = incoming.kept_number("round") if "round" in incoming.memory else 0
    return {**incoming.memory, "round": shown + 1}


def _desk_id(incoming: Incoming) -> int:
    """The desk that a form was opened for, or that was chosen in it."""
    if "desk" in incoming.memory:
        return incoming.kept_number("desk")
    return shapes.digits(incoming.fields.option(Field.DESK))


def _kept_key(incoming: Incoming) -> str:
    """What makes a form that comes twice one: without it, it is none of ours."""
    key = incoming.kept_text("key")
    if not key:
        raise NotOurs("a form without its key")
    return key


def _parsed(incoming: Incoming, services: Services) -> DraftForm:
    """What was written; what is sent with new images is saved first, and then asked about."""
    content = chosen.content(incoming, services)
    form = views.parse(incoming.fields, _kept_key(incoming), content)
    return replace(form, ask_first=form.send and _is_asked(incoming, services, form))


def _is_asked(incoming: Incoming, services: Services, form: DraftForm) -> bool:
    """Whether there are images that nobody was asked to describe yet."""
    known = {one.key for one in chosen.before(incoming, services)}
    return any(one.key not in known for one in lacking_alt(form.content.attachments))


def _saved(
    incoming: Incoming, services: Services, saved: Saved, form: DraftForm, *, is_new: bool
) -> Answer:
    """Says so, or goes on to ask what new images show."""
    reader, over = services.reader(incoming), over_limits(form.content)
    if not _is_asked(incoming, services, form):
        return Answer(words.saved(saved, reader, over, is_new=is_new))
    shown = posts.show(services.store, incoming.team_id, saved.post.id)
    first = [content_words.describe_first(saved.post.code, form.send)]
    ended = ended_approval(reader, saved.ended)
    first += [ended] if ended else []
    return Answer(updates=alt_texts.asking(shown, incoming.place, first, send=form.send))


def _typed(form: DraftForm) -> Filled:
    return Filled(form.content, form.publish_at, form.needed_by, form.notes, form.send)


def _filled(post: Post, version: Version) -> Filled:
    again = post.status is Status.CHANGES_REQUESTED
    return Filled(version.content, post.publish_at, post.needed_by, post.notes, send=again)


def _mark(detail: datetime | str | None) -> str:
    """What a form remembers of a detail as it showed it, to know whether it was changed there."""
    return hashlib.sha256(str(detail).encode()).hexdigest()[:16]


def _key() -> str:
    return uuid.uuid4().hex
