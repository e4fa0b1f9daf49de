"""`@Copydesk` with the words of /desk, for threads, where Slack knows no commands.

A message can open no form, because it comes without a trigger: it is answered with the button that
does. A draft is asked for in the open, and the answer tells what became of it; all else is private.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers import draw, shapes
from handlers.addressed import is_written, said_to_us, word_of
from handlers.answers import IGNORED, Answer
from handlers.commands import desk_command
from handlers.comments.listeners import card_above, replied
from handlers.desks import words as desk_words
from handlers.door import Door, Services
from handlers.drafts.begin import files_of, own_desks
from handlers.ids import Action, Word
from handlers.incoming import Incoming
from handlers.standups.commands import OPENING, first_word
from operations import desks, mentions, posts
from rules.desks import DeskRefusal
from rules.refused import Refused
from rules.slack_text import clean
from storage.messages import Message

# A button's value. https://docs.slack.dev/reference/block-kit/block-elements/button-element/
_VALUE = 2000


def register(door: Door) -> None:
    """Attaches what is here."""
    door.event("app_mention", mentioned_us)
    door.click(Action.SAID, said_clicked)


def mentioned_us(incoming: Incoming, services: Services) -> Answer:
    """Somebody wrote our name in a channel. Slack tells of that message twice where we may hear
    all of them: what is no command is a comment under a card, whichever comes first."""
    event = incoming.event
    if not is_written(event) or services.person(incoming).is_bot:
        return IGNORED
    said = said_to_us(event, incoming.bot_user_id)
    command = word_of(said or "")
    under = card_above(incoming, services)
    if under is not None and command is None and said != "":
        return replied(incoming, services, under)
    if command is not None and command[0] is Word.DRAFT:
        return _asks_for_draft(incoming, services, command[1])
    if "edited" in event:  # Slack told of it before, with another event's id
        return IGNORED
    if command is None or not _needs_click(*command, under is not None):
        wanted = replace(incoming, text=said or "")
        return _once(incoming, services, lambda: desk_command(wanted, services))
    return _once(incoming, services, lambda: _asks_for_click(incoming, services, under, *command))


def _once(incoming: Incoming, services: Services, answer: Callable[[], Answer]) -> Answer:
    """The answer, unless it was given before. What fails on the way is not acknowledged, and comes
    again: then it is done, for the second time where only the answer was missing. All that can be
    asked for here may be done twice."""
    store, team_id, event_id = services.store, incoming.team_id, incoming.event_id
    if mentions.was_answered(store, team_id, event_id):
        return IGNORED
    try:
        said = answer()
    except Refused:
        mentions.answered(store, team_id, event_id, services.now())
        raise
    mentions.answered(store, team_id, event_id, services.now())
    return said


def _asks_for_click(
    incoming: Incoming, services: Services, under: Message | None, word: Word, rest: str
) -> Answer:
    if word is Word.HISTORY and not rest and under is not None:
        rest = posts.show(services.store, incoming.team_id, under.post_id or 0).post.code
    value = f"{word} {rest}".strip()[:_VALUE]
    button = draw.button(Action.SAID, desk_words.SHOWS[word], value)
    line = draw.line(desk_words.ONE_CLICK)
    return Answer(desk_words.ONE_CLICK, blocks=[line, *draw.row(button)])


def said_clicked(incoming: Incoming, services: Services) -> Answer:
    """The button under what was asked: now there is a trigger, so it is the command."""
    return desk_command(replace(incoming, text=incoming.value), services)


def _asks_for_draft(incoming: Incoming, services: Services, text: str) -> Answer:
    channel, event = incoming.channel_id, incoming.event
    ts = shapes.text(event.get("ts"))
    here = desks.find(services.store, incoming.team_id, channel)
    if here is None and not own_desks(incoming, services):
        return _once(incoming, services, _no_desk)
    files = files_of(event)
    if not text and not files and incoming.thread_ts:
        first = services.directory.written(incoming.team_id, channel, incoming.thread_ts)
        text, files = clean(shapes.text(first.get("text"))), files_of(first)
    mentions.ask_for(
        services.store,
        incoming.team_id,
        channel,
        ts,
        incoming.thread_ts or ts,
        text,
        files,
        services.now(),
    )
    return Answer()


def _needs_click(word: Word, rest: str, under_card: bool) -> bool:
    """Whether it opens something."""
    if word is Word.HISTORY:
        return bool(rest) or under_card
    if word is Word.STANDUP:
        return first_word(rest)[0] in OPENING
    return bool(rest) if word is Word.FIND else word not in (Word.HELP, Word.QUIET)


def _no_desk() -> Answer:
    raise Refused(DeskRefusal.NO_DESK_OF_YOURS)
