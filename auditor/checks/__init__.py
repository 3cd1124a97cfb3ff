"""One rule a file. A new rule is a new file here and its pages in `tests/checks`; no other line changes."""
