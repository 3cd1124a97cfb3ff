"""The distinct links and images of an account: added up over its pages when its crawl is over, read from then on."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Connection, Row, Select, Table, delete, or_, select

from auditor.model import Image, Link, LinkState, LinkUse, LinkVerdict, Picture, PictureUse
from auditor.store.cache import LINK_STATE, link_state_of, picture_of
from auditor.store.database import Database
from auditor.store.lifecycle import batches
from auditor.store.rows import SEEN
from auditor.store.schema import image, image_text, link, link_state, link_text, names, page, picture
from auditor.store.texts import unpacked

T = TypeVar("T")

STRIDE: Final = 1000
"""Rows that are read at a time, so that neither memory grows nor a writer waits."""

KINDS: Final = ((link, link_text), (image, image_text))
"""What is used, and what it says; a page keeps the numbers of both, in this order."""


class Uses:
    """The part of the store that knows what an account links to and shows."""

    _database: Database

    def gather(self, audit_id: int, account: str) -> None:
        """Adds up the links and images of the account's pages that this audit saw; call it when its crawl is over.

        What an earlier audit had added up gives way. Texts that no page says any more are forgotten.
        """
        with self._database.writing() as connection:
            for (table, texts), said in zip(KINDS, _said(connection, account, audit_id), strict=True):
                urls = dict(connection.execute(select(texts.c.id, texts.c.url).where(texts.c.account == account)).all())
                _replace(connection, self._database, table, account, said.uses(urls))
                _forget(connection, texts, urls.keys() - said.everywhere)

    def links_to_visit(self, account: str, since: datetime) -> Iterator[str]:
        """The account's links that nobody has visited since then, whatever account they were found on."""
        stale = or_(link_state.c.url.is_(None), link_state.c.visited_at < since)
        query = select(link.c.url).join_from(link, link_state, link.c.url == link_state.c.url, isouter=True)
        return self._strides(link, account, query.where(stale), lambda row: str(row.url))

    def images_to_look_at(self, account: str, since: datetime, version: str) -> Iterator[str]:
        """The account's images that nobody has looked at since then with that version of eyes (logos and code)."""
        stale = or_(picture.c.url.is_(None), picture.c.looked_at < since, picture.c.version != version)
        query = select(image.c.url).join_from(image, picture, image.c.url == picture.c.url, isouter=True)
        return self._strides(image, account, query.where(stale), lambda row: str(row.url))

    def link_uses(self, account: str) -> Iterator[LinkUse]:
        """Every distinct link of an account with what came of it, by address. One never visited is `skipped`."""
        query = (
            select(
                *(link.c[name] for name in ("url", "page", "places")),
                *(link_text.c[name] for name in ("words", "tag", "rel")),
                *(link_state.c[name].label(f"state_{name}") for name in LINK_STATE),
            )
            .join_from(link, link_text, link.c.text == link_text.c.id)
            .join(link_state, link.c.url == link_state.c.url, isouter=True)
        )
        return self._strides(link, account, query, _link_use)

    def picture_uses(self, account: str) -> Iterator[PictureUse]:
        """Every distinct image of an account with what was seen in it, by address."""
        query = (
            select(
                *(image.c[name] for name in ("url", "page", "places")),
                *(image_text.c[name] for name in ("alt", "caption", "width", "height")),
                *(picture.c[name].label(f"picture_{name}") for name in names(picture)),
            )
            .join_from(image, image_text, image.c.text == image_text.c.id)
            .join(picture, image.c.url == picture.c.url, isouter=True)
        )
        return self._strides(image, account, query, _picture_use)

    def _strides(self, table: Table, account: str, query: Select[Any], made: Callable[[Row[Any]], T]) -> Iterator[T]:
        """The rows of one account in the order of their addresses, read a stride at a time."""
        after = ""
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(
                    query.where(table.c.account == account, table.c.url > after).order_by(table.c.url).limit(STRIDE)
                ).all()
            yield from map(made, rows)
            if len(rows) < STRIDE:
                return
            after = rows[-1].url


# ------------------------------------------------------------------------------------------------ adding up


class _Use(NamedTuple):
    """Where a link or image stands first, what it says there, and on how many pages it stands."""

    text: int
    page: str
    depth: int
    places: int


@dataclass(slots=True)
class _Said:
    """What the pages of an account say, by number: on how many of those that were seen, and on which first."""

    places: Counter[int] = field(default_factory=Counter)
    first: dict[int, tuple[int, str]] = field(default_factory=dict)
    everywhere: set[int] = field(default_factory=set)

    def add(self, pages: Sequence[tuple["array[int]", tuple[int, str] | None]]) -> None:
        """Adds what some pages say, the nearest first, each with where it stands if it counts."""
        self.everywhere.update(map(abs, chain.from_iterable(numbers for numbers, _ in pages)))
        self.places.update(chain.from_iterable(numbers for numbers, where in pages if where is not None))
        for numbers, where in pages:
            if where is not None:
                for number in numbers:
                    if number not in self.first and number > 0:  # below it: the page has its address in another text
                        self.first[number] = where

    def uses(self, urls: Mapping[int, str]) -> dict[str, _Use]:
        """The distinct addresses; one that is said in several ways speaks as it does where it stands first."""
        uses: dict[str, _Use] = {}
        for text, (depth, where) in self.first.items():
            url = urls[text]
            one = _Use(text, where, depth, self.places[text])
            other = uses.get(url)
            if other is not None:
                nearer = min(one, other, key=lambda use: (use.depth, use.page))
                one = nearer._replace(places=one.places + other.places)
            uses[url] = one
        return uses


def _said(connection: Connection, account: str, audit: int | None = None) -> tuple[_Said, ...]:
    """What the account's pages say with each of `KINDS`, nearest first; without an audit only all of it at all."""
    all_said = (_Said(), _Said())
    told = select(page.c.audit, page.c.state, page.c.depth, page.c.url, page.c.links, page.c.images)
    told = told.where(page.c.account == account).order_by(page.c.depth, page.c.url)
    rows = connection.execute(told, execution_options={"yield_per": STRIDE})
    for some in rows.partitions():
        where = [(row.depth, row.url) if row.audit == audit and row.state in SEEN else None for row in some]
        for said, contents in zip(all_said, ([row.links for row in some], [row.images for row in some]), strict=True):
            said.add([*zip(map(unpacked, contents), where, strict=True)])
    return all_said


def _replace(connection: Connection, database: Database, table: Table, account: str, uses: Mapping[str, _Use]) -> None:
    """Writes down the uses of an account: those that changed, and no others."""
    mine = table.c.account == account
    columns = (table.c.text, table.c.page, table.c.depth, table.c.places)
    before = {url: told for url, *told in connection.execute(select(table.c.url, *columns).where(mine)).all()}
    changed = [
        {"account": account, "url": url, **use._asdict()}
        for url, use in sorted(uses.items())
        if before.get(url) != [*use]
    ]
    if changed:
        statement = database.insert(table)
        new = {column.name: statement.excluded[column.name] for column in columns}
        statement = statement.on_conflict_do_update(index_elements=["account", "url"], set_=new)
        connection.execute(statement, changed)
    for some in batches(sorted(before.keys() - uses.keys())):
        connection.execute(delete(table).where(mine, table.c.url.in_(some)))


def forget_texts(connection: Connection, account: str) -> None:
    """Forgets what no page of the account says any more."""
    for (_, texts), said in zip(KINDS, _said(connection, account), strict=True):
        kept = set(connection.execute(select(texts.c.id).where(texts.c.account == account)).scalars())
        _forget(connection, texts, kept - said.everywhere)


def _forget(connection: Connection, texts: Table, numbers: set[int]) -> None:
    for some in batches(sorted(numbers)):
        connection.execute(delete(texts).where(texts.c.id.in_(some)))


# ------------------------------------------------------------------------------------------------ rows


def _link_use(row: Row[Any]) -> LinkUse:
    cells: Sequence[Any] = row
    (url, where, places, words, tag, rel), told = cells[:6], cells[6:]
    state = LinkState(url, LinkVerdict.SKIPPED, "it was not visited") if told[0] is None else link_state_of(*told)
    return LinkUse(Link(url, words, tag, tuple(rel.split())), where, places, state)


def _picture_use(row: Row[Any]) -> PictureUse:
    told = row._mapping
    seen = (
        Picture(row.url, problem="it was not looked at")
        if row.picture_url is None
        else picture_of({name: told[f"picture_{name}"] for name in names(picture)})
    )
    shown = Image(row.url, row.alt, row.caption, width=row.width, height=row.height)
    return PictureUse(shown, row.page, row.places, seen)
