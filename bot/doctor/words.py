"""What the doctor says of each finding, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.doctor.checks import Found
from storage.condition import Told

Said = tuple[str, str]
"""A sentence, and what to do; the latter is empty where there is nothing to be done."""

_Values = Mapping[str, Any]

_REINSTALL = "Paste manifest.yml into the app's settings again, and install the app again."

_OPTIONAL = {
    "channels:history": "replies to cards in public channels are not heard, and a message there"
    " whose answer was lost can't be looked up",
    "groups:history": "replies to cards in private channels are not heard, and a message there"
    " whose answer was lost can't be looked up",
    "reactions:read": "a check mark under a card is not asked about",
}


def say(found: Found, values: _Values) -> Said:
    """The sentence of a finding, and what to do."""
    return _SAID[found](values)


def summary(to_do: int) -> str:
    """The last line."""
    if not to_do:
        return "All is well."
    return "One thing to do." if to_do == 1 else f"{to_do} things to do."


def _plain(says: str, do: str = "") -> Callable[[_Values], Said]:
    return lambda values: (says.format_map(values), do.format_map(values))


def _clock(values: _Values) -> Said:
    seconds = abs(values["ahead"])
    return f"This machine's clock differs from Slack's by {_seconds(seconds)}.", ""


def _clock_wrong(values: _Values) -> Said:
    ahead = values["ahead"]
    way = "ahead of" if ahead > 0 else "behind"
    return (
        f"This machine's clock is {_seconds(abs(ahead))} {way} Slack's.",
        "Let it be set by a time server (NTP): deadlines, and over HTTP Slack's signatures, hang"
        " on it.",
    )


def _database_clock(values: _Values) -> Said:
    ahead = values["ahead"]
    way = "ahead of" if ahead > 0 else "behind"
    return (
        f"This machine's clock is {_seconds(abs(ahead))} {way} the database server's.",
        "Let both be set by a time server (NTP): several processes divide their work by the clock.",
    )


def _token_trouble(values: _Values) -> Said:
    return f"{_of(values)}{values['sentence']}", ""


def _of(values: _Values) -> str:
    name = values["workspace"]
    return f"{name}: " if name else ""


def _scope(values: _Values) -> Said:
    scope = values["scope"]
    means = _OPTIONAL.get(scope, "what it is for can't be done")
    return (
        f"The optional scope {scope} is not granted: {means}.",
        "",
    )


def _scopes_missing(values: _Values) -> Said:
    scopes: list[str] = values["scopes"]
    return f"Not granted, and needed: {', '.join(scopes)}.", _REINSTALL


def _desks(values: _Values) -> Said:
    count = values["count"]
    return (
        "A desk's channel is" if count == 1 else f"{count} desks' channels are"
    ) + " reached.", ""


def _database(values: _Values) -> Said:
    size = f", {_bytes(values['size'])}" if values["size"] else ""
    return f"The database is well: {values['name']}{size}.", ""


def _tables_older(values: _Values) -> Said:
    says = "The database's tables are those of an older version."
    if values["on_sqlite"]:
        return says, "Start Copydesk: it brings them up to date."
    return says, "Run `python -m bot migrate`, then start Copydesk again."


def _tables_none(values: _Values) -> Said:
    says = "The database has no tables yet."
    if values["on_sqlite"]:
        return says, "Start Copydesk: it makes them."
    return says, "Run `python -m bot migrate`."


def _disk_full(values: _Values) -> Said:
    return (
        f"Only {_bytes(values['free'])} are free where the database is, which has"
        f" {_bytes(values['size'])}.",
        "Make room: what can't be written is refused to whoever clicks.",
    )


def _overdue(values: _Values) -> Said:
    return (
        f"What was due {_ago(values['late'])} ago is not done: {values['kind']} ({values['key']}).",
        "Is Copydesk running? If it is, its log says what stands in the way; start it again.",
    )


def _unsent(values: _Values) -> Said:
    message: Told = values["message"]
    says = f"Slack was not told for {_ago(values['age'])}: {_message(message)}"
    if message.error:
        says += f". The last try: {message.error}"
    if values["wait"]:
        return f"{says}.", f"Copydesk tries again in {_ago(values['wait'])}, if it is running."
    return f"{says}.", "Is Copydesk running? If it is, its log says what stands in the way."


def _unknown(values: _Values) -> Said:
    return (
        f"{_messages(values['count'])} of the last week may not have arrived{_last(values)}.",
        "Look whether they are there, and tell people yourself if not; Copydesk sends nothing"
        " twice. With channels:history and groups:history it can look for itself.",
    )


def _failed(values: _Values) -> Said:
    return (
        f"{_messages(values['count'])} of the last week could not be delivered{_last(values)}.",
        "The desk's managers were told. What Slack answered says whom to invite or replace.",
    )


def _last(values: _Values) -> str:
    last: Told | None = values["last"]
    if last is None:
        return ""
    error = f" ({last.error})" if last.error else ""
    return f"; the last one: {_message(last)}{error}"


def _message(told: Told) -> str:
    return f"{told.kind} to {told.to}, message {told.id}"


def _messages(count: int) -> str:
    return "One message" if count == 1 else f"{count} messages"


def _seconds(seconds: float) -> str:
    return _ago(timedelta(seconds=seconds)) if seconds >= 1 else "less than a second"


def _ago(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for name, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {name}s"
    return f"{seconds} seconds" if seconds != 1 else "1 second"


def _bytes(count: int) -> str:
    mega = count / 1024 / 1024
    return f"{mega:.1f} MB" if mega < 1024 else f"{mega / 1024:.1f} GB"


_SAID: Mapping[Found, Callable[[_Values], Said]] = {
    Found.PLAYGROUND: _plain(
        "No Slack tokens are set: Copydesk runs in its playground, and Slack is not asked."
    ),
    Found.SIGNING_SECRET: _plain(
        "A signing secret is set; whether it is this app's shows when Slack calls."
    ),
    Found.NO_INSTALLATIONS: _plain(
        "The app is not installed in any workspace yet: that is done at /slack/install."
    ),
    Found.TOKEN: _plain("The bot token opens the workspace {workspace}, as @{bot}."),
    Found.TOKEN_TROUBLE: _token_trouble,
    Found.TOKEN_REFUSED: _plain(
        "Slack refuses the token of the installation in {workspace} ({error}).",
        "If Copydesk runs and it stays so, install the app there again, at /slack/install.",
    ),
    Found.APP_TOKEN: _plain("The app token opens Socket Mode."),
    Found.APP_TROUBLE: _plain("{sentence}"),
    Found.SCOPES: _plain("All scopes of the manifest are granted."),
    Found.SCOPES_MISSING: _scopes_missing,
    Found.SCOPE_OPTIONAL: _scope,
    Found.SCOPES_UNKNOWN: _plain("Slack did not say which scopes are granted."),
    Found.CLOCK: _clock,
    Found.CLOCK_WRONG: _clock_wrong,
    Found.NO_DESKS: _plain(
        "There is no desk in {workspace} yet: type /invite @Copydesk and /desk setup in a channel."
    ),
    Found.DESKS: _desks,
    Found.DESK_NOT_IN: _plain(
        "Copydesk is not in #{desk}, whose desk it keeps.", "Type /invite @Copydesk there."
    ),
    Found.DESK_ARCHIVED: _plain(
        "The channel #{desk} is archived, and its desk is not asleep.",
        "Unarchive it, or start Copydesk: it notices with the next message there.",
    ),
    Found.DESK_ASLEEP: _plain("The channel #{desk} is archived, and its desk sleeps."),
    Found.DESK_HIDDEN: _plain(
        "Slack shows no channel #{desk}: it is private and Copydesk is not in it, or it was"
        " deleted.",
        "If it still exists, type /invite @Copydesk there.",
    ),
    Found.DESK_NO_SCOPE: _plain("Copydesk may not look at #{desk}.", _REINSTALL),
    Found.DESK_NOT_ASKED: _plain(
        "Slack did not say how {count} desks' channels are; ask again in a minute."
    ),
    Found.DATABASE: _database,
    Found.DATABASE_TROUBLE: _plain("{sentence}.", "Put right what the sentence ends with."),
    Found.DATABASE_MISSING: _plain("There is no database yet; the first start makes {name}."),
    Found.TABLES_NONE: _tables_none,
    Found.TABLES_OLDER: _tables_older,
    Found.TABLES_NEWER: _plain(
        "The database's tables are those of a newer version.",
        "Update Copydesk, or go back to a backup from before.",
    ),
    Found.DISK_FULL: _disk_full,
    Found.DAMAGED: _plain(
        "SQLite finds the database damaged in {count} places, such as: {said}.",
        "Stop Copydesk, keep a copy of the file, and go back to the last backup.",
    ),
    Found.NOT_CHECKED: _plain(
        "The database is too large to be checked for damage here in a few seconds."
    ),
    Found.DATABASE_CLOCK: _database_clock,
    Found.NOTHING_OVERDUE: _plain("Nothing that has fallen due is left."),
    Found.OVERDUE: _overdue,
    Found.NOTHING_UNSENT: _plain("Slack was told everything there is to tell."),
    Found.UNSENT: _unsent,
    Found.UNKNOWN: _unknown,
    Found.FAILED: _failed,
}
