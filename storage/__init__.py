"""What Copydesk remembers: tables, queries and migrations. Hands out plain values."""

from storage.engine import StorageError, Store, open_store
from storage.migrate import is_current, migrate

__all__ = ["StorageError", "Store", "is_current", "migrate", "open_store"]
