"""`auditor links`: where addresses lead, without any configuration. JSON lines, in the order of the addresses."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Final

from auditor import __version__
from auditor.config import networks
from auditor.errors import Mistake
from auditor.model import Account, Blind, Document, Kind, LinkState
from auditor.outlets.addresses import web_problem
from auditor.outlets.links import leads_somewhere
from auditor.standard_input import lines
from spiders.browser_on_demand import BrowserOnDemand
from spiders.browser_search import find
from spiders.link_known import Known
from spiders.link_page import as_shown
from spiders.links import LinkAsk, LinkOptions, visit
from spiders.reactor import run as run_to_the_end
from spiders.reading import Assignment, CrawlOptions, Renderer, Trace
from spiders.website import read

HELP: Final = "where addresses lead: alive, broken, blocked, suspicious or skipped; and whether to a shop or a campaign"

EXAMPLES: Final = """\
examples:
  auditor links https://school.example/news https://library.example/
  auditor links --page https://school.example/          all links of a page
  auditor links < addresses.txt                         one address a line
"""

DELAY: Final = 0.2
LONGEST: Final = 60
DEADLINE: Final = 10.0


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("urls", nargs="*", metavar="URL", help="an address; without any, one a line on standard input")
    parser.add_argument("--page", metavar="URL", help="visit all links of this page")
    parser.add_argument(
        "--delay", type=float, default=DELAY, metavar="SECONDS", help=f"between requests to one host [{DELAY:g}]"
    )
    parser.add_argument(
        "--deadline", type=float, default=DEADLINE, metavar="SECONDS", help=f"for one answer [{DEADLINE:g}]"
    )
    parser.add_argument("--no-browser", action="store_true", help="never open the page in a browser")


def run(args: argparse.Namespace) -> int:
    options = _options(args)
    named = args.urls or (() if args.page else lines())
    urls = [url for each in named if (url := each.strip())]
    if not urls and not args.page:
        raise Mistake("no address was given; name some, name a page with --page, or send one a line")
    return run_to_the_end(_look(urls, args.page, options))


def _options(args: argparse.Namespace) -> CrawlOptions:
    allowed = networks(args.allow_network)
    if not 0 <= args.delay <= LONGEST:
        raise Mistake(f"--delay: {args.delay:g} is out of bounds; write seconds from 0 to {LONGEST}")
    if not 0 < args.deadline <= LONGEST:
        raise Mistake(f"--deadline: {args.deadline:g} is out of bounds; write seconds up to {LONGEST}")
    if args.page and (problem := web_problem(args.page)):
        raise Mistake(f"--page: the address {problem}")
    return CrawlOptions(
        version=__version__,
        max_pages=1,
        delay=args.delay,
        allow_networks=tuple(map(str, allowed)),
        render="never" if args.no_browser else "auto",
        page_deadline=args.deadline,
        pause=1.0,
    )


async def _look(urls: Sequence[str], page: str | None, options: CrawlOptions) -> int:
    """Visits the addresses, and those on the page; 1 where the page could not be read."""
    seen = _Seen()
    if page:
        await _read_page(page, options, seen)
        if not seen.documents and not seen.problems:
            seen.problems.append("it is no page, but a picture or the like")
    asks = [LinkAsk(url, fragment=True) for url in dict.fromkeys((*urls, *seen.links()))]
    known = {document.url: Known.of(document) for document in seen.documents}
    printer = _InOrder([ask.url for ask in asks])
    try:
        await visit(asks, LinkOptions(manners=options.manners, known=known), printer.tell)
    finally:
        printer.tell_rest()
    for problem in seen.problems:
        print(f"auditor: {page}: could not be read{' fully' if seen.documents else ''}: {problem}", file=sys.stderr)
    return 1 if page and not seen.documents else 0


async def _read_page(page: str, options: CrawlOptions, seen: "_Seen") -> None:
    assignment = Assignment(Account("page", Kind.OFFICIAL, "website", page))
    executable = await asyncio.to_thread(find) if options.render == "auto" else None
    async with AsyncExitStack() as stack:
        renderer: Renderer | None = None
        if executable is not None:
            renderer = await stack.enter_async_context(BrowserOnDemand(executable, options.manners))
        await read([assignment], options, seen, renderer)
        if renderer is not None and seen.documents:
            # Nearly every page runs scripts, and only a browser shows which links they put in.
            seen.documents[0], problem = await as_shown(seen.documents[0], renderer)
            seen.problems += [problem] if problem else []


@dataclass
class _Seen:
    """The witness of reading one page: the page, and why it could not be read where it could not."""

    documents: list[Document] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def links(self) -> Iterator[str]:
        """The addresses on the page that a reader may follow, or that the page needs."""
        return (link.url for document in self.documents[:1] for link in document.links if leads_somewhere(link))

    def saw(self, account: str, document: Document, trace: Trace) -> None:  # noqa: ARG002
        """The page was read."""
        self.documents.append(document)

    def missed(self, account: str, url: str, blind: Blind) -> None:  # noqa: ARG002
        """The page, or something of it, could not be read; without address the whole site is meant."""
        if url:
            self.problems.append(blind.what)

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        """Nothing is remembered here, so nothing is as it was."""

    def gone(self, account: str, url: str, status: int) -> None:
        """Other pages of its site are of no interest here."""

    def moved(self, account: str, url: str, to: str) -> None:
        """What stands there is read under its own address."""


class _InOrder:
    """Prints states in the order of their addresses, each as soon as those before it are known."""

    def __init__(self, urls: Iterable[str]) -> None:
        self._waiting = list(reversed(list(urls)))
        self._known: dict[str, LinkState] = {}

    def tell(self, state: LinkState) -> None:
        self._known[state.url] = state
        while self._waiting and self._waiting[-1] in self._known:
            self._print(self._waiting.pop())

    def tell_rest(self) -> None:
        """Prints what is known after an address that is not: whoever is stopped early keeps what was done."""
        for url in [url for url in reversed(self._waiting) if url in self._known]:
            self._print(url)

    def _print(self, url: str) -> None:
        print(json.dumps(_row(self._known.pop(url)), ensure_ascii=False), flush=True)


def _row(state: LinkState) -> dict[str, object]:
    return {
        "url": state.url,
        "verdict": str(state.verdict),
        "why": state.why,
        "status": state.status or None,
        "final_url": state.final_url or None,
        "class": state.link_class or None,
    }
