"""Asks sites for handles, many sites side by side and each for one thing at a time, and tells what came of it."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Final

from auditor.footprint.handles import asking
from auditor.footprint.handles.conclude import HIDES, UNCLEAR, Conclusion, Control, Controls, conclude
from auditor.footprint.handles.onward import HOPS, onward
from auditor.footprint.handles.sign import Reading, Sign, is_as_described, is_hopeful, read, slim
from auditor.footprint.handles.site import Answer, Ask, Probed, Site, Verdict
from spiders.handle_web import Purse, Web
from spiders.settings import Manners

LONGEST_REST: Final = 5.0
"""Seconds that a site's wish for patience is waited for; one that asks for more is left alone."""
REST: Final = 1.0
"""Seconds before the second try where the site does not say how many."""
_MOST_KNOWN: Final = 2

SPENT: Final = "nobody asked on, so as to ask no more of all sites than need be"
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
    async with Web(options.manners) as web:
        web.purse = Purse(len(every) * len(handles))

        async def one(site: Site) -> None:
            tell(await _Visit(web, site, handles, options).all())

        await _all(one(site) for site in every)


async def self_test(sites: Iterable[Site], options: ProbeOptions, tell: Callable[[Tested], object]) -> None:
    """Tells of every site whether it still answers as its manifest says: yes to a handle that is there, no to none."""
    async with Web(options.manners) as web:

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

    def __init__(self, web: "Web", site: Site, handles: Sequence[str], options: ProbeOptions) -> None:
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
            why = known.why if known.sign is Sign.NOTHING else f"{HIDES}{f' ({known.why})' if known.why else ''}"
            return Tested(self._site.name, works=False, why=why)
        made_up = await self._control(Control.MADE_UP, known.handle)
        if made_up.sign in (Sign.NO, Sign.HINT) or (
            made_up.sign is Sign.NEITHER and is_as_described(self._site, made_up)
        ):
            return Tested(self._site.name, works=True, why="")
        why = "it says yes to everybody" if made_up.sign is Sign.YES else "it does not say that nobody has a handle"
        return Tested(self._site.name, works=False, why=made_up.why or why)

    async def _reading(self, handle: str) -> Reading | Conclusion:
        refused = self._site.refused or self._web.refusal(self._site)
        if refused:
            return Conclusion(Verdict.UNCHECKED, refused)
        if not asking.allowed(self._site, handle):
            return Conclusion(Verdict.NOT_FOUND, NO_SUCH_FORM)
        return slim(await self._ask(handle))

    async def _conclusion(
        self, handle: str, readings: Mapping[str, Reading | Conclusion], told: Mapping[str, Conclusion]
    ) -> Conclusion:
        reading = readings[handle]
        if isinstance(reading, Conclusion):
            return reading
        form = asking.form(handle)
        alive = any(other.verdict is Verdict.FOUND for other in told.values())
        choosy = any(asking.form(other) == form and _is(readings[other], Sign.NO) for other in readings)
        async with AsyncExitStack() as purse:
            pledged = self._options.prove_absence or is_hopeful(reading)
            while True:
                controls = Controls(self._made_up.get(form), self._known, alive, choosy)
                step = conclude(reading, controls, prove_absence=self._options.prove_absence)
                if isinstance(step, Conclusion):
                    return step
                if not pledged:
                    pledged = await purse.enter_async_context(self._web.purse.pledge())
                if not pledged:
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
        best = _nothing("", NO_KNOWN)
        for handle in [known for known in self._site.known if known.casefold() not in own][:_MOST_KNOWN]:
            reading = await self._ask(handle)
            best = min(best, reading, key=lambda one: _WORTH.index(one.sign)) if best.handle else reading
            # Known accounts go, too: what looks like the page for nobody is not yet the site's last word.
            if reading.sign is Sign.NOTHING or is_hopeful(reading):
                break
        return best

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


_WORTH: Final = (Sign.YES, Sign.NEITHER, Sign.HINT, Sign.NO, Sign.NOTHING)
"""Of the answers for two known handles, which one tells more of the site."""


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
