"""Pages of links, as people put one behind the only link of a profile: what they lead to, one level deep."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from auditor.model import Account, Blind, Document, Kind, Link, Reason
from spiders.platform import Glimpse, Route
from spiders.reading import Assignment, CrawlOptions, Trace
from spiders.website import read

_EMPTY = Blind("nothing came", Reason.UNREACHABLE)


async def links_on(urls: Iterable[str], options: CrawlOptions) -> Mapping[str, tuple[Link, ...] | Blind]:
    """The links on each of these pages, or why it could not be read. Each is asked for once, by its host's rules."""
    route = Route("one page", glance=_whole)
    found = _Found()
    assignments = [Assignment(Account(url, Kind.OFFICIAL, "website", url), route=route) for url in dict.fromkeys(urls)]
    await read(assignments, options, found)
    return {one.account.id: found.of(one.account.id) for one in assignments}


def _whole(_account: Account, document: Document | None, blind: Blind | None) -> Glimpse:
    """The page as it is."""
    return Glimpse(document, blind or _EMPTY)


@dataclass
class _Found:
    """A witness of pages by their accounts."""

    links: dict[str, tuple[Link, ...]] = field(default_factory=dict)
    blinds: dict[str, Blind] = field(default_factory=dict)

    def of(self, account: str) -> tuple[Link, ...] | Blind:
        """What was seen of it."""
        return self.links[account] if account in self.links else self.blinds.get(account, _EMPTY)

    def saw(self, account: str, document: Document, _trace: Trace) -> None:
        self.links[account] = document.links

    def missed(self, account: str, _url: str, blind: Blind) -> None:
        self.blinds[account] = blind

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        """Nothing is, to a visit that remembers nothing."""

    def gone(self, account: str, url: str, status: int) -> None:
        """It is missed."""

    def moved(self, account: str, url: str, to: str) -> None:
        """What stands there is told by itself."""
