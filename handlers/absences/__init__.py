"""Days off."""
