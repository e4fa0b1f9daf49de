"""`/desk` and its sub-commands; everything that a command does is here under one name too,
because the last installed app wins a command's name."""

from __future__ import annotations

from dataclasses import dataclass

import click

from handlers import draw
from handlers.answers import Answer
from handlers.desks import listeners as desk_listeners
from handlers.desks import words as desk_words
from handlers.door import Door, Services
from handlers.drafts.begin import open_new_draft
from handlers.ids import Command, Word
from handlers.incoming import Incoming
from handlers.lists import listeners as list_listeners
from handlers.nudges import listeners as nudge_listeners
from handlers.posts import listeners as post_listeners
from handlers.reviews import listeners as review_listeners
from handlers.standups import commands as standup_commands
from handlers.standups import listeners as standup_listeners
from rules.slack_text import Converted, escape, from_slack


@dataclass(frozen=True, slots=True)
class _Said:
    """A command as it was typed, and what its sub-command works with."""

    incoming: Incoming
    services: Services


def register(door: Door) -> None:
    """Attaches what is here."""
    door.command(Command.DESK, desk_command, lambda incoming: _written(incoming).text)


def desk_command(incoming: Incoming, services: Services) -> Answer:
    """`/desk [sub-command] [words]`; nothing, or something unknown, is answered with help."""
    words = incoming.text.split()
    try:
        answer = _desk.main(
            [words[0].lower(), *words[1:]] if words else [Word.HELP],
            prog_name=Command.DESK,
            standalone_mode=False,
            obj=_Said(incoming, services),
        )
    except click.UsageError:
        helped = desk_listeners.open_help(incoming, services)
        said = desk_words.not_understood(draw.excerpt(from_slack(incoming.text).text))
        return Answer(said, blocks=[draw.line(escape(said)), *helped.blocks])
    assert isinstance(answer, Answer)
    return answer


# Without click's own `--help`, which would print it here, and answer nobody.
@click.group(context_settings={"help_option_names": []})
def _desk() -> None:
    """The sub-commands of /desk."""


def _takes_anything() -> dict[str, object]:
    return {"ignore_unknown_options": True}


@_desk.command(Word.HELP)
@click.pass_obj
def _help(said: _Said) -> Answer:
    return desk_listeners.open_help(said.incoming, said.services)


@_desk.command(Word.SETUP)
@click.pass_obj
def _setup(said: _Said) -> Answer:
    return desk_listeners.open_setup(said.incoming, said.services, said.incoming.channel_id)


@_desk.command(Word.SETTINGS)
@click.pass_obj
def _settings(said: _Said) -> Answer:
    return desk_listeners.open_settings(said.incoming, said.services, said.incoming.channel_id)


@_desk.command(Word.QUEUE)
@click.pass_obj
def _queue(said: _Said) -> Answer:
    return review_listeners.show_queue(said.incoming, said.services)


@_desk.command(Word.POSTS)
@click.pass_obj
def _posts(said: _Said) -> Answer:
    return list_listeners.show_posts(said.incoming, said.services)


@_desk.command(Word.STANDUP, context_settings=_takes_anything())
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def _standup(said: _Said, words: tuple[str, ...]) -> Answer:
    if not words:
        return standup_listeners.settings_or_answer(said.incoming, said.services)
    return standup_commands.subcommand(said.incoming, said.services, " ".join(words))


@_desk.command(Word.FIND, context_settings=_takes_anything())
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def _find(said: _Said, words: tuple[str, ...]) -> Answer:
    typed = from_slack(" ".join(words)).text
    return list_listeners.find_posts(said.incoming, said.services, typed)


@_desk.command(Word.HISTORY, context_settings=_takes_anything())
@click.argument("code", default="")
@click.pass_obj
def _history(said: _Said, code: str) -> Answer:
    return post_listeners.open_history(said.incoming, said.services, code)


@_desk.command(Word.QUIET, context_settings=_takes_anything())
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def _quiet(said: _Said, words: tuple[str, ...]) -> Answer:
    typed = from_slack(" ".join(words)).text
    return nudge_listeners.quiet(said.incoming, said.services, typed)


@_desk.command(Word.DRAFT, context_settings=_takes_anything())
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def _draft(said: _Said, words: tuple[str, ...]) -> Answer:
    channel = said.incoming.channel_id
    return open_new_draft(said.incoming, said.services, channel, _written(said.incoming))


def _written(incoming: Incoming) -> Converted:
    """The text of `/desk draft`, taken raw: the words that click makes of it have lost their line
    breaks."""
    first, *rest = incoming.text.split(maxsplit=1) or [""]
    return from_slack(rest[0] if rest and first.lower() == Word.DRAFT else "")
