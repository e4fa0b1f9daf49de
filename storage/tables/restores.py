"""When a backup took this database's place."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import at, metadata, own_id
from storage.types import Id

# Between `told_since` and `restored_at`, both real time, Slack may have been told things that
# nobody here remembers. `last_message_id` is the newest message that the backup had.
restores = sa.Table(
    "restores",
    metadata,
    own_id(),
    at("restored_at"),
    at("told_since"),
    sa.Column("last_message_id", Id, nullable=False),
)
