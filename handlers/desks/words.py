"""The sentences of desks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.draw import excerpt
from handlers.ids import Word
from handlers.words import Sentence, in_a_row
from rules.desks import DeskRefusal, Need

SENTENCES: Mapping[DeskRefusal, Sentence] = {
    DeskRefusal.NO_DESK: lambda v, r: (
        "This channel has no desk yet. Set it up with /desk setup: three questions, and you can"
        " draft your first post."
    ),
    DeskRefusal.NO_DESK_OF_YOURS: lambda v, r: (
        "None of your channels has a desk yet. Type /desk setup in your team's channel, then write"
        " the draft."
    ),
    DeskRefusal.NOT_IN_CHANNEL: lambda v, r: (
        "You aren't in this desk's channel, and only its people write its posts. Choose another"
        " desk, or have somebody invite you there."
    ),
    DeskRefusal.ASLEEP: lambda v, r: (
        "This desk is asleep: its channel is archived, or Copydesk was removed from it. Unarchive"
        " it, or add Copydesk again there with /invite @Copydesk, and everything is as it was."
    ),
    DeskRefusal.GUEST: lambda v, r: (
        "Only full members of this workspace can set up a desk. Ask a colleague who is one to"
        " type /desk setup here."
    ),
    DeskRefusal.NOT_MANAGER: lambda v, r: (
        "Only this desk's managers and the workspace's admins can do this. Its managers are:"
        f" {r.names(v['managers'])}."
    ),
    DeskRefusal.DIRECT_MESSAGE: lambda v, r: (
        "A desk belongs to a channel. Go to your team's channel and type this there."
    ),
    DeskRefusal.BOT_NOT_IN_CHANNEL: lambda v, r: (
        "Copydesk isn't in this channel yet, so it could post nothing here. Type"
        " /invite @Copydesk, then try again."
    ),
    DeskRefusal.ARCHIVED: lambda v, r: (
        "This channel is archived, so nothing can be posted in it. Unarchive it, or set up a desk"
        " in another channel."
    ),
    DeskRefusal.NO_APPROVERS: lambda v, r: (
        "Choose at least one approver, or choose “Nobody, we check our own” below."
    ),
    DeskRefusal.APPROVER_CANNOT: lambda v, r: (
        f"{r.name(v['who'])} can't approve: apps and deactivated people don't answer. Choose"
        " somebody else."
    ),
    DeskRefusal.MANAGER_CANNOT: lambda v, r: (
        f"{r.name(v['who'])} can't be a manager: managers are full members of this workspace."
    ),
    DeskRefusal.NO_MANAGERS: lambda v, r: "A desk needs at least one manager.",
    DeskRefusal.NO_NETWORKS: lambda v, r: "Choose at least one network.",
    DeskRefusal.NO_WORKING_DAYS: lambda v, r: "Choose at least one working day.",
    DeskRefusal.HOURS_BACKWARDS: lambda v, r: (
        "Work has to end later than it starts, on the same day."
    ),
    DeskRefusal.UNKNOWN_ZONE: lambda v, r: (
        "This time zone isn't known. Type a city, such as Paris or New York, and choose from the"
        " list."
    ),
    DeskRefusal.UNKNOWN_PLACE: lambda v, r: (
        "The public holidays of this place aren't known. Type a country, such as France, and choose"
        " from the list."
    ),
    DeskRefusal.CHANGED_MEANWHILE: lambda v, r: (
        "Somebody else changed this desk while you had this form open. Close it and open it again"
        " to see what is set now."
    ),
}

_KEPT_OUT = "Notes for reviewers, reasons and comments stay out of this channel."
READ_ALONG = f"Guests or people of another workspace read along here. {_KEPT_OUT}"


def reads_along(names: Sequence[str], shared: bool) -> str:
    """The warning where people from outside are in the channel."""
    names = [excerpt(name, _NAME_SHOWN) for name in names]
    who = f"{in_a_row(names)} read{'s' if len(names) == 1 else ''} along here"
    if not names:
        who = "People of another workspace read along here"
    elif shared:
        who = f"Guests or people of another workspace read along here, among them {in_a_row(names)}"
    return f"{who}. {_KEPT_OUT}"


# A line of a form has 3,000 characters, and one of a name can take five.
_NAME_SHOWN = 40

# What a message that is said to us opens, by a click.
SHOWS: Mapping[Word, str] = {
    Word.SETUP: "Set up this desk",
    Word.SETTINGS: "Settings",
    Word.QUEUE: "What waits for me",
    Word.POSTS: "Posts",
    Word.FIND: "Find",
    Word.HISTORY: "History",
    Word.STANDUP: "Standup",
}
ONE_CLICK = "This opens it, for you alone:"

NEEDS: Mapping[Need, str] = {
    Need.ANY: "Any one of them",
    Need.ALL: "All of them",
    Need.NOBODY: "Nobody, we check our own",
}

NO_HOLIDAYS = "No public holidays"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def not_understood(typed: str) -> str:
    """Above the help that answers an unknown sub-command."""
    return f"“{typed}” isn't something /desk can do. This is:"


def saved(*, is_new: bool) -> str:
    """After a form of the desk was saved."""
    if is_new:
        return "This desk is set up. Type /draft and the text of a post to write the first one."
    return "Saved. Posts that wait for approval now keep the rules they were sent with."
