"""Slack's Web API, as far as the playground has it: a file per family of methods."""

from playground.web_api import apps, chat, conversations, files, reactions, users, views
from playground.web_api.methods import answer_call

__all__ = ["answer_call", "apps", "chat", "conversations", "files", "reactions", "users", "views"]
