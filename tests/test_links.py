"""What came of visiting links: real requests to servers whose every link has a known truth."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from auditor.model import Document, Link, LinkState, LinkVerdict, Passage
from benchmarks.planted_links import HONEST, LYING, OTHER, PlantedLinks, moved, page
from spiders.link_known import Known
from spiders.link_walk import Patience
from spiders.links import LinkAsk, LinkOptions, visit
from spiders.reactor import run
from spiders.settings import Manners
from tests.servers import Reply, serve
from tests.visits import to as moved_to

VERDICTS = {"fine": "alive", "broken": "broken", "blocked": "blocked", "suspicious": "suspicious", "none": "skipped"}
MANNERS = Manners(delay=0, deadline=3.0, allow_networks=("127.77.0.0/16",))
QUICK = LinkOptions(manners=MANNERS, patience=Patience(pause=0.02, longest=2), second_look=0.05)
LOCAL = replace(QUICK, manners=replace(MANNERS, allow_networks=("127.0.0.0/8",)))
NAMES = [link.name for link in PlantedLinks.everything() if link.seen_by != "nobody"]

SHOP = "<title>Mug</title><h1>Mug</h1><p>$12.99 <button>Add to cart</button>"
CAMPAIGN = (
    "<title>Alder for Mayor</title><h1>Vote for Alder</h1><p>Donate to the campaign. Paid for by Friends of Alder."
)


@pytest.fixture(scope="module")
def states(web: PlantedLinks) -> Mapping[str, LinkState]:
    """The state of every planted link, by its name, from one visit to all of them."""
    told = look(*(LinkAsk(link.url, fragment=True) for link in web.links))
    return {link.name: told[link.url] for link in web.links}


def look(*asks: LinkAsk | str, options: LinkOptions = QUICK) -> dict[str, LinkState]:
    """One visit: its states by address."""
    told: list[LinkState] = []
    run(visit([LinkAsk(a, fragment=True) if isinstance(a, str) else a for a in asks], options, told.append))
    assert len(told) == len({state.url for state in told}), "every address is told once"
    return {state.url: state for state in told}


@pytest.mark.parametrize("name", NAMES)
def test_every_planted_link_is_told_for_what_it_is(
    web: PlantedLinks, states: Mapping[str, LinkState], name: str
) -> None:
    truth = next(link.truth for link in web.links if link.name == name)

    assert states[name].verdict == VERDICTS[truth], states[name]


@pytest.mark.parametrize(
    ("name", "kind", "sure"),
    [
        ("status-404", "404", True),
        ("no such host", "dns", True),
        ("refused", "refused", True),
        ("silent", "timeout", True),
        ("hangs-up", "broke-off", False),
        ("self-signed", "tls", True),
        ("expired", "tls", True),
        ("certificate of another site", "tls", True),
        ("unknown issuer", "tls", False),
        ("second version only", "garbled", False),
        ("chunk-cut", "truncated", False),
        ("loop-a", "loop", True),
        ("thirty-hops", "loop", True),
        ("no-location", "nowhere", True),
        ("to-file", "nowhere", True),
        ("to-private", "private", True),
        ("private", "private", True),
        ("soft 404", "soft-404", True),
        ("soft-plain", "soft-404", True),
        ("soft-spanish", "soft-404", True),
        ("missing fragment", "fragment", True),
        ("parked", "parked", False),
        ("to-home", "home", False),
        ("members", "login", False),
        ("limited", "429", True),
        ("challenge-503", "challenge", True),
        ("robots.txt says no", "robots", True),
    ],
)
def test_each_case_has_its_kind_and_tells_whether_it_is_certain(
    states: Mapping[str, LinkState], name: str, kind: str, sure: bool
) -> None:
    assert (states[name].kind, states[name].sure) == (kind, sure)


def test_the_whole_way_of_a_redirect_is_kept(web: PlantedLinks, states: Mapping[str, LinkState]) -> None:
    home = web.place(HONEST)

    state = states["three-hops"]

    assert state.hops == (f"{home}/moved-301", f"{home}/plain")
    assert (state.final_url, state.status) == (f"{home}/plain", 200)


def test_every_bad_verdict_says_why_in_one_sentence(states: Mapping[str, LinkState]) -> None:
    unsaid = [s.url for s in states.values() if s.verdict is not LinkVerdict.ALIVE and not s.why.endswith(".")]

    assert unsaid == []


def test_a_page_is_asked_for_once_however_many_addresses_lead_to_it(web: PlantedLinks) -> None:
    home = web.place(HONEST)
    before = web.hits[f"{HONEST}/plain"]

    look(f"{home}/plain", f"{home}/plain#news", f"{home}/plain#recipes", f"{home}/moved-301", f"{home}/three-hops")

    assert web.hits[f"{HONEST}/plain"] == before + 1


def test_only_the_head_of_a_large_file_is_fetched(web: PlantedLinks) -> None:
    state = look(f"{web.place(HONEST)}/file.pdf")

    assert [s.verdict for s in state.values()] == [LinkVerdict.ALIVE]


def test_what_the_crawl_read_is_not_visited_again(web: PlantedLinks) -> None:
    home = web.place(HONEST)
    known = {
        f"{home}/read": Known(anchors=frozenset({"menu"}), scripted=False),
        f"{home}/read-gone": Known(status=404),
    }
    options = LinkOptions(manners=MANNERS, known=known)

    told = look(f"{home}/read", f"{home}/read#menu", f"{home}/read#staff", f"{home}/read-gone", options=options)

    assert [s.verdict for s in told.values()] == ["alive", "alive", "suspicious", "broken"]
    assert web.hits[f"{HONEST}/read"] == web.hits[f"{HONEST}/read-gone"] == 0


def test_a_missing_place_on_a_page_with_scripts_is_a_question(web: PlantedLinks) -> None:
    home = web.place(HONEST)
    web.serve(HONEST, "/scripted", page("<title>News</title><h1 id=a>News</h1><script>build()</script>"))
    web.serve(HONEST, "/static", page("<title>News</title><h1 id=a>News</h1><p>Nothing runs here."))
    known = {f"{home}/{name}": Known(anchors=frozenset({"a"})) for name in ("scripted", "static")}
    options = LinkOptions(manners=MANNERS, known=known)

    told = look(f"{home}/scripted#z", f"{home}/static#z", options=options)

    scripted, static = told[f"{home}/scripted#z"], told[f"{home}/static#z"]
    assert (scripted.kind, scripted.sure) == ("fragment", False)
    assert (static.kind, static.sure) == ("fragment", True)


def test_a_page_that_was_read_but_says_not_found_is_looked_at_again(web: PlantedLinks) -> None:
    url = f"{web.place(LYING)}/old/club.html"
    gone = Document(url, title="Page Not Found | Riverbend", passages=(Passage("We looked everywhere"),))
    news = Document(url, title="Club news", passages=(Passage("We planted beans"),))

    told = look(url, options=replace(QUICK, known={url: Known.of(gone)}))

    assert (told[url].kind, told[url].sure) == ("soft-404", True)
    assert not Known.of(news).doubtful


def test_a_page_that_was_read_but_forwards_its_reader_is_followed(web: PlantedLinks) -> None:
    url = f"{web.place(HONEST)}/refresh-404"
    forwarding = Document(url, links=(Link(f"{web.place(HONEST)}/status-404", tag="meta"),))

    told = look(url, options=replace(QUICK, known={url: Known.of(forwarding)}))

    assert (told[url].verdict, told[url].kind) == (LinkVerdict.BROKEN, "404")


def test_a_dead_host_is_dialled_for_one_page_and_not_for_each() -> None:
    urls = [f"http://no-such-school.invalid/{n}" for n in range(200)]

    told = look(*urls)

    assert {s.kind for s in told.values()} == {"dns"}
    assert len(told) == 200


def test_a_second_look_is_taken_before_a_silent_site_is_called_broken(web: PlantedLinks) -> None:
    url = f"{web.place(HONEST)}/silent-then-back"
    calls: list[int] = []

    async def silent_at_first(asked: object, writer: asyncio.StreamWriter) -> None:
        calls.append(1)
        if len(calls) == 1:
            await asyncio.sleep(30)
        writer.write(page("<title>Back</title><p>We are back."))

    web.serve(HONEST, "/silent-then-back", silent_at_first)

    assert look(url)[url].verdict is LinkVerdict.ALIVE
    assert len(calls) == 2


def test_a_private_network_is_not_dialled_even_through_a_redirect(web: PlantedLinks) -> None:
    """The planted servers themselves are private here: only one of them may be visited."""
    one_only = LinkOptions(manners=Manners(delay=0, deadline=3.0, allow_networks=(f"{HONEST}/32",)), second_look=0.0)
    web.serve(HONEST, "/into-private", moved(f"{web.place(OTHER)}/canary"))

    told = look(f"{web.place(HONEST)}/into-private", f"{web.place(OTHER)}/canary", options=one_only)

    assert {s.kind for s in told.values()} == {"private"}
    assert web.hits[f"{OTHER}/canary"] == 0


@pytest.mark.parametrize(
    ("path", "reply", "link_class", "outlet"),
    [
        ("/mug", lambda _: page(SHOP), "commercial", "shop page"),
        ("/s/abc", lambda at: moved(f"{at}/mug"), "commercial", "shop page"),
        ("/review?tag=garden-20", lambda _: page("<p>Read this"), "commercial", "affiliate link"),
        ("/to-market", lambda _: moved("https://www.amazon.com/dp/B000"), "commercial", "marketplace"),
        ("/mayor", lambda _: page(CAMPAIGN), "political", "campaign page"),
        ("/camp", lambda _: page(f"<title>Soccer camp for kids</title>{SHOP[20:]}"), "", "youth"),
        ("/products/maths", lambda _: page("<title>The product of two numbers</title><p>Multiply."), "", ""),
    ],
)
def test_a_link_is_classed_by_where_it_ends_and_what_stands_there(
    web: PlantedLinks, path: str, reply: Callable[[str], bytes], link_class: str, outlet: str
) -> None:
    at = web.place(OTHER)
    web.serve(OTHER, path.partition("?")[0], reply(at))

    state = look(f"{at}{path}")[f"{at}{path}"]

    assert (state.link_class, state.outlet) == (link_class, outlet)


def test_robots_are_asked_unless_somebody_turns_that_off(web: PlantedLinks) -> None:
    url = f"{web.place(HONEST)}/hidden/page"
    free = LinkOptions(manners=MANNERS, robots=False)

    assert look(url)[url].verdict is LinkVerdict.SKIPPED
    assert look(url, options=free)[url].verdict is LinkVerdict.ALIVE


def test_a_server_is_asked_for_no_names_of_dots() -> None:
    with serve({"/news": "<title>News</title><p>News"}) as site:
        url = site.at("/../old/../news")
        state = look(url, options=LOCAL)[url]

    assert (state.verdict, state.final_url) == (LinkVerdict.ALIVE, site.at("/news"))


def test_rules_that_lie_elsewhere_on_the_server_are_obeyed() -> None:
    rules = Reply("User-agent: *\nDisallow: /hidden", type="text/plain")
    with serve({"/robots.txt": moved_to("rules/all.txt"), "/rules/all.txt": rules, "*": "<title>News</title>"}) as site:
        states = look(site.at("/hidden/a"), site.at("/open"), options=LOCAL)

        assert [state.verdict for state in states.values()] == [LinkVerdict.SKIPPED, LinkVerdict.ALIVE]
        assert site.asked("/hidden/a") == 0


def test_a_server_whose_rules_lie_on_a_dead_one_is_alive() -> None:
    with serve({"/robots.txt": moved_to("http://127.0.0.3:9/robots.txt"), "*": "<title>News</title><p>News"}) as site:
        assert look(site.at("/open"), options=LOCAL)[site.at("/open")].verdict is LinkVerdict.ALIVE


def test_rules_that_forward_for_ever_forbid_nothing() -> None:
    with serve({"/robots.txt": moved_to("/robots.txt"), "*": "<title>News</title><p>News"}) as site:
        assert look(site.at("/open"), options=LOCAL)[site.at("/open")].verdict is LinkVerdict.ALIVE
        assert site.asked("/robots.txt") == 6


def test_a_place_whose_name_is_written_in_escaped_letters_is_found() -> None:
    page_of_places = '<title>Menus</title><a name="school%20menus">Menus</a><h2 id="café">Café</h2>'
    with serve({"/menus": page_of_places}) as site:
        there = [site.at("/menus#school%20menus"), site.at("/menus#caf%C3%A9"), site.at("/menus#caf%C3%A9:~:text=x")]
        states = look(*there, site.at("/menus#lunch%20menus"), options=LOCAL)

    assert [states[url].verdict for url in there] == [LinkVerdict.ALIVE] * 3
    assert states[site.at("/menus#lunch%20menus")].kind == "fragment"


def test_no_body_is_read_once_the_budget_is_spent(web: PlantedLinks) -> None:
    url = f"{web.place(OTHER)}/mug"
    web.serve(OTHER, "/mug", page(SHOP))

    state = look(url, options=LinkOptions(manners=MANNERS, budget=0))[url]

    assert (state.verdict, state.link_class) == (LinkVerdict.ALIVE, "")


def test_a_visit_that_is_stopped_leaves_nothing_running(web: PlantedLinks) -> None:
    urls = [LinkAsk(f"{web.place(HONEST)}/silent?{n}") for n in range(20)]

    async def stopped_early() -> int:
        work = asyncio.ensure_future(visit(urls, QUICK, lambda _: None))
        await asyncio.sleep(0.3)
        work.cancel()
        await asyncio.wait([work], timeout=5)
        await asyncio.sleep(0.1)
        assert work.cancelled()
        return len(asyncio.all_tasks()) - 1

    assert run(stopped_early()) == 0


# ------------------------------------------------------------------------------------------------ what is sent


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("", "/"),
        ("?x=1#top", "/?x=1"),
        ("/a b/café?ü=1|2", "/a%20b/caf%C3%A9?%C3%BC=1%7C2"),
        ("/100%/%zz/%c3%a9", "/100%/%zz/%c3%a9"),
        ("/a[1]{2}", "/a%5B1%5D%7B2%7D"),
    ],
)
def test_a_linked_address_is_sent_as_browsers_send_it(written: str, sent: str) -> None:
    with serve({"*": "<title>News</title><p>Spring fair"}) as site:
        assert look(site.at(written), options=LOCAL)[site.at(written)].verdict is LinkVerdict.ALIVE
        assert site.asked(sent) == 1


def test_a_redirect_is_followed_to_a_place_that_is_written_in_another_alphabet() -> None:
    moved = Reply(status=302, headers={"Location": "/menú"})  # sent in ISO-8859-1
    with serve({"/": moved, "/men%FA": "<title>Menu</title><p>Lunch"}) as site:
        assert look(site.url, options=LOCAL)[site.url].verdict is LinkVerdict.ALIVE
        assert site.asked("/men%FA") == 1


def test_a_circle_ends_where_all_its_cookies_come_back_as_they_were_set() -> None:
    def wall(handler: BaseHTTPRequestHandler) -> str | None:
        if "Cookie" in handler.headers:
            return "<title>News</title><p>Spring fair"
        cookies = ("seen=no", "school=Lincoln; Path=/; HttpOnly", 'name="José"', "seen=yes")
        lines = ("HTTP/1.1 302 Found", "Location: /", "Content-Length: 0", *(f"Set-Cookie: {c}" for c in cookies))
        handler.wfile.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        return None

    with serve({"/": wall}) as site:
        assert look(site.url, options=LOCAL)[site.url].verdict is LinkVerdict.ALIVE
        assert site.seen["/"]["Cookie"].encode("latin-1").decode() == 'seen=yes; school=Lincoln; name="José"'
