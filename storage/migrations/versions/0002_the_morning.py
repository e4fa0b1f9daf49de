"""What falls due, standups, and people's days off"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("cover_id", Id, nullable=True),
        sa.Column("cover_desks", sa.JSON(), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cover_id"], ["people.id"], name=op.f("fk_absences_cover_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["people.id"], name=op.f("fk_absences_made_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_absences_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspaces.team_id"], name=op.f("fk_absences_team_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_cover_id"), ["cover_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absences_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_absences_team_id_last_day"), ["team_id", "last_day"], unique=False
        )

    op.create_table(
        "standup_duty",
        sa.Column("desk_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_standup_duty_desk_id_desks")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_standup_duty_person_id_people")
        ),
        sa.PrimaryKeyConstraint("desk_id", "position", name=op.f("pk_standup_duty")),
    )
    with op.batch_alter_table("standup_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standup_duty_person_id"), ["person_id"], unique=False)

    op.create_table(
        "standup_members",
        sa.Column("desk_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_standup_members_desk_id_desks")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_standup_members_person_id_people")
        ),
        sa.PrimaryKeyConstraint("desk_id", "person_id", name=op.f("pk_standup_members")),
    )
    with op.batch_alter_table("standup_members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_standup_members_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "standups",
        sa.Column("desk_id", Id, autoincrement=False, nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("prompt_at", sa.Text(), nullable=False),
        sa.Column("digest_at", sa.Text(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("duty_questions", sa.JSON(), nullable=False),
        sa.Column("duty_from", sa.Date(), nullable=True),
        sa.Column("weekly_day", sa.Text(), nullable=True),
        sa.Column("weekly_at", sa.Text(), nullable=True),
        sa.Column("weekly_reader", Id, nullable=True),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_standups_desk_id_desks")),
        sa.ForeignKeyConstraint(
            ["weekly_reader"], ["people.id"], name=op.f("fk_standups_weekly_reader_people")
        ),
        sa.PrimaryKeyConstraint("desk_id", name=op.f("pk_standups")),
    )
    op.create_table(
        "occurrences",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("desk_id", Id, nullable=True),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("post_id", Id, nullable=True),
        sa.Column("review_id", Id, nullable=True),
        sa.Column("local_date", sa.Date(), nullable=True),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("message_id", Id, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_occurrences_desk_id_desks")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_occurrences_message_id_messages")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_occurrences_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_occurrences_post_id_posts")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_occurrences_review_id_reviews")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspaces.team_id"], name=op.f("fk_occurrences_team_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_occurrences_team_id_key")),
    )
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_occurrences_desk_id_state_due_at"),
            ["desk_id", "state", "due_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_occurrences_message_id"), ["message_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_occurrences_person_id_state_due_at"),
            ["person_id", "state", "due_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_occurrences_post_id_state"), ["post_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_occurrences_review_id_state"), ["review_id", "state"], unique=False
        )
        batch_op.create_index(
            "ix_occurrences_waiting_due_at",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "rounds",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("desk_id", Id, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("recap", sa.Text(), nullable=False),
        sa.Column("recap_by", Id, nullable=True),
        sa.Column("message_id", Id, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_rounds_desk_id_desks")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_rounds_message_id_messages")
        ),
        sa.ForeignKeyConstraint(
            ["recap_by"], ["people.id"], name=op.f("fk_rounds_recap_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("desk_id", "local_date", name=op.f("uq_rounds_desk_id_local_date")),
    )
    op.create_table(
        "answers",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("round_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("on_duty", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("answered_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_answers_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_answers_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_answers_round_id_person_id")),
    )
    op.create_table(
        "help_offers",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("answer_id", Id, nullable=False),
        sa.Column("helper_id", Id, nullable=False),
        sa.Column("offered_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_help_offers_answer_id_answers")
        ),
        sa.ForeignKeyConstraint(
            ["helper_id"], ["people.id"], name=op.f("fk_help_offers_helper_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_offers")),
        sa.UniqueConstraint(
            "answer_id", "helper_id", name=op.f("uq_help_offers_answer_id_helper_id")
        ),
    )
    with op.batch_alter_table("desks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reminders", sa.JSON(), nullable=True))

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quiet_until", Instant(), nullable=True))

    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("needed_by", Instant(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_posts_desk_id_publish_at"), ["desk_id", "publish_at"], unique=False
        )

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_thread_of"), ["thread_of"], unique=False)

    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_desk_id_at"), ["desk_id", "at"], unique=False)

    with op.batch_alter_table("review_approvers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("absence_id", Id, nullable=True))
        batch_op.add_column(sa.Column("cover_id", Id, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_review_approvers_absence_id_absences"),
            "absences",
            ["absence_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_review_approvers_cover_id_people"), "people", ["cover_id"], ["id"]
        )

    # Who said their own word may still give one for somebody who goes away after that.
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_decisions_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "decided_for",
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("approver_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["people.id"], name=op.f("fk_decided_for_approver_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decided_for_decision_id_decisions")
        ),
        sa.PrimaryKeyConstraint("decision_id", "approver_id", name=op.f("pk_decided_for")),
    )


def downgrade() -> None:
    op.drop_table("decided_for")
    # Of somebody's two words at a step the first was their own.
    op.execute(
        "UPDATE decisions SET undone_at = decided_at WHERE undone_at IS NULL AND EXISTS ("
        "SELECT 1 FROM decisions AS own WHERE own.review_id = decisions.review_id"
        " AND own.step = decisions.step AND own.person_id = decisions.person_id"
        " AND own.undone_at IS NULL AND own.id < decisions.id)"
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(
            "uq_decisions_standing",
            ["review_id", "step", "person_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    with op.batch_alter_table("review_approvers", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_review_approvers_cover_id_people"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_review_approvers_absence_id_absences"), type_="foreignkey"
        )
        batch_op.drop_column("cover_id")
        batch_op.drop_column("absence_id")

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_thread_of"))

    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_desk_id_at"))

    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posts_desk_id_publish_at"))
        batch_op.drop_column("needed_by")

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("quiet_until")

    with op.batch_alter_table("desks", schema=None) as batch_op:
        batch_op.drop_column("reminders")

    op.drop_table("help_offers")
    op.drop_table("answers")
    op.drop_table("rounds")
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_occurrences_waiting_due_at",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_occurrences_review_id_state"))
        batch_op.drop_index(batch_op.f("ix_occurrences_post_id_state"))
        batch_op.drop_index(batch_op.f("ix_occurrences_person_id_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_occurrences_message_id"))
        batch_op.drop_index(batch_op.f("ix_occurrences_desk_id_state_due_at"))

    op.drop_table("occurrences")
    op.drop_table("standups")
    with op.batch_alter_table("standup_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standup_members_person_id"))

    op.drop_table("standup_members")
    with op.batch_alter_table("standup_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standup_duty_person_id"))

    op.drop_table("standup_duty")
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absences_team_id_last_day"))
        batch_op.drop_index(batch_op.f("ix_absences_person_id"))
        batch_op.drop_index(batch_op.f("ix_absences_cover_id"))

    op.drop_table("absences")
