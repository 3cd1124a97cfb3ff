"""No address and no linked page, however hostile, takes the reader of links long: the cost grows with the length alone.

A pattern that tries again from every place, or a look-up of every domain above a host, takes many times as long.
"""

from collections.abc import Callable, Iterator

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from auditor.outlets import landing
from auditor.outlets.links import classify
from benchmarks.hostile_texts import mixed
from spiders.guard import Guard
from spiders.hrefs import Resolver, candidates
from spiders.link_address import examine, fragment_of, host_address, page_of
from spiders.link_judgement import judge
from spiders.link_step import Step, Trail
from spiders.link_walk import retry_after
from tests.growth import out_of_proportion

SIZE = 100_000

IN_ADDRESSES = (
    "a", "a.", "a@", "@", "-", "_", "/", "//", "%", "%41", "#", "?", "&", "&a=b", "0", "1.2.", "0x0.", ":", "http://",
    "mailto:", "a,", " ", "login", "-login", "/login/", "/sso", "/a/..", "../", "index.", "[", "\\", "é", "а", "１",
    "。", "xn--a.", ".pdf", "1x, ", ", ,",
)  # fmt: skip
ON_PAGES = (
    "a ", "404 ", "not found ", "page ", "page not ", "can't find ", "file ", "no se ", "página ", "error ", "domain ",
    "this domain ", "is for sale ", "paid for by ", "authorized by ", "donate ", "campaign ", "vote for ", "$1", "$1,",
    "1.00 ", "Aa Bb for ", "running for ", "youth ", "camp for ", "summer ", '"@type":', '"@type":[', "\\u0000",
    "0;url=", "just a moment ", "<a id=a>", "<p>", "&amp;", "&",
)  # fmt: skip
GUARD = Guard()


def texts(pieces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for piece in pieces:
        yield piece, (piece * (SIZE // len(piece) + 1))[:SIZE]
    yield from mixed(SIZE, count=8, seed=4)


def slow(work: Callable[[str], object], pieces: tuple[str, ...]) -> dict[str, float]:
    """What grows faster than its length, by the piece repeated."""
    return out_of_proportion(work, texts(pieces))


def judged(url: str) -> None:
    try:
        page = page_of(url)
    except ValueError:
        return
    judge(url, Trail((page, f"{page}x"), Step(page, status=200, landing=landing.Landing())), None, fragment=True)


def placed(url: str) -> None:
    try:
        fragment_of(url)
    except ValueError:
        return


@pytest.mark.parametrize("start", ["", "http://", "http://a.example/", "http://a.example/?q=", "mailto:"])
def test_no_address_takes_long(start: str) -> None:
    def read(text: str) -> None:
        url = start + text
        examine(url, GUARD.allows)
        examine(url[:7900], GUARD.allows)
        placed(url)
        judged(url[:7900])
        classify(url)
        Resolver("http://a.example/x/")(url)

    assert slow(read, IN_ADDRESSES) == {}


def test_no_host_and_no_header_takes_long() -> None:
    def read(text: str) -> None:
        host_address(text)
        candidates(text)
        retry_after(CIMultiDictProxy(CIMultiDict({"Retry-After": text})))

    assert slow(read, IN_ADDRESSES) == {}


@pytest.mark.parametrize(
    "markup",
    [
        "<title>{}</title>",
        "<title>News</title><h1>News</h1><p id=x>{}",
        "<button>{}</button>",
        "<script type='application/ld+json'>{}</script>",
        '<meta http-equiv=refresh content="{}">',
    ],
)
def test_no_page_takes_long(markup: str) -> None:
    assert slow(lambda text: landing.read(markup.replace("{}", text), anchors=True), ON_PAGES) == {}
