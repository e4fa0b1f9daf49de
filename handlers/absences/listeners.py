"""What a person does about days off, theirs or somebody's at a desk that they manage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers import times
from handlers.absences import views, words
from handlers.absences.views import Filled
from handlers.answers import Answer
from handlers.door import Door, Services
from handlers.ids import Action, Form
from handlers.incoming import Incoming
from operations import absences, reviews
from operations import people as people_operations
from operations.absences import DaysOff, Wanted
from rules.absences import Absence
from rules.local_time import today
from rules.people import Person
from rules.slack_text import mentioned, without_mentions
from rules.typed_dates import span

_LANGUAGES = {"en", "fr", "it"}


def register(door: Door) -> None:
    """Attaches what is here."""
    door.form(Form.AWAY, away_submitted)
    door.click(Action.BACK, back_clicked)
    door.click(Action.COVER, cover_clicked)


def away(incoming: Incoming, services: Services, typed: str) -> Answer:
    """`/standup away [@somebody] [until friday]`: asks who covers, with what was understood."""
    who, person = _people(incoming, services, mentioned(typed))
    _check_may_note(services, who, person)
    found = absences.days_off(services.store, person)
    day = today(services.now(), person.time_zone)
    said = without_mentions(typed)
    if said:
        language = who.locale[:2] if who.locale[:2] in _LANGUAGES else "en"
        days = span(said, day, language)
        wanted = Absence(person.id, days.first, days.last, None)
    elif found.current is not None:
        wanted = replace(found.current, first=day)
    else:
        wanted = Absence(person.id, day, None, None)
    return _form(incoming, services, person, wanted, found, is_typed=bool(said))


def back(incoming: Incoming, services: Services, typed: str) -> Answer:
    """`/standup back [@somebody]`."""
    who, person = _people(incoming, services, mentioned(typed))
    channels = _channels(services, who, person)
    absences.back(services.store, who, person, channels, services.now())
    if person.id != who.id:
        return Answer(words.is_back(person.name, 0))
    return Answer(words.is_back("", len(reviews.queue(services.store, who))))


def back_clicked(incoming: Incoming, services: Services) -> Answer:
    """The buttons I'm back and Don't go; their value is the absence."""
    who = services.person(incoming)
    absences.back(services.store, who, who, (), services.now(), incoming.number)
    if incoming.in_home:  # which shows it
        return Answer()
    return Answer(words.is_back("", len(reviews.queue(services.store, who))))


def cover_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button Choose a cover, in a manager's messages; its value is the absence."""
    who = services.person(incoming)
    absence, _, known = absences.told(services.store, incoming.team_id, incoming.number)
    person = known[absence.person_id]
    _check_may_note(services, who, person)
    found = absences.days_off(services.store, person)
    day = today(services.now(), person.time_zone)
    wanted = replace(found.current or absence, first=day)
    return _form(incoming, services, person, wanted, found, is_typed=False)


def away_submitted(incoming: Incoming, services: Services) -> Answer:
    """The form that asks who covers."""
    who, person = _people(incoming, services, [incoming.kept_text("person")])
    filled = views.parse(incoming.fields)
    cover, cover_channels = None, frozenset[str]()
    if filled.cover:
        cover = services.directory.person(incoming.team_id, filled.cover)
        if cover.is_full_member:  # of the others Slack may say nothing
            cover_channels = services.directory.channels_of(incoming.team_id, filled.cover)
    wanted = Wanted(filled.first, filled.last, cover, cover_channels)
    channels, now = _channels(services, who, person), services.now()
    absence = absences.note(services.store, who, person, channels, wanted, now)
    day, place = today(now, person.time_zone), times.place(person.time_zone)
    whose = "" if person.id == who.id else person.name
    return Answer(words.noted(whose, absence, cover.name if cover else "", place, day))


def _form(
    incoming: Incoming,
    services: Services,
    person: Person,
    wanted: Absence,
    found: DaysOff,
    *,
    is_typed: bool,
) -> Answer:
    whose = "" if person.slack_id == incoming.user_id else person.name
    day, place = today(services.now(), person.time_zone), times.place(person.time_zone)
    said = [words.understood(whose, wanted, place, day)] if is_typed or whose else []
    others = [each for each in found.own if each.overlaps(wanted)]
    said += [words.replaces(others, day)] if others else []
    cover = next((each.cover_id for each in (wanted, *others) if each.cover_id), None)
    filled = Filled(wanted.first, wanted.last, _slack_id(services, cover))
    memory = {**incoming.place, "person": person.slack_id}
    return Answer(opens=views.form(filled, said, memory))


def _people(
    incoming: Incoming, services: Services, slack_ids: Iterable[str]
) -> tuple[Person, Person]:
    """Who acts, and whose days off it is about: theirs where nobody is named."""
    who = services.person(incoming)
    named = next(iter(slack_ids), incoming.user_id)
    return who, services.directory.person(incoming.team_id, named)


def _channels(services: Services, who: Person, person: Person) -> frozenset[str]:
    """Those that somebody is in, which matters where another says that they are away."""
    is_other = who.id != person.id and not person.is_gone and person.slack_id
    if not is_other:
        return frozenset()
    return services.directory.channels_of(person.team_id, person.slack_id or "")


def _check_may_note(services: Services, who: Person, person: Person) -> None:
    channels = _channels(services, who, person)
    absences.check_may_note(services.store, who, person, channels)


def _slack_id(services: Services, person_id: int | None) -> str:
    if person_id is None:
        return ""
    person = people_operations.by_ids(services.store, [person_id])[person_id]
    return "" if person.is_gone else person.slack_id or ""
