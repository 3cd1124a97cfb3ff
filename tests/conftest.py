"""What tests of several folders share."""

from collections.abc import Iterator

import pytest

from tests.postgresql import postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server of our own on loopback; gives its address, without the name of a database."""
    with postgresql() as address:
        yield address
