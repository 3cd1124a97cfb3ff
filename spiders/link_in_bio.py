"""Pages of links, as people put one behind the only link of a profile: what they lead to, one level deep."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from auditor.model import Account, Blind, Document, Kind, Link, Reason
from spiders.host_memory import HostMemory
from spiders.platform import Glimpse, Route
from spiders.reading import Assignment, CrawlOptions, Renderer, Trace
from spiders.scope import registrable
from spiders.website import read

_WHOLE: Final = Blind("nothing of it is missing", Reason.NOT_IN_ROUTE)
_NOTHING_CAME: Final = Blind("nothing came", Reason.UNREACHABLE)
_NO_LINK: Final = Blind("no link that leads elsewhere was seen on it", Reason.NOT_IN_ROUTE)


@dataclass(frozen=True, slots=True)
class LinkPage:
    """The links that were seen on a page of links, and what of it was not seen; None where it was seen whole."""

    links: tuple[Link, ...]
    blind: Blind | None


async def links_on(
    urls: Iterable[str], options: CrawlOptions, renderer: Renderer | None = None, memory: HostMemory | None = None
) -> Mapping[str, LinkPage]:
    """What is on each of these pages. Each is asked for once, by its host's rules, and opened in a browser where an
    audit would do so. A page of links on which none is seen is one that was not seen."""
    route = Route("one page", glance=lambda _account, document, blind: Glimpse(document, blind or _WHOLE))
    found = _Found()
    assignments = [Assignment(Account(url, Kind.OFFICIAL, "website", url), route=route) for url in dict.fromkeys(urls)]
    await read(assignments, options, found, renderer, memory)
    return {one.account.id: found.of(one.account.id) for one in assignments}


@dataclass
class _Found:
    """A witness of pages by their accounts."""

    documents: dict[str, Document] = field(default_factory=dict)
    blinds: dict[str, Blind] = field(default_factory=dict)

    def of(self, account: str) -> LinkPage:
        """What was seen of it."""
        document, blind = self.documents.get(account), self.blinds.get(account, _NOTHING_CAME)
        if document is None:
            return LinkPage((), _NOTHING_CAME if blind is _WHOLE else blind)
        leads = any(link.tag == "a" and _host(link.url) not in ("", _host(document.url)) for link in document.links)
        missing = None if blind is _WHOLE else blind
        return LinkPage(document.links, missing if leads else missing or _NO_LINK)

    def saw(self, account: str, document: Document, _trace: Trace) -> None:
        self.documents[account] = document

    def missed(self, account: str, _url: str, blind: Blind) -> None:
        self.blinds[account] = blind

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        """Nothing is, to a visit that remembers nothing."""

    def gone(self, account: str, url: str, status: int) -> None:
        """It is missed."""

    def moved(self, account: str, url: str, to: str) -> None:
        """What stands there is told by itself."""


def _host(url: str) -> str:
    try:
        return registrable(urlsplit(url).hostname or "")
    except ValueError:
        return ""
