"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seen_events",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "event_id", name=op.f("pk_seen_events")),
    )
    with op.batch_alter_table("seen_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_events_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "workspaces",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("last_post_number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "desks",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("working_days", sa.JSON(), nullable=False),
        sa.Column("work_from", sa.Text(), nullable=False),
        sa.Column("work_to", sa.Text(), nullable=False),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("asleep", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("outsiders", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspaces.team_id"], name=op.f("fk_desks_team_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desks")),
        sa.UniqueConstraint("team_id", "channel_id", name=op.f("uq_desks_team_id_channel_id")),
    )
    op.create_table(
        "people",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("slack_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_stranger", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspaces.team_id"], name=op.f("fk_people_team_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("team_id", "slack_id", name=op.f("uq_people_team_id_slack_id")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("desk_id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_campaigns_desk_id_desks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("desk_id", "name_key", name=op.f("uq_campaigns_desk_id_name_key")),
    )
    op.create_table(
        "desk_managers",
        sa.Column("desk_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name=op.f("fk_desk_managers_desk_id_desks")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_desk_managers_person_id_people")
        ),
        sa.PrimaryKeyConstraint("desk_id", "person_id", name=op.f("pk_desk_managers")),
    )
    with op.batch_alter_table("desk_managers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_managers_person_id"), ["person_id"], unique=False)

    op.create_table(
        "policies",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("desk_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("own_posts", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_policies_desk_id_desks")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["people.id"], name=op.f("fk_policies_made_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint("desk_id", "number", name=op.f("uq_policies_desk_id_number")),
    )
    op.create_table(
        "posts",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("desk_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("publish_at", Instant(), nullable=True),
        sa.Column("campaign_id", Id, nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("source_link", sa.Text(), nullable=True),
        sa.Column("hold_reason", sa.Text(), nullable=True),
        sa.Column("urgent_reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("creation_key", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_posts_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_posts_desk_id_desks")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_posts_owner_id_people")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspaces.team_id"], name=op.f("fk_posts_team_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("team_id", "creation_key", name=op.f("uq_posts_team_id_creation_key")),
        sa.UniqueConstraint("team_id", "number", name=op.f("uq_posts_team_id_number")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posts_campaign_id_status"), ["campaign_id", "status"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_posts_desk_id_number"), ["desk_id", "number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_posts_desk_id_status_number"),
            ["desk_id", "status", "number"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_posts_owner_id_number"), ["owner_id", "number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_posts_owner_id_status_number"),
            ["owner_id", "status", "number"],
            unique=False,
        )

    op.create_table(
        "comments",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("post_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("slack_channel", sa.Text(), nullable=True),
        sa.Column("slack_ts", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_comments_author_id_people")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_comments_post_id_posts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("post_id", "key", name=op.f("uq_comments_post_id_key")),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comments_post_id_id"), ["post_id", "id"], unique=False)

    op.create_table(
        "history",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("desk_id", Id, nullable=False),
        sa.Column("post_id", Id, nullable=True),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_history_actor_id_people")
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_history_desk_id_desks")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_history_post_id_posts")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspaces.team_id"], name=op.f("fk_history_team_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_desk_id_id"), ["desk_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_post_id_id"), ["post_id", "id"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("post_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("policy_id", Id, nullable=False),
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("step", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_by", Id, nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_reviews_owner_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.id"], name=op.f("fk_reviews_policy_id_policies")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_reviews_post_id_posts")),
        sa.ForeignKeyConstraint(["sent_by"], ["people.id"], name=op.f("fk_reviews_sent_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_post_id"), ["post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reviews_state_id"), ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_reviews_open_post_id",
            ["post_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "targets",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("post_id", Id, nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("published_link", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_targets_post_id_posts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
        sa.UniqueConstraint("post_id", "network", name=op.f("uq_targets_post_id_network")),
    )
    op.create_table(
        "versions",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("post_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_key", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("author_id", Id, nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_versions_author_id_people")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_versions_post_id_posts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("post_id", "form_key", name=op.f("uq_versions_post_id_form_key")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_versions_post_id_number")),
    )
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_versions_author_id_id"), ["author_id", "id"], unique=False
        )

    op.create_table(
        "decisions",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("review_id", Id, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_decisions_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_decisions_review_id_reviews")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_review_id"), ["review_id"], unique=False)
        batch_op.create_index(
            "uq_decisions_standing",
            ["review_id", "step", "person_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "review_approvers",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("review_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_approvers_review_id_reviews")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_approvers")),
        sa.UniqueConstraint(
            "review_id",
            "position",
            "kind",
            "reference",
            name=op.f("uq_review_approvers_review_id_position_kind_reference"),
        ),
    )
    op.create_table(
        "review_steps",
        sa.Column("review_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quorum", sa.Text(), nullable=False),
        sa.Column("quorum_count", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("deadline", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_steps_review_id_reviews")
        ),
        sa.PrimaryKeyConstraint("review_id", "position", name=op.f("pk_review_steps")),
    )
    op.create_table(
        "messages",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("desk_id", Id, nullable=True),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("channel_id", sa.Text(), nullable=True),
        sa.Column("post_id", Id, nullable=True),
        sa.Column("review_id", Id, nullable=True),
        sa.Column("decision_id", Id, nullable=True),
        sa.Column("comment_id", Id, nullable=True),
        sa.Column("thread_of", Id, nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("pending", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("wanted", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("shown", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("posted_channel", sa.Text(), nullable=True),
        sa.Column("posted_ts", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("sending_since", Instant(), nullable=True),
        sa.Column("retry_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_messages_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_messages_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_messages_desk_id_desks")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_messages_person_id_people")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_messages_post_id_posts")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_messages_review_id_reviews")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["workspaces.team_id"], name=op.f("fk_messages_team_id_workspaces")
        ),
        sa.ForeignKeyConstraint(
            ["thread_of"], ["messages.id"], name=op.f("fk_messages_thread_of_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_messages_team_id_key")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_pending_id"), ["pending", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_post_id"), ["post_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_messages_posted_channel_posted_ts"),
            ["posted_channel", "posted_ts"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_messages_team_id_kind_opened_at"),
            ["team_id", "kind", "opened_at"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_team_id_kind_opened_at"))
        batch_op.drop_index(batch_op.f("ix_messages_posted_channel_posted_ts"))
        batch_op.drop_index(batch_op.f("ix_messages_post_id"))
        batch_op.drop_index(batch_op.f("ix_messages_person_id"))
        batch_op.drop_index(batch_op.f("ix_messages_pending_id"))

    op.drop_table("messages")
    op.drop_table("review_steps")
    op.drop_table("review_approvers")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_decisions_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_decisions_review_id"))

    op.drop_table("decisions")
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_versions_author_id_id"))

    op.drop_table("versions")
    op.drop_table("targets")
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reviews_open_post_id",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_reviews_state_id"))
        batch_op.drop_index(batch_op.f("ix_reviews_post_id"))

    op.drop_table("reviews")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_post_id_id"))
        batch_op.drop_index(batch_op.f("ix_history_desk_id_id"))

    op.drop_table("history")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comments_post_id_id"))

    op.drop_table("comments")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posts_owner_id_status_number"))
        batch_op.drop_index(batch_op.f("ix_posts_owner_id_number"))
        batch_op.drop_index(batch_op.f("ix_posts_desk_id_status_number"))
        batch_op.drop_index(batch_op.f("ix_posts_desk_id_number"))
        batch_op.drop_index(batch_op.f("ix_posts_campaign_id_status"))

    op.drop_table("posts")
    op.drop_table("policies")
    with op.batch_alter_table("desk_managers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_managers_person_id"))

    op.drop_table("desk_managers")
    op.drop_table("campaigns")
    op.drop_table("people")
    op.drop_table("desks")
    op.drop_table("workspaces")
    with op.batch_alter_table("seen_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seen_events_seen_at"))

    op.drop_table("seen_events")
