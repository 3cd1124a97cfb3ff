"""Finds one address broken two hundred times over: `python -m tests.store.busy_visitor ADDRESS DATA`."""

import sys
from pathlib import Path

from auditor import store as stores
from auditor.model import LinkState, LinkVerdict
from tests.store.story import MONDAY


def main(address: str, data: str) -> None:
    with stores.open_url(address, Path(data)) as store:
        for _ in range(200):
            store.keep_link_states([LinkState("http://gone.example/", LinkVerdict.BROKEN)], MONDAY)


if __name__ == "__main__":
    main(*sys.argv[1:])
