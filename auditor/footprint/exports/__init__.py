"""Data exports: what a platform knows of a person, as it gave it to them. One file a platform, found by itself.

A platform's file has `PLATFORM` (its id), `fits(archive)` (by structure: where files lie and what they are called) and
`read(archive)`, an `Export`.
"""
