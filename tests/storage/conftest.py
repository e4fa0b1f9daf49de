"""What these tests work on."""

from tests.newsroom import store, team

__all__ = ["store", "team"]
