"""The history of a post, as a view to read, and what others did as a notice for the owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from handlers import draw, times
from handlers.absences.words import FEW
from handlers.answers import Drawn
from handlers.contents import parts as contents
from handlers.ids import Action, Form
from handlers.reviews.words import DID
from handlers.words import in_a_row
from operations.history import Record
from rules.contents import Content
from rules.diff import changes, in_short, size
from rules.reviews import Verdict
from storage.history import Entry, Event

# A modal has 250 KB, of which a character can take 12 bytes.
_QUOTED = 15_000
_CHANGES_SHOWN = 1_500


def history(record: Record, memory: dict[str, Any]) -> View:
    """A page of what happened, oldest first, with the way to what came before it and after."""
    blocks: list[Block] = []
    if record.has_more:
        blocks += draw.row(draw.button(Action.HISTORY_ON, "Older", record.number + 1))
    for entry, quote in zip(record.entries, _quotes(record), strict=True):
        who = _name(record, entry.actor.person_id)
        said = _SENTENCES[entry.event](entry, record)
        blocks.append(draw.line(f"*{who}* {said} · {times.in_readers_zone(entry.at)}"))
        blocks += quote
        blocks += draw.address(entry.data["link"]) if entry.data.get("link") else []
    if record.number > 0:
        blocks += draw.row(draw.button(Action.HISTORY_BACK, "Newer", record.number - 1))
    return draw.sheet(Form.HISTORY, f"History of {record.post.code}", blocks, memory)


def done(record: Record, is_owner: bool) -> Drawn:
    """For the owner, or who was it: the one thing that somebody else did with their post."""
    (entry,) = record.entries
    code, who = record.post.code, _name(record, entry.actor.person_id)
    said = _SENTENCES[entry.event](entry, record)
    beside = draw.button(Action.OPEN, "Open", record.post.id, says=f"Open {code}")
    line = draw.line(f"*{code}*: {who} {said}", beside if is_owner else None)
    return Drawn(f"{code}: {who} {said}", [line, *_quote(entry, record, _QUOTED)[0]])


def _name(record: Record, person_id: int | None) -> str:
    return "Copydesk" if person_id is None else draw.name(record.people[person_id].name)


def _quotes(record: Record) -> list[list[Block]]:
    """What each entry quotes; when it gets too much for a view, the oldest are shortened."""
    room, quotes = _QUOTED, []
    for entry in reversed(record.entries):
        quote, taken = _quote(entry, record, room)
        room -= taken
        quotes.append(quote)
    return quotes[::-1]


def _quote(entry: Entry, record: Record, room: int) -> tuple[list[Block], int]:
    """The words that an entry is about, and how much room they take: what an edit changed, the
    first version's text, a comment."""
    if entry.event is Event.EDITED:
        before, after = _contents(entry, record)
        most = max(min(room, _CHANGES_SHOWN), draw.EXCERPT)
        pieces = in_short(changes(before.text, after.text), most)
        return draw.changes(pieces), size(pieces)
    said = (entry.data.get(key) for key in ("comment", "reason", "campaign"))
    text = str(next(filter(None, said), ""))
    if entry.event is Event.DRAFTED:
        text = record.versions[1].content.text
    text = text if len(text) <= room else draw.excerpt(text)
    return draw.quoted(text), len(text)


def _contents(entry: Entry, record: Record) -> tuple[Content, Content]:
    """What an edit found, and what it left."""
    number = entry.data["version"]
    return record.versions[number - 1].content, record.versions[number].content


def _edited(entry: Entry, record: Record) -> str:
    before, after = _contents(entry, record)
    said = f"wrote version {entry.data['version']}"
    if before.networks != after.networks:
        said += f", now for {in_a_row([network.label for network in after.networks])}"
    other = contents.what_changed(before, after)
    return f"{said}, with {in_a_row(other)}" if other else said


def _details(entry: Entry, record: Record) -> str:
    at, by = entry.data["publish_at"], entry.data.get("needed_by")
    zone = record.desk.time_zone
    said = [f"publish at {_plain(at, zone)}" if at else "no publish time"]
    said += [f"needed by {_plain(by, zone)}"] if by else []
    return f"changed the details: {', '.join(said)}"


def _plain(at: str, zone: str) -> str:
    return f"{times.plain(datetime.fromisoformat(at), zone)} ({times.place(zone)})"


def _ended(entry: Entry, record: Record) -> str:
    approved = in_a_row([_name(record, who) for who in entry.data["approved_by"]])
    said = f"ended the review of version {entry.data['version']}"
    return f"{said}; it had been approved by {approved}" if approved else said


def _handed_over(entry: Entry, record: Record) -> str:
    owner = entry.data["owner"]
    if owner == entry.actor.person_id:
        return "took it over"
    return f"handed it over to {_name(record, owner)}"


def _reassigned(entry: Entry, record: Record) -> str:
    before, approver = (_name(record, entry.data[who]) for who in ("before", "approver"))
    return f"asked {approver} to decide in the place of {before}"


def _decided(entry: Entry, record: Record) -> str:
    said = f"{DID[Verdict(entry.data['verdict'])]} version {entry.data['version']}"
    others = in_a_row([_name(record, who) for who in entry.data.get("for", ())], FEW)
    return f"{said} for {others}" if others else said


def _campaign(entry: Entry, record: Record) -> str:
    return "put it into a campaign" if entry.data["campaign"] else "took it out of its campaign"


_SENTENCES: Mapping[Event, Callable[[Entry, Record], str]] = {
    Event.DRAFTED: lambda e, r: "wrote version 1",
    Event.EDITED: _edited,
    Event.DETAILS_CHANGED: _details,
    Event.SENT: lambda e, r: f"sent version {e.data['version']} for approval",
    Event.PASSED: lambda e, r: f"marked version {e.data['version']} as approved",
    Event.DECIDED: _decided,
    Event.UNDONE: lambda e, r: (
        f"took back that they {DID[Verdict(e.data['verdict'])]} version {e.data['version']}"
    ),
    Event.REVIEW_ENDED: _ended,
    Event.PUBLISHED: lambda e, r: f"marked version {e.data['version']} as published",
    Event.HELD: lambda e, r: "put it on hold",
    Event.TAKEN_OFF_HOLD: lambda e, r: "took it off hold",
    Event.BACK_TO_DRAFT: lambda e, r: "took it back to draft",
    Event.CANCELLED: lambda e, r: "cancelled it",
    Event.RESTORED: lambda e, r: "restored it as a draft",
    Event.HANDED_OVER: _handed_over,
    Event.CAMPAIGN_SET: _campaign,
    Event.MADE_URGENT: lambda e, r: "marked it as urgent",
    Event.COMMENTED: lambda e, r: f"commented on version {e.data['version']}",
    Event.MISSED: lambda e, r: "marked it as missed: its time came without approval",
    Event.REASSIGNED: _reassigned,
    Event.NOT_URGENT: lambda e, r: "marked it as not urgent any more",
}
