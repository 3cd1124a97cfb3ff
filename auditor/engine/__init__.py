"""Spreads an audit over processes, on one machine or many. One host belongs to one process at a time."""
