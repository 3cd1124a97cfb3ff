"""The shipped policies, each read once for all tests: its file does not change meanwhile, and a policy is a value."""

from functools import cache

from auditor import policy
from auditor.policy import Policy


@cache
def load(name: str) -> Policy:
    """The shipped policy of that name."""
    return policy.load(name)
