"""When a backup took this database's place"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restores",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("restored_at", Instant(), nullable=False),
        sa.Column("told_since", Instant(), nullable=False),
        sa.Column("last_message_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restores")),
    )


def downgrade() -> None:
    op.drop_table("restores")
