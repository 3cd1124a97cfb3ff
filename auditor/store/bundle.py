"""What a crawl has told of pages, until it is stored; and how it is stored: all of it in one transaction.

Whatever is told twice, in whatever order, by whatever process, leaves the same rows. Of two things told of one page in
one audit the better one counts: that it was read, that it is as it was, that nothing is there, that only its shell was
seen, that it was missed. What an earlier audit knew of a page gives way to anything but the last.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from auditor.model import Finding, Remark
from auditor.store.columns import written
from auditor.store.database import Database
from auditor.store.lifecycle import CONTENT, record
from auditor.store.many import Many
from auditor.store.rows import Counted, PageState
from auditor.store.schema import image_text, link_text, names, note, page, remark, sighting
from auditor.store.texts import Rows


class Rank(IntEnum):
    """What of two things told of a page counts: the higher one."""

    MISSED = 0
    SHELL = 1
    GONE = 2
    UNCHANGED = 3
    READ = 4


_LIGHT: Final = 10
_OUTSIDE: Final = ("fingerprint", "rule", "outcome")
"""What a sighting has columns of its own for."""


@dataclass(slots=True)
class Told:
    """One page and what hangs on it. `row` holds the columns of `page` that are to be stored; of one that is `kept` as
    it is only its number.
    """

    rank: Rank
    row: dict[str, Any]
    notes: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    remarks: Counter[Remark] = field(default_factory=Counter)
    findings: Sequence[Finding] = ()
    kept: bool = False


@dataclass(slots=True)
class Bundle:
    """What is waiting to be stored: pages by number, and rows of texts by table and number."""

    pages: dict[int, Told] = field(default_factory=dict)
    texts: Rows = field(default_factory=dict)
    kept: int = 0

    @property
    def size(self) -> int:
        """How many pages it holds; of those that are kept as they are, ten count as one."""
        return len(self.pages) - self.kept + self.kept // _LIGHT

    def take(self, told: Told) -> None:
        """Takes one more page, or more of one that waits."""
        key = told.row["id"]
        before = self.pages.get(key)
        better = told if before is None else _better(before, told)
        self.kept += better.kept - (before is not None and before.kept)
        self.pages[key] = better


def _better(before: Told, told: Told) -> Told:
    better, other = (told, before) if told.rank >= before.rank else (before, told)
    if better.rank is Rank.SHELL or (better.rank is Rank.READ and better.row["problem"]):
        better.row["blind"] = better.row["blind"] or other.row.get("blind")
    return better


class Shelf:
    """Stores bundles of one audit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._settle = _settling(database)
        self._miss = _missing(database)
        self._add = {
            table: Many(database.insert(table).on_conflict_do_nothing(), table, database.engine.dialect)
            for table in (*_TEXTS, *_HANGING)
        }

    def store(self, connection: Connection, bundle: Bundle, audit: int, now: datetime) -> None:
        """Stores all of it, or raises. `LookupError`: a page was said to be as it was that was never read."""
        pages = [bundle.pages[key] for key in sorted(bundle.pages)]  # in one order: no two writers wait for each other
        self._store_texts(connection, bundle)
        still_gone = self._still_gone(connection, [told for told in pages if told.rank is Rank.GONE], audit, now)
        whole = [
            told
            for told in pages
            if told.rank not in (Rank.MISSED, Rank.UNCHANGED) and told.row["id"] not in still_gone
        ]
        if whole:
            settled = set(connection.execute(self._settle, [told.row for told in whole]).scalars())
            replaced = [told for told in whole if told.row["id"] in settled]
            self._hang(connection, replaced)
            record(connection, self._database, (f for told in replaced for f in told.findings), audit, now)
        missed = [told.row for told in pages if told.rank is Rank.MISSED]
        if missed:
            connection.execute(self._miss, missed)
        unchanged = [told for told in pages if told.rank is Rank.UNCHANGED]
        if unchanged:
            self._carry(connection, unchanged, audit, now)

    def _still_gone(self, connection: Connection, pages: Iterable[Told], audit: int, now: datetime) -> Collection[int]:
        """Addresses at which an earlier audit heard the same: nothing hangs there, and only this is news."""
        still: set[int] = set()
        said = itemgetter("problem")
        for problem, rows in groupby(sorted((told.row for told in pages), key=said), said):
            same = {"keys": [row["id"] for row in rows], "said": problem, "new_audit": audit, "new_checked_at": now}
            still.update(connection.execute(_STILL_GONE, same).scalars())
        return still

    def _carry(self, connection: Connection, pages: Sequence[Told], audit: int, now: datetime) -> None:
        """Pages that are as they were: those that are known by something else from now on one by one."""
        kept = [told.row["id"] for told in pages if told.kept]
        carried = 0
        if kept:
            carried = connection.execute(_KEPT, {"keys": kept, "new_audit": audit, "new_checked_at": now}).rowcount
        renewed = [_renamed(told.row) for told in pages if not told.kept]
        if renewed:
            connection.execute(_UNCHANGED, renewed)
        if carried != len(pages):  # else there is no doubt
            self._check(connection, {told.row["id"] for told in pages}, audit)

    def _check(self, connection: Connection, unchanged: Collection[int], audit: int) -> None:
        """Whoever takes a page for unchanged that was never judged would miss what is on it."""
        known = (page.c.id.in_(unchanged), page.c.audit == audit, page.c.state == PageState.READ)
        if connection.execute(select(func.count()).where(*known)).scalar() != len(unchanged):
            raise LookupError("a page is said to be as it was that this store has not read")

    def _store_texts(self, connection: Connection, bundle: Bundle) -> None:
        for table in _TEXTS:
            rows = bundle.texts.get(table.name, {})
            if rows:
                self._add[table].into(connection, [rows[key] for key in sorted(rows)])

    def _hang(self, connection: Connection, pages: Sequence[Told]) -> None:
        """Notes, findings and remarks of pages, instead of those that hung there before."""
        keys = [told.row["id"] for told in pages]
        for table, rows_of in _HANGING.items():
            connection.execute(_OFF[table], {"keys": keys})
            rows = rows_of(pages)
            if rows:
                self._add[table].into(connection, rows)


def _notes(pages: Iterable[Told]) -> list[dict[str, Any]]:
    return [
        {"page": told.row["id"], "rule": rule, "facts": dict(facts)}
        for told in pages
        for rule, facts in told.notes.items()
    ]


def _sightings(pages: Iterable[Told]) -> list[dict[str, Any]]:
    return [
        {
            "page": told.row["id"],
            **{name: getattr(found, name) for name in _OUTSIDE},
            "facts": {name: getattr(found, name) for name in CONTENT if name not in _OUTSIDE},
        }
        for told in pages
        for found in told.findings
    ]


def _remarks(pages: Iterable[Told]) -> list[dict[str, Any]]:
    return [
        {"page": told.row["id"], "rule": said.rule, "aside": said.aside, "reason": said.reason, "times": times}
        for told in pages
        for said, times in told.remarks.items()
    ]


_TEXTS: Final = (link_text, image_text)
_HANGING: Final[Mapping[Table, Callable[[Sequence[Told]], list[dict[str, Any]]]]] = {
    note: _notes,
    sighting: _sightings,
    remark: _remarks,
}
"""What hangs on pages, and how its rows are made of them."""
_THESE: Final[BindParameter[Any]] = bindparam("keys", expanding=True)
_OFF: Final = {table: delete(table).where(table.c.page.in_(_THESE)) for table in _HANGING}


# ------------------------------------------------------------------------------------------------ statements

_CALLED: Final = ("id", "account", "url")
"""What a page is known by, and what never changes of it."""


_RANKS: Final = {written(state): written(Rank[state.name].value) for state in PageState}


def _was(*states: PageState) -> ColumnElement[bool]:
    """Whether a page had one of these states; for statements about many rows, in which IN may not stand."""
    return or_(*(page.c.state == written(state) for state in states))


def _counted_before(*differs: ColumnElement[bool]) -> dict[str, Any]:
    """What of a page is counted once it says what differs from what it said (see `auditor.store.adding`)."""
    counts = page.c.counted == Counted.AS_IT_STANDS
    was = {f"was_{name}": page.c[name] for name in ("depth", "links", "images")}
    return {
        **{name: case((counts & or_(*differs), before), else_=page.c[name]) for name, before in was.items()},
        "counted": case((counts & or_(*differs), Counted.AS_IT_WAS), else_=page.c.counted),
    }


def _settling(database: Database) -> Any:
    """A whole page, instead of what was known of it. Tells the numbers of those that gave way."""
    statement = database.insert(page)
    new = statement.excluded
    same = page.c.audit == new.audit
    worse = case(_RANKS, value=page.c.state) <= case(_RANKS, value=new.state)
    # What was seen in part only does not know itself why nothing more was.
    read, shell = written(PageState.READ), written(PageState.SHELL)
    in_part = (new.state == shell) | ((new.state == read) & (new.problem != written("")))
    missed = same & _was(PageState.MISSED, PageState.SHELL, PageState.READ) & in_part
    changed: dict[str, Any] = {name: new[name] for name in names(page) if name not in _CALLED}
    changed["blind"] = case((missed, func.coalesce(new.blind, page.c.blind)), else_=new.blind)
    changed |= _counted_before(page.c.depth != new.depth, page.c.links != new.links, page.c.images != new.images)
    return statement.on_conflict_do_update(index_elements=["id"], set_=changed, where=~same | worse).returning(
        page.c.id
    )


def _missing(database: Database) -> Any:
    """A page that was missed: what an earlier audit saw there is kept, in case it is as it was after all. Of one that
    this audit saw in part, it is why it did not see the rest."""
    statement = database.insert(page)
    new = statement.excluded
    same = page.c.audit == new.audit
    in_part = _was(PageState.SHELL) | (_was(PageState.READ) & (page.c.problem != written("")))
    return statement.on_conflict_do_update(
        index_elements=["id"],
        set_={
            "audit": new.audit,
            "checked_at": new.checked_at,
            "blind": new.blind,
            "state": case((same & in_part, page.c.state), else_=new.state),
        },
        where=~same | _was(PageState.MISSED) | in_part,
    )


_TRACE: Final = ("etag", "last_modified", "rendered", "echo", "body", "content")
_KNOWN_AGAIN: Final = ("audit", "checked_at", "depth", *_TRACE)

_JUDGED: Final = (
    update(page)
    .where(func.length(page.c.ground) > 0)
    .where(_was(PageState.MISSED) | (_was(PageState.READ) & (page.c.audit != bindparam("new_audit"))))
    .values(state=PageState.READ, blind=None)
)
_UNCHANGED: Final = _JUDGED.where(page.c.id == bindparam("key")).values(
    {name: bindparam(f"new_{name}") for name in _KNOWN_AGAIN} | _counted_before(page.c.depth != bindparam("new_depth"))
)
_SEEN_AGAIN: Final[Mapping[str, Any]] = {name: bindparam(f"new_{name}") for name in ("audit", "checked_at")}
_KEPT: Final = _JUDGED.where(page.c.id.in_(_THESE)).values(_SEEN_AGAIN)
_STILL_GONE: Final = (
    update(page)
    .where(page.c.id.in_(_THESE), _was(PageState.GONE), page.c.problem == bindparam("said"))
    .where(page.c.audit != bindparam("new_audit"))
    .values(_SEEN_AGAIN)
    .returning(page.c.id)
)


def _renamed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the parameters of `_UNCHANGED`, whose own columns may not lend them their names."""
    return {"key": row["id"], **{f"new_{name}": row[name] for name in _KNOWN_AGAIN}}
