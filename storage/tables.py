"""The tables. Every row is reached through its workspace, and its desk where it has one."""

from __future__ import annotations

import sqlalchemy as sa

from storage.types import Id, Instant

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> sa.Column[int]:
    return sa.Column("id", Id, primary_key=True, autoincrement=True)


def _to(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(target), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _whole(name: str, default: int | None = None) -> sa.Column[int]:
    server = None if default is None else sa.text(str(default))
    return sa.Column(name, sa.Integer, nullable=False, server_default=server)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant, nullable=nullable)


workspaces = sa.Table(
    "workspaces",
    metadata,
    sa.Column("team_id", sa.Text, primary_key=True),
    _whole("last_post_number", 0),
    _at("created_at"),
)

people = sa.Table(
    "people",
    metadata,
    _id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    _text("slack_id", nullable=True),
    _text("name"),
    _text("time_zone"),
    _text("locale"),
    _flag("is_admin"),
    _flag("is_guest"),
    _flag("is_stranger"),
    _flag("is_bot"),
    _flag("is_gone"),
    _at("seen_at"),
    sa.UniqueConstraint("team_id", "slack_id"),
)

desks = sa.Table(
    "desks",
    metadata,
    _id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    _text("channel_id"),
    _text("name"),
    _text("time_zone"),
    _text("language"),
    sa.Column("working_days", sa.JSON, nullable=False),
    _text("work_from"),
    _text("work_to"),
    sa.Column("networks", sa.JSON, nullable=False),
    _flag("asleep"),
    _flag("outsiders"),
    _whole("revision", 1),
    _at("created_at"),
    sa.UniqueConstraint("team_id", "channel_id"),
)

desk_managers = sa.Table(
    "desk_managers",
    metadata,
    sa.Column("desk_id", Id, sa.ForeignKey("desks.id"), primary_key=True),
    sa.Column("person_id", Id, sa.ForeignKey("people.id"), primary_key=True),
    sa.Index(None, "person_id"),
)

# A desk's approval rules, one row for each state they were ever in; the last one holds.
policies = sa.Table(
    "policies",
    metadata,
    _id(),
    _to("desk_id", "desks.id"),
    _whole("number"),
    sa.Column("steps", sa.JSON, nullable=False),
    _flag("own_posts"),
    _to("made_by", "people.id"),
    _at("made_at"),
    sa.UniqueConstraint("desk_id", "number"),
)

# `name_key` is the name without regard to case.
campaigns = sa.Table(
    "campaigns",
    metadata,
    _id(),
    _to("desk_id", "desks.id"),
    _text("name"),
    _text("name_key"),
    _at("created_at"),
    sa.UniqueConstraint("desk_id", "name_key"),
)

# `status` is what the targets' statuses come to, written with them: lists find posts by it.
posts = sa.Table(
    "posts",
    metadata,
    _id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    _to("desk_id", "desks.id"),
    _whole("number"),
    _to("owner_id", "people.id"),
    _text("status"),
    _whole("version"),
    _at("publish_at", nullable=True),
    _to("campaign_id", "campaigns.id", nullable=True),
    _text("notes"),
    _text("source_link", nullable=True),
    _text("hold_reason", nullable=True),
    _text("urgent_reason", nullable=True),
    _whole("revision", 1),
    _text("creation_key"),
    _at("created_at"),
    sa.UniqueConstraint("team_id", "number"),
    sa.UniqueConstraint("team_id", "creation_key"),
    sa.Index(None, "desk_id", "number"),
    sa.Index(None, "desk_id", "status", "number"),
    sa.Index(None, "owner_id", "number"),
    sa.Index(None, "owner_id", "status", "number"),
    sa.Index(None, "campaign_id", "status"),
)

targets = sa.Table(
    "targets",
    metadata,
    _id(),
    _to("post_id", "posts.id"),
    _text("network"),
    _text("status"),
    _at("published_at", nullable=True),
    _text("published_link", nullable=True),
    sa.UniqueConstraint("post_id", "network"),
)

# `text_key` is the text without regard to case, for searching.
versions = sa.Table(
    "versions",
    metadata,
    _id(),
    _to("post_id", "posts.id"),
    _whole("number"),
    _text("text"),
    _text("text_key"),
    sa.Column("texts", sa.JSON, nullable=False),
    sa.Column("networks", sa.JSON, nullable=False),
    _text("link", nullable=True),
    sa.Column("attachments", sa.JSON, nullable=False),
    _to("author_id", "people.id"),
    _text("form_key"),
    _at("created_at"),
    sa.UniqueConstraint("post_id", "number"),
    sa.UniqueConstraint("post_id", "form_key"),
    sa.Index(None, "author_id", "id"),
)

reviews = sa.Table(
    "reviews",
    metadata,
    _id(),
    _to("post_id", "posts.id"),
    _whole("version"),
    _to("policy_id", "policies.id"),
    _to("owner_id", "people.id"),
    _whole("step", 0),
    _text("state"),
    _to("sent_by", "people.id"),
    _at("sent_at"),
    _at("ended_at", nullable=True),
    _whole("revision", 1),
    sa.Index(None, "post_id"),
    sa.Index(None, "state", "id"),
    sa.Index(
        "uq_reviews_open_post_id",
        "post_id",
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    ),
)

# The steps and approvers as they were when the review started.
review_steps = sa.Table(
    "review_steps",
    metadata,
    sa.Column("review_id", Id, sa.ForeignKey("reviews.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    _text("quorum"),
    _whole("quorum_count", 1),
    _at("deadline", nullable=True),
)

# `reference` is a person's id where `kind` is "person"; roles and duties come later.
review_approvers = sa.Table(
    "review_approvers",
    metadata,
    _id(),
    _to("review_id", "reviews.id"),
    _whole("position"),
    _text("kind"),
    sa.Column("reference", Id, nullable=False),
    sa.UniqueConstraint("review_id", "position", "kind", "reference"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    _id(),
    _to("review_id", "reviews.id"),
    _whole("step"),
    _text("actor_kind"),
    _to("person_id", "people.id"),
    _text("verdict"),
    _text("comment"),
    sa.Column("networks", sa.JSON, nullable=False),
    _at("decided_at"),
    _at("undone_at", nullable=True),
    sa.Index(None, "review_id"),
    sa.Index(
        "uq_decisions_standing",
        "review_id",
        "step",
        "person_id",
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    ),
)

# `key` is the form's, or the address of the message that it was written as.
comments = sa.Table(
    "comments",
    metadata,
    _id(),
    _to("post_id", "posts.id"),
    _whole("version"),
    _to("author_id", "people.id"),
    _text("text"),
    sa.Column("mentions", sa.JSON, nullable=False),
    _text("origin"),
    _text("slack_channel", nullable=True),
    _text("slack_ts", nullable=True),
    _text("key"),
    _at("created_at"),
    sa.UniqueConstraint("post_id", "key"),
    sa.Index(None, "post_id", "id"),
)

# What happened, in order; rows are only ever added.
history = sa.Table(
    "history",
    metadata,
    _id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    _to("desk_id", "desks.id"),
    _to("post_id", "posts.id", nullable=True),
    _text("actor_kind"),
    _to("actor_id", "people.id", nullable=True),
    _text("event"),
    sa.Column("data", sa.JSON, nullable=False),
    _at("at"),
    sa.Index(None, "post_id", "id"),
    sa.Index(None, "desk_id", "id"),
)

# What Slack is to show: notices (sent once) and cards (`live`: sent once, then kept up to date).
# `wanted` counts the changes, `shown` is the last one drawn. Lease and retry times are real time.
# `thread_of` is the message in whose thread it stands.
messages = sa.Table(
    "messages",
    metadata,
    _id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    _text("key"),
    _text("kind"),
    _flag("live"),
    _to("desk_id", "desks.id", nullable=True),
    _to("person_id", "people.id", nullable=True),
    _text("channel_id", nullable=True),
    _to("post_id", "posts.id", nullable=True),
    _to("review_id", "reviews.id", nullable=True),
    _to("decision_id", "decisions.id", nullable=True),
    _to("comment_id", "comments.id", nullable=True),
    _to("thread_of", "messages.id", nullable=True),
    sa.Column("data", sa.JSON, nullable=False),
    _text("state"),
    _flag("pending"),
    _whole("wanted", 1),
    _whole("shown", 0),
    _text("delivery_id"),
    _text("posted_channel", nullable=True),
    _text("posted_ts", nullable=True),
    _text("holder", nullable=True),
    _at("lease_until", nullable=True),
    _at("sending_since", nullable=True),
    _at("retry_at", nullable=True),
    _whole("attempts", 0),
    _text("error", nullable=True),
    _at("created_at"),
    _at("opened_at", nullable=True),
    _at("sent_at", nullable=True),
    sa.UniqueConstraint("team_id", "key"),
    sa.Index(None, "pending", "id"),
    sa.Index(None, "person_id"),
    sa.Index(None, "post_id"),
    sa.Index(None, "posted_channel", "posted_ts"),
    sa.Index(None, "team_id", "kind", "opened_at"),
)

# Events that Slack sent, so that a repeated one does nothing twice.
seen_events = sa.Table(
    "seen_events",
    metadata,
    sa.Column("team_id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    _at("seen_at"),
    sa.Index(None, "seen_at"),
)
