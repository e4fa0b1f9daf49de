"""`/standup` and its sub-commands, which are also those of `/desk standup`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers import draw
from handlers.absences import listeners as absences
from handlers.answers import Answer
from handlers.digests.listeners import open_recap
from handlers.door import Door, Services
from handlers.ids import Command
from handlers.incoming import Incoming
from handlers.standups import listeners, words
from rules.slack_text import escape, from_slack

_SUBCOMMANDS: Mapping[str, Callable[[Incoming, Services], Answer]] = {
    "answer": listeners.open_answer,
    "skip": listeners.skip,
    "who": listeners.who,
    "now": listeners.ask_now,
    "recap": open_recap,
    "settings": listeners.open_settings,
}
# What opens a form.
OPENING = frozenset({"", "answer", "settings", "away"})

_WITH_WORDS: Mapping[str, Callable[[Incoming, Services, str], Answer]] = {
    "away": absences.away,
    "back": absences.back,
}


def register(door: Door) -> None:
    """Attaches what is here."""
    door.command(Command.STANDUP, standup_command)


def standup_command(incoming: Incoming, services: Services) -> Answer:
    """`/standup [sub-command] [words]`."""
    if not incoming.text.split():
        return listeners.open_answer(incoming, services)
    return subcommand(incoming, services, incoming.text)


def first_word(typed: str) -> tuple[str, str]:
    """The first word in small letters, and the rest, whatever stands between them: a phone may put
    a line break there, or a space that doesn't break."""
    first, rest = [*typed.split(maxsplit=1), "", ""][:2]
    return first.lower(), rest


def subcommand(incoming: Incoming, services: Services, typed: str) -> Answer:
    """What follows `/standup`, or `/desk standup`; what isn't known is answered with help."""
    first, rest = first_word(typed)
    if first == "help":
        return Answer("What /standup can do", blocks=[draw.line(words.HELP)])
    known = _SUBCOMMANDS.get(first)
    if known is not None:
        return known(incoming, services)
    if first in _WITH_WORDS:
        return _WITH_WORDS[first](incoming, services, rest)
    said = words.NOT_UNDERSTOOD.format(draw.excerpt(from_slack(typed).text))
    return Answer(said, blocks=[draw.line(escape(said)), draw.line(words.HELP)])
