"""What a person opens themselves: searches for their own name, people-search sites and how to leave them, check-ups.

Nothing here is fetched. A search tells its engine who is asked for; so it is the person's own browser that asks, if
they like. The lists are data: `links.toml`.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote_plus

from auditor.masking import mask_email

MOST: Final = 40
"""Search links on one page."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address to be opened by a person: what it is, and what to do there."""

    name: str
    url: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Links of one sort. `id` names it on the page."""

    id: str
    title: str
    says: str
    links: tuple[Link, ...]


def shelves(names: Sequence[str] = (), school: str = "", identifiers: Sequence[str] = ()) -> tuple[Shelf, ...]:
    """All shelves: searches for these names and identifiers, then the lists that are the same for everybody."""
    data = _data()
    searches = tuple(_searches(data["engines"], _phrases(names, school, identifiers)))[:MOST]
    own = Shelf("searches", data["searches"]["title"], data["searches"]["says"], searches)
    rest = (
        Shelf(row["id"], row["title"], row["says"], tuple(Link(**link) for link in row["links"]))
        for row in data["shelves"]
    )
    return (*([own] if searches else []), *rest)


def _phrases(names: Sequence[str], school: str, identifiers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is searched for: how it is called on the page, and the words."""
    for number, name in enumerate(names, 1):
        which = "your name" if len(names) == 1 else f"form {number} of your name"
        if school:
            yield f"{which} and your school", f'"{name}" "{school}"'
        yield which, f'"{name}"'
    for value in identifiers:
        yield mask_email(value) if "@" in value else value, f'"{value}"'


def _searches(engines: Iterable[Any], phrases: Iterable[tuple[str, str]]) -> Iterator[Link]:
    told = list(phrases)
    for engine in engines:
        for what, words in told:
            yield Link(f"{engine['name']}: {what}", engine["url"].replace("{}", quote_plus(words)))


@cache
def _data() -> Any:
    return tomllib.loads(files("auditor.footprint").joinpath("links.toml").read_text("utf-8"))
