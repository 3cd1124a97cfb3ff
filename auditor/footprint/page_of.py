"""One page, as a stranger sees it: for the token that proves a handle."""

from typing import Final
from urllib.parse import urlsplit

from auditor.model import Blind, Document, Reason
from auditor.outlets.platforms import PLATFORMS, name_of, of
from spiders import html, reactor, walls
from spiders.engine import downloading
from spiders.fetch import Answer, Fetcher
from spiders.hosts import Hosts
from spiders.settings import Manners

_SECURE: Final = "Give its address with https://."
_EXPORT: Final = "Your data export from there proves the handle as well."


def page_of(url: str, manners: Manners) -> Document | Blind:
    """The page at that address; why it could not be read where it could not. Platforms that let no program read
    people's profiles are not asked, and a site's rules for programs are kept."""
    platform = of(url)
    if platform is not None and PLATFORMS[platform].closed:
        return Blind(f"{name_of(platform)} lets no program read people's profiles", Reason.TERMS, _EXPORT)
    if url.lower().startswith("http:") and not manners.guard().names(urlsplit(url).hostname or ""):
        return Blind("it is not encrypted, so somebody on the way could change it", Reason.UNREACHABLE, _SECURE)
    return reactor.run(_read(url, manners))


async def _read(url: str, manners: Manners) -> Document | Blind:
    async with downloading(manners) as download:
        fetcher = Fetcher(download, manners)
        host = await Hosts(fetcher).of(url)
        if not host.robots.allows(url):
            return Blind("the site asks programs to stay out", Reason.ROBOTS, _EXPORT)
        answer = await fetcher.get(url)
    return _document(url, answer)


def _document(url: str, answer: Answer) -> Document | Blind:
    if answer.blind is not None:
        return answer.blind
    if answer.status != 200:
        why = "it sent us elsewhere" if answer.location else f"it answered with {answer.status}"
        return Blind(why, Reason.UNREACHABLE, "Open the address in a private window and copy it from there.")
    if not html.is_tame(answer.body):
        return Blind("it is too large to be read", Reason.LIMIT, _EXPORT)
    page = html.read(answer.body, url, charset=answer.charset)
    return walls.stands_before(page, answer.body) or page
