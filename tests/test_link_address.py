"""What can be said of an address before anything is dialled."""

from ipaddress import IPv4Address
from urllib.parse import urlsplit, urlunsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import LinkVerdict
from spiders.guard import Guard, networks
from spiders.link_address import PLAIN, examine, fragment_of, host_address, page_of
from spiders.scope import split, visitable

public_only = Guard().allows
with_loopback = Guard(networks(["127.0.0.0/8", "::1/128"])).allows


@pytest.mark.parametrize(
    "url",
    [
        "https://school.example/news/1.html",
        "HTTP://School.Example:8080/a?b=c#d",
        "https://bücherei.example/",
        "https://rivеrbend.example/",
        "https://xn--rivrbend-qug.example/",
        "https://школа.example/",
        "https://my_site.school.example/",
        "http://93.184.216.34/",
    ],
)
def test_a_proper_public_address_must_be_visited(url: str) -> None:
    assert examine(url, public_only) is None


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("file:///C:/Users/office/menu.pdf", "file"),
        ("C:\\Users\\office\\menu.pdf", "file"),
        ("\\\\server\\share\\menu.pdf", "file"),
        ("htp://school.example/", "malformed"),
        ("htttps://school.example/", "malformed"),
        ("hhtp://school.example/", "malformed"),
        ("http://http//school.example/", "malformed"),
        ("http://", "malformed"),
        ("http:///news", "malformed"),
        ("http://[::1", "malformed"),
        ("http://school..example/", "malformed"),
        ("http://school example.org/", "malformed"),
        ("http://school.example:port/", "malformed"),
        ("http://-school.example/", "malformed"),
        ("http://internal\\@public.example/", "malformed"),
        ("http://intranet/", "malformed"),
        ("http://999.999.999.999/", "malformed"),
        ("http://school.example.1/", "malformed"),
        ("mailto:", "malformed"),
        ("mailto:dreyes at school", "malformed"),
        ("mailto:dreyes@school", "malformed"),
        ("mailo:dreyes@school.example", "malformed"),
        ("tel:", "malformed"),
        ("http://localhost/news", "private"),
        ("http://127.0.0.1:8000/", "private"),
        ("http://10.1.2.3/", "private"),
        ("http://[::1]/", "private"),
        ("http://2130706433/", "private"),
        ("http://0x7f.1/", "private"),
        ("http://127.1/", "private"),
        ("http://printer.local/", "private"),
        ("http://0177.0.0.1/", "private"),
        ("http://0/", "private"),
        ("http://127.0.0.1./", "private"),
        ("http://[::ffff:127.0.0.1]/", "private"),
        ("http://[fe80::1%25eth0]/", "private"),
        ("http://①②⑦.⓪.⓪.①/", "private"),
        ("http://１２７.0.0.1/", "private"),
        ("http://127。0。0。1/", "private"),
        ("http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "private"),
        ("http://localhost。/", "private"),
        ("http://school。。example/", "malformed"),
    ],
)
def test_an_address_that_leads_nobody_anywhere_is_broken(url: str, kind: str) -> None:
    state = examine(url, public_only)

    assert state is not None
    assert (state.verdict, state.kind) == (LinkVerdict.BROKEN, kind)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("mailto:office@school.example?subject=Hello", "email"),
        ("mailto:a@school.example,b@school.example", "email"),
        ("mailto:?subject=Look", "email"),
        ("tel:+1-406-555-0100", "phone"),
        ("javascript:void(0)", "scheme"),
        ("data:text/plain,hello", "scheme"),
        ("ftp://files.school.example/", "scheme"),
        ("webcal://school.example/calendar.ics", "scheme"),
        ("https://school.example/cdn-cgi/l/email-protection#4a2b", "email"),
        ("https://www.facebook.com/sharer/sharer.php?u=https://school.example", "share"),
        ("https://twitter.com/intent/tweet?text=x", "share"),
        ("https://school.example/" + "a" * 9000, "long"),
    ],
)
def test_what_is_no_link_to_a_page_is_skipped(url: str, kind: str) -> None:
    state = examine(url, public_only)

    assert state is not None
    assert (state.verdict, state.kind) == (LinkVerdict.SKIPPED, kind)


@pytest.mark.parametrize("url", ["", "#", "#top", "#lunch"])
def test_a_bare_fragment_leads_to_the_same_page(url: str) -> None:
    state = examine(url, public_only)

    assert state is not None
    assert state.verdict is LinkVerdict.ALIVE


def test_a_private_address_may_be_visited_where_it_is_allowed() -> None:
    assert examine("http://127.0.0.2:8001/", with_loopback) is None
    assert examine("http://localhost:8001/", with_loopback) is None


@pytest.mark.parametrize(
    ("url", "fragment"),
    [
        ("https://a.example/#lunch", "lunch"),
        ("https://a.example/#caf%C3%A9", "café"),
        ("https://a.example/#", ""),
        ("https://a.example/#top", ""),
        ("https://a.example/#TOP", ""),
        ("https://a.example/#:~:text=lunch", ""),
        ("https://a.example/#menu:~:text=lunch", "menu"),
        ("https://a.example/#!/route", ""),
        ("https://a.example/#/route", ""),
    ],
)
def test_a_fragment_counts_only_where_a_page_must_have_it(url: str, fragment: str) -> None:
    assert fragment_of(url) == fragment


def test_names_and_passwords_in_an_address_are_never_sent() -> None:
    assert page_of("HTTPS://User:secret@School.example/A?b=c#d") == "https://school.example/A?b=c"


@given(st.from_regex(PLAIN, fullmatch=True))
def test_a_plain_address_is_what_it_was_when_it_is_taken_apart(url: str) -> None:
    assert split(url) is not None
    assert urlunsplit(urlsplit(url)) == page_of(url) == visitable(url) == url


def test_every_way_to_write_a_number_is_seen_through() -> None:
    loopback = IPv4Address("127.0.0.1")

    assert [host_address(h) for h in ("127.0.0.1", "2130706433", "0x7f.0.0.1", "017700000001", "127.1")] == [
        loopback
    ] * 5
    assert host_address("school.example") is None


@given(st.text(max_size=200))
def test_no_address_whatever_breaks_the_reader(url: str) -> None:
    for prefix in ("", "http://", "mailto:", "https://a.example/"):
        state = examine(prefix + url, public_only)

        assert state is None or state.url == prefix + url
        if state is None:
            assert page_of(prefix + url).startswith(("http://", "https://"))
            assert isinstance(fragment_of(prefix + url), str)
