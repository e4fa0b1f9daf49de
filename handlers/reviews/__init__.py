"""Sending for approval, deciding, and the cards that show it."""
