"""What falls due, and people's days off."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import at, metadata, own_id, text, to

# Each thing that falls due is a row, and stays one: `key` says what of which day it is, so that
# nothing falls due twice. `message_id` is what it became in Slack; `local_date` is the day it
# belongs to where it is somebody's. `due_at` is the calendar's time.
occurrences = sa.Table(
    "occurrences",
    metadata,
    own_id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    text("key"),
    text("kind"),
    to("desk_id", "desks.id", nullable=True),
    to("person_id", "people.id", nullable=True),
    to("post_id", "posts.id", nullable=True),
    to("review_id", "reviews.id", nullable=True),
    sa.Column("local_date", sa.Date, nullable=True),
    at("due_at"),
    text("state"),
    text("reason", nullable=True),
    sa.Column("data", sa.JSON, nullable=False),
    to("message_id", "messages.id", nullable=True),
    at("created_at"),
    at("ended_at", nullable=True),
    sa.UniqueConstraint("team_id", "key"),
    sa.Index(
        "ix_occurrences_waiting_due_at",
        "due_at",
        "id",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    sa.Index(None, "person_id", "state", "due_at"),
    sa.Index(None, "desk_id", "state", "due_at"),
    sa.Index(None, "post_id", "state"),
    sa.Index(None, "review_id", "state"),
    sa.Index(None, "message_id"),
)

# Both days belong to it, each in the person's own zone; without a last one until they are back. One
# that was taken back before it began has its last day before the first. `cover_desks` are the desks
# whose channels the cover is in: nothing of the others reaches them. `begun_at` and `ended_at` are
# when its first day came, and the day after its last, or they were back before that.
absences = sa.Table(
    "absences",
    metadata,
    own_id(),
    sa.Column("team_id", sa.Text, sa.ForeignKey("workspaces.team_id"), nullable=False),
    to("person_id", "people.id"),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=True),
    to("cover_id", "people.id", nullable=True),
    sa.Column("cover_desks", sa.JSON, nullable=False),
    to("made_by", "people.id"),
    at("made_at"),
    at("begun_at", nullable=True),
    at("ended_at", nullable=True),
    sa.Index(None, "team_id", "last_day"),
    sa.Index(None, "person_id"),
    sa.Index(None, "cover_id"),
)
