"""Workspaces, and the people in them."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import at, flag, metadata, own_id, text, whole

workspaces = sa.Table(
    "workspaces",
    metadata,
    sa.Column("team_id", sa.Text, primary_key=True),
    whole("last_post_number", 0),
    at("created_at"),
)

people = sa.Table(
    "people",
    metadata,
    own_id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    text("slack_id", nullable=True),
    text("name"),
    text("time_zone"),
    text("locale"),
    flag("is_admin"),
    flag("is_guest"),
    flag("is_stranger"),
    flag("is_bot"),
    flag("is_gone"),
    at("seen_at"),
    at("quiet_until", nullable=True),
    sa.UniqueConstraint("team_id", "slack_id"),
)
