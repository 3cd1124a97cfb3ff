"""What a crawl writes down and reads back, on SQLite and on PostgreSQL."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import event

from auditor.model import (
    Blind,
    Document,
    Image,
    Link,
    LinkState,
    LinkUse,
    LinkVerdict,
    LogoSighting,
    Note,
    Outcome,
    Picture,
    PictureUse,
    Reason,
)
from auditor.store import Store, adding
from auditor.store.columns import LONGEST_URL
from auditor.store.database import ROWS
from auditor.store.rows import Frontier, PageBefore, Sights, VisitedLink
from auditor.store.rows import Untraced as Known
from auditor.store.texts import unpacked
from tests.store.story import LINCOLN, MONDAY, NAMED, SITE, WEEK, Story, as_it_stands, finding

A = LINCOLN.id
ALIVE, BROKEN, BLOCKED, SKIPPED = LinkVerdict.ALIVE, LinkVerdict.BROKEN, LinkVerdict.BLOCKED, LinkVerdict.SKIPPED
HOUR = timedelta(hours=1)


@pytest.fixture
def audit_id(store: Store) -> int:
    return store.begin_audit([A], "mcps", "command", MONDAY)


# ------------------------------------------------------------------------------------------- the frontier


def test_an_account_that_nobody_began_has_an_empty_frontier(store: Store, audit_id: int) -> None:
    assert store.frontier(audit_id, A) == Frontier()


def test_a_frontier_tells_what_was_done_and_what_was_missed(store: Store, audit_id: int) -> None:
    blind = Blind("c.html", Reason.ROBOTS, "Ask the webmaster.")
    with store.writer(audit_id) as writer:
        writer.saw(A, Document(SITE, published_on=MONDAY), mask=as_it_stands)
        writer.saw(A, Document(SITE + "a.html", published_on=MONDAY - WEEK, problem="cut at 8 MiB"), mask=as_it_stands)
        writer.gone(A, SITE + "b.html")
        writer.missed(A, SITE + "c.html", blind)
        writer.blind(A, Blind("the member pages", Reason.LOGIN_WALL))
        writer.blind(A, Blind("pages after the first 500", Reason.LIMIT, "Raise crawl.max_pages."))

    assert store.frontier(audit_id, A) == Frontier(
        done=frozenset({SITE, SITE + "a.html", SITE + "b.html", SITE + "c.html"}),
        missed=((SITE + "c.html", blind),),
        depths={SITE: 0, SITE + "a.html": 0},
    )
    assert store.sights(audit_id, A) == Sights(2, oldest=MONDAY - WEEK, newest=MONDAY)
    assert list(store.gaps(audit_id, A)) == [
        ("", Blind("pages after the first 500", Reason.LIMIT, "Raise crawl.max_pages.")),
        ("", Blind("the member pages", Reason.LOGIN_WALL)),
        (SITE + "c.html", blind),
        (SITE + "a.html", Blind("cut at 8 MiB", Reason.NOT_IN_ROUTE)),
    ]


@pytest.mark.parametrize("flushed_between", [True, False])
@pytest.mark.parametrize("order", list(permutations(["gone", "missed", "saw"])))
def test_what_was_read_stays_read_in_whatever_order_it_is_told(
    store: Store, audit_id: int, order: tuple[str, ...], flushed_between: bool
) -> None:
    with store.writer(audit_id) as writer:
        tell = {
            "gone": lambda: writer.gone(A, SITE),
            "missed": lambda: writer.missed(A, SITE, Blind("home", Reason.UNREACHABLE)),
            "saw": lambda: writer.saw(A, Document(SITE), mask=as_it_stands),
        }
        for name in order:
            tell[name]()
            if flushed_between:
                writer.flush()

    assert store.frontier(audit_id, A) == Frontier(done=frozenset({SITE}), depths={SITE: 0})
    assert (store.sights(audit_id, A).documents, list(store.gaps(audit_id, A))) == (1, [])


@pytest.mark.parametrize("flushed_between", [True, False])
@pytest.mark.parametrize("order", [("saw", "missed"), ("missed", "saw"), ("missed", "saw", "saw", "missed")])
def test_a_page_that_was_read_in_part_keeps_why_the_rest_was_not_in_whatever_order_that_is_told(
    store: Store, audit_id: int, order: tuple[str, ...], flushed_between: bool
) -> None:
    why = Blind("the answers to it could not be read", Reason.PLATFORM_OUTAGE, "The next audit tries again.")
    with store.writer(audit_id) as writer:
        tell = {
            "saw": lambda: writer.saw(A, Document(SITE, problem=why.what), mask=as_it_stands),
            "missed": lambda: writer.missed(A, SITE, why),
        }
        for name in order:
            tell[name]()
            if flushed_between:
                writer.flush()

    assert store.frontier(audit_id, A) == Frontier(done=frozenset({SITE}), depths={SITE: 0})
    assert (store.sights(audit_id, A).documents, list(store.gaps(audit_id, A))) == (1, [(SITE, why)])


def test_a_page_that_was_missed_may_turn_out_to_be_gone(store: Store, audit_id: int) -> None:
    with store.writer(audit_id) as writer:
        writer.missed(A, SITE, Blind("home", Reason.UNREACHABLE))
        writer.gone(A, SITE)

    assert store.frontier(audit_id, A) == Frontier(done=frozenset({SITE}))


def test_a_page_is_soon_stored_though_nobody_asks_for_it(store: Store, audit_id: int) -> None:
    writer = store.writer(audit_id)

    writer.saw(A, Document(SITE), mask=as_it_stands)
    for _ in range(500):
        if store.sights(audit_id, A).documents:
            break
        time.sleep(0.02)

    assert store.sights(audit_id, A).documents == 1
    writer.close()


def test_two_hundred_pages_are_stored_at_once(store: Store, audit_id: int) -> None:
    writer = store.writer(audit_id)

    for n in range(200):
        writer.saw(A, Document(f"{SITE}{n}"), mask=as_it_stands)

    assert store.sights(audit_id, A).documents == 200
    writer.close()


def test_the_next_audit_knows_by_what_a_page_is_known_again_and_where_it_led(store: Store) -> None:
    first = store.begin_audit([A], "mcps", "command", MONDAY)
    trace = Known('"e1"', "Mon", b"body", b"content", rendered=False, echo="d1")
    home = Document(SITE, links=(Link(SITE + "a.html", "More", "a", ("next",)),), depth=3)
    with store.writer(first) as writer:
        writer.saw(A, home, mask=as_it_stands, trace=trace, ground=b"the law")
        writer.gone(A, SITE + "c.html")

    (before,) = store.pages_before(A)

    links = before.links
    known = ('"e1"', "Mon", "d1", b"body", b"content")
    assert before == PageBefore(before.id, SITE, first, "read", 3, "", False, *known, b"the law", links)
    assert [store.link_texts(A)[number] for number in unpacked(links)] == list(home.links)


@pytest.mark.parametrize("many", [1, 3, 700])
def test_pages_and_links_are_remembered_together_as_one_by_one(store: Store, many: int) -> None:
    seen = [f"{SITE}{n}.html" for n in range(many)] + [f"{SITE}\ud800.html"]
    with store.writer(store.begin_audit([A], "mcps", "command", MONDAY)) as writer:
        for url in seen:
            writer.saw(A, Document(url, links=(Link(url + "x", "Menü"), Link(SITE, rel=("next",)))), mask=as_it_stands)
        writer.gone(A, SITE + "gone.html")

    together = sorted(store.pages_before(A, [*seen, SITE + "gone.html", SITE + "never.html"]))

    assert together == sorted(store.pages_before(A))
    assert together == sorted(page for url in seen for page in store.pages_before(A, [url]))
    numbers = {number for page in together for number in unpacked(page.links)}
    assert store.link_texts(A, numbers) == store.link_texts(A)
    assert len(numbers) == len(seen) + 1


# ------------------------------------------------------------------------------------------- links and images


def saw(store: Store, audit_id: int, *documents: Document) -> None:
    with store.writer(audit_id) as writer:
        for document in documents:
            writer.saw(A, document, mask=as_it_stands)
    store.gather(audit_id, A)


def links(store: Store, audit_id: int) -> list[LinkUse]:
    """The account's links, added up after a crawl."""
    store.gather(audit_id, A)
    return list(store.link_uses(A))


def pictures(store: Store, audit_id: int) -> list[PictureUse]:
    """The account's pictures, added up after a crawl."""
    store.gather(audit_id, A)
    return list(store.picture_uses(A))


def test_a_link_is_counted_once_a_page_and_stands_first_where_it_is_nearest(store: Store, audit_id: int) -> None:
    shop = Link("http://shop.example/", "Buy", rel=("sponsored", "nofollow"))
    deep = Document(SITE + "a/deep.html", links=(Link(shop.url, "elsewhere"),), depth=2)
    near = Document(SITE + "b.html", links=(shop, Link(shop.url, "twice")), depth=1)
    later = Document(SITE + "c.html", links=(Link(shop.url, "as near"),), depth=1)

    for document in (deep, near, later):
        saw(store, audit_id, document)

    unvisited = LinkState(shop.url, SKIPPED, "it was not visited")
    assert links(store, audit_id) == [LinkUse(shop, SITE + "b.html", 3, unvisited)]


def test_links_count_alike_however_many_are_added_up_together(
    store: Store, audit_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, oak = Link("http://shop.example/", "Buy"), Link("http://oak.example/", "Oak")
    home = Link(SITE, "Home")
    with store.writer(audit_id) as writer:
        for n in range(7):
            said = (home, Link(shop.url, f"Buy {n}"), shop, *([oak] if n % 3 == 1 else []))
            writer.saw(A, Document(f"{SITE}{9 - n}", links=said, depth=n // 3), mask=as_it_stands)
    together = links(store, audit_id)
    monkeypatch.setattr(adding, "TOGETHER", 1)

    one_by_one = links(store, audit_id)

    assert one_by_one == together
    assert [(use.link, use.page, use.places) for use in together] == [
        (home, SITE + "7", 7),
        (oak, SITE + "8", 2),
        (Link(shop.url, "Buy 2"), SITE + "7", 7),
    ]


def test_a_page_that_is_read_twice_counts_once(store: Store, audit_id: int) -> None:
    document = Document(SITE, links=(Link("http://shop.example/"),), images=(Image(SITE + "seal.png"),))
    taken = ("missing-disclaimer", Note(SITE, {"has": True}))
    for _ in range(2):
        with store.writer(audit_id) as writer:
            writer.saw(A, document, mask=as_it_stands, notes=[taken])
            writer.saw(A, document, mask=as_it_stands, notes=[taken])

    assert [u.places for u in links(store, audit_id)] == [1]
    assert [u.places for u in pictures(store, audit_id)] == [1]
    assert store.notes(audit_id, A) == {"missing-disclaimer": (Note(SITE, {"has": True}),)}


def test_words_are_kept_only_as_the_mask_leaves_them(store: Store, audit_id: int) -> None:
    document = Document(
        SITE,
        links=(Link(SITE + "a.html", "Ann Example won"),),
        images=(Image(SITE + "a.png", alt="Ann Example", caption="Ann Example", near="beside Ann Example", width=40),),
    )

    with store.writer(audit_id) as writer:
        writer.saw(A, document, mask=lambda text: text.replace("Ann Example", "A*** E***"))

    (link,), (picture,) = links(store, audit_id), pictures(store, audit_id)
    assert link.link == Link(SITE + "a.html", "A*** E*** won")
    assert picture.image == Image(SITE + "a.png", "A*** E***", "A*** E***", width=40)


def test_a_link_that_was_meant_to_be_a_page_is_kept_and_a_mailbox_or_number_is_not(store: Store, audit_id: int) -> None:
    meant = ("C:\\menus\\lunch.pdf", "file:///H|/lunch.jpg", "hthttp://x.example/a.pdf", "htto://x.example", "mailto:")
    calls = (
        "mailto:ann@x.example",
        "MAILTO:ann.example",
        "mailt:ann@x.example",
        "tel:4065550100",
        "javascript:show('a name')",
        "JavaScript:void(0)",
        "data:text/plain,a name",
        "te:(406) 555-0100",
        "sms:5550100",
        "https://wa.me/14065550100",
        "https://api.whatsapp.com/send?phone=14065550100",
        "https://t.me/+14065550100",
    )

    saw(store, audit_id, Document(SITE, links=tuple(map(Link, (*meant, *calls)))))

    assert [use.link.url for use in links(store, audit_id)] == sorted(meant)


def test_no_name_and_password_in_an_address_are_kept(store: Store, audit_id: int) -> None:
    saw(store, audit_id, Document(SITE, links=(Link("http://ann%40x.example:secret@y.example/a"),)))

    assert [use.link.url for use in links(store, audit_id)] == ["http://y.example/a"]


def test_links_come_by_address_however_many_there_are(store: Store, audit_id: int) -> None:
    saw(store, audit_id, Document(SITE, links=tuple(Link(f"{SITE}{n}") for n in range(2500))))

    urls = [use.link.url for use in links(store, audit_id)]

    assert urls == sorted(f"{SITE}{n}" for n in range(2500))


def test_an_address_too_long_to_keep_is_counted_and_hurts_nobody(store: Store, audit_id: int) -> None:
    longest, longer = SITE + "a" * (LONGEST_URL - len(SITE)), SITE + "é" * LONGEST_URL
    with store.writer(audit_id) as writer:
        writer.saw(A, Document(SITE, links=(Link(longest), Link(longer))), mask=as_it_stands)
        writer.saw(A, Document(longer), mask=as_it_stands, findings=[NAMED])
        writer.missed(A, longer, Blind("x", Reason.UNREACHABLE))

    assert [use.link.url for use in links(store, audit_id)] == [longest]
    assert writer.left_out == {A: 1}
    both = frozenset({SITE, longer})
    assert store.frontier(audit_id, A) == Frontier(done=both, depths=dict.fromkeys(both, 0))
    assert [s.finding for s in store.findings()] == [NAMED]


@pytest.mark.parametrize(
    "hostile", ["\0", "\ud800", "a\udfff\0b", "\u202e\ufffe", "'; DROP TABLE page; --", "%s %(a)s"]
)
def test_no_text_is_so_hostile_that_it_cannot_be_stored(store: Store, audit_id: int, hostile: str) -> None:
    document = Document(
        SITE + hostile, links=(Link(SITE + hostile, hostile),), images=(Image(SITE + hostile, alt=hostile),)
    )
    note = Note(SITE + hostile, {hostile: [hostile, 10**40, None]})
    with store.writer(audit_id) as writer:
        writer.saw(
            A,
            document,
            mask=as_it_stands,
            notes=[("missing-disclaimer", note)],
            findings=[finding(subject=hostile, fingerprint="a")],
        )

    shown = hostile.replace("\0", "\ufffd").replace("\ud800", "\ufffd").replace("\udfff", "\ufffd")
    assert store.frontier(audit_id, A).done == {SITE + shown}
    assert [use.link.words for use in links(store, audit_id)] == [shown]
    assert [s.finding.subject for s in store.findings()] == [shown]
    assert store.notes(audit_id, A)["missing-disclaimer"][0].facts == note.facts


def test_dates_that_pages_invent_can_be_stored(store: Store, audit_id: int) -> None:
    tokyo = datetime.fromisoformat("0001-01-01T00:00:00+09:00")
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  as some pages write them
    with store.writer(audit_id) as writer:
        writer.saw(A, Document(SITE, published_on=tokyo), mask=as_it_stands)
        writer.saw(A, Document(SITE + "b", published_on=naive), mask=as_it_stands)

    oldest, newest = datetime(1, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert store.sights(audit_id, A) == Sights(2, oldest, newest)


# ------------------------------------------------------------------------------------------- what others learned


def test_an_address_is_visited_once_for_all_accounts(store: Store, audit_id: int) -> None:
    urls = ["http://alive.example/", "http://new.example/", "http://torn.example/"]
    saw(store, audit_id, Document(SITE, links=tuple(map(Link, urls))))
    store.keep_link_states([LinkState(urls[0], ALIVE), LinkState(urls[2], BROKEN)], MONDAY - 24 * HOUR)

    assert list(store.links_to_visit(A, since=MONDAY)) == urls

    store.keep_link_states([LinkState(url, ALIVE) for url in urls], MONDAY)

    assert list(store.links_to_visit(A, since=MONDAY)) == []


def test_a_visited_link_comes_with_all_that_came_of_it(store: Store, audit_id: int) -> None:
    state = LinkState("http://t.example/", ALIVE, "It leads to a shop.", 200, "http://shop.example/", ("a", "b"), "x")
    saw(store, audit_id, Document(SITE, links=(Link(state.url),)))

    store.keep_link_states([state], MONDAY)

    assert [use.state for use in links(store, audit_id)] == [state]
    assert store.link_states([state.url, "http://never.example/"]) == {state.url: VisitedLink(state, MONDAY)}


def test_links_to_pages_of_a_silent_site_that_are_just_there_are_left_out(store: Store, audit_id: int) -> None:
    own = "https://own.example"
    there = LinkState(f"{own}/there", ALIVE, status=200, final_url=f"{own}/there")
    told = [
        there,
        replace(there, url=f"{own}/forwards", hops=(there.url,)),
        replace(there, url=f"{own}/lost", verdict=BROKEN, status=404, final_url=f"{own}/lost"),
        replace(there, url=f"{own}/page#place"),
        replace(there, url=f"{own}/shop", final_url=f"{own}/shop", link_class="commercial"),
        *(replace(there, url=url, final_url=url) for url in ("https://own.example.other/", "https://own.example:80/")),
    ]
    urls = sorted([*(state.url for state in told), f"{own}/new", own, "http://own.example/there"])
    saw(store, audit_id, Document(SITE, links=tuple(map(Link, urls))))
    store.keep_link_states(told, MONDAY)

    uses = list(store.link_uses(A))

    assert [use.link.url for use in uses] == urls
    assert list(store.link_uses(A, [own, "https://nowhere.example"])) == [u for u in uses if u.link.url != there.url]


def test_a_page_that_is_there_again_is_told_so_whatever_was_told_of_it_before(store: Store) -> None:
    url = "http://a.example/"
    there = LinkState(url, ALIVE, status=200, final_url=url)
    others = [replace(there, link_class="commercial"), replace(there, why="Ends soon."), LinkState(url, BROKEN), there]

    for before in others:
        store.keep_link_states([before], MONDAY)
        store.keep_link_states([there], MONDAY + HOUR)
        store.keep_link_states([there], MONDAY + 2 * HOUR)

        assert store.link_states([url]) == {url: VisitedLink(there, MONDAY + 2 * HOUR)}
    assert store.link_visits([url, "http://never.example/"]) == {url: (ALIVE, MONDAY + 2 * HOUR)}


def test_links_to_an_accounts_own_pages_that_were_read_are_told_to_be_alive_all_at_once(
    store: Store, audit_id: int
) -> None:
    """And none of which anything else may have to be told."""
    fine = ["new", "known", "resting"]
    others = ["was-broken", "warned", "doubtful", "gone", "missed", "unread", "odd name", "place#here"]
    urls = {name: SITE + name for name in (*fine, *others)} | {"far": "http://far.example/a"}
    alive = {name: LinkState(url, ALIVE, status=200, final_url=url) for name, url in urls.items()}
    store.keep_link_states([alive["known"], replace(alive["warned"], why="Its certificate ends soon.")], MONDAY - WEEK)
    store.keep_link_states([LinkState(urls["was-broken"], BROKEN)], MONDAY - WEEK)
    store.keep_link_states([alive["resting"]], MONDAY - HOUR)
    with store.writer(audit_id) as writer:
        writer.saw(A, Document(SITE, links=tuple(map(Link, urls.values()))), mask=as_it_stands)
        for name in urls.keys() - {"gone", "missed", "unread"}:
            writer.saw(A, Document(urls[name], depth=1), mask=as_it_stands, doubtful=name == "doubtful")
        writer.saw(A, Document(SITE + "linked-by-nobody", depth=1), mask=as_it_stands)
        writer.gone(A, urls["gone"], 404)
        writer.missed(A, urls["missed"], Blind("", Reason.UNREACHABLE))
    store.gather(audit_id, A)
    before = store.link_states(urls.values())

    store.keep_own_links(audit_id, A, [SITE.removesuffix("/")], "[a-z0-9.:/-]+", MONDAY - 2 * HOUR, MONDAY)

    now = store.link_states([*urls.values(), SITE + "linked-by-nobody"])
    told = {url for url, visited in now.items() if visited != before.get(url)}
    assert told == {urls["new"], urls["known"]}
    assert [now[urls[name]] for name in ("new", "known")] == [VisitedLink(alive[n], MONDAY) for n in ("new", "known")]


def test_failures_in_a_row_are_counted_and_blocked_visits_say_nothing(store: Store) -> None:
    def visited(*verdicts: LinkVerdict) -> tuple[int, datetime | None]:
        for verdict in verdicts:
            visited.now += HOUR  # type: ignore[attr-defined]
            store.keep_link_states([LinkState("http://a.example/", verdict)], visited.now)  # type: ignore[attr-defined]
        known = store.link_states(["http://a.example/"])["http://a.example/"]
        return known.fail_streak, known.first_failed_at

    visited.now = MONDAY  # type: ignore[attr-defined]

    assert visited(ALIVE) == (0, None)
    assert visited(BROKEN) == (1, MONDAY + 2 * HOUR)
    assert visited(BLOCKED, SKIPPED) == (1, MONDAY + 2 * HOUR)
    assert visited(BROKEN) == (2, MONDAY + 2 * HOUR)
    assert visited(ALIVE) == (0, None)


def test_what_an_audit_visits_twice_counts_once(store: Store) -> None:
    url = "http://a.example/"

    def visited(verdict: LinkVerdict, at: datetime, began: datetime) -> int:
        store.keep_link_states([LinkState(url, verdict)], at, began)
        return store.link_states([url])[url].fail_streak

    first = [visited(BROKEN, MONDAY + n * HOUR, MONDAY) for n in range(3)]
    next_week = [visited(BROKEN, MONDAY + WEEK + n * HOUR, MONDAY + WEEK) for n in range(2)]
    it_came_back = visited(ALIVE, MONDAY + WEEK + 3 * HOUR, MONDAY + WEEK)
    and_went = visited(BROKEN, MONDAY + WEEK + 4 * HOUR, MONDAY + WEEK)

    assert (first, next_week, it_came_back, and_went) == ([1, 1, 1], [2, 2], 0, 1)


def test_what_could_not_be_seen_of_an_account_is_told_anew_by_a_crawl_that_begins_again(
    store: Store, audit_id: int
) -> None:
    saw(store, audit_id, Document(SITE))
    with store.writer(audit_id) as writer:
        writer.missed(A, SITE + "late", Blind("it was late", Reason.UNREACHABLE))
        for account in (A, "madison"):
            writer.blind(account, Blind("The site stopped answering.", Reason.UNREACHABLE))

    store.forget_blind(audit_id + 1, A)
    before = list(store.gaps(audit_id, A))
    store.forget_blind(audit_id, A)

    whole = ("", Blind("The site stopped answering.", Reason.UNREACHABLE))
    late = (SITE + "late", Blind("it was late", Reason.UNREACHABLE))
    assert (before, list(store.gaps(audit_id, A))) == ([whole, late], [late])
    assert store.frontier(audit_id, A).done == {SITE, SITE + "late"}
    assert list(store.gaps(audit_id, "madison")) == [whole]


def test_an_image_is_looked_at_again_with_other_eyes_or_after_a_while(store: Store, audit_id: int) -> None:
    seal = Picture(SITE + "seal.png", "ab" * 32, 40, 30, (LogoSighting("district-seal", "altered", 0.5),))
    saw(store, audit_id, Document(SITE, images=(Image(seal.url),)))

    assert list(store.images_to_look_at(A, MONDAY, "v1")) == [seal.url]
    assert [use.picture.problem for use in pictures(store, audit_id)] == ["it was not looked at"]

    store.keep_pictures([seal], "v1", MONDAY)

    assert list(store.images_to_look_at(A, MONDAY, "v1")) == []
    assert list(store.images_to_look_at(A, MONDAY, "v2")) == [seal.url]
    assert list(store.images_to_look_at(A, MONDAY + HOUR, "v1")) == [seal.url]
    asked = [(MONDAY, "v1"), (MONDAY, "v2"), (MONDAY + HOUR, "v1")]
    assert [store.pictures_looked_at([seal.url, SITE], *when) for when in asked] == [{seal.url}, set(), set()]
    assert pictures(store, audit_id) == [PictureUse(Image(seal.url), SITE, 1, seal)]
    assert store.pictures([seal.url], "v1") == {seal.url: seal}
    assert store.pictures([seal.url], "v2") == {}
    assert store.pictures_by_content([seal.sha256], "v1") == {seal.sha256: seal}


def test_a_host_is_remembered(store: Store) -> None:
    store.learn_host("lincoln.example", {"renders": False}, MONDAY)
    store.learn_host("lincoln.example", {"renders": True}, MONDAY + HOUR)

    assert store.host_facts(["lincoln.example", "other.example"]) == {
        "lincoln.example": ({"renders": True}, MONDAY + HOUR)
    }


# ------------------------------------------------------------------------------------------- going on


def test_an_audit_that_was_stopped_goes_on_where_it_was(store: Store) -> None:
    story = Story(store)
    story.audit({"news.html": [NAMED]}, ends=False)
    store.stop_audit(story.audit_id, MONDAY)

    unfinished = store.unfinished_audit([A], "mcps", MONDAY + HOUR)
    concluded = store.resume_audit(story.audit_id)

    assert unfinished == story.audit_id
    assert concluded == {A}
    assert store.outcomes(story.audit_id, A) == {"student-name": {Outcome.FAIL}}


def test_an_audit_is_not_gone_on_with_for_other_accounts_another_policy_or_after_days(store: Store) -> None:
    audit_id = store.begin_audit(["b", "a"], "mcps", "command", MONDAY, basis="roster 1")

    def unfinished(
        accounts: str = "ab", policy: str = "mcps", basis: str = "roster 1", later: timedelta = HOUR
    ) -> object:
        return store.unfinished_audit(accounts, policy, MONDAY + later, basis=basis)

    assert unfinished() == audit_id
    assert (unfinished("a"), unfinished(policy="mmsd"), unfinished(basis=""), unfinished(later=WEEK)) == (None,) * 4

    store.finish_audit(audit_id, MONDAY)

    assert unfinished() is None


def test_a_new_audit_closes_those_that_never_ended(store: Store) -> None:
    store.begin_audit([A], "mcps", "command", MONDAY)

    second = store.begin_audit([A], "mcps", "schedule", MONDAY + WEEK)

    assert [(a.id, a.state, a.trigger) for a in store.audits()] == [
        (second, "running", "schedule"),
        (1, "stopped", "command"),
    ]


def test_verdicts_coverage_and_counts_are_those_of_the_last_audit(store: Store) -> None:
    story = Story(store)
    story.audit({"news.html": [NAMED]})
    story.audit({"news.html": []}, missed=["club.html"])

    (coverage,) = store.coverages()
    history = store.history()

    assert (coverage.account, coverage.complete, coverage.fetched_at) == (A, False, MONDAY + WEEK)
    assert {(v.account, v.rule): v.outcome for v in store.verdicts()}[A, "student-name"] is Outcome.PASS
    assert store.concluded_in() == {A: story.audit_id}
    assert [(t.at, t.school, t.policy, t.severity, t.open) for t in history] == [
        (MONDAY, "lincoln", "mcps", "serious", 1),
        (MONDAY + WEEK, "", "", "", 0),
    ]
    assert store.history(weeks=1) == history[1:]


def test_bundles_of_any_size_are_stored_by_few_statements(store: Store, audit_id: int) -> None:
    said: set[str] = set()
    event.listen(store._database.engine, "before_cursor_execute", lambda *told: said.add(told[2]))

    for size in range(1, 3 * ROWS):
        with store.writer(audit_id) as writer:
            for place in range(size):
                writer.saw(A, Document(f"{SITE}{size}/{place}"), mask=as_it_stands)

    assert len({one for one in said if one.startswith("INSERT INTO page")}) <= ROWS + 1
