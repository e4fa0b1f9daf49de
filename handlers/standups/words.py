"""The sentences of standups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers import times
from handlers.draw import excerpt
from handlers.words import Reader, Sentence, in_a_row
from operations.standups.answers import Answered
from operations.standups.rounds import Attendance
from rules.standups import Standup, StandupRefusal

# The settings.
ABOUT = (
    "Each member gets one message in their own morning and answers in under a minute. One digest"
    " in this channel shows what they said, with what goes out today and what waits."
)
ON = "Ask the members on the days below"
DAYS_HINT = "Only this desk's working days are here; on public holidays nobody is asked."
PROMPT_HINT = "Each member's local time."
QUESTIONS_HINT = (
    "One a line. Answers to a question with “block” or “stuck” in it come first in the digest."
)
DUTY_QUESTIONS_HINT = "One a line; asked besides, of whoever is on duty this week."
DUTY_HINT = "Members who take turns in this order, a week each. Whoever is away is covered."
NO_WEEKLY = "No weekly digest"
READER_HINT = "They get it an hour before it is posted, to change it or to post it at once."

# Somebody's morning.
YOU_MANAGE = "*You manage*"
YOURS = "*Yours, today and tomorrow*"
ANSWER_IT = "Answer your standup in under a minute."
TOO_MUCH = "I have too much"
TOO_MUCH_HINT = "Told to your desk's managers in private, with what is on your plate."


def digest_hint(place: str) -> str:
    """Below the time of the digest: whose time that is."""
    return f"{place}, in this channel. Later than the prompt."


def saved(standup: Standup, place: str) -> str:
    """After the settings were saved: what was understood."""
    if not standup.is_on:
        return "Saved. The standup is off: nobody is asked, and no digest is posted."
    number = len(standup.members)
    members = "One member is" if number == 1 else f"{number} members are"
    prompt, digest = (at.isoformat("minutes") for at in (standup.prompt_at, standup.digest_at))
    return (
        f"Saved. {members} asked at {prompt}, each in their own time; the digest comes at {digest}"
        f" {place}."
    )


def in_short(waiting: str, due: str) -> str:
    """How somebody's day stands; both are numbers, or "more than" one."""
    if (waiting, due) == ("0", "0"):
        return "Nothing waits for you, and nothing of yours is due."
    waits = f"{waiting} post{'' if waiting == '1' else 's'} wait{'s' if waiting == '1' else ''}"
    first = f"{waits[0].upper()}{waits[1:]} for you" if waiting != "0" else "Nothing waits for you"
    if due == "0":
        return f"{first}."
    return f"{first}, and {due} of yours {'is' if due == '1' else 'are'} due or back for changes."


def asked(channels: Sequence[str]) -> str:
    """Above the buttons of the morning's message, in mrkdwn."""
    return f"*Standup* of {in_a_row(channels)}"


def on_duty(channels: Sequence[str]) -> str:
    """For who is on duty, in mrkdwn."""
    return f"You are on duty this week in {in_a_row(channels)}."


def and_more(count: int) -> str:
    """Below what fits."""
    return f"And {count} more."


def over(answered: bool, skipped: bool) -> str:
    """What came of a standup, for who was asked."""
    if answered:
        return "You answered your standup."
    return "You skipped your standup." if skipped else "This standup is over."


def left(desks: int) -> str:
    """In the form, where there is no room for all desks."""
    number = "One more desk has" if desks == 1 else f"{desks} more desks have"
    return f"{number} questions too: send this, then type */standup* again."


def answered(found: Answered, reader: Reader) -> str:
    """After an answer was sent."""
    where = in_a_row([f"#{desk.name}" for desk in found.desks])
    verb = "changed" if found.again else "noted"
    return " ".join([f"Your answer for {where} is {verb}.", *_told(found.told, reader)])


def told(managers: tuple[int, ...], reader: Reader) -> str:
    """After I have too much."""
    return " ".join(_told(managers, reader))


def _told(managers: tuple[int, ...], reader: Reader) -> list[str]:
    if not managers:
        return []
    is_told = "is" if len(managers) == 1 else "are"
    return [f"{reader.names(managers)} {is_told} told in private what is on your plate."]


def skipped(day: str) -> str:
    """After Skip today."""
    return f"{day} is skipped. To answer after all, type /standup."


def asked_now(asked: tuple[int, ...], stands: Attendance, reader: Reader) -> str:
    """After `/standup now`."""
    later = tuple(who for who in (*stands.later, *stands.silent) if who not in asked)
    said = "Nobody is asked now."
    if asked:
        verb = "is" if len(asked) == 1 else "are"
        said = f"{reader.names(asked)} {verb} asked now."
    elif not later:
        return f"{said} Everybody who is here has answered or skipped today's standup."
    if later:
        said += f" Outside of working hours, so at their own time: {reader.names(later)}."
    return said


def attendance(stands: Attendance, reader: Reader) -> list[str]:
    """Who has answered, for managers alone, so that a message has room for all of it."""
    lines = {
        "Answered": stands.answered,
        "Skipped": stands.skipped,
        "Away": stands.away,
        "Asked later today": stands.later,
        "Silent so far": stands.silent,
    }
    length = _NAME_SHOWN if sum(map(len, lines.values())) <= _FEW else _NAME_SHOWN // 2
    return [
        f"{said}: {', '.join(excerpt(reader.name(i), length) for i in part)}"
        for said, ids in lines.items()
        for part in (ids[at : at + _NAMES] for at in range(0, len(ids), _NAMES))
    ]


_FEW, _NAMES, _NAME_SHOWN = 40, 12, 40

NOT_UNDERSTOOD = "“{}” isn't something /standup can do. This is:"
HELP = (
    "*/standup*: answer today's standup, early, late or again\n"
    "*/standup skip*: skip today's\n"
    "*/standup away until friday*, or *3 aug to 17 aug*: say when you are away, and who covers\n"
    "*/standup back*: end that early\n"
    "For a desk's managers, in its channel:\n"
    "*/standup who*: who has answered, seen by you alone\n"
    "*/standup now*: ask everybody who hasn't, once a day\n"
    "*/standup recap*: a word of yours on top of today's digest\n"
    "*/standup away @somebody until monday*, *back @somebody*: say it for them\n"
    "*/desk standup*: days, times, questions and members"
)


def _not_today(values: Mapping[str, Any], reader: Reader) -> str:
    if values["next"] is None:
        return "No standup is held today: it isn't one of its days, or it is a public holiday."
    return (
        f"None of your standups is held today. The next one is on {times.day(values['next'])}, and"
        " you can answer it from that day's morning on."
    )


SENTENCES: Mapping[StandupRefusal, Sentence] = {
    StandupRefusal.NO_DAYS: lambda v, r: "Choose at least one day.",
    StandupRefusal.NO_QUESTIONS: lambda v, r: "Ask at least one question.",
    StandupRefusal.TOO_MANY_QUESTIONS: lambda v, r: (
        f"These are {v['number']} questions. Keep the {v['most']} that matter most, so that they"
        " are answered in under a minute."
    ),
    StandupRefusal.QUESTION_TOO_LONG: lambda v, r: (
        f"“{excerpt(v['question'], 40)}” is longer than the {v['most']} characters of a question."
    ),
    StandupRefusal.DIGEST_BEFORE_PROMPT: lambda v, r: (
        "The digest has to come later than the prompt, so that there is something in it."
    ),
    StandupRefusal.NO_MEMBERS: lambda v, r: (
        "Nobody would be asked. Choose at least one member, or switch the standup off above."
    ),
    StandupRefusal.TOO_MANY_MEMBERS: lambda v, r: (
        f"A standup has {v['most']} members at the most. Set up a desk for each team instead."
    ),
    StandupRefusal.MEMBER_CANNOT: lambda v, r: (
        f"{r.name(v['who'])} can't be a member: apps, guests, people of other workspaces and those"
        " who left aren't asked. Take them off."
    ),
    StandupRefusal.DUTY_NOT_MEMBER: lambda v, r: (
        f"{r.name(v['who'])} would never be asked, because they aren't a member. Add them to"
        " Members, or take them off here."
    ),
    StandupRefusal.WEEKLY_IN_PART: lambda v, r: (
        "Say who sees the weekly digest before it is posted, or choose “No weekly digest”."
    ),
    StandupRefusal.READER_CANNOT: lambda v, r: (
        f"{r.name(v['who'])} can't see the weekly digest before: choose a full member of this"
        " workspace."
    ),
    StandupRefusal.CHANGED_MEANWHILE: lambda v, r: (
        "Somebody else changed this standup while you had this form open. Close it and open it"
        " again to see what is set now."
    ),
    StandupRefusal.NOT_ON: lambda v, r: (
        "This desk's standup is off. Switch it on with /desk standup."
    ),
    StandupRefusal.NOT_A_MEMBER: lambda v, r: (
        "You aren't in a standup, so there is nothing to answer. A manager of your desk adds you"
        " with /desk standup."
    ),
    StandupRefusal.NOT_TODAY: _not_today,
    StandupRefusal.OVER: lambda v, r: (
        f"The standup of {times.day(v['day'])} is over. Type /standup to answer today's."
    ),
    StandupRefusal.NOTHING_SAID: lambda v, r: (
        "Nothing is filled in. Answer at least one question, or skip today with /standup skip."
    ),
    StandupRefusal.ANSWER_TOO_LONG: lambda v, r: f"An answer can be {v['most']:,} characters long.",
    StandupRefusal.ANSWERED_ALREADY: lambda v, r: (
        "You have answered today's standup already. To change what you said, type /standup."
    ),
    StandupRefusal.ASKED_ALREADY: lambda v, r: (
        "Everybody was asked once more today already, and that is enough. To see who has answered,"
        " type /standup who."
    ),
    StandupRefusal.NOBODY_TO_TELL: lambda v, r: (
        "There is nobody to tell: you manage your desks yourself, or you are in none."
    ),
    StandupRefusal.TOLD_ALREADY: lambda v, r: (
        f"{r.names(v['managers'])} heard this from you today already, and can see what is on your"
        " plate as it changes."
    ),
}
