"""Adds up what the pages of an account link to and show, over any number of pages.

Of each text only numbers are kept, twenty bytes in all, and of each page its number; addresses pass by in slices.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, groupby, islice, repeat
from operator import itemgetter, not_
from typing import Final, NamedTuple

from sqlalchemy import Connection, Table, delete, exists, select

from auditor.store.database import Database
from auditor.store.lifecycle import batches
from auditor.store.rows import SEEN
from auditor.store.schema import image, image_text, link, link_text, page
from auditor.store.texts import unpacked

STRIDE: Final = 1000
"""Rows that are read at a time, so that neither memory grows nor a writer waits."""

SLICE: Final = 500
"""Addresses that are looked at together."""

KINDS: Final = ((link, link_text), (image, image_text))
"""What is used, and what it says; a page keeps the numbers of both, in this order."""

TOGETHER: Final = 100_000
"""Numbers of texts that are added up together."""

_NOWHERE: Final = 2**31 - 1
"""A place beyond all pages."""


def add_up(connection: Connection, database: Database, account: str, audit: int) -> None:
    """Writes down the uses of the account's links and images on the pages that this audit saw: those that changed, and
    no others. Texts that no page says any more are forgotten."""
    all_said, pages = _said(connection, account, audit)
    for (table, texts), said in zip(KINDS, all_said, strict=True):
        # Whatever says something is not forgotten yet, but what was said once may be.
        lost = ~exists().where(texts.c.id == table.c.text)
        connection.execute(delete(table).where(table.c.account == account, lost))
        for uses in _slices(_uses(connection, texts, account, said)):
            _replace(connection, database, table, account, uses, pages)
        _forget(connection, texts, said)


def forget_texts(connection: Connection, account: str) -> None:
    """Forgets what no page of the account says any more."""
    for (_, texts), said in zip(KINDS, _said(connection, account)[0], strict=True):
        _forget(connection, texts, said)


# ------------------------------------------------------------------------------------------------ what pages say


class _Said:
    """What the pages of an account say of one kind: of each of its texts, on how many of the pages that count it
    stands, on which of them first (by its place among them), and whether any page says it at all."""

    def __init__(self, texts: Iterable[int]) -> None:
        self.texts = array("q", texts)
        self.places = array("l", bytes(array("l").itemsize * len(self.texts)))
        self.first = array("l", [_NOWHERE]) * len(self.texts)
        self.anywhere = bytearray(len(self.texts))
        self._waiting: list[tuple[int, array[int]]] = []
        self._numbers = 0

    def place(self, text: int) -> int:
        """Where the text stands among them; raises `LookupError` where it does not."""
        at = bisect_left(self.texts, text)
        if at == len(self.texts) or self.texts[at] != text:
            raise LookupError("a page says what this store has not kept")
        return at

    def add(self, where: int, numbers: "array[int]") -> None:
        """Adds what a page says that counts: the one at that place."""
        self._waiting.append((where, numbers))
        self._numbers += len(numbers)
        if self._numbers >= TOGETHER:
            self.add_up()

    def add_up(self) -> None:
        """Adds up what was added; call it at the end."""
        self._waiting.sort(key=itemgetter(0), reverse=True)
        said = [numbers for _, numbers in self._waiting]
        where = chain.from_iterable(repeat(place, len(numbers)) for place, numbers in self._waiting)
        first = dict(zip(chain.from_iterable(said), where, strict=True))  # the nearest comes last, and stays
        for number, times in Counter(chain.from_iterable(said)).items():
            at = self.place(abs(number))
            self.anywhere[at] = True
            if number > 0:  # below it: the page has its address in another text
                self.places[at] += times
                if first[number] < self.first[at]:
                    self.first[at] = first[number]
        self._waiting.clear()
        self._numbers = 0

    def add_uncounted(self, pages: Iterable["array[int]"]) -> None:
        """Adds what pages say that do not count."""
        for number in set(map(abs, chain.from_iterable(pages))):
            at = bisect_left(self.texts, number)
            if at < len(self.texts) and self.texts[at] == number:
                self.anywhere[at] = True


def _said(connection: Connection, account: str, audit: int | None = None) -> tuple[tuple[_Said, ...], "array[int]"]:
    """What the account's pages say with each of `KINDS`, and the numbers of the pages that count, the nearest first:
    those that the audit saw; none without one."""
    mine = page.c.account == account
    counts = mine & (page.c.audit == audit) & page.c.state.in_(SEEN)
    pages = array("q", connection.execute(select(page.c.id).where(counts).order_by(page.c.depth, page.c.url)).scalars())
    places = _Places(pages)
    all_said = tuple(
        _Said(connection.execute(select(texts.c.id).where(texts.c.account == account).order_by(texts.c.id)).scalars())
        for _, texts in KINDS
    )
    said_by = select(page.c.id, page.c.links, page.c.images)
    for number, *contents in connection.execute(said_by.where(counts), execution_options={"yield_per": STRIDE}):
        where = places.of(number)
        for said, content in zip(all_said, contents, strict=True):
            said.add(where, unpacked(content))
    for said in all_said:
        said.add_up()
    others = connection.execute(said_by.where(mine, ~counts), execution_options={"yield_per": STRIDE})
    for partition in others.partitions():
        for said, column in zip(all_said, (1, 2), strict=True):
            said.add_uncounted(unpacked(row[column]) for row in partition)
    return all_said, pages


class _Places:
    """At which place each of some numbers stands; like them it takes a few bytes each."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._places = array("l", sorted(range(len(numbers)), key=numbers.__getitem__))
        self._numbers = array("q", map(numbers.__getitem__, self._places))

    def of(self, number: int) -> int:
        """The place of a number that is one of them."""
        return self._places[bisect_left(self._numbers, number)]


# ------------------------------------------------------------------------------------------------ their addresses


class _Use(NamedTuple):
    """An address: what it says where it stands first, on which page that is, and on how many pages it stands."""

    url: str
    text: int
    first: int
    places: int


def _uses(connection: Connection, texts: Table, account: str, said: _Said) -> Iterator[_Use]:
    """All addresses that the account ever had, in order; `first` is `_NOWHERE` for one that stands nowhere any more.
    One that is said in several ways speaks as it does where it stands first."""
    query = select(texts.c.url, texts.c.id).where(texts.c.account == account).order_by(texts.c.url)
    rows = connection.execute(query, execution_options={"yield_per": STRIDE})
    for url, same in groupby(rows, itemgetter(0)):
        ways = [said.place(text) for _, text in same]
        first = min(ways, key=said.first.__getitem__) if len(ways) > 1 else ways[0]
        yield _Use(url, said.texts[first], said.first[first], sum(map(said.places.__getitem__, ways)))


def _slices(uses: Iterable[_Use]) -> Iterator[Sequence[_Use]]:
    passing = iter(uses)
    while some := [*islice(passing, SLICE)]:
        yield some


def _replace(
    connection: Connection, database: Database, table: Table, account: str, uses: Sequence[_Use], pages: "array[int]"
) -> None:
    """Writes down what changed of these uses."""
    mine = table.c.account == account
    columns = (table.c.text, table.c.page, table.c.depth, table.c.places)
    here = (table.c.url >= uses[0].url) & (table.c.url <= uses[-1].url)
    known = connection.execute(select(table.c.url, *columns).where(mine, here))
    before = {url: (text, where, depth, places) for url, text, where, depth, places in known}
    numbers = {pages[use.first] for use in uses if use.first != _NOWHERE}
    pages_told = connection.execute(select(page.c.id, page.c.url, page.c.depth).where(page.c.id.in_(numbers)))
    lies = {number: (url, depth) for number, url, depth in pages_told}
    now = {use.url: (use.text, *lies[pages[use.first]], use.places) for use in uses if use.first != _NOWHERE}
    changed = [
        {"account": account, "url": url, **dict(zip(("text", "page", "depth", "places"), told, strict=True))}
        for url, told in now.items()
        if before.get(url) != told
    ]
    if changed:
        statement = database.insert(table)
        new = {column.name: statement.excluded[column.name] for column in columns}
        statement = statement.on_conflict_do_update(index_elements=["account", "url"], set_=new)
        connection.execute(statement, changed)
    gone = before.keys() - now.keys()
    if gone:
        connection.execute(delete(table).where(mine, table.c.url.in_(gone)))


def _forget(connection: Connection, texts: Table, said: _Said) -> None:
    for some in batches(compress(said.texts, map(not_, said.anywhere))):
        connection.execute(delete(texts).where(texts.c.id.in_(some)))
