"""What tests of several folders share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from benchmarks.planted_links import PlantedLinks
from tests.postgresql import postgresql

# How long an example takes says more of the machine than of the program: no test is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server of our own on loopback; gives its address, without the name of a database."""
    with postgresql() as address:
        yield address


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlantedLinks]:
    """Planted links, and a machine that believes their certificates."""
    with PlantedLinks() as planted, pytest.MonkeyPatch.context() as patch:
        believed: Path = tmp_path_factory.mktemp("certificates") / "school.pem"
        believed.write_bytes(planted.authority.pem())
        patch.setenv("SSL_CERT_FILE", str(believed))
        yield planted
