"""A post as one reader sees it: Open, history, publishing."""
