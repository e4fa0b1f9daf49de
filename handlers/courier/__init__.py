"""The courier: reads what the record says is to be told, draws it, and tells Slack."""

from handlers.courier.courier import Courier

__all__ = ["Courier"]
