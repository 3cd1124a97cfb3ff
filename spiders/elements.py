"""The elements of a page that lead somewhere, show something or say something, gathered in one walk."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditor.model import Image, Link
from spiders import disguise, inner
from spiders.attributes import css_addresses, of_field
from spiders.beside import REACH, beside
from spiders.hrefs import Resolver, candidates, no_address
from spiders.inner import Inner

MAX_LINKS: Final = 2000
MAX_IMAGES: Final = 500
MAX_RECORDINGS: Final = 100
"""Videos, sounds and frames of a page whose captions are looked for; of all others they are words of the page."""

RAW: Final = ("xmp", "plaintext")
"""Elements whose content is shown letter for letter. Each is read as an inner page, and not as markup of this one."""

WIDGET: Final = "widget"
SAME_AS: Final = "sameas"
"""What links are for that nobody follows: to an account that a widget shows, and to one of the page's own school."""
_STYLED: Final = '[style*="url("]'
_SOURCES: Final = {"iframe": "src", "frame": "src", "embed": "src", "track": "src", "object": "data", "form": "action"}
_LAZY: Final = ("data-src", "data-lazy-src", "data-original", "data-lazy")
_REFRESH: Final = re.compile(r"\d*+(?:\.\d*+)?\s*+[;,]\s*+(?:url\s*+=\s*+)?[\"']?\s*([^\"']+)", re.IGNORECASE)
_PIXELS: Final = re.compile(r"\s{0,9}(\d{1,5})(?:\.\d{1,9})?\s{0,9}(?:px)?\s{0,9}$")
_MANY_LINKS: Final = f"only the first {MAX_LINKS:,} links of the page were read"
_MANY_IMAGES: Final = f"only the first {MAX_IMAGES} pictures of the page were looked at"
_LEVELS: Final = 4
_LONG: Final = 2 * REACH
_TOO_LONG: Final = " " * (_LONG + 1)
_WORDS_OF_LINKS: Final = 2_000_000
"""Characters of text below links that are looked at; all of it is text of the page, too."""


_Attributes = dict[str, str | None]


def wanted(tree: LexborHTMLParser) -> list[tuple[str, LexborNode]]:
    """The elements that lead, show or say something, and those that tell of the page itself, each by its tag, in the
    order of the page.

    A walk through all of them takes less than a selector that names so many.
    """
    if tree.root is None:
        return []
    styled = {node.mem_id for node in tree.css(_STYLED)}
    return [
        (tag, node)
        for node in tree.root.traverse()
        if (tag := node.tag or "") in _WANTED or (styled and node.mem_id in styled)
    ]


@dataclass
class Elements:
    """What the elements of a page lead to, show and say, in the order of the page."""

    resolve: Resolver
    title: str | None = None
    """The first title, as written; None where there is none."""
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    meta: list[dict[str, str | None]] = field(default_factory=list)
    data: list[LexborNode] = field(default_factory=list)
    """Scripts that hold data for search engines."""
    alts: list[str] = field(default_factory=list)
    """Descriptions of pictures that have no address, or are beyond the first `MAX_IMAGES`."""
    words: list[str] = field(default_factory=list)
    """What fields, and areas of pictures, say."""
    frames: list[tuple[str, str]] = field(default_factory=list)
    """Ids and titles of frames, which themselves are taken out before the text is read."""
    titles: dict[str, str] = field(default_factory=dict)
    """Titles of pictures, by the address of the picture."""
    captions: dict[str, str] = field(default_factory=dict)
    """What stands under videos, sounds and frames that have a caption, by the address of each."""
    inner: list[Inner] = field(default_factory=list)
    cuts: dict[str, None] = field(default_factory=dict)
    """What was not read, in words."""
    _room: int = _WORDS_OF_LINKS
    _scripts: set[str] = field(default_factory=set)
    _texts: dict[int, str] = field(default_factory=dict)
    """Texts of elements that hold pictures, by the element; only that it is long of one that is."""
    _captions: dict[int, str] = field(default_factory=dict)
    """Captions in elements that hold pictures, by the element."""
    _recordings: int = 0

    def gather(self, found: list[tuple[str, LexborNode]]) -> None:
        """Takes in the elements that are `wanted`."""
        for tag, node in found:
            attributes = node.attributes
            if "style" in attributes:
                self.style(attributes["style"] or "")
            needed, take_in = _WANTED.get(tag, _NOTHING)
            if not needed or needed in attributes:
                take_in(self, node, attributes)

    def add_mailboxes(self, mailboxes: list[str]) -> None:
        """Adds links to write to somebody that stood in disguise."""
        for mailbox in mailboxes:
            self._add(f"mailto:{mailbox}", "a")

    def style(self, css: str) -> None:
        """Adds what a style sheet, or a `style` attribute, loads."""
        for reference in css_addresses(css):
            self._add(reference, "style")

    def add_backgrounds(self, nodes: list[LexborNode]) -> None:
        """Adds the pictures that stand behind elements, as pages of old have them."""
        for node in nodes:
            self._add(node.attributes.get("background"), "img")

    def _add(self, reference: str | None, tag: str, words: str = "", rel: str | None = None) -> None:
        url = self.resolve(reference) if reference else ""
        if url:
            self._keep(Link(url, words, tag, tuple(rel.lower().split()) if rel else ()))

    def _add_clicked(self, reference: str, tag: str, words: str, rel: str | None) -> None:
        """Adds what a visitor may click. A script that runs then is no address of a page: it is part of this one."""
        url = self.resolve(reference)
        if url:
            self._keep(Link(url, words, tag, tuple(rel.lower().split()) if rel else ()))
            return
        script = no_address(reference)
        if script and script not in self._scripts and len(self.links) < MAX_LINKS:
            self._scripts.add(script)
            self.links.append(Link(script, words, "script"))

    def add_widgets(self, nodes: list[LexborNode]) -> None:
        """Adds the accounts that a platform's script shows in place of these elements."""
        for node in nodes:
            self._add(node.attributes.get("data-href"), "link", rel=WIDGET)

    def add_places(self, references: Iterable[str]) -> None:
        """Adds where else the page's own data says that its school has a place."""
        for reference in references:
            self._add(reference, "link", rel=SAME_AS)

    def leave_room(self, links: int, images: int) -> None:
        """Drops what would be too much beside that number of links and of pictures, and notes so."""
        if len(self.links) + links > MAX_LINKS:
            self.links, self.cuts[_MANY_LINKS] = self.links[: MAX_LINKS - links], None
        if len(self.images) + images > MAX_IMAGES:
            room = MAX_IMAGES - images
            self.alts.extend(image.alt for image in self.images[room:])
            self.images, self.cuts[_MANY_IMAGES] = self.images[:room], None

    def _keep(self, link: Link) -> None:
        if len(self.links) < MAX_LINKS:
            self.links.append(link)
        else:
            self.cuts[_MANY_LINKS] = None

    def _anchor(self, node: LexborNode, attributes: _Attributes) -> None:
        reference = attributes.get("href") or attributes.get("xlink:href")
        if not reference:
            return
        if disguise.PROTECTED in reference:
            mailbox = disguise.unprotected(reference)
            if mailbox:
                self._add(f"mailto:{mailbox}", "a")
            return
        text = node.text(separator=" ") if self._room > 0 else ""
        self._room -= len(text)
        self._add_clicked(reference, "a", " ".join(text.split())[:300], attributes.get("rel"))

    def _area(self, _: LexborNode, attributes: _Attributes) -> None:
        alt = " ".join((attributes.get("alt") or "").split())
        self.words.append(alt)
        self._add_clicked(attributes.get("href") or "", "area", alt, attributes.get("rel"))

    def _meta(self, _: LexborNode, attributes: _Attributes) -> None:
        self.meta.append(attributes)
        if (attributes.get("http-equiv") or "").lower() == "refresh":
            match = _REFRESH.match((attributes.get("content") or "").strip())
            if match:
                self._add(match[1].strip(), "meta")

    def _link(self, _: LexborNode, attributes: _Attributes) -> None:
        rel = attributes.get("rel")
        self._add(attributes.get("href"), "link", rel=rel)
        if "imagesrcset" in attributes:
            for reference in candidates(attributes["imagesrcset"] or ""):
                self._add(reference, "link", rel=rel)

    def _title(self, node: LexborNode, _: _Attributes) -> None:
        if self.title is None:
            self.title = " ".join(node.text().split())

    def _script(self, node: LexborNode, attributes: _Attributes) -> None:
        self._add(attributes.get("src"), "script")
        if (attributes.get("type") or "").lower().startswith("application/ld+json"):
            self.data.append(node)

    def _style(self, node: LexborNode, _: _Attributes) -> None:
        self.style(node.text())

    def _media(self, node: LexborNode, attributes: _Attributes) -> None:
        self._add(attributes.get("src"), node.tag or "")
        self._add(attributes.get("poster"), "img")
        for reference in candidates(attributes.get("srcset") or attributes.get("data-srcset") or ""):
            self._add(reference, "img")

    def _recording(self, node: LexborNode, attributes: _Attributes) -> None:
        self._media(node, attributes)
        source = attributes.get("src")
        if not source and self._recordings < MAX_RECORDINGS:
            child = node.css_first("source[src]")
            source = child.attributes.get("src") if child is not None else attributes.get("poster")
        self._captioned(node, source)

    def _captioned(self, node: LexborNode, source: str | None) -> None:
        """Keeps the caption of something other than a picture, where it stands in a figure."""
        self._recordings += 1
        url = self.resolve(source) if source and self._recordings <= MAX_RECORDINGS else ""
        around = node.parent
        for _ in range(_LEVELS if url else 0):
            if around is None or around.tag in ("body", "html", "main"):
                return
            if around.tag == "figure":
                if caption := self._caption(around):
                    self.captions.setdefault(url, caption)
                return
            around = around.parent

    def _input(self, _: LexborNode, attributes: _Attributes) -> None:
        self._add(attributes.get("formaction"), "form")
        if (attributes.get("type") or "").lower() == "image":
            alt = " ".join((attributes.get("alt") or "").split())
            self.words.append(alt)
            self._add(attributes.get("src"), "img", alt)
        else:
            self.words.append(of_field(attributes))

    def _button(self, node: LexborNode, attributes: _Attributes) -> None:
        self._add(attributes.get("formaction"), "form")
        if attributes.get("data-resource-uuid"):
            self._add(f"/fs/resource-manager/view/{attributes['data-resource-uuid']}", "button", node.text())

    def _pointer(self, node: LexborNode, attributes: _Attributes) -> None:
        tag = node.tag or ""
        self._add(attributes.get(_SOURCES[tag]), tag, attributes.get("title") or "")

    def _frame(self, node: LexborNode, attributes: _Attributes) -> None:
        tag, title = node.tag or "", attributes.get("title") or ""
        source = attributes.get(_SOURCES[tag])
        page = inner.of_frame(attributes, source)
        if page is not None:
            self.inner.append(page)
        self._add(source or attributes.get("data-src"), tag, title)
        if tag == "iframe":
            self.frames.append((attributes.get("id") or "", title))
            self._captioned(node, source or attributes.get("data-src"))

    def _template(self, node: LexborNode, _: _Attributes) -> None:
        component = inner.of_component(node.html or "")
        self.inner.extend([component] if component else [])

    def _not_shown(self, node: LexborNode, _: _Attributes) -> None:
        self.inner.append(Inner(node.text(), shown=False))

    def _letter_for_letter(self, node: LexborNode, _: _Attributes) -> None:
        self.inner.append(inner.plain(node.text()))

    def _datalist(self, node: LexborNode, _: _Attributes) -> None:
        for option in node.css("option[value]"):
            self.words.append(" ".join((option.attributes["value"] or "").split()))

    def _style_only(self, _: LexborNode, __: _Attributes) -> None:
        """It loads something by its style, or tells what all addresses begin with (`Resolver`)."""

    def _drawn(self, _: LexborNode, attributes: _Attributes) -> None:
        self._add(attributes.get("href") or attributes.get("xlink:href"), "img")

    def _image(self, node: LexborNode, attributes: _Attributes) -> None:
        resolve = self.resolve
        # A lazy picture shows a placeholder first, and names what it stands for beside it.
        lazy = [reference for name in _LAZY if (reference := attributes.get(name))]
        references = [attributes.get("src") or "", *lazy]
        if srcset := attributes.get("srcset") or attributes.get("data-srcset"):
            references += candidates(srcset)
        urls = [url for reference in references if reference and (url := resolve(reference))]
        alt, label = (" ".join((attributes.get(name) or "").split()) for name in ("alt", "aria-label"))
        # Screen readers speak the label where there is one; where there is no other description, it is that.
        alt = alt or label
        if not urls:
            self.alts.extend([alt] if alt else [])
            return
        main = (resolve(lazy[0]) if lazy else "") or urls[0]
        for url in urls if len(urls) == 1 else dict.fromkeys(urls):
            self._keep(Link(url, alt, "img"))
        for title in (attributes.get("title") or "", label):
            if len(title) > 1 and " ".join(title.split()) != alt:
                self.titles.setdefault(main, title)
        if len(self.images) >= MAX_IMAGES:
            self.alts.append(alt)
            self.cuts[_MANY_IMAGES] = None
            return
        caption, near = self._around(node)
        size = _pixels(attributes.get("width")), _pixels(attributes.get("height"))
        self.images.append(Image(main, alt, caption, near, *size))

    def _around(self, image: LexborNode) -> tuple[str, str]:
        """The caption of a picture ("" without one), and the text that stands beside it."""
        caption = near = ""
        node = image.parent
        for _ in range(_LEVELS):
            if node is None or node.tag in ("body", "html", "main"):
                break
            classes = node.attributes.get("class") or "" if node.tag != "figure" else "caption"
            if not caption and ("caption" in classes or node.tag == "figure"):
                caption = self._caption(node)
            near = near or self._beside(image, node)
            node = node.parent
        if not near and node is not None:
            near = beside(image, node)
        return caption or _next_caption(image), near

    def _beside(self, image: LexborNode, node: LexborNode) -> str:
        """All of an element's text where it is short, else what of it stands beside the picture."""
        text = self._texts.get(node.mem_id)
        if text is None:
            words = node.text(separator=" ").split()
            # Of long text it is only kept that it is long.
            text = self._texts[node.mem_id] = " ".join(words) if sum(map(len, words)) <= _LONG else _TOO_LONG
        return beside(image, node) if len(text) > 2 * REACH else text

    def _caption(self, node: LexborNode) -> str:
        known = self._captions.get(node.mem_id)
        if known is None:
            # Few have one, and a selector takes long to be read.
            found = node.css_first('figcaption, [class*="caption"]') if "caption" in (node.html or "") else None
            known = " ".join(found.text(separator=" ").split())[:500] if found is not None else ""
            self._captions[node.mem_id] = known
        return known


_NOTHING: Final = ("", Elements._style_only)
_WANTED: Final[dict[str, tuple[str, Callable[[Elements, LexborNode, _Attributes], None]]]] = {
    "a": ("", Elements._anchor),
    "area": ("", Elements._area),
    "img": ("", Elements._image),
    "meta": ("", Elements._meta),
    "title": ("", Elements._title),
    "link": ("", Elements._link),
    "base": _NOTHING,
    "script": ("", Elements._script),
    "style": ("", Elements._style),
    "input": ("", Elements._input),
    "button": ("", Elements._button),
    "source": ("", Elements._media),
    **dict.fromkeys(("video", "audio"), ("", Elements._recording)),
    **dict.fromkeys(("form", "track"), ("", Elements._pointer)),
    "iframe": ("", Elements._frame),
    **dict.fromkeys(("frame", "embed"), ("src", Elements._frame)),
    "object": ("data", Elements._frame),
    "template": ("shadowrootmode", Elements._template),
    **dict.fromkeys(("noframes", "noembed"), ("", Elements._not_shown)),
    **dict.fromkeys(("xmp", "plaintext"), ("", Elements._letter_for_letter)),
    "datalist": ("", Elements._datalist),
    "image": ("", Elements._drawn),
}
"""What is taken in of an element, by its tag; and the attribute without which it leads and shows nothing."""


def _pixels(value: str | None) -> int:
    digits = _PIXELS.match(value) if value else None
    return int(digits[1]) if digits else 0


def _next_caption(image: LexborNode) -> str:
    """The text of an element just behind the picture, or behind the link around it, that calls itself a caption."""
    for node in _with_link(image):
        follower = node.next
        while follower is not None and follower.is_text_node and not (follower.text_content or "").strip():
            follower = follower.next
        if follower is not None and "caption" in (follower.attributes.get("class") or "" if follower.tag else ""):
            return " ".join(follower.text(separator=" ").split())[:500]
    return ""


def _with_link(image: LexborNode) -> Iterator[LexborNode]:
    yield image
    around = image.parent
    if around is not None and around.tag in ("a", "p", "picture"):
        yield around
