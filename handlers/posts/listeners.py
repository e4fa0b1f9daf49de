"""What a person does with a post: opens it, reads its history, says that it is out."""

from __future__ import annotations

from slack_sdk.models.views import View

from handlers.answers import Answer
from handlers.door import Door, Services
from handlers.ids import Action, Field, Form
from handlers.incoming import Incoming
from handlers.posts import forms, views, words
from handlers.posts.history import history
from operations import history as operations
from operations import posts, publishing
from rules import posts as rules
from rules.posts import PostRefusal
from rules.refused import Refused

# A page further on than any history goes; what a number may be has a limit in a database.
_PAGES = 10_000


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.OPEN, open_clicked)
    door.click(Action.HISTORY, history_clicked)
    door.click(Action.HISTORY_BACK, history_turned)
    door.click(Action.HISTORY_ON, history_turned)
    door.click(Action.PUBLISH, publish_clicked)
    door.form(Form.PUBLISH, publish_submitted)


def open_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Open, beside a card's title."""
    return Answer(opens=_opened(incoming, services, incoming.number))


def opened_anew(incoming: Incoming, services: Services, post_id: int) -> Answer:
    """After a click in Open it shows what the click did; elsewhere the card does."""
    if incoming.view_form != Form.POST:
        return Answer()
    return Answer(updates=_opened(incoming, services, post_id))


def history_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button History, in Open."""
    return Answer(opens=_history(incoming, services, incoming.number))


def history_turned(incoming: Incoming, services: Services) -> Answer:
    """The buttons Older and Newer, in History."""
    number = min(incoming.number, _PAGES)
    return Answer(updates=_history(incoming, services, incoming.kept_number("post"), number))


def open_history(incoming: Incoming, services: Services, code: str) -> Answer:
    """`/desk history P-12`."""
    number = rules.number_of(code)
    if number is None:
        raise Refused(PostRefusal.NO_CODE, typed=code)
    post_id = posts.code_to_id(services.store, incoming.team_id, number)
    return Answer(opens=_history(incoming, services, post_id))


def publish_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Mark as published."""
    post = publishing.to_publish(services.store, services.person(incoming), incoming.number)
    memory = {**incoming.place, "post": post.id}
    return Answer(opens=forms.publish(post, memory))


def publish_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form behind Mark as published."""
    who, link = services.person(incoming), incoming.fields.text(Field.LINK).strip()
    now = services.now()
    post = publishing.mark_published(services.store, who, incoming.kept_number("post"), link, now)
    return Answer(words.published(post.code))


def _opened(incoming: Incoming, services: Services, post_id: int) -> View:
    who = services.person(incoming)
    shown = posts.show(services.store, incoming.team_id, post_id)
    in_channel = services.is_in(incoming, shown.desk.channel_id)
    shown, may = posts.open_for(services.store, who, post_id, in_channel)
    in_open = incoming.view_form == Form.POST
    under = incoming.kept_text("under") if in_open else incoming.view_form
    return views.opened(shown, may, {**incoming.place, "under": under})


def _history(incoming: Incoming, services: Services, post_id: int, number: int = 0) -> View:
    who = services.person(incoming)
    shown = posts.show(services.store, incoming.team_id, post_id)
    in_channel = services.is_in(incoming, shown.desk.channel_id)
    record = operations.page(services.store, who, post_id, in_channel, number)
    return history(record, {**incoming.place, "post": post_id})
