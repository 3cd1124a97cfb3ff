"""What is known of each server while links are visited: whether its name leads anywhere, its rules, its silence."""

import asyncio
import socket
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import urlsplit

from multidict import CIMultiDictProxy

from spiders import robots
from spiders.download import Reply, legible
from spiders.fetch import Answer, absolute
from spiders.link_address import host_address, origin_of
from spiders.link_step import WEATHER, Fault, Step
from spiders.robots import Robots

NAMES_AT_ONCE: Final = 32
"""Names that are looked up at one time."""
SILENT_TWICE: Final = 2
SILENT_AGAIN: Final = 6
"""Addresses of one server that may stay silent, while nothing else of it answers, before the rest of it is taken to be
silent, too: of a server that never answered, and of one that did and may only have slow pages."""

RESTS: Final = 4
"""How often the longest wait a server may ask of us in all, before it counts as one that lets nobody in."""

Get = Callable[[str, int], Awaitable[Reply | Step]]
"""Asks for an address once, for so many bytes of its body."""


class Servers:
    """Every server is looked up once, asked for its rules once, and not dialled again for each page once it is dead."""

    def __init__(self, get: Get, *, obey: bool) -> None:
        self._get = get
        self._obey = obey
        self._threads = ThreadPoolExecutor(NAMES_AT_ONCE, thread_name_prefix="names")
        self._found: dict[str, asyncio.Task[bool]] = {}
        self._rules: dict[str, asyncio.Task[Robots | None]] = {}
        self._mute: set[str] = set()
        self._dead: dict[str, Step] = {}
        self._silent: Counter[str] = Counter()
        self._answered: dict[str, float] = {}
        self._until: dict[str, float] = {}
        self._rested: defaultdict[str, float] = defaultdict(float)

    def close(self) -> None:
        """Stops what is still under way."""
        for task in (*self._found.values(), *self._rules.values()):
            task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def forget_failures(self) -> None:
        """Lets every server be asked once more; those that did not even give their rules, without rules."""
        self._found.clear()
        self._rules.clear()
        self._dead.clear()
        self._silent.clear()

    async def refusal(self, url: str) -> Step | None:
        """Why the address is not asked for at all, or None."""
        if (dead := self.dead(url)) is not None:
            return dead
        if not await self.finds(urlsplit(url).hostname or ""):
            return Step(url, fault=Fault.DNS)
        if self._obey and not await self._may_visit(url):
            return Step(url, fault=Fault.ROBOTS)
        return self.dead(url)

    async def finds(self, host: str) -> bool:
        """Whether the name leads to any address. Asked for many names at a time: a name server may take seconds to say
        no, and the event loop's own few threads would let all other hosts wait. What is dialled is decided later."""
        if host_address(host) is not None:
            return True
        if host not in self._found:
            self._found[host] = asyncio.ensure_future(self._look_up(host))
        return await asyncio.shield(self._found[host])

    def dead(self, url: str) -> Step | None:
        """The failure that the server of this address showed before, as this address's own."""
        step = self._dead.get(urlsplit(url).netloc)
        return Step(url, fault=step.fault, why=step.why, presumed=True) if step is not None else None

    async def quiet(self, url: str) -> None:
        """Waits as long as the server of this address asked all of us to."""
        place, loop = urlsplit(url).netloc, asyncio.get_running_loop()
        while (left := self._until.get(place, 0.0) - loop.time()) > 0:
            await asyncio.sleep(left)

    def rest(self, url: str, seconds: float, longest: float) -> bool:
        """The server had too many visitors: nothing of it is asked for so long. False where it asked too much of us."""
        place, now = urlsplit(url).netloc, asyncio.get_running_loop().time()
        until = self._until.get(place, 0.0)
        more = max(0.0, now + seconds - max(now, until))
        if seconds > longest or self._rested[place] + more > RESTS * longest:
            return False
        self._rested[place] += more
        self._until[place] = max(until, now + seconds)
        return True

    def note(self, step: Step, asked: float) -> None:
        """Remembers what an answer tells of its server. `asked` is the loop's time at which it was asked for."""
        place = urlsplit(step.url).netloc
        answered = self._answered.get(place)
        if step.fault is Fault.REFUSED:
            self._dead[place] = step
        elif step.fault is Fault.TIMEOUT and (answered is None or answered < asked):
            self._silent[place] += 1
            if self._silent[place] >= (SILENT_TWICE if answered is None else SILENT_AGAIN):
                self._dead[place] = step
        elif step.status:
            self._silent.pop(place, None)
            self._answered[place] = asyncio.get_running_loop().time()

    # -------------------------------------------------------------------------------------------- names and rules

    async def _look_up(self, host: str) -> bool:
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, socket.getaddrinfo, host, None)
        except (OSError, UnicodeError):
            return False
        return True

    async def _may_visit(self, url: str) -> bool:
        origin = origin_of(url)
        if origin in self._mute:
            return True
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._ask_for_rules(origin))
        rules = await asyncio.shield(self._rules[origin])
        return rules is None or rules.allows(url)

    async def _ask_for_rules(self, origin: str) -> Robots | None:
        """The rules of one server, or None where it has none."""
        url = f"{origin}/robots.txt"
        answer = await self._get(url, robots.MAX_BODY)
        if isinstance(answer, Step) and answer.fault in WEATHER:
            # Its pages would only be silent, too: they wait for the second look, which asks for no rules again.
            self._dead[urlsplit(origin).netloc] = answer
            self._mute.add(origin)
        for _ in range(robots.MAX_HOPS):
            to = "" if isinstance(answer, Step) else _forwarded(url, answer)
            if not to:
                break
            url, answer = to, await self._get(to, robots.MAX_BODY)
        if isinstance(answer, Step):
            return None
        return robots.read(Answer(origin, answer.status, body=answer.body)) if answer.status == 200 else None


def said(headers: CIMultiDictProxy[str], name: str) -> str:
    """What the headers of an answer say under that name, the last of them where there are several; else ""."""
    return legible(headers.getall(name, [""])[-1]).strip()


def _forwarded(url: str, answer: Reply) -> str:
    """The web address to which an answer forwards, or ""."""
    to = absolute(url, said(answer.headers, "Location")) if 300 <= answer.status < 400 else ""
    return to if to.startswith(("http://", "https://")) else ""
