"""Which platform makes the site at an address that tells nothing by itself: one polite look at its front page.

By its host's rules for programs, like every request; what it showed is remembered, so that it is not asked again.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from auditor.model import Blind, Reason
from auditor.outlets.platforms import known_anywhere, of, shown_by
from spiders import html, signs, walls
from spiders.engine import downloading
from spiders.fetch import Answer, Fetcher
from spiders.host_memory import HostMemory
from spiders.hosts import Hosts
from spiders.reading import CrawlOptions
from spiders.scope import visitable

PATIENCE: Final = 60.0
"""Seconds that one look may take, whatever a server asks us to wait for."""
_WELL_KNOWN: Final = "/.well-known/nodeinfo"


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at an address told: where it led, the platform that makes what stands there ("" where nothing shows
    it), and why nobody could tell. An address that leads to a platform is not looked at any further."""

    url: str
    platform: str = ""
    blind: Blind | None = None


async def look(url: str, options: CrawlOptions, memory: HostMemory | None = None) -> Look:
    """Looks at an address, or remembers what it showed. Run it with `spiders.reactor.run`."""
    manners = replace(options.manners, pause=0)  # somebody waits
    async with downloading(manners) as download:
        hosts = Hosts(Fetcher(download, manners), memory)
        try:
            async with asyncio.timeout(PATIENCE):
                seen = await _looked(visitable(url) or url, hosts)
        except TimeoutError:
            return Look(url, blind=Blind(f"it did not answer within {PATIENCE:g} seconds", Reason.UNREACHABLE))
        hosts.remember()
    return seen


async def _looked(url: str, hosts: Hosts) -> Look:
    host, path = await hosts.of(url), urlsplit(url).path
    known = host.known.signs.get(path)
    if known is not None:
        return Look(url, shown_by(known) or "")
    answer = await hosts.ask(url)
    if of(answer.url) is not None:
        return Look(answer.url)
    blind = answer.blind or walls.refusal(answer.status, html.title(answer.body))
    if blind is not None:
        return Look(answer.url, blind=blind)
    seen = await signs_at(answer, hosts)
    host.facts.shows(path, seen)
    return Look(answer.url, shown_by(seen) or "")


async def signs_at(answer: Answer, hosts: Hosts) -> Mapping[str, str]:
    """The signs of a front page. Where its address looks like an account's, and it shows nothing, its server is asked
    which software it runs."""
    seen = signs.of(answer.url, answer.header, answer.body)
    if shown_by(seen) is None and known_anywhere(answer.url) is not None:
        software = await _software(answer.url, hosts)
        return {**seen, signs.NODEINFO: software} if software else seen
    return seen


async def _software(url: str, hosts: Hosts) -> str:
    """What a server says that it runs, as servers of the fediverse do; "" where it does not say."""
    listed = _loaded(await hosts.ask(urljoin(url, _WELL_KNOWN))).get("links")
    found = [one.get("href") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    at = next((href for href in found if isinstance(href, str) and _is_near(href, url)), "")
    told = _loaded(await hosts.ask(at)).get("software") if at else None
    name = told.get("name") if isinstance(told, dict) else None
    return name[:100] if isinstance(name, str) else ""


def _loaded(answer: Answer) -> Mapping[str, object]:
    try:
        said = json.loads(answer.body) if answer.status == 200 else {}
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _is_near(url: str, other: str) -> bool:
    try:
        return urlsplit(url)[:2] == urlsplit(other)[:2]
    except ValueError:
        return False
