"""What the page behind a link shows, read from its first bytes: does it sell, campaign, say "not found", stand empty?

Pure. A `Landing` keeps signs and a small sketch of the text, never the text: other people's pages are not ours to keep.
"""

import re
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditor.outlets.phrases import phrases

SKETCHED_WORDS = 200
SKETCH_SIZE = 64
BUTTONS = 600
READ_FOR_SIGNS = 20_000
"""Buttons and links, and characters of text, that are searched for signs of a shop."""
NOTHING_BUT_A_LINE = 80
SHORT_PAGE = 150
"""Words up to which a page may be nothing but a notice."""


class Sign(StrEnum):
    """Something a page shows that tells what it is for. The value completes the sentence "The page shows ..."."""

    PRODUCT = "a product with a price, marked up as such"
    PRODUCT_TYPE = "a page marked up as a product"
    CART = "a button to buy"
    PRICE = "a price"
    SHOP_SOFTWARE = "shop software"
    PROMOTION = "a promotion"
    AFFILIATE = "a note that it earns from links"
    BUSINESS = "a business offering its services"
    FUNDRAISING = "a fund-raising page"
    YOUTH = "an activity for children and young people"
    CAMPAIGN_NOTICE = "who paid for it, as election law asks of campaigns"
    CAMPAIGN = "an appeal for votes or campaign gifts"


class Missing(StrEnum):
    """How plainly a page that was served as found says that it is not there."""

    NO = ""
    MAYBE = "maybe"
    TITLE = "in its title"
    PLAINLY = "plainly"


@dataclass(frozen=True, slots=True)
class Landing:
    """What one page shows. `refresh` is where it forwards by itself; `anchors` are what a fragment may name, None where
    nobody looked for them.

    `sketch` holds the smallest hashes of its word groups: the share that two pages have in common tells how alike
    they are. `scripted` tells that scripts run on it, so that what is missing in its source may still appear.
    """

    title: str = ""
    heading: str = ""
    words: int = 0
    signs: frozenset[Sign] = frozenset()
    missing: Missing = Missing.NO
    notice: str = ""
    refresh: str = ""
    password: bool = False
    scripted: bool = False
    bare: bool = False
    anchors: frozenset[str] | None = None
    sketch: Sequence[int] = ()


CHALLENGE, PARKED, ERROR = "challenge", "parked", "error"
"""The values of `Landing.notice`: asks visitors to prove that they are human; nobody lives here; the site is broken."""

_TYPES = re.compile(r'"@type"\s*:\s*(\[[^\]]{0,300}\]|"[^"]{0,80}")')
_CART_FORM = 'form[action*="/cart"], form[action*="checkout"], form[action*="add-to-cart"]'
_REFRESH = re.compile(r"^\s*(\d{1,4})(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?[\"']?\s*(.*?)\s*[\"']?\s*$", re.IGNORECASE)
REFRESH_SECONDS = 10
"""A page that forwards within this time is on the way, not the end of it."""


def read(html: str, *, anchors: bool = False) -> Landing:
    """What the page shows. Anchors are gathered on demand only: a page may have thousands."""
    tree = LexborHTMLParser(html)
    title = _text(tree.css_first("title"), 200)
    heading = " ".join(_text(node, 200) for node in tree.css("h1, h2")[:4])[:400]
    data = " ".join(node.text() for node in tree.css('script[type="application/ld+json"]')[:20])[:200_000]
    refresh = _refresh(tree)
    markup = frozenset(_markup_signs(tree, data, html))
    scripted = any(not _is_data(node) for node in tree.css("script"))
    named = _anchors(tree) if anchors else None
    password = tree.css_first('input[type="password"]') is not None
    shows_other = tree.css_first("img, iframe, frame, video, audio, object, embed, canvas, svg") is not None
    tree.strip_tags(["script", "style", "template", "noscript"])
    words = tree.body.text(separator=" ").split() if tree.body else []
    text = " ".join(words)
    lowered, low_title, low_heading = text.lower(), title.lower(), heading.lower()
    return Landing(
        title=title,
        heading=heading,
        words=len(words),
        signs=markup | frozenset(_text_signs(f"{low_title} \n {low_heading}", lowered, f"{title} \n {text}", tree)),
        missing=_missing(low_title, low_heading, lowered, len(words)),
        notice=_notice(low_title, low_heading, lowered, len(words), html),
        refresh=refresh,
        password=password,
        scripted=scripted,
        bare=not words and not shows_other and not scripted and not refresh,
        anchors=named,
        sketch=_sketch(words),
    )


def reads_as_missing(title: str, text: str) -> bool:
    """Whether a page that was served as found may be telling its reader that it is not there."""
    start = text[:4000].lower()
    return _missing(title[:200].lower(), "", start, len(start.split())) is not Missing.NO


def alike(one: Landing, other: Landing) -> float:
    """The share of word groups that two pages have in common, 0 to 1; two pages without words are alike."""
    if not one.sketch or not other.sketch:
        return float(not one.sketch and not other.sketch)
    smallest = sorted({*one.sketch, *other.sketch})[:SKETCH_SIZE]
    common = {*one.sketch} & {*other.sketch}
    return sum(value in common for value in smallest) / len(smallest)


def _text(node: LexborNode | None, most: int) -> str:
    return " ".join(node.text(separator=" ").split())[:most] if node is not None else ""


def _is_data(node: LexborNode) -> bool:
    return "json" in (node.attributes.get("type") or "")


def _missing(title: str, heading: str, text: str, words: int) -> Missing:
    """How plainly these words, in lower case, say that the page is not there."""
    missing = phrases().missing
    in_title, in_heading = missing.found_in(title), missing.found_in(heading)
    in_notice = words <= SHORT_PAGE and missing.found_in(text)
    if words <= SHORT_PAGE and (in_title or in_heading) and (in_title + in_heading + in_notice >= 2):
        return Missing.PLAINLY
    if in_title:
        return Missing.TITLE
    return Missing.MAYBE if in_heading or in_notice else Missing.NO


def _notice(title: str, heading: str, text: str, words: int, html: str) -> str:
    """What these words, in lower case, and the source say of the page as a whole; "" where it is an ordinary one."""
    if words > 2 * SHORT_PAGE:
        return ""
    told = phrases()
    if told.challenge.found_in(title) or (words < NOTHING_BUT_A_LINE and told.challenge.found_in(heading)):
        return CHALLENGE
    if (words < SHORT_PAGE and _is_parked(html)) or any(told.parked.found_in(t) for t in (title, heading, text)):
        return PARKED
    if told.error.found_in(title) or (words < NOTHING_BUT_A_LINE and told.error.found_in(heading or text)):
        return ERROR
    return ""


def _is_parked(html: str) -> bool:
    """Whether the page comes from those who let addresses stand empty."""
    source = html[:60_000].lower()
    return any(address in source for address in phrases().parking_scripts)


def _markup_signs(tree: LexborHTMLParser, data: str, html: str) -> Iterator[Sign]:
    types = {
        word.rpartition("/")[2].casefold() for found in _TYPES.findall(data) for word in re.findall(r'"([^"]+)"', found)
    }
    for node in tree.css("[itemtype], [typeof]"):
        named = f"{node.attributes.get('itemtype') or ''} {node.attributes.get('typeof') or ''}"
        types |= {word.rpartition("/")[2].rpartition(":")[2].casefold() for word in named.split()}
    meta = {
        (node.attributes.get("property") or node.attributes.get("name") or "").casefold(): (
            node.attributes.get("content") or ""
        )
        for node in tree.css("meta[content]")
    }
    og_product = meta.get("og:type", "").casefold().startswith(("product", "og:product"))
    priced = any(key in meta for key in ("product:price:amount", "og:price:amount")) or bool(
        tree.css_first('[itemprop="price"], [property="price"]')
    )
    sells = priced or bool(types & phrases().offers)
    if (types & phrases().products or og_product) and sells:
        yield Sign.PRODUCT
    elif types & phrases().products or og_product or "product:price:amount" in meta:
        yield Sign.PRODUCT_TYPE
    if priced:
        yield Sign.PRICE
    generator = meta.get("generator", "").casefold()
    if (
        types & phrases().shops
        or any(name in generator for name in phrases().software)
        or "cdn.shopify.com" in html
        or "woocommerce" in (tree.body.attributes.get("class") or "" if tree.body else "")
    ):
        yield Sign.SHOP_SOFTWARE
    if types & phrases().businesses:
        yield Sign.BUSINESS


def _text_signs(top: str, text: str, as_written: str, tree: LexborHTMLParser) -> Iterator[Sign]:
    """What the words show: `top` (title and headings) and `text` in lower case, and the text as it is written."""
    told = phrases()
    buttons = tree.css('button, a, input[type="submit"], input[type="button"], [role="button"]')[:BUTTONS]
    labels = ((node.attributes.get("value") or _text(node, 60)).lower() for node in buttons)
    if any(told.buy.found_in(label) for label in labels) or tree.css_first(_CART_FORM):
        yield Sign.CART
    start = text[:READ_FOR_SIGNS]
    for sign, phrase, where in (
        (Sign.PRICE, told.price, start),
        (Sign.PROMOTION, told.promotion, start),
        (Sign.AFFILIATE, told.affiliate, start),
        (Sign.BUSINESS, told.business, start),
        (Sign.FUNDRAISING, told.fundraising, top),
        (Sign.CAMPAIGN_NOTICE, told.campaign_notice, text),
    ):
        if phrase.found_in(where):
            yield sign
    if told.youth.found_in(top) and not told.youth_goods.found_in(top):
        yield Sign.YOUTH
    if told.campaign_gift.found_in(start) and told.vote.search(as_written[:READ_FOR_SIGNS]):
        yield Sign.CAMPAIGN


def forward(refresh: str) -> str:
    """The address that a refresh, in a page or in a header, soon forwards to, as it is written; else ""."""
    match = _REFRESH.match(refresh)
    return match[2] if match and int(match[1]) <= REFRESH_SECONDS else ""


def _refresh(tree: LexborHTMLParser) -> str:
    """Where the page forwards by itself. What stands in `noscript` forwards nobody whose browser runs scripts."""
    for node in tree.css("meta[http-equiv]"):
        if node.parent is not None and node.parent.tag == "noscript":
            continue
        if (node.attributes.get("http-equiv") or "").casefold() == "refresh":
            named = forward(node.attributes.get("content") or "")
            if named:
                return _from_base(tree, named)
    return ""


def _from_base(tree: LexborHTMLParser, reference: str) -> str:
    base = tree.css_first("base[href]")
    try:
        return urljoin(base.attributes.get("href") or "", reference) if base is not None else reference
    except ValueError:
        return reference


def _anchors(tree: LexborHTMLParser) -> frozenset[str]:
    ids = {node.attributes.get("id") or "" for node in tree.css("[id]")}
    names = {node.attributes.get("name") or "" for node in tree.css("a[name]")}
    return frozenset((ids | names) - {""})


def _sketch(text: list[str]) -> Sequence[int]:
    """The smallest hashes of the groups of three words, without what differs on every visit (numbers, addresses)."""
    plain = [word.casefold() for word in text[:SKETCHED_WORDS] if word.isalpha()]
    groups = {" ".join(plain[i : i + 3]) for i in range(max(len(plain) - 2, min(len(plain), 1)))}
    return array("I", sorted(zlib.crc32(group.encode("utf-8", "replace")) for group in groups)[:SKETCH_SIZE])
