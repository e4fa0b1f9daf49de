"""The sentences of reminders. A person reads "reminder", never "nudge"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.words import Reader, Sentence, in_a_row
from rules.networks import Network
from rules.nudges import NudgeRefusal, Offset
from rules.people import Person

OFFSETS: Mapping[Offset, str] = {
    Offset.TWO_DAYS: "2 working days before",
    Offset.ONE_DAY: "1 working day before",
    Offset.FOUR_HOURS: "4 working hours before",
    Offset.TWO_HOURS: "2 working hours before",
    Offset.ONE_HOUR: "1 working hour before",
    Offset.AT_DEADLINE: "At the deadline",
}

OFFSETS_HINT = (
    "Of the decision that a post waits for. When nothing comes of them, the managers hear of it,"
    " once."
)

NEW_TIME = "New time"
NOT_NOW = "Not now"
REASSIGN = "Reassign"
APPROVE_INSTEAD = "Approve instead"

IN_AN_HOUR = "Snooze 1 hour"
TOMORROW = "Snooze until tomorrow"
ALL_DONE = "All of these are dealt with by now."

NEW_TIME_HINT = "The post is back where it was, and its approvers are asked to decide in time."
NOT_NOW_HINT = "You get the post again then. Its publish time stays."

HOW_QUIET = (
    "Say until when, such as /desk quiet until 15:00, /desk quiet until friday, or /desk quiet off."
)
LOUD = "You get reminders again, in your working hours."


def no_such_quiet(typed: str) -> str:
    """For an end of the quiet that has no clear reading, or has passed."""
    return f"“{typed}” isn't a time that lies ahead, as far as I understand it. {HOW_QUIET}"


def quiet(until: datetime, reader: Reader) -> str:
    """After somebody asked for quiet: what was understood."""
    return (
        f"No reminders until {reader.when(until)}. What is urgent, what goes wrong and what you are"
        " to publish still comes. To end it: /desk quiet off."
    )


def reminded_again(told: Mapping[Person, datetime], now: datetime, reader: Reader) -> str:
    """After Remind again: who hears of it, and when those who don't work now do."""
    if not told:
        return "Nobody is there to be reminded: all who could decide are away. You can reassign it."
    at_once = [person.name for person, at in told.items() if at <= now]
    said = [f"{in_a_row(at_once)} {_is_or_are(at_once)} reminded."] if at_once else []
    said += [
        f"{person.name} is reminded when they work again, {reader.when(at)}."
        for person, at in told.items()
        if at > now
    ]
    return " ".join(said)


def reassigned(code: str, instead: str) -> str:
    """After Reassign."""
    return f"{instead} is asked to decide on {code} now; both of them are told."


def approved_instead(code: str, place: str, waits: bool) -> str:
    """After Approve instead."""
    said = f"You approved {code} in the place of {place}."
    return f"{said} It waits for others now." if waits else said


def snoozed(until: datetime, reader: Reader) -> str:
    """After a snooze."""
    return f"These come up again {reader.when(until)}, unless they are dealt with by then."


def new_time(code: str, at: datetime, reader: Reader) -> str:
    """After New time."""
    return f"{code} now has the publish time {reader.when(at)}, and is back where it was."


def not_now(code: str, at: datetime, reader: Reader) -> str:
    """After Not now."""
    return f"You get {code} again {reader.when(at)}."


def where_the_texts_are(texts: Sequence[Sequence[Network]]) -> str:
    """Below which message is which network's text, to be copied from there."""
    if len(texts) == 1:
        return "Its text is the next message, to be copied whole."
    named = [in_a_row([network.label for network in networks]) for networks in texts]
    return f"Its texts are the next {len(texts)} messages: for {'; for '.join(named)}."


def no_longer(code: str) -> str:
    """In the place of a text that isn't to go out any more."""
    return f"The text of {code} that stood here isn't to go out now."


def why_unreachable(error: str) -> str:
    """Why no message reaches somebody."""
    if error == "user_not_found":
        return "they aren't in this workspace any more"
    return "that account is deactivated"


def waits_for(names: Sequence[str]) -> str:
    """Whom a decision waits for, for a manager."""
    return f"waits for {in_a_row(names)}"


def is_away(name: str, cover: str) -> str:
    """An approver who is away, among those whom a decision waits for."""
    return f"{name} (away, {cover} covers)" if cover else f"{name} (away)"


def _is_or_are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


SENTENCES: Mapping[NudgeRefusal, Sentence] = {
    NudgeRefusal.NOT_WAITING: lambda v, r: (
        f"This doesn't wait for {r.name(v['who'])} any more. Open shows where it stands."
    ),
    NudgeRefusal.CANNOT_APPROVE: lambda v, r: (
        f"{r.name(v['who'])} can't approve: they are an app, or have left. Choose somebody else."
    ),
    NudgeRefusal.OWNS_IT: lambda v, r: (
        f"{r.name(v['who'])} owns this post, and nobody approves their own. Choose somebody else."
    ),
    NudgeRefusal.ASKED_ALREADY: lambda v, r: (
        f"{r.name(v['who'])} is asked to approve this anyway, or has approved it. Choose somebody"
        " else."
    ),
}
