"""The digest of a standup's day, what managers are told besides, and the weekly digest."""
