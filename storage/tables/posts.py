"""Posts with their versions, and what was said and done about them."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import at, metadata, own_id, text, to, whole

# `name_key` is the name without regard to case.
campaigns = sa.Table(
    "campaigns",
    metadata,
    own_id(),
    to("desk_id", "desks.id"),
    text("name"),
    text("name_key"),
    at("created_at"),
    sa.UniqueConstraint("desk_id", "name_key"),
)

# `status` is what the targets' statuses come to, written with them: lists find posts by it.
posts = sa.Table(
    "posts",
    metadata,
    own_id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    to("desk_id", "desks.id"),
    whole("number"),
    to("owner_id", "people.id"),
    text("status"),
    whole("version"),
    at("publish_at", nullable=True),
    at("needed_by", nullable=True),
    to("campaign_id", "campaigns.id", nullable=True),
    text("notes"),
    text("source_link", nullable=True),
    text("hold_reason", nullable=True),
    text("urgent_reason", nullable=True),
    whole("revision", 1),
    text("creation_key"),
    at("created_at"),
    sa.UniqueConstraint("team_id", "number"),
    sa.UniqueConstraint("team_id", "creation_key"),
    sa.Index(None, "desk_id", "number"),
    sa.Index(None, "desk_id", "status", "number"),
    sa.Index(None, "desk_id", "publish_at"),
    sa.Index(None, "owner_id", "number"),
    sa.Index(None, "owner_id", "status", "number"),
    sa.Index(None, "campaign_id", "status"),
)

targets = sa.Table(
    "targets",
    metadata,
    own_id(),
    to("post_id", "posts.id"),
    text("network"),
    text("status"),
    at("published_at", nullable=True),
    text("published_link", nullable=True),
    sa.UniqueConstraint("post_id", "network"),
)

# `text_key` is the text without regard to case, for searching.
versions = sa.Table(
    "versions",
    metadata,
    own_id(),
    to("post_id", "posts.id"),
    whole("number"),
    text("text"),
    text("text_key"),
    sa.Column("texts", sa.JSON, nullable=False),
    sa.Column("networks", sa.JSON, nullable=False),
    text("link", nullable=True),
    sa.Column("attachments", sa.JSON, nullable=False),
    to("author_id", "people.id"),
    text("form_key"),
    at("created_at"),
    sa.UniqueConstraint("post_id", "number"),
    sa.UniqueConstraint("post_id", "form_key"),
    sa.Index(None, "author_id", "id"),
)

# `key` is the form's, or the address of the message that it was written as.
comments = sa.Table(
    "comments",
    metadata,
    own_id(),
    to("post_id", "posts.id"),
    whole("version"),
    to("author_id", "people.id"),
    text("text"),
    sa.Column("mentions", sa.JSON, nullable=False),
    text("origin"),
    text("slack_channel", nullable=True),
    text("slack_ts", nullable=True),
    text("key"),
    at("created_at"),
    sa.UniqueConstraint("post_id", "key"),
    sa.Index(None, "post_id", "id"),
)

# What happened, in order; rows are only ever added.
history = sa.Table(
    "history",
    metadata,
    own_id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    to("desk_id", "desks.id"),
    to("post_id", "posts.id", nullable=True),
    text("actor_kind"),
    to("actor_id", "people.id", nullable=True),
    text("event"),
    sa.Column("data", sa.JSON, nullable=False),
    at("at"),
    sa.Index(None, "post_id", "id"),
    sa.Index(None, "desk_id", "id"),
    sa.Index(None, "desk_id", "at"),
)
