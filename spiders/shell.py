"""Whether a page is an empty shell that only a browser fills. Evidence, never a guess by name of the maker. Pure."""

import re
from dataclasses import replace
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditor.model import Document, Place

_PLENTY: Final = 4000
"""Characters of text beyond which only the main part of a system known for it is looked at."""
_FILLED_BY_SCRIPT: Final = (b"pageContentWrapper", b"maincontent", b"page-content-wrapper")
"""Main parts that school content systems fill in the browser, below menus of any length."""
_THIN_WORDS: Final = 50
_HARDLY_ANY_WORDS: Final = 20
_FEW_LINKS: Final = 3
_A_SENTENCE: Final = 5
"""Words that are more than a note that something is loading."""

_SHOWN_ELSEWHERE: Final = frozenset({"iframe", "frame", "embed", "object", "meta"})
"""Elements by which a page shows another, or forwards to it."""

_ROOTS: Final = "#root, #app, #__next, #__nuxt, #___gatsby, #svelte, app-root, [data-reactroot], [ng-app], #ember-app"
_MAINS: Final = (
    "#pageContentWrapper",
    "#maincontent",
    "#page-content-wrapper",
    "#fsPageContent",
    "#main-content",
    "#content",
    "main",
    '[role="main"]',
)
_NEEDS_SCRIPT: Final = re.compile(
    rb"<noscript[^>]*>(?:(?!</noscript).){0,400}?(?:enable|requires?|turn on|need|activ[ae])[^<]{0,40}javascript",
    re.IGNORECASE | re.DOTALL,
)
_EMPTY_MAIN: Final = re.compile(
    rb"""<(?:main\b|[a-z]{1,10}\b[^>]{0,200}?(?:\bid=["']?(?:pageContentWrapper|maincontent|page-content-wrapper"""
    rb"""|fsPageContent|main-content|content)\b|\brole=["']?main\b))[^>]{0,300}>"""
    rb"""(?:\s++|<!--[^>]{0,200}-->|</?(?:div|section|article|span|script)\b[^>]{0,300}>){0,40}+"""
    rb"""(?:</(?:main|body)|<footer|loading)""",
    re.IGNORECASE,
)
_MARKS: Final = (
    b'id="root"',
    b'id="app"',
    b"id=root",
    b"id=app",
    b"__next",
    b"__nuxt",
    b"app-root",
    b"ng-app",
    b"data-react",
)


def needs_browser(document: Document, body: bytes) -> bool:
    """Whether the page shows next to nothing without its scripts.

    The evidence: an application's root that is empty; a main part that is empty while menus stand around it; a note
    that asks for JavaScript over a thin page; scripts and hardly any text.
    """
    texts = [p.text for p in document.passages if p.place is Place.BODY]
    plenty = sum(map(len, texts)) > _PLENTY
    if plenty and not any(name in body for name in _FILLED_BY_SCRIPT):
        return False
    if b"<script" not in body and b"<SCRIPT" not in body:
        return False
    if plenty:
        return _shows_empty_main(body)
    words, links = _said(document)
    if any(link.tag in _SHOWN_ELSEWHERE for link in document.links):
        return False
    if words < _HARDLY_ANY_WORDS and links < _FEW_LINKS and not document.images:
        return True
    return _waits(words, body)


def is_short(document: Document, body: bytes) -> bool:
    """Whether a page that shows no more in a browser is only a short one: it says something, and nothing in it waits to
    be filled."""
    words, links = _said(document)
    return (words >= _A_SENTENCE or links > 0) and not _waits(words, body)


def _said(document: Document) -> tuple[int, int]:
    """How many words the page shows, and how many links."""
    words = sum(len(p.text.split()) for p in document.passages if p.place is Place.BODY)
    return words, sum(link.tag in ("a", "area") for link in document.links)


def _waits(words: int, body: bytes) -> bool:
    """Whether something in the page is there to be filled by its scripts."""
    if words < _THIN_WORDS and _NEEDS_SCRIPT.search(body):
        return True
    if any(mark in body for mark in _MARKS) and _root_is_empty(body):
        return True
    return _shows_empty_main(body)


def together(served: Document, shown: Document) -> Document:
    """A page as its browser shows it, and with it what only stood in what was served: scripts may take things away."""
    lines = {line for passage in shown.passages for line in passage.text.splitlines()}
    links = {(link.url, link.tag) for link in shown.links}
    images = {(image.url, image.alt) for image in shown.images}
    return replace(
        shown,
        passages=(*shown.passages, *(p for p in served.passages if not lines.issuperset(p.text.splitlines()))),
        links=(*shown.links, *(link for link in served.links if (link.url, link.tag) not in links)),
        images=(*shown.images, *(image for image in served.images if (image.url, image.alt) not in images)),
        comments=(*shown.comments, *(comment for comment in served.comments if comment not in shown.comments)),
        comment_state=shown.comment_state or served.comment_state,
        anchors=shown.anchors | served.anchors,
        author=shown.author or served.author,
        published_on=shown.published_on or served.published_on,
        problem=shown.problem or served.problem,
    )


def _root_is_empty(body: bytes) -> bool:
    root = LexborHTMLParser(body).css_first(_ROOTS)
    return root is not None and _words(root) < _THIN_WORDS and root.css_first("img, iframe") is None


def _shows_empty_main(body: bytes) -> bool:
    # A second parse only where the bytes already look like an empty main part.
    if _EMPTY_MAIN.search(body) is None:
        return False
    tree = LexborHTMLParser(body)
    main = next((node for node in map(tree.css_first, _MAINS) if node is not None), None)
    return main is not None and _words(main) <= 3 and main.css_first("img, iframe, object, embed, video") is None


def _words(node: LexborNode) -> int:
    node.strip_tags(["script", "style", "template", "noscript"])
    return len(node.text(separator=" ").split())
