"""Days and times of day that a person typed in plain words: "until friday", "3-17 aug", "3pm".

dateparser reads the words of a language; which shapes are read at all is decided here. Left to
itself it takes "may" for the 5th of May, "tue 9" for the 9th and 2026-13-01 for the 13th of
January. Whatever has no clear reading is refused, and what was understood is to be echoed.

dateparser also has a clock of its own; it is always given the day instead (`RELATIVE_BASE`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import dateparser

from rules.refused import Refused


class DateRefusal(StrEnum):
    """Why a typed day or time is not taken; `text` is the part in question."""

    NO_SUCH_DATE = "no_such_date"
    IN_THE_PAST = "in_the_past"
    NOT_UNDERSTOOD = "not_understood"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Span:
    """From the first day to the last, both included."""

    first: date
    last: date


_LONGEST = 100
_A_DAY = timedelta(1)
_A_YEAR = timedelta(366)
_HALF_A_YEAR = timedelta(183)
# A day without a year that was this long ago, or less, is meant as past; else as next year's.
_LATELY = timedelta(92)

_UNTIL = re.compile(r"(?:until|till|through|jusqu'?(?:au|à|a)?|fino (?:al|a))\s+(?P<day>.+)")
_FOR = re.compile(r"(?:for|pendant|per)\s+(?P<length>.+)")
_FROM = re.compile(r"(?:from|du|dal)\s+")
_TO = re.compile(r"\s+(?:to|until|till|through|au|al)\s+|\s*-\s*")
_NEXT_WEEK = re.compile(r"next week|(?:la )?semaine prochaine|(?:la )?settimana prossima")
_THIS_WEEK = re.compile(r"this week|cette semaine|questa settimana")
_WHOLE_DAYS = re.compile(r"\D+|(?:(?:in|dans|tra|fra)\s+)?\d{1,3}\s+\D+")
# "Next month" is neither a day nor a week; dateparser makes today's day of it.
_VAGUE = re.compile(r"\b(?:next|this|last|prochaine?|cette|ce|prossim[oa]|quest[oa])\b")
_NEXT = re.compile(r"next\s+(?P<word>.+)|(?P<before>.+)\s+(?:prochain|prossim[oa])")

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?\.?")
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})")
_WORD = r"[^\W\d_]+"
_NUMBER = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?"
_DAY_MONTH = re.compile(
    rf"(?:(?P<weekday>{_WORD})[.,]?\s+)?(?:the\s+|le\s+)?{_NUMBER}\s*(?:of\s+|de\s+)?"
    rf"(?P<month>{_WORD})\.?,?(?:\s+(?P<year>\d{{4}}))?"
)
_MONTH_DAY = re.compile(
    rf"(?:(?P<weekday>{_WORD})[.,]?\s+)?(?P<month>{_WORD})\.?\s+(?:the\s+)?{_NUMBER}"
    r"(?:,?\s+(?P<year>\d{4}))?"
)
_BARE_NUMBER = re.compile(_NUMBER)

_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d{2})|(?P<h>\s*h))?\s*(?P<half>[ap]\.?m\.?)?"
)


@dataclass(frozen=True, slots=True)
class _Typed:
    """A day as it was typed: one that is known, or a weekday, or a day of a month whose year may
    have been left open."""

    text: str
    known: date | None = None
    weekday: int | None = None
    month: int = 0
    day: int = 0
    year: int | None = None


def until_day(text: str, today: date, language: str = "en") -> date:
    """The last day of "until friday", "until 31 aug", "friday", "2026-08-17".

    Raises Refused for a day that is past, doesn't exist, is over a year away, or isn't understood.
    """
    said = _normal(text)
    until = _UNTIL.fullmatch(said)
    last = _coming(_typed(until["day"] if until else said, today, language), today)
    return _checked(Span(today, last), today, said).last


def span(text: str, today: date, language: str = "en") -> Span:
    """The days of "until friday", "3 aug to 17 aug", "3-17 aug", "tomorrow", "next week",
    "for two weeks". A single day is a span of one.

    Raises Refused like `until_day`, and where the last day lies before the first.
    """
    said = _normal(text)
    if _UNTIL.fullmatch(said):
        return Span(today, until_day(said, today, language))
    return _checked(_read_span(said, today, language), today, said)


def clock_time(text: str) -> time:
    """The time of day of "15:00", "15.30", "9h", "9h30", "3pm", "noon".

    Raises Refused; also for a number alone, which may be a day, an hour or a year.
    """
    said = _normal(text).removeprefix("until ").strip()
    if said in {"noon", "midi", "mezzogiorno"}:
        return time(12)
    found = _TIME.fullmatch(said)
    if not found or not (found["minute"] or found["h"] or found["half"]):
        raise Refused(DateRefusal.NOT_UNDERSTOOD, text=said)
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise Refused(DateRefusal.NOT_UNDERSTOOD, text=said)
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    if hour > 23 or minute > 59:
        raise Refused(DateRefusal.NOT_UNDERSTOOD, text=said)
    return time(hour, minute)


def _normal(text: str) -> str:
    """In small letters, with plain dashes, quotes and spaces: phones type others."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'")
    plain = re.sub("[‐-―−]", "-", plain)
    return " ".join(plain.lower().split())[:_LONGEST].rstrip(".,;!?")


def _read_span(said: str, today: date, language: str) -> Span:
    monday = today - timedelta(today.weekday())
    if _NEXT_WEEK.fullmatch(said):
        return Span(monday + timedelta(7), monday + timedelta(13))
    if _THIS_WEEK.fullmatch(said):
        return Span(today, monday + timedelta(6))
    if length := _FOR.fullmatch(said):
        end = _relative(length["length"], today, language)
        if end is None:
            raise Refused(DateRefusal.NOT_UNDERSTOOD, text=said)
        return Span(today, end - _A_DAY)
    # A dash inside 2026-08-17 is not one between two days.
    ends = _TO.split(_ISO.sub(r"\1/\2/\3", _FROM.sub("", said, count=1)))
    if len(ends) == 2:
        return _between(ends[0], ends[1], today, language)
    day = _coming(_typed(said, today, language), today)
    return Span(day, day)


def _between(left: str, right: str, today: date, language: str) -> Span:
    """Two days; one that is a number alone is of the other's month, as in "3-17 aug"."""
    if _BARE_NUMBER.fullmatch(left) and (found := _DAY_MONTH.fullmatch(right)):
        left = f"{left} {found['month']} {found['year'] or ''}".strip()
    elif _BARE_NUMBER.fullmatch(right) and (found := _MONTH_DAY.fullmatch(left)):
        right = f"{right} {found['month']}"
    one, other = _typed(left, today, language), _typed(right, today, language)
    if other.year and one.month and not one.year:
        last = _coming(other, today)
        return Span(_nearest(one, last, [last.year, last.year - 1]), last)
    first = _coming(one, today)
    if other.month and not other.year:
        return Span(first, _nearest(other, first, [first.year, first.year + 1]))
    if other.weekday is not None and not other.month:
        return Span(first, _on_or_after(first, other.weekday))
    return Span(first, _coming(other, today))


def _nearest(typed: _Typed, other_end: date, years: list[int]) -> date:
    """The other end of a span whose year was not typed: over the turn of the year where it must
    be, unless that made the span so long that the two days were rather typed the wrong way round.
    """
    same_year, over_the_turn = (_date(year, typed.month, typed.day) for year in years)
    forwards = years[1] > years[0]
    if same_year and (same_year >= other_end if forwards else same_year <= other_end):
        return _with_weekday(typed, same_year)
    if over_the_turn and abs(over_the_turn - other_end) <= _HALF_A_YEAR:
        return _with_weekday(typed, over_the_turn)
    raise Refused(DateRefusal.BACKWARDS, text=typed.text)


def _coming(typed: _Typed, today: date) -> date:
    """A day in a person's life: the next Friday after today, this 3rd of August or the next."""
    if typed.known:
        return typed.known
    if not typed.month:
        assert typed.weekday is not None
        return _on_or_after(today + _A_DAY, typed.weekday)
    years = [typed.year] if typed.year else range(today.year - 1, today.year + 9)
    days = [day for year in years if (day := _date(year, typed.month, typed.day))]
    day = next(day for day in days if typed.year or day >= today - _LATELY)
    return _with_weekday(typed, day)


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta((weekday - day.weekday()) % 7)


def _with_weekday(typed: _Typed, day: date) -> date:
    """The same day. Raises Refused for a "Friday 8 August" that is no Friday."""
    if typed.weekday not in {None, day.weekday()}:
        raise Refused(DateRefusal.NO_SUCH_DATE, text=typed.text)
    return day


def _checked(found: Span, today: date, said: str) -> Span:
    if found.last < found.first:
        raise Refused(
            DateRefusal.IN_THE_PAST if found.first == today else DateRefusal.BACKWARDS, text=said
        )
    if found.last < today:
        raise Refused(DateRefusal.IN_THE_PAST, text=said)
    if max(found.last - found.first, found.last - today) > _A_YEAR:
        raise Refused(DateRefusal.TOO_LONG, text=said)
    return found


def _typed(said: str, today: date, language: str) -> _Typed:
    """One day, as far as its words say it."""
    if found := (_ISO.fullmatch(said) or _YEAR_FIRST.fullmatch(said)):
        year, month, day = map(int, found.groups())
        return _of_month(said, day, month, year)
    if found := _NUMBERS.fullmatch(said):
        return _numbers(said, int(found[1]), int(found[2]), found[3], language)
    for shape in (_DAY_MONTH, _MONTH_DAY):
        if found := shape.fullmatch(said):
            typed = _named_month(said, found, language)
            if typed is not None:
                return typed
    if (known := _relative(said, today, language)) is not None:
        return _Typed(said, known=known)
    weekday = _weekday(said, language)
    if weekday is not None:
        return _Typed(said, weekday=weekday)
    if found := _NEXT.fullmatch(said):
        weekday = _weekday(found["word"] or found["before"], language)
        # On a Wednesday "next Friday" is in two days for some and in nine for others.
        if weekday is not None and weekday <= today.weekday():
            return _Typed(said, weekday=weekday)
    raise Refused(DateRefusal.NOT_UNDERSTOOD, text=said)


def _numbers(said: str, first: int, second: int, year: str | None, language: str) -> _Typed:
    """17/8 is clear; 3/8 is for an English reader either the 3rd of August or the 8th of March."""
    if language == "en" and first <= 12 and second <= 12 and first != second:
        raise Refused(DateRefusal.NOT_UNDERSTOOD, text=said)
    day, month = (second, first) if language == "en" and second > 12 else (first, second)
    return _of_month(said, day, month, int(year) if year else None)


def _named_month(said: str, found: re.Match[str], language: str) -> _Typed | None:
    month = _absolute(f"1 {found['month']} 2000", date(2000, 1, 1), language, ["day", "month"])
    if month is None:
        return None
    year = int(found["year"]) if found["year"] else None
    typed = _of_month(said, int(found["day"]), month.month, year)
    if found["weekday"] is None:
        return typed
    weekday = _weekday(found["weekday"], language)
    return None if weekday is None else replace(typed, weekday=weekday)


def _of_month(said: str, day: int, month: int, year: int | None) -> _Typed:
    # 2000 had a 29th of February.
    if _date(2000 if year is None else year, month, day) is None:
        raise Refused(DateRefusal.NO_SUCH_DATE, text=said)
    return _Typed(said, month=month, day=day, year=year)


def _relative(said: str, today: date, language: str) -> date | None:
    """The day of "tomorrow", "in two weeks"; None for what is no whole number of days."""
    if _VAGUE.search(said) or not _WHOLE_DAYS.fullmatch(said):
        return None
    found = _parse(said, today, language, PARSERS=["relative-time"], PREFER_DATES_FROM="future")
    return found.date() if found and found.time() == time() else None


def _weekday(said: str, language: str) -> int | None:
    """Which day of the week (Monday is 0) a word names: the one it stays on whatever day it is
    said. A month's name, or a relative word, would move along."""
    if not re.fullmatch(_WORD, said):
        return None
    monday = date(2024, 1, 1)
    answers = {_absolute(said, monday + timedelta(days), language, []) for days in (0, 1)}
    named = {None if answer is None else answer.weekday() for answer in answers}
    return named.pop() if len(named) == 1 else None


def _absolute(said: str, base: date, language: str, parts: list[str]) -> date | None:
    found = _parse(said, base, language, PARSERS=["absolute-time"], REQUIRE_PARTS=parts)
    return found.date() if found else None


def _parse(said: str, base: date, language: str, **settings: Any) -> datetime | None:
    settings["RELATIVE_BASE"] = datetime.combine(base, time())
    languages = list(dict.fromkeys((language, "en")))
    return dateparser.parse(said, languages=languages, settings=settings)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
