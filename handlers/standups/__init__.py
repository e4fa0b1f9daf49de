"""A desk's standup: its settings, what a member is asked each morning, and their answers."""
