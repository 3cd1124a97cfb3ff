"""Measurements: one command each, ours and another side by side in one run."""
