"""Days and times of day as people type them. "Today" is Wednesday, 5 August 2026."""

from __future__ import annotations

import string
from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.refused import Refused
from rules.typed_dates import DateRefusal, clock_time, span, until_day

TODAY = date(2026, 8, 5)


def days(text: str, language: str = "en", today: date = TODAY) -> str:
    found = span(text, today, language)
    return f"{found.first} {found.last}"


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("until friday", "2026-08-05 2026-08-07"),
        ("Until FRIDAY.", "2026-08-05 2026-08-07"),
        ("until 31 aug", "2026-08-05 2026-08-31"),
        ("until 2026-08-17", "2026-08-05 2026-08-17"),
        ("till tomorrow", "2026-08-05 2026-08-06"),
        ("until next monday", "2026-08-05 2026-08-10"),
        ("until mar 3", "2026-08-05 2027-03-03"),
        ("today", "2026-08-05 2026-08-05"),
        ("tomorrow", "2026-08-06 2026-08-06"),
        ("monday", "2026-08-10 2026-08-10"),
        ("wednesday", "2026-08-12 2026-08-12"),  # today is one: then "today" is shorter
        ("next week", "2026-08-10 2026-08-16"),
        ("this week", "2026-08-05 2026-08-09"),
        ("in two weeks", "2026-08-19 2026-08-19"),
        ("for two weeks", "2026-08-05 2026-08-18"),
        ("for 3 days", "2026-08-05 2026-08-07"),
        ("3 aug to 17 aug", "2026-08-03 2026-08-17"),
        ("from 10 august to 17 august", "2026-08-10 2026-08-17"),
        ("3-17 aug", "2026-08-03 2026-08-17"),
        ("3 – 17 Aug", "2026-08-03 2026-08-17"),
        ("aug 3-17", "2026-08-03 2026-08-17"),
        ("3 aug - 17 aug 2026", "2026-08-03 2026-08-17"),
        ("2026-08-10 to 2026-08-12", "2026-08-10 2026-08-12"),
        ("2026-08-10-2026-08-12", "2026-08-10 2026-08-12"),
        ("monday to wednesday", "2026-08-10 2026-08-12"),
        ("friday to monday", "2026-08-07 2026-08-10"),
        ("tomorrow to friday", "2026-08-06 2026-08-07"),
        ("20 dec to 5 jan", "2026-12-20 2027-01-05"),
        ("1 nov to 1 may", "2026-11-01 2027-05-01"),
        ("3rd of september", "2026-09-03 2026-09-03"),
        ("Sept. 3", "2026-09-03 2026-09-03"),
        ("fri 7 aug", "2026-08-07 2026-08-07"),
        ("17/8", "2026-08-17 2026-08-17"),
        ("8/17", "2026-08-17 2026-08-17"),
        ("8/8", "2026-08-08 2026-08-08"),
        ("1 may", "2027-05-01 2027-05-01"),
    ],
)
def test_days_in_english(text: str, understood: str) -> None:
    assert days(text) == understood


@pytest.mark.parametrize(
    ("language", "text", "understood"),
    [
        ("fr", "jusqu’à vendredi", "2026-08-05 2026-08-07"),
        ("fr", "jusqu'au 31 août", "2026-08-05 2026-08-31"),
        ("fr", "du 10 au 17 août", "2026-08-10 2026-08-17"),
        ("fr", "demain", "2026-08-06 2026-08-06"),
        ("fr", "la semaine prochaine", "2026-08-10 2026-08-16"),
        ("fr", "lundi prochain", "2026-08-10 2026-08-10"),
        ("fr", "mardi", "2026-08-11 2026-08-11"),
        ("fr", "1er septembre", "2026-09-01 2026-09-01"),
        ("fr", "8/9", "2026-09-08 2026-09-08"),
        ("fr", "until friday", "2026-08-05 2026-08-07"),
        ("it", "fino a venerdì", "2026-08-05 2026-08-07"),
        ("it", "dal 10 al 17 agosto", "2026-08-10 2026-08-17"),
        ("it", "domani", "2026-08-06 2026-08-06"),
        ("it", "settimana prossima", "2026-08-10 2026-08-16"),
    ],
)
def test_days_in_other_languages(language: str, text: str, understood: str) -> None:
    assert days(text, language) == understood


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        *((DateRefusal.NO_SUCH_DATE, text) for text in ("31 feb", "until 31 feb", "2026-02-31")),
        *((DateRefusal.NO_SUCH_DATE, text) for text in ("2026-13-01", "0000-01-01", "0 aug")),
        *((DateRefusal.NO_SUCH_DATE, text) for text in ("31/2", "fri 8 aug", "29 feb 2027")),
        *((DateRefusal.IN_THE_PAST, text) for text in ("yesterday", "until yesterday", "15 jul")),
        *((DateRefusal.IN_THE_PAST, text) for text in ("until 2026-08-04", "1 jul to 4 aug")),
        *((DateRefusal.BACKWARDS, text) for text in ("17 aug to 3 aug", "2026-08-09 to tomorrow")),
        *((DateRefusal.BACKWARDS, text) for text in ("17 aug to 3 aug 2026", "17-3 aug")),
        *((DateRefusal.TOO_LONG, text) for text in ("10 aug 2027", "29 feb", "in 99 weeks")),
        *((DateRefusal.TOO_LONG, text) for text in ("2020-01-01 to tomorrow", "9999-12-31")),
        # Without one clear reading, though dateparser finds one.
        *((DateRefusal.NOT_UNDERSTOOD, text) for text in ("may", "until may", "mar", "5", "in 5")),
        *((DateRefusal.NOT_UNDERSTOOD, text) for text in ("tue 9", "the 3rd", "3/8", "9h")),
        *((DateRefusal.NOT_UNDERSTOOD, text) for text in ("next month", "next friday", "1 day 2")),
        *((DateRefusal.NOT_UNDERSTOOD, text) for text in ("until next week", "in 2 hours")),
        *((DateRefusal.NOT_UNDERSTOOD, text) for text in ("until noon", "thursday 3pm", "")),
        *((DateRefusal.NOT_UNDERSTOOD, text) for text in ("from monday", "until", "soon", "-")),
        *((DateRefusal.NOT_UNDERSTOOD, text) for text in ("🏖", "x" * 5_000, "in 99999999 days")),
    ],
)
def test_what_is_not_taken(reason: DateRefusal, text: str) -> None:
    with pytest.raises(Refused) as refused:
        span(text, TODAY)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("until friday", date(2026, 8, 7)),
        ("friday", date(2026, 8, 7)),
        ("31 aug", date(2026, 8, 31)),
        ("today", TODAY),
    ],
)
def test_the_last_day(text: str, last: date) -> None:
    assert until_day(text, TODAY) == last


@pytest.mark.parametrize("text", ["yesterday", "31 feb", "may"])
def test_no_last_day(text: str) -> None:
    with pytest.raises(Refused):
        until_day(text, TODAY)


def test_a_day_without_a_year_near_the_turn_of_the_year() -> None:
    assert days("20 dec to 5 jan", today=date(2026, 12, 30)) == "2026-12-20 2027-01-05"
    assert days("until 5 jan", today=date(2027, 1, 2)) == "2027-01-02 2027-01-05"
    assert days("29 feb", today=date(2027, 12, 1)) == "2028-02-29 2028-02-29"


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 5, 31), date(2028, 2, 29)])
def test_it_never_asks_for_another_day_than_the_one_it_is_given(today: date) -> None:
    """dateparser would take the computer's."""
    assert until_day("tomorrow", today).toordinal() == today.toordinal() + 1
    assert 0 < until_day("friday", today).toordinal() - today.toordinal() <= 7


@given(st.text(string.printable + "éàù–’🙂٣", max_size=40))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for read in (span, until_day):
        with suppress(Refused):
            read(text, TODAY)


@given(st.dates(date(2026, 8, 5), date(2027, 8, 1)), st.dates(date(2026, 8, 5), date(2027, 8, 1)))
def test_two_days_are_read_as_typed(one: date, other: date) -> None:
    first, last = sorted((one, other))
    for shape in ("%Y-%m-%d", "%d %B %Y", "%b %d %Y", "%A %d %b %Y"):
        understood = span(f"{first:{shape}} to {last:{shape}}", TODAY)
        assert (understood.first, understood.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("15:00", time(15)),
        ("until 15:00", time(15)),
        ("15.30", time(15, 30)),
        ("3pm", time(15)),
        ("3:30 p.m.", time(15, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("9h", time(9)),
        ("9h30", time(9, 30)),
        ("noon", time(12)),
    ],
)
def test_times_of_day(text: str, at: time) -> None:
    assert clock_time(text) == at


@pytest.mark.parametrize(
    "text", ["9", "1530", "25:00", "24:00", "9:60", "13pm", "0am", "midnight", "", "friday"]
)
def test_no_times_of_day(text: str) -> None:
    with pytest.raises(Refused) as refused:
        clock_time(text)
    assert refused.value.reason == DateRefusal.NOT_UNDERSTOOD
