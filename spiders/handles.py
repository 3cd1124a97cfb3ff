"""Asks sites for handles, many sites side by side and each for one thing at a time, and tells what came of it."""

import asyncio
import random
import socket
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from auditor.footprint.handles import asking
from auditor.footprint.handles.conclude import UNCLEAR, Conclusion, Control, Controls, conclude
from auditor.footprint.handles.onward import HOPS, onward
from auditor.footprint.handles.sign import REDIRECTS, Reading, Sign, is_hopeful, read, telling, wanted
from auditor.footprint.handles.site import Answer, Ask, Probed, Site, Verdict
from spiders.download import no_answer, session, trusted
from spiders.guard import AddressInfo, Guard, PrivateAddress
from spiders.scope import registrable
from spiders.settings import MAX_AT_ONCE, Manners
from spiders.walls import is_login

LONGEST_REST: Final = 5.0
"""Seconds that a site's wish for patience is waited for; one that asks for more is left alone."""
REST: Final = 1.0
"""Seconds before the second try where the site does not say how many."""
_LOOKUPS: Final = 32
"""Names that are looked up at one time: most probes are of hosts that nobody here asked for before."""
_KEPT: Final = 1.5
"""Seconds that a connection is kept open for the next request to the same site."""
_MOST_KNOWN: Final = 2

PER_ASK: Final = 1.5
"""Requests for each site and handle that a run makes at most, all controls and second tries in it."""
SMALL: Final = 40
"""Requests beyond one for each that a small run makes."""
SHARE: Final = 0.35
"""Controls and second tries that each request still to be made takes, on average."""

FEW: Final = 0.03
"""The share of first requests that nobody waits for."""

SPENT: Final = "nobody asked on, so as to ask no more of all sites than need be"
UNENCRYPTED: Final = "it can only be asked without encryption (http)"
THIRD_PARTY: Final = "it would have to be asked at another site, which would learn the handle"
NO_KNOWN: Final = "the manifest names no handle that is there"
NO_MADE_UP: Final = "no handle could be made up that it allows"
NO_SUCH_FORM: Final = "the site has no handles of this form"


@dataclass(frozen=True, slots=True)
class ProbeOptions:
    """How sites are asked. `manners.deadline` is the patience for one answer, `delay` lies between two requests to one.

    `prove_absence`: that a site knows nobody of that name is believed only where it shows an account that is there;
    that takes another request to most sites.
    """

    manners: Manners = field(default_factory=lambda: Manners(delay=0.2, deadline=10.0))
    prove_absence: bool = False
    chance: random.Random = field(default_factory=random.SystemRandom)


@dataclass(frozen=True, slots=True)
class Tested:
    """Whether a site answers as its manifest says. `works`: for a handle that is there, and for one that nobody has."""

    site: str
    works: bool
    why: str


Tell = Callable[[Sequence[Probed]], object]


async def visit(sites: Iterable[Site], handles: Sequence[str], options: ProbeOptions, tell: Tell) -> None:
    """Tells the verdicts of each site, one a handle in the order of the handles, as soon as the site is done."""
    every = list(sites)
    async with _Web(options.manners) as web:
        web.purse = _Purse(len(every) * len(handles))

        async def one(site: Site) -> None:
            tell(await _Visit(web, site, handles, options).all())

        await _all(one(site) for site in every)


async def self_test(sites: Iterable[Site], options: ProbeOptions, tell: Callable[[Tested], object]) -> None:
    """Tells of every site whether it still answers as its manifest says: yes to a handle that is there, no to none."""
    async with _Web(options.manners) as web:

        async def one(site: Site) -> None:
            tell(await _Visit(web, site, (), options).tested())

        await _all(one(site) for site in sites)


async def _all(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Does everything side by side; the first exception, or being stopped, ends all."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Visit:
    """One site, asked for all handles one after the other, and for the controls that their answers need."""

    def __init__(self, web: "_Web", site: Site, handles: Sequence[str], options: ProbeOptions) -> None:
        self._web, self._site, self._handles, self._options = web, site, handles, options
        self._made_up: dict[str, Reading] = {}
        self._known: Reading | None = None
        self._given_up = ""

    async def all(self) -> list[Probed]:
        readings = {}
        for handle in self._handles:
            readings[handle] = await self._reading(handle)
            self._web.purse.one_less()
        told: dict[str, Conclusion] = {}
        # Accounts first: where one is found, the site shows accounts, and the others need no proof of that.
        for handle in sorted(self._handles, key=lambda handle: _is(readings[handle], Sign.YES), reverse=True):
            told[handle] = await self._conclusion(handle, readings, told)
        return [
            Probed(site.name, handle, asking.shown(site, handle), told[handle].verdict, told[handle].why, site.category)
            for site in (self._site,)
            for handle in self._handles
        ]

    async def tested(self) -> Tested:
        known = await self._control(Control.KNOWN, "")
        if known.sign is not Sign.YES:
            return Tested(self._site.name, works=False, why=known.why or "it shows no account that is there")
        made_up = await self._control(Control.MADE_UP, known.handle)
        if made_up.sign in (Sign.NO, Sign.HINT):
            return Tested(self._site.name, works=True, why="")
        why = "it says yes to everybody" if made_up.sign is Sign.YES else "it does not say that nobody has a handle"
        return Tested(self._site.name, works=False, why=made_up.why or why)

    async def _reading(self, handle: str) -> Reading | Conclusion:
        refused = self._site.refused or self._web.refusal(self._site)
        if refused:
            return Conclusion(Verdict.UNCHECKED, refused)
        if not asking.allowed(self._site, handle):
            return Conclusion(Verdict.NOT_FOUND, NO_SUCH_FORM)
        return await self._ask(handle)

    async def _conclusion(
        self, handle: str, readings: Mapping[str, Reading | Conclusion], told: Mapping[str, Conclusion]
    ) -> Conclusion:
        reading = readings[handle]
        if isinstance(reading, Conclusion):
            return reading
        form = asking.form(handle)
        alive = any(other.verdict is Verdict.FOUND for other in told.values())
        choosy = any(asking.form(other) == form and _is(readings[other], Sign.NO) for other in readings)
        while True:
            controls = Controls(self._made_up.get(form), self._known, alive, choosy)
            step = conclude(reading, controls, prove_absence=self._options.prove_absence)
            if isinstance(step, Conclusion):
                return step
            if not (self._options.prove_absence or is_hopeful(reading) or await self._web.purse.affords()):
                return Conclusion(Verdict.UNCHECKED, f"{reading.why or UNCLEAR}; {SPENT}")
            await self._control(step, handle)

    async def _control(self, control: Control, handle: str) -> Reading:
        """The control's answer, remembered for the other handles."""
        if control is Control.KNOWN:
            self._known = await self._ask_known()
            return self._known
        name = asking.made_up(self._site, handle, self._options.chance)
        made_up = await self._ask(name) if name else _nothing("", NO_MADE_UP)
        self._made_up[asking.form(handle)] = made_up
        return made_up

    async def _ask_known(self) -> Reading:
        refused = self._site.refused or self._web.refusal(self._site)
        if refused:
            return _nothing("", refused)
        own = {handle.casefold() for handle in self._handles}
        reading = _nothing("", NO_KNOWN)
        for handle in [known for known in self._site.known if known.casefold() not in own][:_MOST_KNOWN]:
            reading = await self._ask(handle)
            if reading.sign is not Sign.NO:
                break
        return reading

    async def _ask(self, handle: str) -> Reading:
        """What the site says of that handle; asked a second time where it failed and the second may fare better."""
        asked = asking.ask(self._site, handle)
        if isinstance(asked, str):
            return _nothing(handle, asked)
        spelled = asking.spelled(self._site, handle)
        reading = await self._try(asked, spelled)
        rest = _rest(reading.answer)
        if reading.again and rest is not None:
            await asyncio.sleep(rest)
            reading = await self._try(asked, spelled)
            if reading.again and reading.answer.status == 429:
                self._given_up = reading.why
        elif reading.again:
            self._given_up = reading.why
        return reading

    async def _try(self, asked: Ask, handle: str) -> Reading:
        if self._given_up:
            return _nothing(handle, self._given_up)
        marks, url = self._site.marks, asked.url
        answer = await self._web.answer(asked, self._site)
        for _ in range(HOPS):
            to = onward(marks, url, answer, handle)
            if not to or (to.startswith("http:") and not url.startswith("http:")):
                break
            url, answer = to, await self._web.answer(replace(asked, url=to), self._site)
        if answer.problem and not answer.broke:
            self._given_up = answer.problem
        return read(self._site, handle, answer)


def _is(reading: Reading | Conclusion, sign: Sign) -> bool:
    return isinstance(reading, Reading) and reading.sign is sign


def _nothing(handle: str, why: str) -> Reading:
    return Reading(handle, Answer(problem=why), Sign.NOTHING, why)


def _rest(answer: Answer) -> float | None:
    """Seconds before the next try; None where the site wants to be left alone for longer than we wait."""
    asked_for = answer.headers.get("retry-after", "").strip()
    if not asked_for:
        return REST
    return float(asked_for) if asked_for.isdigit() and float(asked_for[:9]) <= LONGEST_REST else None


# ------------------------------------------------------------------------------------------------ the way out


class _Web:
    """The way to all sites: guarded, so many requests at one time, and one at a time to each origin."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._guard = manners.guard()
        self._hands = asyncio.Semaphore(MAX_AT_ONCE)
        self._lanes: dict[str, _Lane] = {}
        self.purse = _Purse(0)
        self._threads = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="names")

    async def __aenter__(self) -> Self:
        resolver = _Resolver(self._threads)
        self._secure = session(self._manners, self._guard, resolver, _KEPT)
        self._plain = session(self._manners, _NamedOnly(self._guard), resolver, _KEPT)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._secure.close()
        await self._plain.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def refusal(self, site: Site) -> str:
        """Why nobody asks that site, by its address alone; "" where it is asked."""
        if site.url.startswith("http:") and not self._manners.allow_networks:
            return UNENCRYPTED
        return THIRD_PARTY if self._is_third_party(site) else ""

    def _is_third_party(self, site: Site) -> bool:
        """Whether somebody else than the site is asked. Hosts on a network that was named on purpose are trusted."""
        asked, shown = (urlsplit(url).hostname or "" for url in (site.url, site.shown))
        if asked == shown or registrable(asked) == registrable(shown):
            return False
        return self._guard.names(shown) or not self._guard.names(asked)

    async def answer(self, ask: Ask, site: Site) -> Answer:
        """What comes of one request, when it is its origin's turn. Never raises for weather."""
        self.purse.spent += 1
        lane = self._lanes.setdefault(_origin(ask.url), _Lane(self._manners.delay))
        async with lane, self._hands:
            return await self._dialled(ask, site)

    async def _dialled(self, ask: Ask, site: Site) -> Answer:
        try:
            address = URL(ask.url.partition("#")[0], encoded=True)
            secure = address.scheme == "https"
            async with (self._secure if secure else self._plain).request(
                "POST" if ask.body else "GET",
                address,
                data=ask.body or None,
                headers=ask.headers,
                allow_redirects=False,
                ssl=trusted() if secure else True,
            ) as response:
                return await _received(response, site, ask.url)
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, _Unencrypted):
                return Answer(problem=UNENCRYPTED)
            return Answer(problem=str(no_answer(error, self._manners.deadline)))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Answer(
                problem=str(no_answer(error, self._manners.deadline)),
                broke=isinstance(error, aiohttp.ClientConnectionError | aiohttp.ClientPayloadError)
                and not isinstance(error, TimeoutError),
            )


async def _received(response: aiohttp.ClientResponse, site: Site, url: str) -> Answer:
    """The answer with as much of its body as it takes to understand it."""
    status = response.status
    location = _absolute(url, response.headers.get("Location", "")) if status in REDIRECTS else ""
    most = wanted(site.marks, status, is_redirect=bool(location))
    enough = telling(site.marks, status)
    longest = max(map(len, enough), default=0)
    body = bytearray()
    while len(body) < most and (chunk := await response.content.readany()):
        before = max(0, len(body) - longest)
        body += chunk
        if any(text in body[before:] for text in enough):
            break
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status, headers, bytes(body[:most]), location, to_login=bool(location) and is_login(location))


def _absolute(url: str, location: str) -> str:
    try:
        return urljoin(url, location.strip()) if location else ""
    except ValueError:
        return ""


def _origin(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()


class _Purse:
    """How many requests a run makes: so many for each site and handle, and in a small run a few more.

    A control for an answer that looks like an account is always made. Controls for others are only made as long as
    there is enough left for what is still to be asked.
    """

    def __init__(self, asks: int) -> None:
        self.spent = 0
        self._owed = asks
        self._few = FEW * asks
        self._most = max(PER_ASK * asks, asks + SMALL)
        self._less = asyncio.Event()

    def one_less(self) -> None:
        """One of the handles was asked for at one of the sites."""
        self._owed -= 1
        self._less.set()
        self._less = asyncio.Event()

    async def affords(self) -> bool:
        """Whether one more request can be made to clear up an answer that looks like no account.

        Waits until it is plain what the first requests took, but not for the last of them: some sites never answer.
        """
        while self.spent + self._owed * (1 + SHARE) >= self._most:
            if self._owed <= self._few:
                return False
            await self._less.wait()
        return True


class _Lane:
    """The turns of one origin: one request at a time, and so many seconds between the beginnings of two."""

    def __init__(self, delay: float) -> None:
        self._lock = asyncio.Lock()
        self._delay = delay
        self._after = 0.0

    async def __aenter__(self) -> None:
        await self._lock.acquire()
        loop = asyncio.get_running_loop()
        try:
            await asyncio.sleep(max(0.0, self._after - loop.time()))
        except BaseException:
            self._lock.release()
            raise
        self._after = loop.time() + self._delay

    async def __aexit__(self, *exc: object) -> None:
        self._lock.release()


class _Unencrypted(PrivateAddress):
    """A connection without encryption to a host on no network that was named on purpose."""


class _NamedOnly(Guard):
    """Lets connections through only to networks that somebody named on purpose."""

    def __init__(self, guard: Guard) -> None:
        self._named = guard

    def allows(self, address: str) -> bool:
        return self._named.names(address)

    def socket_for(self, info: AddressInfo) -> socket.socket:
        if not self.allows(str(info[4][0])):
            raise _Unencrypted
        return super().socket_for(info)


class _Resolver(AbstractResolver):
    """Looks names up in threads of its own: the loop has a handful, and one dead name would hold up all others."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _looked_up, host, port, family)
        return [
            ResolveResult(
                hostname=host, host=str(place[0]), port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
            )
            for kind, _, protocol, _, place in found
        ]

    async def close(self) -> None:
        """The threads belong to somebody else."""


def _looked_up(host: str, port: int, family: int) -> Sequence[AddressInfo]:
    return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
