"""A desk as a file, for spreadsheets and for programs."""
