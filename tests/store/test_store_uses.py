"""What an account links to and shows is added up from what changed, and is what all of its pages say."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, select, update

from auditor import store as stores
from auditor.model import Blind, Document, Image, Link, Reason
from auditor.store import Store
from auditor.store.rows import SEEN, Counted, Untraced
from auditor.store.schema import image, image_text, link, link_text, page
from auditor.store.texts import unpacked
from auditor.store.writer import Writer
from tests.store.story import LINCOLN, MONDAY, SITE, as_it_stands
from tests.store.test_store_properties import SLOW_DISK

A = LINCOLN.id
PAGES = "abcd"
SHOP, OAK = "http://shop.example/", "http://oak.example/"

LINKS = st.lists(st.tuples(st.sampled_from((SHOP, OAK, SITE)), st.sampled_from(("Buy", "Go"))), max_size=4)
SEEN_AS = st.tuples(st.sampled_from(("read", "shell")), st.integers(0, 2), LINKS)
TOLD = st.one_of(SEEN_AS, st.sampled_from(("as it was", "as it was, but nearer", "gone", "missed", "added up")))
AUDITS = st.lists(st.lists(st.tuples(st.sampled_from(PAGES), TOLD), max_size=8), min_size=1, max_size=4)
"""Audits, one after the other: what each is told of pages. What it is told nothing of, it did not see."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("uses")
    with stores.open_url(f"sqlite:///{folder}/auditor.db", folder) as store:
        yield store


def tell(store: Store, writer: Writer, name: str, told: object) -> None:
    url = SITE + name
    before = next(iter(store.pages_before(A, [url])), None)
    match told:
        case (str(kind), int(depth), list(links)):
            seen = Document(
                url,
                links=tuple(Link(to, words) for to, words in links),
                images=tuple(Image(f"{to}seal.png", alt=words) for to, words in links),
                depth=depth,
                is_shell=kind == "shell",
            )
            writer.saw(A, seen, mask=as_it_stands, ground=b"ground")
        case "gone":
            writer.gone(A, url)
        case "missed":
            writer.missed(A, url, Blind("it was busy", Reason.RATE_LIMITED))
        case "as it was" if before and before.ground and before.state != "shell":
            writer.unchanged(A, url, before.depth, Untraced(kept=before.id))
        case "as it was, but nearer" if before and before.ground and before.state != "shell":
            writer.unchanged(A, url, 0, Untraced())


def as_all_pages_say(store: Store, audit: int, table: Table, texts: Table) -> dict[str, tuple[int, str, int, int]]:
    """The uses, added up from every page: text, first page, its depth, places."""
    with store._database.reading() as connection:
        urls = dict(connection.execute(select(texts.c.id, texts.c.url)).all())
        rows = connection.execute(select(page).where(page.c.account == A, page.c.audit == audit)).all()
    uses: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for row in rows:
        if row.state in SEEN:
            for number in unpacked(row.links if table is link else row.images):
                if number > 0:
                    uses[urls[number]].append((row.depth, row.url, number))
    return {url: (min(where)[2], min(where)[1], min(where)[0], len(where)) for url, where in uses.items()}


def as_added_up(store: Store, table: Table) -> dict[str, tuple[int, str, int, int]]:
    with store._database.reading() as connection:
        rows = connection.execute(select(table).where(table.c.account == A)).all()
    return {row.url: (row.text, row.page, row.depth, row.places) for row in rows}


def assert_added_up(store: Store, audit: int) -> None:
    store.gather(audit, A)
    for table, texts in ((link, link_text), (image, image_text)):
        assert as_added_up(store, table) == as_all_pages_say(store, audit, table, texts)
        with store._database.reading() as connection:
            kept = set(connection.execute(select(texts.c.id).where(texts.c.account == A)).scalars())
            said = connection.execute(select(page.c.links, page.c.images).where(page.c.account == A)).all()
        column = 0 if table is link else 1
        assert kept == {abs(number) for row in said for number in unpacked(row[column])}


def audit(store: Store, told: list[tuple[str, object]]) -> int:
    audit_id = store.begin_audit([A], "mcps", "command", MONDAY)
    writer = store.writer(audit_id)
    for name, what in told:
        if what == "added up":
            writer.close()
            assert_added_up(store, audit_id)
            writer = store.writer(audit_id)
        else:
            writer.flush()
            tell(store, writer, name, what)
    writer.close()
    assert_added_up(store, audit_id)
    return audit_id


def empty(store: Store) -> None:
    with store._database.writing() as connection:
        for table in (page, link_text, image_text, link, image):
            connection.execute(table.delete())


@SLOW_DISK
@given(audits=AUDITS)
def test_whatever_changed_the_sum_is_that_of_all_pages(alone: Store, audits: list[list[tuple[str, object]]]) -> None:
    empty(alone)
    for told in audits:
        audit(alone, told)


def test_only_what_changed_is_added_up_and_the_rest_is_not_read_again(store: Store) -> None:
    home: tuple[str, object] = ("a", ("read", 0, [(SHOP, "Buy"), (OAK, "Go")]))
    news: tuple[str, object] = ("b", ("read", 1, [(SHOP, "Go"), (SITE, "Go")]))
    audit(store, [home, news])
    with store._database.reading() as connection:
        assert set(connection.execute(select(page.c.counted)).scalars()) == {Counted.AS_IT_STANDS}

    # Were it read again, this would be seen.
    with store._database.writing() as connection:
        connection.execute(update(link).where(link.c.url == OAK).values(places=7))
    second = store.begin_audit([A], "mcps", "command", MONDAY)
    with store.writer(second) as writer:
        tell(store, writer, "a", "as it was")
        tell(store, writer, "b", ("read", 1, [(SITE, "Go")]))
    store.gather(second, A)

    assert {url: places for url, (_, _, _, places) in as_added_up(store, link).items()} == {SHOP: 1, OAK: 7, SITE: 1}


def test_an_address_that_left_its_first_page_stands_first_on_the_nearest_of_the_others(store: Store) -> None:
    audit(store, [(name, ("read", depth, [(SHOP, "Buy")])) for name, depth in (("a", 0), ("b", 2), ("c", 1))])

    audit(store, [("a", ("read", 0, [])), ("b", "as it was"), ("c", "as it was")])

    (use,) = store.link_uses(A)
    assert (use.page, use.places) == (SITE + "c", 2)


def test_what_a_purge_forgets_is_not_taken_off_twice(store: Store) -> None:
    first = audit(store, [("a", ("read", 0, [(SHOP, "Buy")])), ("b", ("read", 1, [(SHOP, "Buy"), (OAK, "Go")]))])
    store.stop_audit(first, MONDAY)
    second = store.begin_audit([A], "mcps", "command", MONDAY + timedelta(days=999))
    with store.writer(second) as writer:
        tell(store, writer, "b", "as it was")

    removed = store.purge(MONDAY + timedelta(days=998), MONDAY).removed

    assert removed["page"] == 1
    assert_added_up(store, second)
    assert {use.link.url: use.places for use in store.link_uses(A)} == {SHOP: 1, OAK: 1}
