"""What a crawl found at addresses, for the links that lead there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor import recall
from auditor.model import Account, Blind, Document, Kind, Reason
from auditor.recall import Crawled
from auditor.store import Store, open_url
from spiders.links import places_of

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
