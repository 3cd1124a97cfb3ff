"""Reads accounts, each by its route: of websites every page in scope once and every file that they link; everything
missed is told.

Hosts are visited side by side, the accounts of one host one after the other. Nothing is gathered here: what was seen
goes to the witness at once, so a crawl of any size takes the same memory but for its list of addresses.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from spiders.decoder import Decoder
from spiders.engine import downloading
from spiders.fetch import Fetcher
from spiders.host_memory import HostMemory
from spiders.hosts import Hosts
from spiders.pace import host_of
from spiders.paired_visit import PairedVisit
from spiders.reading import Assignment, CrawlOptions, Renderer, Witness
from spiders.route_visit import RouteVisit
from spiders.single_visit import SingleVisit
from spiders.visit import Visit

HOSTS_AT_ONCE: Final = 16


async def read(
    assignments: Sequence[Assignment],
    options: CrawlOptions,
    witness: Witness,
    renderer: Renderer | None = None,
    memory: HostMemory | None = None,
) -> None:
    """Reads all accounts and tells the witness. Run it with `spiders.reactor.run`. `memory` is of their hosts.

    What the web does never raises: it becomes `missed`. What the witness raises ends the crawl.
    """
    manners = options.manners
    async with downloading(manners) as download, Decoder() as decoder:
        hosts = Hosts(Fetcher(download, manners), memory)
        gate = asyncio.Semaphore(HOSTS_AT_ONCE)

        def visit_of(assignment: Assignment) -> Visit | RouteVisit | PairedVisit | SingleVisit:
            route = assignment.route
            if route is not None and route.glance is not None:
                return SingleVisit(assignment, route.glance, options, witness, hosts, decoder, renderer)
            if route is not None and route.parse is not None:
                return RouteVisit(assignment, route, options, witness, hosts)
            if route is not None and route.beside is not None:
                return PairedVisit(assignment, route.beside, options, witness, hosts, decoder, renderer)
            return Visit(assignment, options, witness, hosts, decoder, renderer)

        async def visit_all(group: Sequence[Assignment]) -> None:
            async with gate:
                for assignment in group:
                    await visit_of(assignment).run()

        tasks = [asyncio.ensure_future(visit_all(group)) for group in _by_host(assignments)]
        try:
            await asyncio.gather(*tasks)
            hosts.remember()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _by_host(assignments: Sequence[Assignment]) -> Sequence[Sequence[Assignment]]:
    """Accounts in groups that share a host, in the order in which they came."""
    groups: dict[str, list[Assignment]] = defaultdict(list)
    for assignment in assignments:
        groups[host_of(assignment.account.url)].append(assignment)
    return list(groups.values())
