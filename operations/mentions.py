"""What people ask of us in a channel, by our name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import Store, desks, history, messages, posts
from storage.messages import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """A draft that somebody asked for in a channel: the text, as Slack wrote it, and the ids of the
    files to begin with. `thread_ts` is the first message of the thread that it is about, `became`
    the code of what it became."""

    id: int
    channel_id: str
    thread_ts: str
    text: str
    files: tuple[str, ...]
    became: str | None


def ask_for(
    store: Store,
    team_id: str,
    channel_id: str,
    ts: str,
    thread_ts: str,
    text: str,
    files: Sequence[str],
    now: datetime,
) -> None:
    """Notes the answer, in the thread, to the message `ts` that asks for a draft: one answer,
    however often Slack tells of that message."""
    with store.write() as tx:
        desk = desks.by_channel(tx, team_id, channel_id)
        messages.add(
            tx,
            team_id,
            f"asked:{channel_id}:{ts}",
            Kind.ASKED_FOR,
            now,
            desk_id=desk.id if desk else None,
            channel_id=channel_id,
            data={"thread_ts": thread_ts, "text": text, "files": list(files)},
        )


def asked(store: Store, team_id: str, message_id: int) -> Asked | None:
    """What was asked for, by the message that answers it."""
    with store.read() as tx:
        found = messages.of_kind(tx, team_id, message_id, Kind.ASKED_FOR)
        if found is None:
            return None
        post = posts.by_id(tx, team_id, found.data["post"]) if "post" in found.data else None
    return Asked(
        id=found.id,
        channel_id=found.channel_id or "",
        thread_ts=found.data["thread_ts"],
        text=found.data["text"],
        files=tuple(found.data["files"]),
        became=post.code if post else None,
    )


def became(tx: sa.Connection, team_id: str, message_id: int, post_id: int) -> None:
    """What was asked for is a post now; the first one counts, and its text is kept there alone.

    Within the transaction that makes the post: its number is taken by then, so that no other one
    is made beside it.
    """
    found = messages.of_kind(tx, team_id, message_id, Kind.ASKED_FOR)
    if found is not None and "post" not in found.data and found.may_have_thread:
        messages.answer(tx, found, {"post": post_id, "text": "", "files": []})


def was_answered(store: Store, team_id: str, event_id: str) -> bool:
    """Whether Slack told of this event before, and it was dealt with."""
    with store.read() as tx:
        return history.was_seen(tx, team_id, event_id)


def answered(store: Store, team_id: str, event_id: str, now: datetime) -> None:
    """Remembers that an event was dealt with."""
    with store.write() as tx:
        history.first_sight(tx, team_id, event_id, now)
