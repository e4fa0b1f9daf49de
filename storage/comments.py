"""What people said about posts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from rules.comments import Comment, Origin
from storage.inserts import insert_or_ignore
from storage.statements import rows
from storage.tables import comments


def add(
    tx: sa.Connection,
    post_id: int,
    version: int,
    author_id: int,
    text: str,
    mentions: tuple[int, ...],
    origin: Origin,
    address: tuple[str, str] | None,
    key: str,
    now: datetime,
) -> tuple[Comment, bool]:
    """Keeps a comment, once for each key; the comment, and whether it is new.

    `address` is the channel and ts of the message that it was written as.
    """
    channel, ts = address or (None, None)
    row: dict[str, Any] = {
        "post_id": post_id,
        "version": version,
        "author_id": author_id,
        "text": text,
        "mentions": list(mentions),
        "origin": origin,
        "slack_channel": channel,
        "slack_ts": ts,
        "key": key,
        "created_at": now,
    }
    is_new = insert_or_ignore(tx, comments, row, "post_id", "key")
    found = tx.execute(rows(comments, "post_id", "key"), {"post_id": post_id, "key": key}).one()
    return _comment(found), is_new


def by_id(tx: sa.Connection, comment_id: int) -> Comment:
    """One comment."""
    return _comment(tx.execute(sa.select(comments).filter_by(id=comment_id)).one())


def latest(tx: sa.Connection, post_id: int, limit: int) -> list[Comment]:
    """The newest comments of a post, oldest of them first."""
    query = sa.select(comments).filter_by(post_id=post_id).order_by(comments.c.id.desc())
    return [_comment(row) for row in tx.execute(query.limit(limit))][::-1]


def of_post(tx: sa.Connection, post_id: int) -> list[Comment]:
    """Every comment of a post, oldest first."""
    query = sa.select(comments).filter_by(post_id=post_id).order_by(comments.c.id)
    return [_comment(row) for row in tx.execute(query)]


def of_posts(tx: sa.Connection, post_ids: Collection[int]) -> list[Comment]:
    """Every comment of these posts, oldest first."""
    query = sa.select(comments).where(comments.c.post_id.in_(post_ids)).order_by(comments.c.id)
    return [_comment(row) for row in tx.execute(query)]


def has_written_in(tx: sa.Connection, post_id: int, person_id: int, channel: str) -> bool:
    """Whether this person wrote in the post's thread in a channel, and so follows it in Slack."""
    wanted = {"post_id": post_id, "author_id": person_id, "slack_channel": channel}
    return tx.execute(rows(comments, *wanted), wanted).first() is not None


def _comment(row: sa.Row[Any]) -> Comment:
    return Comment(
        id=row.id,
        post_id=row.post_id,
        version=row.version,
        author_id=row.author_id,
        text=row.text,
        mentions=tuple(row.mentions),
        origin=Origin(row.origin),
        slack_channel=row.slack_channel,
        slack_ts=row.slack_ts,
        created_at=row.created_at,
    )
