"""Copydesk's tests. They mirror the floors of the code; see CONTRIBUTING.md."""
