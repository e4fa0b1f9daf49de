"""Slack's Block Kit rules: what a message, a modal or a Home tab may hold.

Source: docs.slack.dev, reference/block-kit and reference/views, and the checks and docstrings of
slack_sdk 3.47 (`slack_sdk.models`). A rule without a source is listed in `playground/ASSUMED.md`.
"""

from playground.blockkit.checks import Surface
from playground.blockkit.surfaces import error_code, problems

__all__ = ["Surface", "error_code", "problems"]
