"""Starts things: settings, assembling, the command line."""
