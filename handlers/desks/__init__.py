"""Setting up a desk, its settings, and help."""
