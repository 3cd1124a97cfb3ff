"""The schema's history, for Alembic. A change of `schema.py` is one new file in `versions`."""
