"""What is shown in Slack, and what Slack said."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import at, flag, metadata, own_id, text, to, whole

# What Slack is to show: notices (sent once) and cards (`live`: sent once, then kept up to date).
# `wanted` counts the changes, `shown` is the last one drawn. Lease and retry times are real time.
# `thread_of` is the message in whose thread it stands.
messages = sa.Table(
    "messages",
    metadata,
    own_id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    text("key"),
    text("kind"),
    flag("live"),
    to("desk_id", "desks.id", nullable=True),
    to("person_id", "people.id", nullable=True),
    text("channel_id", nullable=True),
    to("post_id", "posts.id", nullable=True),
    to("review_id", "reviews.id", nullable=True),
    to("decision_id", "decisions.id", nullable=True),
    to("comment_id", "comments.id", nullable=True),
    to("thread_of", "messages.id", nullable=True),
    sa.Column("data", sa.JSON, nullable=False),
    text("state"),
    flag("pending"),
    whole("wanted", 1),
    whole("shown", 0),
    text("delivery_id"),
    text("posted_channel", nullable=True),
    text("posted_ts", nullable=True),
    text("holder", nullable=True),
    at("lease_until", nullable=True),
    at("sending_since", nullable=True),
    at("retry_at", nullable=True),
    whole("attempts", 0),
    text("error", nullable=True),
    at("created_at"),
    at("opened_at", nullable=True),
    at("sent_at", nullable=True),
    sa.UniqueConstraint("team_id", "key"),
    sa.Index(None, "pending", "id"),
    sa.Index(None, "person_id", "kind", "created_at"),
    sa.Index(None, "post_id"),
    sa.Index(None, "thread_of"),
    sa.Index(None, "posted_channel", "posted_ts"),
    sa.Index(None, "team_id", "kind", "opened_at"),
)

# Events that Slack sent, so that a repeated one does nothing twice.
seen_events = sa.Table(
    "seen_events",
    metadata,
    sa.Column("team_id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    at("seen_at"),
    sa.Index(None, "seen_at"),
)
