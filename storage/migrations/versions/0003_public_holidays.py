"""Whose public holidays a desk keeps"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("desks") as desks:
        desks.add_column(sa.Column("country", sa.Text(), nullable=True))
        desks.add_column(sa.Column("region", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("desks") as desks:
        desks.drop_column("region")
        desks.drop_column("country")
