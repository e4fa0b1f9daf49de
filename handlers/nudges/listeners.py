"""What a person does about reminders, undecided and missed posts, and a post at its time."""

from __future__ import annotations

from datetime import timedelta

from handlers import draw, shapes
from handlers.answers import Answer
from handlers.door import Door, Services
from handlers.ids import Action, Field, Form
from handlers.incoming import Incoming
from handlers.nudges import views, words
from operations import details, escalations, posts, publishing, reminders
from operations.posts import Shown
from rules import access
from rules.life import Event
from rules.nudges import NudgeRefusal
from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import QuorumKind
from rules.typed_dates import DateRefusal

_HOUR = timedelta(hours=1)


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.REMIND_AGAIN, remind_again_clicked)
    door.click(Action.REASSIGN, reassign_clicked)
    door.form(Form.REASSIGN, reassign_submitted)
    door.click(Action.APPROVE_INSTEAD, approve_instead_clicked)
    door.form(Form.APPROVE_INSTEAD, approve_instead_submitted)
    door.click(Action.SNOOZE, snooze_clicked)
    door.click(Action.SNOOZE_TOMORROW, snooze_tomorrow_clicked)
    door.click(Action.NEW_TIME, new_time_clicked)
    door.form(Form.NEW_TIME, new_time_submitted)
    door.click(Action.NOT_NOW, not_now_clicked)
    door.form(Form.NOT_NOW, not_now_submitted)


def remind_again_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Remind again."""
    who, now = services.person(incoming), services.now()
    told = escalations.remind_again(services.store, who, incoming.number, now)
    return Answer(words.reminded_again(told, now, services.reader(incoming)))


def reassign_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Reassign; its value names the review, and whose place is meant or 0."""
    review_id, place = incoming.numbers(2)
    who = services.person(incoming)
    shown = escalations.to_reassign(services.store, who, review_id)
    places = _places(shown)
    if place and place not in places:
        raise Refused(NudgeRefusal.NOT_WAITING, who=place)
    memory = {**incoming.place, "review": review_id}
    only = places[0] if len(places) == 1 else place
    return Answer(opens=views.reassign(shown, only, memory))


def reassign_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Reassign."""
    who, place = services.person(incoming), _place(incoming)
    chosen = incoming.fields.user(Field.APPROVER)
    instead = services.directory.person(incoming.team_id, chosen)
    review_id, now = incoming.kept_number("review"), services.now()
    shown = escalations.reassign(services.store, who, review_id, place, instead, now)
    return Answer(words.reassigned(shown.post.code, instead.name))


def approve_instead_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Approve instead; asks in whose place where that makes a difference."""
    who, review_id = services.person(incoming), incoming.number
    shown = escalations.to_reassign(services.store, who, review_id)
    assert shown.review is not None
    places = shown.review.open_places
    if len(places) > 1 and shown.review.current.quorum.kind is not QuorumKind.ANY:
        access.check_may_reassign(shown.post, shown.desk, shown.review, who, places[0], who)
        memory = {**incoming.place, "review": review_id}
        return Answer(opens=views.approve_instead(shown, memory))
    return _approved(incoming, services, review_id, places[0])


def approve_instead_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Approve instead."""
    return _approved(incoming, services, incoming.kept_number("review"), _place(incoming))


def _approved(incoming: Incoming, services: Services, review_id: int, place: int) -> Answer:
    who, now = services.person(incoming), services.now()
    shown = escalations.approve_instead(services.store, who, review_id, place, now)
    waits = shown.post.status is Status.IN_REVIEW
    name = services.reader(incoming).name(place)
    return Answer(words.approved_instead(shown.post.code, name, waits))


def snooze_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Snooze 1 hour."""
    return _snoozed(incoming, services, in_an_hour=True)


def snooze_tomorrow_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Snooze until tomorrow."""
    return _snoozed(incoming, services, in_an_hour=False)


def _snoozed(incoming: Incoming, services: Services, *, in_an_hour: bool) -> Answer:
    who, now = services.person(incoming), services.now()
    until = reminders.snooze(services.store, who, incoming.number, in_an_hour, now)
    if until is None:
        return Answer(words.ALL_DONE)
    return Answer(words.snoozed(until, services.reader(incoming)))


def new_time_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button New time."""
    shown = posts.show(services.store, incoming.team_id, incoming.number)
    access.check_may_change(shown.post, shown.desk, services.person(incoming))
    if shown.post.status is not Status.MISSED:
        status = shown.post.status
        raise Refused(PostRefusal.WRONG_STATUS, status=status, event=Event.SET_TIME)
    memory = {**incoming.place, "post": shown.post.id}
    return Answer(opens=views.new_time(shown.post, memory))


def new_time_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form New time."""
    who, at = services.person(incoming), incoming.fields.moment(Field.PUBLISH_AT)
    post = details.new_time(services.store, who, incoming.kept_number("post"), at, services.now())
    assert post.publish_at is not None
    return Answer(words.new_time(post.code, post.publish_at, services.reader(incoming)))


def not_now_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Not now, of a post that is to go out."""
    who, now = services.person(incoming), services.now()
    post = publishing.to_publish(services.store, who, incoming.number)
    memory = {**incoming.place, "post": post.id, "code": post.code}
    return Answer(opens=views.not_now(post, now + _HOUR, memory))


def not_now_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form Not now."""
    who, at = services.person(incoming), incoming.fields.moment(Field.PUBLISH_AT)
    post_id, now = incoming.kept_number("post"), services.now()
    again = publishing.not_now(services.store, who, post_id, at, now)
    code = incoming.kept_text("code")
    return Answer(words.not_now(code, again, services.reader(incoming)))


def quiet(incoming: Incoming, services: Services, typed: str) -> Answer:
    """`/desk quiet until 15:00`, and `/desk quiet off`."""
    who = services.person(incoming)
    if typed.strip().lower() in ("off", "end", "stop"):
        reminders.be_loud(services.store, who)
        return Answer(words.LOUD)
    if not typed.strip():
        return Answer(words.HOW_QUIET)
    try:
        until = reminders.be_quiet(services.store, who, typed, services.now())
    except Refused as refused:
        if isinstance(refused.reason, DateRefusal):
            return Answer(words.no_such_quiet(draw.excerpt(typed)))
        raise
    return Answer(words.quiet(until, services.reader(incoming)))


def _places(shown: Shown) -> tuple[int, ...]:
    return shown.review.open_places if shown.review else ()


def _place(incoming: Incoming) -> int:
    if incoming.memory.get("place"):
        return incoming.kept_number("place")
    return shapes.digits(incoming.fields.option(Field.PLACE))
