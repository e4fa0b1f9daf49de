"""The other door: what comes in over HTTP, from Slack, and from whoever looks how we are."""
