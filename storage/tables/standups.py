"""Standups: a desk's settings for them, its rounds, and what people answered."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import at, flag, metadata, own_id, text, to, whole
from storage.types import Id

# `prompt_at` is each member's local time, `digest_at` and `weekly_at` are the desk's.
# The duty passes on each week, counted from the Monday `duty_from`.
standups = sa.Table(
    "standups",
    metadata,
    sa.Column("desk_id", Id, sa.ForeignKey("desks.id"), primary_key=True, autoincrement=False),
    flag("is_on"),
    sa.Column("days", sa.JSON, nullable=False),
    text("prompt_at"),
    text("digest_at"),
    sa.Column("questions", sa.JSON, nullable=False),
    sa.Column("duty_questions", sa.JSON, nullable=False),
    sa.Column("duty_from", sa.Date, nullable=True),
    text("weekly_day", nullable=True),
    text("weekly_at", nullable=True),
    to("weekly_reader", "people.id", nullable=True),
    whole("revision", 1),
)

standup_members = sa.Table(
    "standup_members",
    metadata,
    sa.Column("desk_id", Id, sa.ForeignKey("desks.id"), primary_key=True),
    sa.Column("person_id", Id, sa.ForeignKey("people.id"), primary_key=True),
    sa.Index(None, "person_id"),
)

# Who takes turns on duty, in this order.
standup_duty = sa.Table(
    "standup_duty",
    metadata,
    sa.Column("desk_id", Id, sa.ForeignKey("desks.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    to("person_id", "people.id"),
    sa.Index(None, "person_id"),
)

# One day of a desk's standup; the digest is the message in the channel, once it is there.
rounds = sa.Table(
    "rounds",
    metadata,
    own_id(),
    to("desk_id", "desks.id"),
    sa.Column("local_date", sa.Date, nullable=False),
    text("recap"),
    to("recap_by", "people.id", nullable=True),
    to("message_id", "messages.id", nullable=True),
    at("created_at"),
    sa.UniqueConstraint("desk_id", "local_date"),
)

# What one member said in a round. `said` is a list of {"question", "answer", "kind"}, as it was
# asked; `state` is answered or skipped.
answers = sa.Table(
    "answers",
    metadata,
    own_id(),
    to("round_id", "rounds.id"),
    to("person_id", "people.id"),
    text("state"),
    flag("on_duty"),
    sa.Column("said", sa.JSON, nullable=False),
    whole("revision", 1),
    at("answered_at"),
    at("changed_at", nullable=True),
    sa.UniqueConstraint("round_id", "person_id"),
)

# "I can help": who offered it, to whose answer.
help_offers = sa.Table(
    "help_offers",
    metadata,
    own_id(),
    to("answer_id", "answers.id"),
    to("helper_id", "people.id"),
    at("offered_at"),
    sa.UniqueConstraint("answer_id", "helper_id"),
)
