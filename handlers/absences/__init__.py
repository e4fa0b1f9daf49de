"""Days off: saying when, choosing who covers, coming back, and the messages that tell of it."""
