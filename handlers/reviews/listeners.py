"""What a person does about an approval."""

from __future__ import annotations

from dataclasses import replace

from slack_sdk.models.views import View

from handlers import shapes
from handlers.answers import Answer
from handlers.door import Door, Services
from handlers.drafts.words import away
from handlers.ids import Action, Field, Form
from handlers.incoming import Incoming
from handlers.posts.listeners import opened_anew
from handlers.reviews import views, words
from operations import reviews
from rules.reviews import Verdict


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.SEND, send_clicked)
    door.click(Action.APPROVE, approve_clicked)
    door.click(Action.APPROVE_WITH_NOTE, approve_with_note_clicked)
    door.click(Action.REQUEST_CHANGES, request_changes_clicked)
    door.click(Action.REJECT, reject_clicked)
    door.click(Action.UNDO, undo_clicked)
    door.click(Action.QUEUE, show_queue)
    door.anew(Form.QUEUE, queue_anew)
    door.form(Form.COMMENT, comment_submitted)


def send_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Send for approval. Its value says which version the person saw."""
    post_id, version = incoming.numbers(2)
    who = services.person(incoming)
    sent = reviews.send(services.store, who, post_id, version, services.now())
    said = away(sent.review, services.reader(incoming, who))
    return replace(opened_anew(incoming, services, sent.post.id), text=" ".join(said))


def approve_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Approve."""
    who, review_id = services.person(incoming), incoming.number
    made = reviews.decide(services.store, who, review_id, Verdict.APPROVE, "", services.now())
    if incoming.view_form == Form.QUEUE:
        return queue_anew(incoming, services)
    return opened_anew(incoming, services, made.post.id)


def approve_with_note_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Approve with a note, in Open."""
    return _ask_why(incoming, services, Verdict.APPROVE)


def request_changes_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Request changes."""
    return _ask_why(incoming, services, Verdict.REQUEST_CHANGES)


def reject_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Reject."""
    return _ask_why(incoming, services, Verdict.REJECT)


def _ask_why(incoming: Incoming, services: Services, verdict: Verdict) -> Answer:
    who, review_id = services.person(incoming), incoming.number
    shown = reviews.check_may_decide(services.store, who, review_id)
    memory = {**incoming.place, "review": review_id, "verdict": verdict}
    return Answer(opens=views.comment_form(shown, verdict, memory))


def comment_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form behind Request changes, Reject and Approve with a note."""
    who, comment = services.person(incoming), incoming.fields.text(Field.COMMENT)
    verdict = shapes.member(Verdict, incoming.kept_text("verdict"))
    review_id, now = incoming.kept_number("review"), services.now()
    made = reviews.decide(services.store, who, review_id, verdict, comment, now)
    return Answer(words.decided(verdict, made.post, who, services.reader(incoming, who)))


def undo_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Undo."""
    who = services.person(incoming)
    shown = reviews.undo(services.store, who, incoming.number, services.now())
    return opened_anew(incoming, services, shown.post.id)


def show_queue(incoming: Incoming, services: Services) -> Answer:
    """`/desk queue`, and the button What waits for me."""
    return Answer(opens=_queue(incoming, services))


def queue_anew(incoming: Incoming, services: Services) -> Answer:
    """The queue as it is by now, in its place."""
    return Answer(updates=_queue(incoming, services))


def _queue(incoming: Incoming, services: Services) -> View:
    who = services.person(incoming)
    waiting = reviews.queue(services.store, who)
    more = len(waiting) > reviews.QUEUE_LENGTH
    return views.queue(waiting[: reviews.QUEUE_LENGTH], more, who.id, incoming.place)
