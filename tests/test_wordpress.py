"""WordPress is read page by page, and what its open interface tells beside the pages is joined to them."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Account, Comment, CommentState, Document, Image, Kind, Passage, Place, Reason
from spiders import signs, website
from spiders.platform import Ask, Front, Parsed, Route
from spiders.platforms import plan
from spiders.platforms.wordpress import parse
from spiders.reactor import run
from spiders.reading import Assignment
from tests.servers import Reply, Site, serve
from tests.test_audit import District
from tests.visits import OPTIONS, Ledger, Notes, visit_route

BLOG = "https://room7.example"
ASKED = Account("room7", Kind.CLASSROOM, "wordpress", BLOG)
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
LIST = f"{BLOG}/wp-json/wp/v2/posts?per_page=100&page=1"

POST = {
    "id": 4,
    "date_gmt": "2026-11-05T12:00:00",
    "link": f"{BLOG}/fair/",
    "title": {"rendered": "Book fair &amp; more"},
    "content": {"rendered": '<p>Come to <a href="/map/">the gym</a>.</p>', "protected": False},
    "excerpt": {"rendered": "<p>Come</p>", "protected": False},
    "comment_status": "open",
    "_embedded": {
        "author": [{"name": "Dana Reyes"}],
        "wp:featuredmedia": [
            {
                "media_type": "image",
                "source_url": f"{BLOG}/wp-content/uploads/1.jpg",
                "alt_text": "A table of books",
                "caption": {"rendered": "<p>In the gym</p>"},
            }
        ],
    },
}
COMMENT = {
    "id": 2,
    "post": 4,
    "author_name": "Sam",
    "date_gmt": "2026-11-05T12:00:00",
    "content": {"rendered": "<p>See you there!</p>"},
    "link": f"{BLOG}/fair/#comment-2",
    "status": "approved",
}


def said(what: str, rows: object, status: int = 200, **headers: str) -> Parsed:
    ask = Ask(what, LIST, header=lambda name: headers.get(name.replace("-", ""), ""))
    return parse(ASKED, ask, status, json.dumps(rows).encode())


# ------------------------------------------------------------------------------------------------ what an answer means


def test_each_part_of_a_post_stands_in_its_place() -> None:
    (shown,) = said("posts", [POST]).documents

    picture = f"{BLOG}/wp-content/uploads/1.jpg"
    assert (shown.url, shown.title, shown.author, shown.published_on) == (
        f"{BLOG}/fair/",
        "Book fair & more",
        "Dana Reyes",
        NOON,
    )
    assert [passage for passage in shown.passages if passage.place is not Place.ADDRESS] == [
        Passage("Book fair & more", Place.TITLE),
        Passage("In the gym", Place.CAPTION, picture),
        Passage("Come to the gym."),
        Passage("A table of books", Place.ALT, picture),
    ]
    assert shown.images == (Image(picture, "A table of books", "In the gym"),)
    assert [link.url for link in shown.links] == [f"{BLOG}/map/"]
    assert shown.comment_state is None
    assert said("posts", [{**POST, "comment_status": "closed"}]).documents[0].comment_state is CommentState.CLOSED


def test_a_comment_is_a_part_of_the_page_under_which_it_stands() -> None:
    (shown,) = said("comments", [COMMENT]).documents

    assert shown.url == f"{BLOG}/fair/#comment-2"
    assert shown.comments == (Comment("See you there!", "Sam", f"{BLOG}/fair/#comment-2", NOON),)
    assert shown.passages == (Passage("See you there!", Place.COMMENT),)


def test_a_post_behind_a_password_is_not_seen() -> None:
    hidden = {**POST, "content": {"rendered": "", "protected": True}, "excerpt": {"rendered": "", "protected": True}}

    parsed = said("posts", [hidden])

    assert [(url, blind.reason) for url, blind in parsed.missed] == [(f"{BLOG}/fair/", Reason.LOGIN_WALL)]
    assert Passage("Come to the gym.") not in parsed.documents[0].passages


def test_files_of_the_library_are_pages_to_read() -> None:
    parsed = said("media application", [{"source_url": f"{BLOG}/wp-content/uploads/menu.pdf"}, {"source_url": 7}])

    assert (parsed.documents, parsed.pages) == ((), (f"{BLOG}/wp-content/uploads/menu.pdf",))


@pytest.mark.parametrize(
    ("rows", "pages", "more"),
    [(1, "3", True), (100, "1", False), (100, "", True), (99, "", False), (100, "many", True), (0, "", False)],
)
def test_a_list_has_as_many_pages_as_its_server_says(rows: int, pages: str, more: bool) -> None:
    parsed = said("posts", [POST] * rows, XWPTotalPages=pages)

    assert [ask.url for ask in parsed.asks] == ([LIST.replace("&page=1", "&page=2")] if more else [])


@pytest.mark.parametrize(
    ("page", "status", "rows", "reason"),
    [
        (1, 404, {}, Reason.NOT_IN_ROUTE),
        (2, 400, {"code": "rest_post_invalid_page_number"}, Reason.NOT_IN_ROUTE),
        (2, 404, {}, Reason.PARTIAL_LISTING),
        (2, 200, "<b>Warning</b>", Reason.PARTIAL_LISTING),
    ],
)
def test_a_list_that_begins_and_does_not_go_on_is_told(page: int, status: int, rows: object, reason: Reason) -> None:
    parsed = parse(ASKED, Ask("posts", LIST, page=page), status, json.dumps(rows).encode())

    assert [blind.reason for blind in parsed.blind] == [reason]


@pytest.mark.parametrize(
    ("link", "page", "root"),
    [
        (f'<{BLOG}/api/>; rel="https://api.w.org/"', "", f"{BLOG}/api/wp/v2/posts?"),
        (
            f'<{BLOG}/feed>; rel="alternate", <{BLOG}/?rest_route=/>; rel="https://api.w.org/"',
            "",
            f"{BLOG}/?rest_route=/wp/v2/posts&",
        ),
        ("", "<link rel='https://api.w.org/' href='/sub/wp-json/'>", f"{BLOG}/sub/wp-json/wp/v2/posts?"),
    ],
)
@pytest.mark.parametrize("platform", ["wordpress", "website"])
def test_the_front_page_names_the_interface(link: str, page: str, root: str, platform: str) -> None:
    route = beside(platform, link, page)

    assert route is not None
    assert route.asks[0].url.startswith(f"{root}per_page=100&page=1&_embed=")


def test_an_interface_that_nobody_names_is_looked_for_where_somebody_says_that_there_is_one() -> None:
    page = '<meta name="generator" content="Another system">'

    found = beside("wordpress", "", page)

    assert found is not None
    assert found.asks[0].url.startswith(f"{BLOG}/wp-json/wp/v2/posts?")
    assert beside("website", "", page) is None


def test_an_interface_elsewhere_is_not_asked() -> None:
    page = '<link rel="https://api.w.org/" href="https://elsewhere.example/wp-json/">'

    assert beside("wordpress", "", page) is None
    assert beside("website", "", page) is None


@pytest.mark.parametrize(
    ("url", "root"),
    [
        (f"{BLOG}/staff/rivera/", "/wp-json/"),
        (f"{BLOG}/staff/rivera/", "/?rest_route=/"),
        (f"{BLOG}/a/", "/b/wp-json/"),
    ],
)
def test_a_part_of_a_site_is_not_read_by_what_its_system_tells_of_all_of_it(url: str, root: str) -> None:
    page = f'<link rel="https://api.w.org/" href="{root}">'

    assert beside("website", "", page, url) is None
    assert beside("website", "", page, f"{BLOG}/b/" if "/b/" in root else f"{BLOG}/index.php") is not None


def test_a_site_on_wordpress_com_is_asked_where_all_of_them_are() -> None:
    planned = plan(Account("a", Kind.CLASSROOM, "website", "https://room7.wordpress.com/"), {})

    assert isinstance(planned, Route)
    assert planned.beside is not None
    route = planned.beside(Front("https://room7.wordpress.com/", {}))
    assert route is not None
    assert route.asks[0].url.startswith("https://public-api.wordpress.com/wp/v2/sites/room7.wordpress.com/posts?")


def beside(platform: str, link: str, page: str, url: str = f"{BLOG}/") -> Route | None:
    """How a site that was registered so is read beside its pages, by its front page."""
    planned = plan(Account("room7", Kind.CLASSROOM, platform, url), {})
    assert isinstance(planned, Route)
    assert (planned.name, planned.is_website) == ("website", True)
    assert planned.beside is not None
    return planned.beside(Front(url, signs.of(url, lambda name: link if name == "Link" else "", page.encode())))


@settings(deadline=None)
@given(
    st.sampled_from(["pages", "posts", "media text", "comments"]),
    st.integers(200, 599),
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["link", "content", "title", "rendered", "_embedded"]), inner, max_size=4)
        ),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()),
)
def test_no_answer_breaks_the_reader(what: str, status: int, body: bytes) -> None:
    assert isinstance(parse(ASKED, Ask(what, LIST), status, body), Parsed)


# ------------------------------------------------------------------------------------------------ over the wire


class Blog:
    """A WordPress site: pages with a menu and a logo around them, and lists of `size` rows a page behind them."""

    def __init__(self, *, size: int = 2) -> None:
        self.size = size
        self.posts: dict[str, str] = {"/first/": "First day", "/fair/": "Book fair", "/old/": "Nobody links here"}
        self.linked: list[str] = ["/first/", "/fair/"]
        self.rows: dict[str, list[dict[str, Any]]] = {"pages": [], "media": [], "comments": []}
        self.instead: Callable[[str], Any] = lambda _path: None
        self.site = Site("")

    def __call__(self, handler: BaseHTTPRequestHandler) -> Any:
        path = handler.path.partition("?")[0]
        answer = self.instead(path)
        if answer is not None:
            return answer
        if path.startswith("/wp-json/wp/v2/"):
            return self._listed(path.rpartition("/")[2], parse_qs(urlsplit(handler.path).query))
        if path == "/":
            return self._page("Room 7", "".join(f'<a href="{one}">{one}</a>' for one in self.linked))
        return self._page(self.posts[path], "") if path in self.posts else Reply("", 404)

    def _page(self, words: str, menu: str) -> Reply:
        link = f'<{self.site.at("/wp-json/")}>; rel="https://api.w.org/"'
        shown = f'<title>{words}</title><nav>{menu}</nav><img src="/logo.png" alt="Our crest"><p>{words}.</p>'
        return Reply(f"<body>{shown}<footer>These views are mine.</footer></body>", headers={"Link": link})

    def _listed(self, what: str, query: Mapping[str, list[str]]) -> Reply:
        rows = list(self._posts()) if what == "posts" else self.rows[what]
        if what == "media":
            rows = [row for row in rows if row["media_type"] == query["media_type"][0]]
        start = (int(query["page"][0]) - 1) * self.size
        pages = -(-len(rows) // self.size)
        if start and start >= len(rows):
            return Reply('{"code": "rest_post_invalid_page_number"}', 400, "application/json")
        shown = json.dumps(rows[start : start + self.size])
        return Reply(shown, 200, "application/json", {"X-WP-TotalPages": str(pages)})

    def _posts(self) -> Iterator[dict[str, Any]]:
        for path, words in self.posts.items():
            yield {
                "link": self.site.at(path),
                "title": {"rendered": words},
                "content": {"rendered": f"<p>{words}.</p>"},
                "comment_status": "closed",
            }


@pytest.fixture
def blog() -> Iterator[Blog]:
    blog = Blog()
    with serve({"/robots.txt": Reply(status=404), "/sitemap.xml": Reply(status=404), "*": blog}) as site:
        blog.site = site
        yield blog


def read(blog: Blog, witness: Notes | None = None, platform: str = "wordpress", **options: Any) -> Notes:
    notes = witness if witness is not None else Notes()
    account = Account("room7", Kind.CLASSROOM, platform, blog.site.url)
    planned = plan(account, {})
    assert isinstance(planned, Route)
    memory = {"memory": notes} if isinstance(notes, Ledger) else {}
    visit_route(Assignment(account, route=planned, **memory), notes, **options)  # type: ignore[arg-type]
    return notes


def paths(blog: Blog, notes: Notes) -> list[str]:
    return sorted("/" + url.removeprefix(blog.site.url) for url in notes.urls)


def page_of(blog: Blog, notes: Notes, path: str) -> Document:
    return next(document for document in notes.documents if document.url == blog.site.at(path))


@pytest.mark.parametrize("platform", ["wordpress", "website"])
def test_pages_are_read_as_visitors_see_them_and_those_that_no_link_leads_to_as_well(blog: Blog, platform: str) -> None:
    notes = read(blog, platform=platform)

    assert blog.site.asked("/") == 1

    assert paths(blog, notes) == ["/", "/fair/", "/first/", "/old/"]
    assert notes.gaps == []
    old = page_of(blog, notes, "/old/")
    assert [image.alt for image in old.images] == ["Our crest"]
    assert any("These views are mine." in passage.text for passage in old.passages)
    assert old.comment_state is CommentState.CLOSED
    # What both tell is told once.
    assert [passage.text for passage in old.passages].count("Nobody links here") == 1


def test_comments_and_files_are_read_that_no_page_shows(blog: Blog) -> None:
    comment = {**COMMENT, "link": blog.site.at("/fair/#comment-2")}
    blog.rows["comments"] = [comment, {**comment, "link": blog.site.at("/fair/#comment-3")}]
    blog.rows["media"] = [
        {"media_type": "text", "source_url": blog.site.at("/wp-content/uploads/list.csv")},
        {"media_type": "image", "source_url": blog.site.at("/wp-content/uploads/1.png")},
    ]
    blog.instead = {"/wp-content/uploads/list.csv": Reply("name\nLunch", type="text/csv")}.get

    notes = read(blog)

    assert "/wp-content/uploads/list.csv" in paths(blog, notes)
    assert [said.author for said in page_of(blog, notes, "/fair/").comments] == ["Sam", "Sam"]
    assert Passage("See you there!", Place.COMMENT) in page_of(blog, notes, "/fair/").passages


@pytest.mark.parametrize(("status", "state"), [(200, CommentState.OPEN), (404, None)])
def test_where_comments_are_off_for_the_whole_site_no_post_is_open(
    blog: Blog, status: int, state: CommentState | None
) -> None:
    open_post = {"link": blog.site.at("/fair/"), "title": {"rendered": "Book fair"}, "comment_status": "open"}
    lists = {"posts": Reply(json.dumps([open_post])), "comments": Reply("[]", status)}
    blog.instead = lambda path: lists.get(path.rpartition("/")[2])

    assert page_of(blog, read(blog), "/fair/").comment_state is state


def test_a_comment_that_both_tell_stands_there_once(blog: Blog) -> None:
    thread = (
        '<ol class="comment-list"><li id="comment-2" class="comment"><div class="comment-author">Sam says:</div>'
        '<div class="comment-content"><p>See you there!</p></div></li></ol>'
    )
    blog.rows["comments"] = [{**COMMENT, "link": blog.site.at(f"/fair/#comment-{number}")} for number in (2, 3)]
    blog.rows["comments"][1]["content"] = {"rendered": "<p>On the next page</p>"}
    blog.instead = {"/fair/": Reply(f"<body><p>Book fair.</p>{thread}</body>")}.get

    fair = page_of(blog, read(blog), "/fair/")

    assert [comment.text for comment in fair.comments] == ["See you there!", "On the next page"]
    assert fair.comments_whole is None
    assert sum("See you there!" in passage.text for passage in fair.passages) == 1


def test_a_post_is_read_although_its_page_is_not_there(blog: Blog) -> None:
    blog.instead = {"/old/": Reply(status=404)}.get

    notes = read(blog)

    assert Passage("Nobody links here.") in page_of(blog, notes, "/old/").passages
    assert (notes.dead, notes.gaps) == ([], [])


def test_posts_are_read_although_the_front_page_fails(blog: Blog) -> None:
    blog.instead = {"/": Reply(status=500)}.get

    notes = read(blog)

    assert paths(blog, notes) == ["/fair/", "/first/", "/old/"]
    assert [url for url, _ in notes.gaps] == [blog.site.url]


def test_a_page_that_fails_is_missed_although_its_text_is_known(blog: Blog) -> None:
    blog.instead = {"/old/": Reply(status=500)}.get

    notes = read(blog)

    assert Passage("Nobody links here.") in page_of(blog, notes, "/old/").passages
    assert {url for url, _ in notes.gaps} == {blog.site.at("/old/")}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_where_the_interface_is_switched_off_the_website_is_read(blog: Blog, status: int) -> None:
    closed = Reply('{"code": "rest_disabled"}', status, "application/json")
    blog.instead = lambda path: closed if path.startswith("/wp-json/") else None

    notes = read(blog)

    assert paths(blog, notes) == ["/", "/fair/", "/first/"]
    assert notes.gaps == []


@pytest.mark.parametrize(("status", "reason"), [(429, Reason.RATE_LIMITED), (503, Reason.PLATFORM_OUTAGE)])
def test_an_interface_that_fails_is_told_and_the_website_is_read(blog: Blog, status: int, reason: Reason) -> None:
    fails = Reply(status=status, headers={"Retry-After": "0"})
    blog.instead = lambda path: fails if path.endswith("/comments") else None

    notes = read(blog)

    assert paths(blog, notes) == ["/", "/fair/", "/first/", "/old/"]
    assert notes.reasons == [reason]


def test_a_post_that_no_page_shows_is_not_gone_when_the_interface_fails(blog: Blog) -> None:
    only_told, notes = blog.site.at("/told/"), Notes()
    fails = Reply(status=503, headers={"Retry-After": "0"})
    blog.instead = lambda path: fails if path.startswith("/wp-json/") else None
    planned = plan(Account("room7", Kind.CLASSROOM, "wordpress", blog.site.url), {})
    assert isinstance(planned, Route)
    account = Account("room7", Kind.CLASSROOM, "wordpress", blog.site.url)

    visit_route(Assignment(account, route=planned, seeds=(only_told,)), notes)

    assert notes.dead == []
    assert [blind.reason for url, blind in notes.gaps if url == only_told] == [Reason.PLATFORM_OUTAGE]


def test_what_was_read_before_and_did_not_change_is_not_judged_again(blog: Blog) -> None:
    blog.rows["comments"] = [{**COMMENT, "link": blog.site.at("/fair/#comment-2")}]
    first = read(blog, Ledger())
    second = first.again()  # type: ignore[attr-defined]
    blog.instead = lambda path: Reply(f"<p>Book fair.</p><!-- {len(blog.site.hits)} -->") if path == "/fair/" else None
    read(blog, second)
    third = second.again()

    read(blog, third)

    # The page's bytes differ each time; what it says, with its comments, does not.
    assert third.documents == []
    assert len(third.same) == 4


def test_who_wants_one_page_gets_one(blog: Blog) -> None:
    notes = read(blog, max_pages=1)

    assert paths(blog, notes) == ["/"]
    assert not any("wp-json" in hit for hit in blog.site.hits)


def test_what_lies_outside_of_the_account_is_not_read(blog: Blog) -> None:
    elsewhere = [{"link": "https://elsewhere.example/x/", "title": {"rendered": "Not ours"}}]
    blog.rows["pages"] = elsewhere

    notes = read(blog)

    assert paths(blog, notes) == ["/", "/fair/", "/first/", "/old/"]


# ------------------------------------------------------------------------------------------------ how it is found


class Book:
    """A memory of hosts, in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, Mapping[str, object]] = {}

    def recall(self, host: str) -> Mapping[str, object]:
        return self.kept.get(host, {})

    def remember(self, host: str, facts: Mapping[str, object]) -> None:
        self.kept[host] = facts


def test_a_front_page_that_did_not_change_is_what_it_was_before() -> None:
    ledger, book, names = Ledger(), Book(), ("a", "b", "c")

    def page(handler: BaseHTTPRequestHandler) -> Any:
        if "/wp-json/" in handler.path:
            return Reply("[]", type="application/json")
        if handler.headers["If-None-Match"]:
            return Reply(status=304)
        link = f'<http://{handler.headers["Host"]}{handler.path}wp-json/>; rel="https://api.w.org/"'
        return Reply(f"<p>Welcome to {handler.path}</p>", headers={"ETag": '"1"', "Link": link})

    async def audit() -> None:
        await website.read([assigned(site.at(f"/{name}/"), ledger) for name in names], OPTIONS, ledger, None, book)

    with serve({"/robots.txt": Reply(status=404), "/sitemap.xml": Reply(status=404), "*": page}) as site:
        run(audit())
        before = list(site.hits)
        run(audit())

    # Of the first two it is proved that they did not change; the third is believed.
    hits = site.hits[len(before) :]
    assert [hits.count(f"GET /{name}/") for name in names] == [2, 2, 1]
    assert sum("/wp/v2/posts?" in hit for hit in hits) == 3


def assigned(url: str, ledger: Ledger) -> Assignment:
    account = Account(url, Kind.CLASSROOM, "website", url)
    planned = plan(account, {})
    assert isinstance(planned, Route)
    return Assignment(account, route=planned, memory=ledger)


def test_an_audit_that_goes_on_asks_the_interface_as_well(blog: Blog) -> None:
    notes = Notes()
    account = Account("room7", Kind.CLASSROOM, "website", blog.site.url)
    planned = plan(account, {})
    assert isinstance(planned, Route)

    visit_route(Assignment(account, route=planned, done={blog.site.url: 0, blog.site.at("/first/"): 1}), notes)

    assert paths(blog, notes) == ["/fair/", "/old/"]


def test_a_post_that_no_page_shows_is_judged_for_as_long_as_its_system_publishes_it(blog: Blog, tmp_path: Path) -> None:
    district, here = District(tmp_path), {"/rude/": Reply(status=404)}
    blog.posts = {"/first/": "First day", "/rude/": "Those damn assholes stole our sign"}
    blog.linked, blog.instead = ["/first/"], here.get
    district.configure(blog.site.url)

    def open_after_an_audit() -> list[str]:
        district.auditor("audit")
        return [finding["url"] for finding in district.open_findings("offensive-content")]

    assert open_after_an_audit() == [blog.site.at("/rude/")]
    fails = Reply(status=503, headers={"Retry-After": "0"})
    blog.instead = lambda path: fails if path.startswith("/wp-json/") else here.get(path)
    assert open_after_an_audit() == [blog.site.at("/rude/")]
    assert [row["complete"] for row in district.lines("coverage")] == [False]
    blog.instead = here.get
    del blog.posts["/rude/"]
    assert open_after_an_audit() == []
    assert [row["complete"] for row in district.lines("coverage")] == [True]


@pytest.mark.parametrize(
    "page",
    [
        "<body><h1>Protected: Secrets</h1><form><input type=password></form></body>",
        f"<body><h1>Protected: Secrets</h1><form><input type=password></form><p>{'menu and news ' * 200}</p></body>",
    ],
    ids=["nothing around it", "much around it"],
)
def test_an_account_with_a_post_behind_a_password_is_not_complete(blog: Blog, page: str) -> None:
    hidden = {"link": blog.site.at("/secrets/"), "content": {"rendered": "", "protected": True}}
    blog.rows["pages"] = [hidden]
    blog.instead = {"/secrets/": Reply(page)}.get

    notes = read(blog)

    assert {(url, blind.reason) for url, blind in notes.gaps} == {(blog.site.at("/secrets/"), Reason.LOGIN_WALL)}
    assert page_of(blog, notes, "/secrets/").problem
