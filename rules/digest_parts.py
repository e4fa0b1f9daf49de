"""The detail of a digest: in which order it is read, and how it is split into messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.digests import (
    Away,
    Blocker,
    Digest,
    DuePost,
    Item,
    More,
    Nothing,
    Question,
    Topic,
    Waiting,
    Word,
)

# Slack takes 50 blocks and 12,000 characters, and was seen to refuse a message of 11,341
# (github.com/slackapi/bolt-js/issues/2867): this leaves room for what surrounds the text.
PART_BLOCKS = 45
PART_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class Section:
    """Some items under one heading; `question` is its text where the topic is one. `continued`:
    the message before has the beginning."""

    topic: Topic
    items: tuple[Item, ...]
    question: str = ""
    continued: bool = False


Part = tuple[Section, ...]
"""What one message in the digest's thread shows."""


def sections(digest: Digest) -> list[Section]:
    """The detail in the order in which it is read, without what is empty."""
    today = _listed(digest.today, digest.today_in_all)
    coming = _listed(digest.coming, digest.coming_in_all)
    waiting = _listed(digest.waiting, digest.waiting_in_all)
    every = [
        Section(Topic.BLOCKERS, digest.blockers),
        Section(Topic.TODAY, today),
        Section(Topic.COMING, coming),
        Section(Topic.WAITING, waiting),
        *(Section(Topic.QUESTION, _said(each), each.text) for each in digest.questions),
        Section(Topic.AWAY, digest.away),
    ]
    if digest.is_quiet:
        return []  # the one line names who is away
    return [section for section in every if section.items]


def parts(digest: Digest) -> list[Part]:
    """The detail, as few messages as fit into Slack's limits. Nothing is left out."""
    done: list[Part] = []
    part: list[Section] = []
    blocks = characters = 0
    for section in sections(digest):
        heading = _Size(3, 60 + _length(section.question))
        continued = False
        room: list[Item] = []
        for item in section.items:
            size = _size(item)
            needed = size if room else size + heading
            over = blocks + needed.blocks > PART_BLOCKS
            if (part or room) and (over or characters + needed.characters > PART_CHARACTERS):
                if room:
                    part.append(replace(section, items=tuple(room), continued=continued))
                    continued, room = True, []
                done.append(tuple(part))
                part, blocks, characters = [], 0, 0
                needed = size + heading
            room.append(item)
            blocks += needed.blocks
            characters += needed.characters
        part.append(replace(section, items=tuple(room), continued=continued))
    return [*done, tuple(part)] if part else done


@dataclass(frozen=True, slots=True)
class _Size:
    """How much of a message something takes, at most."""

    blocks: int
    characters: int

    def __add__(self, other: _Size) -> _Size:
        return _Size(self.blocks + other.blocks, self.characters + other.characters)


# A name has up to 80 characters; a helper's stands with up to ten others.
_NAME = 80


def _size(item: Item) -> _Size:
    match item:
        case Blocker():
            helpers = _NAME * min(len(item.helpers), 10) + 60
            return _Size(2, 2 * _NAME + _length(item.text) + helpers)
        case Word():
            return _Size(0, _NAME + 10 + _length(item.text))
        case DuePost() | Waiting():
            return _Size(2, 500)
        case Away():
            return _Size(0, _NAME + 60)
        case More() | Nothing():
            return _Size(1, 100)


def _length(text: str) -> int:
    """In UTF-16's units: an emoji counts two, whichever way Slack counts."""
    return len(text.encode("utf-16-le")) // 2


def _listed(items: Sequence[Item], in_all: int) -> tuple[Item, ...]:
    left = in_all - len(items)
    return (*items, More(left)) if left > 0 else tuple(items)


def _said(question: Question) -> tuple[Item, ...]:
    if not question.nothing:
        return question.words
    return (*question.words, Nothing(question.nothing))
