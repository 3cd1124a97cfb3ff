"""What tests of several folders share."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

from benchmarks.planted_links import PlantedLinks
from tests.postgresql import postgresql

# How long an example takes says more of the machine than of the program: no test is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  pytest makes a folder in it that is ours alone
ROOM: Final = 2 << 30
"""Bytes that must be free there; all tests together take less than a tenth of that."""


def pytest_configure() -> None:
    """Files of tests lie in memory where there is room: who waits for a disk proves nothing more."""
    if sys.platform != "win32" and _has_room(IN_MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def _has_room(folder: Path) -> bool:
    """Whether we may write there, and run what we wrote."""
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    there = os.statvfs(folder)
    return there.f_bavail * there.f_frsize > ROOM and not there.f_flag & os.ST_NOEXEC


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
