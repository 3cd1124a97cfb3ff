"""A program whose disk is full from one moment on, as it may not make any file larger: what the store says then.

`python -m tests.store.full_disk ADDRESS DATA`; a line for what is written, one for what is made sure to be gone, and
one for the copy that an upgrade makes.
"""

import resource
import sys
from collections.abc import Callable
from pathlib import Path

from auditor.errors import Mistake
from auditor.model import LinkState, LinkVerdict
from auditor.store import open_url
from auditor.store.database import Database, parse_url
from auditor.store.upgrade import back_up
from tests.store.story import MONDAY


def main(address: str, data: str) -> None:
    with open_url(address, Path(data)) as store:
        states = [LinkState(f"http://a.example/{n}", LinkVerdict.ALIVE) for n in range(1000)]
        store.keep_link_states(states[:500], MONDAY)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        _tell(lambda: store.keep_link_states(states, MONDAY))
        _tell(Database(parse_url(address)).wipe)
        _tell(lambda: _copy(Database(parse_url(address))))


def _copy(database: Database) -> None:
    assert database.file
    with database.faults_explained():
        back_up(database.file, "0001")


def _tell(work: Callable[[], object]) -> None:
    try:
        work()
    except Mistake as mistake:
        print(*mistake.faults)


if __name__ == "__main__":
    main(*sys.argv[1:])
