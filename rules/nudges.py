"""When somebody is reminded: a review's deadline, the moments before it, and how much a day holds.

A person reads "reminder". All moments are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from rules.local_time import instant, today
from rules.refused import Refused
from rules.reviews import Review
from rules.typed_dates import DateRefusal, clock_time, until_day
from rules.working_time import (
    Hours,
    add,
    hours_before,
    is_open,
    next_open,
    worked_between,
    working_days_after,
    working_days_before,
)

QUARTER = timedelta(minutes=15)
"""What falls due within one of these is one message."""

MOST_A_DAY = 6
"""So many direct messages a day, of whatever kind, and no reminder comes on top."""

_SHORT = timedelta(hours=4)
_HOUR = timedelta(hours=1)
_NOTHING = timedelta()


class Offset(StrEnum):
    """How long before a deadline a reminder comes, in working days or working hours."""

    TWO_DAYS = "2d"
    ONE_DAY = "1d"
    FOUR_HOURS = "4h"
    TWO_HOURS = "2h"
    ONE_HOUR = "1h"
    AT_DEADLINE = "0h"


DEFAULT_OFFSETS = (Offset.ONE_DAY, Offset.TWO_HOURS, Offset.AT_DEADLINE)

_DAYS = {Offset.TWO_DAYS: 2, Offset.ONE_DAY: 1}
_HOURS = {Offset.FOUR_HOURS: 4, Offset.TWO_HOURS: 2, Offset.ONE_HOUR: 1}


class NudgeRefusal(StrEnum):
    """Why somebody can't be reminded, or asked in another's place; `who` is a person's id."""

    NOT_WAITING = "not_waiting"
    CANNOT_APPROVE = "cannot_approve"
    OWNS_IT = "owns_it"
    ASKED_ALREADY = "asked_already"


class Room(StrEnum):
    """Whether one more reminder may come today. LAST: it names all that is left of the day."""

    FREE = "free"
    LAST = "last"
    FULL = "full"


def asked_at(review: Review) -> datetime:
    """When the current step was asked: when the post was sent, a step before it was done, or a
    decision of it was taken back."""
    moments = [review.sent_at]
    for decision in review.decisions:
        if decision.undone_at is None and decision.step < review.step:
            moments.append(decision.decided_at)
        if decision.undone_at is not None and decision.step == review.step:
            moments.append(decision.undone_at)
    return max(moments)


def deadline(
    hours: Hours, asked: datetime, needed_by: datetime | None, publish_at: datetime | None
) -> datetime:
    """When a decision is due: when it is needed by, else a working day before the publish time,
    else a working day after it was `asked`.

    With less than four working hours until then, half of what is left, so that there is time to
    do something about it. What has passed when it was asked doesn't count.
    """
    publish_at = publish_at if publish_at is not None and publish_at > asked else None
    needed_by = needed_by if needed_by is not None and needed_by > asked else None
    if needed_by is not None and (publish_at is None or needed_by <= publish_at):
        due = limit = needed_by
    elif publish_at is not None:
        due, limit = working_days_before(hours, publish_at, 1), publish_at
    else:
        return working_days_after(hours, asked, 1)
    if worked_between(hours, asked, due) >= _SHORT:
        return due
    worked = worked_between(hours, asked, limit)
    if worked > _NOTHING:
        return add(hours, asked, worked / 2)
    return asked + (limit - asked) / 2


def reminders(hours: Hours, due: datetime, offsets: Iterable[Offset]) -> dict[Offset, datetime]:
    """When an approver with these hours is reminded of a deadline, always within the hours: before
    it, except that the one at the deadline waits for the hours to begin."""
    found = {offset: _moment(hours, due, offset) for offset in offsets}
    return {o: at for o, at in found.items() if at < due or o is Offset.AT_DEADLINE}


def _moment(hours: Hours, due: datetime, offset: Offset) -> datetime:
    if offset in _DAYS:
        at = working_days_before(hours, due, _DAYS[offset])
    elif offset in _HOURS:
        at = hours_before(hours, due, timedelta(hours=_HOURS[offset]))
    else:
        return next_open(hours, _on_quarter(hours, due))
    if not is_open(hours, at):  # the very end of a day
        at = hours_before(hours, at, QUARTER)
    return _on_quarter(hours, at)


def _on_quarter(hours: Hours, at: datetime) -> datetime:
    """The quarter of an hour before, so that reminders meet, unless work hadn't begun."""
    earlier = quarter_of(at)
    return earlier if is_open(hours, earlier) else at


def goes_to(review: Review, place: int) -> int | None:
    """Who is asked in an approver's place right now, None where they are away without a cover."""
    if place not in review.current.away:
        return place
    return review.cover_of(place)


def quarter_of(moment: datetime) -> datetime:
    """The beginning of the quarter of an hour that a moment is in."""
    past = moment.astimezone(UTC)
    return past.replace(minute=past.minute // 15 * 15, second=0, microsecond=0)


def escalation(
    hours: Hours, asked: datetime, due: datetime, publish_at: datetime | None
) -> datetime:
    """When a manager with these hours hears that nothing was decided: a working hour after the
    deadline, sooner where the publish time is near, never in the first hour; on a quarter of an
    hour, so that several meet."""
    at = add(hours, due, _HOUR)
    if publish_at is not None and publish_at > due:
        at = min(at, due + (publish_at - due) / 2)
    at = max(at, asked + _HOUR)
    earlier = quarter_of(at)
    return next_open(hours, at if earlier == at else earlier + QUARTER)


def comes_at(hours: Hours, quiet_until: datetime | None, now: datetime) -> datetime:
    """The first moment from `now` on at which a reminder may come to somebody with these hours,
    who asked for quiet until then."""
    return next_open(hours, max(now, quiet_until) if quiet_until else now)


def room(told_today: int) -> Room:
    """What is left of the day's budget after so many direct messages."""
    if told_today < MOST_A_DAY - 1:
        return Room.FREE
    return Room.LAST if told_today == MOST_A_DAY - 1 else Room.FULL


def day_of(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """When somebody's day began, and when the next one does."""
    here = today(now, zone)
    return instant(here, time(), zone), instant(here + timedelta(1), time(), zone)


def tomorrow(hours: Hours, now: datetime) -> datetime:
    """When the next working day begins, for who snoozes until then."""
    return next_open(hours, day_of(now, hours.zone)[1])


def quiet_until(text: str, now: datetime, zone: str, language: str = "en") -> datetime:
    """The moment that "until 15:00" or "until friday" names for somebody in `zone`: the next time
    that the clocks show it, or the beginning of that day.

    Raises Refused where it has no clear reading, or is over a year away.
    """
    here = today(now, zone)
    try:
        at = clock_time(text)
    except Refused:
        return instant(_day(text, here, language), time(), zone)
    moment = instant(here, at, zone)
    return moment if moment > now else instant(here + timedelta(1), at, zone)


def _day(text: str, here: date, language: str) -> date:
    day = until_day(text, here, language)
    if day <= here:
        raise Refused(DateRefusal.IN_THE_PAST, text=text)
    return day
