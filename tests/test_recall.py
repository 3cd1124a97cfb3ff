"""What is remembered of pages for the next crawl, and for the links that lead to them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor import recall
from auditor.model import Account, Blind, Document, Kind, Link, Reason
from auditor.recall import Crawled, Recall
from auditor.store import Store, open_url
from spiders.links import places_of
from spiders.reading import Trace

SITES = [Account(f"site-{n}", Kind.OFFICIAL, "website", f"http://s{n}.example/") for n in range(3)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_url(f"sqlite:///{tmp_path}/auditor.db", tmp_path) as store:
        yield store


@pytest.mark.parametrize("few", [0, 4])
def test_whether_the_accounts_are_few_or_many_it_is_told_what_was_found_there(
    store: Store, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(recall, "_FEW", few)
    audit = store.begin_audit([site.id for site in SITES], "mcps", "command", datetime.now(UTC))
    with store.writer(audit) as writer:
        for site in SITES:
            writer.saw(site.id, Document(site.url, anchors=frozenset({"top"})), mask=str)
            writer.gone(site.id, f"{site.url}gone", 410)
            writer.missed(site.id, f"{site.url}shut", Blind("it is shut", Reason.LOGIN_WALL))
    home = SITES[1].url
    links = [f"{home}{path}" for path in ("#top", "gone?utm_source=x", "shut#hours", "else")]

    met = Crawled(store, audit, SITES).at({place for url in links for place in places_of(url)})

    assert "top" in met.read[home].anchors
    assert met.gone[f"{home}gone"][0] == 410
    assert {url for url in met.lost if url.startswith(home)} == {f"{home}gone", f"{home}shut"}
    assert f"{home}else" not in met.read


@pytest.mark.parametrize("most", [1, 100])
def test_an_account_of_many_pages_is_remembered_as_one_of_few(
    store: Store, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(recall, "_SLICE", most)
    site = SITES[0]
    front = Document(site.url, links=(Link(f"{site.url}a"), Link(f"{site.url}b")))
    behind = Document(f"{site.url}a", links=(Link(f"{site.url}b"), Link(f"{site.url}c")))
    audit = store.begin_audit([site.id], "mcps", "command", datetime.now(UTC))
    with store.writer(audit) as writer:
        for document in (front, behind):
            writer.saw(site.id, document, mask=str, trace=Trace(body=b"as it was"), ground=b"the law")
    memory = Recall(store).of(site.id, b"the law")

    memory.expect([behind.url, f"{site.url}new"])

    for url in (behind.url, front.url):
        before = memory.before(url)
        assert before is not None
        assert before.kept
        assert before._replace(kept=0) == Trace(body=b"as it was", depth=0)
    assert memory.before(f"{site.url}new") is None
    assert [link.url for link in memory.leads(behind.url)] == [f"{site.url}b", f"{site.url}c"]
    assert [link.url for link in memory.leads(front.url)] == [f"{site.url}a"], (
        "what it gave before leads to nothing new"
    )


def test_what_is_forgotten_on_the_way_is_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for bound in ("_SLICE", "_SLICES", "_LINKS", "_TEXTS"):
        monkeypatch.setattr(recall, bound, 1)
    site = SITES[0]
    pages = [Document(f"{site.url}{n}", links=(Link(f"{site.url}{n}a"), Link(f"{site.url}{n}b"))) for n in range(4)]
    audit = store.begin_audit([site.id], "mcps", "command", datetime.now(UTC))
    with store.writer(audit) as writer:
        for page in pages:
            writer.saw(site.id, page, mask=str, trace=Trace(body=page.url.encode()), ground=b"the law")
    memory = Recall(store).of(site.id, b"the law")

    memory.expect([page.url for page in pages[:2]])
    memory.expect([page.url for page in pages[2:]])

    bodies = [before.body for page in pages if (before := memory.before(page.url)) is not None]
    assert bodies == [page.url.encode() for page in pages]
    assert [tuple(memory.leads(page.url)) for page in pages] == [page.links for page in pages]
