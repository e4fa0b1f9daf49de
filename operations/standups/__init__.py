"""A desk's standup: its settings, each member's morning, and what they answer."""

from operations.standups.planning import plan

__all__ = ["plan"]
