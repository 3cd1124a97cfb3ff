"""Pages that are told twice, in any order, by any process; and pages that are as they were."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from auditor import store as stores
from auditor.model import Aside, Blind, Document, Finding, Image, Link, LinkVerdict, Note, Outcome, Reason, Remark
from auditor.store import Store, lifecycle
from auditor.store.rows import Untraced
from auditor.store.schema import finding as findings
from auditor.store.schema import image_text, link_text, note, page, remark, sighting
from auditor.store.writer import Writer
from tests.store.story import DEAD_LINK, LINCOLN, MONDAY, NAMED, SITE, WEEK, Story, as_it_stands, finding
from tests.store.test_store_properties import SLOW_DISK

A = LINCOLN.id
TABLES = (page, link_text, image_text, note, sighting, remark, findings)


@pytest.fixture
def story(store: Store) -> Story:
    return Story(store)


# ------------------------------------------------------------------------------------------- told again

KINDS = ("read", "shell", "gone", "missed")
TOLD = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(KINDS)), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """One store, opened twice, as two programs would."""
    folder = tmp_path_factory.mktemp("pages")
    with (
        stores.open_url(f"sqlite:///{folder}/auditor.db", folder) as one,
        stores.open_url(f"sqlite:///{folder}/auditor.db", folder) as other,
    ):
        yield one, other


def tell(writer: Writer, name: str, kind: str) -> None:
    """Tells of one page; the same name and kind always say the same."""
    url = SITE + name
    if kind == "gone":
        writer.gone(A, url)
    elif kind == "missed":
        writer.missed(A, url, Blind(f"{name} was busy", Reason.RATE_LIMITED))
    else:
        shell = kind == "shell"
        document = Document(
            url,
            links=(Link(f"{url}/{kind}", kind), Link(SITE, "Home"), Link(SITE, "Start")),
            images=(Image(f"{url}.png", alt=kind),),
            anchors=frozenset({"top", name, kind}),
            depth=2,
            problem="it is empty" if shell else "",
            is_shell=shell,
        )
        writer.saw(
            A,
            document,
            mask=as_it_stands,
            findings=[finding(path=name, subject=kind)],
            notes=[("missing-disclaimer", Note(url, {"kind": kind}))],
            remarks=[Remark("student-name", Aside.UNKNOWN, kind)],
            trace=Untraced(f'"{kind}"', "Mon", b"body", b"content", echo="echo"),
            ground=b"the same law",
        )


def kept(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of what was read."""
    with store._database.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in TABLES
            if table is not findings
        }


def emptied(store: Store) -> int:
    """A new audit of a store in which nothing was ever read."""
    with store._database.writing() as connection:
        for table in reversed(TABLES):
            connection.execute(table.delete())
    return store.begin_audit([A], "mcps", "command", MONDAY)


@SLOW_DISK
@given(told=TOLD, order=st.randoms(use_true_random=False), flushes=st.sets(st.integers(0, 20)))
def test_pages_told_twice_in_any_order_by_two_programs_leave_the_same_rows(
    two: tuple[Store, Store], told: list[tuple[str, str]], order: Any, flushes: set[int]
) -> None:
    one, other = two
    audit_id = emptied(one)
    with one.writer(audit_id, clock=lambda: MONDAY) as writer:
        for name, kind in told:
            tell(writer, name, kind)
    once = kept(one)

    again = [*told, *told]
    order.shuffle(again)
    audit_id = emptied(one)
    with one.writer(audit_id, clock=lambda: MONDAY) as first, other.writer(audit_id, clock=lambda: MONDAY) as second:
        for n, (name, kind) in enumerate(again):
            writer = order.choice((first, second))
            tell(writer, name, kind)
            if n in flushes:
                writer.flush()

    assert read_texts(kept(one)) == read_texts(without_audit(once, audit_id))


def without_audit(rows: dict[str, list[tuple[Any, ...]]], audit_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """The same rows as another audit would write them."""
    at = list(page.c).index(page.c.audit)
    pages = [(*row[:at], audit_id, *row[at + 1 :]) for row in rows["page"]]
    return {**rows, "page": sorted(pages, key=repr)}


def read_texts(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    """The rows, but for texts that a page said which gave way: they are forgotten when the crawl is over."""
    return {name: found for name, found in rows.items() if not name.endswith("_text")}


# ------------------------------------------------------------------------------------------- as it was


def test_what_stands_on_an_unchanged_page_is_seen_again(story: Story) -> None:
    story.audit({"news.html": [NAMED]})

    story.audit(unchanged=["news.html"], complete=True)

    told = story.told()
    assert (told.status, told.last_seen, told.last_audit) == ("open", MONDAY + WEEK, story.audit_id)
    assert story.store.outcomes(story.audit_id, A) == {"student-name": {Outcome.FAIL}}
    assert story.store.sights(story.audit_id, A).documents == 1


def test_links_of_an_unchanged_page_are_still_there(story: Story) -> None:
    story.audit({"news.html": []}, links={DEAD_LINK.subject: LinkVerdict.BROKEN}, found=[DEAD_LINK])
    before = [(use.link, use.page, use.places) for use in story.store.link_uses(A)]

    story.audit(unchanged=["news.html"])

    assert [(use.link, use.page, use.places) for use in story.store.link_uses(A)] == before
    assert before == [(Link(DEAD_LINK.subject), SITE + "news.html", 1)]


def test_a_page_that_is_as_it_was_after_a_bad_day_is_known_again(story: Story) -> None:
    story.audit({"news.html": [NAMED]})
    story.audit(missed=["news.html"])
    missed = story.status(), story.store.outcomes(story.audit_id, A)

    story.audit(unchanged=["news.html"], complete=True)

    assert missed == ("open", {})
    assert story.told().last_audit == story.audit_id


@pytest.mark.parametrize("trace", [Untraced(), Untraced(kept=1)])
def test_a_page_that_was_never_judged_cannot_be_as_it_was(store: Store, trace: Untraced) -> None:
    audit_id = store.begin_audit([A], "mcps", "command", MONDAY)
    writer = store.writer(audit_id)

    writer.unchanged(A, SITE, 0, trace)

    with pytest.raises(LookupError, match="this store has not read"):
        writer.close()


def test_a_page_that_is_known_by_just_what_the_store_keeps_stays_as_it_is(story: Story) -> None:
    trace = Untraced("tag", "Mon, 02 Mar 2026 08:00:00 GMT", b"body", b"content", rendered=True, echo="echo")
    first = story.store.begin_audit([A], "mcps", "command", MONDAY)
    with story.store.writer(first) as writer:
        document = Document(SITE + "a.html", depth=3)
        writer.saw(A, document, mask=str, trace=trace, ground=b"ground")
    (before,) = story.store.pages_before(A)

    second = story.store.begin_audit([A], "mcps", "command", MONDAY)
    with story.store.writer(second) as writer:
        writer.unchanged(A, document.url, 3, replace(trace, kept=before.id))

    assert list(story.store.pages_before(A)) == [before._replace(audit=second)]
    assert story.store.frontier(second, A).depths == story.store.depths_before(A, [document.url]) == {document.url: 3}


def test_an_address_that_is_gone_keeps_what_said_so_and_one_that_sends_on_has_none(store: Store) -> None:
    audit_id = store.begin_audit([A], "mcps", "command", MONDAY)
    with store.writer(audit_id) as writer:
        writer.gone(A, SITE + "gone", 410)
        writer.gone(A, SITE + "moved")

    told = {met.url: (met.state, met.problem) for met in store.pages_met(audit_id, A)}
    assert told == {SITE + "gone": ("gone", "410"), SITE + "moved": ("gone", "")}
    assert [met.url for met in store.pages_met(audit_id, A, [SITE + "moved", SITE])] == [SITE + "moved"]


def test_an_address_that_is_still_gone_is_kept_as_one_that_is_gone_for_the_first_time(store: Store) -> None:
    before, now = {"a": 404, "b": 404, "c": None, "d": None}, {"a": 404, "b": 410, "c": None, "d": 404, "e": 404}
    for said in (before, now):
        audit_id = store.begin_audit([A], "mcps", "command", MONDAY)
        with store.writer(audit_id) as writer:
            for path, status in said.items():
                writer.gone(A, SITE + path, status)

    told = {met.url: (met.state, met.problem) for met in store.pages_met(audit_id, A)}
    assert told == {SITE + path: ("gone", str(status or "")) for path, status in now.items()}


def everywhere(path: str, outcome: Outcome = Outcome.FAIL) -> Finding:
    """One finding that stands on many pages, as it is found on one of them."""
    return replace(finding(path=path, fingerprint="seal"), outcome=outcome, excerpt=f"on {path}")


def test_a_finding_that_stands_on_many_pages_is_told_as_it_is_on_the_first_of_the_gravest(story: Story) -> None:
    story.audit(
        {
            "a.html": [everywhere("a.html")],
            "b.html": [everywhere("b.html")],
            "c.html": [everywhere("c.html", Outcome.REVIEW)],
        },
        depths={"a.html": 2},
    )
    first = story.told(everywhere("b.html")).finding
    story.audit({"b.html": []}, unchanged=["a.html", "c.html"], depths={"a.html": 2})
    second = story.told(everywhere("b.html")).finding
    story.audit({"a.html": []}, unchanged=["b.html", "c.html"])
    third = story.told(everywhere("b.html")).finding

    assert first == replace(everywhere("b.html"), places=3)
    assert second == replace(everywhere("a.html"), places=2)
    assert third == replace(everywhere("c.html", Outcome.REVIEW), places=1)


def test_findings_that_are_too_many_to_be_added_up_together_are_all_seen_again(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "_TOGETHER", 3)
    letters = "27amz"
    many = [finding(path=f"{a}.html", fingerprint=a + b + 14 * "x") for a in letters for b in letters]
    pages = {f"{a}.html": [one for one in many if one.fingerprint[0] == a] for a in letters}
    story.audit(pages)

    story.audit(unchanged=list(pages), complete=True)

    assert [story.told(one).last_audit for one in many] == [story.audit_id] * len(many)


def test_what_only_a_vanished_page_said_is_forgotten_when_everything_was_read(story: Story) -> None:
    story.audit({"news.html": [], "old.html": []}, links={"http://a.example/": LinkVerdict.ALIVE})

    story.audit({"old.html": []}, complete=True)

    rows = kept(story.store)
    assert [row[2] for row in rows["page"]] == [SITE + "old.html"]
    assert [*story.store.link_uses(A)] == []


def test_words_that_no_page_says_any_more_are_forgotten(story: Story) -> None:
    story.audit({"news.html": []}, links={"http://a.example/": LinkVerdict.ALIVE})

    story.audit({"news.html": []}, links={"http://b.example/": LinkVerdict.ALIVE})

    assert [text.url for text in story.store.link_texts(A).values()] == ["http://b.example/"]
