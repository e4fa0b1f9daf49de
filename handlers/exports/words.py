"""The headings of a desk's spreadsheet."""

from __future__ import annotations

HEADINGS = (
    "Post",
    "Status",
    "Networks",
    "Owner",
    "Campaign",
    "Publish time",
    "Needed by",
    "Published",
    "Published at these links",
    "On hold",
    "Urgent",
    "Version",
    "Text",
    "Texts of single networks",
    "Link",
    "Attachments",
    "Notes",
    "Decisions",
    "Comments",
    "History",
    "Written",
    "From the message",
)
