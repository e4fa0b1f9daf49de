"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
_AROUND = 40


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, with what became of it."""

    kind: Kind
    text: str


def changes(before: str, after: str) -> tuple[Piece, ...]:
    """The way from one text to the other: joined without what is GONE it is `after`, joined
    without what is NEW it is `before`. Empty when nothing changed."""
    if before == after:
        return ()
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            pieces.append(Piece(Kind.SAME, gone))
        else:
            pieces += [Piece(Kind.GONE, gone)] if gone else []
            pieces += [Piece(Kind.NEW, come)] if come else []
    return tuple(pieces)


def in_short(pieces: tuple[Piece, ...], most: int) -> tuple[Piece, ...]:
    """The same with what stays cut down to what stands around the changes, and `most`
    characters of it at the most."""
    shown: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.kind is Kind.SAME:
            piece = _around(piece, first=index == 0, last=index == len(pieces) - 1)
        if most < len(piece.text):
            shown.append(replace(piece, text=piece.text[: max(most - 1, 0)] + "…"))
            break
        most -= len(piece.text)
        shown.append(piece)
    return tuple(shown)


def _around(piece: Piece, *, first: bool, last: bool) -> Piece:
    text = piece.text
    if len(text) <= 2 * _AROUND:
        return piece
    head = "" if first else text[:_AROUND]
    tail = "" if last else text[-_AROUND:]
    return replace(piece, text=f"{head}…{tail}")
