"""What these tests work on."""

from tests.newsroom import postgres_with_tables, sqlite_with_tables, store, team

__all__ = ["postgres_with_tables", "sqlite_with_tables", "store", "team"]
