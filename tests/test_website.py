"""Reading websites for real: what is read, in which order, where redirects lead, what robots.txt and browsers do."""

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from auditor.errors import Stopped
from auditor.model import Blind, Document, Passage, Place, Reason
from auditor.outlets.phrases import NOBODY_LIVES
from spiders import walls
from spiders.browser import Rendered
from spiders.reactor import run
from spiders.reading import Assignment, Trace
from spiders.website import read
from tests.servers import Reply, Route, serve
from tests.visits import OPTIONS, Notes, account, explore, links, paths, to, visit

# ------------------------------------------------------------------------------------------------ ordinary sites


def test_every_page_in_scope_is_read_once_with_its_depth() -> None:
    notes, site = explore(
        {
            "/": links("/a", "/a/", "/a#top", "/a?utm_source=x", "/index.html", "http://other.example/", "/img.jpg"),
            "/a": links("/b", "/", "mailto:a@b.example", "javascript:x"),
            "/b": links("/a") + "<p>Ana",
        }
    )

    assert [(d.url, d.depth) for d in notes.documents] == [(site.url, 0), (site.at("/a"), 1), (site.at("/b"), 2)]
    assert [hit for hit in site.hits if "robots" not in hit and "sitemap" not in hit] == ["GET /", "GET /a", "GET /b"]
    assert (notes.gaps, notes.dead, notes.moves) == ([], [], [])


def test_our_name_says_who_is_asking_and_nothing_follows_a_visitor_around() -> None:
    _, site = explore({"/": Reply(links("/a"), headers={"Set-Cookie": "a=b"}), "/a": "x"})

    sent = site.seen["/a"]
    assert sent["User-Agent"] == "auditor/1.2 (+webmaster@riverbend.example)"
    assert not {"Cookie", "Referer", "Authorization"} & {name.title() for name in sent}


def test_a_page_that_is_gone_is_no_gap_and_its_other_spelling_is_tried() -> None:
    notes, site = explore({"/": links("/a/", "/b"), "/b": links("/a") + "x", "/a": "<p>Ana", "/a/": Reply("", 404)})

    assert paths(notes, site) == ["/", "/a", "/b"]
    assert (notes.dead, notes.gaps) == ([(site.at("/a/"), 404)], [])


def test_the_other_spelling_of_a_gone_page_is_tried_whichever_is_met_first() -> None:
    notes, site = explore({"/": links("/a/", "/a"), "/a": "<p>Ana", "/a/": Reply("", 404)})

    assert paths(notes, site) == ["/", "/a"]
    assert (notes.dead, notes.gaps) == ([(site.at("/a/"), 404)], [])


def test_what_an_interrupted_visit_read_is_not_read_again_and_its_seeds_are() -> None:
    with serve({"/": links("/a", "/b"), "/a": "a", "/b": links("/c"), "/c": "c"}) as site:
        notes = visit(
            site.url,
            done={site.url: 0, site.at("/a"): 1},
            seeds=(site.at("/a"), site.at("/b"), "http://other.example/x"),
            depths={site.at("/b"): 3},
        )

    assert [(d.url, d.depth) for d in notes.documents] == [(site.at("/b"), 3), (site.at("/c"), 4)]


def test_pages_of_another_account_are_left_to_it() -> None:
    routes: dict[str, Route] = {
        "/": links("/lincoln/a", "/news"),
        "/news": "x",
        "/lincoln/": links("/news", "a"),
        "/lincoln/a": "y",
    }
    with serve(routes) as site:
        district, lincoln = Notes(), Notes()
        assignments = [
            Assignment(account(site.url, "district"), elsewhere=(site.at("/lincoln/"),)),
            Assignment(account(site.at("/lincoln/")), elsewhere=(site.url,)),
        ]
        run(read(assignments[:1], OPTIONS, district))
        run(read(assignments[1:], OPTIONS, lincoln))

    assert paths(district, site) == ["/", "/news"]
    assert paths(lincoln, site) == ["/lincoln/", "/lincoln/a"]


def test_several_accounts_are_read_in_one_run_and_their_hosts_are_asked_for_rules_once() -> None:
    seen: dict[str, list[str]] = {}

    class Each(Notes):
        def saw(self, _account: str, document: Document, _trace: Trace) -> None:
            seen.setdefault(_account, []).append(document.url)

    with (
        serve({"/one/": links("a"), "/one/a": "x", "/two/": "y"}) as first,
        serve({"/": "z"}, host="127.0.0.2") as second,
    ):
        assignments = [
            Assignment(account(first.at("/one/"), "one")),
            Assignment(account(first.at("/two/"), "two")),
            Assignment(account(second.url, "three")),
        ]
        run(read(assignments, OPTIONS, Each()))

    assert seen == {"one": [first.at("/one/"), first.at("/one/a")], "two": [first.at("/two/")], "three": [second.url]}
    assert first.asked("/robots.txt") == 1


def test_frames_files_and_pages_that_only_a_list_names_are_read() -> None:
    notes, site = explore(
        {
            "/class/": '<iframe src="/frame.html"></iframe>'
            + links("/files/roster.csv", "/files/photo.jpg", "/files/old.doc"),
            "/frame.html": "<p>In the frame",
            "/files/roster.csv": Reply("Ana,Ortiz", type="text/csv"),
            "/files/old.doc": Reply(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 9000, type="application/msword"),
            "/robots.txt": Reply("Sitemap: /map.xml\nSitemap: {0}", type="text/plain"),
            "/sitemap.xml": lambda h: Reply(
                f"<urlset><url><loc>http://{h.headers['Host']}/class/hidden</loc></url>"
                f"<url><loc>http://{h.headers['Host']}/elsewhere</loc></url></urlset>",
                type="application/xml",
            ),
            "/class/hidden": "<p>Listed only",
        },
        "/class/",
    )

    assert paths(notes, site) == ["/class/", "/class/hidden", "/files/old.doc", "/files/roster.csv", "/frame.html"]
    by_path = {url.removeprefix(site.url): document for url, document in zip(notes.urls, notes.documents, strict=True)}
    assert by_path["files/roster.csv"].passages[0] == Passage("Ana\tOrtiz", Place.TABLE)
    assert [by_path[p].depth for p in ("frame.html", "files/roster.csv", "class/hidden")] == [0, 1, 1]
    assert notes.reasons == [Reason.NOT_IN_ROUTE]
    assert site.asked("/files/photo.jpg") == 0


def test_a_list_of_pages_that_is_named_without_its_host_is_read() -> None:
    notes, site = explore(
        {
            "/": "<p>Welcome",
            "/robots.txt": Reply("Sitemap: lists/map.xml\nSitemap: http://[", type="text/plain"),
            "/lists/map.xml": lambda h: Reply(
                f"<urlset><url><loc>http://{h.headers['Host']}/hidden</loc></url></urlset>", type="application/xml"
            ),
            "/hidden": "<p>Listed only",
        }
    )

    assert paths(notes, site) == ["/", "/hidden"]


def test_a_page_whose_header_sends_visitors_on_leads_there() -> None:
    notes, site = explore(
        {"/": Reply("<p>Welcome", headers={"Refresh": "0; url=/new"}), "/new": "<p>Our new page", "*": Reply("", 404)}
    )

    assert paths(notes, site) == ["/", "/new"]
    assert [link.tag for link in notes.documents[0].links] == ["meta"]


def test_a_redirect_with_turned_slashes_is_followed_as_browsers_do() -> None:
    notes, site = explore({"/": links("/old"), "/old": to("\\news\\1"), "/news/1": "<p>News"})

    assert paths(notes, site) == ["/", "/news/1"]


def test_a_feed_names_posts_that_no_page_links_to() -> None:
    notes, site = explore(
        {
            "/": '<link rel="alternate" type="application/rss+xml" href="/feed/"><p>Blog',
            "/feed/": lambda h: Reply(
                f"<rss><channel><item><link>http://{h.headers['Host']}/2026/11/05/post</link></item></channel></rss>",
                type="application/rss+xml",
            ),
            "/2026/11/05/post": "<p>Post",
        }
    )

    assert paths(notes, site) == ["/", "/2026/11/05/post"]
    assert notes.documents[1].published_on == datetime(2026, 11, 5, tzinfo=UTC)


def test_a_folder_of_files_is_read_like_a_site(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(links("a b.html", "index.html"), "utf-8")
    (tmp_path / "a b.html").write_text("<p>José", "utf-8")

    with serve(tmp_path) as site:
        notes = visit(site.url)

    assert notes.urls == [site.url, site.at("/a%20b.html")]
    assert notes.documents[1].passages[0] == Passage("José")


# ------------------------------------------------------------------------------------------------ redirects


def test_a_redirect_in_scope_is_read_once_under_its_own_address() -> None:
    notes, site = explore({"/": links("/old", "/older"), "/old": to("/new"), "/older": to("/new", 301), "/new": "x"})

    assert paths(notes, site) == ["/", "/new"]
    assert sorted(notes.moves) == [(site.at("/old"), site.at("/new")), (site.at("/older"), site.at("/new"))]
    assert site.asked("/new") == 1


def test_a_redirect_out_of_scope_is_noted_and_not_followed() -> None:
    with serve({"/": "outside"}, host="127.0.0.2") as other:
        notes, site = explore(
            {"/class/": links("a", "b"), "/class/a": to(other.url), "/class/b": to("/news"), "/news": "x"}, "/class/"
        )

    assert paths(notes, site) == ["/class/"]
    assert sorted(notes.moves) == [(site.at("/class/a"), other.url), (site.at("/class/b"), site.at("/news"))]
    assert (other.hits, notes.gaps) == ([], [])


def test_an_account_whose_address_moved_within_its_site_is_read_in_its_new_place() -> None:
    notes, site = explore(
        {"/lincoln": to("/o/lincoln"), "/o/lincoln": links("/o/lincoln/a", "/b"), "/o/lincoln/a": "x"}, "/lincoln"
    )

    assert paths(notes, site) == ["/o/lincoln", "/o/lincoln/a"]
    assert notes.moves == [(site.at("/lincoln"), site.at("/o/lincoln"))]


@pytest.mark.parametrize("path", ["/signup/", "/login", "/oembed", "/a/a/a/a/b/c/d/"])
def test_an_account_s_own_address_is_read_whatever_it_looks_like(path: str) -> None:
    notes, site = explore({path: "<p>Sign up for the science fair until Friday</p>"}, path)

    assert (paths(notes, site), notes.why) == ([path], [])


def test_an_account_that_is_nothing_but_a_login_says_so() -> None:
    notes, _ = explore({"/login/": "<form><input name=u><input type=password></form>"}, "/login/")

    assert (notes.documents, notes.reasons) == ([], [Reason.LOGIN_WALL])


@pytest.mark.parametrize(
    ("front", "why"),
    [
        (
            "<title>Page not found</title><h1>Page not found</h1>",
            walls.SAYS_MISSING,
        ),
        ("<title>riverbend</title><h1>This domain is for sale!</h1><p>Make an offer.", NOBODY_LIVES),
    ],
)
def test_an_account_whose_front_page_is_not_its_own_was_not_read(front: str, why: str) -> None:
    notes, _ = explore({"/": front})

    assert (notes.documents, notes.why, notes.reasons) == ([], [why], [Reason.UNREACHABLE])


def test_a_front_page_that_only_speaks_of_an_address_for_sale_is_read() -> None:
    notes, _ = explore({"/": f"<h1>Our old domain name expired</h1>{'<p>The garden club meets on Monday.' * 20}"})

    assert (len(notes.documents), notes.gaps) == (1, [])


def test_another_page_that_says_it_is_not_there_is_read_as_any_other() -> None:
    notes, site = explore({"/": links("/old"), "/old": "<title>Page not found</title><h1>Page not found</h1>"})

    assert (paths(notes, site), notes.gaps) == (["/", "/old"], [])


def test_an_account_whose_address_leads_to_another_site_is_not_read_there() -> None:
    with serve({"/": "casino"}, host="127.0.0.2") as other:
        notes, _ = explore({"/": to(other.url)})

    assert notes.why == [f"it sends visitors to another site: {other.url}"]
    assert (notes.reasons, notes.documents, other.hits) == ([Reason.UNREACHABLE], [], [])


@pytest.mark.parametrize(
    ("routes", "why", "reason"),
    [
        ({"/": to("/")}, "it sends visitors round in a circle", Reason.UNREACHABLE),
        ({"/": to("/a"), "/a": to("/b"), "/b": to("/a")}, "it sends visitors round in a circle", Reason.UNREACHABLE),
        (
            {"*": lambda h: to(f"{h.path}x"), "/robots.txt": ""},
            "it sends visitors on more than 8 times",
            Reason.UNREACHABLE,
        ),
        ({"/": to("file:///etc/passwd")}, "it sends visitors to something that is no web page", Reason.UNREACHABLE),
        ({"/": to("data:text/html,x")}, "it sends visitors to something that is no web page", Reason.UNREACHABLE),
        ({"/": to("http://[::1")}, "it sends visitors on without saying where", Reason.UNREACHABLE),
        ({"/": Reply(status=302)}, "it sends visitors on without saying where", Reason.UNREACHABLE),
        ({"/": to("/login?next=/")}, "it asks visitors to log in", Reason.LOGIN_WALL),
        ({"/": to("https://accounts.google.com/signin")}, "it asks visitors to log in", Reason.LOGIN_WALL),
    ],
)
def test_a_redirect_that_leads_nowhere_says_so(routes: dict[str, Route], why: str, reason: Reason) -> None:
    notes, site = explore(routes)

    assert (notes.why, notes.reasons, notes.documents) == ([why], [reason], [])
    assert len(site.hits) <= 12


# ------------------------------------------------------------------------------------------------ robots.txt


def test_what_robots_forbids_is_not_asked_for_and_is_told() -> None:
    notes, site = explore(
        {
            "/": links("/private/a", "/a"),
            "/a": "x",
            "/private/a": "y",
            "/robots.txt": Reply("User-agent: *\nDisallow: /private", type="text/plain"),
        }
    )

    assert paths(notes, site) == ["/", "/a"]
    assert notes.gaps == [(site.at("/private/a"), Blind("its robots.txt asks programs to stay away", Reason.ROBOTS))]
    assert site.asked("/private/a") == 0


def test_a_site_that_wants_no_programs_is_not_read() -> None:
    notes, site = explore({"*": "x", "/robots.txt": Reply("User-agent: auditor\nDisallow: /", type="text/plain")})

    assert (notes.documents, notes.reasons) == ([], [Reason.ROBOTS])
    assert site.hits == ["GET /robots.txt"]


def test_a_redirect_to_what_robots_forbids_is_not_followed() -> None:
    notes, site = explore(
        {"/": to("/private"), "/robots.txt": Reply("User-agent: *\nDisallow: /private", type="text/plain")}
    )

    assert (notes.reasons, site.asked("/private")) == ([Reason.ROBOTS], 0)


@pytest.mark.parametrize(("delay", "crawl_delay"), [(0.0, 0.3), (0.3, 0.0), (0.1, 0.3)])
def test_no_host_is_asked_faster_than_the_district_and_its_robots_want(delay: float, crawl_delay: float) -> None:
    rules = Reply(f"User-agent: *\nCrawl-delay: {crawl_delay}", type="text/plain")
    started = time.monotonic()

    _, site = explore({"*": links("/a", "/b"), "/robots.txt": rules}, options=replace(OPTIONS, delay=delay))

    after_rules = len(site.hits) - 1
    assert time.monotonic() - started >= 0.3 * (after_rules - 1)
    assert after_rules == 4


# ------------------------------------------------------------------------------------------------ browser and stopping


SHELL = '<title>Lincoln</title><div id="root"></div><script src="/app.js"></script>'


class Painter:
    """Stands for a browser: what it shows is given, and what it was asked for is kept."""

    def __init__(self, shown: Mapping[str, Rendered]) -> None:
        self.shown = shown
        self.asked: list[str] = []

    async def render(self, url: str) -> Rendered:
        path = "/" + url.partition("://")[2].partition("/")[2]
        self.asked.append(path)
        return self.shown.get(path, Rendered(problem="it crashed"))


def test_only_pages_that_are_empty_without_one_are_opened_in_a_browser() -> None:
    painter = Painter({"/": Rendered(f"<p>Ana Ortiz won the fair</p>{links('/plain')}")})

    notes, site = explore({"/": SHELL, "/plain": "<p>Plain page"}, renderer=painter)

    assert painter.asked == ["/"]
    assert [(d.url, d.rendered, d.problem) for d in notes.documents] == [
        (site.url, True, ""),
        (site.at("/plain"), False, ""),
    ]
    assert notes.gaps == []


@pytest.mark.parametrize(
    ("page", "gaps"),
    [
        ('<p>Room 7 meets in the gym today.</p><script type="application/ld+json">{}</script>', []),
        ('<a href="https://books.example/fair">Fair</a><script src="/count.js"></script>', []),
        ('<p>Loading...</p><script src="/app.js"></script>', ["it stays empty in a browser, too"]),
        (f"{SHELL}<p>Room 7 meets in the gym today.</p>", ["it stays empty in a browser, too"]),
    ],
    ids=["a sentence", "a link", "a note that it loads", "an empty application"],
)
def test_a_short_page_that_shows_no_more_in_a_browser_is_whole_and_an_empty_one_is_not(
    page: str, gaps: list[str]
) -> None:
    notes, _ = explore({"/": page}, renderer=Painter({"/": Rendered(page)}))

    assert notes.why == gaps
    assert [document.problem for document in notes.documents] == (gaps or [""])


def test_without_a_browser_the_gap_is_told() -> None:
    notes, site = explore({"/": SHELL})

    assert [(d.title, d.problem, d.is_shell) for d in notes.documents] == [
        ("Lincoln", "it is empty without a browser", True)
    ]
    assert [(url, b.what, b.reason) for url, b in notes.gaps] == [
        (site.url, "it is empty without a browser", Reason.NOT_IN_ROUTE)
    ]


def test_with_the_browser_switched_off_the_gap_is_told_as_well() -> None:
    painter = Painter({"/": Rendered("<p>Ana Ortiz won the fair")})

    notes, site = explore({"/": SHELL}, options=replace(OPTIONS, render="never"), renderer=painter)

    assert painter.asked == []
    assert notes.gaps == [
        (
            site.url,
            Blind(
                "it is empty without a browser",
                Reason.NOT_IN_ROUTE,
                'Write render = "auto" under [crawl] in config.toml.',
            ),
        )
    ]


def test_a_page_whose_browser_fails_is_a_shell_and_one_that_only_could_have_been_opened_is_not() -> None:
    always = replace(OPTIONS, render="always")

    shell, _ = explore({"/": SHELL}, options=always, renderer=Painter({}))
    plain, _ = explore({"/": "<p>Plain page"}, options=always, renderer=Painter({}))
    alone, _ = explore({"/": "<p>Plain page"}, options=always)

    assert [(d.is_shell, d.problem) for d in shell.documents] == [(True, "a browser could not show it: it crashed")]
    assert [(d.is_shell, d.problem) for d in plain.documents] == [(False, "")]
    assert [(d.is_shell, d.problem) for d in alone.documents] == [(False, "")]
    assert alone.why == ["No browser was found; pages were read as they are served."]


def test_a_linked_database_that_nobody_here_can_read_is_told() -> None:
    notes, site = explore(
        {
            "/": "<p>Lists " + links("/lists/families.mdb"),
            "/lists/families.mdb": Reply(b"\0\1\0\0", type="application/msaccess"),
        }
    )

    assert [(url, blind.reason) for url, blind in notes.gaps] == [(site.at("/lists/families.mdb"), Reason.NOT_IN_ROUTE)]


def test_a_host_that_a_browser_cannot_show_either_is_not_opened_for_ever() -> None:
    painter = Painter({})

    notes, _ = explore(
        {"/": SHELL.replace("</div>", f"</div>{links('/1', '/2')}"), "*": SHELL, "/robots.txt": ""}
        | {f"/{n}": SHELL.replace("</div>", f"</div>{links(f'/{n + 1}', f'/{n + 2}')}") for n in range(1, 8)},
        renderer=painter,
    )

    assert len(painter.asked) == 3
    assert len(notes.documents) > 5
    assert all(document.problem for document in notes.documents)


@pytest.mark.parametrize(("render", "asked"), [("never", []), ("always", ["/", "/a"])])
def test_the_browser_is_used_as_configured(render: str, asked: list[str]) -> None:
    painter = Painter({"/": Rendered(f"<p>Shown {links('/a')}"), "/a": Rendered("<p>Plain")})

    notes, _ = explore(
        {"/": f"<p>Served {links('/a')}", "/a": "<p>Plain"}, options=replace(OPTIONS, render=render), renderer=painter
    )

    assert painter.asked == asked
    assert len(notes.documents) == 2
    assert notes.gaps == []


def test_asking_to_stop_keeps_what_was_done_and_ends_soon() -> None:
    class Impatient(Notes):
        def saw(self, _account: str, document: Document, trace: Trace) -> None:
            super().saw(_account, document, trace)
            if len(self.documents) == 3:
                os.kill(os.getpid(), signal.SIGTERM)

    notes = Impatient()
    with serve({"*": lambda h: links(*(f"{h.path.rstrip('/')}/{n}" for n in range(5))), "/robots.txt": ""}) as site:
        started = time.monotonic()
        with pytest.raises(Stopped):
            run(read([Assignment(account(site.url))], OPTIONS, notes))

    assert 3 <= len(notes.documents) < 30
    assert time.monotonic() - started < 5
    assert visit("http://no-such-school.invalid/").why == ["its name does not exist on the internet"]


def test_a_fault_of_the_witness_ends_the_run_and_is_not_hidden() -> None:
    class Broken(Notes):
        def saw(self, _account: str, _document: Document, _trace: Trace) -> None:
            raise RuntimeError("disk full")

    with serve({"/": "x"}) as site, pytest.raises(RuntimeError, match="disk full"):
        run(read([Assignment(account(site.url))], OPTIONS, Broken()))


def test_a_few_hundred_pages_are_read_in_order_of_depth_and_completely() -> None:
    def page(handler: BaseHTTPRequestHandler) -> str:
        number = int(handler.path[1:] or 0)
        return links(*(f"/{n}" for n in range(number * 10 + 1, number * 10 + 11) if n < 300)) + f"<p>Page {number}"

    notes, _ = explore(
        {"*": page, "/robots.txt": "", "/sitemap.xml": Reply("", 404)}, options=replace(OPTIONS, max_pages=2000)
    )

    assert len({*notes.urls}) == len(notes.urls) == 300
    assert notes.gaps == []
