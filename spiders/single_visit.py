"""The visit of an account of which only the page at its own address may be looked at: once, and no further.

It is asked for as every page is: by the host's rules for programs, within all limits, and opened in a browser only
where it is empty without one. What it shows is the platform's own to say (`Route.glance`).
"""

from dataclasses import dataclass, replace
from typing import Final

from auditor.model import Blind, Document
from spiders.decoder import Decoder
from spiders.hosts import Hosts
from spiders.platform import Glance
from spiders.reading import Assignment, CrawlOptions, Renderer, Trace, Witness
from spiders.visit import Visit

HIDDEN: Final = 401
"""What a server would say in a word of what visitors see no longer."""


class SingleVisit:
    """One account's visit. Made for one `run`."""

    def __init__(
        self,
        assignment: Assignment,
        glance: Glance,
        options: CrawlOptions,
        witness: Witness,
        hosts: Hosts,
        decoder: Decoder,
        renderer: Renderer | None,
    ) -> None:
        self._assignment, self._glance, self._witness = assignment, glance, witness
        # It is looked at anew each time: to remember a page is to have been let in.
        alone = Assignment(assignment.account, elsewhere=assignment.elsewhere)
        self._seen = _Seen()
        self._visit = Visit(alone, options, self._seen, hosts, decoder, renderer)

    async def run(self) -> None:
        """Looks once, and tells what that shows."""
        await self._visit.look()
        account = self._assignment.account
        glimpse = self._glance(account, self._seen.document, self._seen.blind)
        if glimpse.document is not None and self._assignment.done.get(glimpse.document.url, -1) < 0:
            self._witness.saw(account.id, replace(glimpse.document, depth=0), Trace())
        if glimpse.hidden:
            for url in self._assignment.seeds:
                self._witness.gone(account.id, url, HIDDEN)
        self._witness.missed(account.id, "", glimpse.blind)


@dataclass
class _Seen:
    """A witness of the one page. What stands around a page that could not be seen is none."""

    document: Document | None = None
    blind: Blind | None = None

    def saw(self, _account: str, document: Document, _trace: Trace) -> None:
        if not document.is_shell:
            self.document = document

    def missed(self, _account: str, _url: str, blind: Blind) -> None:
        self.blind = self.blind or blind

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        """Nothing is, to a visit that remembers nothing."""

    def gone(self, account: str, url: str, status: int) -> None:
        """The account's own address is missed, not gone."""

    def moved(self, account: str, url: str, to: str) -> None:
        """What stands there is told by itself."""
