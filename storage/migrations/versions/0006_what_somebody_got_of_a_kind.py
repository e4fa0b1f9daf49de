"""What somebody got of a kind, found without reading all that they ever got"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BEFORE = "ix_messages_person_id"
_AFTER = "ix_messages_person_id_kind_created_at"


def upgrade() -> None:
    op.create_index(op.f(_AFTER), "messages", ["person_id", "kind", "created_at"])
    op.drop_index(op.f(_BEFORE), table_name="messages")


def downgrade() -> None:
    op.create_index(op.f(_BEFORE), "messages", ["person_id"])
    op.drop_index(op.f(_AFTER), table_name="messages")
