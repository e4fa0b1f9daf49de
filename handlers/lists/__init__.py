"""Posts in lists: a desk's, those found, what waits, and the Home."""
