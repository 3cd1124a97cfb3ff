"""What holds for any pages, links and texts, and not only for those that somebody thought of."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import store as stores
from auditor.model import Document, Link
from auditor.store import Store, export
from tests.store.story import LINCOLN, MONDAY, SITE, as_it_stands, finding

SLOW_DISK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
PAGES = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3), st.lists(st.sampled_from("uvwxyz"), max_size=6)),
    max_size=12,
)
"""Pages in the order of the crawl: address, depth, links; some are read twice."""

fresh = count()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("properties")
    with stores.open_url(f"sqlite:///{folder}/auditor.db", folder) as store:
        yield store


@SLOW_DISK
@given(pages=PAGES, flushes=st.sets(st.integers(0, 11)))
def test_links_add_up_however_the_pages_fall_into_bundles(
    store: Store, pages: list[tuple[str, int, list[str]]], flushes: set[int]
) -> None:
    audit_id, account = store.begin_audit([], "mcps", "command", MONDAY), f"account-{next(fresh)}"
    with store.writer(audit_id) as writer:
        for n, (url, depth, links) in enumerate(pages):
            document = Document(url, links=tuple(Link(link, f"{url} to {link}") for link in links), depth=depth)
            writer.saw(account, document, mask=as_it_stands)
            if n in flushes:
                writer.flush()

    store.gather(audit_id, account)
    last_sights = {url: (depth, links) for url, depth, links in pages}
    places: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for url, (depth, links) in last_sights.items():
        for link in set(links):
            places[link].append((depth, url))
    assert {(u.link.url, u.page, u.places, u.link.words) for u in store.link_uses(account)} == {
        (link, min(where)[1], len(where), f"{min(where)[1]} to {link}") for link, where in places.items()
    }
    assert store.frontier(audit_id, account).done == set(last_sights)


@SLOW_DISK
@given(text=st.text(st.characters(), max_size=40))
def test_any_text_can_be_stored_and_comes_back_the_same_but_for_what_no_database_holds(store: Store, text: str) -> None:
    audit_id, key = store.begin_audit([], "mcps", "command", MONDAY), f"key{next(fresh)}"
    with store.writer(audit_id) as writer:
        writer.saw(
            LINCOLN.id, Document(SITE + key), mask=as_it_stands, findings=[finding(subject=text, fingerprint=key)]
        )

    storable = "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)
    assert store.finding(f"f-{key}").finding.subject == storable


@given(text=st.text())
def test_no_text_becomes_a_formula_and_none_is_lost(text: str) -> None:
    told = dict.fromkeys(export.KEYS, text)

    rows = [*csv.reader(io.StringIO(export.csv_table([told]), newline=""))]

    assert rows[0] == list(export.KEYS)
    for cell in rows[1]:
        assert cell.removeprefix("'") == text.removeprefix("'")
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@given(moment=st.datetimes(timezones=st.timezones() | st.none()))
def test_every_moment_can_be_told(moment: datetime) -> None:
    told = export.moment(moment)

    assert len(told) == len("2026-11-16T06:00:04Z")
    assert datetime.fromisoformat(told).tzinfo == UTC
