"""The sentences of digests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from handlers import times
from handlers.words import Sentence
from rules.digests import Away, Digest, DigestRefusal, Topic
from rules.weekly import WEEK, WeeklyRefusal

I_CAN_HELP = "I can help"
RECAP = "Recap"
RECAP_LABEL = "What should everybody take from today?"
RECAP_HINT = "It stands on top of the day's digest. Leave it empty to take it away."
RECAP_READ_ALONG = "People from outside read along in this channel, and they read the recap too."
RECAP_SAVED = "The recap stands on top of the digest."
RECAP_KEPT = "The recap is kept, and stands on top of the digest once that is posted."
RECAP_GONE = "The digest has no recap now."
ANSWERS = "Answers"
NO_ANSWERS = "Nobody has answered yet."
FOR_THE_TEAM = (
    "What the team answered is not shown in this channel: people from outside read along."
)
DETAILS = "The detail is in the thread. Type */standup* to answer, now or later today."
NO_DETAILS = "Type */standup* to answer, now or later today."
SHORTER = "This part has become shorter: what stood here is above."

SENTENCES: Mapping[DigestRefusal, Sentence] = {
    DigestRefusal.OWN_BLOCKER: lambda v, r: (
        "This is what you wrote yourself. If it is solved, change your answer with /standup."
    ),
    DigestRefusal.OFFERED_ALREADY: lambda v, r: (
        f"You have offered to help {r.name(v['who'])} already, and both of you were told."
    ),
    DigestRefusal.NOT_BLOCKED: lambda v, r: (
        "Nothing blocks them any more: the answer was changed since this was shown."
    ),
    DigestRefusal.FOR_THE_TEAM: lambda v, r: (
        "What the team answered is for its own people in this channel. Ask"
        f" {r.names(v['managers'])} what you need to know."
    ),
    DigestRefusal.NO_STANDUP: lambda v, r: (
        "This desk has no standup, so there is no digest to write a recap for. A manager turns it"
        " on with /desk standup."
    ),
    DigestRefusal.RECAP_TOO_LONG: lambda v, r: (
        f"A recap can be {v['limit']:,} characters long. Shorten it: people read it first."
    ),
    DigestRefusal.RECAP_CHANGED: lambda v, r: (
        f"{r.name(v['who']) if v['who'] else 'Somebody'} has changed the recap while you wrote."
        " Copy your text, close this, and open it again to see theirs."
    ),
}

WEEKLY_SENTENCES: Mapping[WeeklyRefusal, Sentence] = {
    WeeklyRefusal.NOT_READER: lambda v, r: (
        "Only who gets this weekly digest beforehand can change or post it."
    ),
    WeeklyRefusal.POSTED_ALREADY: lambda v, r: (
        "This weekly digest is posted, so nothing about it changes any more."
    ),
    WeeklyRefusal.NOTE_TOO_LONG: lambda v, r: f"This can be {v['limit']:,} characters long.",
    WeeklyRefusal.FINDINGS_TOO_LONG: lambda v, r: f"This can be {v['limit']:,} characters long.",
}


def title(day: date) -> str:
    """Above a digest."""
    return f"Standup, {times.day(day)}"


def heading(topic: Topic, digest: Digest) -> str:
    """Above a section of the detail, in mrkdwn."""
    return {
        Topic.BLOCKERS: "🚧 *What blocks us*",
        Topic.TODAY: "📣 *Today*",
        Topic.COMING: f"🗓️ *{capital(coming(digest))}*",
        Topic.WAITING: "👀 *Waits for approval*, oldest first",
        Topic.AWAY: "🌴 *Away*",
        Topic.QUESTION: "",
    }[topic]


def is_tomorrow(digest: Digest) -> bool:
    """Whether what is coming is tomorrow's alone."""
    return digest.coming_until == digest.day + timedelta(1)


def coming(digest: Digest) -> str:
    """What comes after today: tomorrow, or until the next working day."""
    if is_tomorrow(digest):
        return "tomorrow"
    return f"until {times.day(digest.coming_until)}"


def nothing_goes_out(digest: Digest) -> str:
    """Where there is no post today, and none is coming."""
    if is_tomorrow(digest):
        return "Nothing goes out today or tomorrow"
    return f"Nothing goes out from today to {times.day(digest.coming_until)}"


def capital(said: str) -> str:
    """As the beginning of a line."""
    return said[0].upper() + said[1:]


def number(count: int, of: str) -> str:
    """1 post, 2 posts, no posts."""
    return f"{count or 'no'} {of}{'' if count == 1 else 's'}"


def quiet(digest: Digest) -> str:
    """A day on which there is nothing to tell, on one line."""
    return f"{title(digest.day)}: a quiet day, nothing goes out and nothing waits."


def aloud(digest: Digest) -> str:
    """What a notification says of a digest."""
    if digest.is_quiet:
        return quiet(digest)
    said = [number(digest.today_in_all, "post") + " today"]
    if digest.blockers:
        said.insert(0, number(len(digest.blockers), "blocker"))
    if digest.waiting_in_all:
        said.append(f"{digest.waiting_in_all} waiting for approval")
    if digest.answers:
        said.append(number(digest.answers, "answer"))
    return f"{title(digest.day)}: {', '.join(said)}"


def more_posts(count: int) -> str:
    """Below a list of posts that doesn't show all of them."""
    return f"And {number(count, 'more post')}: type */desk posts* to see them all."


def nothing_said(count: int) -> str:
    """Below the answers to a question."""
    return f"{'One answer' if count == 1 else f'{count} answers'}: nothing to tell."


def until(away: Away) -> str:
    """How long somebody is away."""
    return f"until {times.day(away.until)}" if away.until else "until further notice"


def helping(names: str, count: int) -> str:
    """Who offered to help."""
    return f"🙋 {names} {'has' if count == 1 else 'have'} offered to help."


def introduced(who: str) -> str:
    """After I can help was clicked."""
    return f"Thank you. You and {who} have a message from me about each other."


def can_help(helper: str, channel: str) -> str:
    """To who is blocked, in mrkdwn."""
    return (
        f"{helper} can help with what you wrote in today's standup in {channel}. Write to them:"
        " they know that you know."
    )


def you_offered(blocked: str, channel: str) -> str:
    """To who offered to help, in mrkdwn."""
    return (
        f"You offered to help {blocked} with this, from the standup in {channel}. They know;"
        " write to them when it suits you."
    )


SILENT = "*Not in today's digest*"
SILENT_NO_ANSWER = "No answer"
SILENT_SKIPPED = "Skipped today"
SILENT_LATER = "Asked later, in their own morning"
SILENT_AWAY = "Away"
SILENT_ONLY = "Only this desk's managers get this; the channel sees no names."
ALL_ANSWERED = "Everybody has answered by now."


def silent_aloud(count: int) -> str:
    """What a notification says of who didn't answer."""
    if not count:
        return "Who skipped today's standup"
    return "One person hasn't answered" if count == 1 else f"{count} people haven't answered"


def weekly_title(since: date, until: date) -> str:
    """Above a weekly digest, which a holiday may make longer or shorter than a week."""
    if until - since == WEEK:
        return f"The week until {times.day(until)}"
    return f"From {times.day(since)} to {times.day(until)}"


WEEKLY_POST = "Post"
WEEKLY_EDIT = "Edit"
WEEKLY_NOTE = "In your words"
WEEKLY_NOTE_HINT = "It stands on top. The numbers come from the record and stay as they are."
WEEKLY_FINDINGS = "What came up"
WEEKLY_FINDINGS_HINT = "One a line. Take out what isn't for everybody, or all of it."
WEEKLY_QUIET = "It was quiet: nothing was published, and nothing slipped."
WEEKLY_NONE_SLIPPED = "✅ Nothing slipped."
WEEKLY_CARRIED = "🤝 *Who carried what*"
WEEKLY_CAME_UP = "💡 *What came up*"
WEEKLY_SAVED = "Saved. This is how it is going to be posted."


def weekly_draft(channel: str, at: str) -> str:
    """To the named person, in mrkdwn."""
    return (
        f"This is the weekly digest of {channel}. It is posted there {at} as it stands; post it"
        " now, or edit it first."
    )


def weekly_posted(channel: str) -> str:
    """To the named person once it is out, in mrkdwn."""
    return f"The weekly digest is in {channel}."


def worked(took: timedelta) -> str:
    """A span of working time: 45 min, 3 h, 3 h 30 min."""
    minutes = round(took.total_seconds() / 60)
    if not minutes:
        return "under a minute"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"


def late(by: timedelta) -> str:
    """How much after its time a post went out: 3 h late, 2 days late."""
    days = by.days
    return f"{number(days, 'day')} late" if days else f"{worked(by)} late"


def more_people(count: int) -> str:
    """Below those who are named."""
    return f"And {count} more."


def more_findings(count: int) -> str:
    """Below the newest of what came up."""
    return f"And {count} more in the digests of these days."
