"""Looks at the web and brings back plain values; judges nothing."""
