"""What a person does with a digest: offer help, read on, write a recap, post the week's."""

from __future__ import annotations

from datetime import date

from handlers import shapes
from handlers.answers import Answer
from handlers.digests import private, views, weekly, words
from handlers.door import Door, Services
from handlers.ids import Action, Field, Form
from handlers.incoming import Incoming
from handlers.shapes import NotOurs
from operations import desks, digest_contents, helping, recaps
from operations import weekly as weeks
from rules.desks import DeskRefusal
from rules.digests import fingerprint
from rules.local_time import today
from rules.refused import Refused


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.HELP, help_clicked)
    for action in (Action.ANSWERS, Action.ANSWERS_BACK, Action.ANSWERS_ON):
        door.click(action, answers_clicked)
    door.click(Action.RECAP, recap_clicked)
    door.form(Form.RECAP, recap_written)
    door.click(Action.WEEKLY_POST, post_clicked)
    door.click(Action.WEEKLY_EDIT, edit_clicked)
    door.form(Form.WEEKLY, weekly_edited)


def help_clicked(incoming: Incoming, services: Services) -> Answer:
    """I can help, beside what blocks somebody."""
    who, answer_id = services.person(incoming), incoming.number
    _, desk = helping.blocked(services.store, incoming.team_id, answer_id)
    in_channel = services.is_in(incoming, desk.channel_id)
    answer = helping.offer_help(services.store, who, answer_id, in_channel, services.now())
    return Answer(words.introduced(services.reader(incoming).name(answer.person_id)))


def answers_clicked(incoming: Incoming, services: Services) -> Answer:
    """Answers, in a channel where they aren't shown, and the way on in them."""
    who, (round_id, part) = services.person(incoming), incoming.numbers(2)
    desk = digest_contents.desk_of(services.store, incoming.team_id, round_id)
    in_channel = services.is_in(incoming, desk.channel_id)
    shown = digest_contents.inside(services.store, who, round_id, in_channel)
    view = views.answers(shown, part)
    return Answer(updates=view) if incoming.view_id else Answer(opens=view)


def recap_clicked(incoming: Incoming, services: Services) -> Answer:
    """Recap, in a manager's own messages."""
    desk_id, day = incoming.numbers(2)
    if not 1 <= day <= date.max.toordinal():
        raise NotOurs("no day")
    return _recap(incoming, services, desk_id, date.fromordinal(day))


def open_recap(incoming: Incoming, services: Services) -> Answer:
    """`/standup recap`, in a desk's channel: for today's digest."""
    if incoming.is_direct(incoming.channel_id):
        raise Refused(DeskRefusal.DIRECT_MESSAGE)
    desk = desks.find(services.store, incoming.team_id, incoming.channel_id)
    if desk is None:
        raise Refused(DeskRefusal.NO_DESK)
    return _recap(incoming, services, desk.id, today(services.now(), desk.time_zone))


def _recap(incoming: Incoming, services: Services, desk_id: int, day: date) -> Answer:
    desk, recap = recaps.recap_at(services.store, services.person(incoming), desk_id, day)
    seen = fingerprint(recap)
    memory = {**incoming.place, "desk": desk_id, "day": day.isoformat(), "seen": seen}
    return Answer(opens=private.recap_form(desk, recap, memory))


def recap_written(incoming: Incoming, services: Services) -> Answer:
    """The form Recap."""
    who, day = services.person(incoming), shapes.day(incoming.kept_text("day"))
    assert day is not None
    found = recaps.set_recap(
        services.store,
        who,
        incoming.kept_number("desk"),
        day,
        incoming.fields.text(Field.RECAP),
        incoming.kept_text("seen"),
        services.now(),
    )
    if not found.recap:
        return Answer(words.RECAP_GONE)
    return Answer(words.RECAP_SAVED if found.message_id else words.RECAP_KEPT)


def post_clicked(incoming: Incoming, services: Services) -> Answer:
    """Post, below the draft of a weekly digest."""
    who = services.person(incoming)
    weeks.post_now(services.store, who, incoming.number, services.now())
    return Answer()


def edit_clicked(incoming: Incoming, services: Services) -> Answer:
    """Edit, below the draft of a weekly digest."""
    shown = weeks.to_edit(services.store, services.person(incoming), incoming.number)
    memory = {**incoming.place, "draft": incoming.number}
    return Answer(opens=weekly.form(shown, memory))


def weekly_edited(incoming: Incoming, services: Services) -> Answer:
    """The form behind Edit."""
    who, fields = services.person(incoming), incoming.fields
    note, findings = fields.text(Field.NOTE), fields.text(Field.FINDINGS)
    weeks.edit(services.store, who, incoming.kept_number("draft"), note, findings)
    return Answer(words.WEEKLY_SAVED)
