"""Moments as people read them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def in_readers_zone(at: datetime) -> str:
    """A moment in mrkdwn; Slack shows it in each reader's own zone.

    https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
    """
    fallback = at.strftime("%d %b %H:%M UTC")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def hour_in_readers_zone(at: datetime) -> str:
    """The time of day alone, as `in_readers_zone`."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at.strftime('%H:%M UTC')}>"


def day_in_readers_zone(at: datetime) -> str:
    """The day alone, as `in_readers_zone`."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}|{at.strftime('%d %b')}>"


def clock(at: datetime, zone: str) -> str:
    """The time of day in a zone, as plain text."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def plain(at: datetime, zone: str) -> str:
    """A moment as plain text, where Slack formats nothing: field errors, labels, notifications."""
    return at.astimezone(ZoneInfo(zone)).strftime("%a %d %b, %H:%M")


def day(on: date) -> str:
    """A day, as plain text: Monday 4 March."""
    return f"{on:%A} {on.day} {on:%B}"


def place(zone: str) -> str:
    """The part of a zone's name that people say: Europe/Paris is Paris time."""
    return zone.rsplit("/", 1)[-1].replace("_", " ") + " time"
