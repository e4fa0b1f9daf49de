"""What Slack tells of people: a new time zone above all, as mornings and reminders go by it."""

from __future__ import annotations

from handlers import shapes
from handlers.answers import IGNORED, Answer
from handlers.door import Door, Services
from handlers.incoming import Incoming


def register(door: Door) -> None:
    """Attaches what is here."""
    door.event("user_change", somebody_changed)


def somebody_changed(incoming: Incoming, services: Services) -> Answer:
    """Something about somebody is new. In a big workspace this comes all day, mostly about people
    who were never met, or with a status that is no business of ours."""
    changed = services.directory.changed(
        incoming.team_id, shapes.mapping(incoming.event.get("user"))
    )
    return Answer() if changed else IGNORED
