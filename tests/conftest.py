"""What tests of several folders share."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.postgresql import postgresql

# How long an example takes says more of the machine than of the program: no test is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server of our own on loopback; gives its address, without the name of a database."""
    with postgresql() as address:
        yield address
