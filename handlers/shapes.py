"""What stands in a payload, by what it has to be.

Slack keeps to its shapes. A button of another version of ours doesn't, nor does who makes a payload
up; so nothing in one is believed to be a text, a number or a list before it was looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from rules.slack_text import clean

# What a database takes as a whole number: eight bytes.
_MOST = 10**18
_DIGITS = re.compile("[0-9]{1,18}")
_DEEPEST = 40

E = TypeVar("E", bound=StrEnum)


class NotOurs(Exception):
    """Something in a payload that this version has never put there. Its text is logged, so that
    nothing of the payload stands in it."""


def cleaned(value: Any, deep: int = 0) -> Any:
    """The same with every text as it can be stored and shown. Raises NotOurs where it is deeper
    than anything that Slack sends."""
    if isinstance(value, str):
        return clean(value)
    if deep > _DEEPEST:
        raise NotOurs("a payload that goes on and on")
    if isinstance(value, dict):
        return {clean(name): cleaned(inner, deep + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [cleaned(inner, deep + 1) for inner in value]
    return value


def text(value: Any) -> str:
    """A text; empty where there is none. Raises NotOurs."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotOurs(f"{type(value).__name__} for a text")
    return value


def number(value: Any) -> int:
    """A whole number, from 0 on. Raises NotOurs."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _MOST:
        raise NotOurs(f"{type(value).__name__} for a number")
    return value


def digits(value: str) -> int:
    """A whole number that is written out. Raises NotOurs."""
    if not _DIGITS.fullmatch(value):
        raise NotOurs("no number")
    return int(value)


def flag(value: Any) -> bool:
    """Yes or no. Raises NotOurs."""
    if not isinstance(value, bool):
        raise NotOurs(f"{type(value).__name__} for yes or no")
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    """An object; an empty one where there is none. Raises NotOurs."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise NotOurs(f"{type(value).__name__} for an object")
    return value


def several(value: Any) -> Sequence[Any]:
    """A list; an empty one where there is none. Raises NotOurs."""
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise NotOurs(f"{type(value).__name__} for a list")
    return value


def member(of: type[E], value: str) -> E:
    """One of a kind of words. Raises NotOurs."""
    try:
        return of(value)
    except ValueError:
        raise NotOurs(f"no {of.__name__}") from None


def moment(value: Any) -> datetime | None:
    """Seconds since 1970, as a time in UTC; None where there are none. Raises NotOurs."""
    if value is None:
        return None
    try:
        return datetime.fromtimestamp(number(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise NotOurs("no moment") from None


def day(value: Any) -> date | None:
    """A day such as 2030-03-04; None where there is none. Raises NotOurs."""
    try:
        return date.fromisoformat(text(value)) if value is not None else None
    except ValueError:
        raise NotOurs("no day") from None


def hour(value: Any) -> time | None:
    """A time of day such as 10:30; None where there is none. Raises NotOurs."""
    try:
        at = time.fromisoformat(text(value)) if value is not None else None
    except ValueError:
        raise NotOurs("no time of day") from None
    return at.replace(tzinfo=None) if at else None
