"""The sentences of absences, and how days are said. All of it is plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from handlers import times
from handlers.words import Reader, Sentence, in_a_row
from rules.absences import Absence, AbsenceRefusal
from rules.reviews import Away, Review
from rules.typed_dates import DateRefusal

# More than these would fill a card.
FEW = 3

TITLE = "Away"
FIRST = "First day"
LAST = "Last day"
LAST_HINT = "Leave it empty if you don't know yet; /standup back ends it."
COVER = "Who covers?"
COVER_HINT = (
    "What waits for approval, and turns on duty, go to them on the first day, and come back after"
    " the last. Leave it empty if nobody does."
)
BACK = "I'm back"
CANCEL = "Don't go"
CHOOSE_COVER = "Choose a cover"
_EXAMPLES = "such as “until friday”, “3 aug to 17 aug” or “tomorrow”"


def days(first: date, last: date | None, today: date | None = None) -> str:
    """An absence's days; with the year where it isn't that of `today`."""
    if first == last:
        return f"on {_day(first, today)}"
    if last is None:
        return f"from {_day(first, today)} on"
    return f"from {_day(first, today)} to {_day(last, today)}"


def _day(day: date, today: date | None) -> str:
    return (
        times.day(day) if today is None or day.year == today.year else f"{times.day(day)} {day:%Y}"
    )


def away(who: str, gone: Away, cover: str) -> str:
    """Somebody is away, and who stands in; `cover` is empty where nobody does."""
    return f"{is_away(who, gone.until)}{_covers(cover)}"


def who_is_away(review: Review | None, name: Callable[[int], str]) -> list[str]:
    """Who is away of those who are to decide now, and who stands in; a line for each."""
    if review is None:
        return []
    gone = [who for who in review.open_places if who in review.current.away]
    said = []
    for who in gone[:FEW]:
        each = review.current.away[who]
        said.append(away(name(who), each, name(each.cover_id) if each.cover_id else ""))
    more = len(gone) - FEW
    return [*said, f"{more} more {'is' if more == 1 else 'are'} away"] if more > 0 else said


def is_away(who: str, last: date | None) -> str:
    """Somebody is away right now."""
    return f"{who} is away{until(last)}"


def until(last: date | None) -> str:
    """The last day, where it is known."""
    return f" until {times.day(last)}" if last else ""


def _covers(cover: str) -> str:
    return f"; {cover} covers" if cover else ", and nobody covers"


def you_are_away(gone: Away, cover: str) -> str:
    """The same, for them."""
    return f"You are away{until(gone.until)}{_covers(cover)}"


def understood(whose: str, absence: Absence, place: str, today: date) -> str:
    """Above the form: what was made of the words. `whose` is empty for oneself."""
    who = f"{whose} is" if whose else "You are"
    return f"{who} away {days(absence.first, absence.last, today)}, {place}."


def replaces(others: Sequence[Absence], today: date) -> str:
    """Above the form: what was said before for some of these days."""
    said = in_a_row([days(each.first, each.last, today) for each in others])
    return f"What you save here takes the place of what is noted: away {said}."


def noted(whose: str, absence: Absence, cover: str, place: str, today: date) -> str:
    """After the form was saved. `whose` is empty for oneself, `cover` where nobody covers."""
    said = understood(whose, absence, place, today)
    if cover:
        their = "their" if whose else "your"
        then = (
            f"{cover} covers: what waits for {their} approval, and {their} turns on duty, go there"
            " and come back by themselves."
        )
    else:
        then = "Nobody covers: a desk's managers hear what can't be approved meanwhile."
    if whose:
        return f"{said} {then}"
    back = "to come back earlier" if absence.last else "when you are back"
    return f"{said} {then} Type /standup back {back}."


def is_back(whose: str, waits: int) -> str:
    """After the absence was ended; `waits` counts what waits for their approval."""
    if whose:
        return f"{whose} is back. What waits for approval and turns on duty are with them again."
    said = "Welcome back. "
    if not waits:
        return said + "Nothing waits for you."
    return said + f"{waits} post{'s wait' if waits > 1 else ' waits'} for you: /desk queue."


def covering(whose: str, absence: Absence) -> str:
    """For the cover, when they were named."""
    return (
        f"{whose} is away {days(absence.first, absence.last)}, and you cover: what waits for their"
        " approval and their turns on duty come to you then."
    )


def covering_no_more(whose: str) -> str:
    """The same, once it is over."""
    return f"You no longer cover for {whose}."


def marked(by: str, absence: Absence, cover: str) -> str:
    """For whom somebody else noted as away."""
    return f"{by} noted that you are away {days(absence.first, absence.last)}{_covers(cover)}."


def marked_back(by: str) -> str:
    """For whom somebody else noted as back."""
    return f"{by} noted that you are back. What waits for your approval is with you again."


def no_cover(gone: str, code: str) -> str:
    """For a desk's managers; `gone` says who is away."""
    return (
        f"{gone}, and nobody covers. {code} can't be approved without them; posts that are sent"
        " later may not either."
    )


def settled(who: str, code: str) -> str:
    """The same, once somebody covers, or it is over."""
    return f"Settled: {code} no longer waits for {who}."


def at_home(current: Absence, cover: str) -> str:
    """In the Home of who is away."""
    return you_are_away(Away(current.id, current.last, current.cover_id), cover) + "."


def coming(absence: Absence, cover: str) -> str:
    """In the Home, before they go."""
    return f"You will be away {days(absence.first, absence.last)}{_covers(cover)}."


def covers_now(whose: Sequence[str]) -> str:
    """In the Home of who covers; `whose` are names with their days."""
    return f"You cover for {in_a_row(whose, FEW)}."


def covered(who: str, absence: Absence) -> str:
    """Somebody who is away right now, in a row of others."""
    return f"{who} ({until(absence.last).strip()})" if absence.last else who


def cancel_asks(absence: Absence) -> str:
    """Before an absence that is to come is taken back."""
    return f"You stay, and are not away {days(absence.first, absence.last)}."


def _not_away(values: Mapping[str, Any], reader: Reader) -> str:
    coming: Sequence[Absence] = values["coming"]
    who = "You aren't" if values["own"] else f"{reader.name(values['who'])} isn't"
    if not coming:
        return f"{who} away, so there is nothing to end."
    said = in_a_row([days(each.first, each.last) for each in coming])
    next_step = (
        "The Home of Copydesk cancels what is planned: away" if values["own"] else "Planned:"
    )
    return f"{who} away now. {next_step} {said}."


SENTENCES: Mapping[AbsenceRefusal, Sentence] = {
    AbsenceRefusal.COVER_IS_ONESELF: lambda v, r: (
        f"{r.name(v['who'])} is the one who is away. Choose somebody else, or nobody."
    ),
    AbsenceRefusal.COVER_CANNOT: lambda v, r: (
        f"{r.name(v['who'])} can't cover: apps, guests, people of other workspaces and those who"
        " left can't. Choose a colleague."
    ),
    AbsenceRefusal.COVER_AWAY: lambda v, r: (
        f"{r.name(v['who'])} is away too on all of these days. Choose somebody who is there."
    ),
    AbsenceRefusal.COVER_ELSEWHERE: lambda v, r: (
        f"{r.name(v['who'])} isn't in {in_a_row([f'#{name}' for name in v['desks']])}, and would"
        " get what waits there. Invite them first, or choose somebody who is."
    ),
    AbsenceRefusal.CANNOT_BE_AWAY: lambda v, r: (
        f"{r.name(v['who'])} is an app, or has left: there is nothing to cover."
    ),
    AbsenceRefusal.NOT_THEIR_MANAGER: lambda v, r: (
        f"Only {r.name(v['who'])} and the managers of a desk that they are in can say when they"
        " are away."
    ),
    AbsenceRefusal.NOT_AWAY: _not_away,
    AbsenceRefusal.UNKNOWN: lambda v, r: (
        "These days off aren't known here. Type /standup away to note some."
    ),
}


def _chosen(day: date) -> str:
    """A day as it was picked in a form."""
    return f"{day.day} {day:%B %Y}"


# Of what was typed in a command, `text`; of what was picked in a form, `day`.
DATES: Mapping[DateRefusal, Sentence] = {
    DateRefusal.NO_SUCH_DATE: lambda v, r: (
        f"There is no such day: “{v['text']}”. Type a day, {_EXAMPLES}."
    ),
    DateRefusal.IN_THE_PAST: lambda v, r: (
        f"{_chosen(v['day'])} has passed. Choose today, or a day that lies ahead."
        if "day" in v
        else f"“{v['text']}” has passed. Type a day that lies ahead, {_EXAMPLES}."
    ),
    DateRefusal.NOT_UNDERSTOOD: lambda v, r: (
        f"“{v['text']}” can be read in more than one way, or in none. Type days {_EXAMPLES}."
    ),
    DateRefusal.BACKWARDS: lambda v, r: (
        f"{_chosen(v['day'])} is before the first day. Choose that day or a later one."
        if "day" in v
        else f"This ends before it begins: “{v['text']}”. Type the first day before the last."
    ),
    DateRefusal.TOO_LONG: lambda v, r: (
        f"{_chosen(v['day'])} is over a year away. Choose a day within a year."
        if "day" in v
        else f"“{v['text']}” is over a year away. Type days within a year, {_EXAMPLES}."
    ),
}
