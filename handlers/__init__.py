"""Slack's door, in and out: listeners and views by feature, and the courier."""

from handlers.app import build_app

__all__ = ["build_app"]
