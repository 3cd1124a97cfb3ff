"""Adds up what the pages of an account link to and show, over any number of pages: what they still say as they said it
when the account was last added up is not read again.

What a page is counted for stands in its row (see `Counted`). Of one that says something else now, or that the audit did
not see, it is taken off; then what it says now is added. Of each text only numbers are in memory, and of each page its
number; addresses pass by in slices.
"""

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, count, repeat
from operator import itemgetter
from operator import or_ as either
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from auditor.store.database import Database
from auditor.store.lifecycle import batches
from auditor.store.rows import SEEN, Counted
from auditor.store.schema import image, image_text, link, link_text, page
from auditor.store.texts import unpacked

STRIDE: Final = 1000
"""Rows that are read at a time, so that neither memory grows nor a writer waits."""

KINDS: Final = ((link, link_text), (image, image_text))
"""What is used, and what it says; a page keeps the numbers of both, in this order."""

TOGETHER: Final = 100_000
"""Numbers of texts that are added up together."""

_NOWHERE: Final = 2**31 - 1
"""A place beyond all pages."""

_SAYS: Final = (page.c.links, page.c.images)
_SAID: Final = (page.c.was_links, page.c.was_images)
_AS_IT_WAS: Final = page.c.counted == Counted.AS_IT_WAS
_AS_IT_STANDS: Final = page.c.counted == Counted.AS_IT_STANDS
_COUNTED_DEPTH: Final = case((_AS_IT_WAS, page.c.was_depth), else_=page.c.depth)
_COUNTED: Final = tuple(case((_AS_IT_WAS, said), else_=says) for said, says in zip(_SAID, _SAYS, strict=True))
_CLEARED: Final[Mapping[str, Any]] = {"was_depth": 0, "was_links": None, "was_images": None}


def add_up(connection: Connection, database: Database, account: str, audit: int) -> None:
    """Brings the uses of the account's links and images to what they are on the pages that this audit saw. Texts that
    no page says any more are forgotten."""
    mine = page.c.account == account
    counts = (page.c.audit == audit) & page.c.state.in_(SEEN)
    if not _any(connection, mine & (page.c.counted != Counted.NOT)):
        for table, _ in KINDS:
            connection.execute(delete(table).where(table.c.account == account))
    new = _Pages(connection, mine & counts & ~_AS_IT_STANDS, page.c.depth, _SAYS)
    old = _Pages(connection, mine & (_AS_IT_WAS | (_AS_IT_STANDS & ~counts)), _COUNTED_DEPTH, _COUNTED)
    known = [_known(connection, texts, account) for _, texts in KINDS]
    if new.numbers or old.numbers:
        all_said = zip(new.said(known), old.said(known), strict=True)
        for kind, says, texts, (added, taken) in zip(KINDS, _SAYS, known, all_said, strict=True):
            uses = _Uses(connection, database, account, *kind)
            headless = uses.change(texts, (new, added), (old, taken))
            uses.settle(_first(connection, mine & counts, says, headless))
        counted = case((counts, Counted.AS_IT_STANDS), else_=Counted.NOT)
        settled = update(page).where(mine, page.c.counted != counted)
        connection.execute(settled.values({**_CLEARED, "counted": counted}))
    _forget_unsaid(connection, mine, known)


def forget_pages(connection: Connection, account: str, which: ColumnElement[bool]) -> int:
    """Forgets those of the account's pages, and what only they said; gives how many there were. Where one of them is
    counted, the whole account is added up anew when its turn comes."""
    mine = page.c.account == account
    counted = _any(connection, mine & which & (page.c.counted != Counted.NOT))
    says = _any(connection, mine & which & or_(*(func.length(said) > 0 for said in (*_SAYS, *_SAID))))
    gone = connection.execute(delete(page).where(mine, which)).rowcount
    if counted:
        connection.execute(update(page).where(mine).values({**_CLEARED, "counted": Counted.NOT}))
    if says:
        _forget_unsaid(connection, mine, [_known(connection, texts, account) for _, texts in KINDS])
    return gone


def _forget_unsaid(connection: Connection, mine: ColumnElement[bool], known: Iterable["array[int]"]) -> None:
    """Forgets those of the known texts that none of my pages says any more, nor is counted for."""
    unsaid = [set(numbers) for numbers in known]
    for rows in _partitions(connection, select(*_SAYS, *_SAID).where(mine)):
        links, images, was_links, was_images = zip(*rows, strict=True)
        for left, contents in zip(unsaid, ((*links, *was_links), (*images, *was_images)), strict=True):
            left.difference_update(map(abs, unpacked(b"".join(filter(None, contents)))))
    for (_, texts), left in zip(KINDS, unsaid, strict=True):
        for some in batches(sorted(left)):
            connection.execute(delete(texts).where(texts.c.id.in_(some)))


def _any(connection: Connection, which: ColumnElement[bool]) -> bool:
    """Whether there is such a page."""
    return connection.execute(select(page.c.id).where(which).limit(1)).first() is not None


def _partitions(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
    """The rows of a query, some at a time."""
    yield from connection.execute(query, execution_options={"yield_per": STRIDE}).partitions()


def _rows(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    return chain.from_iterable(_partitions(connection, query))


# ------------------------------------------------------------------------------------------------ what pages say


def _known(connection: Connection, texts: Table, account: str) -> "array[int]":
    """The numbers of all that the account's pages say, or said when they were counted; in order."""
    query = select(texts.c.id).where(texts.c.account == account).order_by(texts.c.id)
    return array("q", connection.execute(query).scalars())


class _Said:
    """What some pages say of one kind: of each text, on how many of them it stands, and on which of them first (by its
    place among them)."""

    def __init__(self, texts: "array[int]") -> None:
        self._texts = texts
        self.places = array("l", [0]) * len(texts)
        self.first = array("l", [_NOWHERE]) * len(texts)
        self._waiting: list[tuple[int, array[int]]] = []
        self._numbers = 0

    def add(self, where: int, numbers: "array[int]") -> None:
        """Adds what a page says: the one at that place."""
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
            if number > 0:  # below it: the page has its address in another text
                at = self._place(number)
                self.places[at] += times
                if first[number] < self.first[at]:
                    self.first[at] = first[number]
        self._waiting.clear()
        self._numbers = 0

    def _place(self, text: int) -> int:
        at = bisect_left(self._texts, text)
        if at == len(self._texts) or self._texts[at] != text:
            raise LookupError("a page says what this store has not kept")
        return at


class _Pages:
    """Some pages of an account, the nearest first, and the columns that hold what each says of every kind."""

    def __init__(
        self,
        connection: Connection,
        which: ColumnElement[bool],
        depth: ColumnElement[int],
        says: Sequence[ColumnElement[bytes]],
    ) -> None:
        self._connection, self._which, self._depth, self._says = connection, which, depth, says
        query = select(page.c.id).where(which).order_by(depth, page.c.url)
        self.numbers = array("q", connection.execute(query).scalars())

    def said(self, known: Sequence["array[int]"]) -> tuple[_Said, ...]:
        """What they say of each kind."""
        all_said = tuple(map(_Said, known))
        if self.numbers:
            places = _Places(self.numbers)
            for number, *contents in _rows(self._connection, select(page.c.id, *self._says).where(self._which)):
                where = places.of(number)
                for said, content in zip(all_said, contents, strict=True):
                    said.add(where, unpacked(content))
        for said in all_said:
            said.add_up()
        return all_said

    def lie(self, places: Iterable[int]) -> dict[int, tuple[int, str]]:
        """How many links away the pages at these places lie, and their addresses, by place."""
        at = {self.numbers[place]: place for place in places if place != _NOWHERE}
        query = select(page.c.id, self._depth, page.c.url).where(page.c.id.in_(at))
        return {at[number]: (depth, url) for number, depth, url in self._connection.execute(query)} if at else {}


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
    """How an address is used: what it says where it stands first, how many links away that is, on which page, and on
    how many pages it stands."""

    text: int
    depth: int
    page: str
    places: int


class _Uses:
    """The uses of one kind that are written down of an account."""

    def __init__(self, connection: Connection, database: Database, account: str, table: Table, texts: Table) -> None:
        self._connection, self._account, self._table, self._texts = connection, account, table, texts
        self._mine = table.c.account == account
        statement = database.insert(table)
        new = {name: statement.excluded[name] for name in _Use._fields}
        self._write = statement.on_conflict_do_update(index_elements=["account", "url"], set_=new)

    def change(self, texts: "array[int]", new: tuple[_Pages, _Said], old: tuple[_Pages, _Said]) -> Mapping[int, str]:
        """Adds what the new pages say and takes off what the old ones said. Gives the addresses that may stand first
        somewhere else now, as the page where they did is gone: by the numbers of the texts that name them."""
        (_, added), (_, taken) = new, old
        headless: set[str] = set()
        for some in batches(compress(count(), map(either, added.places, taken.places))):
            ways = self._ways(texts, some)
            before = self._before(ways)
            near, gone = (pages.lie(map(said.first.__getitem__, some)) for pages, said in (new, old))
            now: dict[str, _Use] = {}
            for url, ats in ways.items():
                use = before.get(url)
                places = sum(added.places[at] - taken.places[at] for at in ats)
                nearest = min(ats, key=added.first.__getitem__)
                first, lost = near.get(added.first[nearest]), gone.get(min(map(taken.first.__getitem__, ats)))
                if first is not None and (use is None or first <= (use.depth, use.page)):
                    now[url] = _Use(texts[nearest], *first, places + (use.places if use else 0))
                elif use is not None:
                    now[url] = use._replace(places=use.places + places)
                    if lost == (use.depth, use.page):
                        headless.add(url)
            self._keep({url: use for url, use in now.items() if before.get(url) != use})
        return self._numbers_of(headless)

    def _ways(self, texts: "array[int]", places: Sequence[int]) -> Mapping[str, Sequence[int]]:
        """The addresses of these texts, each with the places of those that name it."""
        at = {texts[place]: place for place in places}
        ways: dict[str, list[int]] = defaultdict(list)
        query = select(self._texts.c.id, self._texts.c.url).where(self._texts.c.id.in_(at))
        for number, url in self._connection.execute(query):
            ways[url].append(at[number])
        return ways

    def _before(self, urls: Iterable[str]) -> dict[str, _Use]:
        columns = (self._table.c[name] for name in ("url", *_Use._fields))
        query = select(*columns).where(self._mine, self._table.c.url.in_([*urls]))
        return {url: _Use(*use) for url, *use in self._connection.execute(query)}

    def _keep(self, uses: Mapping[str, _Use]) -> None:
        if uses:
            rows = [{"account": self._account, "url": url, **use._asdict()} for url, use in sorted(uses.items())]
            self._connection.execute(self._write, rows)

    def _numbers_of(self, urls: Iterable[str]) -> dict[int, str]:
        """The addresses by the numbers of the texts that name them."""
        told: dict[int, str] = {}
        for some in batches(sorted(urls)):
            query = select(self._texts.c.id, self._texts.c.url).where(self._texts.c.account == self._account)
            told.update(self._connection.execute(query.where(self._texts.c.url.in_(some))).all())
        return told

    def settle(self, first: Mapping[str, tuple[int, str, int]]) -> None:
        """Writes down where these addresses stand first (depth, page, text), and forgets what stands nowhere."""
        rows = [
            {"key": url, "new_depth": depth, "new_page": where, "new_text": text}
            for url, (depth, where, text) in sorted(first.items())
        ]
        if rows:
            here = update(self._table).where(self._mine, self._table.c.url == bindparam("key"))
            moved: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("depth", "page", "text")}
            self._connection.execute(here.values(moved), rows)
        self._connection.execute(delete(self._table).where(self._mine, self._table.c.places <= 0))


def _first(
    connection: Connection, which: ColumnElement[bool], says: ColumnElement[bytes], named: Mapping[int, str]
) -> Mapping[str, tuple[int, str, int]]:
    """Where on these pages the addresses stand first (depth, page, text), which are given by the numbers that name
    them; nothing for one that stands nowhere."""
    first: dict[str, tuple[int, str, int]] = {}
    if named:
        for depth, where, content in _rows(connection, select(page.c.depth, page.c.url, says).where(which)):
            for number in named.keys() & unpacked(content):
                here = (depth, where, number)
                first[named[number]] = min(first.get(named[number], here), here)
    return first
