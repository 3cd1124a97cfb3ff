"""What a browser gained on a host is remembered: no page is opened in vain, and a change of the site is noticed."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model import Passage
from auditor.recall import HostBook
from auditor.store import open_url
from spiders.browser import Rendered
from spiders.host_memory import IN_VAIN, SAMPLE, HostFacts
from spiders.reactor import run
from spiders.reading import Assignment, CrawlOptions
from spiders.website import read
from tests.servers import Reply, Route, Site, serve
from tests.test_website import SHELL, Painter
from tests.visits import OPTIONS, Notes, account, links

NEEDS = {"read": 20, "empty": 19, "opened": 19, "gained": 19, "in_vain": 0, "turn": 0}
IN_VAIN_ALWAYS = {"read": 20, "empty": 9, "opened": 9, "gained": 0, "in_vain": 9, "turn": 0}


class Book:
    """A memory of hosts, in a dictionary."""

    def __init__(self, facts: Mapping[str, object] | None = None) -> None:
        self.facts = facts
        self.kept: dict[str, Mapping[str, object]] = {}

    def recall(self, host: str) -> Mapping[str, object]:
        return self.kept.get(host, self.facts or {})

    def remember(self, host: str, facts: Mapping[str, object]) -> None:
        self.kept[host] = facts


def crawl(site: Site, painter: Painter | None, book: Book, options: CrawlOptions = OPTIONS) -> Notes:
    notes = Notes()
    run(read([Assignment(account(site.url))], options, notes, painter, book))
    return notes


def site_of(**pages: Route) -> dict[str, Route]:
    return {"/robots.txt": "", "/sitemap.xml": Reply("", 404), **{f"/{name}": route for name, route in pages.items()}}


def test_what_a_browser_gained_is_remembered_by_the_host_and_its_port() -> None:
    book = Book()
    painter = Painter(
        {"/": Rendered(f"<p>Ana Ortiz won the fair {links('/vain', '/plain')}"), "/vain": Rendered(SHELL)}
    )

    with serve(site_of(**{"": SHELL, "vain": SHELL, "plain": "<p>Plain page"})) as site:
        crawl(site, painter, book)

    assert book.kept == {
        site.url.removeprefix("http://").strip("/"): {
            "read": 3,
            "empty": 2,
            "opened": 2,
            "gained": 1,
            "in_vain": 1,
            "turn": 1,
        }
    }


def test_a_host_on_which_no_browser_was_needed_is_not_remembered() -> None:
    book = Book()

    with serve(site_of(**{"": "<p>Plain page"})) as site:
        crawl(site, Painter({}), book)

    assert book.kept == {}


def test_a_browser_that_fails_teaches_nothing_of_the_host() -> None:
    book = Book()

    with serve(site_of(**{"": SHELL})) as site:
        crawl(site, Painter({}), book)

    assert book.kept == {}


def test_a_host_known_to_need_a_browser_is_opened_in_it_at_once_and_nothing_that_was_served_is_lost() -> None:
    painter = Painter({"/": Rendered(f"<p>Shown by a script {links('/shown')}"), "/shown": Rendered("<p>x")})

    with serve({**site_of(**{"": f"<p>Served as it is {links('/served')}"}), "*": "<p>y"}) as site:
        notes = crawl(site, painter, Book(NEEDS))

    assert sorted(painter.asked) == ["/", "/served", "/shown"]
    assert "Shown by a script" in repr([p.text for p in notes.documents[0].passages])
    assert "Served as it is" in repr([p.text for p in notes.documents[0].passages])
    assert notes.documents[0].rendered


def test_a_host_on_which_a_browser_gained_nothing_is_not_opened_and_the_gap_is_told() -> None:
    painter = Painter({"/": Rendered("<p>Shown by a script")})

    with serve(site_of(**{"": SHELL})) as site:
        turn = next(turn for turn in (0, 1) if not HostFacts(turn=turn).samples(site.url))
        notes = crawl(site, painter, Book({**IN_VAIN_ALWAYS, "turn": turn}))

    assert painter.asked == []
    assert notes.why == ["pages like it stayed empty in a browser, too"]
    assert [document.problem for document in notes.documents] == notes.why


def test_one_page_in_fifty_of_such_a_host_is_opened_all_the_same_and_a_change_is_noticed() -> None:
    names = [f"/{n}" for n in range(600)]
    shell = SHELL.replace("</div>", f"</div>{links(*names)}")
    painter = Painter({name: Rendered("<p>Shown by a script") for name in ("/", *names)})
    book = Book(IN_VAIN_ALWAYS)

    with serve({**site_of(**{"": shell}), "*": SHELL}) as site:
        crawl(site, painter, book)

    assert 1 <= len(painter.asked) <= 36
    (kept,) = book.kept.values()
    assert not HostFacts.of(kept).gains_nothing


def test_whoever_wants_every_page_opened_gets_that_whatever_is_remembered() -> None:
    painter = Painter({"/": Rendered("<p>Shown by a script")})

    with serve(site_of(**{"": SHELL})) as site:
        crawl(site, painter, Book(IN_VAIN_ALWAYS), replace(OPTIONS, render="always"))

    assert painter.asked == ["/"]


def test_with_every_page_opened_what_was_served_and_what_is_shown_count_both() -> None:
    served = f'<p>Only served<a href="/a">a</a><img src="/i.png" alt="served"><i id="here"></i>{links("/both")}'
    shown = f'<p>Only shown<a href="/b">b</a><img src="/j.png" alt="shown"><i id="there"></i>{links("/both")}'
    painter = Painter({"/": Rendered(shown)})

    with serve(site_of(**{"": served})) as site:
        notes = crawl(site, painter, Book(), replace(OPTIONS, render="always", max_pages=1))

    (page,) = notes.documents
    text = " ".join(passage.text for passage in page.passages)
    assert ("Only served" in text, "Only shown" in text, page.rendered) == (True, True, True)
    assert sorted(link.url.removeprefix(site.url) for link in page.links if link.tag == "a") == ["a", "b", "both"]
    assert sorted(image.alt for image in page.images) == ["served", "shown"]
    assert page.anchors >= {"here", "there"}


def test_a_page_that_shows_what_was_served_says_nothing_twice() -> None:
    same = "<p>Spring fair<p>Bring a cake"
    painter = Painter({"/": Rendered(same + "<p>Loaded late")})

    with serve(site_of(**{"": same})) as site:
        notes = crawl(site, painter, Book(), replace(OPTIONS, render="always"))

    assert " ".join(passage.text for passage in notes.documents[0].passages).count("Spring fair") == 1


def test_a_page_of_which_something_may_be_missing_is_told() -> None:
    painter = Painter({"/": Rendered("<p>Shown by a script", missing="it fetches more than a page may")})

    with serve(site_of(**{"": SHELL})) as site:
        notes = crawl(site, painter, Book())

    assert [document.passages for document in notes.documents] == [(Passage("Shown by a script"),)]
    assert [document.problem for document in notes.documents] == notes.why == ["it fetches more than a page may"]


# ------------------------------------------------------------------------------------------------ the facts


FACTS = st.sampled_from(["read", "empty", "opened", "gained", "in_vain", "turn", "something else"])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(FACTS, st.none() | st.integers() | st.text()))
def test_whatever_a_store_remembers_can_be_read(remembered: dict[str, object]) -> None:
    facts = HostFacts.of(remembered)

    facts.saw(empty=True)
    facts.showed(more=False)
    assert isinstance(facts.needs_browser, bool)
    assert HostFacts.of(facts.told()) == replace(facts, turn=facts.turn + 1)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=50, unique=True))
def test_every_page_is_sampled_in_one_of_fifty_crawls(urls: list[str]) -> None:
    for url in urls:
        assert sum(HostFacts(turn=turn).samples(url) for turn in range(SAMPLE)) == 1


def test_a_host_that_changed_is_known_anew_in_time() -> None:
    facts = HostFacts.of(NEEDS)

    for _ in range(200):
        facts.saw(empty=False)

    assert not facts.needs_browser


def test_three_pages_in_a_row_without_gain_are_enough_and_one_with_gain_turns_it() -> None:
    facts = HostFacts()
    for _ in range(IN_VAIN):
        facts.showed(more=False)
    before = facts.gains_nothing

    facts.showed(more=True)

    assert (before, facts.gains_nothing) == (True, False)


def test_the_store_keeps_the_facts_of_a_host_from_audit_to_audit(tmp_path: Path) -> None:
    painter = Painter({"/": Rendered("<p>Shown by a script")})

    with open_url(f"sqlite:///{tmp_path / 'kept.db'}", tmp_path) as store, serve(site_of(**{"": SHELL})) as site:
        for _ in range(2):
            run(read([Assignment(account(site.url))], OPTIONS, Notes(), painter, HostBook(store)))
        facts = HostBook(store).recall(site.url.removeprefix("http://").strip("/"))

    assert facts == {"read": 2, "empty": 2, "opened": 2, "gained": 2, "in_vain": 0, "turn": 2}
