"""Reviews, and what was decided in them."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import at, metadata, own_id, text, to, whole
from storage.types import Id

reviews = sa.Table(
    "reviews",
    metadata,
    own_id(),
    to("post_id", "posts.id"),
    whole("version"),
    to("policy_id", "policies.id"),
    to("owner_id", "people.id"),
    whole("step", 0),
    text("state"),
    to("sent_by", "people.id"),
    at("sent_at"),
    at("ended_at", nullable=True),
    whole("revision", 1),
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
    text("quorum"),
    whole("quorum_count", 1),
    at("deadline", nullable=True),
)

# `reference` is a person's id where `kind` is "person"; roles and duties come later. `absence_id`
# is set as long as they are away while it is their step's turn; `cover_id` may decide in their
# place.
review_approvers = sa.Table(
    "review_approvers",
    metadata,
    own_id(),
    to("review_id", "reviews.id"),
    whole("position"),
    text("kind"),
    sa.Column("reference", Id, nullable=False),
    to("absence_id", "absences.id", nullable=True),
    to("cover_id", "people.id", nullable=True),
    sa.UniqueConstraint("review_id", "position", "kind", "reference"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    own_id(),
    to("review_id", "reviews.id"),
    whole("step"),
    text("actor_kind"),
    to("person_id", "people.id"),
    text("verdict"),
    text("comment"),
    sa.Column("networks", sa.JSON, nullable=False),
    at("decided_at"),
    at("undone_at", nullable=True),
    sa.Index(None, "review_id"),
)

# Whom a decision was given in place of, besides the person's own.
decided_for = sa.Table(
    "decided_for",
    metadata,
    sa.Column("decision_id", Id, sa.ForeignKey("decisions.id"), primary_key=True),
    sa.Column("approver_id", Id, sa.ForeignKey("people.id"), primary_key=True),
)
