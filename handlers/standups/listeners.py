"""What a person does about a standup."""

from __future__ import annotations

from datetime import date

from handlers import draw, times
from handlers.answers import Answer
from handlers.desks.listeners import no_desk
from handlers.door import Door, Services
from handlers.ids import Action, Form
from handlers.incoming import Incoming
from handlers.shapes import NotOurs
from handlers.standups import settings, views, words
from handlers.standups.settings import Named
from operations import desks, people
from operations.standups import answers, mornings, plates, rounds
from operations.standups import settings as settings_operations
from rules.desks import Desk, DeskRefusal, may_manage
from rules.people import Person
from rules.refused import Refused
from rules.slack_text import escape
from rules.standups import Standup


def register(door: Door) -> None:
    """Attaches what is here."""
    door.click(Action.STANDUP_ANSWER, answer_clicked)
    door.click(Action.STANDUP_SKIP, skip_clicked)
    door.click(Action.TOO_MUCH, too_much_clicked)
    door.form(Form.STANDUP_ANSWER, answer_submitted)
    door.form(Form.STANDUP_SETTINGS, settings_submitted)


def open_settings(incoming: Incoming, services: Services) -> Answer:
    """`/desk standup`, for managers; for everybody else it is `/standup`."""
    if incoming.is_direct(incoming.channel_id):
        raise Refused(DeskRefusal.DIRECT_MESSAGE)
    desk = desks.find(services.store, incoming.team_id, incoming.channel_id)
    if desk is None:
        return no_desk(incoming.channel_id)
    who = services.person(incoming)
    standup = settings_operations.show(services.store, who, desk)
    memory = {**incoming.place, "desk": desk.id, "seen": standup.revision}
    named = _named(services, standup)
    return Answer(opens=settings.build(standup, desk, named, memory))


def settings_or_answer(incoming: Incoming, services: Services) -> Answer:
    """`/desk standup`: a member who doesn't manage the desk means to answer."""
    desk = desks.find(services.store, incoming.team_id, incoming.channel_id)
    if desk is not None and not may_manage(desk, services.person(incoming)):
        return open_answer(incoming, services)
    return open_settings(incoming, services)


def settings_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form that sets a standup."""
    who, fields = services.person(incoming), incoming.fields
    desk = desks.by_id(services.store, incoming.team_id, incoming.kept_number("desk"))
    services.directory.channel(incoming.team_id, desk.channel_id)  # it may be archived by now
    chosen = services.directory.persons(incoming.team_id, settings.chosen(fields))
    by_slack_id = {person.slack_id: person.id for person in chosen if person.slack_id}
    before = Standup(desk.id, revision=incoming.kept_number("seen"))
    wanted = settings.parse(fields, before, by_slack_id)
    saved = settings_operations.save(services.store, who, wanted, services.now())
    return Answer(words.saved(saved, times.place(desk.time_zone)))


def open_answer(incoming: Incoming, services: Services) -> Answer:
    """`/standup`."""
    return _open_answer(incoming, services, None)


def answer_clicked(incoming: Incoming, services: Services) -> Answer:
    """The buttons Answer and Edit; their value is the day."""
    return _open_answer(incoming, services, _day(incoming.value))


def answer_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form in which somebody answers."""
    who, fields = services.person(incoming), incoming.fields
    said = views.parse_answer(fields, incoming.asked)
    day, too_much = _day(incoming.kept_text("day")), views.wants_less(fields)
    found = answers.answer(services.store, who, day, said, too_much, services.now())
    return Answer(words.answered(found, services.reader(incoming)))


def skip(incoming: Incoming, services: Services) -> Answer:
    """`/standup skip`."""
    day = answers.skip(services.store, services.person(incoming), None, services.now())
    return Answer(words.skipped(times.day(day)))


def skip_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Skip today; the message shows what came of it."""
    day = _day(incoming.value)
    answers.skip(services.store, services.person(incoming), day, services.now())
    return Answer()


def too_much_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button I have too much, in the Home."""
    channels = services.directory.channels_of(incoming.team_id, incoming.user_id)
    managers = plates.tell(services.store, services.person(incoming), channels, services.now())
    return Answer(words.told(managers, services.reader(incoming)))


def who(incoming: Incoming, services: Services) -> Answer:
    """`/standup who`, for managers; nobody else sees it."""
    desk, manager = _desk(incoming, services), services.person(incoming)
    stands = rounds.who_answered(services.store, manager, desk, services.now())
    lines = words.attendance(stands, services.reader(incoming))
    day = times.day(stands.day)
    blocks = [draw.line(f"*{day}*"), *draw.lines([escape(line) for line in lines])]
    return Answer(f"{day}: {'; '.join(lines)}", blocks=blocks)


def ask_now(incoming: Incoming, services: Services) -> Answer:
    """`/standup now`, for managers."""
    desk, manager = _desk(incoming, services), services.person(incoming)
    asked, stands = rounds.ask_everybody(services.store, manager, desk, services.now())
    return Answer(words.asked_now(asked, stands, services.reader(incoming)))


def _open_answer(incoming: Incoming, services: Services, day: date | None) -> Answer:
    person = services.person(incoming)
    morning = mornings.to_answer(services.store, person, day, services.now())
    return Answer(opens=views.answer_form(morning, incoming.place))


def _desk(incoming: Incoming, services: Services) -> Desk:
    if incoming.is_direct(incoming.channel_id):
        raise Refused(DeskRefusal.DIRECT_MESSAGE)
    desk = desks.find(services.store, incoming.team_id, incoming.channel_id)
    if desk is None:
        raise Refused(DeskRefusal.NO_DESK)
    return desk


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise NotOurs("not a day") from None


def _named(services: Services, standup: Standup) -> Named:
    weekly = standup.weekly
    ids = {*standup.members, *standup.duty, *([weekly.reader_id] if weekly else ())}
    known: dict[int, Person] = people.by_ids(services.store, ids)

    def slack_ids(ids: tuple[int, ...]) -> list[str]:
        return [one.slack_id for i in ids if (one := known[i]).slack_id and not one.is_gone]

    reader = slack_ids((weekly.reader_id,)) if weekly else []
    return Named(slack_ids(standup.members), slack_ids(standup.duty), "".join(reader))
