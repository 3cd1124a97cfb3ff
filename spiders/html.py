"""Page bytes -> Document. Pure: no network, no clock, no opinion.

The hot path of the product: lexbor parses and finds, a few replacements make the text. A page that is
too large for that, or built to choke a parser, is not tame: `spiders.files` reads it in a process that may be killed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditor.model import Document, Image, Link, Passage, Place
from spiders import disguise, metadata
from spiders.hrefs import Resolver, candidates
from spiders.markup import UNSEEN, unescape, visible
from spiders.names import file_words, is_file, page_words
from spiders.text import clean_markup, decode

MAX_LINKS: Final = 2000
MAX_TEXT: Final = 2_000_000
"""Characters of text of one page that are read."""
MAX_IMAGES: Final = 500

_LARGE: Final = 2 * 1024 * 1024
_MANY_TAGS: Final = 100_000
_FEW_TAGS: Final = 1000
_NODES: Final = 400_000
_DEEP: Final = 4000
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

_WANTED: Final = (
    "a[href], area[href], iframe[src], frame[src], img, form[action], video, audio, source, track[src], embed[src], "
    "object[data], link[href], meta, button[data-resource-uuid], title, base[href]"
)
_OF_THE_PAGE: Final = ("base", "title")
_SOURCES: Final = {"iframe": "src", "frame": "src", "embed": "src", "track": "src", "object": "data", "form": "action"}
_LAZY: Final = ("data-src", "data-lazy-src", "data-original", "data-lazy")
_ID: Final = re.compile(r' id="([^"]+)"')
_NAME: Final = re.compile(r'<a (?:[^>]*? )?name="([^"]+)"')
_SPOKEN: Final = re.compile(r' (?:title|aria-label)="([^"]{2,500})"')
_REFRESH: Final = re.compile(r"^\s*\d*(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"']+)", re.IGNORECASE)
_TITLE: Final = re.compile(rb"<title\b[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_COUNTER: Final = re.compile(
    r"^.{0,40}\b(?:visit(?:or)?s?|hits?|page ?views?|generated|rendered|queries|current time|today is)\b.{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
_COUNTER_WORDS: Final = ("visit", "hits", "view", "generated", "rendered", "queries", "current time", "today is")


def is_tame(body: bytes) -> bool:
    """Whether the page can be read here and now: it is not large, and a tree of it is no larger than itself."""
    return len(body) <= _LARGE and body.count(b"<") <= _MANY_TAGS and not multiplies(body)


def multiplies(body: bytes) -> bool:
    """Whether the markup is of a shape that makes every HTML parser work in squares.

    There are two: elements nested without end, and formatting elements left open, which each later block opens again.
    """
    tags = body.count(b"<")
    if tags <= _FEW_TAGS:
        return False
    deepest = open_now = 0
    for closing in _FORMATTING.findall(body):
        open_now = max(0, open_now - 1) if closing else open_now + 1
        deepest = max(deepest, open_now)
    if deepest * tags > _NODES and deepest > 50:
        return True
    return tags > _DEEP and _depth(body) > _DEEP


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
    html = clean_markup(html)
    tree = LexborHTMLParser(html)
    mailboxes = disguise.uncover(tree, html)
    nodes = tree.css(_WANTED)
    elements = _Elements(_resolver(nodes, page), mailboxes)
    elements.gather(nodes)
    told = metadata.read(tree, html, elements.meta, page, _first(nodes, "title"))
    tree.strip_tags(UNSEEN)
    whole = tree.html or ""
    anchors = _ids(whole).union(name for name, _ in elements.frames)
    spoken = _spoken(whole, [title for _, title in elements.frames])
    text = visible(_body(whole))
    problem = _problem(elements, text)
    text = text[:MAX_TEXT]
    return Document(
        url=page,
        passages=tuple(_passages(page, text, told, elements, spoken)),
        links=tuple(elements.links),
        images=tuple(elements.images),
        title=told.title,
        language=told.language,
        author=told.author,
        published_on=told.published_on,
        anchors=anchors,
        digest=digest(told.title, text, elements.links),
        depth=depth,
        rendered=rendered,
        problem=problem,
    )


def title(body: bytes) -> str:
    """The title of a page that is not worth reading whole: an error, a check."""
    match = _TITLE.search(body[:20_000])
    return unescape(" ".join(match[1].decode("utf-8", "replace").split())) if match else ""


def digest(title: str, text: str, links: list[Link]) -> str:
    """A hex digest of what matters of a page: equal when it says the same and leads to the same places.

    Lines of visitor counters and clocks do not count, nor do query strings of pictures (their age, not their name).
    """
    lowered = text.casefold()
    if any(word in lowered for word in _COUNTER_WORDS):
        text = _COUNTER.sub(_without_digits, text)
    targets = "\n".join([link.url.partition("?")[0] if link.tag == "img" else link.url for link in links])
    return blake2b(f"{title}\n{text}\n{targets}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def _without_digits(line: re.Match[str]) -> str:
    return re.sub(r"[\d.,:]", "", line[0])


def _resolver(nodes: list[LexborNode], page: str) -> Resolver:
    base = _first(nodes, "base")
    target = (base.attributes.get("href") or "").strip() if base is not None else ""
    try:
        resolved = Resolver(page)(target) if target else page
        return Resolver(
            resolved if resolved.startswith(("http://", "https://")) and urlsplit(resolved).netloc else page
        )
    except ValueError:
        return Resolver(page)


def _first(nodes: list[LexborNode], tag: str) -> LexborNode | None:
    return next((node for node in nodes if node.tag == tag), None)


def _ids(html: str) -> frozenset[str]:
    names = {*_ID.findall(html)}
    if ' name="' in html:
        names.update(_NAME.findall(html))
    return frozenset(unescape(name) for name in names)


def _body(html: str) -> str:
    """The body of a whole document, as a parser writes it out again; "" where it has none."""
    start = html.find("<body", html.find("</head>") + 1)
    return html[start:] if start >= 0 else ""


def _spoken(html: str, more: Iterable[str]) -> str:
    """Titles and labels that screen readers speak and that pop up under the mouse, a line each."""
    return "\n".join(dict.fromkeys((*_SPOKEN.findall(html), *filter(None, more))))


def _problem(elements: "_Elements", text: str) -> str:
    problems = []
    if elements.cut:
        problems.append(f"only the first {MAX_LINKS:,} links of the page were read")
    if len(text) > MAX_TEXT:
        problems.append(f"only the first {MAX_TEXT // 1_000_000} million characters of the page were read")
    return "; ".join(problems)


def _passages(page: str, text: str, told: metadata.Told, elements: "_Elements", spoken: str) -> Iterator[Passage]:
    if told.title:
        yield Passage(told.title, Place.TITLE)
    for words in told.descriptions:
        yield Passage(words, Place.DESCRIPTION)
    if text:
        yield Passage(text)
    for image in elements.images:
        if image.alt:
            yield Passage(image.alt, Place.ALT, image.url)
        if image.caption:
            yield Passage(image.caption, Place.CAPTION, image.url)
    for url, words in elements.titles.items():
        yield Passage(words, Place.ALT, url)
    for words in elements.bare_alts:
        yield Passage(words, Place.ALT)
    titles = set(elements.titles.values())
    unread = "\n".join([line for line in unescape(spoken).split("\n") if line not in text and line not in titles])
    if unread:
        yield Passage(unread, Place.ALT)
    yield from _addresses(page, text, elements)


def _addresses(page: str, text: str, elements: "_Elements") -> Iterator[Passage]:
    """Names of files and addresses of pages, read as words; and mailboxes that only a link knows."""
    words = page_words(page)
    if words:
        yield Passage(words, Place.ADDRESS, page)
    seen: set[str] = set()
    for link in elements.links:
        url = link.url
        if url in seen:
            continue
        if link.tag == "img" or is_file(url):
            seen.add(url)
            words = file_words(url)
            if words:
                yield Passage(words, Place.FILE_NAME, url)
        elif url.startswith(("mailto:", "tel:", "sms:")):
            seen.add(url)
            value = disguise.mailbox(url)
            if value and value not in text:
                yield Passage(value, Place.ADDRESS, url)


@dataclass
class _Elements:
    """The elements of a page that lead somewhere or show something, in the order of the page."""

    resolve: Resolver
    mailboxes: list[str]
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    meta: list[dict[str, str | None]] = field(default_factory=list)
    bare_alts: list[str] = field(default_factory=list)
    frames: list[tuple[str, str]] = field(default_factory=list)
    """Ids and titles of frames, which themselves are taken out before the text is read."""
    titles: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    def gather(self, nodes: list[LexborNode]) -> None:
        for node in nodes:
            if node.tag in _OF_THE_PAGE:
                continue
            if len(self.links) >= MAX_LINKS:
                self.cut = True
                break
            attributes = node.attributes
            match node.tag:
                case "a" | "area":
                    self._anchor(node, attributes)
                case "img":
                    self._image(node, attributes)
                case "meta":
                    self._meta(attributes)
                case "link":
                    self._add(attributes.get("href"), "link", rel=attributes.get("rel"))
                case "video" | "audio" | "source":
                    self._media(node.tag, attributes)
                case "button":
                    self._add(f"/fs/resource-manager/view/{attributes['data-resource-uuid']}", "button", node.text())
                case tag:
                    title = attributes.get("title") or ""
                    self._add(attributes.get(_SOURCES[tag or "iframe"]), tag or "", title)
                    if tag == "iframe":
                        self.frames.append((attributes.get("id") or "", title))
        for mailbox in self.mailboxes:
            self._add(f"mailto:{mailbox}", "a")

    def _add(self, reference: str | None, tag: str, words: str = "", rel: str | None = None) -> None:
        url = self.resolve(reference) if reference else ""
        if url:
            self.links.append(Link(url, words, tag, tuple(rel.lower().split()) if rel else ()))

    def _anchor(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        reference = attributes.get("href") or ""
        if disguise.PROTECTED in reference:
            mailbox = disguise.unprotected(reference)
            if mailbox:
                self._add(f"mailto:{mailbox}", "a")
            return
        words = " ".join(node.text(separator=" ").split())[:300]
        self._add(reference, node.tag or "a", words or attributes.get("alt") or "", attributes.get("rel"))

    def _meta(self, attributes: dict[str, str | None]) -> None:
        self.meta.append(attributes)
        if (attributes.get("http-equiv") or "").lower() == "refresh":
            match = _REFRESH.match(attributes.get("content") or "")
            if match:
                self._add(match[1].strip(), "meta")

    def _media(self, tag: str, attributes: dict[str, str | None]) -> None:
        self._add(attributes.get("src"), tag)
        self._add(attributes.get("poster"), "img")
        for reference in candidates(attributes.get("srcset") or ""):
            self._add(reference, "img")

    def _image(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        references = [attributes.get(name) or "" for name in ("src", *_LAZY)] + candidates(
            attributes.get("srcset") or attributes.get("data-srcset") or ""
        )
        urls = list(dict.fromkeys(filter(None, (self.resolve(reference) for reference in references if reference))))
        alt = " ".join((attributes.get("alt") or "").split())
        if not urls:
            self.bare_alts.extend([alt] if alt else [])
            return
        # A lazy picture shows a placeholder first, and names what it stands for beside it.
        main = next((self.resolve(attributes.get(name) or "") for name in _LAZY if attributes.get(name)), "") or urls[0]
        self.links.extend(Link(url, alt, "img") for url in urls)
        title = attributes.get("title") or ""
        if len(title) > 1 and " ".join(title.split()) != alt:
            self.titles.setdefault(main, title)
        if len(self.images) < MAX_IMAGES:
            caption, near = _around(node)
            self.images.append(
                Image(
                    url=main,
                    alt=alt,
                    caption=caption,
                    near=near,
                    width=_pixels(attributes.get("width")),
                    height=_pixels(attributes.get("height")),
                )
            )


def _pixels(value: str | None) -> int:
    digits = re.match(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$", value or "")
    return int(digits[1]) if digits else 0


def _around(image: LexborNode) -> tuple[str, str]:
    """The caption of a picture ("" without one), and up to 200 characters of the text that it stands in."""
    caption = near = ""
    node = image.parent
    for _ in range(4):
        if node is None or node.tag in ("body", "html", "main"):
            break
        classes = node.attributes.get("class") or "" if node.tag != "figure" else "caption"
        if not caption and ("caption" in classes or node.tag == "figure"):
            caption = _first_text(node, 'figcaption, [class*="caption"]')
        text = node.text(separator=" ") if not near else ""
        if text and len(text) < 3000:
            near = " ".join(text.split())[:200]
        node = node.parent
    if not caption:
        caption = _next_caption(image)
    return caption, near


def _first_text(node: LexborNode, selector: str) -> str:
    found = node.css_first(selector)
    return " ".join(found.text(separator=" ").split())[:500] if found is not None else ""


def _next_caption(image: LexborNode) -> str:
    """The text of an element just behind the picture, or behind the link around it, that calls itself a caption."""
    around = image.parent
    for node in (image, around if around is not None and around.tag in ("a", "p", "picture") else None):
        follower = node.next if node is not None else None
        while follower is not None and follower.is_text_node and not (follower.text_content or "").strip():
            follower = follower.next
        if follower is not None and "caption" in (follower.attributes.get("class") or "" if follower.tag else ""):
            return " ".join(follower.text(separator=" ").split())[:500]
    return ""
