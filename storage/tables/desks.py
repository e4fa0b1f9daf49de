"""Desks, and the approval rules they have and had."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import at, flag, metadata, own_id, text, to, whole
from storage.types import Id

desks = sa.Table(
    "desks",
    metadata,
    own_id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    text("channel_id"),
    text("name"),
    text("time_zone"),
    text("language"),
    sa.Column("working_days", sa.JSON, nullable=False),
    text("work_from"),
    text("work_to"),
    text("country", nullable=True),
    text("region", nullable=True),
    sa.Column("networks", sa.JSON, nullable=False),
    sa.Column("reminders", sa.JSON, nullable=True),
    flag("asleep"),
    flag("outsiders"),
    whole("revision", 1),
    at("created_at"),
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
    own_id(),
    to("desk_id", "desks.id"),
    whole("number"),
    sa.Column("steps", sa.JSON, nullable=False),
    flag("own_posts"),
    to("made_by", "people.id"),
    at("made_at"),
    sa.UniqueConstraint("desk_id", "number"),
)
