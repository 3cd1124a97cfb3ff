"""What a page says: as it was served and, where that shows next to nothing, as a browser shows it."""

import logging
from dataclasses import replace
from typing import Final

from auditor.faults import place_of
from auditor.model import Blind, Document, Link, Reason
from auditor.outlets import landing
from spiders import html, kinds, walls
from spiders.decoder import Decoder
from spiders.fetch import Answer, absolute
from spiders.hosts import Host, Hosts
from spiders.reading import Renderer
from spiders.shell import is_short, needs_browser, together

log = logging.getLogger(__name__)

EMPTY: Final = Blind("the page is empty", Reason.UNREACHABLE)
_STAYS_EMPTY: Final = Blind("it stays empty in a browser, too", Reason.UNREACHABLE)
_STAYED_EMPTY: Final = Blind("pages like it stayed empty in a browser, too", Reason.UNREACHABLE)
_SWITCHED_OFF: Final = Blind(
    "it is empty without a browser",
    Reason.NOT_IN_ROUTE,
    'Write render = "auto" under [crawl] in config.toml.',
)
_GET_BROWSER: Final = "Install Chromium, Chrome or Edge on this computer; “auditor doctor” tells how."
_NO_BROWSER: Final = Blind("it is empty without a browser", Reason.NOT_IN_ROUTE, _GET_BROWSER)
_AS_SERVED: Final = Blind(
    "No browser was found; pages were read as they are served.", Reason.NOT_IN_ROUTE, _GET_BROWSER
)


def _with_forward(document: Document, answer: Answer) -> Document:
    """The document with the address to which a header of its answer soon forwards, as if it stood in the page."""
    to = absolute(answer.url, landing.forward(answer.header("Refresh")))
    return replace(document, links=(*document.links, Link(to, tag="meta"))) if to else document


class Pages:
    """Reads the pages and files of one visit. `render` is "auto", "never" or "always": when a browser opens them."""

    def __init__(self, hosts: Hosts, decoder: Decoder, renderer: Renderer | None, render: str) -> None:
        self._hosts = hosts
        self._decoder = decoder
        self._render = render
        self._renderer = renderer if render != "never" else None

    @property
    def lacks_browser(self) -> Blind | None:
        """What is told where every page is to be opened in a browser, and there is none."""
        return _AS_SERVED if self._render == "always" and self._renderer is None else None

    def opens(self, host: Host) -> bool:
        """Whether every page of that host is opened in a browser, whatever was served."""
        wanted = self._render == "always" or (self._render == "auto" and host.known.needs_browser)
        return wanted and self._renderer is not None

    async def read_file(self, answer: Answer, kind: str, depth: int) -> tuple[Document, Blind | None]:
        """What a file of that kind says, and what of it cannot be seen."""
        document, blind = await self._decoder.read(
            answer.body, answer.url, kind, charset=answer.charset, file_name=answer.file_name
        )
        return replace(document, depth=depth), blind

    async def read(self, answer: Answer, depth: int) -> tuple[Document | None, Blind | None]:
        """What a page says, and what of it cannot be seen; nothing where a login or a bot check stands in its place."""
        document, blind = await self._read_markup(answer.body, answer.url, answer.charset, depth)
        wall = walls.stands_before(document, answer.body)
        if wall is None and depth == 0 and html.is_tame(answer.body):
            wall = walls.nobody_home(document, answer.body, answer.charset)
        if wall is not None:
            return None, wall
        if answer.header("Refresh"):
            document = _with_forward(document, answer)
        host = await self._hosts.of(answer.url)
        empty = needs_browser(document, answer.body)
        host.facts.saw(empty=empty)
        if empty:
            document, blind = await self._rendered(document)
            if blind in (_STAYS_EMPTY, _STAYED_EMPTY) and is_short(document, answer.body):
                blind = None
        elif self.opens(host):
            # Without a browser, or where it fails, what was served is no less than it is without one.
            shown, gap = await self._rendered(document, needed=False)
            if shown.rendered and not shown.is_shell:
                document, blind = together(document, shown), gap or blind
        if walls.is_empty(document) and blind is None:
            return replace(document, is_shell=True), EMPTY
        return document, blind

    async def _read_markup(self, body: bytes, url: str, charset: str, depth: int) -> tuple[Document, Blind | None]:
        if not html.is_tame(body):
            document, blind = await self._decoder.read(body, url, kinds.HTML, charset=charset)
            return replace(document, depth=depth), blind
        try:
            document = html.read(body, url, charset=charset, depth=depth)
        except Exception as fault:  # noqa: BLE001 - one strange page must not end the reading of all others
            log.error("%s, reading %s", place_of(fault), url)
            return Document(url, depth=depth), Blind("our reader failed on it; the log says where", Reason.UNREACHABLE)
        return document, Blind(document.problem, Reason.LIMIT) if document.problem else None

    async def _rendered(self, document: Document, *, needed: bool = True) -> tuple[Document, Blind | None]:
        """The page as a browser shows it, where that is more than was served; else what of it could not be seen.

        `needed` tells that it shows next to nothing without one: then what was served is only its shell.
        """
        host = await self._hosts.of(document.url)
        if self._render == "never":
            return replace(document, is_shell=True), _SWITCHED_OFF
        if self._renderer is None:
            return replace(document, is_shell=True), _NO_BROWSER
        if not host.gains_from_browser:
            return document, _STAYS_EMPTY
        if self._render == "auto" and host.known.gains_nothing and not host.known.samples(document.url):
            return document, _STAYED_EMPTY
        shown = await self._renderer.render(document.url)
        markup = shown.html.encode("utf-8", "replace")
        if not shown.problem:
            seen, gap = await self._read_markup(markup, document.url, "utf-8", document.depth)
            more = seen.digest != document.digest and not walls.is_empty(seen)
            host.facts.showed(more=more)
            if more:
                host.render_failures = 0
                wall = walls.stands_before(seen, markup)
                cut = Blind(shown.missing, Reason.LIMIT) if shown.missing else None
                return replace(seen, rendered=True, is_shell=wall is not None), wall or gap or cut
        host.render_failures += needed
        if shown.problem:
            why = Blind(f"a browser could not show it: {shown.problem}", Reason.NOT_IN_ROUTE)
            return replace(document, is_shell=True), why
        return document, _STAYS_EMPTY
