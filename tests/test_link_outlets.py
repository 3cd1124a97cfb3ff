"""What a link leads to, from its address and from what stands at its end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Account, District, Kind
from auditor.outlets.landing import CHALLENGE, ERROR, PARKED, Missing, Sign, alike, read, reads_as_missing
from auditor.outlets.links import classify, educational, group_of, known, registrable, serves_youth
from auditor.outlets.own import is_own

PRODUCT = """<html><head><title>Blue mug</title><script type="application/ld+json">
{"@context":"https://schema.org","@type":"Product","name":"Mug","offers":{"@type":"Offer","price":"12.99"}}</script>
</head><body><h1>Blue mug</h1></body></html>"""
MICRODATA = """<div itemscope itemtype="https://schema.org/Product"><h1>Mug</h1>
<span itemprop="price" content="9">nine</span></div>"""
OPEN_GRAPH = (
    """<meta property="og:type" content="product"><meta property="product:price:amount" content="9"><h1>Mug</h1>"""
)
CART = "<title>Mug</title><h1>Mug</h1><p>$12.99</p><button>Add to cart</button>"
CARRITO = "<title>Taza</title><h1>Taza</h1><p>12,99 €</p><input type=submit value='Añadir al carrito'>"
CAMPAIGN = "<title>Alder for Mayor</title><h1>Vote for Alder</h1><p>Paid for by Friends of Alder</p>"
FORUM = "<title>Candidate forum</title><h1>Meet the candidates</h1><p>In the library. Donate books at the door."


@pytest.mark.parametrize(
    ("url", "link_class", "sort", "sure"),
    [
        ("https://www.amazon.com/dp/B000?tag=alder-20", "commercial", "marketplace", True),
        ("https://amazon.co.uk/dp/B000", "commercial", "marketplace", True),
        ("https://amzn.to/3xyz", "commercial", "affiliate", True),
        ("https://www.teacherspayteachers.com/Store/Alder", "commercial", "teaching-shop", True),
        ("https://www.awin1.com/cread.php?awinmid=1&ued=https%3A%2F%2Fshop.example", "commercial", "affiliate", True),
        ("https://alder.myshopify.com/", "commercial", "storefront", True),
        ("https://www.amazon.com/hz/wishlist/ls/ABC", "commercial", "wish-list", False),
        ("https://venmo.com/u/alder", "commercial", "payment", False),
        ("https://reviews.example/markers?aff_id=77", "commercial", "affiliate link", True),
        ("https://reviews.example/markers?utm_medium=affiliate", "commercial", "affiliate link", True),
        ("https://secure.actblue.com/donate/alder", "political", "political-donation", True),
        ("https://www.wisdems.org/", "political", "party", True),
        ("https://fergusgop.org/", "political", "party", False),
        ("https://www.alderforsenate.com/", "political", "campaign", False),
        ("https://www.gofundme.com/f/playground", "", "fundraising", False),
        ("https://bookfairs.scholastic.com/bf/lincoln", "", "school-vendor", False),
        ("https://www.scholastic.com/teachers", "", "school-service", False),
        ("https://play.google.com/store/apps/details?id=x", "", "school-service", False),
        ("https://bit.ly/abc", "", "", False),
        ("https://linktr.ee/lincoln", "", "", False),
        ("https://www.nasa.gov/shop?tag=nasa-20", "", "educational", False),
        ("https://www.montana.edu/store/checkout", "", "educational", False),
        ("https://www.khanacademy.org/?ref=x", "", "educational", False),
        ("https://lincoln.k12.mt.us/store", "", "educational", False),
        ("https://museum.example/?ref=school&utm_source=newsletter", "", "", False),
        ("https://notamazon.example/", "", "", False),
        ("https://amazon.example.org/", "", "", False),
        ("https://www.informa.example/informer", "", "", False),
        ("mailto:a@b.example", "", "", False),
        ("http://[::1", "", "", False),
    ],
)
def test_an_address_alone_tells_what_is_known_of_it(url: str, link_class: str, sort: str, sure: bool) -> None:
    outlet = classify(url)

    assert (outlet.link_class, outlet.sort, outlet.sure) == (link_class, sort, sure)


@pytest.mark.parametrize("page", [PRODUCT, MICRODATA, OPEN_GRAPH, CART, CARRITO])
def test_a_page_that_sells_is_a_shop_wherever_it_stands(page: str) -> None:
    outlet = classify("http://127.0.0.5:8009/product/123", (), read(page))

    assert (outlet.link_class, outlet.sort, outlet.sure) == ("commercial", "shop page", True)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("http://127.0.0.5:8009/product/3", "<title>Maths</title><h1>The product of two numbers</h1><p>Multiply them."),
        ("http://127.0.0.5:8009/lunch", "<title>Lunch</title><p>Milk costs $0.50. A full lunch is $3.25."),
        ("http://127.0.0.5:8009/shop", "<title>Wood shop</title><h1>Wood shop</h1><p>Students build birdhouses."),
        ("http://127.0.0.5:8009/store", "<title>Store your bike</title><p>Racks stand by the gym."),
        ("http://127.0.0.5:8009/article?ref=home", "<title>Deals of the century</title><p>How treaties were made."),
        ("http://127.0.0.5:8009/forum", FORUM),
        (
            "http://127.0.0.5:8009/pizza",
            "<h1>Thanks</h1><p>Pizza paid for by the PTA committee. Vote for your topping!",
        ),
        ("http://127.0.0.5:8009/", "<title>Soccer camp for kids</title><h1>Summer</h1><p>$199<button>Buy now</button>"),
    ],
)
def test_a_page_that_sells_nothing_is_no_shop_whatever_its_address_looks_like(url: str, page: str) -> None:
    assert classify(url, (), read(page)).link_class == ""


def test_a_campaign_page_is_known_by_who_paid_for_it() -> None:
    outlet = classify("http://127.0.0.5:8009/", (), read(CAMPAIGN))

    assert (outlet.link_class, outlet.sort, outlet.sure) == ("political", "campaign page", True)


def test_a_short_address_is_judged_by_where_it_ends() -> None:
    assert classify("https://bit.ly/x", ["https://www.walmart.com/ip/1"]).link_class == "commercial"
    assert classify("https://bit.ly/x", ["https://www.loc.gov/item/1"]).sort == "educational"
    assert classify("https://bit.ly/x", ["http://127.0.0.5:8009/mug"], read(CART)).link_class == "commercial"


def test_a_wrapped_address_is_unwrapped() -> None:
    wrapped = "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.etsy.com%2Fshop%2Fx&data=1"

    assert classify(wrapped).sort == "marketplace"
    assert classify("https://urldefense.com/v3/__https://www.etsy.com/shop/x__;!!abc").sort == "marketplace"
    assert classify("https://www.google.com/url?q=https://www.loc.gov/").sort == "educational"


def test_the_list_is_large_and_has_no_host_twice() -> None:
    hosts = [host for entries in known().places.values() for host, _ in entries]

    assert len(known().places) >= 500
    assert len(hosts) == sum(len({path for path, _ in entries}) for entries in known().places.values())
    assert not known().never & set(known().places)


def test_hosts_that_teach_or_govern_are_known_by_their_ending() -> None:
    teaching = ("mit.edu", "x.ac.uk", "elections.wa.gov", "missoula.lib.mt.us", "a.k12.wi.us", "b.edu.mx", "si.museum")
    others = ("edu.example", "mygov.com", "lib.example.com", "127.0.0.1", "us")

    assert [h for h in teaching if not educational(h)] == []
    assert [h for h in others if educational(h)] == []


def test_the_registered_part_of_a_name_follows_the_public_suffix_list() -> None:
    assert [registrable(h) for h in ("a.b.example.co.uk", "www.etsy.com", "127.0.0.1", "localhost")] == [
        "example.co.uk",
        "etsy.com",
        "",
        "",
    ]
    assert group_of("https://shop.etsy.com/") == "marketplace"


def test_links_that_speak_of_children_are_told_from_goods_for_them() -> None:
    assert serves_youth("Brightwater summer camp for kids")
    assert serves_youth("Campamento de verano")
    assert not serves_youth("Summer camp t-shirts")
    assert not serves_youth("Campus map")


def test_a_district_knows_its_own_sites() -> None:
    site = Account("a", Kind.OFFICIAL, "website", "http://127.0.0.2:8001/")
    page = Account("b", Kind.OFFICIAL, "facebook", "https://www.facebook.com/riverbend")
    district = District("Riverbend", "mcps", email_domains=("riverbend.example",), accounts=(site, page))

    own = ("http://127.0.0.2:8001/store", "https://shop.riverbend.example/", "https://riverbend.example/")
    others = ("http://127.0.0.2:8009/store", "https://www.facebook.com/marketplace/1", "https://notriverbend.example/")

    assert [is_own(url, district) for url in own] == [True] * 3
    assert [is_own(url, district) for url in others] == [False] * 3


# ---------------------------------------------------------------------------------------------------- landings


@pytest.mark.parametrize(
    ("page", "missing"),
    [
        ("<title>404 - Page not found</title><h1>Page not found</h1><p>Sorry.", Missing.PLAINLY),
        ("<title>Error 404</title><p>We can’t find the page you’re looking for.", Missing.PLAINLY),
        ("<title>Página no encontrada</title><h1>Página no encontrada</h1>", Missing.PLAINLY),
        ("<title>Riverbend</title><h1>This page isn’t available</h1><p>The link may be broken.", Missing.PLAINLY),
        ("<title>Página não encontrada</title><h1>Página não encontrada</h1>", Missing.PLAINLY),
        ("<title>Seite nicht gefunden</title><h1>Seite nicht gefunden</h1>", Missing.PLAINLY),
        ("<title>Không tìm thấy trang</title><h1>Không tìm thấy trang</h1>", Missing.PLAINLY),
        ("<title>页面不存在</title><h1>找不到您要的页面</h1>", Missing.PLAINLY),
        ("<title>Страница не найдена</title><h1>Страница не найдена</h1>", Missing.PLAINLY),
        ("<title>الصفحة غير موجودة</title><h1>الصفحة غير موجودة</h1>", Missing.PLAINLY),
        ("<title>페이지를 찾을 수 없습니다</title><h1>페이지를 찾을 수 없습니다</h1>", Missing.PLAINLY),
        ("<title>ページが見つかりません</title><h1>ページが見つかりません</h1>", Missing.PLAINLY),
        ("<title>Seite 3</title><h1>Nicht vergessen: Elternabend</h1>", Missing.NO),
        ("<title>学校主页</title><h1>找到新朋友</h1>", Missing.NO),
        ("<title>Page not found</title><h1>Menu</h1><p>" + "Lunch and breakfast. " * 100, Missing.TITLE),
        ("<title>Riverbend</title><h1>This page no longer exists</h1><p>" + "Lunch. " * 300, Missing.MAYBE),
        ("<title>Room 404</title><h1>Room 404</h1><p>Ms. Alder teaches here.", Missing.NO),
        ("<title>Lost and found</title><p>A blue coat was not found. " + "It was wool. " * 100, Missing.NO),
        ("<title>Area code 404</title><p>Call 404-555-0100", Missing.NO),
    ],
)
def test_a_page_that_says_it_is_not_there_is_heard(page: str, missing: Missing) -> None:
    assert read(page).missing == missing


@pytest.mark.parametrize(
    ("page", "notice"),
    [
        ("<title>Just a moment...</title>", CHALLENGE),
        ("<title>riverbend.example</title><h1>This domain is for sale</h1>", PARKED),
        ("<title>x</title><script>window.location.href='/lander'</script>", PARKED),
        ("<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>", PARKED),
        ("<title>Error</title><h1>Error establishing a database connection</h1>", ERROR),
        ("<title>Real estate</title><h1>Houses</h1><p>This website is for sale signs. " + "Yard. " * 400, ""),
        ("<title>Science news</title><h1>Just a moment of silence</h1>" + "<p>Words " * 90, ""),
    ],
)
def test_pages_on_which_nobody_lives_are_known(page: str, notice: str) -> None:
    assert read(page).notice == notice


def test_alike_pages_are_told_from_others() -> None:
    lost = "<h1>Sorry</h1><p>We looked in every room of the school and the page you want is in none of them. Number {}."
    news = "<h1>News</h1><p>The garden club planted beans, peas and sunflowers behind the gym on Monday morning."

    assert alike(read(lost.format(17)), read(lost.format(93))) == 1.0
    assert alike(read(lost.format(17)), read(news)) < 0.1


def test_a_refresh_that_forwards_is_told_from_one_that_reloads_the_page_now_and_then() -> None:
    assert read('<meta http-equiv="refresh" content="0; URL=\'/new\'">').refresh == "/new"
    assert read('<meta http-equiv="refresh" content="300;url=/scores">').refresh == ""


def test_a_refresh_for_those_without_scripts_forwards_nobody_else() -> None:
    page = '<noscript><meta http-equiv="refresh" content="0;url=/plain"></noscript><p>News'

    assert read(page).refresh == ""


def test_a_refresh_leads_on_from_the_base_of_its_page() -> None:
    page = '<base href="https://school.example/b/"><meta http-equiv="refresh" content="0;url=new">'

    assert read(page).refresh == "https://school.example/b/new"
    assert read(page.replace("school.example", "[")).refresh == "new"


def test_a_page_keeps_no_text_of_others() -> None:
    landing = read("<title>Ms. Alder</title><p>" + "Secret words of a stranger. " * 50)

    assert "Secret" not in repr(landing)
    assert reads_as_missing("Page not found", "Sorry")


HOSTILE = (
    "paid for by " * 8000,
    "donate " * 14000,
    "page " * 20000 + "x",
    "a" * 100_000,
    "the domain " * 9000,
    "$" * 100_000,
    "1" * 100_000,
    "Elect A" * 14000,
    "404" * 33000,
    "can't find " * 9000,
    " " * 100_000,
    "endorse" * 14000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_stalls_the_reader(text: str) -> None:
    """Work that grows with the square of the page would take minutes here."""
    landing = read(f"<title>{text[:50_000]}</title><h1>{text[:50_000]}</h1><p>{text}")

    assert len(landing.title) <= 200


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=2000))
def test_no_page_breaks_the_reader(text: str) -> None:
    for page in (text, f"<title>{text}</title><h1>{text}</h1>", f'<script type="application/ld+json">{text}</script>'):
        landing = read(page, anchors=True)

        assert Sign.CAMPAIGN not in landing.signs or text
        assert 0.0 <= alike(landing, landing) <= 1.0


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_no_address_breaks_the_lookup(url: str) -> None:
    for address in (url, f"https://{url}", f"https://a.example/{url}", f"https://www.google.com/url?q={url}"):
        assert classify(address).link_class in ("", "commercial", "political")
