"""What is said to us in a message: our name, and the words of /desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from handlers import shapes
from handlers.ids import Word
from rules.slack_text import clean

# What people write: alone, with a file, or in a thread and in the channel at once. The others tell
# of changes, arrivals and the like. https://docs.slack.dev/reference/events/message/
_WRITTEN = frozenset({None, "file_share", "thread_broadcast"})
# A colon or a comma is how people address somebody.
_ADDRESS = re.compile(r"\s*<@(?P<id>[UW][A-Z0-9]+)(?:\|[^>]*)?>[\s:,]*")
_FIRST = re.compile(r"[a-z]+(?=[\s:,]|$)", re.IGNORECASE)
_TAKES_TEXT = frozenset({Word.DRAFT, Word.FIND})
_TAKES_WORDS = {Word.HISTORY: 1, Word.STANDUP: 1, Word.QUIET: 3}
_TAKES_DAYS = frozenset({"away", "back"})  # after "standup"


def is_written(event: Mapping[str, Any]) -> bool:
    """Whether a person wrote this message."""
    by_a_person = event.get("user") and "bot_id" not in event
    return bool(by_a_person) and event.get("subtype") in _WRITTEN


def said_to_us(event: Mapping[str, Any], bot_user_id: str) -> str | None:
    """What follows our name where a message begins with it; None where it doesn't."""
    text = clean(shapes.text(event.get("text")))
    address = _ADDRESS.match(text)
    if address is None or address["id"] != bot_user_id:
        return None
    return text[address.end() :].strip()


def word_of(said: str) -> tuple[Word, str] | None:
    """The word of /desk that what was said begins with, and the rest; None where it is only talk:
    "posts look good", say."""
    first = _FIRST.match(said)
    if first is None or first[0].lower() not in set(Word):
        return None
    word, rest = Word(first[0].lower()), said[first.end() :].lstrip(" \t\n:,\u00a0")
    words = rest.lower().split()
    if word in _TAKES_TEXT or (word is Word.STANDUP and words[:1] and words[0] in _TAKES_DAYS):
        return word, rest
    return None if len(words) > _TAKES_WORDS.get(word, 0) else (word, rest)


def is_command(event: Mapping[str, Any], bot_user_id: str) -> bool:
    """Whether a message is one of our words, said to us."""
    return word_of(said_to_us(event, bot_user_id) or "") is not None
