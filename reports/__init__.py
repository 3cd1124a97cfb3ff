"""Tells people what the store remembers; looks at nothing and judges nothing."""
