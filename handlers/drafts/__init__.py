"""Writing and editing posts."""
