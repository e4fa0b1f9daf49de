"""When a desk works: its days and hours, less the public holidays of where it is.

Hours without one working day in a whole year (no days chosen, or nothing but holidays) would never
open, and what waits for them would be lost: they count as open at all times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

from rules.local_time import instant, local, today


class Weekday(StrEnum):
    """By name, because libraries disagree on which day is number 1."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


_DAY = timedelta(days=1)
_A_YEAR = 366


@dataclass(frozen=True, slots=True)
class Hours:
    """`start` (included) to `end` (not included), local to the IANA `zone`, on the `days`.

    `country` is an ISO 3166 code, `region` the `holidays` library's code of a part of it. Without
    a country there are no public holidays.
    """

    zone: str
    days: tuple[Weekday, ...]
    start: time
    end: time
    country: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for hours that end before they start."""
        if self.start >= self.end:
            raise ValueError(f"working hours from {self.start} to {self.end}")


def is_working_day(hours: Hours, day: date) -> bool:
    """One of the week's working days, and no public holiday."""
    return weekday(day) in hours.days and holiday(hours, day) is None


def weekday(day: date) -> Weekday:
    """The day of the week that a date is."""
    return tuple(Weekday)[day.weekday()]


def holiday(hours: Hours, day: date) -> str | None:
    """The name of the public holiday on that day: in English where the library has it, else in
    the country's language."""
    return _holidays(hours.country, hours.region, day.year).get(day)


def next_working_day(hours: Hours, after: date) -> date:
    """The first working day later than `after`."""
    return next(_working_days(hours, after + _DAY, _DAY), after + _DAY)


def is_open(hours: Hours, now: datetime) -> bool:
    """Whether the desk works at that moment."""
    return next_open(hours, now) == now


def next_open(hours: Hours, now: datetime) -> datetime:
    """The first moment (UTC) from `now` on at which the desk works; `now` where it does."""
    for opens, closes in _spells(hours, today(now, hours.zone)):
        if now < closes:
            return max(opens, now)
    return now


def hours_before(hours: Hours, moment: datetime, worked: timedelta) -> datetime:
    """The latest moment (UTC) from which `worked` working time is left until `moment`."""
    left = worked
    for opens, closes in _spells(hours, today(moment, hours.zone), backwards=True):
        if left <= timedelta():
            return moment
        spell = max(min(closes, moment) - opens, timedelta())
        if spell >= left:
            return min(closes, moment) - left
        left -= spell
    return moment - left


def add(hours: Hours, moment: datetime, worked: timedelta) -> datetime:
    """The earliest moment (UTC) by which `worked` working time has passed since `moment`."""
    left = worked
    for opens, closes in _spells(hours, today(moment, hours.zone)):
        if left <= timedelta():
            return moment
        spell = max(closes - max(opens, moment), timedelta())
        if spell >= left:
            return max(opens, moment) + left
        left -= spell
    return moment + left


def worked_between(hours: Hours, a: datetime, b: datetime) -> timedelta:
    """How much working time there is from `a` to `b`; none where b is not later."""
    total = timedelta()
    if b <= a:
        return total
    first = today(a, hours.zone)
    if _never_works(hours, first):
        return b - a
    for opens, closes in _spells(hours, first):
        if opens >= b:
            break
        total += max(min(closes, b) - max(opens, a), timedelta())
    return total


def working_days_before(hours: Hours, moment: datetime, n: int) -> datetime:
    """`n` (1 or more) working days earlier at the same local time, moved into the hours (UTC)."""
    return _days_off(hours, moment, n, -_DAY)


def working_days_after(hours: Hours, moment: datetime, n: int) -> datetime:
    """`n` (1 or more) working days later at the same local time, moved into the hours (UTC)."""
    return _days_off(hours, moment, n, _DAY)


def _days_off(hours: Hours, moment: datetime, n: int, step: timedelta) -> datetime:
    here = local(moment, hours.zone)
    day = here.date()
    for _ in range(n):
        day = next(_working_days(hours, day + step, step), day + step)
    at = min(max(here.time(), hours.start), hours.end)
    return instant(day, at, hours.zone)


def _spells(
    hours: Hours, day: date, *, backwards: bool = False
) -> Iterator[tuple[datetime, datetime]]:
    """When the desk opens and closes (UTC) on each working day from `day` on; without end, or
    empty where it never works."""
    for each in _working_days(hours, day, -_DAY if backwards else _DAY):
        opens = instant(each, hours.start, hours.zone)
        closes = instant(each, hours.end, hours.zone)
        if opens < closes:  # else the clocks skip the whole of it
            yield opens, closes


def _working_days(hours: Hours, day: date, step: timedelta) -> Iterator[date]:
    """The working days from `day` on, in steps of a day; ends after a year without any."""
    idle = 0
    while idle < _A_YEAR:
        if is_working_day(hours, day):
            yield day
            idle = 0
        else:
            idle += 1
        day += step


def _never_works(hours: Hours, day: date) -> bool:
    return next(_working_days(hours, day, _DAY), None) is None


@lru_cache(maxsize=1024)
def _holidays(country: str | None, region: str | None, year: int) -> Mapping[date, str]:
    """A year at a time, made whole before anybody sees it: the library's own objects fill
    themselves while they are read, and threads share them here."""
    if country is None:
        return {}
    try:
        return dict(holidays.country_holidays(country, subdiv=region, years=year, language="en_US"))
    except NotImplementedError:  # a country or region that a later library no longer has
        return {}
