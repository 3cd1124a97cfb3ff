"""Sees one finding and one broken link many times over: `python -m tests.store.busy_visitor ADDRESS DATA TIMES`."""

import sys
from pathlib import Path

from auditor import store as stores
from auditor.model import Document, LinkState, LinkVerdict
from tests.store.story import LINCOLN, MONDAY, NAMED, as_it_stands


def main(address: str, data: str, times: str) -> None:
    with stores.open_url(address, Path(data)) as store:
        audit_id = store.begin_audit([], "mcps", "command", MONDAY)
        with store.writer(audit_id) as writer:
            for _ in range(int(times)):
                store.keep_link_states([LinkState("http://gone.example/", LinkVerdict.BROKEN)], MONDAY)
                # Reads what is known, then writes.
                writer.saw(LINCOLN.id, Document(NAMED.url), mask=as_it_stands, findings=[NAMED])
                writer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
