"""What the workspace holds: people, channels, messages with every revision."""

import itertools
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Kind(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"
    IM = "im"
    MPIM = "mpim"


@dataclass(slots=True)
class Person:
    """Somebody, or the bot user. `tz` is an IANA name; `locale` is Slack's ("fr-FR")."""

    id: str
    name: str
    real_name: str
    tz: str
    team_id: str
    locale: str = "en-US"
    color: str = "4a154b"
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False

    @property
    def is_guest(self) -> bool:
        return self.is_restricted or self.is_ultra_restricted


@dataclass(slots=True)
class File:
    """What somebody has uploaded. `size` is in bytes, `content` base64; `channels` are those it
    was shared in; `given_to_app`: it was submitted in one of the app's forms."""

    id: str
    name: str
    mimetype: str
    size: int
    user: str
    created: int
    width: int = 0
    height: int = 0
    alt: str = ""
    content: str = ""
    channels: list[str] = field(default_factory=list)
    given_to_app: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Message:
    """A message and every content it has had; the last one stands.

    `ephemeral_to` is the only person who sees it. `deleted` messages are kept for the checkers.
    `said_at` (unix seconds) is the calendar's time when it was posted; `ts` is real time.
    """

    ts: str
    channel: str
    user: str | None
    contents: list[Json]
    bot_id: str | None = None
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    subtype: str | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    deleted: bool = False
    said_at: float | None = None

    @property
    def content(self) -> Json:
        """`text`, `blocks`, `attachments`, `metadata`, ids of `files` as they stand."""
        return self.contents[-1]

    @property
    def revision(self) -> int:
        """Counted from 0."""
        return len(self.contents) - 1

    def is_seen_by(self, user: str) -> bool:
        return not self.deleted and self.ephemeral_to in (None, user)


@dataclass(slots=True)
class Channel:
    """A conversation. In a direct message `members` are the two who talk."""

    id: str
    name: str
    kind: Kind
    members: list[str]
    created: int
    creator: str
    is_archived: bool = False
    is_shared: bool = False
    messages: list[Message] = field(default_factory=list)

    def message(self, ts: str) -> Message | None:
        """The message that stands under this `ts`, ephemeral ones included; None when deleted."""
        return next((m for m in reversed(self.messages) if m.ts == ts and not m.deleted), None)

    def replies(self, thread_ts: str) -> list[Message]:
        """The answers that everybody sees, oldest first."""
        return [
            m
            for m in self.messages
            if m.thread_ts == thread_ts
            and m.ts != thread_ts
            and not m.deleted
            and not m.ephemeral_to
        ]


@dataclass(slots=True)
class Workspace:
    """The whole of it. Nothing here speaks to anybody. Its calendar is `ahead_seconds` ahead of
    real time."""

    team_id: str
    name: str
    domain: str
    people: dict[str, Person]
    channels: dict[str, Channel]
    last_ts: float = 0.0
    files: dict[str, File] = field(default_factory=dict)
    ahead_seconds: float = 0.0

    def calendar(self) -> float:
        """What time people read, in unix seconds."""
        return time.time() + self.ahead_seconds

    def next_ts(self) -> str:
        """A message timestamp no other message has, in microseconds like Slack's."""
        self.last_ts = max(round(time.time(), 6), round(self.last_ts + 0.000001, 6))
        return f"{self.last_ts:.6f}"

    def person_named(self, name: str) -> Person | None:
        """By user name, first name or full name, whatever the case. First names must be unique."""
        wanted = name.casefold()
        for known in self.people.values():
            if wanted in (known.name.casefold(), known.real_name.casefold()):
                return known
        first = [p for p in self.people.values() if p.real_name.casefold().split()[0] == wanted]
        return first[0] if len(first) == 1 else None

    def channel_named(self, name: str) -> Channel | None:
        rooms = (c for c in self.channels.values() if c.kind in (Kind.PUBLIC, Kind.PRIVATE))
        return next((c for c in rooms if c.name == name), None)

    def direct(self, one: str, other: str) -> Channel:
        """The direct message between two people, opened when there is none."""
        for channel in self.channels.values():
            if channel.kind is Kind.IM and set(channel.members) == {one, other}:
                return channel
        person = other if self.people[one].is_bot else one
        channel_id = f"D0{person.removeprefix('U').lstrip('0')}"
        if channel_id in self.channels:
            channel_id = f"D{secrets.token_hex(4).upper()}"
        opened = Channel(channel_id, "directmessage", Kind.IM, [one, other], int(time.time()), one)
        self.channels[channel_id] = opened
        return opened

    def sees(self, person: Person, channel: Channel) -> bool:
        """Members see a channel; full members of this workspace also see every public one."""
        if person.id in channel.members:
            return True
        return channel.kind is Kind.PUBLIC and not person.is_guest and not person.is_stranger

    def seen_by(self, person: Person) -> Iterator[Channel]:
        return (c for c in self.channels.values() if self.sees(person, c))


_block_numbers = itertools.count()


def with_block_ids(blocks: list[Json]) -> list[Json]:
    """The blocks with a generated `block_id` where one is missing, as Slack stores them."""
    return [
        {**b, "block_id": b.get("block_id") or f"{secrets.token_hex(2)}{next(_block_numbers)}"}
        for b in blocks
    ]
