"""A local Slack workspace: a server that a Bolt app cannot tell from Slack, and a page to click on.

It imports nothing of the bot, and the bot imports nothing of it.
"""
