"""Addresses in sitemaps and feeds. XML from strangers: no entities, no document types, no more than was asked for."""

import gzip
import io
import zlib
from dataclasses import dataclass
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

MAX_ADDRESSES: Final = 50_000
MAX_UNPACKED: Final = 16 * 1024 * 1024
_NAMING: Final = frozenset({"loc", "link", "guid"})


@dataclass(frozen=True, slots=True)
class Listing:
    """What a sitemap or feed lists: pages, and further sitemaps. `cut` tells that there are more."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    cut: bool = False


def read(body: bytes) -> Listing:
    """The addresses that the file lists; nothing for what is no sitemap or feed, is damaged, or defines entities."""
    body = _unpacked(body)
    cut = len(body) > MAX_UNPACKED
    found: dict[str, None] = {}
    kind = ""
    try:
        for event, element in etree.iterparse(
            io.BytesIO(body[:MAX_UNPACKED]),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            recover=True,
        ):
            name = etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""
            if event == "start":
                # Asked of the parser, which knows it in every charset and wherever it stands.
                if not kind and element.getroottree().docinfo.doctype:
                    return Listing()
                kind = kind or name
                continue
            if name in _NAMING:
                address = (element.text or element.get("href") or "").strip()
                if address.startswith(("http://", "https://")) and address not in found:
                    if len(found) >= MAX_ADDRESSES:
                        cut = True
                        break
                    found[address] = None
            if name in ("url", "item", "entry", "sitemap"):
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except (etree.XMLSyntaxError, ValueError):
        pass
    if kind == "sitemapindex":
        return Listing(sitemaps=tuple(found), cut=cut)
    return Listing(pages=tuple(found), cut=cut) if kind in ("urlset", "rss", "feed", "rdf") else Listing()


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            return packed.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        return b""
