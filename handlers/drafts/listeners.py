"""What a person does about a draft."""

from __future__ import annotations

import uuid
from typing import Any

from handlers.answers import Answer
from handlers.desks.listeners import no_desk
from handlers.door import Door, Services
from handlers.drafts import views, words
from handlers.drafts.views import Filled
from handlers.ids import Action, Command, Field, Form, Shortcut
from handlers.incoming import Incoming
from operations import desks, drafts, posts, reviews
from operations.drafts import DraftForm
from operations.posts import Shown
from rules import access
from rules import posts as rules
from rules.desks import Desk, DeskRefusal
from rules.networks import Network, room
from rules.posts import TEXT_LIMIT, Event, Post, PostRefusal, Status, Version
from rules.refused import Refused
from rules.reviews import ReviewState
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
    post, review = shown.post, shown.review
    said = []
    if review is not None and review.state in (ReviewState.OPEN, ReviewState.APPROVED):
        names = services.reader(incoming).names(review.approved_by)
        said.append(words.ends(post.code, review.version, names))
    memory = {"key": _key(), **incoming.place, "post": post.id, "version": post.version}
    return Answer(opens=views.edit(shown, _filled(post, shown.version), memory, said))


def edit_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Edit."""
    who = services.person(incoming)
    memory = incoming.memory
    form = views.parse(incoming.fields, memory["key"])
    store, now = services.store, services.now()
    try:
        saved = drafts.edit(store, who, memory["post"], memory["version"], form, now)
    except Refused as refused:
        if refused.reason is not PostRefusal.OLDER_VERSION:
            raise
        return _overtaken(incoming, services, form)
    return Answer(words.saved(saved, services.reader(incoming), _over(form.content), is_new=False))


def edit_and_approve_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Edit and approve, in Open."""
    who, review_id = services.person(incoming), incoming.number
    shown = reviews.check_may_decide(services.store, who, review_id)
    memory = {**incoming.place, "key": _key(), "review": review_id}
    return Answer(opens=views.edit_and_approve(shown, memory, [words.YOUR_YES]))


def edit_and_approve_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Edit and approve."""
    who, memory = services.person(incoming), incoming.memory
    content = views.parse(incoming.fields, memory["key"]).content
    store, now = services.store, services.now()
    saved = drafts.edit_and_approve(store, who, memory["review"], memory["key"], content, now)
    return Answer(words.edited_and_approved(saved.post.code))


def _overtaken(incoming: Incoming, services: Services, form: DraftForm) -> Answer:
    """Shows what changed meanwhile, above what was typed."""
    seen = incoming.memory["version"]
    shown = posts.show(services.store, incoming.team_id, incoming.memory["post"])
    who = services.reader(incoming).name(shown.version.author_id)
    typed = Filled(form.content.text, form.content.networks, form.publish_at, form.notes, form.send)
    memory = {**incoming.memory, "key": _key(), "version": shown.post.version}
    said = [words.overtaken(who, shown.post.version)]
    since = posts.version(services.store, shown, seen)
    return Answer(updates=views.edit(shown, typed, memory, said, since))


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


def _over(content: rules.Content) -> dict[Network, int]:
    rooms = {n: room(n, content.texts.get(n, content.text)) for n in content.networks}
    return {network: found.over for network, found in rooms.items() if found.over}


def _key() -> str:
    return uuid.uuid4().hex
