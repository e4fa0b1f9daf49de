"""Reminders, what managers do when nobody decides, and handing a post over at its time."""
