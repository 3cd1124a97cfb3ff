"""Page bytes -> Document. Pure: no network, no clock, no opinion.

The hot path of the product: lexbor parses and finds, a few replacements make the text. A page that is
too large for that, or built to choke a parser, is not tame: `spiders.files` reads it in a process that may be killed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import chain
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditor.model import Document, Link, Passage, Place
from auditor.outlets.calls import called, is_call
from spiders import comments, disguise, inner, metadata
from spiders.attributes import spoken
from spiders.elements import MAX_IMAGES, RAW, Elements, wanted
from spiders.hrefs import LONGEST, Resolver
from spiders.markup import COMMENT, UNSEEN, Markup, unescape, visible
from spiders.names import file_words, is_file, page_words, slug_words
from spiders.text import clean, clean_markup, decode

MAX_TEXT: Final = 2_000_000
"""Characters of text of one page that are read."""

_LARGE: Final = 2 * 1024 * 1024
_MANY_TAGS: Final = 100_000
_FEW_TAGS: Final = 1000
_NODES: Final = 400_000
_DEEP: Final = 4000
_ATTRIBUTES: Final = 2000
_LONG_TAG: Final = 3 * _ATTRIBUTES
_ROOMY: Final = 40_000
"""Bytes of a page below which attributes cannot be so many that it takes long: a tenth of a second at most."""
_WIDE: Final = re.compile(rb"<[a-zA-Z][^<>]{%d,}" % _LONG_TAG)
_VALUE: Final = re.compile(rb"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_SLASHES: Final = bytes.maketrans(b"/", b" ")
_FORMATTING: Final = re.compile(rb"<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s>]", re.IGNORECASE)
_ANY_TAG: Final = re.compile(rb"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_NOT_NESTED: Final = frozenset(
    re.split(
        rb"\s+",
        b"area base br col embed hr img input link meta param source track wbr a p li dt dd td th tr tbody thead tfoot "
        b"option",
    )
)
"""Elements that hold nothing, or that the next one of their kind closes."""

_NAME: Final = re.compile(r'<a (?:[^<>]*? )?name="([^"]+)"')
_TITLE: Final = re.compile(rb"<title\b[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_TAKEN_OUT: Final = frozenset({*UNSEEN, *RAW})
_CDATA: Final = re.compile(r"<!--\[CDATA\[([^<>]*?)\]\]-->")
"""A text that is one in XHTML, and a comment in HTML."""
_BUILDING: Final = frozenset({"script", "style"})
_WIDGETS: Final = ".fb-page[data-href], .fb-like-box[data-href], .fb-follow[data-href], .fb-group[data-href]"
"""Elements that a script of Facebook's fills with an account."""
_COUNTER: Final = re.compile(
    r"^.{0,40}\b(?:visit(?:or)?s?|hits?|page ?views?|generated|rendered|queries|current time|today is)\b.{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
_COUNTER_WORDS: Final = ("visit", "hits", "view", "generated", "rendered", "queries", "current time", "today is")


def is_tame(body: bytes) -> bool:
    """Whether the page can be read here and now: it is not large, and a tree of it is no larger than itself."""
    if len(body) > _LARGE:
        return False
    tags = body.count(b"<")
    return tags <= _MANY_TAGS and not _multiplies(body, tags)


def multiplies(body: bytes) -> bool:
    """Whether the markup is of a shape that makes HTML parsers work in squares.

    There are three: elements nested without end, formatting elements left open, which each later block opens again, and
    thousands of attributes in one element.
    """
    return _multiplies(body, body.count(b"<"))


def _multiplies(body: bytes, tags: int) -> bool:
    if len(body) > _ROOMY and any(len(_bare(tag).split()) > _ATTRIBUTES for tag in _WIDE.findall(body)):
        return True
    if tags <= _FEW_TAGS:
        return False
    deepest = open_now = 0
    for closing in _FORMATTING.findall(body):
        open_now = max(0, open_now - 1) if closing else open_now + 1
        deepest = max(deepest, open_now)
    if deepest * tags > _NODES and deepest > 50:
        return True
    return tags > _DEEP and _depth(body) > _DEEP


def _bare(tag: bytes) -> bytes:
    """The names of a tag's attributes, set apart."""
    return _VALUE.sub(b" ", tag).translate(_SLASHES)


def _depth(body: bytes) -> int:
    deepest = open_now = 0
    for closing, name in _ANY_TAG.findall(body):
        if name.lower() in _NOT_NESTED:
            continue
        open_now = max(0, open_now - 1) if closing else open_now + 1
        deepest = max(deepest, open_now)
    return deepest


def read(body: bytes, url: str, *, charset: str = "", depth: int = 0) -> Document:
    """The document that these bytes of HTML are. `charset` is that of the HTTP header. The page must be tame."""
    return parse(decode(body, charset), url, depth=depth)


def parse(html: str, url: str, *, depth: int = 0, rendered: bool = False) -> Document:
    """The document that this HTML is; for bytes use `read`."""
    page = url.partition("#")[0]
    parts = [_part(html, page)]
    cuts = _take_inner(parts, page) if parts[0].elements.inner else {}
    first = parts[0]
    links, images = first.elements.links, first.elements.images
    for part in parts[1:]:
        part.elements.leave_room(len(links), len(images))
        links, images = links + part.elements.links, images + part.elements.images
    cuts |= dict.fromkeys(chain.from_iterable(part.cuts() for part in parts))
    told = first.told
    return Document(
        url=page,
        passages=tuple(_passages(page, parts, links)),
        links=tuple(links),
        images=tuple(images),
        title=told.title,
        language=told.language,
        author=told.author,
        published_on=told.published_on,
        anchors=first.anchors,
        digest=digest(told.title, "\n".join([text for part in parts for text in (part.text, *part.said)]), links),
        depth=depth,
        rendered=rendered,
        problem="; ".join(cuts),
        comments=first.talk.comments,
        comment_state=first.talk.state,
        comments_whole=first.talk.whole,
    )


@dataclass(slots=True)
class _Part:
    """A page, or one that it carries within itself."""

    elements: Elements
    told: metadata.Told
    anchors: frozenset[str]
    spoken: str
    text: str
    said: tuple[str, ...] = ()
    whole: bool = True
    """Whether all of its text is here."""
    talk: comments.Talk = comments.NONE

    def cuts(self) -> Iterator[str]:
        """What of it was not read, in words."""
        yield from self.elements.cuts
        if self.elements.resolve.left_out:
            yield f"an address of more than {LONGEST:,} characters on the page was not read"
        if not self.whole:
            yield f"only the first {MAX_TEXT // 1_000_000} million characters of the page were read"
        yield from self.told.unread


def _part(html: str, page: str) -> _Part:
    html = clean_markup(html)
    tree = LexborHTMLParser(html)
    mailboxes = disguise.uncover(tree, html)
    found = wanted(tree)
    elements = Elements(_resolver(found, page))
    elements.gather(found)
    elements.add_mailboxes(mailboxes)
    told = metadata.read(tree, html, elements.meta, elements.data, page, elements.title or "")
    if told.same_as:
        elements.add_places(told.same_as)
    for tag, node in found:
        if tag in _TAKEN_OUT:
            node.decompose(recursive=False)
    whole = tree.html or ""
    if "<!--" in whole:
        if "<!--[CDATA[" in whole:
            elements.words += _CDATA.findall(whole)
        whole = COMMENT.sub("", whole)
    body = _body(whole)
    markup = Markup(whole[body:])
    tags = Markup(whole[:body]).tags + markup.tags
    if ' data-href="' in tags:
        elements.add_widgets(tree.css(_WIDGETS))
    if ' background="' in tags:
        elements.add_backgrounds(tree.css("[background]"))
    talk = comments.take_out(tree, whole, tags, page)
    threads = talk.threads
    if threads:
        whole = COMMENT.sub("", tree.html or "")
        markup = Markup(whole[_body(whole) :])
    text = markup.text()
    heard = spoken(tags, chain((title for _, title in elements.frames), elements.words))
    return _Part(
        elements,
        told,
        _ids(tags).union(name for name, _ in elements.frames if name),
        heard[:MAX_TEXT],
        text[:MAX_TEXT],
        tuple(visible(thread)[:MAX_TEXT] for thread in threads),
        len(text) <= MAX_TEXT and len(heard) <= MAX_TEXT,
        talk,
    )


def _take_inner(parts: list[_Part], page: str) -> dict[str, None]:
    """Adds the pages that the page carries within itself to its parts; gives what of them was not read, in words."""
    cuts: dict[str, None] = {}
    room = inner.MAX_CHARACTERS
    for part in parts:  # which grows: frames may carry frames
        for one in part.elements.inner:
            if len(parts) > inner.MAX_PAGES:
                cuts[inner.TOO_MANY] = None
            elif len(one.markup) > room:
                cuts[inner.TOO_LARGE] = None
            elif not is_tame(one.markup.encode("utf-8", "replace")):
                cuts[inner.UNREADABLE] = None
            else:
                room -= len(one.markup)
                parts.append(_part(one.markup, page) if one.shown else _unshown(one, page))
    return cuts


def _unshown(one: inner.Inner, page: str) -> _Part:
    """What is published and not shown: its words, but neither its links nor its pictures."""
    part = _part(one.markup, page)
    words = "\n".join(filter(None, (part.text, part.spoken)))
    elements = Elements(part.elements.resolve, inner=[replace(deeper, shown=False) for deeper in part.elements.inner])
    return _Part(elements, metadata.Told(), frozenset(), words, "", whole=part.whole)


def title(body: bytes) -> str:
    """The title of a page that is not worth reading whole: an error, a check."""
    match = _TITLE.search(body[:20_000])
    return unescape(" ".join(match[1].decode("utf-8", "replace").split())) if match else ""


def digest(title: str, text: str, links: Iterable[Link]) -> str:
    """A hex digest of what matters of a page: equal when it says the same and leads to the same places.

    Lines of visitor counters and clocks do not count, nor do query strings of pictures (their age, not their name), nor
    what a page builds itself from: scripts and style sheets add each other.
    """
    text = _without_counters(text)
    targets = "\n".join(
        [link.url.partition("?")[0] if link.tag == "img" else link.url for link in links if link.tag not in _BUILDING]
    )
    return blake2b(f"{title}\n{text}\n{targets}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def _without_counters(text: str) -> str:
    """The text, in which lines that count visitors or tell the time have no digits."""
    lowered = text.lower()
    words = [word for word in _COUNTER_WORDS if word in lowered]
    if len(lowered) != len(text):
        return _COUNTER.sub(_without_digits, text)
    lines: dict[int, int] = {}
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            lines[text.rfind("\n", 0, at) + 1] = end
            at = lowered.find(word, end)
    pieces: list[str] = []
    done = 0
    for start, end in sorted(lines.items()):
        pieces += text[done:start], _COUNTER.sub(_without_digits, text[start:end])
        done = end
    return "".join([*pieces, text[done:]]) if pieces else text


def _without_digits(line: re.Match[str]) -> str:
    return re.sub(r"[\d.,:]", "", line[0])


def _resolver(found: list[tuple[str, LexborNode]], page: str) -> Resolver:
    bases = (node.attributes for tag, node in found if tag == "base")
    target = next((base["href"] or "" for base in bases if "href" in base), "").strip()
    try:
        resolved = Resolver(page)(target) if target else page
        return Resolver(
            resolved if resolved.startswith(("http://", "https://")) and urlsplit(resolved).netloc else page
        )
    except ValueError:
        return Resolver(page)


def _ids(tags: str) -> frozenset[str]:
    # A split is several times as fast as a pattern.
    names = [attribute.partition('"')[0] for attribute in tags.split(' id="')[1:]]
    if ' name="' in tags:
        names += _NAME.findall(tags)
    return frozenset(filter(None, unescape("\n".join(names)).split("\n")))


def _body(html: str) -> int:
    """Where the body of a whole document begins, as a parser writes it out again; its end where it has none."""
    start = html.find("<body", html.find("</head>") + 1)
    return start if start >= 0 else len(html)


def _passages(page: str, parts: list[_Part], links: list[Link]) -> Iterator[Passage]:
    for part in parts:
        yield from _words(part, is_page=part is parts[0])
    yield from _addresses(page, parts[0].text, links)


def _words(part: _Part, *, is_page: bool) -> Iterator[Passage]:
    elements, told, text = part.elements, part.told, part.text
    if told.title:
        yield Passage(told.title, Place.TITLE if is_page else Place.DESCRIPTION)
    author = [f"By {told.author}"] if told.author and told.author not in text else []
    for words in (*told.descriptions, *author):
        yield Passage(words, Place.DESCRIPTION)
    if text:
        yield Passage(text)
    for thread in filter(None, part.said):
        yield Passage(thread, Place.COMMENT)
    yield from _of_pictures(elements)
    titles = {*elements.titles.values(), *(image.alt for image in elements.images)}
    unread = "\n".join([line for line in part.spoken.split("\n") if line not in text and line not in titles])
    if unread:
        yield Passage(unread, Place.ALT)


def _of_pictures(elements: Elements) -> Iterator[Passage]:
    """What describes pictures and recordings, and stands under them."""
    for image in elements.images:
        if image.alt:
            yield Passage(image.alt, Place.ALT, image.url)
        if image.caption:
            yield Passage(image.caption, Place.CAPTION, image.url)
    for url, words in elements.titles.items():
        yield Passage(words, Place.ALT, url)
    for url, words in elements.captions.items():
        yield Passage(words, Place.CAPTION, url)
    if len(elements.alts) <= MAX_IMAGES:
        for words in filter(None, elements.alts):
            yield Passage(words, Place.ALT)
    else:
        yield Passage("\n".join(dict.fromkeys(elements.alts)).strip(), Place.ALT)


def _addresses(page: str, text: str, links: list[Link]) -> Iterator[Passage]:
    """Names of files and addresses of pages, read as words; and mailboxes that only a link knows.

    Where links lead is read as far as their words do not say it.
    """
    words = page_words(page)
    if words:
        yield Passage(words, Place.ADDRESS, page)
    seen: set[str] = set()
    here = page[: page.find("/", len("https://")) + 1]
    for link in links:
        url = link.url
        if url in seen:
            continue
        if link.tag == "img" or is_file(url):
            seen.add(url)
            words = file_words(url)
            if words:
                yield Passage(words, Place.FILE_NAME, url)
        elif is_call(url):
            seen.add(url)
            value = ", ".join(value for value in called(url) if value not in text)
            if value:
                yield Passage(clean(value), Place.ADDRESS, url)
        elif link.tag == "a":
            words = slug_words(url, elsewhere=not url.startswith(here))
            if words and not _says(link.words, words):
                seen.add(url)
                yield Passage(words, Place.ADDRESS, url)


def _says(words: str, slug: str) -> bool:
    """Whether the words of a link say what its address does: "Our chess club wins" leads to "our-chess-club-wins"."""
    said = set(words.casefold().split())
    return said.issuperset(slug.casefold().split())
