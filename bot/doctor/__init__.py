"""`python -m bot doctor`: looks at everything that Copydesk depends on, and says what to do."""

from bot.doctor.command import doctor

__all__ = ["doctor"]
