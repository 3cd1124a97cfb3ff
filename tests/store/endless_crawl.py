"""A crawl that never ends, to be killed: `python -m tests.store.endless_crawl ADDRESS DATA`.

Prints the number of every page that is surely stored. Every page has one finding and one link to the next page.
"""

import sys
from itertools import count
from pathlib import Path

from auditor import store as stores
from auditor.model import Document, Link
from tests.store.story import LINCOLN, SITE, as_it_stands, finding


def main(address: str, data: str) -> None:
    store = stores.open_url(address, Path(data))
    audit_id = store.audits()[0].id
    writer = store.writer(audit_id)
    for n in count(len(store.frontier(audit_id, LINCOLN.id).done)):
        path, following = f"{n}.html", SITE + f"{n + 1}.html"
        document = Document(SITE + path, links=(Link(following),), depth=n)
        writer.saw(LINCOLN.id, document, mask=as_it_stands, findings=[finding(path=path)])
        if n % 20 == 19:
            writer.flush()
            print(n, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
