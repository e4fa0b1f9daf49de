"""What people say about a post: in Open, in threads, by a reaction."""
