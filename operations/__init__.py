"""What a desk can do, one transaction each: read, decide, store, note what must be told."""
