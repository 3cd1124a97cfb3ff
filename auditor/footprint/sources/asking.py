"""Asks the sources that a person agreed to, through the same guarded way out as every visit, and tells what came.

An answer that is no plain yes or no is "could not check", with the reason: a wall, a rate limit, an outage and a form
that nobody knows are never read as an answer. Nothing is asked of a redirect's goal.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Final

import auditor.footprint.sources
from auditor.footprint.exposure import Credit, Looked, Scan, Verdict
from auditor.footprint.person import Person
from auditor.footprint.sources.source import MOST, NotUnderstood, Question, Source, Told
from auditor.model import Blind
from auditor.secret import TokenPlace
from spiders.credential import Credential, in_header
from spiders.engine import downloading
from spiders.fetch import Answer, Fetcher
from spiders.settings import Manners

_SLOW: Final = frozenset({429, 503})
_CLOSED: Final = frozenset({401, 403, 407, 451})


@cache
def sources() -> Mapping[str, Source]:
    """Every source by its id, found by looking."""
    return dict(sorted(_found(), key=lambda one: one[0]))


def _found() -> Iterator[tuple[str, Source]]:
    for module in pkgutil.iter_modules(auditor.footprint.sources.__path__):
        loaded = importlib.import_module(f"auditor.footprint.sources.{module.name}")
        if isinstance(source := getattr(loaded, "SOURCE", None), Source):
            yield source.id, source


async def ask(
    person: Person, chosen: Sequence[Source], now: datetime, manners: Manners, keys: Mapping[str, TokenPlace]
) -> Scan:
    """What the chosen sources tell of what the person proved."""
    scan = Scan(now)
    async with downloading(manners) as download:
        fetcher = Fetcher(download, manners)
        for source in chosen:
            signed = _signed(source, keys)
            if isinstance(signed, Blind):
                why = _no_key(signed)
                asked = (_looked(source, one, Verdict.UNCHECKED, why, person) for one in _asked(source, person))
                scan = replace(scan, looked=(*scan.looked, *asked))
                continue
            for question in _asked(source, person):
                answer = await fetcher.ask(f"{source.base.rstrip('/')}{question.path}", signed)
                scan = _with(scan, source, question, answer, person)
    return scan


def _signed(source: Source, keys: Mapping[str, TokenPlace]) -> Credential | Blind | None:
    if not source.key:
        return None
    secret = keys.get(source.id, TokenPlace(source.key)).read()
    return secret if isinstance(secret, Blind) else in_header(source.header, secret)


def _no_key(blind: Blind) -> str:
    return f"It wants a key of its own, and {blind.what}. Without one, type your address there yourself."


def _asked(source: Source, person: Person) -> list[Question]:
    return list(islice(source.questions(person), MOST))


def _looked(source: Source, question: Question, verdict: Verdict, why: str, person: Person) -> Looked:
    return Looked(source.id, question.what, verdict, why, place=_place(source, question, person))


def _place(source: Source, question: Question, person: Person) -> str:
    return person.name(source.id, question.value)


def _with(scan: Scan, source: Source, question: Question, answer: Answer, person: Person) -> Scan:
    if answer.status in source.nothing:
        told = Told(why=source.none)
    else:
        why = _no_answer(answer)
        try:
            told = Told() if why else source.read(question, answer.body, person.name)
        except NotUnderstood:
            why = "Its answer could not be understood."
        if why:
            return replace(scan, looked=(*scan.looked, _looked(source, question, Verdict.UNCHECKED, why, person)))
    verdict = Verdict.FOUND if told.exposures else Verdict.NOT_FOUND
    place = _place(source, question, person)
    return replace(
        scan,
        exposures=(*scan.exposures, *(replace(one, place=place) for one in told.exposures)),
        looked=(*scan.looked, _looked(source, question, verdict, told.why, person)),
        credits=tuple(dict.fromkeys((*scan.credits, *([Credit(source.id, told.credit)] if told.credit else [])))),
    )


def _no_answer(answer: Answer) -> str:
    """Why that is no answer; "" where it is one."""
    if answer.blind is not None:
        return f"It could not be reached: {answer.blind.what}."
    if answer.status in _SLOW:
        return "It asked us to slow down. Try again in an hour."
    if answer.status in _CLOSED:
        return "It does not let us in."
    if answer.location:
        return "It sent us somewhere else."
    if answer.status != 200 or answer.partial:
        return "It is out of order."
    return ""
