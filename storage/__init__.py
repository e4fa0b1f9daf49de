"""What Copydesk remembers: tables, queries and migrations. Hands out plain values."""

from storage.backups import Counts, back_up, restore
from storage.copying import copy
from storage.engine import Store, is_there, open_store
from storage.lock import Taken, alone
from storage.migrate import is_current, migrate
from storage.troubles import StorageError, Trouble, Unavailable

__all__ = [
    "Counts",
    "StorageError",
    "Store",
    "Taken",
    "Trouble",
    "Unavailable",
    "alone",
    "back_up",
    "copy",
    "is_current",
    "is_there",
    "migrate",
    "open_store",
    "restore",
]
