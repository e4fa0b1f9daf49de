"""Why the bot cannot start, or had to end: each is one sentence for the person at the terminal."""


class CannotStart(Exception):
    """Something outside must be put right first. Its text is a sentence that says what."""


class NotNow(CannotStart):
    """What is in the way may pass by itself: its supervisor may start it again."""


class Ended(Exception):
    """It ran, and cannot go on. Its text is a sentence; its supervisor may start it again."""
