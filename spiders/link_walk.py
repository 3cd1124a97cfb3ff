"""Follows one linked address to its end: one GET after the other, redirects by hand, and the whole way kept."""

import asyncio
import contextlib
import re
import ssl
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookies import CookieError, SimpleCookie
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from aiohttp import client_exceptions as failures
from multidict import CIMultiDictProxy

from auditor.outlets import landing
from auditor.outlets.landing import Landing
from spiders.certificate import untrusted
from spiders.download import NoAnswer, Reply, legible
from spiders.engine import Download
from spiders.guard import PrivateAddress
from spiders.hrefs import as_read, without_dots
from spiders.html import is_tame
from spiders.link_address import examine, page_of
from spiders.link_servers import Servers, said
from spiders.link_step import MAX_HOPS, End, Fault, Look, Step, Trail
from spiders.settings import Manners
from spiders.text import decode

BODY: Final = 256 * 1024
"""Bytes of a linked page that are read: enough to see what it is."""
AT_ONCE: Final = 100
"""Requests under way or waiting for their host's turn at one time."""
REMEMBERED: Final = 1000
"""Answers that are remembered, the last used ones: many links forward to one place, most of them soon after another."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_WORTH_ANOTHER_TRY: Final = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Answers after which a page is asked for once more, before anything is made of them."""
_TRIES: Final = 2
_TOO_MANY: Final = 429
"""The server had too many visitors: that concerns all of its pages."""
_HTML: Final = ("text/html", "application/xhtml+xml", "")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_FILES: Final = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|webp|svg|ico|mp[34]|mov|avi|wav|webm|css|js|woff2?|ttf|xml|json|csv|txt"
    r"|ics|epub|exe|dmg|apk)$",
    re.IGNORECASE,
)
"""Addresses that name files: what comes is seldom a page, so its body is not asked for at first."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait. `pause` before another try, `longest` that a server may ask us to wait."""

    pause: float = 1.0
    longest: float = 30.0


class Walker:
    """Asks each address once and remembers for a while what it said."""

    def __init__(self, download: Download, manners: Manners, patience: Patience, *, obey: bool, budget: int) -> None:
        self._download = download
        self._manners = manners
        self._patience = patience
        self._left = budget
        self._guard = manners.guard()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._steps: dict[tuple[str, Look], asyncio.Task[Step]] = {}
        self._slow: set[str] = set()
        self._servers = Servers(lambda url, limit: self._get(url, limit, ""), obey=obey)

    def start_over(self) -> None:
        """Lets every server be asked once more that was dead or silent."""
        self._servers.forget_failures()

    def forget(self, trail: Trail) -> None:
        """Lets every address on that way be asked once more. Where the last one was too slow, its head will do then:
        its body may drip for ever."""
        for url in trail.hops:
            for look in Look:
                self._steps.pop((url, look), None)
        if trail.step.fault is Fault.TIMEOUT:
            self._slow.add(trail.step.url)

    def close(self) -> None:
        """Stops what is still under way."""
        for task in self._steps.values():
            task.cancel()
        self._servers.close()

    async def finds(self, host: str) -> bool:
        """Whether the name leads anywhere at all."""
        return await self._servers.finds(host)

    async def walk(self, url: str, look: Look = Look.PAGE) -> Trail:
        """Follows the address to its end. Never raises for the web's weather."""
        trail = await self._follow(url, look, None)
        if trail.end is not End.LOOP:
            return trail
        # Some sites forward in a circle until their cookie comes back, as a browser would bring it.
        return await self._follow(url, look, {})

    async def _follow(self, url: str, look: Look, cookies: dict[str, str] | None) -> Trail:
        hops: list[str] = [without_dots(url)]
        step = Step(url)
        visited: Counter[tuple[str, str]] = Counter()
        for _ in range(MAX_HOPS + 1):
            here = hops[-1]
            host = urlsplit(here).netloc
            jar = cookies.get(host, "") if cookies is not None else ""
            visited[here, jar] += 1
            if visited[here, jar] > 1:
                return Trail(tuple(hops), step, End.LOOP)
            step = await (self._step(here, look) if cookies is None else self._ask(here, look, jar))
            if cookies is not None and step.cookies:
                cookies[host] = step.cookies
            named = _named_next(step)
            if named is None:
                lost = step.status in _REDIRECTS and not step.location
                return Trail(tuple(hops), step, End.NOWHERE if lost else End.ANSWERED)
            try:
                named = urljoin(here, as_read(named))
            except ValueError:
                named = "http://"
            state = examine(named, self._guard.allows)
            if state is not None:
                return Trail((*hops, named), step, End.BAD_TARGET, state)
            target = page_of(named)
            if target == here and step.ok:
                return Trail(tuple(hops), step)  # the page only reloads itself
            hops.append(target)
        return Trail(tuple(hops), step, End.TOO_MANY)

    async def _step(self, url: str, look: Look) -> Step:
        known = next(((url, seen) for seen in Look if seen >= look and (url, seen) in self._steps), None)
        if known is None:
            self._make_room()
            task = asyncio.ensure_future(self._ask(url, look, ""))
        else:
            task = self._steps.pop(known)
        self._steps[known or (url, look)] = task
        return await asyncio.shield(task)

    def _make_room(self) -> None:
        """Forgets what was used longest ago. What is still under way must be kept: somebody has to stop it."""
        for key in tuple(islice(self._steps, max(0, len(self._steps) - REMEMBERED))):
            if self._steps[key].done():
                del self._steps[key]

    async def _ask(self, url: str, look: Look, cookies: str) -> Step:
        """One address, with patience: a page that answers "busy" or "broken" is asked again."""
        refusal = await self._servers.refusal(url)
        if refusal is not None:
            return refusal
        asked = asyncio.get_running_loop().time()
        for tries in range(1, _TRIES + 1):
            await self._servers.quiet(url)
            step, wait = await self._try(url, look, cookies)
            wait = self._patience.pause if wait is None else wait
            if step.status not in _WORTH_ANOTHER_TRY or wait > self._patience.longest:
                break
            if step.status == _TOO_MANY and not self._servers.rest(url, wait, self._patience.longest):
                break
            if tries < _TRIES:
                await asyncio.sleep(wait)
        self._servers.note(step, asked)
        return step

    async def _try(self, url: str, look: Look, cookies: str) -> tuple[Step, float | None]:
        """One request: what came of it, and how long the server asks us to wait."""
        may_read = look > Look.HEADERS and self._left > 0 and url not in self._slow
        limit = BODY if may_read and not _FILES.search(urlsplit(url).path) else 0
        answer = await self._get(url, limit, cookies)
        if isinstance(answer, Step):
            return answer, None
        if answer.status == 200 and may_read and not limit and _media_type(answer) in _HTML[:2]:
            # A page where a file should be is often a notice that the file is gone.
            again = await self._get(url, BODY, cookies)
            answer, limit = (answer, 0) if isinstance(again, Step) else (again, BODY)
        return await self._read(url, answer, limit, look), retry_after(answer.headers)

    async def _read(self, url: str, answer: Reply, limit: int, look: Look) -> Step:
        shown: Landing | None = None
        broke_off = answer.partial and 0 < len(answer.body) < limit
        if limit and _media_type(answer) in _HTML and is_tame(answer.body):
            self._left -= len(answer.body)
            charset = _CHARSET.search(said(answer.headers, "Content-Type"))
            html = decode(answer.body, charset[1] if charset else "")
            shown = landing.read(html, anchors=look is Look.PLACES and not answer.partial)
            if not shown.refresh and "Refresh" in answer.headers:
                shown = replace(shown, refresh=landing.forward(said(answer.headers, "Refresh")))
        return Step(
            url,
            status=answer.status,
            location=said(answer.headers, "Location") if "Location" in answer.headers else None,
            landing=shown,
            partial=broke_off,
            challenged=said(answer.headers, "cf-mitigated").casefold() == "challenge",
            cookies=_cookies(answer.headers),
        )

    async def _get(self, url: str, limit: int, cookies: str) -> Reply | Step:
        try:
            async with self._at_once:
                return await self._download.get(url, {"Cookie": cookies} if cookies else {}, limit=limit, cut=True)
        except NoAnswer as failure:
            return await self._without_answer(url, failure)

    async def _without_answer(self, url: str, failure: NoAnswer) -> Step:
        fault = _fault(failure)
        why = ""
        if fault is Fault.TLS:
            why = await asyncio.to_thread(untrusted, url, self._guard, self._manners.deadline)
        return Step(url, fault=fault, why=why)


def _named_next(step: Step) -> str | None:
    """The address to which an answer sends its reader on, as it is written; None where it is the end."""
    if step.status in _REDIRECTS:
        return step.location or None
    if step.ok and step.landing is not None and step.landing.refresh:
        return step.landing.refresh
    return None


def _fault(failure: NoAnswer) -> Fault:
    """What kind of failure it was, from the exception that lies behind it."""
    cause = failure.__cause__
    if failure.tls:
        return Fault.TLS
    if isinstance(cause, failures.ClientConnectorDNSError):
        return Fault.DNS
    if isinstance(cause, failures.ClientConnectorSSLError | ssl.SSLError):
        return Fault.TLS
    if isinstance(cause, failures.ClientConnectorError):
        return Fault.PRIVATE if isinstance(cause.os_error, PrivateAddress) else Fault.REFUSED
    if isinstance(cause, TimeoutError):
        return Fault.TIMEOUT
    if isinstance(cause, failures.ClientPayloadError | failures.ClientResponseError):
        return Fault.GARBLED
    if isinstance(cause, ValueError):
        return Fault.MALFORMED
    return Fault.BROKE_OFF


def retry_after(headers: CIMultiDictProxy[str]) -> float | None:
    """The seconds that a server asks us to wait, which it may write as a number or a date; None where it does not."""
    text = said(headers, "Retry-After")
    if text.isascii() and text.isdigit():
        return float(text[:6])
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, ((then if then.tzinfo else then.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds())


def _media_type(answer: Reply) -> str:
    return said(answer.headers, "Content-Type").partition(";")[0].strip().casefold()


def _cookies(headers: CIMultiDictProxy[str]) -> str:
    """The cookies that an answer sets, as the next request brings them back."""
    jar: SimpleCookie = SimpleCookie()
    for line in headers.getall("Set-Cookie", [])[:20]:
        with contextlib.suppress(CookieError):
            jar.load(legible(line))
    return "; ".join(f"{name}={morsel.coded_value}" for name, morsel in jar.items())
